/* store, merging: shards in any number and order give one content, and what does not fit is refused by its
 * name. */
#include <stdio.h>
#include <sys/stat.h>

#include "store_fixture.h"

TestSuite(store_merge, .init = fixture_begin, .fini = fixture_end, .timeout = 120);

/* A shard's database with runs of two checkers, one of them dynamic; a case's answers depend on its number
 * alone. */
static const char *
make_shard(const char *name, struct shard shard, bool finish)
{
	const char *path = path_of(name);
	struct store *store = must_open(path, false);
	struct buf dispute = {0};
	struct level part;
	struct diag diag = {0};

	cr_assert(level_make(&part, "smoke", NULL, shard, &dispute, &diag), "%s", diag.message);
	cr_assert(store_level(store, part.name, part.shard, &part.filter, part.cases, part.count, &diag), "%s",
	          diag.message);
	for (unsigned i = 0; i < 2; i++) {
		unsigned c = (i + shard.count) % 2; /* in either order */
		struct store_run of = run_of(c ? "sparse" : "dynamic", c ? "0.6.4" : "1");
		uint64_t reused;
		int64_t run;

		of.repeats = c ? 1 : 3;
		run = must_begin(store, &of, STORE_REUSE, &reused);
		for (unsigned j = part.count; j-- > 0;) /* backwards, and not all */
			for (unsigned repeat = 0; repeat < of.repeats; repeat++)
				if (part.cases[j].number % 11)
					must_answer(store, run, &part.cases[j], repeat, c);
		cr_assert(store_commit(store, &diag));
		if (finish)
			cr_assert(store_end_run(store, run, NULL, 1.5, &diag), "%s", diag.message);
	}
	store_close(store);
	level_free(&part);
	return path;
}

enum { MOST = 7 };

static void
make_shards(const char *paths[MOST], unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		char name[32];

		snprintf(name, sizeof name, "%u-of-%u.db", i, count);
		paths[i] = make_shard(name, (struct shard){i, count}, true);
	}
}

static void
expect_refused(const char *const *paths, unsigned count, const char *file, const char *message)
{
	const char *out = path_of("refused.db");
	struct diag diag = {0};
	struct stat status;

	cr_assert_not(store_merge(out, paths, count, &diag), "should say: %s", message);
	cr_expect(!strcmp(diag.file, file) && strstr(diag.message, message), "%s: %s, and not %s: %s", diag.file,
	          diag.message, file, message);
	cr_assert_neq(stat(out, &status), 0);
	cr_assert_neq(stat(path_of("refused.db.partial"), &status), 0);
}

Test(store_merge, any_number_of_shards_in_any_order_gives_one_content)
{
	static const unsigned counts[] = {1, 2, 3, MOST};
	char *expected = NULL;

	for (unsigned i = 0; i < 4; i++) {
		const char *paths[MOST], *turned[MOST];

		make_shards(paths, counts[i]);
		for (unsigned turn = 0; turn < (counts[i] < 3 ? counts[i] : 3); turn++) {
			const char *out = path_of("out.db");
			struct diag diag = {0};
			char *content;

			for (unsigned j = 0; j < counts[i]; j++)
				turned[j] = paths[(j * (turn == 2 ? counts[i] - 1 : 1) + turn) % counts[i]];
			cr_assert(store_merge(out, turned, counts[i], &diag), "%s: %s", diag.file, diag.message);
			content = dump(out);
			if (!expected)
				expected = content;
			cr_expect_str_eq(content, expected, "%u shards, turned by %u", counts[i], turn);
			cr_expect_eq(number_in(out, "SELECT sum(seconds * 10) FROM runs"), 30 * counts[i]);
			if (content != expected)
				free(content);
			unlink(out);
		}
	}
	free(expected);
}

Test(store_merge, the_result_is_the_whole_level_and_reads_and_goes_on_like_it)
{
	const char *paths[MOST], *out = path_of("out.db");
	struct seen seen;
	struct store *store;
	struct store_run of = run_of("sparse", "0.6.4");
	struct diag diag = {0};
	uint64_t reused;

	make_shards(paths, 3);
	cr_assert(store_merge(out, paths, 3, &diag), "%s: %s", diag.file, diag.message);
	must_read(out, &seen);
	cr_assert_eq(seen.cases, level.count);
	cr_assert_eq(seen.stored.families, level.families);
	for (unsigned i = 0; i < level.count; i++) {
		cr_assert_str_eq(seen.of[i].id, level.cases[i].id);
		cr_assert_eq(seen.state[1][i], i % 11 ? state_of(i, 0, 1) : ANSWER_NOT_RUN);
		cr_assert_eq(seen.state[0][i], i % 11 ? state_of(i, 0, 0) : ANSWER_NOT_RUN);
	}
	cr_assert_gt(number_in(out, "SELECT count(*) FROM answers WHERE why IS NOT NULL"), 0);
	cr_assert_eq(number_in(out, "SELECT sum((why IS NULL) = (state = 'garbled')) FROM answers"), 0);
	cr_assert_eq(number_in(out, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
	cr_assert_eq(number_in(out, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
	store = must_open(out, false);
	cr_assert(store_level(store, level.name, level.shard, &level.filter, level.cases, level.count, &diag),
	          "%s", diag.message);
	must_begin(store, &of, STORE_RESUME, &reused);
	cr_assert_gt(reused, level.count / 2);
	store_close(store);
}

Test(store_merge, shards_that_are_missing_or_twice_or_of_another_level_are_refused)
{
	const char *three[MOST], *two[MOST];

	make_shards(three, 3);
	make_shards(two, 2);
	expect_refused(three, 2, "merge", "shard 2/3 of level smoke is missing");
	expect_refused(three + 1, 2, "merge", "shard 0/3 of level smoke is missing");
	expect_refused((const char *[]){three[0], three[2]}, 2, "merge", "shard 1/3");
	expect_refused((const char *[]){three[0], three[1], three[1]}, 3, three[1], "is shard 1/3, and so is");
	expect_refused((const char *[]){three[0], two[1]}, 2, two[1], "is shard 1/2 of level smoke");
	expect_refused(three, 0, "merge", "give the databases");
	expect_refused((const char *[]){three[0], path_of("no.db")}, 2, path_of("no.db"), "cannot open");
	cr_assert(tree_write(path_of("text.db"), "no database, in truth", 21));
	expect_refused((const char *[]){three[0], path_of("text.db")}, 2, path_of("text.db"), "no database");
	execute(two[1], "UPDATE level SET name = 'standard'");
	expect_refused(two, 2, two[1], "of level standard");
	execute(two[1], "UPDATE level SET name = 'smoke', suite = '0'");
	expect_refused(two, 2, two[1], "suite 0");
	execute(two[1], "DELETE FROM level");
	expect_refused(two, 2, two[1], "holds no level");
}

Test(store_merge, a_run_that_is_missing_or_not_finished_or_made_in_another_way_is_refused)
{
	static const char *const changes[][2] = {
		{"UPDATE tools SET version = '0.6.3' WHERE name = 'sparse'",
	     "its version is '0.6.3', and '0.6.4' in"},
		{"UPDATE tools SET exe_hash = 'x' WHERE name = 'sparse'", "its program is 'x', and '0123' in"},
		{"UPDATE adapters SET hash = 'x' WHERE name = 'sparse'", "its adapter is 'x'"},
		{"UPDATE runs SET arguments = 'x' WHERE checker = 'sparse'", "its arguments is 'x'"},
		{"UPDATE runs SET limits = 'x' WHERE checker = 'sparse'", "its limits is 'x'"},
		{"UPDATE runs SET world_hash = 'x' WHERE checker = 'sparse'", "its world is 'x'"},
		{"UPDATE runs SET containment = 'x' WHERE checker = 'sparse'", "its containment is 'x'"},
		{"UPDATE runs SET repeats = 2 WHERE checker = 'sparse'", "its number of repeats is '2', and '1' in"},
		{"UPDATE runs SET key = 'x' WHERE checker = 'sparse'", "its key is 'x'"},
		{"UPDATE runs SET finished = 0 WHERE checker = 'sparse'", "the run of sparse is not finished"},
		{"DELETE FROM answers WHERE run = (SELECT run FROM runs WHERE checker = 'sparse') AND number = 5",
	     "sparse has no answer, or too few, to case 5 ("},
		{"DELETE FROM answers WHERE run = (SELECT run FROM runs WHERE checker = 'dynamic') AND number = 5"
	     " AND repeat = 1",
	     "dynamic has no answer, or too few, to case 5 ("},
		{"INSERT INTO answers SELECT run, number, 1, state, 0, 0, 0, 0, 0, NULL, '[]', NULL, NULL FROM answers"
	     " JOIN runs USING (run) WHERE checker = 'sparse' AND number = 5",
	     "an answer to case 5 that was not asked for"},
		{"UPDATE answers SET number = 4 WHERE run = (SELECT run FROM runs WHERE checker = 'sparse') AND"
	     " number = 5",
	     "to case 5"},
		{"DELETE FROM cases WHERE number = 5", "damaged: should hold"},
	};
	const char *paths[MOST];
	unsigned part; /* holds case 5 */
	struct buf sound = {0};

	make_shards(paths, 2);
	part = number_in(paths[1], "SELECT count(*) FROM cases WHERE number = 5") ? 1 : 0;
	cr_assert(buf_read_file(&sound, paths[1], 1 << 24));
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		const char *copies[2] = {paths[0], path_of("changed.db")};

		if (!part) { /* then the shards change places, the first of the two is the changed one's fellow */
			buf_clear(&sound);
			cr_assert(buf_read_file(&sound, paths[0], 1 << 24));
			copies[0] = paths[1];
		}
		cr_assert(tree_write(copies[1], sound.data, sound.len));
		execute(copies[1], changes[i][0]);
		if (part || i >= 9)
			expect_refused(copies, 2, copies[1], changes[i][1]);
	}
	buf_free(&sound);
	execute(paths[1], "PRAGMA foreign_keys = ON; DELETE FROM runs WHERE checker = 'sparse'");
	expect_refused(paths, 2, paths[1], "has no run of sparse, as");
	execute(paths[0], "PRAGMA foreign_keys = ON; DELETE FROM runs");
	expect_refused(paths, 2, paths[1], "has a run of dynamic, and");
}

Test(store_merge, a_case_in_two_shards_is_refused_and_a_void_shard_makes_all_void)
{
	const char *paths[MOST], *out = path_of("out.db");
	struct diag diag = {0};
	struct seen seen;

	make_shards(paths, 2);
	execute(paths[0], "UPDATE level SET shard = 1");
	unlink(paths[1]);
	paths[1] = make_shard("again.db", (struct shard){0, 2}, true);
	expect_refused(paths, 2, paths[0], "is in the database of another shard too");

	make_shards(paths, 3);
	execute(paths[2], "UPDATE runs SET why_not = 'void: a canary' WHERE checker = 'sparse'");
	cr_assert(store_merge(out, paths, 3, &diag), "%s: %s", diag.file, diag.message);
	must_read(out, &seen);
	cr_assert_null(seen.stored.checker[0].why_not);
	cr_assert_str_eq(seen.stored.checker[1].why_not, "void: a canary");
}

/* A pair of which one id is in another shard too goes with its answers, the one that comes first in the level
 * stays. */
Test(store_merge, each_answer_keeps_its_output)
{
	const char *paths[MOST], *out = path_of("out.db");
	struct diag diag = {0};
	long outputs = 0;

	make_shards(paths, 3);
	for (unsigned i = 0; i < 3; i++)
		outputs += number_in(paths[i], "SELECT count(output) FROM answers");
	cr_assert_gt(outputs, 0);
	cr_assert(store_merge(out, paths, 3, &diag), "%s: %s", diag.file, diag.message);
	cr_assert_eq(number_in(out, "SELECT count(output) FROM answers"), outputs);
	cr_assert_eq(number_in(out, "SELECT count(*) FROM outputs WHERE output NOT IN (SELECT output FROM answers"
	                            " WHERE output IS NOT NULL)"),
	             0);
}

Test(store_merge, pairs_that_two_shards_of_a_dealt_level_share_are_kept_once)
{
	const char *paths[MOST], *out = path_of("out.db");
	unsigned kept, dropped, twin;
	struct diag diag = {0};
	struct seen seen;
	char sql[200];

	make_shards(paths, 2);
	kept = (unsigned)number_in(paths[0], "SELECT min(number) FROM cases");
	dropped = (unsigned)number_in(paths[1], "SELECT max(number) FROM cases");
	snprintf(sql, sizeof sql, "UPDATE cases SET id = '%s' WHERE number = %u", level.cases[kept].id, dropped);
	execute(paths[1], sql);
	twin = level.cases[dropped].twin;
	snprintf(sql, sizeof sql,
	         "INSERT INTO outputs VALUES (5, 'hash', 1, ''); UPDATE answers SET output = 5 WHERE"
	         " number = %u",
	         dropped);
	execute(paths[1], sql);
	for (unsigned turn = 0; turn < 2; turn++) {
		const char *turned[] = {paths[turn], paths[!turn]};

		cr_assert(store_merge(out, turned, 2, &diag), "%s: %s", diag.file, diag.message);
		cr_assert_eq(number_in(out, "SELECT count(*) FROM cases"), level.count - 2L);
		cr_assert_eq(number_in(out, "SELECT cases FROM level"), level.count - 2L);
		snprintf(sql, sizeof sql, "SELECT count(*) FROM cases WHERE number IN (%u, %u)", dropped, twin);
		cr_assert_eq(number_in(out, sql), 0);
		cr_assert_eq(number_in(out, "SELECT count(*) FROM answers"), 4 * (level.count - 2L));
		cr_assert_eq(number_in(out, "SELECT count(*) FROM outputs WHERE hash = 'hash'"), 0);
		cr_assert_eq(number_in(out, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
		must_read(out, &seen);
		cr_assert_eq(seen.cases, level.count - 2);
		unlink(out);
	}
}

Test(store_merge, what_stands_under_the_result_s_name_is_left_alone)
{
	const char *paths[MOST], *out = path_of("out.db");
	struct store *store;
	struct diag diag = {0};
	char *before, *after;

	make_shards(paths, 2);
	before = dump(paths[0]);
	cr_assert_not(store_merge(paths[0], paths, 2, &diag));
	cr_assert(strstr(diag.message, "is there already") && !strcmp(diag.file, paths[0]));
	after = dump(paths[0]);
	cr_assert_str_eq(before, after);
	free(before);
	free(after);
	cr_assert_not(store_merge(path_of("no/out.db"), paths, 2, &diag));
	cr_assert(strstr(diag.message, "cannot open"), "%s", diag.message);
	/* what a killed merge left is cleared away, what another makes is not */
	cr_assert(tree_write(path_of("out.db.partial"), "half", 4));
	cr_assert(store_merge(out, paths, 2, &diag), "%s: %s", diag.file, diag.message);
	unlink(out);
	store = must_open(path_of("out.db.partial"), false);
	cr_assert_not(store_merge(out, paths, 2, &diag));
	cr_assert(strstr(diag.message, "another lockdrill"), "%s", diag.message);
	store_close(store);
}

Test(store_merge, parts_of_the_schema_before_are_merged_without_their_messages)
{
	const char *paths[] = {make_shard("0.db", (struct shard){0, 2}, true),
	                       make_shard("1.db", (struct shard){1, 2}, true)};
	const char *out = path_of("out.db");
	struct diag diag = {0};
	long all;

	all = number_in(paths[1], "SELECT count(message) FROM answers");
	cr_assert_gt(all, 0);
	execute(paths[0],
	        "ALTER TABLE answers DROP COLUMN message; ALTER TABLE earlier_answers DROP COLUMN message;"
	        "PRAGMA user_version = 5");
	cr_assert(store_merge(out, paths, 2, &diag), "%s: %s", diag.file, diag.message);
	cr_expect_eq(number_in(out, "SELECT count(message) FROM answers"), all);
	cr_expect_eq(number_in(out, "PRAGMA user_version"), STORE_VERSION);
}
