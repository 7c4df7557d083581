/* store, earlier runs: a run of another version is kept with its answers, comes back when that version is run
 * again, and can be read. */
#include <criterion/criterion.h>

#include "store_fixture.h"

TestSuite(store_earlier, .init = fixture_begin, .fini = fixture_end);

/* A whole run of the checker as this version; how many answers were kept. */
static uint64_t
run_as(const char *path, const char *version, enum store_begin begin, const char *why_not)
{
	struct store *store = must_open(path, false);
	struct store_run of = run_of("sparse", version);
	struct diag diag = {0};
	uint64_t reused;
	int64_t run;

	cr_assert(store_level(store, level.name, level.shard, &level.filter, level.cases, level.count, &diag));
	run = must_begin(store, &of, begin, &reused);
	for (unsigned i = 0; i < level.count && !reused; i++)
		must_answer(store, run, &level.cases[i], 0, 0);
	cr_assert(store_end_run(store, run, why_not, 1, &diag), "%s", diag.message);
	store_close(store);
	return reused;
}

static void
check_counts(const char *path, long runs, long earlier)
{
	cr_assert_eq(number_in(path, "SELECT count(*) FROM runs"), runs);
	cr_assert_eq(number_in(path, "SELECT count(*) FROM earlier_runs"), earlier);
	cr_assert_eq(number_in(path, "SELECT count(*) FROM answers"), runs * (long)level.count);
	cr_assert_eq(number_in(path, "SELECT count(*) FROM earlier_answers"), earlier * (long)level.count);
	cr_assert_eq(number_in(path, "SELECT count(*) FROM earlier_declared WHERE run NOT IN"
	                             " (SELECT run FROM earlier_runs)"),
	             0);
}

Test(store_earlier, runs_of_other_versions_are_kept_and_come_back)
{
	const char *path = path_of("a.db");

	cr_assert_eq(run_as(path, "1", STORE_REUSE, NULL), 0);
	check_counts(path, 1, 0);
	cr_assert_eq(run_as(path, "2", STORE_REUSE, NULL), 0);
	check_counts(path, 1, 1);
	cr_assert_eq(run_as(path, "3", STORE_FRESH, NULL), 0);
	check_counts(path, 1, 2);
	cr_assert_gt(run_as(path, "1", STORE_REUSE, NULL), level.count / 2); /* not-run is never kept */
	check_counts(path, 1, 2);
	cr_assert_eq(run_as(path, "3", STORE_FRESH, NULL), 0); /* in place of the one of this version */
	check_counts(path, 1, 2);
	cr_assert_eq(number_in(path, "SELECT count(*) FROM outputs WHERE output NOT IN (SELECT output FROM"
	                             " answers UNION SELECT output FROM earlier_answers)"),
	             0);
}

Test(store_earlier, what_is_worth_nothing_is_not_kept)
{
	const char *path = path_of("a.db");

	run_as(path, "1", STORE_REUSE, NULL);
	run_as(path, "2", STORE_REUSE, "void: a canary");
	check_counts(path, 1, 1);
	run_as(path, "3", STORE_REUSE, NULL);
	check_counts(path, 1, 1);
	cr_assert_eq(number_in(path, "SELECT version FROM earlier_runs JOIN tools USING (tool)"), 1);
}

Test(store_earlier, earlier_runs_are_read_by_version)
{
	static const struct {
		const char *asked, *version; /* NULL: none is there */
	} rows[] = {{NULL, "2"}, {"1", "1"}, {"2", "2"}, {"3", NULL}, {"o'x", NULL}};
	const char *path = path_of("a.db");

	run_as(path, "1", STORE_REUSE, NULL);
	run_as(path, "2", STORE_REUSE, NULL);
	run_as(path, "3", STORE_REUSE, NULL);
	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct store *store = must_open(path, true);
		const struct stored_pair *pair;
		struct arena memory = {0};
		struct stored stored;
		struct diag diag = {0};

		cr_assert(store_use_earlier(store, rows[i].asked, &diag), "%s", diag.message);
		cr_assert(store_read(store, &stored, NULL, &memory, &diag), "%s", diag.message);
		cr_assert_eq(stored.checkers, rows[i].version != NULL);
		if (rows[i].version) {
			cr_assert_str_eq(stored.checker[0].version, rows[i].version);
			cr_assert(store_next_pair(store, &stored, &pair, &diag), "%s", diag.message);
			cr_assert_neq(pair->answer[0][0].state[0], ANSWER_NOT_RUN);
		}
		store_close(store);
		arena_free(&memory);
	}
}
