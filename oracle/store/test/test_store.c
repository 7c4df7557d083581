/* store: what is written is read back, a second run replaces the first, and what cannot be opened or written
 * is told with its path. */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store_fixture.h"
#include "version.h"

TestSuite(store, .init = fixture_begin, .fini = fixture_end, .timeout = 60);

static void
expect_case(const struct stored_case *stored, const struct suite_case *of)
{
	unsigned found = 0;

	cr_assert_eq(stored->number, of->number);
	cr_assert_eq(stored->twin, of->twin);
	cr_assert_str_eq(stored->id, of->id);
	cr_assert_str_eq(stored->rule, of->rule->name);
	cr_assert_str_eq(stored->ladder, ladder_name(of->ladder));
	cr_assert_eq(stored->contested, of->contested);
	cr_assert_eq(stored->readings, of->rule->readings);
	for (unsigned i = 0; i < stored->readings; i++) {
		unsigned reading;

		cr_assert(rule_find_reading(of->rule, stored->reading[i].name, &reading));
		cr_assert_eq(stored->reading[i].outcome, of->verdict[reading].outcome);
		cr_assert_eq(stored->headline == i, reading == of->rule->headline);
		cr_assert_eq(stored->reading[i].findings, of->verdict[reading].count);
		found |= 1U << reading;
	}
	cr_assert_eq(found, (1U << of->rule->readings) - 1);
	cr_assert(stored->shapes[0] == '{');
}

/* While the pair is at hand. */
static void
expect_findings(const struct stored_case *stored, const struct suite_case *of)
{
	for (unsigned i = 0; i < stored->readings; i++) {
		const struct stored_reading *in = &stored->reading[i];
		unsigned reading;

		cr_assert(rule_find_reading(of->rule, in->name, &reading));
		for (unsigned j = 0; j < in->findings; j++) {
			cr_assert_eq(in->finding[j].kind, of->verdict[reading].finding[j].kind);
			cr_assert_eq(in->finding[j].line, of->verdict[reading].finding[j].line);
		}
	}
}

Test(store, what_is_written_is_read_back)
{
	const char *path = path_of("a.db");
	struct store *store = must_open(path, false);
	struct store_run coin = run_of("coin", "");
	struct seen seen;
	struct diag diag;
	uint64_t reused;
	int64_t run;

	cr_assert(store_level(store, level.name, level.shard, &level.filter, level.cases, level.count, &diag),
	          "%s", diag.message);
	write_run(store, "sparse", "0.6.4", 0);
	coin.containment = "bubblewrap";
	run = must_begin(store, &coin, STORE_REUSE, &reused);
	cr_assert(store_end_run(store, run, "no coin here", 0, &diag));
	store_close(store);

	must_read(path, &seen);
	cr_assert_str_eq(seen.stored.level, "smoke");
	cr_assert_str_eq(seen.stored.suite, SUITE_VERSION);
	cr_assert_eq(seen.stored.cases, level.count);
	cr_assert_eq(seen.stored.families, level.families);
	cr_assert_eq(seen.cases, level.count);
	for (unsigned i = 0; i < level.count; i++)
		expect_case(&seen.of[i], &level.cases[i]);
	cr_assert_eq(seen.stored.checkers, 2);
	expect_run(&seen, 1, "sparse", "0.6.4", 0);
	cr_assert_str_eq(seen.stored.checker[1].containment, "none");
	cr_assert_eq(seen.stored.checker[1].declareds, 2);
	cr_assert_str_eq(seen.stored.checker[1].declared[0][0], "SpinlockRelease");
	cr_assert_str_eq(seen.stored.checker[1].declared[0][1], "slic7600");
	cr_assert_str_eq(seen.stored.checker[0].name, "coin");
	cr_assert_str_eq(seen.stored.checker[0].why_not, "no coin here");
	cr_assert_str_eq(seen.stored.checker[0].containment, "bubblewrap");
	for (unsigned i = 0; i < level.count; i++)
		cr_assert_eq(seen.state[0][i], ANSWER_NOT_RUN);
}

Test(store, the_cases_of_one_rule_are_read_alone)
{
	struct store *store = must_open(path_of("a.db"), false);
	struct buf names = {0};
	unsigned all = 0;
	struct diag diag;

	cr_assert(store_level(store, level.name, level.shard, &level.filter, level.cases, level.count, &diag));
	for (unsigned i = 0; i < level.rules; i++) {
		const struct stored_pair *pair;
		const struct filter filter = {.rules = {1, {level.rule[i]->name}}};
		struct stored stored;
		unsigned cases = 0;

		cr_assert(store_read(store, &stored, &filter, &arena, &diag), "%s", diag.message);
		while (store_next_pair(store, &stored, &pair, &diag) && pair)
			for (unsigned half = 0; half < pair->cases; half++, cases++) {
				cr_assert_str_eq(pair->of[half].rule, level.rule[i]->name);
				expect_findings(&pair->of[half], &level.cases[pair->of[half].number]);
			}
		cr_assert(cases && cases == stored.cases);
		all += cases;
	}
	cr_assert_eq(all, level.count);
	cr_assert(store_names(store, STORE_RULES, &names, &diag));
	for (unsigned i = 0; i < level.rules; i++)
		cr_assert(strstr(names.data, level.rule[i]->name));
	buf_clear(&names);
	cr_assert(store_names(store, STORE_READINGS, &names, &diag));
	cr_assert(strstr(names.data, "alternate") && strstr(names.data, "slic7600"));
	buf_free(&names);
	store_close(store);
}

/* Every filter of a database is the same filter of the level's cases, in memory. */
Test(store, what_a_filter_reads_is_what_it_fits)
{
	const struct filter filters[] = {
		{.roles = {1, {"dispatch"}}},
		{.ladder = {2, {"loops", "aliases"}}},
		{.shapes = {2, {"place=global", "place=heap"}}},
		{.shapes = {2, {"helper=none", "alias=direct"}}},
		{.cases = {1, {level.cases[5].id}}},
		{.sample = 20, .seed = 7},
		{.rules = {1, {level.rule[0]->name}}, .sample = 6, .seed = 7},
	};
	struct store *store = must_open(path_of("a.db"), false);
	struct diag diag;

	cr_assert(store_level(store, level.name, level.shard, &level.filter, level.cases, level.count, &diag));
	for (size_t f = 0; f < sizeof filters / sizeof *filters; f++) {
		const struct stored_pair *pair;
		struct stored stored;
		unsigned read = 0, fit = 0;

		cr_assert(store_read(store, &stored, &filters[f], &arena, &diag), "%s", diag.message);
		while (store_next_pair(store, &stored, &pair, &diag) && pair) {
			const struct suite_case *one = &level.cases[pair->of[0].number], *two = &level.cases[one->twin];

			cr_assert(filter_fits_case(&filters[f], one) || filter_fits_case(&filters[f], two));
			read += pair->cases;
		}
		for (unsigned i = 0; i < level.count; i++)
			fit += filter_fits_case(&filters[f], &level.cases[i]) ||
			       filter_fits_case(&filters[f], &level.cases[level.cases[i].twin]);
		cr_assert(read && read == stored.cases && read < level.count, "filter %zu: %u", f, read);
		cr_assert_eq(read, filters[f].sample ? filters[f].sample : fit, "filter %zu: %u of %u", f, read, fit);
		cr_assert_eq(stored.all, level.count);
	}
	store_close(store);
}

Test(store, another_level_is_refused)
{
	/* each is undone by the next */
	static const char *const changes[] = {
		"UPDATE cases SET text_hash = text_hash || 'x' WHERE number = 3",
		"UPDATE cases SET text_hash = rtrim(text_hash, 'x'), id = id || 'x' WHERE number = 3",
		"UPDATE cases SET id = rtrim(id, 'x'); UPDATE level SET shards = 3",
		"UPDATE level SET shards = 1, shard = 1",
		"UPDATE level SET shard = 0, name = 'standard'",
		("UPDATE level SET name = 'smoke';"
	     " INSERT INTO cases SELECT 100000, 'x', twin, rule, model, role, sequence,"
	     " shapes, ladder, family, contested, deadlock, edit, text_hash FROM cases WHERE number = 3"),
		"DELETE FROM cases WHERE number IN (3, 100000)",
	};
	const struct filter filter = {.rules = {.count = 1, .word = {"SpinlockRelease"}}};
	const char *path = path_of("a.db");
	struct store *store = must_open(path, false);
	struct buf dispute = {0};
	struct level other;
	struct diag diag = {0};

	cr_assert(level_make(&other, "smoke", &filter, (struct shard){0, 1}, &dispute, &diag));
	cr_assert(store_level(store, level.name, level.shard, &level.filter, level.cases, level.count, &diag));
	cr_assert_not(
		store_level(store, other.name, other.shard, &other.filter, other.cases, other.count, &diag));
	cr_assert_str_eq(diag.file, path);
	cr_assert(strstr(diag.message, "filters: none, not: rule SpinlockRelease"), "%s", diag.message);
	store_close(store);
	level_free(&other);
	for (unsigned i = 0; i < sizeof changes / sizeof *changes; i++) {
		execute(path, changes[i]);
		store = must_open(path, false);
		cr_assert_not(
			store_level(store, level.name, level.shard, &level.filter, level.cases, level.count, &diag), "%s",
			changes[i]);
		cr_assert(strstr(diag.message, "other cases"), "%s", diag.message);
		store_close(store);
	}
}

static bool
store_cases(struct store *store, const struct suite_case *cases, struct diag *diag)
{
	return store_level_begin(store, "smoke", level.shard, NULL, diag) &&
	       store_level_add(store, cases, level.count, diag) && store_level_end(store, diag);
}

/* As batches of a dealt level do, which do not know of each other. */
Test(store, of_pairs_that_share_an_id_the_first_is_stored_and_the_other_wants_no_answer)
{
	const char *path = path_of("a.db");
	struct store *store = must_open(path, false);
	struct suite_case *cases = arena_alloc(&arena, level.count * sizeof *cases);
	struct suite_case *last = &cases[level.count - 1];
	struct store_run of = run_of("sparse", "1");
	struct diag diag = {0};
	struct seen seen;
	uint64_t reused;
	unsigned wanted = 0;
	int64_t run;

	memcpy(cases, level.cases, level.count * sizeof *cases);
	memcpy(last->id, cases[0].id, HASH_TEXT);
	cr_assert(store_cases(store, cases, &diag), "%s", diag.message);
	cr_assert(store_cases(store, cases, &diag), "again: %s", diag.message);
	run = must_begin(store, &of, STORE_REUSE, &reused);
	for (unsigned i = 0; i < level.count; i++) {
		bool wants = wants_answer(store, run, cases[i].number, 0);

		cr_assert_eq(wants, i != last->number && i != last->twin, "case %u", i);
		wanted += wants;
	}
	cr_assert(store_end_run(store, run, NULL, 0, &diag));
	cr_assert_eq(number_in(path, "SELECT count(*) FROM answers"), wanted);
	cr_assert(read_all(store, &seen, &diag), "%s", diag.message);
	cr_assert_eq(seen.cases, level.count - 2);
	cr_assert_not(store_cases(store, level.cases, &diag), "the last pair is another now");
	cr_assert(strstr(diag.message, "other cases"));
	store_close(store);
}

/* A level that is not stored to its end is not stored. */
Test(store, half_a_level_is_none)
{
	const char *path = path_of("a.db");
	struct store *store = must_open(path, false);
	struct suite_case wrong = level.cases[1];
	struct diag diag = {0};

	wrong.number = level.cases[0].number;
	cr_assert(store_level_begin(store, "smoke", level.shard, NULL, &diag));
	cr_assert(store_level_add(store, level.cases, 1, &diag));
	cr_assert_not(store_level_add(store, &wrong, 1, &diag));
	cr_assert(store_commit(store, &diag));
	cr_assert_eq(number_in(path, "SELECT (SELECT count(*) FROM cases) + (SELECT count(*) FROM level)"), 0);
	cr_assert(store_level(store, level.name, level.shard, &level.filter, level.cases, level.count, &diag),
	          "%s", diag.message);
	store_close(store);
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
	execute(path, "PRAGMA user_version = 99");
	refuses(path, false, "newer");
	refuses(path, true, "version 99");
	execute(path, "PRAGMA user_version = 4");
	refuses(path, false,
	        "older lockdrill: schema version 4, this one knows 6: run the checkers again, into another file");
	refuses(path, true, "schema version 4");
}

Test(store, a_database_without_a_level_has_nothing_to_read)
{
	struct store *store = must_open(path_of("a.db"), false);
	struct seen seen;
	struct diag diag = {0};

	cr_assert_not(read_all(store, &seen, &diag));
	cr_assert(strstr(diag.message, "no level"));
	store_close(store);
}

Test(store, a_closed_database_is_one_file_that_is_read_where_nothing_may_be_written)
{
	const char *path = path_of("below/a.db");
	struct store *store;
	struct seen seen;
	struct stat status;
	struct diag diag;

	cr_assert_eq(mkdir(path_of("below"), 0700), 0);
	store = must_open(path, false);
	cr_assert(store_level(store, level.name, level.shard, &level.filter, level.cases, level.count, &diag),
	          "%s", diag.message);
	write_run(store, "sparse", "0.6.4", 0);
	store_close(store);
	for (unsigned i = 0; i < 2; i++) { /* reading leaves nothing beside it either */
		cr_assert_neq(stat(path_of("below/a.db-wal"), &status), 0);
		cr_assert_neq(stat(path_of("below/a.db-shm"), &status), 0);
		must_read(path, &seen);
	}
}

Test(store, what_is_missing_in_a_damaged_database_is_told_and_not_taken_for_less)
{
	static const char *const rows[] = {
		"DELETE FROM cases WHERE number = 3",
		"DELETE FROM cases WHERE number = 3 OR twin = 3",
		"UPDATE level SET cases = cases + 1",
		"DELETE FROM cases WHERE number = (SELECT max(number) FROM cases)",
		"UPDATE cases SET twin = 4294967295 WHERE number = 3",
		"UPDATE cases SET twin = (SELECT max(number) FROM cases) WHERE number = 3",
		"UPDATE cases SET twin = 0 WHERE number = (SELECT max(number) FROM cases)",
		"UPDATE cases SET rule = 'x' WHERE number = 3",
		"UPDATE cases SET twin = -1 WHERE number = 3",
		"DELETE FROM expectations WHERE number = 3",
		"UPDATE expectations SET headline = 0 WHERE number = 3",
		"UPDATE expectations SET headline = 1 WHERE number = 3",
		("UPDATE findings SET kind = 'x' WHERE number = (SELECT min(number) FROM expectations WHERE headline"
	     " AND verdict = 'violation')"),
		"UPDATE answers SET state = 'x' WHERE number = 3",
		"UPDATE answers SET number = 100000 WHERE number = 3",
		"UPDATE answers SET repeat = 1 WHERE number = 3",
		"UPDATE answers SET seconds = -1 WHERE number = 3",
		"UPDATE answers SET findings = '[{\"kind\":\"x\",\"line\":1}]' WHERE number = 3",
		"UPDATE expectations SET verdict = 'x' WHERE number = 3",
		"UPDATE cases SET contested = NOT contested WHERE number = 3",
		"UPDATE cases SET family = 'zz' WHERE number = 3",
		"UPDATE cases SET shapes = '{}' WHERE number = 3",
		"DELETE FROM findings",
		"UPDATE declared SET reading = 'x' WHERE rule = 'SpinlockRelease'",
		"UPDATE runs SET repeats = 0",
		"UPDATE runs SET repeats = 4000000000",
		"DELETE FROM tools",
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *path = path_of("a.db");
		struct store *store = must_open(path, false);
		struct diag diag = {0};
		struct seen seen;

		cr_assert(
			store_level(store, level.name, level.shard, &level.filter, level.cases, level.count, &diag));
		write_run(store, "sparse", "0.6.4", 0);
		store_close(store);
		execute(path, rows[i]);
		store = must_open(path, true);
		cr_expect(!read_all(store, &seen, &diag) && strstr(diag.message, "damaged") &&
		              !strcmp(diag.file, path),
		          "%s: %s", rows[i], diag.message);
		store_close(store);
		unlink(path);
	}
}

/* Pages overwritten by noise, one after the other: either the same is read, or it is refused with a message.
 */
Test(store, noise_in_a_page_is_refused_or_does_no_harm)
{
	const char *path = path_of("a.db");
	struct store *store = must_open(path, false);
	struct buf sound = {0};
	struct diag diag;

	cr_assert(store_level(store, level.name, level.shard, &level.filter, level.cases, level.count, &diag));
	write_run(store, "sparse", "0.6.4", 0);
	store_close(store);
	cr_assert(buf_read_file(&sound, path, 1 << 24));
	for (size_t page = 0; page < sound.len; page += 4096) {
		struct diag found = {0};
		struct seen seen;
		char kept[4096];

		memcpy(kept, sound.data + page, sizeof kept);
		for (size_t i = 0; i < sizeof kept; i++)
			sound.data[page + i] = (char)((page + i) * 2654435761U >> 13);
		cr_assert(tree_write(path, sound.data, sound.len));
		memcpy(sound.data + page, kept, sizeof kept);
		store = store_open(path, true, &found);
		if (store && read_all(store, &seen, &found)) {
			cr_expect_eq(seen.cases, level.count, "page %zu", page / 4096);
			expect_run(&seen, 0, "sparse", "0.6.4", 0);
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
	ok = store &&
	     store_level(store, level.name, level.shard, &level.filter, level.cases, level.count, &diag) &&
	     store_commit(store, &diag);
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
			cr_assert(
				store_level(store, level.name, level.shard, &level.filter, level.cases, level.count, &diag),
				"limit %lu: %s", (unsigned long)limits[i], diag.message);
			store_close(store);
		}
		unlink(path);
		unlink(path_of("full.db-wal"));
		unlink(path_of("full.db-shm"));
		unlink(path_of("full.db-journal"));
	}
}

/* messages */

/* What the first run says of a case: "WHY|MESSAGE". */
static const char *
said_in(struct store *store, int64_t run, uint32_t number)
{
	struct buf why = {0}, message = {0}, both = {0};
	const char *said;
	struct diag diag;

	cr_assert(store_said(store, run, number, &why, &message, &diag), "%s", diag.message);
	buf_all(&both, buf_string(&why), "|", buf_string(&message));
	said = arena_string(&arena, both.data);
	buf_free(&why);
	buf_free(&message);
	buf_free(&both);
	return said;
}

static uint32_t
first_with(enum answer_state state)
{
	unsigned i = 1;

	while (i % 7 == 0 || state_of(level.cases[i].number, 0, 0) != state)
		i++;
	return level.cases[i].number;
}

/* As an earlier lockdrill would have written it. */
static void
make_older(const char *path)
{
	execute(path, "ALTER TABLE answers DROP COLUMN message; ALTER TABLE earlier_answers DROP COLUMN message;"
	              "PRAGMA user_version = 5");
}

Test(store, why_and_message_of_an_answer_are_read_back)
{
	const char *path = path_of("a.db");
	struct store *store = must_open(path, false);
	struct diag diag;

	cr_assert(store_level(store, level.name, level.shard, &level.filter, level.cases, level.count, &diag));
	write_run(store, "sparse", "0.6.4", 0);
	store_close(store);
	store = must_open(path, true);
	cr_expect_str_eq(said_in(store, 1, first_with(ANSWER_VIOLATION)),
	                 "|000000007.c:7: what's this?\nand that");
	cr_expect_str_eq(said_in(store, 1, first_with(ANSWER_GARBLED)), "line 3: what's this?|");
	cr_expect_str_eq(said_in(store, 1, first_with(ANSWER_PASS)), "|");
	cr_expect_str_eq(said_in(store, 1, level.cases[0].number), "|", "not-run");
	cr_expect_str_eq(said_in(store, 2, 0), "|", "no such run");
	store_close(store);
}

Test(store, a_database_of_the_schema_before_is_read_and_then_renewed)
{
	const char *path = path_of("a.db");
	struct store *store = must_open(path, false);
	struct seen before, seen;
	struct diag diag;

	cr_assert(store_level(store, level.name, level.shard, &level.filter, level.cases, level.count, &diag));
	write_run(store, "sparse", "0.6.4", 0);
	write_run(store, "sparse", "0.6.5", 1);
	store_close(store);
	must_read(path, &before);
	make_older(path);
	must_read(path, &seen);
	cr_expect_eq(number_in(path, "PRAGMA user_version"), 5, "reading changes nothing");
	cr_expect_eq(memcmp(seen.state[0], before.state[0], level.count), 0);
	store = must_open(path, true);
	cr_expect_str_eq(said_in(store, before.stored.checker[0].run, first_with(ANSWER_GARBLED) - 1),
	                 "line 3: what's this?|");
	store_close(store);

	store = must_open(path, false);
	write_run(store, "other", "1", 0);
	write_run(store, "sparse", "0.6.4", 0); /* changes places with the other */
	store_close(store);
	cr_expect_eq(number_in(path, "PRAGMA user_version"), STORE_VERSION);
	cr_expect_gt(number_in(path, "SELECT count(message) FROM answers"), 0);
	cr_expect_eq(number_in(path, "SELECT count(message) FROM earlier_answers"), 0);
	must_read(path, &seen);
	cr_expect_eq(seen.stored.checkers, 2);
}

Test(store, a_pair_is_found_by_the_number_of_either_twin)
{
	const char *path = path_of("a.db");
	struct store *store = must_open(path, false);
	const struct stored_pair *pair;
	struct stored stored;
	struct buf adapter = {0};
	struct diag diag;

	cr_assert(store_level(store, level.name, level.shard, &level.filter, level.cases, level.count, &diag));
	write_run(store, "sparse", "0.6.4", 0);
	store_close(store);
	store = must_open(path, true);
	cr_assert(store_read(store, &stored, NULL, &arena, &diag), "%s", diag.message);
	do
		cr_assert(store_next_pair(store, &stored, &pair, &diag), "%s", diag.message);
	while (pair);
	for (unsigned i = 0; i < level.count; i++) {
		const struct suite_case *of = &level.cases[i];

		cr_assert(store_pair_of(store, &stored, of->number, &pair, &diag), "%s", diag.message);
		cr_assert_eq(pair->cases, 2);
		expect_case(&pair->of[0], of);
		cr_assert_eq(pair->of[1].number, of->twin);
		cr_expect_str_eq(pair->of[0].sequence, of->sequence);
		cr_expect_str_eq(pair->of[0].role, of->rule->role[of->role].name);
		cr_expect_eq(pair->answer[0][0].state[0], i % 7 ? state_of(of->number, 0, 0) : ANSWER_NOT_RUN);
	}
	cr_expect_not(store_pair_of(store, &stored, 4000000, &pair, &diag));
	cr_expect(strstr(diag.message, "there is no case 4000000"));
	cr_assert(store_adapter(store, stored.checker[0].run, &adapter, &diag), "%s", diag.message);
	cr_expect_str_eq(adapter.data, "adapter: of bytes\n");
	cr_expect_not(store_adapter(store, 77, &adapter, &diag));
	buf_free(&adapter);
	store_close(store);
}
