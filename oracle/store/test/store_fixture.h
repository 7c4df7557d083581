/* What the tests of the store share: a directory, the level smoke, and runs with made-up answers. */
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "level.h"
#include "store.h"
#include "tree.h"

static struct arena arena;
static struct level level;
static char directory[] = "/tmp/lockdrill-test-XXXXXX";

static inline void
fixture_begin(void)
{
	struct buf dispute = {0};
	struct diag diag;

	cr_assert_not_null(mkdtemp(directory));
	cr_assert(level_make(&level, "smoke", NULL, (struct shard){0, 1}, &dispute, &diag), "%s", diag.message);
	buf_free(&dispute);
}

static inline void
fixture_end(void)
{
	tree_remove(directory);
	level_free(&level);
	arena_free(&arena);
}

static inline const char *
path_of(const char *name)
{
	struct buf path = {0};
	const char *copy;

	buf_printf(&path, "%s/%s", directory, name);
	copy = arena_string(&arena, path.data);
	buf_free(&path);
	return copy;
}

static inline struct store *
must_open(const char *path, bool only_read)
{
	struct diag diag = {0};
	struct store *store = store_open(path, only_read, &diag);

	cr_assert_not_null(store, "%s: %s", diag.file, diag.message);
	return store;
}

static inline void
execute(const char *path, const char *sql)
{
	char *message = NULL;
	sqlite3 *db;

	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, &message), SQLITE_OK, "%s: %s", message, sql);
	sqlite3_close(db);
}

/* The first column of the first row. */
static inline long
number_in(const char *path, const char *sql)
{
	sqlite3_stmt *statement;
	long number;
	sqlite3 *db;

	cr_assert_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
	cr_assert_eq(sqlite3_step(statement), SQLITE_ROW, "%s", sql);
	number = (long)sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return number;
}

/* A run as most tests want it. */
static inline struct store_run
run_of(const char *checker, const char *version)
{
	static const char *declared[][2] = {{"SpinlockRelease", "slic7600"}, {"WdfSpinlockRelease", "alternate"}};

	return (struct store_run){.checker = checker,
	                          .version = version,
	                          .exe_hash = "0123",
	                          .adapter = "adapter: of bytes\n",
	                          .adapter_length = 18,
	                          .arguments = "check {file}",
	                          .limits = "10 s",
	                          .world_hash = "89ab",
	                          .containment = "none",
	                          .repeats = 1,
	                          .declareds = 2,
	                          .declared = declared};
}

static inline int64_t
must_begin(struct store *store, const struct store_run *of, enum store_begin begin, uint64_t *reused)
{
	struct diag diag = {0};
	int64_t run = -1;

	cr_assert(store_begin_run(store, of, begin, &run, reused, &diag), "%s: %s", diag.file, diag.message);
	return run;
}

/* Whether the case wants an answer. */
static inline bool
wants_answer(struct store *store, int64_t run, uint32_t number, unsigned repeat)
{
	struct store_wanted wanted = {0};
	struct diag diag = {0};
	bool wants;

	cr_assert(store_find_wanted(store, run, repeat, &wanted, &diag), "%s", diag.message);
	wants = store_wants(&wanted, number);
	store_wanted_free(&wanted);
	return wants;
}

/* What a case is answered: state (number + repeat + shift) % ANSWER_COUNT, with what goes with it. */
static inline enum answer_state
state_of(uint32_t number, unsigned repeat, unsigned shift)
{
	return (enum answer_state)((number + repeat + shift) % ANSWER_COUNT);
}

static inline void
must_answer(struct store *store, int64_t run, const struct suite_case *of, unsigned repeat, unsigned shift)
{
	static const struct answer_finding findings[] = {{KIND_DOUBLE_ACQUIRE, 7}, {KIND_COUNT, 0}};
	struct answer_output output = {.bytes = 1000000, .length = 5, .kept = "a\0b\xff\n"};
	struct answer answer = {.state = state_of(of->number, repeat, shift),
	                        .seconds = 0.5,
	                        .cpu = 0.25,
	                        .memory = 1 << 20,
	                        .retried = of->number % 5 == 0,
	                        .output = of->number % 4 ? &output : NULL};
	struct diag diag = {0};

	snprintf(output.hash, sizeof output.hash, "%032x", of->number / 10 * 0x1000193U);
	memmove(output.hash, output.hash + 24, 8); /* the half that tells outputs apart comes first */
	answer.count = answer.state == ANSWER_VIOLATION ? 2 : 0;
	answer.finding = findings;
	answer.why = answer.state == ANSWER_GARBLED ? "line 3: what's this?" : NULL;
	answer.message = answer.state == ANSWER_VIOLATION ? "000000007.c:7: what's this?\nand that" : NULL;
	cr_assert(store_answer(store, run, of, repeat, &answer, &diag), "%s: %s", diag.file, diag.message);
}

/* Every seventh case gets no answer. */
static inline void
write_run(struct store *store, const char *name, const char *version, unsigned shift)
{
	struct store_run of = run_of(name, version);
	uint64_t reused;
	int64_t run = must_begin(store, &of, STORE_FRESH, &reused);
	struct diag diag = {0};

	for (unsigned i = 0; i < level.count; i++)
		if (i % 7)
			must_answer(store, run, &level.cases[i], 0, shift);
	cr_assert(store_commit(store, &diag), "%s", diag.message);
	cr_assert(store_end_run(store, run, NULL, 2, &diag), "%s", diag.message);
}

/* All that is read back: `of` by number, `state` by checker and number. */
struct seen {
	struct stored stored;
	struct stored_case *of;
	uint8_t **state;
	unsigned cases, reused, retried;
};

static inline bool
read_all(struct store *store, struct seen *seen, struct diag *diag)
{
	const struct stored_pair *pair;
	bool ok;

	*seen = (struct seen){0};
	if (!store_read(store, &seen->stored, NULL, &arena, diag))
		return false;
	seen->of = arena_alloc(&arena, level.count * sizeof *seen->of);
	seen->state = arena_alloc(&arena, (seen->stored.checkers + 1U) * sizeof *seen->state);
	for (unsigned i = 0; i < seen->stored.checkers; i++)
		seen->state[i] = arena_alloc(&arena, level.count);
	while ((ok = store_next_pair(store, &seen->stored, &pair, diag)) && pair)
		for (unsigned half = 0; half < pair->cases; half++) {
			struct stored_case *of;

			cr_assert_lt(pair->of[half].number, level.count);
			of = &seen->of[pair->of[half].number];
			*of = pair->of[half];
			of->id = arena_string(&arena, of->id);
			of->shapes = arena_string(&arena, of->shapes);
			seen->cases++;
			for (unsigned i = 0; i < seen->stored.checkers; i++) {
				seen->state[i][of->number] = pair->answer[half][i].state[0];
				seen->reused += pair->answer[half][i].reused;
				seen->retried += pair->answer[half][i].retried;
			}
		}
	return ok;
}

static inline void
must_read(const char *path, struct seen *seen)
{
	struct store *store = must_open(path, true);
	struct diag diag = {0};

	cr_assert(read_all(store, seen, &diag), "%s: %s", diag.file, diag.message);
	store_close(store);
}

static inline void
expect_run(const struct seen *seen, unsigned checker, const char *name, const char *version, unsigned shift)
{
	cr_assert_lt(checker, seen->stored.checkers);
	cr_assert_str_eq(seen->stored.checker[checker].name, name);
	cr_assert_str_eq(seen->stored.checker[checker].version, version);
	cr_assert_null(seen->stored.checker[checker].why_not);
	for (unsigned i = 0; i < level.count; i++)
		cr_assert_eq(seen->state[checker][i], i % 7 ? state_of(i, 0, shift) : ANSWER_NOT_RUN, "case %u", i);
}

/* All rows of all tables in the order in which they stand, without what a clock says. */
static inline char *
dump(const char *path)
{
	static const char *const selects[] = {
		"SELECT * FROM level",
		"SELECT rowid, * FROM cases",
		"SELECT * FROM expectations",
		"SELECT * FROM findings",
		"SELECT * FROM tools",
		"SELECT * FROM adapters",
		("SELECT run, tool, adapter, checker, key, arguments, limits, world_hash, containment, repeats,"
	     " why_not, finished FROM runs"),
		"SELECT * FROM declared",
		"SELECT output, hash, bytes, hex(kept) FROM outputs",
		"SELECT run, number, repeat, state, memory, retried, reused, output, findings, why FROM answers",
	};
	struct buf out = {0};
	sqlite3 *db;

	cr_assert_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	for (size_t i = 0; i < sizeof selects / sizeof *selects; i++) {
		sqlite3_stmt *statement;

		cr_assert_eq(sqlite3_prepare_v2(db, selects[i], -1, &statement, NULL), SQLITE_OK, "%s: %s",
		             selects[i], sqlite3_errmsg(db));
		while (sqlite3_step(statement) == SQLITE_ROW) {
			for (int c = 0; c < sqlite3_column_count(statement); c++) {
				const unsigned char *text = sqlite3_column_text(statement, c);

				buf_printf(&out, "%s|", text ? (const char *)text : "NULL");
			}
			buf_putc(&out, '\n');
		}
		sqlite3_finalize(statement);
	}
	sqlite3_close(db);
	return out.data;
}

#endif
