/* The store: one database from those of all shards of a level. See store.h.
 *
 * How to read it: look at what each part says of itself (look_at_parts), then go three times through the
 * parts, one attached at a time: cases; runs, checked to be the same and complete; outputs and answers. Rows
 * are numbered by what they hold and not by when they came, so the result does not tell how many shards there
 * were, nor in which order they were given.
 *
 * It is made under the name OUT.partial, synced, and takes its name when it is complete.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "store_state.h"

struct part {
	const char *path;
	const char *level, *suite, *filters; /* in the arena */
	unsigned shard, shards;
};

struct merge {
	struct store *store; /* the result */
	struct part *part;   /* `count`, by shard once they were looked at */
	unsigned count;
	struct arena arena;
	struct diag *diag;
};

/* what the parts say of themselves */

static bool
look_at_part(struct merge *merge, struct part *part)
{
	struct store *store = store_open(part->path, true, merge->diag);
	sqlite3_stmt *statement;
	bool ok = true, found;

	if (!store)
		return false;
	statement = store_prepare(store, "SELECT name, suite, shard, shards, filters FROM level", merge->diag);
	found = store_next_row(store, statement, &ok, merge->diag);
	if (found) {
		part->level = arena_string(&merge->arena, store_text(statement, 0));
		part->suite = arena_string(&merge->arena, store_text(statement, 1));
		part->shard = (unsigned)sqlite3_column_int(statement, 2);
		part->shards = (unsigned)sqlite3_column_int(statement, 3);
		part->filters = arena_string(&merge->arena, store_text(statement, 4));
	}
	sqlite3_finalize(statement);
	store_close(store);
	if (ok && !found)
		diag_set(merge->diag, part->path, 0, 0, "holds no level: nothing was run");
	return found;
}

static int
compare_parts(const void *one, const void *two)
{
	const struct part *a = one, *b = two;

	return a->shard < b->shard ? -1 : a->shard > b->shard;
}

/* All parts are of one level, and each shard is there once. */
static bool
check_shards(struct merge *merge)
{
	const struct part *first = &merge->part[0];

	for (unsigned i = 0; i < merge->count; i++) {
		const struct part *part = &merge->part[i];

		if (strcmp(part->level, first->level) || strcmp(part->suite, first->suite) ||
		    part->shards != first->shards) {
			diag_set(merge->diag, part->path, 0, 0,
			         "is shard %u/%u of level %s, suite %s, and %s is shard %u/%u of level %s, suite %s",
			         part->shard, part->shards, part->level, part->suite, first->path, first->shard,
			         first->shards, first->level, first->suite);
			return false;
		}
		if (strcmp(part->filters, first->filters)) {
			diag_set(merge->diag, part->path, 0, 0, "is filtered by: %s, and %s by: %s", part->filters,
			         first->path, first->filters);
			return false;
		}
		if (i && part->shard == part[-1].shard) {
			diag_set(merge->diag, part->path, 0, 0, "is shard %u/%u, and so is %s", part->shard, part->shards,
			         part[-1].path);
			return false;
		}
	}
	for (unsigned i = 0; i < first->shards; i++)
		if (i == merge->count || merge->part[i].shard != i) {
			diag_set(merge->diag, "merge", 0, 0, "shard %u/%u of level %s is missing", i, first->shards,
			         first->level);
			return false;
		}
	return true;
}

static bool
look_at_parts(struct merge *merge)
{
	for (unsigned i = 0; i < merge->count; i++)
		if (!look_at_part(merge, &merge->part[i]))
			return false;
	qsort(merge->part, merge->count, sizeof *merge->part, compare_parts);
	return check_shards(merge);
}

/* going through them */

/* In a part nothing may be found by `sql`: else its first column, a text, stands between the two halves of
 * the message. */
static bool
check_none(struct merge *merge, const struct part *part, const char *sql, const char *before,
           const char *after)
{
	sqlite3_stmt *statement = store_prepare(merge->store, sql, merge->diag);
	bool ok = true;

	if (store_next_row(merge->store, statement, &ok, merge->diag)) {
		diag_set(merge->diag, part->path, 0, 0, "%s%s%s", before, store_text(statement, 0), after);
		ok = false;
	}
	sqlite3_finalize(statement);
	return ok;
}

static bool
execute(struct merge *merge, const char *sql)
{
	return store_execute(merge->store, sql, "cannot merge", merge->diag);
}

/* Each part in turn as database `part`. */
static bool
for_each_part(struct merge *merge, bool (*visit)(struct merge *merge, const struct part *part))
{
	for (unsigned i = 0; i < merge->count; i++) {
		const struct part *part = &merge->part[i];

		assert(part->level && part->shard == i);
		if (!store_do(merge->store, "ATTACH ? AS part", merge->diag, value_text(part->path)) ||
		    !store_begin(merge->store, merge->diag) || !visit(merge, part) ||
		    !store_commit(merge->store, merge->diag) || !execute(merge, "DETACH part"))
			return false;
	}
	return true;
}

static bool
merge_cases(struct merge *merge, const struct part *part)
{
	return check_none(merge, part,
	                  "SELECT cases || ' cases, and holds ' || (SELECT count(*) FROM part.cases)"
	                  " FROM part.level WHERE cases <> (SELECT count(*) FROM part.cases)",
	                  "damaged: should hold ", "") &&
	       check_none(merge, part,
	                  "SELECT number || ' (' || id || ')' FROM part.cases"
	                  " WHERE number IN (SELECT number FROM main.cases) ORDER BY number LIMIT 1",
	                  "case ", " is in the database of another shard too") &&
	       execute(merge, "INSERT INTO main.cases SELECT * FROM part.cases ORDER BY number;"
	                      "INSERT INTO main.expectations SELECT * FROM part.expectations;"
	                      "INSERT INTO main.findings SELECT * FROM part.findings;");
}

/* The checkers of the first part, in their order, with their tools and adapters. */
static bool
begin_runs(struct merge *merge)
{
	return execute(
		merge, "INSERT INTO main.tools SELECT row_number() OVER (ORDER BY name, version, exe_hash), name,"
			   " version, exe_hash FROM part.tools WHERE tool IN (SELECT tool FROM part.runs);"
			   "INSERT INTO main.adapters SELECT row_number() OVER (ORDER BY name, hash), name, hash, text"
			   " FROM part.adapters WHERE adapter IN (SELECT adapter FROM part.runs);"
			   "INSERT INTO main.runs SELECT row_number() OVER (ORDER BY r.checker), mt.tool, ma.adapter,"
			   " r.checker, r.key, r.arguments, r.limits, r.world_hash, r.containment, r.repeats, NULL, 1,"
			   " 0 FROM part.runs r JOIN part.tools t USING (tool) JOIN part.adapters a USING (adapter)"
			   " JOIN main.tools mt ON mt.name = t.name AND mt.version = t.version"
			   "  AND mt.exe_hash = t.exe_hash"
			   " JOIN main.adapters ma ON ma.name = a.name AND ma.hash = a.hash ORDER BY r.checker;"
			   "INSERT INTO main.declared SELECT m.run, d.rule, d.reading FROM part.declared d"
			   " JOIN part.runs r ON r.run = d.run JOIN main.runs m ON m.checker = r.checker;");
}

/* The checkers were run alike here and in the first part. */
static bool
check_same_runs(struct merge *merge, const struct part *part)
{
	static const char *const columns[][2] = {
		{"version", "version"},
		{"exe_hash", "program"},
		{"hash", "adapter"},
		{"arguments", "arguments"},
		{"limits", "limits"},
		{"world_hash", "world"},
		{"containment", "containment"},
		{"repeats", "number of repeats"},
		{"key", "key"},
	};
	const char *first = merge->part[0].path;
	struct buf sql = {0}, after = {0};
	bool ok;

	buf_printf(&after, ", as %s has", first);
	ok = check_none(merge, part,
	                "SELECT checker FROM main.runs WHERE checker NOT IN (SELECT checker FROM part.runs)",
	                "has no run of ", after.data);
	buf_clear(&after);
	buf_printf(&after, ", and %s does not", first);
	ok =
		ok && check_none(merge, part,
	                     "SELECT checker FROM part.runs WHERE checker NOT IN (SELECT checker FROM main.runs)",
	                     "has a run of ", after.data);
	buf_clear(&after);
	buf_printf(&after, "' in %s", first);
	for (size_t i = 0; ok && i < sizeof columns / sizeof *columns; i++) {
		buf_clear(&sql);
		buf_printf(
			&sql,
			"WITH here AS (SELECT * FROM part.runs JOIN part.tools USING (tool)"
			"  JOIN part.adapters USING (adapter)),"
			" there AS (SELECT * FROM main.runs JOIN main.tools USING (tool)"
			"  JOIN main.adapters USING (adapter))"
			" SELECT here.checker || ' was run in another way: its %s is ''' || here.%s || ''', and '''"
			" || there.%s FROM here JOIN there USING (checker) WHERE here.%s <> there.%s",
			columns[i][1], columns[i][0], columns[i][0], columns[i][0], columns[i][0]);
		ok = check_none(merge, part, sql.data, "", after.data);
	}
	buf_free(&sql);
	buf_free(&after);
	return ok;
}

/* Every case of the part has one answer a repeat, and nothing else has. */
static bool
check_answers(struct merge *merge, const struct part *part)
{
	return check_none(merge, part, "SELECT checker FROM part.runs WHERE NOT finished", "the run of ",
	                  " is not finished (`lockdrill run --resume` goes on with it)") &&
	       check_none(merge, part,
	                  "SELECT r.checker || ' has no answer, or too few, to case ' || c.number || ' (' || c.id"
	                  " || ')' FROM part.runs r CROSS JOIN part.cases c WHERE r.repeats <> (SELECT count(*)"
	                  " FROM part.answers a WHERE a.run = r.run AND a.number = c.number AND a.repeat >= 0"
	                  " AND a.repeat < r.repeats) LIMIT 1",
	                  "damaged: ", "") &&
	       check_none(merge, part,
	                  "SELECT number FROM part.answers a WHERE NOT EXISTS (SELECT 1 FROM part.cases c WHERE"
	                  " c.number = a.number) OR NOT EXISTS (SELECT 1 FROM part.runs r WHERE r.run = a.run"
	                  " AND a.repeat < r.repeats) LIMIT 1",
	                  "damaged: an answer to case ", " that was not asked for");
}

static bool
merge_runs(struct merge *merge, const struct part *part)
{
	return (part != merge->part || begin_runs(merge)) && check_same_runs(merge, part) &&
	       check_answers(merge, part) &&
	       execute(merge, "UPDATE main.runs SET (why_not, seconds) = (SELECT ifnull(runs.why_not, p.why_not),"
	                      " runs.seconds + p.seconds FROM part.runs p WHERE p.checker = runs.checker);");
}

/* An output's number is made of its hash, so that it is the same in all parts. A part of an earlier schema
 * has no messages. */
static bool
merge_answers(struct merge *merge, const struct part *part)
{
	int64_t version = store_number(merge->store, "PRAGMA part.user_version", 0);
	struct buf sql = {0};
	bool ok = check_none(
		merge, part,
		"SELECT p.hash FROM part.outputs p JOIN main.outputs m USING (output) WHERE m.hash <> p.hash",
		"damaged: the output ", " has the number of another");

	buf_printf(&sql,
	           "INSERT OR IGNORE INTO main.outputs SELECT * FROM part.outputs WHERE output IN"
	           " (SELECT output FROM part.answers WHERE number IN (SELECT number FROM main.cases));"
	           "INSERT INTO main.answers SELECT m.run, a.number, a.repeat, a.state, a.seconds, a.cpu,"
	           " a.memory, a.retried, a.reused, a.output, a.findings, a.why, %s FROM part.answers a"
	           " JOIN part.runs p ON p.run = a.run JOIN main.runs m ON m.checker = p.checker"
	           " WHERE a.number IN (SELECT number FROM main.cases);",
	           version < STORE_WITH_MESSAGES ? "NULL" : "a.message");
	ok = ok && execute(merge, sql.data);
	buf_free(&sql);
	return ok;
}

/* all of it */

static bool
put_level(struct merge *merge)
{
	return store_do(merge->store, "INSERT INTO level SELECT ?, ?, 0, 1, count(*), ? FROM cases", merge->diag,
	                value_text(merge->part->level), value_text(merge->part->suite),
	                value_text(merge->part->filters));
}

static bool
merge_parts(struct merge *merge)
{
	/* What is made here is thrown away unless it is complete, and synced then. */
	return execute(merge, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF;") &&
	       for_each_part(merge, merge_cases) && store_index_cases(merge->store, merge->diag) &&
	       put_level(merge) && for_each_part(merge, merge_runs) && for_each_part(merge, merge_answers);
}

/* Removes what a merge that was killed has left. */
static bool
clear_partial(const char *partial, struct diag *diag)
{
	int lock = open(partial, O_RDWR | O_CLOEXEC);
	bool ok = lock < 0 || !flock(lock, LOCK_EX | LOCK_NB);

	if (!ok)
		diag_set(diag, partial, 0, 0, "another lockdrill is writing to it");
	else if (lock >= 0)
		store_unlink(partial);
	if (lock >= 0)
		close(lock);
	return ok;
}

static bool
merge_into(struct merge *merge, const char *out, const char *partial)
{
	bool ok;

	if (!clear_partial(partial, merge->diag) || !(merge->store = store_open(partial, false, merge->diag)))
		return false;
	ok = merge_parts(merge);
	if (ok && fsync(merge->store->lock)) {
		diag_set(merge->diag, partial, 0, 0, "cannot write: %s", strerror(errno));
		ok = false;
	}
	store_close(merge->store);
	if (ok && rename(partial, out)) {
		diag_set(merge->diag, out, 0, 0, "cannot give the result its name: %s", strerror(errno));
		ok = false;
	}
	if (!ok)
		store_unlink(partial);
	return ok;
}

bool
store_merge(const char *out, const char *const *parts, unsigned count, struct diag *diag)
{
	struct merge merge = {.count = count, .diag = diag};
	struct buf partial = {0};
	bool ok = false;

	if (!count)
		diag_set(diag, "merge", 0, 0, "give the databases of a level's shards");
	else if (!access(out, F_OK))
		diag_set(diag, out, 0, 0, "is there already: give another name, or remove it");
	else
		ok = true;
	merge.part = arena_alloc(&merge.arena, (count + 1U) * sizeof *merge.part);
	for (unsigned i = 0; i < count; i++)
		merge.part[i].path = parts[i];
	buf_printf(&partial, "%s.partial", out);
	ok = ok && look_at_parts(&merge) && merge_into(&merge, out, partial.data);
	buf_free(&partial);
	arena_free(&merge.arena);
	return ok;
}
