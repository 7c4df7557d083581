/* store: what is written is read back, a second run replaces the first, and what cannot be opened or written
 * is told with its path. */
#include <criterion/criterion.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store.h"
#include "tree.h"

static struct arena arena;
static struct level level;
static char directory[] = "/tmp/lockdrill-test-XXXXXX";

static void
begin(void)
{
	struct buf dispute = {0};
	struct diag diag;

	cr_assert_not_null(mkdtemp(directory));
	cr_assert(level_make(&level, "smoke", NULL, 0, (struct shard){0, 1}, &dispute, &diag), "%s",
	          diag.message);
	buf_free(&dispute);
}

static void
end(void)
{
	tree_remove(directory);
	level_free(&level);
	arena_free(&arena);
}

TestSuite(store, .init = begin, .fini = end, .timeout = 30);

static const char *
path_of(const char *name)
{
	struct buf path = {0};
	const char *copy;

	buf_printf(&path, "%s/%s", directory, name);
	copy = arena_string(&arena, path.data);
	buf_free(&path);
	return copy;
}

static struct store *
must_open(const char *path, bool only_read)
{
	struct diag diag = {0};
	struct store *store = store_open(path, only_read, &diag);

	cr_assert_not_null(store, "%s: %s", diag.file, diag.message);
	return store;
}

/* Case i gets answer state (i + shift) % ANSWER_COUNT; every seventh none. */
static void
write_run(struct store *store, const char *name, const char *version, unsigned shift)
{
	static const struct answer_finding findings[] = {{KIND_DOUBLE_ACQUIRE, 7}, {KIND_COUNT, 0}};
	struct adapter adapter;
	struct diag diag;
	int64_t run = -1;

	cr_assert(adapter_load(&adapter, &arena, name, &diag), "%s", diag.message);
	cr_assert(store_begin_run(store, &adapter, version, "0123", NULL, &run, &diag), "%s", diag.message);
	for (unsigned i = 0; i < level.count; i++) {
		struct answer answer = {.state = (enum answer_state)((i + shift) % ANSWER_COUNT), .seconds = 0.5};

		if (i % 7 == 0)
			continue;
		answer.count = answer.state == ANSWER_VIOLATION ? 2 : 0;
		answer.finding = findings;
		cr_assert(store_answer(store, run, &level.cases[i], &answer, &diag), "%s", diag.message);
	}
	cr_assert(store_commit(store, &diag), "%s", diag.message);
	cr_assert(store_end_run(store, run, &diag), "%s", diag.message);
	adapter_free(&adapter);
}

static void
expect_run(const struct stored_checker *checker, const char *name, const char *version, unsigned shift)
{
	cr_assert_str_eq(checker->name, name);
	cr_assert_str_eq(checker->version, version);
	cr_assert_null(checker->why_not);
	for (unsigned i = 0; i < level.count; i++)
		cr_assert_eq(checker->answer[i], i % 7 ? (i + shift) % ANSWER_COUNT : ANSWER_NOT_RUN, "case %u", i);
}

static void
expect_case(const struct stored_case *stored, const struct suite_case *of)
{
	unsigned kinds = 0, found = 0;

	cr_assert_eq(stored->number, of->number);
	cr_assert_eq(stored->twin, of->twin);
	cr_assert_str_eq(stored->id, of->id);
	cr_assert_str_eq(stored->rule, of->rule->name);
	cr_assert_str_eq(stored->ladder, ladder_name(of->ladder));
	cr_assert_eq(stored->family, of->family);
	cr_assert_eq(stored->contested, of->contested);
	cr_assert_eq(stored->readings, of->rule->readings);
	for (unsigned i = 0; i < stored->readings; i++) {
		unsigned reading;

		cr_assert(rule_find_reading(of->rule, stored->reading[i].name, &reading));
		cr_assert_eq(stored->reading[i].outcome, of->verdict[reading].outcome);
		cr_assert_eq(stored->headline == i, reading == of->rule->headline);
		found |= 1U << reading;
	}
	cr_assert_eq(found, (1U << of->rule->readings) - 1);
	for (unsigned i = 0; i < of->verdict[of->rule->headline].count; i++)
		kinds |= 1U << of->verdict[of->rule->headline].finding[i].kind;
	cr_assert_eq(stored->kinds, kinds);
	cr_assert(stored->shapes[0] == '{');
}

Test(store, what_is_written_is_read_back)
{
	const char *path = path_of("a.db");
	struct store *store = must_open(path, false);
	struct stored stored;
	struct adapter adapter;
	struct diag diag;
	int64_t run;

	cr_assert(store_level(store, &level, &diag), "%s", diag.message);
	write_run(store, "sparse", "0.6.4", 0);
	cr_assert(adapter_load(&adapter, &arena, "coin", &diag));
	cr_assert(store_begin_run(store, &adapter, "", "", "no coin here", &run, &diag), "%s", diag.message);
	cr_assert(store_end_run(store, run, &diag));
	adapter_free(&adapter);
	store_close(store);

	store = must_open(path, true);
	cr_assert(store_read(store, &stored, &arena, &diag), "%s", diag.message);
	store_close(store);
	cr_assert_str_eq(stored.level, "smoke");
	cr_assert_str_eq(stored.suite, SUITE_VERSION);
	cr_assert_eq(stored.cases, level.count);
	for (unsigned i = 0; i < level.count; i++)
		expect_case(&stored.stored_case[i], &level.cases[i]);
	cr_assert_eq(stored.checkers, 2);
	expect_run(&stored.checker[1], "sparse", "0.6.4", 0);
	cr_assert_eq(stored.checker[1].declareds, 4);
	cr_assert_str_eq(stored.checker[0].name, "coin");
	cr_assert_str_eq(stored.checker[0].why_not, "no coin here");
	for (unsigned i = 0; i < level.count; i++)
		cr_assert_eq(stored.checker[0].answer[i], ANSWER_NOT_RUN);
}

Test(store, a_second_run_of_a_checker_replaces_the_first_and_only_that)
{
	const char *path = path_of("a.db");
	struct store *store = must_open(path, false);
	struct stored stored;
	struct diag diag;

	cr_assert(store_level(store, &level, &diag));
	write_run(store, "sparse", "0.6.3", 0);
	write_run(store, "clang-thread-safety", "14.0", 1);
	store_close(store);
	store = must_open(path, false);
	cr_assert(store_level(store, &level, &diag), "the same level again: %s", diag.message);
	write_run(store, "sparse", "0.6.4", 2);
	cr_assert(store_read(store, &stored, &arena, &diag));
	store_close(store);
	cr_assert_eq(stored.checkers, 2);
	expect_run(&stored.checker[0], "clang-thread-safety", "14.0", 1);
	expect_run(&stored.checker[1], "sparse", "0.6.4", 2);
	cr_assert_eq(stored.checker[1].declareds, 4);
}

Test(store, a_run_that_was_not_committed_leaves_the_one_before)
{
	const char *path = path_of("a.db");
	struct store *store = must_open(path, false);
	struct adapter adapter;
	struct stored stored;
	struct diag diag;
	int64_t run;

	cr_assert(store_level(store, &level, &diag));
	write_run(store, "sparse", "0.6.4", 0);
	cr_assert(adapter_load(&adapter, &arena, "sparse", &diag));
	cr_assert(store_begin_run(store, &adapter, "9", "9", NULL, &run, &diag));
	adapter_free(&adapter);
	store_close(store);
	store = must_open(path, true);
	cr_assert(store_read(store, &stored, &arena, &diag));
	store_close(store);
	cr_assert_eq(stored.checkers, 1);
	expect_run(&stored.checker[0], "sparse", "0.6.4", 0);
}

Test(store, another_level_is_refused)
{
	static const char *const rules[] = {"SpinlockRelease"};
	const char *path = path_of("a.db");
	struct store *store = must_open(path, false);
	struct buf dispute = {0};
	struct level other;
	struct diag diag = {0};

	cr_assert(level_make(&other, "smoke", rules, 1, (struct shard){0, 1}, &dispute, &diag));
	cr_assert(store_level(store, &level, &diag));
	cr_assert_not(store_level(store, &other, &diag));
	cr_assert_str_eq(diag.file, path);
	cr_assert(strstr(diag.message, "other cases"));
	store_close(store);
	level_free(&other);
}

static void
refuses(const char *path, bool only_read, const char *message)
{
	struct diag diag = {0};
	struct store *store = store_open(path, only_read, &diag);

	cr_assert_null(store, "%s was opened", path);
	cr_assert_str_eq(diag.file, path);
	cr_assert(strstr(diag.message, message), "%s: %s", path, diag.message);
}

static void
execute(const char *path, const char *sql)
{
	sqlite3 *db;

	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

Test(store, what_is_no_database_of_ours_is_refused_with_its_path_and_left_as_it_was)
{
	static const char text[] =
		"this is a text of some length, and not a database at all; it goes on for a while so that it "
		"is longer than the head of a database, which has a hundred bytes\n";
	struct buf after = {0};
	struct stat status;

	cr_assert(tree_write(path_of("text"), text, strlen(text)));
	refuses(path_of("text"), false, "no database");
	refuses(path_of("text"), true, "no database");
	cr_assert(buf_read_file(&after, path_of("text"), 4096));
	cr_assert_str_eq(after.data, text);
	buf_free(&after);
	refuses(path_of("text/below.db"), false, "cannot open");
	refuses(path_of("text/below.db"), true, "cannot open");
	refuses(path_of("no/such.db"), false, "cannot open");
	refuses(path_of("missing.db"), true, "No such file");
	cr_assert_neq(stat(path_of("missing.db"), &status), 0);
	refuses(directory, false, "");
	execute(path_of("other.db"), "CREATE TABLE mine (x); PRAGMA user_version = 1");
	refuses(path_of("other.db"), false, "no database of lockdrill");
	refuses(path_of("other.db"), true, "no database of lockdrill");
}

Test(store, another_schema_version_is_refused)
{
	const char *path = path_of("a.db");

	store_close(must_open(path, false));
	store_close(must_open(path, true));
	execute(path, "PRAGMA user_version = 2");
	refuses(path, false, "newer");
	refuses(path, true, "version 2");
}

Test(store, a_database_without_a_level_has_nothing_to_read)
{
	struct store *store = must_open(path_of("a.db"), false);
	struct stored stored;
	struct diag diag = {0};

	cr_assert_not(store_read(store, &stored, &arena, &diag));
	cr_assert(strstr(diag.message, "no level"));
	store_close(store);
}

Test(store, a_closed_database_is_one_file_that_is_read_where_nothing_may_be_written)
{
	const char *path = path_of("below/a.db");
	struct store *store;
	struct stored stored;
	struct stat status;
	struct diag diag;

	cr_assert_eq(mkdir(path_of("below"), 0700), 0);
	store = must_open(path, false);
	cr_assert(store_level(store, &level, &diag), "%s", diag.message);
	write_run(store, "sparse", "0.6.4", 0);
	store_close(store);
	for (unsigned i = 0; i < 2; i++) { /* reading leaves nothing beside it either */
		cr_assert_neq(stat(path_of("below/a.db-wal"), &status), 0);
		cr_assert_neq(stat(path_of("below/a.db-shm"), &status), 0);
		store = must_open(path, true);
		cr_assert(store_read(store, &stored, &arena, &diag), "%s", diag.message);
		store_close(store);
	}
}

Test(store, what_is_missing_in_a_damaged_database_is_told_and_not_taken_for_less)
{
	static const char *const rows[] = {
		"DELETE FROM cases WHERE number = 3",
		"DELETE FROM cases WHERE number = (SELECT max(number) FROM cases)",
		"UPDATE cases SET twin = 4294967295 WHERE number = 3",
		"DELETE FROM expectations WHERE number = 3",
		"UPDATE expectations SET headline = 0 WHERE number = 3",
		"UPDATE findings SET kind = 'x' WHERE number = (SELECT min(number) FROM findings)",
		"UPDATE answers SET state = 'x' WHERE number = 3",
		"UPDATE answers SET number = 100000 WHERE number = 3",
		"DELETE FROM tools",
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *path = path_of("a.db");
		struct store *store = must_open(path, false);
		struct diag diag = {0};
		struct stored stored;

		cr_assert(store_level(store, &level, &diag));
		write_run(store, "sparse", "0.6.4", 0);
		store_close(store);
		execute(path, rows[i]);
		store = must_open(path, true);
		cr_expect(!store_read(store, &stored, &arena, &diag) && strstr(diag.message, "damaged") &&
		              !strcmp(diag.file, path),
		          "%s: %s", rows[i], diag.message);
		store_close(store);
		unlink(path);
	}
}

/* Pages overwritten by noise, one after the other: either the same is read, or it is refused with a message. */
Test(store, noise_in_a_page_is_refused_or_does_no_harm)
{
	const char *path = path_of("a.db");
	struct store *store = must_open(path, false);
	struct buf sound = {0};
	struct diag diag;

	cr_assert(store_level(store, &level, &diag));
	write_run(store, "sparse", "0.6.4", 0);
	store_close(store);
	cr_assert(buf_read_file(&sound, path, 1 << 24));
	for (size_t page = 0; page < sound.len; page += 4096) {
		struct diag found = {0};
		struct stored stored;
		char kept[4096];

		memcpy(kept, sound.data + page, sizeof kept);
		for (size_t i = 0; i < sizeof kept; i++)
			sound.data[page + i] = (char)((page + i) * 2654435761U >> 13);
		cr_assert(tree_write(path, sound.data, sound.len));
		memcpy(sound.data + page, kept, sizeof kept);
		store = store_open(path, true, &found);
		if (store && store_read(store, &stored, &arena, &found)) {
			cr_expect_eq(stored.cases, level.count, "page %zu", page / 4096);
			expect_run(&stored.checker[0], "sparse", "0.6.4", 0);
		} else {
			cr_expect(found.message[0] && !strcmp(found.file, path), "page %zu", page / 4096);
		}
		store_close(store);
		arena_reset(&arena);
		path = path_of("a.db");
	}
	buf_free(&sound);
}

/* In a child whose files may not grow beyond `most` bytes: 0 where the level was refused with a message, as
 * it must be. */
static int
store_on_a_full_disk(const char *path, rlim_t most)
{
	struct rlimit limit = {most, most};
	struct diag diag = {0};
	struct store *store;
	bool ok;

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	store = store_open(path, false, &diag);
	ok = store && store_level(store, &level, &diag) && store_commit(store, &diag);
	store_close(store);
	return ok ? 1 : strcmp(diag.file, path) || !diag.message[0] ? 2 : 0;
}

Test(store, a_full_disk_is_told_and_leaves_a_file_that_opens_or_none)
{
	static const rlim_t limits[] = {0, 1000, 5000, 40000, 60000, 100000};

	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		const char *path = path_of("full.db");
		struct diag diag = {0};
		struct store *store;
		int status;
		pid_t pid = fork();

		if (!pid)
			_exit(store_on_a_full_disk(path, limits[i]));
		cr_assert_eq(waitpid(pid, &status, 0), pid);
		cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "limit %lu: status %x",
		          (unsigned long)limits[i], status);
		if (access(path, F_OK) == 0) {
			store = must_open(path, false);
			cr_assert(store_level(store, &level, &diag), "limit %lu: %s", (unsigned long)limits[i],
			          diag.message);
			store_close(store);
		}
		unlink(path);
		unlink(path_of("full.db-wal"));
		unlink(path_of("full.db-shm"));
		unlink(path_of("full.db-journal"));
	}
}
