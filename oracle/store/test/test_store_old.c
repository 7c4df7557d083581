/* store, schema version 1: a database of that time is read as it is, and brought up to date when it is opened for writing. */
#include <stdio.h>

#include "store_fixture.h"
#include "version.h"

TestSuite(store_old, .init = fixture_begin, .fini = fixture_end, .timeout = 60);

static const char schema_1[] =
	"PRAGMA journal_mode = WAL; PRAGMA application_id = 1818977394; PRAGMA user_version = 1; BEGIN;"
	"CREATE TABLE level (name TEXT NOT NULL, suite TEXT NOT NULL);"
	"CREATE TABLE cases (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, twin INTEGER NOT NULL,"
	" rule TEXT NOT NULL, model TEXT NOT NULL, role TEXT NOT NULL, sequence TEXT NOT NULL,"
	" shapes TEXT NOT NULL, ladder TEXT NOT NULL, family TEXT NOT NULL, contested INTEGER NOT NULL,"
	" deadlock INTEGER NOT NULL, edit TEXT NOT NULL, text_hash TEXT NOT NULL);"
	"CREATE TABLE expectations (number INTEGER NOT NULL REFERENCES cases, reading TEXT NOT NULL,"
	" headline INTEGER NOT NULL, verdict TEXT NOT NULL, PRIMARY KEY (number, reading)) WITHOUT ROWID;"
	"CREATE TABLE findings (number INTEGER NOT NULL REFERENCES cases, reading TEXT NOT NULL,"
	" kind TEXT NOT NULL, statement INTEGER NOT NULL, lock TEXT NOT NULL, line INTEGER NOT NULL,"
	" lines TEXT NOT NULL);"
	"CREATE INDEX findings_by_case ON findings (number);"
	"CREATE TABLE tools (tool INTEGER PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL,"
	" exe_hash TEXT NOT NULL, adapter_hash TEXT NOT NULL,"
	" UNIQUE (name, version, exe_hash, adapter_hash));"
	"CREATE TABLE runs (run INTEGER PRIMARY KEY, tool INTEGER NOT NULL REFERENCES tools,"
	" checker TEXT NOT NULL UNIQUE, why_not TEXT, finished INTEGER NOT NULL DEFAULT 0);"
	"CREATE TABLE declared (run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,"
	" rule TEXT NOT NULL, reading TEXT NOT NULL);"
	"CREATE TABLE answers (run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,"
	" number INTEGER NOT NULL REFERENCES cases, state TEXT NOT NULL, seconds REAL NOT NULL,"
	" findings TEXT NOT NULL, PRIMARY KEY (run, number)) WITHOUT ROWID;";

/* Two tools that differ in their adapters alone, of which one has no run any more. */
static const char runs_1[] =
	"INSERT INTO tools VALUES (1, 'sparse', '0.6.4', 'aa', 'old');"
	"INSERT INTO tools VALUES (2, 'sparse', '0.6.4', 'aa', 'new');"
	"INSERT INTO tools VALUES (3, 'coin', '', '', 'cc');"
	"INSERT INTO runs VALUES (7, 2, 'sparse', NULL, 1);"
	"INSERT INTO runs VALUES (4, 3, 'coin', 'not here', 1);"
	"INSERT INTO declared VALUES (7, 'SpinlockRelease', 'slic7600');"
	"INSERT INTO answers SELECT 7, number, CASE number % 3 WHEN 0 THEN 'pass' WHEN 1 THEN 'violation' ELSE"
	" 'timeout' END, number * 0.5, CASE number % 3 WHEN 1 THEN '[{\"kind\":null,\"line\":3}]' ELSE '[]' END"
	" FROM cases WHERE number % 7;";

/* The level smoke and two runs, as that time stored them: its cases are copied from a database of today. */
static const char *
make_old(void)
{
	const char *path = path_of("old.db"), *now = path_of("now.db");
	struct store *store = must_open(now, false);
	struct buf sql = {0};
	struct diag diag;

	cr_assert(store_level(store, level.name, level.shard, level.cases, level.count, &diag));
	store_close(store);
	buf_printf(&sql, "ATTACH '%s' AS now; %s", now, schema_1);
	buf_puts(&sql, "INSERT INTO main.level SELECT name, suite FROM now.level;"
	               "INSERT INTO main.cases SELECT * FROM now.cases;"
	               "INSERT INTO main.expectations SELECT * FROM now.expectations;"
	               "INSERT INTO main.findings SELECT number, reading, kind, statement, lock, line, lines"
	               " FROM now.findings ORDER BY number, reading, item;");
	buf_puts(&sql, runs_1);
	buf_puts(&sql, "COMMIT; PRAGMA journal_mode = DELETE;");
	execute(path, sql.data);
	buf_free(&sql);
	unlink(now);
	return path;
}

static void
expect_old(const char *path)
{
	struct seen seen;

	must_read(path, &seen);
	cr_assert_str_eq(seen.stored.level, "smoke");
	cr_assert_str_eq(seen.stored.suite, SUITE_VERSION);
	cr_assert_eq(seen.cases, level.count);
	cr_assert_eq(seen.stored.checkers, 2);
	cr_assert_str_eq(seen.stored.checker[0].name, "coin");
	cr_assert_str_eq(seen.stored.checker[0].why_not, "not here");
	cr_assert_str_eq(seen.stored.checker[1].version, "0.6.4");
	cr_assert_str_eq(seen.stored.checker[1].containment, "none");
	cr_assert_eq(seen.stored.checker[1].repeats, 1);
	cr_assert_eq(seen.stored.checker[1].declareds, 1);
	for (unsigned i = 0; i < level.count; i++) {
		cr_assert_str_eq(seen.of[i].id, level.cases[i].id);
		cr_assert_eq(seen.state[0][i], ANSWER_NOT_RUN);
		cr_assert_eq(seen.state[1][i], i % 7 == 0   ? ANSWER_NOT_RUN
		                               : i % 3 == 0 ? ANSWER_PASS
		                               : i % 3 == 1 ? ANSWER_VIOLATION
		                                            : ANSWER_TIMEOUT);
	}
}

Test(store_old, it_is_read_as_it_is)
{
	const char *path = make_old();
	struct buf before = {0}, after = {0};

	cr_assert(buf_read_file(&before, path, 1 << 24));
	expect_old(path);
	cr_assert(buf_read_file(&after, path, 1 << 24));
	cr_assert(before.len == after.len && !memcmp(before.data, after.data, before.len));
	buf_free(&before);
	buf_free(&after);
}

Test(store_old, it_is_brought_up_to_date_with_all_that_it_holds)
{
	const char *path = make_old();
	struct store *store = must_open(path, false);
	struct store_run of = run_of("sparse", "0.6.4");
	struct diag diag = {0};
	uint64_t reused;
	int64_t run;

	store_close(store);
	expect_old(path);
	cr_assert_eq(number_in(path, "PRAGMA user_version"), STORE_VERSION);
	cr_assert_eq(number_in(path, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
	cr_assert_eq(number_in(path, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
	cr_assert_eq(number_in(path, "SELECT count(*) FROM sqlite_master WHERE name LIKE 'old%'"), 0);
	cr_assert_eq(number_in(path,
	                       "SELECT count(*) FROM answers WHERE seconds = number * 0.5 AND findings = CASE"
	                       " number % 3 WHEN 1 THEN '[{\"kind\":null,\"line\":3}]' ELSE '[]' END"),
	             number_in(path, "SELECT count(*) FROM answers"));
	cr_assert_eq(
		number_in(path, "SELECT count(*) FROM runs JOIN adapters USING (adapter) WHERE hash = 'new'"), 1);
	store = must_open(path, false);
	cr_assert(store_level(store, level.name, level.shard, level.cases, level.count, &diag), "the same level: %s", diag.message);
	run = must_begin(store, &of, STORE_REUSE, &reused);
	cr_assert_eq(reused, 0, "nobody knows how it was run");
	cr_assert(store_end_run(store, run, NULL, 1, &diag));
	store_close(store);
}

Test(store_old, where_it_cannot_be_brought_up_to_date_it_is_told_and_stays)
{
	const char *path = make_old();
	struct buf before = {0}, after = {0};
	struct diag diag = {0};

	execute(path, "DELETE FROM tools WHERE tool = 2"); /* the run of sparse hangs in the air */
	cr_assert(buf_read_file(&before, path, 1 << 24));
	cr_assert_null(store_open(path, false, &diag));
	cr_assert(!strcmp(diag.file, path) && diag.message[0]);
	cr_assert(buf_read_file(&after, path, 1 << 24));
	cr_assert(before.len == after.len && !memcmp(before.data, after.data, before.len));
	buf_free(&before);
	buf_free(&after);
}

Test(store_old, what_is_missing_in_it_is_told)
{
	static const char *const rows[] = {"DELETE FROM tools", "DELETE FROM cases WHERE number = 3",
	                                   "UPDATE answers SET number = 100000 WHERE number = 3"};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *path = make_old();
		struct store *store;
		struct diag diag = {0};
		struct seen seen;

		execute(path, rows[i]);
		store = must_open(path, true);
		cr_expect(!read_all(store, &seen, &diag) && strstr(diag.message, "damaged"), "%s: %s", rows[i],
		          diag.message);
		store_close(store);
		unlink(path);
	}
}

Test(store_old, it_has_no_shards_to_merge)
{
	const char *path = make_old();
	struct diag diag = {0};

	cr_assert_not(store_merge(path_of("out.db"), &path, 1, &diag));
	cr_assert(strstr(diag.message, "older lockdrill") && !strcmp(diag.file, path), "%s", diag.message);
}
