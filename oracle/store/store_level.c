/* The store: the manifest of a level. See store.h.
 *
 * A level that is not stored yet is written batch by batch in one transaction; one that is, is compared, case
 * by case. The index over ids is built when all cases are there, which is several times faster than to keep
 * it up while they come in the order of their numbers, and finds those that occur twice.
 */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "store_state.h"
#include "version.h"

/* writing */

static bool
put_case(struct store *store, const struct suite_case *of, struct diag *diag)
{
	const struct rule *rule = of->rule;
	char family[24];

	snprintf(family, sizeof family, "%016" PRIx64, of->family);
	buf_clear(&store->text);
	shapes_json(&store->text, &of->shapes);
	return store_put(store, STORE_ADD_CASE, diag, value_integer(of->number), value_text(of->id),
	                 value_integer(of->twin), value_text(rule->name), value_text(rule->model),
	                 value_text(rule->role[of->role].name), value_text(of->sequence),
	                 value_text(buf_string(&store->text)), value_text(ladder_name(of->ladder)),
	                 value_text(family), value_integer(of->contested), value_integer(of->deadlock),
	                 value_text(of->edit), value_text(of->text_hash));
}

static bool
put_findings(struct store *store, const struct suite_case *of, unsigned reading, struct diag *diag)
{
	const struct verdict *verdict = &of->verdict[reading];

	for (unsigned i = 0; i < verdict->count; i++) {
		const struct finding *finding = &verdict->finding[i];
		const char lock[2] = {lock_letter(finding->lock), 0};

		buf_clear(&store->text);
		for (unsigned j = 0; j < of->lines[reading][i].count; j++) {
			if (j)
				buf_putc(&store->text, ' ');
			buf_number(&store->text, of->lines[reading][i].line[j]);
		}
		if (!store_put(store, STORE_ADD_FINDING, diag, value_integer(of->number),
		               value_text(of->rule->reading[reading].name), value_integer(i),
		               value_text(kind_name((enum kind)finding->kind)), value_integer(finding->statement),
		               value_text(lock), value_integer(finding->line), value_text(buf_string(&store->text))))
			return false;
	}
	return true;
}

static bool
put_verdicts(struct store *store, const struct suite_case *of, struct diag *diag)
{
	const struct rule *rule = of->rule;

	assert(rule->headline < rule->readings);
	for (unsigned i = 0; i < rule->readings; i++)
		if (!store_put(store, STORE_ADD_EXPECTATION, diag, value_integer(of->number),
		               value_text(rule->reading[i].name), value_integer(i == rule->headline),
		               value_text(outcome_name(of->verdict[i].outcome))) ||
		    !put_findings(store, of, i, diag))
			return false;
	return true;
}

/* Of pairs that share an id, the one that comes first in the level is kept. */
static bool
drop_repeated(struct store *store, struct diag *diag)
{
	return store_execute(
		store,
		"CREATE TEMP TABLE repeated AS SELECT DISTINCT pair FROM"
		" (SELECT min(number, twin) AS pair,"
		"  row_number() OVER (PARTITION BY id ORDER BY min(number, twin)) AS place FROM cases)"
		" WHERE place > 1;"
		"CREATE TEMP TABLE dropped AS SELECT number FROM cases"
		" WHERE min(number, twin) IN (SELECT pair FROM repeated);"
		"DELETE FROM expectations WHERE number IN (SELECT number FROM dropped);"
		"DELETE FROM findings WHERE number IN (SELECT number FROM dropped);"
		"DELETE FROM cases WHERE number IN (SELECT number FROM dropped);"
		"DROP TABLE repeated; DROP TABLE dropped;",
		"cannot leave out what occurs twice", diag);
}

bool
store_index_cases(struct store *store, struct diag *diag)
{
	static const char index[] = "CREATE UNIQUE INDEX cases_by_id ON cases (id)";

	return sqlite3_exec(store->db, index, NULL, NULL, NULL) == SQLITE_OK ||
	       (sqlite3_errcode(store->db) != SQLITE_CONSTRAINT
	            ? store_refuse(store, diag, "cannot index the cases")
	            : drop_repeated(store, diag) && store_execute(store, index, "cannot index the cases", diag));
}

static bool
end_writing(struct store *store, struct diag *diag)
{
	return store_index_cases(store, diag) &&
	       store_execute(store, "UPDATE level SET cases = (SELECT count(*) FROM cases)", "cannot write",
	                     diag) &&
	       store_commit(store, diag);
}

/* comparing */

static bool
refuse_other(const struct store *store, struct diag *diag)
{
	diag_set(diag, store->path, 0, 0, "holds other cases than level %s of this suite: give another file",
	         store->level);
	return false;
}

/* Whether a case's pair was left out: then one half's id is there under another number. */
static bool
was_left_out(struct store *store, const struct suite_case *of, const struct suite_case *cases, unsigned count,
             bool *was, struct diag *diag)
{
	bool ok = true;

	*was = false;
	for (unsigned i = 0; ok && i < count && !*was; i++) {
		sqlite3_stmt *statement;

		if (cases[i].number != of->number && cases[i].number != of->twin)
			continue;
		statement = store_ask_kept(store, STORE_FIND_ID, diag, value_text(cases[i].id));
		*was = store_next_row(store, statement, &ok, diag) &&
		       sqlite3_column_int64(statement, 0) != cases[i].number;
		sqlite3_reset(statement);
	}
	return ok;
}

static bool
check_case(struct store *store, const struct suite_case *of, const struct suite_case *cases, unsigned count,
           struct diag *diag)
{
	sqlite3_stmt *statement = store_ask_kept(store, STORE_FIND_CASE, diag, value_integer(of->number));
	bool ok = true, same, was;

	if (!store_next_row(store, statement, &ok, diag))
		return ok && was_left_out(store, of, cases, count, &was, diag) && (was || refuse_other(store, diag));
	same = !strcmp(store_text(statement, 0), of->id) && !strcmp(store_text(statement, 1), of->text_hash);
	sqlite3_reset(statement);
	store->cases++;
	return same || refuse_other(store, diag);
}

/* The level that is stored is this one by name, and this part of it. */
static bool
check_head(struct store *store, struct shard shard, const char *filters, struct diag *diag)
{
	sqlite3_stmt *statement = store_prepare(store, "SELECT name, shard, shards, filters FROM level", diag);
	bool ok = true;

	if (store_next_row(store, statement, &ok, diag)) {
		unsigned index = (unsigned)sqlite3_column_int(statement, 1);
		unsigned count = (unsigned)sqlite3_column_int(statement, 2);
		const char *name = store_text(statement, 0), *holds = store_text(statement, 3);

		if (strcmp(name, store->level) || index != shard.index || count != shard.count) {
			diag_set(diag, store->path, 0, 0,
			         "holds other cases: shard %u/%u of level %s, not %u/%u of %s: give another file", index,
			         count, name, shard.index, shard.count, store->level);
			ok = false;
		} else if (strcmp(holds, filters)) {
			diag_set(diag, store->path, 0, 0,
			         "holds another part of level %s, filters: %s, not: %s: give another file", name, holds,
			         filters);
			ok = false;
		}
	}
	sqlite3_finalize(statement);
	return ok;
}

/* all of it */

/* Half a level must not be committed. */
static bool
abandon(struct store *store)
{
	store_rollback(store);
	return false;
}

static bool
begin_level(struct store *store, const char *name, struct shard shard, const char *filters, struct diag *diag)
{
	int64_t levels = store_number(store, "SELECT count(*) FROM level", 0);

	assert(shard.index < shard.count);
	if (levels < 0)
		return store_refuse(store, diag, "cannot read");
	store->level = name;
	store->cases = 0;
	store->checks = levels > 0;
	if (store->checks)
		return check_head(store, shard, filters, diag);
	return store_begin(store, diag) &&
	       store_do(store, "INSERT INTO level VALUES (?,?,?,?,0,?)", diag, value_text(name),
	                value_text(SUITE_VERSION), value_integer(shard.index), value_integer(shard.count),
	                value_text(filters));
}

bool
store_level_begin(struct store *store, const char *name, struct shard shard, const struct filter *filter,
                  struct diag *diag)
{
	static const struct filter none;
	struct buf filters = {0};
	bool ok;

	filter_print(&filters, filter ? filter : &none);
	ok = begin_level(store, name, shard, filters.data, diag);
	buf_free(&filters);
	return ok;
}

bool
store_level_add(struct store *store, const struct suite_case *cases, unsigned count, struct diag *diag)
{
	assert(store->level); /* behind store_level_begin */
	for (unsigned i = 0; i < count; i++)
		if (store->checks ? !check_case(store, &cases[i], cases, count, diag)
		                  : !put_case(store, &cases[i], diag) || !put_verdicts(store, &cases[i], diag))
			return abandon(store);
	return true;
}

bool
store_level_end(struct store *store, struct diag *diag)
{
	int64_t cases;

	assert(store->level);
	if (!store->checks)
		return end_writing(store, diag) || abandon(store);
	cases = store_number(store, "SELECT count(*) FROM cases", 0);
	if (cases < 0)
		return store_refuse(store, diag, "cannot read");
	return cases == store->cases || refuse_other(store, diag);
}

int64_t
store_level_cases(struct store *store, struct diag *diag)
{
	int64_t cases = store_number(store, "SELECT cases FROM level", 0);

	if (cases < 0)
		store_refuse_damaged(
			store, diag, "no number of cases; levels:", store_number(store, "SELECT count(*) FROM level", 0));
	return cases;
}

bool
store_level(struct store *store, const char *name, struct shard shard, const struct filter *filter,
            const struct suite_case *cases, unsigned count, struct diag *diag)
{
	return store_level_begin(store, name, shard, filter, diag) &&
	       store_level_add(store, cases, count, diag) && store_level_end(store, diag);
}
