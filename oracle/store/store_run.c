/* The store: runs and answers. See store.h.
 *
 * A checker has one run in a database, and earlier ones. Its key is the hash of all that an answer depends on
 * beside the case's text, which the level fixes: where a new run's key is the old one's, the old answers are
 * as good as new ones, and the new run goes on with the old one's row; else the old run is kept among the
 * earlier ones (store_earlier.c), or deleted with its answers where they are worth nothing.
 *
 * Each answer is one row inserted by a prepared statement; outputs, which the answers of a pack share, are
 * found by their hash, and the last one is remembered.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "store_state.h"

/* the key */

/* Each part with its length, so that no two lists of parts run into the same bytes. */
static void
make_key(const struct store_run *of, const char *adapter_hash, char key[HASH_TEXT])
{
	const char *const parts[] = {adapter_hash, of->version,    of->exe_hash,   of->arguments,
	                             of->limits,   of->world_hash, of->containment};
	struct buf all = {0};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		buf_number(&all, strlen(parts[i]));
		buf_putc(&all, ':');
		buf_puts(&all, parts[i]);
	}
	hash_bytes(all.data, all.len, key);
	buf_free(&all);
}

/* rows that runs refer to */

/* A row of `tools` or `adapters`, which stays the one it is; its number, or -1 with the message. The first
 * `keys` of its values find it. */
static int64_t
put_row(struct store *store, const char *insert, const char *find, const struct store_value value[3],
        unsigned keys, struct diag *diag)
{
	sqlite3_stmt *get;
	int64_t row = -1;
	bool ok = true;

	assert(keys <= 3);
	if (!store_do_values(store, insert, diag, value, 3))
		return -1;
	get = store_ask_values(store, find, diag, value, keys);
	if (store_next_row(store, get, &ok, diag))
		row = sqlite3_column_int64(get, 0);
	else if (ok)
		store_refuse_damaged(store, diag, "a row is gone that was just written, of run", 0);
	sqlite3_finalize(get);
	return row;
}

static bool
put_declared(struct store *store, int64_t run, const struct store_run *of, struct diag *diag)
{
	for (unsigned i = 0; i < of->declareds; i++)
		if (!store_do(store, "INSERT INTO declared VALUES (?,?,?)", diag, value_integer(run),
		              value_text(of->declared[i][0]), value_text(of->declared[i][1])))
			return false;
	return true;
}

/* the earlier run */

struct earlier {
	int64_t run; /* 0: there is none */
	char key[HASH_TEXT];
	bool worthless; /* void, or the checker was not there */
	int64_t repeats;
	bool finished;
};

static bool
find_earlier(struct store *store, const char *checker, struct earlier *earlier, struct diag *diag)
{
	sqlite3_stmt *statement = store_ask(
		store, "SELECT run, key, why_not IS NOT NULL, repeats, finished FROM runs WHERE checker = ?", diag,
		value_text(checker));
	bool ok = true;

	*earlier = (struct earlier){0};
	if (store_next_row(store, statement, &ok, diag)) {
		earlier->run = sqlite3_column_int64(statement, 0);
		snprintf(earlier->key, sizeof earlier->key, "%s", store_text(statement, 1));
		earlier->worthless = sqlite3_column_int(statement, 2);
		earlier->repeats = sqlite3_column_int64(statement, 3);
		earlier->finished = sqlite3_column_int(statement, 4);
	}
	sqlite3_finalize(statement);
	return ok;
}

/* Says what an earlier run was that this one is not. */
static bool
refuse_changed(struct store *store, const struct store_run *of, const char *adapter_hash, struct diag *diag)
{
	char repeats[16];
	const struct {
		const char *name, *now;
	} of_run[] = {
		{"adapter", adapter_hash},        {"version", of->version},       {"program", of->exe_hash},
		{"arguments", of->arguments},     {"limits", of->limits},         {"world", of->world_hash},
		{"containment", of->containment}, {"number of repeats", repeats},
	};
	sqlite3_stmt *statement =
		store_ask(store,
	              "SELECT hash, version, exe_hash, arguments, limits, world_hash, containment, repeats"
	              " FROM runs JOIN tools USING (tool) JOIN adapters USING (adapter) WHERE checker = ?",
	              diag, value_text(of->checker));
	bool ok = true;

	snprintf(repeats, sizeof repeats, "%u", of->repeats);
	if (store_next_row(store, statement, &ok, diag)) {
		unsigned i = 0, last = sizeof of_run / sizeof *of_run - 1;

		while (i < last && !strcmp(store_text(statement, (int)i), of_run[i].now))
			i++;
		diag_set(diag, store->path, 0, 0,
		         "cannot resume the run of %s, which had another %s: '%s', and not '%s'", of->checker,
		         of_run[i].name, store_text(statement, (int)i), of_run[i].now);
	} else if (ok) {
		store_refuse_damaged(store, diag, "no tool of run", 0);
	}
	sqlite3_finalize(statement);
	return false;
}

/* Outputs that no answer has any more. The index is for deleting rows that others may refer to, and for that
 * alone: to keep it up would cost each answer as much as its own row. */
static bool
drop_outputs(struct store *store, struct diag *diag)
{
	return store_execute(store,
	                     "CREATE INDEX answers_by_output ON answers (output);"
	                     "CREATE INDEX earlier_by_output ON earlier_answers (output);"
	                     "DELETE FROM outputs WHERE NOT EXISTS"
	                     " (SELECT 1 FROM answers WHERE answers.output = outputs.output) AND NOT EXISTS"
	                     " (SELECT 1 FROM earlier_answers e WHERE e.output = outputs.output);"
	                     "DROP INDEX answers_by_output; DROP INDEX earlier_by_output;",
	                     "cannot write", diag);
}

static bool
drop_earlier(struct store *store, int64_t run, struct diag *diag)
{
	store->output_hash[0] = 0; /* its row may go, too */
	return store_do(store, "DELETE FROM runs WHERE run = ?", diag, value_integer(run)) &&
	       drop_outputs(store, diag);
}

/* Goes on with the earlier run: what is as good as new stays. */
static bool
take_over(struct store *store, const struct store_run *of, int64_t run, uint64_t *reused, struct diag *diag)
{
	int64_t count;

	assert(run > 0);
	if (!store_do(store, "DELETE FROM answers WHERE run = ? AND (repeat >= ? OR state = 'not-run')", diag,
	              value_integer(run), value_integer(of->repeats)) ||
	    !store_do(store, "UPDATE answers SET reused = 1 WHERE run = ? AND NOT reused", diag,
	              value_integer(run)))
		return false;
	count = store_number(store, "SELECT count(*) FROM answers WHERE run = ?", run);
	if (count < 0)
		return store_refuse(store, diag, "cannot read");
	*reused = (uint64_t)count;
	return store_do(store, "UPDATE runs SET finished = 0, repeats = ?2 WHERE run = ?1", diag,
	                value_integer(run), value_integer(of->repeats));
}

static bool
put_run(struct store *store, const struct store_run *of, const char *adapter_hash, const char *key,
        int64_t *run, struct diag *diag)
{
	const struct store_value tool[3] = {value_text(of->checker), value_text(of->version),
	                                    value_text(of->exe_hash)};
	const struct store_value adapter[3] = {value_text(of->checker), value_text(adapter_hash),
	                                       value_string(of->adapter, of->adapter_length)};
	int64_t tool_row, adapter_row;

	tool_row =
		put_row(store, "INSERT OR IGNORE INTO tools VALUES (NULL,?,?,?)",
	            "SELECT tool FROM tools WHERE name = ? AND version = ? AND exe_hash = ?", tool, 3, diag);
	if (tool_row < 0)
		return false;
	adapter_row = put_row(store,
	                      "INSERT INTO adapters VALUES (NULL,?,?,?) ON CONFLICT (name, hash)"
	                      " DO UPDATE SET text = excluded.text",
	                      "SELECT adapter FROM adapters WHERE name = ? AND hash = ?", adapter, 2, diag);
	if (adapter_row < 0 ||
	    !store_do(store, "INSERT INTO runs VALUES (NULL,?,?,?,?,?,?,?,?,?,NULL,0,0)", diag,
	              value_integer(tool_row), value_integer(adapter_row), value_text(of->checker),
	              value_text(key), value_text(of->arguments), value_text(of->limits),
	              value_text(of->world_hash), value_text(of->containment), value_integer(of->repeats)))
		return false;
	*run = sqlite3_last_insert_rowid(store->db);
	assert(*run > 0);
	return put_declared(store, *run, of, diag);
}

/* A run in another way stays, where there is something in it. */
static bool
make_way(struct store *store, const struct earlier *earlier, struct diag *diag)
{
	if (!earlier->run)
		return true;
	return earlier->finished && !earlier->worthless ? store_keep_run(store, earlier->run, diag)
	                                                : drop_earlier(store, earlier->run, diag);
}

static bool
begin_run(struct store *store, const struct store_run *of, enum store_begin begin, int64_t *run,
          uint64_t *reused, struct diag *diag)
{
	char adapter_hash[HASH_TEXT], key[HASH_TEXT];
	struct earlier earlier;
	bool same;

	assert(of->repeats >= 1 && of->repeats <= STORE_REPEATS);
	hash_bytes(of->adapter, of->adapter_length, adapter_hash);
	make_key(of, adapter_hash, key);
	*reused = 0;
	if (!store_begin(store, diag) || !find_earlier(store, of->checker, &earlier, diag))
		return false;
	same = earlier.run && !strcmp(earlier.key, key);
	if (begin == STORE_RESUME && !store_number(store, "SELECT count(*) FROM runs", 0)) {
		diag_set(diag, store->path, 0, 0, "there is no run to resume");
		return false;
	}
	if (begin == STORE_RESUME && earlier.run && (!same || earlier.repeats != of->repeats))
		return refuse_changed(store, of, adapter_hash, diag);
	if (same && begin != STORE_FRESH && !earlier.worthless) {
		*run = earlier.run;
		return take_over(store, of, *run, reused, diag);
	}
	if (!same && !make_way(store, &earlier, diag))
		return false;
	if (!same && begin != STORE_FRESH) {
		if (!store_restore_run(store, of->checker, key, run, diag))
			return false;
		if (*run)
			return take_over(store, of, *run, reused, diag);
	}
	return (!same || drop_earlier(store, earlier.run, diag)) &&
	       store_forget_run(store, of->checker, key, diag) &&
	       put_run(store, of, adapter_hash, key, run, diag);
}

bool
store_begin_run(struct store *store, const struct store_run *of, enum store_begin begin, int64_t *run,
                uint64_t *reused, struct diag *diag)
{
	if (begin_run(store, of, begin, run, reused, diag))
		return true;
	store_rollback(store); /* the earlier run must not be half gone */
	return false;
}

/* answers */

static bool
add_wanted(struct store *store, struct store_wanted *wanted, int64_t number, struct diag *diag)
{
	if (number < 0 || number > UINT32_MAX)
		return store_refuse_damaged(store, diag, "a case has no number, at", number);
	while (wanted->words <= number / 64)
		*array_add(NULL, wanted->word, wanted->words, wanted->room) = 0;
	wanted->word[number / 64] |= UINT64_C(1) << number % 64;
	wanted->count++;
	return true;
}

bool
store_find_wanted(struct store *store, int64_t run, unsigned repeat, struct store_wanted *wanted,
                  struct diag *diag)
{
	sqlite3_stmt *statement = store_ask(store,
	                                    "SELECT number FROM cases WHERE NOT EXISTS (SELECT 1 FROM answers a"
	                                    " WHERE a.run = ?1 AND a.number = cases.number AND a.repeat = ?2)",
	                                    diag, value_integer(run), value_integer(repeat));
	bool ok = true;

	wanted->count = wanted->words = 0;
	while (store_next_row(store, statement, &ok, diag))
		if (!add_wanted(store, wanted, sqlite3_column_int64(statement, 0), diag)) {
			ok = false;
			break;
		}
	sqlite3_finalize(statement);
	return ok;
}

bool
store_wants(const struct store_wanted *wanted, uint32_t number)
{
	return number / 64 < wanted->words && wanted->word[number / 64] >> number % 64 & 1;
}

void
store_wanted_free(struct store_wanted *wanted)
{
	free(wanted->word);
	*wanted = (struct store_wanted){0};
}

/* Findings as JSON: [{"kind":"double-acquire","line":12},...]; null for what the checker does not say. */
static const char *
findings_json(struct buf *out, const struct answer *answer)
{
	buf_clear(out);
	buf_putc(out, '[');
	for (unsigned i = 0; i < answer->count; i++) {
		const struct answer_finding *finding = &answer->finding[i];

		buf_puts(out, i ? ",{\"kind\":" : "{\"kind\":");
		if (finding->kind < KIND_COUNT) {
			buf_putc(out, '"');
			buf_puts(out, kind_name((enum kind)finding->kind));
			buf_putc(out, '"');
		} else {
			buf_puts(out, "null");
		}
		buf_puts(out, ",\"line\":");
		if (finding->line)
			buf_number(out, finding->line);
		else
			buf_puts(out, "null");
		buf_putc(out, '}');
	}
	buf_putc(out, ']');
	return out->data;
}

/* Whether the row of this number is the output's own, another's, or free. */
enum place { PLACE_OWN, PLACE_TAKEN, PLACE_FREE };

static bool
look_at_output(struct store *store, int64_t number, const char *hash, enum place *place, struct diag *diag)
{
	sqlite3_stmt *statement = store_ask_kept(store, STORE_FIND_OUTPUT, diag, value_integer(number));
	bool ok = true;

	*place = PLACE_FREE;
	if (store_next_row(store, statement, &ok, diag))
		*place = strcmp(store_text(statement, 0), hash) ? PLACE_TAKEN : PLACE_OWN;
	sqlite3_reset(statement);
	return ok;
}

/* Leaves the number of the output's row in store->output. */
static bool
put_output(struct store *store, const struct answer_output *output, struct diag *diag)
{
	char digits[17];
	enum place place;
	int64_t number;

	assert(strlen(output->hash) == HASH_TEXT - 1 && output->length <= output->bytes);
	if (!strcmp(store->output_hash, output->hash))
		return true;
	snprintf(digits, sizeof digits, "%.16s", output->hash);
	number = (int64_t)(strtoull(digits, NULL, 16) >> 2); /* room to count on */
	do {
		if (!look_at_output(store, number, output->hash, &place, diag))
			return false;
	} while (place == PLACE_TAKEN && ++number);
	if (place == PLACE_FREE &&
	    !store_put(store, STORE_ADD_OUTPUT, diag, value_integer(number), value_text(output->hash),
	               value_integer((int64_t)output->bytes), value_bytes(output->kept, output->length)))
		return false;
	store->output = number;
	memcpy(store->output_hash, output->hash, HASH_TEXT);
	return true;
}

bool
store_answer(struct store *store, int64_t run, const struct suite_case *of, unsigned repeat,
             const struct answer *answer, struct diag *diag)
{
	const struct answer_output *output = answer->output;

	assert(answer->state < ANSWER_COUNT && (answer->state == ANSWER_VIOLATION || !answer->count));
	assert(answer->seconds >= 0 && answer->cpu >= 0);
	if (!store_begin(store, diag) || (output && !put_output(store, output, diag)))
		return false;
	return store_put(store, STORE_ADD_ANSWER, diag, value_integer(run), value_integer(of->number),
	                 value_integer(repeat), value_text(answer_name(answer->state)),
	                 value_real(answer->seconds), value_real(answer->cpu),
	                 value_integer((int64_t)answer->memory), value_integer(answer->retried),
	                 output ? value_integer(store->output) : value_text(NULL),
	                 value_text(findings_json(&store->text, answer)), value_text(answer->why),
	                 value_text(answer->message));
}

/* One row for each case and repeat that has none. */
static bool
fill_answers(struct store *store, int64_t run, struct diag *diag)
{
	return store_do(
		store,
		"WITH RECURSIVE repeats (repeat) AS (SELECT 0 UNION ALL SELECT repeat + 1 FROM repeats"
		" WHERE repeat + 1 < (SELECT repeats FROM runs WHERE run = ?1))"
		" INSERT INTO answers SELECT ?1, number, repeat, 'not-run', 0, 0, 0, 0, 0, NULL, '[]', NULL, NULL"
		" FROM cases CROSS JOIN repeats WHERE NOT EXISTS (SELECT 1 FROM answers a WHERE"
		" a.run = ?1 AND a.number = cases.number AND a.repeat = repeats.repeat)",
		diag, value_integer(run));
}

bool
store_end_run(struct store *store, int64_t run, const char *why_not, double seconds, struct diag *diag)
{
	assert(run > 0 && seconds >= 0 && (!why_not || *why_not));
	return store_begin(store, diag) && fill_answers(store, run, diag) &&
	       store_do(store,
	                "UPDATE runs SET finished = 1, why_not = ?2, seconds = seconds + ?3 WHERE run = ?1", diag,
	                value_integer(run), value_text(why_not), value_real(seconds)) &&
	       store_commit(store, diag);
}

bool
store_void_run(struct store *store, int64_t run, const char *why_not, struct diag *diag)
{
	assert(run > 0 && why_not && *why_not);
	return store_begin(store, diag) &&
	       store_do(store, "UPDATE runs SET why_not = ?2 WHERE run = ?1", diag, value_integer(run),
	                value_text(why_not)) &&
	       store_commit(store, diag);
}

bool
store_earlier(struct store *store, const char *checker, enum store_earlier *earlier, struct diag *diag)
{
	struct earlier found;

	if (!find_earlier(store, checker, &found, diag))
		return false;
	*earlier = !found.run        ? STORE_NEVER
	           : !found.finished ? STORE_BROKEN_OFF
	           : found.worthless ? STORE_WORTHLESS
	                             : STORE_FINISHED;
	return true;
}
