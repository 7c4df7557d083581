/* The store: runs and answers. See store.h.
 *
 * A checker has one run in a database. Its key is the hash of all that an answer depends on beside the case's
 * text, which the level fixes: where a new run's key is the old one's, the old answers are as good as new
 * ones, and the new run goes on with the old one's row; else the old run is deleted with its answers.
 *
 * Each answer is one row inserted by a prepared statement; outputs, which the answers of a pack share, are
 * found by their hash, and the last one is remembered.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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

/* A row of `tools` or `adapters`, which stays the one it is; its number, or -1 with the message. */
static int64_t
put_row(struct store *store, const char *insert, const char *find, const struct store_run *of,
        const char *const text[3], struct diag *diag)
{
	sqlite3_stmt *add = store_prepare(store, insert, diag), *get;
	int64_t row = -1;
	bool ok = true;

	for (int i = 0; add && i < 3; i++)
		if (text[i])
			store_bind(add, i + 1, text[i]);
		else /* an adapter may hold any bytes */
			sqlite3_bind_text(add, i + 1, of->adapter, (int)of->adapter_length, SQLITE_STATIC);
	if (!store_step_once(store, add, diag) || !(get = store_prepare(store, find, diag)))
		return -1;
	for (int i = 0; i < sqlite3_bind_parameter_count(get); i++)
		store_bind(get, i + 1, text[i]);
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
	sqlite3_stmt *statement = store_prepare(store, "INSERT INTO declared VALUES (?,?,?)", diag);
	bool ok = statement != NULL;

	for (unsigned i = 0; ok && i < of->declareds; i++) {
		sqlite3_bind_int64(statement, 1, run);
		store_bind(statement, 2, of->declared[i][0]);
		store_bind(statement, 3, of->declared[i][1]);
		ok = store_step(store, statement, diag);
	}
	sqlite3_finalize(statement);
	return ok;
}

/* the earlier run */

struct earlier {
	int64_t run; /* 0: there is none */
	char key[HASH_TEXT];
	bool worthless; /* void, or the checker was not there */
};

static bool
find_earlier(struct store *store, const char *checker, struct earlier *earlier, struct diag *diag)
{
	sqlite3_stmt *statement =
		store_prepare(store, "SELECT run, key, why_not IS NOT NULL FROM runs WHERE checker = ?", diag);
	bool ok = statement != NULL;

	*earlier = (struct earlier){0};
	store_bind(statement, 1, checker);
	if (store_next_row(store, statement, &ok, diag)) {
		earlier->run = sqlite3_column_int64(statement, 0);
		snprintf(earlier->key, sizeof earlier->key, "%s", store_text(statement, 1));
		earlier->worthless = sqlite3_column_int(statement, 2);
	}
	sqlite3_finalize(statement);
	return ok;
}

/* Says what an earlier run was that this one is not. */
static bool
refuse_changed(struct store *store, const struct store_run *of, const char *adapter_hash, struct diag *diag)
{
	static const char *const names[] = {"adapter", "version", "program",     "arguments",
	                                    "limits",  "world",   "containment", "number of repeats"};
	sqlite3_stmt *statement =
		store_prepare(store,
	                  "SELECT hash, version, exe_hash, arguments, limits, world_hash, containment, repeats"
	                  " FROM runs JOIN tools USING (tool) JOIN adapters USING (adapter) WHERE checker = ?",
	                  diag);
	bool ok = statement != NULL;
	char repeats[16];
	const char *const now[] = {adapter_hash, of->version,    of->exe_hash,    of->arguments,
	                           of->limits,   of->world_hash, of->containment, repeats};

	snprintf(repeats, sizeof repeats, "%u", of->repeats);
	store_bind(statement, 1, of->checker);
	if (store_next_row(store, statement, &ok, diag)) {
		unsigned i = 0;

		while (i < 7 && !strcmp(store_text(statement, (int)i), now[i]))
			i++;
		diag_set(diag, store->path, 0, 0,
		         "cannot resume the run of %s, which had another %s: '%s', and not '%s'", of->checker,
		         names[i], store_text(statement, (int)i), now[i]);
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
	                     "DELETE FROM outputs WHERE NOT EXISTS"
	                     " (SELECT 1 FROM answers WHERE answers.output = outputs.output);"
	                     "DROP INDEX answers_by_output;",
	                     "cannot write", diag);
}

static bool
execute_run(struct store *store, const char *sql, int64_t run, unsigned repeats, struct diag *diag)
{
	sqlite3_stmt *statement = store_prepare(store, sql, diag);

	sqlite3_bind_int64(statement, 1, run);
	if (sqlite3_bind_parameter_count(statement) > 1)
		sqlite3_bind_int64(statement, 2, repeats);
	return store_step_once(store, statement, diag);
}

static bool
drop_earlier(struct store *store, int64_t run, struct diag *diag)
{
	store->output_hash[0] = 0; /* its row may go, too */
	return execute_run(store, "DELETE FROM runs WHERE run = ?", run, 0, diag) && drop_outputs(store, diag);
}

/* Goes on with the earlier run: what is as good as new stays. */
static bool
take_over(struct store *store, const struct store_run *of, int64_t run, uint64_t *reused, struct diag *diag)
{
	int64_t count;

	if (!execute_run(store, "DELETE FROM answers WHERE run = ? AND (repeat >= ? OR state = 'not-run')", run,
	                 of->repeats, diag) ||
	    !execute_run(store, "UPDATE answers SET reused = 1 WHERE run = ? AND NOT reused", run, 0, diag))
		return false;
	count = store_number(store, "SELECT count(*) FROM answers WHERE run = ?", run);
	if (count < 0)
		return store_refuse(store, diag, "cannot read");
	*reused = (uint64_t)count;
	return execute_run(store, "UPDATE runs SET finished = 0, repeats = ?2 WHERE run = ?1", run, of->repeats,
	                   diag);
}

static bool
put_run(struct store *store, const struct store_run *of, const char *adapter_hash, const char *key,
        int64_t *run, struct diag *diag)
{
	const char *const tool[3] = {of->checker, of->version, of->exe_hash};
	const char *const adapter[3] = {of->checker, adapter_hash, NULL};
	int64_t tool_row =
		put_row(store, "INSERT OR IGNORE INTO tools VALUES (NULL,?,?,?)",
	            "SELECT tool FROM tools WHERE name = ? AND version = ? AND exe_hash = ?", of, tool, diag);
	int64_t adapter_row =
		tool_row < 0 ? -1
					 : put_row(store,
	                           "INSERT INTO adapters VALUES (NULL,?,?,?) ON CONFLICT (name, hash)"
	                           " DO UPDATE SET text = excluded.text",
	                           "SELECT adapter FROM adapters WHERE name = ? AND hash = ?", of, adapter, diag);
	sqlite3_stmt *statement;

	if (adapter_row < 0 ||
	    !(statement = store_prepare(
			  store, "INSERT INTO runs VALUES (NULL,?1,?2,?3,?4,?5,?6,?7,?8,?9,NULL,0,0)", diag)))
		return false;
	sqlite3_bind_int64(statement, 1, tool_row);
	sqlite3_bind_int64(statement, 2, adapter_row);
	store_bind(statement, 3, of->checker);
	store_bind(statement, 4, key);
	store_bind(statement, 5, of->arguments);
	store_bind(statement, 6, of->limits);
	store_bind(statement, 7, of->world_hash);
	store_bind(statement, 8, of->containment);
	sqlite3_bind_int64(statement, 9, of->repeats);
	if (!store_step_once(store, statement, diag))
		return false;
	*run = sqlite3_last_insert_rowid(store->db);
	return put_declared(store, *run, of, diag);
}

static bool
begin_run(struct store *store, const struct store_run *of, enum store_begin begin, int64_t *run,
          uint64_t *reused, struct diag *diag)
{
	char adapter_hash[HASH_TEXT], key[HASH_TEXT];
	struct earlier earlier;
	bool same, repeated;

	assert(of->repeats >= 1 && of->repeats <= STORE_REPEATS);
	hash_bytes(of->adapter, of->adapter_length, adapter_hash);
	make_key(of, adapter_hash, key);
	*reused = 0;
	if (!store_begin(store, diag) || !find_earlier(store, of->checker, &earlier, diag))
		return false;
	same = earlier.run && !strcmp(earlier.key, key);
	repeated = store_number(store, "SELECT repeats FROM runs WHERE run = ?", earlier.run) == of->repeats;
	if (begin == STORE_RESUME && !store_number(store, "SELECT count(*) FROM runs", 0)) {
		diag_set(diag, store->path, 0, 0, "there is no run to resume");
		return false;
	}
	if (begin == STORE_RESUME && earlier.run && (!same || !repeated))
		return refuse_changed(store, of, adapter_hash, diag);
	if (same && begin != STORE_FRESH && !earlier.worthless) {
		*run = earlier.run;
		return take_over(store, of, *run, reused, diag);
	}
	return (!earlier.run || drop_earlier(store, earlier.run, diag)) &&
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

bool
store_wants(struct store *store, int64_t run, uint32_t number, unsigned repeat, bool *wants,
            struct diag *diag)
{
	sqlite3_stmt *statement = store_begin(store, diag) ? store_statement(store, STORE_WANTS, diag) : NULL;
	bool ok = statement != NULL;

	sqlite3_bind_int64(statement, 1, run);
	sqlite3_bind_int64(statement, 2, number);
	sqlite3_bind_int64(statement, 3, repeat);
	*wants = store_next_row(store, statement, &ok, diag) && sqlite3_column_int(statement, 0);
	sqlite3_reset(statement);
	return ok;
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
	sqlite3_stmt *statement = store_statement(store, STORE_FIND_OUTPUT, diag);
	bool ok = statement != NULL;

	*place = PLACE_FREE;
	sqlite3_bind_int64(statement, 1, number);
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
	sqlite3_stmt *statement;
	enum place place;
	int64_t number;

	if (!strcmp(store->output_hash, output->hash))
		return true;
	snprintf(digits, sizeof digits, "%.16s", output->hash);
	number = (int64_t)(strtoull(digits, NULL, 16) >> 2); /* room to count on */
	do {
		if (!look_at_output(store, number, output->hash, &place, diag))
			return false;
	} while (place == PLACE_TAKEN && ++number);
	if (place == PLACE_FREE) {
		if (!(statement = store_statement(store, STORE_ADD_OUTPUT, diag)))
			return false;
		sqlite3_bind_int64(statement, 1, number);
		store_bind(statement, 2, output->hash);
		sqlite3_bind_int64(statement, 3, (int64_t)output->bytes);
		sqlite3_bind_blob64(statement, 4, output->length ? output->kept : "", output->length, SQLITE_STATIC);
		if (!store_step(store, statement, diag))
			return false;
	}
	store->output = number;
	memcpy(store->output_hash, output->hash, HASH_TEXT);
	return true;
}

bool
store_answer(struct store *store, int64_t run, const struct suite_case *of, unsigned repeat,
             const struct answer *answer, struct diag *diag)
{
	const struct answer_output *output = answer->output;
	sqlite3_stmt *statement;

	if (!store_begin(store, diag) || (output && !put_output(store, output, diag)) ||
	    !(statement = store_statement(store, STORE_ADD_ANSWER, diag)))
		return false;
	sqlite3_bind_int64(statement, 1, run);
	sqlite3_bind_int64(statement, 2, of->number);
	sqlite3_bind_int64(statement, 3, repeat);
	store_bind(statement, 4, answer_name(answer->state));
	sqlite3_bind_double(statement, 5, answer->seconds);
	sqlite3_bind_double(statement, 6, answer->cpu);
	sqlite3_bind_int64(statement, 7, (int64_t)answer->memory);
	sqlite3_bind_int(statement, 8, answer->retried);
	if (output)
		sqlite3_bind_int64(statement, 9, store->output);
	else
		sqlite3_bind_null(statement, 9);
	store_bind(statement, 10, findings_json(&store->text, answer));
	return store_step(store, statement, diag);
}

/* One row for each case and repeat that has none. */
static bool
fill_answers(struct store *store, int64_t run, struct diag *diag)
{
	return execute_run(store,
	                   "WITH RECURSIVE repeats (repeat) AS (SELECT 0 UNION ALL SELECT repeat + 1 FROM repeats"
	                   " WHERE repeat + 1 < (SELECT repeats FROM runs WHERE run = ?1))"
	                   " INSERT INTO answers SELECT ?1, number, repeat, 'not-run', 0, 0, 0, 0, 0, NULL, '[]'"
	                   " FROM cases CROSS JOIN repeats WHERE NOT EXISTS (SELECT 1 FROM answers a WHERE"
	                   " a.run = ?1 AND a.number = cases.number AND a.repeat = repeats.repeat)",
	                   run, 0, diag);
}

bool
store_end_run(struct store *store, int64_t run, const char *why_not, double seconds, struct diag *diag)
{
	sqlite3_stmt *statement;

	if (!store_begin(store, diag) || !fill_answers(store, run, diag) ||
	    !(statement = store_prepare(
			  store, "UPDATE runs SET finished = 1, why_not = ?2, seconds = seconds + ?3 WHERE run = ?1",
			  diag)))
		return false;
	sqlite3_bind_int64(statement, 1, run);
	store_bind(statement, 2, why_not);
	sqlite3_bind_double(statement, 3, seconds);
	return store_step_once(store, statement, diag) && store_commit(store, diag);
}

bool
store_void_run(struct store *store, int64_t run, const char *why_not, struct diag *diag)
{
	sqlite3_stmt *statement;

	if (!store_begin(store, diag) ||
	    !(statement = store_prepare(store, "UPDATE runs SET why_not = ?2 WHERE run = ?1", diag)))
		return false;
	sqlite3_bind_int64(statement, 1, run);
	store_bind(statement, 2, why_not);
	return store_step_once(store, statement, diag) && store_commit(store, diag);
}

bool
store_earlier(struct store *store, const char *checker, enum store_earlier *earlier, struct diag *diag)
{
	sqlite3_stmt *statement =
		store_prepare(store, "SELECT finished, why_not IS NULL FROM runs WHERE checker = ?", diag);
	bool ok = statement != NULL;

	*earlier = STORE_NEVER;
	store_bind(statement, 1, checker);
	if (store_next_row(store, statement, &ok, diag))
		*earlier = !sqlite3_column_int(statement, 0)  ? STORE_BROKEN_OFF
		           : sqlite3_column_int(statement, 1) ? STORE_FINISHED
		                                              : STORE_WORTHLESS;
	sqlite3_finalize(statement);
	return ok;
}
