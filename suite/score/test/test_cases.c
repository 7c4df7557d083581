/* cases: in which way answers are wrong; and the formats that list cases, JUnit XML and SARIF, of a database
 * with each kind of answer: what they list is what is counted. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "level.h"
#include "mistake.h"
#include "place.h"
#include "report.h"
#include "tree.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(cases, .fini = end);

Test(cases, a_mistake_is_what_is_most_wrong_of_an_answer)
{
	static const struct stored_finding finding = {.kind = KIND_DOUBLE_ACQUIRE, .line = 7, .lines = "9 11"};
	static const struct {
		enum outcome expected;
		enum answer_state state;
		unsigned findings;
		struct answer_finding finding[2];
		enum mistake mistake;
	} rows[] = {
		{OUTCOME_PASS, ANSWER_PASS, 0, {{0}}, MISTAKE_COUNT},
		{OUTCOME_PASS, ANSWER_VIOLATION, 0, {{0}}, MISTAKE_ALARM},
		{OUTCOME_PASS, ANSWER_TIMEOUT, 0, {{0}}, MISTAKE_SILENCE},
		{OUTCOME_VIOLATION, ANSWER_PASS, 0, {{0}}, MISTAKE_MISSED},
		{OUTCOME_VIOLATION, ANSWER_NOT_RUN, 0, {{0}}, MISTAKE_SILENCE},
		{OUTCOME_VIOLATION, ANSWER_VIOLATION, 0, {{0}}, MISTAKE_COUNT},
		{OUTCOME_VIOLATION, ANSWER_VIOLATION, 1, {{KIND_COUNT, 0}}, MISTAKE_COUNT},
		{OUTCOME_VIOLATION, ANSWER_VIOLATION, 1, {{KIND_DOUBLE_ACQUIRE, 7}}, MISTAKE_COUNT},
		{OUTCOME_VIOLATION, ANSWER_VIOLATION, 1, {{KIND_DOUBLE_ACQUIRE, 11}}, MISTAKE_COUNT},
		{OUTCOME_VIOLATION, ANSWER_VIOLATION, 1, {{KIND_DOUBLE_ACQUIRE, 8}}, MISTAKE_PLACE},
		{OUTCOME_VIOLATION, ANSWER_VIOLATION, 1, {{KIND_COUNT, 8}}, MISTAKE_PLACE},
		{OUTCOME_VIOLATION, ANSWER_VIOLATION, 1, {{KIND_MISSING_RELEASE, 7}}, MISTAKE_KIND},
		{OUTCOME_VIOLATION, ANSWER_VIOLATION, 1, {{KIND_MISSING_RELEASE, 0}}, MISTAKE_KIND},
		{OUTCOME_VIOLATION,
	     ANSWER_VIOLATION,
	     2,
	     {{KIND_MISSING_RELEASE, 1}, {KIND_DOUBLE_ACQUIRE, 7}},
	     MISTAKE_COUNT},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct stored_finding copy = finding;
		uint8_t state = (uint8_t)rows[i].state;
		const struct stored_reading expected = {
			.outcome = rows[i].expected, .findings = rows[i].expected == OUTCOME_VIOLATION, .finding = &copy};
		const struct stored_answer answer = {
			.state = &state, .findings = rows[i].findings, .finding = rows[i].finding};

		cr_expect_eq(mistake_of(&answer, &expected), rows[i].mistake, "row %zu: %d", i,
		             (int)mistake_of(&answer, &expected));
	}
}

/* A database of smoke, whose answers are pass, violation with a line that is wrong, and time-out in turn. */
static struct store *
make_store(const char *directory)
{
	const struct store_run run = {.checker = "a<b",
	                              .version = "1 \"x\"",
	                              .exe_hash = "",
	                              .adapter = "",
	                              .arguments = "",
	                              .limits = "",
	                              .world_hash = "",
	                              .containment = "none",
	                              .repeats = 1};
	static const struct answer_finding finding = {KIND_COUNT, 1};
	struct level level;
	struct store *store;
	struct buf path = {0}, dispute = {0};
	uint64_t reused;
	struct diag diag;
	int64_t number;

	cr_assert(level_make(&level, "smoke", NULL, (struct shard){0, 1}, &dispute, &diag), "%s", diag.message);
	buf_printf(&path, "%s/db", directory);
	store = store_open(path.data, false, &diag);
	cr_assert(store && store_level(store, level.name, level.shard, NULL, level.cases, level.count, &diag),
	          "%s", diag.message);
	cr_assert(store_begin_run(store, &run, STORE_FRESH, &number, &reused, &diag));
	for (unsigned i = 0; i < level.count; i++) {
		static const enum answer_state states[] = {ANSWER_PASS, ANSWER_VIOLATION, ANSWER_TIMEOUT};
		struct answer answer = {.state = states[i * 7 % 3],
		                        .seconds = 0.25,
		                        .why = "no <end> & \"no\" way",
		                        .message = "said {0}"};

		if (answer.state == ANSWER_VIOLATION) {
			answer.count = 1;
			answer.finding = &finding;
		}
		cr_assert(store_answer(store, number, &level.cases[i], 0, &answer, &diag), "%s", diag.message);
	}
	cr_assert(store_end_run(store, number, NULL, 0, &diag));
	level_free(&level);
	buf_free(&path);
	return store;
}

struct made {
	struct stored stored;
	struct score_options options;
	struct report report;
	const struct cells *cells;
	char *text;
};

static void
make_report(struct made *made, struct store *store, enum score_view view,
            bool (*print)(FILE *, struct store *, const struct report *, struct diag *))
{
	const struct stored_pair *pair;
	struct scorer *scorer;
	struct diag diag;
	size_t length;
	FILE *file = open_memstream(&made->text, &length);

	made->options = (struct score_options){.view = view};
	cr_assert(store_read(store, &made->stored, NULL, &arena, &diag), "%s", diag.message);
	scorer = score_begin(&made->stored, &made->options, &arena);
	while (store_next_pair(store, &made->stored, &pair, &diag) && pair)
		score_add(scorer, pair);
	made->report =
		(struct report){.stored = &made->stored, .options = &made->options, .score = score_end(scorer)};
	made->cells = &made->report.score[0].total[view];
	cr_assert(print(file, store, &made->report, &diag), "%s", diag.message);
	fclose(file);
}

static unsigned
occurrences(const char *text, const char *word)
{
	unsigned count = 0;

	for (const char *at = text; (at = strstr(at, word)); at += strlen(word))
		count++;
	return count;
}

static void
expect_junit(struct store *store, enum score_view view)
{
	struct buf suite = {0};
	struct made made;

	make_report(&made, store, view, report_junit);
	buf_printf(&suite, "<testsuite name=\"a&lt;b\" tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"0\">",
	           cells_cases(made.cells), made.cells->fn + made.cells->fp, cells_no_answer(made.cells));
	cr_expect(strstr(made.text, suite.data), "%s: %.2000s", suite.data, made.text);
	cr_expect_eq(occurrences(made.text, "<testcase "), cells_cases(made.cells));
	cr_expect_eq(occurrences(made.text, " type=\"missed-violation\""), made.cells->fn);
	cr_expect_eq(occurrences(made.text, " type=\"false-alarm\""), made.cells->fp);
	cr_expect_eq(occurrences(made.text, "<failure "), made.cells->fn + made.cells->fp);
	cr_expect_eq(occurrences(made.text, "<error type=\"timeout\""), cells_no_answer(made.cells));
	cr_expect_eq(occurrences(made.text, "answered timeout: no &lt;end&gt; &amp; &quot;no&quot; way\""),
	             cells_no_answer(made.cells));
	cr_expect_eq(occurrences(made.text, "time=\"0.250000\""), cells_cases(made.cells));
	cr_expect_eq(occurrences(made.text, "lockdrill show "),
	             made.cells->fn + made.cells->fp + cells_no_answer(made.cells));
	cr_expect_eq(occurrences(made.text, "the checker said: said {0}\n</"),
	             made.cells->fn + made.cells->fp + cells_no_answer(made.cells));
	cr_expect(strstr(made.text, "value=\"1 &quot;x&quot;\""));
	free(made.text);
	buf_free(&suite);
}

static unsigned
results_of(const json_t *run, const char *rule)
{
	unsigned count = 0;
	size_t i;
	json_t *result;

	json_array_foreach(json_object_get(run, "results"), i, result) count +=
		!strcmp(json_string_value(json_object_get(result, "ruleId")), rule);
	return count;
}

static void
expect_sarif(struct store *store, enum score_view view)
{
	struct made made;
	json_error_t error;
	json_t *all, *run;

	make_report(&made, store, view, report_sarif);
	all = json_loads(made.text, JSON_REJECT_DUPLICATES, &error);
	cr_assert(all, "%s", error.text);
	cr_expect_str_eq(json_string_value(json_object_get(all, "version")), "2.1.0");
	run = json_array_get(json_object_get(all, "runs"), 0);
	cr_expect_eq(results_of(run, "missed-violation"), made.cells->fn);
	cr_expect_eq(results_of(run, "false-alarm"), made.cells->fp);
	cr_expect_eq(results_of(run, "no-answer"), cells_no_answer(made.cells));
	cr_expect_eq(results_of(run, "wrong-place"), made.cells->tp);
	cr_expect_eq(json_array_size(json_object_get(run, "results")),
	             made.cells->fn + made.cells->fp + made.cells->tp + cells_no_answer(made.cells));
	cr_expect_eq(occurrences(made.text, "The checker said: said {{0}}\"}"),
	             json_array_size(json_object_get(run, "results")));
	json_decref(all);
	free(made.text);
}

Test(cases, junit_and_sarif_list_what_is_counted)
{
	char directory[] = "/tmp/lockdrill-test-XXXXXX";
	struct store *store;

	cr_assert_not_null(mkdtemp(directory));
	store = make_store(directory);
	expect_junit(store, VIEW_HEADLINE);
	expect_junit(store, VIEW_SETTLED);
	expect_sarif(store, VIEW_HEADLINE);
	expect_sarif(store, VIEW_SETTLED);
	store_close(store);
	tree_remove(directory);
}

/* Of another suite a case may be printed in another way, and of another rule it is another case. */
Test(cases, a_case_that_cannot_be_printed_here_has_no_lines)
{
	struct stored_case of = {.id = "0",
	                         .rule = "SpinlockRelease",
	                         .role = "dispatch",
	                         .sequence = "acq a",
	                         .shapes = "{}",
	                         .number = 12};
	static const char *const wrong[] = {"acq a", "acq", ""};
	struct places places;
	struct place place;

	places_begin(&places, "0");
	places_find(&places, &of, &place);
	cr_expect(!place.has_lines && !place_line(&place, 3) &&
	          !strcmp(place_file(&place, 3), "cases/000000012.c"));
	places_end(&places);
	places_begin(&places, "3");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		of.sequence = wrong[i];
		places_find(&places, &of, &place);
		cr_expect_not(place.has_lines, "%s", wrong[i]);
	}
	of.rule = "NoSuchRule";
	places_find(&places, &of, &place);
	cr_expect_not(place.has_lines);
	places_end(&places);
}
