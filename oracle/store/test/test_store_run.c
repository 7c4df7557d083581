/* store, runs: answers are reused while what they depend on is unchanged, every case and repeat ends with one
 * record, one writes at a time, and neither a kill nor a full disk costs what was committed. */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "store_fixture.h"

TestSuite(store_run, .init = fixture_begin, .fini = fixture_end, .timeout = 120);

static struct store *
open_with_level(const char *path)
{
	struct store *store = must_open(path, false);
	struct diag diag = {0};

	cr_assert(store_level(store, level.name, level.shard, &level.filter, level.cases, level.count, &diag),
	          "%s", diag.message);
	return store;
}

/* Answers what is wanted, and commits; how many that was. */
static unsigned
answer_wanted(struct store *store, int64_t run, unsigned repeats, unsigned most)
{
	unsigned answered = 0;
	struct diag diag;

	for (unsigned i = 0; i < level.count; i++)
		for (unsigned repeat = 0; repeat < repeats && answered < most; repeat++) {
			if (!wants_answer(store, run, level.cases[i].number, repeat))
				continue;
			must_answer(store, run, &level.cases[i], repeat, 0);
			cr_assert(!wants_answer(store, run, level.cases[i].number, repeat));
			answered++;
		}
	cr_assert(store_commit(store, &diag), "%s", diag.message);
	return answered;
}

static void
end_run(struct store *store, int64_t run, const char *why_not)
{
	struct diag diag = {0};

	cr_assert(store_end_run(store, run, why_not, 1, &diag), "%s", diag.message);
}

Test(store_run, a_case_that_is_not_of_the_level_wants_no_answer)
{
	struct store *store = open_with_level(path_of("a.db"));
	struct store_run of = run_of("sparse", "1");
	uint64_t reused;
	int64_t run = must_begin(store, &of, STORE_REUSE, &reused);
	struct store_wanted wanted = {0};
	struct diag diag = {0};

	cr_assert(store_find_wanted(store, run, 0, &wanted, &diag), "%s", diag.message);
	cr_assert_eq(wanted.count, level.count);
	for (unsigned i = 0; i < level.count; i++)
		cr_assert(store_wants(&wanted, level.cases[i].number));
	cr_assert_not(store_wants(&wanted, level.count));
	cr_assert_not(store_wants(&wanted, 1000000));
	must_answer(store, run, &level.cases[70], 0, 0);
	cr_assert(store_find_wanted(store, run, 0, &wanted, &diag), "%s", diag.message);
	cr_assert_eq(wanted.count, level.count - 1);
	cr_assert_not(store_wants(&wanted, level.cases[70].number));
	cr_assert_eq(store_level_cases(store, &diag), level.count);
	store_wanted_free(&wanted);
	store_close(store);
}

Test(store_run, each_case_and_repeat_ends_with_one_record)
{
	const char *path = path_of("a.db");
	struct store *store = open_with_level(path);
	struct store_run of = run_of("dynamic", "1");
	uint64_t reused;
	int64_t run;

	of.repeats = 3;
	run = must_begin(store, &of, STORE_REUSE, &reused);
	cr_assert_eq(answer_wanted(store, run, 3, 100), 100);
	end_run(store, run, NULL);
	store_close(store);
	cr_assert_eq(number_in(path, "SELECT count(*) FROM answers"), 3L * level.count);
	cr_assert_eq(number_in(path, "SELECT count(*) FROM cases JOIN answers USING (number) WHERE repeat < 3"),
	             3L * level.count);
	cr_assert_eq(number_in(path, "SELECT count(*) FROM answers WHERE output IS NULL AND state = 'not-run'"
	                             " AND number > 33"),
	             3L * (level.count - 34));
	cr_assert_eq(number_in(path, "SELECT finished FROM runs"), 1);
}

/* What depends on what: the fields of a run, each changed in turn. */
static void
change(struct store_run *of, unsigned field)
{
	const char **texts[] = {&of->version, &of->exe_hash,   &of->arguments,
	                        &of->limits,  &of->world_hash, &of->containment};

	if (field < 6) {
		*texts[field] = "changed";
	} else {
		of->adapter = "adapter: of bytez\n";
	}
}

enum { FIELDS = 7 };

Test(store_run, answers_are_reused_while_nothing_that_they_depend_on_is_changed)
{
	const char *path = path_of("a.db");
	struct store *store = open_with_level(path);
	struct store_run of = run_of("sparse", "1");
	uint64_t reused;
	int64_t run = must_begin(store, &of, STORE_REUSE, &reused);
	unsigned not_run = 0;

	for (unsigned i = 0; i < 50; i++)
		not_run += state_of(level.cases[i].number, 0, 0) == ANSWER_NOT_RUN;
	cr_assert_eq(reused, 0);
	cr_assert_eq(answer_wanted(store, run, 1, 50), 50);
	run = must_begin(store, &of, STORE_RESUME, &reused);
	cr_assert_eq(reused, 50 - not_run);
	cr_assert_eq(answer_wanted(store, run, 1, 1000), level.count - (50 - not_run));
	end_run(store, run, NULL);
	run = must_begin(store, &of, STORE_REUSE, &reused);
	not_run = (unsigned)number_in(path, "SELECT count(*) FROM answers WHERE state = 'not-run'");
	cr_assert(not_run > 0 && reused == level.count - not_run);
	cr_assert_eq(answer_wanted(store, run, 1, 1000), not_run);
	end_run(store, run, NULL);
	cr_assert_eq(number_in(path, "SELECT sum(reused) FROM answers"), level.count - not_run);
	cr_assert_eq(number_in(path, "SELECT seconds FROM runs"), 2);
	run = must_begin(store, &of, STORE_FRESH, &reused);
	cr_assert_eq(reused, 0);
	cr_assert_eq(answer_wanted(store, run, 1, 1000), level.count);
	end_run(store, run, NULL);
	for (unsigned i = 0; i < FIELDS; i++) {
		struct store_run other = of;

		change(&other, i);
		run = must_begin(store, &other, STORE_REUSE, &reused);
		cr_expect_eq(reused, 0, "field %u", i);
		cr_assert_eq(answer_wanted(store, run, 1, 1000), level.count);
		end_run(store, run, NULL);
		of = other;
	}
	cr_assert_eq(number_in(path, "SELECT count(*) FROM runs"), 1);
	store_close(store);
}

Test(store_run, two_runs_that_differ_only_in_where_texts_end_are_two)
{
	struct store *store = open_with_level(path_of("a.db"));
	struct store_run of = run_of("sparse", "1"), other = of;
	uint64_t reused;
	int64_t run = must_begin(store, &of, STORE_REUSE, &reused);

	answer_wanted(store, run, 1, 50);
	other.version = "";
	other.exe_hash = "10123";
	must_begin(store, &other, STORE_REUSE, &reused);
	cr_assert_eq(reused, 0);
	of.version = "1:2";
	of.exe_hash = "3";
	answer_wanted(store, must_begin(store, &of, STORE_REUSE, &reused), 1, 50);
	other.version = "1";
	other.exe_hash = "2:3";
	must_begin(store, &other, STORE_REUSE, &reused);
	cr_assert_eq(reused, 0);
	store_close(store);
}

Test(store_run, a_run_is_resumed_only_if_it_is_there_and_unchanged)
{
	static const char *const words[FIELDS] = {"version", "program",     "arguments", "limits",
	                                          "world",   "containment", "adapter"};
	const char *path = path_of("a.db");
	struct store *store = open_with_level(path);
	struct store_run of = run_of("sparse", "1"), other = of;
	struct diag diag = {0};
	uint64_t reused;
	int64_t run;

	cr_assert_not(store_begin_run(store, &of, STORE_RESUME, &run, &reused, &diag));
	cr_assert(strstr(diag.message, "there is no run to resume"), "%s", diag.message);
	run = must_begin(store, &of, STORE_REUSE, &reused);
	answer_wanted(store, run, 1, 60);
	for (unsigned i = 0; i < FIELDS; i++) {
		other = of;
		change(&other, i);
		cr_assert_not(store_begin_run(store, &other, STORE_RESUME, &run, &reused, &diag));
		cr_expect(strstr(diag.message, words[i]) && !strcmp(diag.file, path), "%s: %s", words[i],
		          diag.message);
	}
	other = of;
	other.repeats = 2;
	cr_assert_not(store_begin_run(store, &other, STORE_RESUME, &run, &reused, &diag));
	cr_expect(strstr(diag.message, "repeats"), "%s", diag.message);
	run = must_begin(store, &of, STORE_RESUME, &reused);
	cr_assert_gt(reused, 50);
	other = run_of("coin", "1"); /* a run of several checkers may end before the next has begun */
	must_begin(store, &other, STORE_RESUME, &reused);
	cr_assert_eq(reused, 0);
	store_close(store);
}

Test(store_run, nothing_of_a_void_run_is_reused)
{
	struct store *store = open_with_level(path_of("a.db"));
	struct store_run of = run_of("sparse", "1");
	struct seen seen;
	struct diag diag;
	uint64_t reused;
	int64_t run = must_begin(store, &of, STORE_REUSE, &reused);

	answer_wanted(store, run, 1, 1000);
	end_run(store, run, "void: a canary was not reported");
	cr_assert(read_all(store, &seen, &diag), "%s", diag.message);
	for (unsigned i = 0; i < level.count; i++) /* reasons stay what they were, verdicts are none */
		cr_assert_eq(seen.state[0][i], i % ANSWER_COUNT == ANSWER_PASS || i % ANSWER_COUNT == ANSWER_VIOLATION
		                                   ? ANSWER_NOT_RUN
		                                   : i % ANSWER_COUNT);
	run = must_begin(store, &of, STORE_REUSE, &reused);
	cr_assert_eq(reused, 0);
	cr_assert_eq(answer_wanted(store, run, 1, 1000), level.count);
	end_run(store, run, NULL);
	store_close(store);
	must_read(path_of("a.db"), &seen);
	cr_assert_null(seen.stored.checker[0].why_not);
	cr_assert_eq(seen.retried, number_in(path_of("a.db"), "SELECT sum(retried) FROM answers"));
}

Test(store_run, other_numbers_of_repeats_keep_those_that_are_asked_for)
{
	static const unsigned repeats[] = {3, 5, 2};
	const char *path = path_of("a.db");
	struct store *store = open_with_level(path);

	for (unsigned i = 0; i < 3; i++) {
		struct store_run of = run_of("dynamic", "1");
		uint64_t reused;
		int64_t run;

		of.repeats = repeats[i];
		run = must_begin(store, &of, STORE_REUSE, &reused);
		cr_assert(i ? reused > 2 * level.count / 2 : !reused);
		answer_wanted(store, run, repeats[i], 10000);
		end_run(store, run, NULL);
		cr_assert_eq(number_in(path, "SELECT count(*) FROM answers"), repeats[i] * level.count);
		cr_assert_eq(number_in(path, "SELECT max(repeat) FROM answers"), repeats[i] - 1L);
	}
	store_close(store);
}

Test(store_run, an_output_is_kept_once_and_goes_with_its_last_answer)
{
	const char *path = path_of("a.db");
	struct store *store = open_with_level(path);
	struct store_run of = run_of("sparse", "1");
	uint64_t reused;

	write_run(store, "sparse", "1", 0);
	cr_assert_eq(number_in(path, "SELECT count(*) FROM outputs"), (level.count + 9) / 10);
	cr_assert_eq(number_in(path, "SELECT count(DISTINCT hash) FROM outputs"), (level.count + 9) / 10);
	cr_assert_eq(
		number_in(path, "SELECT count(*) FROM outputs WHERE kept = x'610062ff0a' AND bytes = 1000000"),
		(level.count + 9) / 10);
	write_run(store, "coin", "1", 1);
	cr_assert_eq(number_in(path, "SELECT count(*) FROM outputs"), (level.count + 9) / 10);
	end_run(store, must_begin(store, &of, STORE_FRESH, &reused), NULL);
	cr_assert_eq(number_in(path, "SELECT count(*) FROM outputs"), (level.count + 9) / 10,
	             "coin has them yet");
	of.checker = "coin";
	end_run(store, must_begin(store, &of, STORE_FRESH, &reused), NULL);
	cr_assert_eq(number_in(path, "SELECT count(*) FROM outputs"), 0);
	cr_assert_eq(number_in(path, "SELECT count(*) FROM sqlite_master WHERE name = 'answers_by_output'"), 0);
	store_close(store);
}

/* Outputs are numbered by the first half of their hash. */
Test(store_run, outputs_whose_hashes_begin_alike_are_two)
{
	static const char *const hashes[] = {
		"0123456789abcdef0000000000000000", "0123456789abcdef0000000000000001",
		"ffffffffffffffff0000000000000000", "ffffffffffffffff0000000000000001"};
	const char *path = path_of("a.db");
	struct store *store = open_with_level(path);
	struct store_run of = run_of("sparse", "1");
	uint64_t reused;
	int64_t run = must_begin(store, &of, STORE_REUSE, &reused);
	struct diag diag;

	for (unsigned i = 0; i < 16; i++) {
		struct answer_output output = {.bytes = i % 4, .length = i % 4, .kept = "abcd"};
		struct answer answer = {.state = ANSWER_PASS, .output = &output};

		memcpy(output.hash, hashes[i % 4], HASH_TEXT);
		cr_assert(store_answer(store, run, &level.cases[i], 0, &answer, &diag), "%s", diag.message);
	}
	end_run(store, run, NULL);
	cr_assert_eq(number_in(path, "SELECT count(*) FROM outputs"), 4);
	for (unsigned i = 0; i < 16; i++) {
		char sql[120];

		snprintf(sql, sizeof sql, "SELECT bytes FROM answers JOIN outputs USING (output) WHERE number = %u",
		         level.cases[i].number);
		cr_assert_eq(number_in(path, sql), i % 4);
	}
	store_close(store);
}

/* one writer */

static int
in_child(int (*act)(const char *path, long number), const char *path, long number)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(act(path, number));
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int
try_to_write(const char *path, long number)
{
	struct diag diag = {0};
	struct store *store = store_open(path, false, &diag);

	(void)number;
	store_close(store);
	return store                                                                              ? 0
	       : !strcmp(diag.file, path) && strstr(diag.message, "another lockdrill is writing") ? 1
	                                                                                          : 2;
}

static int
try_to_read(const char *path, long number)
{
	struct diag diag = {0};
	struct store *store = store_open(path, true, &diag);
	struct seen seen;
	bool ok = store && read_all(store, &seen, &diag);

	store_close(store);
	return ok && seen.cases == level.count && seen.stored.checkers == number ? 1 : 0;
}

Test(store_run, a_second_writer_is_refused_and_readers_go_on)
{
	const char *path = path_of("a.db");
	struct store *store = open_with_level(path);
	struct store_run of = run_of("sparse", "1");
	uint64_t reused;
	int64_t run;

	cr_assert_eq(in_child(try_to_write, path, 0), 1);
	cr_assert_eq(in_child(try_to_read, path, 0), 1);
	run = must_begin(store, &of, STORE_REUSE, &reused);
	answer_wanted(store, run, 1, 20);
	must_answer(store, run, &level.cases[100], 0, 0);
	cr_assert_eq(in_child(try_to_read, path, 1), 1, "beside an open transaction");
	cr_assert_eq(in_child(try_to_write, path, 0), 1);
	end_run(store, run, NULL);
	store_close(store);
	cr_assert_eq(in_child(try_to_write, path, 0), 0);
	cr_assert_eq(in_child(try_to_read, path, 1), 1);
}

/* kill and full disks: what a child does, which is killed or runs out of space */

static int
run_to_its_end(const char *path, long each)
{
	struct diag diag = {0};
	struct store *store = store_open(path, false, &diag);
	struct store_run of = run_of("sparse", "1");
	struct store_wanted wanted = {0};
	struct timespec pause = {0, 100000};
	uint64_t reused;
	int64_t run;

	if (!store || !store_begin_run(store, &of, STORE_REUSE, &run, &reused, &diag) ||
	    !store_find_wanted(store, run, 0, &wanted, &diag))
		return 2;
	for (unsigned i = 0; i < level.count; i++) {
		if (store_wants(&wanted, level.cases[i].number))
			must_answer(store, run, &level.cases[i], 0, 0);
		if (i % (unsigned)each == 0 && !store_commit(store, &diag))
			return 2;
		nanosleep(&pause, NULL);
	}
	store_wanted_free(&wanted);
	if (!store_end_run(store, run, NULL, 1, &diag))
		return 2;
	store_close(store);
	return 0;
}

static void
expect_whole_run(const char *path)
{
	struct seen seen;

	must_read(path, &seen);
	for (unsigned i = 0; i < level.count; i++)
		cr_assert_eq(seen.state[0][i], state_of(level.cases[i].number, 0, 0));
	cr_assert_eq(number_in(path, "SELECT count(*) FROM answers"), level.count);
	cr_assert_eq(number_in(path, "SELECT finished FROM runs"), 1);
	cr_assert_eq(number_in(path, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
	cr_assert_eq(number_in(path, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
}

Test(store_run, kills_at_any_moment_cost_nothing_that_was_committed)
{
	const char *path = path_of("a.db");
	long committed = 0;
	struct seen seen;

	store_close(open_with_level(path));
	for (long kill_at = 1; kill_at <= 20; kill_at++) {
		struct timespec pause = {0, kill_at * 1700000L};
		int status;
		pid_t pid = fork();

		if (!pid)
			_exit(run_to_its_end(path, 1 + kill_at % 5));
		nanosleep(&pause, NULL);
		kill(pid, SIGKILL);
		cr_assert_eq(waitpid(pid, &status, 0), pid);
		must_read(path, &seen);
		cr_assert_eq(number_in(path, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
		cr_assert_geq(number_in(path, "SELECT count(*) FROM answers WHERE state <> 'not-run'"), committed);
		committed = number_in(path, "SELECT count(*) FROM answers WHERE state <> 'not-run'");
	}
	cr_assert_eq(in_child(run_to_its_end, path, 10), 0);
	expect_whole_run(path);
}

static int
run_on_a_full_disk(const char *path, long most)
{
	struct rlimit limit = {(rlim_t)most, (rlim_t)most};
	struct diag diag = {0};
	struct store *store;
	struct store_run of = run_of("sparse", "1");
	struct store_wanted wanted = {0};
	uint64_t reused;
	int64_t run;
	bool ok;

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	store = store_open(path, false, &diag);
	ok = store && store_begin_run(store, &of, STORE_REUSE, &run, &reused, &diag) &&
	     store_find_wanted(store, run, 0, &wanted, &diag);
	for (unsigned i = 0; ok && i < level.count; i++) {
		const struct answer answer = {.state = state_of(level.cases[i].number, 0, 0), .seconds = 1};

		ok = (!store_wants(&wanted, level.cases[i].number) ||
		      store_answer(store, run, &level.cases[i], 0, &answer, &diag)) &&
		     (i % 5 || store_commit(store, &diag));
	}
	ok = ok && store_end_run(store, run, NULL, 1, &diag);
	store_close(store);
	store_wanted_free(&wanted);
	return ok ? 0 : !strcmp(diag.file, path) && strstr(diag.message, "a write failed") ? 1 : 2;
}

Test(store_run, a_full_disk_leaves_what_was_committed_and_the_run_can_go_on)
{
	unsigned refused = 0, some = 0;
	const char *path = path_of("a.db");

	for (long most = 16384; most <= 1600000; most += most / 2) {
		struct store *store = open_with_level(path);
		long committed;
		int status;

		store_close(store);
		status = in_child(run_on_a_full_disk, path, most);
		cr_assert(status == 0 || status == 1, "limit %ld: %d", most, status);
		refused += status == 1;
		committed = number_in(path, "SELECT count(*) FROM answers");
		some += status == 1 && committed > 0;
		cr_assert_eq(number_in(path, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
		cr_assert_eq(in_child(run_to_its_end, path, 10), 0, "limit %ld", most);
		expect_whole_run(path);
		unlink(path);
	}
	cr_assert(refused >= 5 && some >= 2, "%u refused, %u with answers", refused, some);
}
