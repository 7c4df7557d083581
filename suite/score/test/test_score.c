/* score: exact cells of a made-up experiment, Wilson's values, and a report that parses. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../../oracle/checker/test/schema.h"
#include "array.h"
#include "level.h"
#include "report.h"
#include "score.h"
#include "tree.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(score, .fini = end);

static bool
near(double one, double two)
{
	return fabs(one - two) < 0.0006;
}

Test(score, wilson_s_values_are_those_of_the_tables)
{
	static const struct {
		unsigned successes, trials;
		double low, high;
	} rows[] = {
		{0, 20, 0, 0.161},       {0, 100, 0, 0.037},      {20, 20, 0.839, 1},
		{95, 100, 0.888, 0.979}, {0, 1, 0, 0.793},        {1, 1, 0.207, 1},
		{81, 263, 0.255, 0.366}, {15, 148, 0.062, 0.161}, {1, 29, 0.006, 0.172},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct measure m = wilson(rows[i].successes, rows[i].trials);

		cr_expect(m.defined && m.value == (double)rows[i].successes / rows[i].trials);
		cr_expect(near(m.low, rows[i].low) && near(m.high, rows[i].high), "%u/%u: %f %f", rows[i].successes,
		          rows[i].trials, m.low, m.high);
	}
	cr_assert_not(wilson(0, 0).defined);
}

Test(score, wilson_s_interval_holds_its_value_and_stays_in_0_to_1)
{
	for (unsigned n = 1; n < 200; n++)
		for (unsigned k = 0; k <= n; k++) {
			struct measure m = wilson(k, n), mirror = wilson(n - k, n);

			cr_assert(m.low >= 0 && m.low <= m.value && m.value <= m.high && m.high <= 1 && m.low < m.high);
			cr_assert(fabs(m.low + mirror.high - 1) < 1e-12);
		}
}

/* Newcombe (1998), table II, method 10. */
Test(score, the_interval_of_j_is_newcombe_s)
{
	static const struct {
		unsigned a, m, b, n;
		double low, high;
	} rows[] = {
		{56, 70, 48, 80, 0.0524, 0.3339}, {9, 10, 3, 10, 0.1705, 0.8090},  {10, 10, 0, 20, 0.6791, 1},
		{10, 10, 0, 10, 0.6075, 1},       {0, 10, 0, 20, -0.1611, 0.2775},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cells cells = {
			.tp = rows[i].a, .fn = rows[i].m - rows[i].a, .fp = rows[i].b, .tn = rows[i].n - rows[i].b};
		struct measure j = rates_of(&cells).youden_j;

		cr_expect(j.defined && fabs(j.low - rows[i].low) < 0.0001 && fabs(j.high - rows[i].high) < 0.0001,
		          "row %zu: %f %f", i, j.low, j.high);
	}
}

Test(score, what_has_nothing_to_divide_by_is_undefined)
{
	struct cells none = {0}, only_violations = {.tp = 3, .fn = 1};

	cr_assert(!rates_of(&none).recall.defined && !rates_of(&none).youden_j.defined);
	cr_assert_not(rates_of(&none).discrimination.defined);
	cr_assert(rates_of(&only_violations).recall.defined);
	cr_assert_not(rates_of(&only_violations).youden_j.defined);
}

/* A made-up experiment of eight pairs. Rule One has the readings `alternate` (headline) and `slic7600`, which
 * differ on pairs 2 and 3; rule Two has `alternate` alone. In pair 3 slic7600 lets both pass; in pair 2 it
 * turns the pair around. */
enum { CASES = 16, CHECKERS = 4 };

/* All that the store would hand out, by number of the case. */
struct experiment {
	struct stored stored;
	struct stored_case *stored_case;
	uint8_t **states; /* of each checker: repeat r of case i is [i * repeats + r] */
};

static void
make_cases(struct experiment *stored)
{
	struct stored_case *cases = arena_alloc(&arena, CASES * sizeof *cases);

	for (unsigned i = 0; i < CASES; i++) {
		struct stored_case *of = &cases[i];
		bool one = i < 8, violates = i & 1;
		char id[HASH_TEXT];

		snprintf(id, sizeof id, "%032u", i);
		*of = (struct stored_case){.id = arena_string(&arena, id),
		                           .rule = one ? "One" : "Two",
		                           .ladder = ladder_name(i < 4 ? (enum ladder)0 : (enum ladder)1),
		                           .sequence = "",
		                           .number = i,
		                           .twin = i ^ 1,
		                           .family = i / 4,
		                           .shapes = i < 10 ? "{\"call\":\"inline\",\"loop\":\"while\"}"
		                                            : "{\"call\":\"helper\",\"loop\":\"while\"}"};
		unsigned kinds = i == 15 ? 3U : 1U << (i / 2 % 3);

		of->readings = one ? 2 : 1;
		of->headline = 0;
		of->reading[0].name = "alternate";
		of->reading[0].outcome = violates ? OUTCOME_VIOLATION : OUTCOME_PASS;
		of->reading[1].name = "slic7600";
		of->reading[1].outcome = i / 2 == 2   ? (violates ? OUTCOME_PASS : OUTCOME_VIOLATION)
		                         : i / 2 == 3 ? OUTCOME_PASS
		                                      : of->reading[0].outcome;
		of->contested = one && of->reading[0].outcome != of->reading[1].outcome;
		for (unsigned r = 0; r < of->readings; r++)
			for (unsigned kind = 0; kind < KIND_COUNT && of->reading[r].outcome == OUTCOME_VIOLATION; kind++)
				if (kinds >> kind & 1)
					*array_add(&arena, of->reading[r].finding, of->reading[r].findings, of->reading[r].room) =
						(struct stored_finding){.kind = (enum kind)kind, .line = 1, .lines = ""};
	}
	*stored = (struct experiment){.stored = {.level = "made-up", .suite = "0", .cases = CASES, .families = 4},
	                              .stored_case = cases};
	stored->stored.checker = arena_alloc(&arena, CHECKERS * sizeof *stored->stored.checker);
	stored->states = arena_alloc(&arena, CHECKERS * sizeof *stored->states);
}

/* Answers: p pass, v violation, and the reasons: u t c g n; with `repeats`, those of a case stand
 * together. */
static struct stored_checker *
make_repeats(struct experiment *made, const char *name, unsigned repeats, const char *answers)
{
	struct stored_checker *checker = &made->stored.checker[made->stored.checkers];
	uint8_t *state = arena_alloc(&arena, CASES * repeats);

	cr_assert_eq(strlen(answers), CASES * repeats);
	cr_assert_lt(made->stored.checkers, CHECKERS);
	made->states[made->stored.checkers++] = state;
	*checker =
		(struct stored_checker){.name = name, .version = "1.0", .containment = "none", .repeats = repeats};
	for (unsigned i = 0; i < CASES * repeats; i++)
		state[i] = answers[i] == 'p'   ? ANSWER_PASS
		           : answers[i] == 'v' ? ANSWER_VIOLATION
		           : answers[i] == 'u' ? ANSWER_UNKNOWN
		           : answers[i] == 't' ? ANSWER_TIMEOUT
		           : answers[i] == 'c' ? ANSWER_CRASH
		           : answers[i] == 'g' ? ANSWER_GARBLED
		                               : ANSWER_NOT_RUN;
	return checker;
}

static struct stored_checker *
make_checker(struct experiment *made, const char *name, const char *answers)
{
	return make_repeats(made, name, 1, answers);
}

/* As the store hands them out: pairs, in the order of their first halves. Case i has i % 3 answers that are
 * reused. */
static const struct score *
score_all(const struct experiment *made, enum score_view view, const char *reading)
{
	struct score_options *options = arena_alloc(&arena, sizeof *options);
	struct scorer *scorer;

	*options = (struct score_options){.view = view, .reading = reading, .group_intervals = true};
	scorer = score_begin(&made->stored, options, &arena);
	for (unsigned i = 0; i < CASES; i++) {
		struct stored_answer answer[2][CHECKERS] = {{{0}}};
		struct stored_pair pair = {.cases = 2, .answer = {answer[0], answer[1]}};

		if (made->stored_case[i].twin < i)
			continue;
		for (unsigned half = 0; half < 2; half++) {
			unsigned number = half ? made->stored_case[i].twin : i;

			pair.of[half] = made->stored_case[number];
			for (unsigned c = 0; c < made->stored.checkers; c++) {
				answer[half][c].state = &made->states[c][number * made->stored.checker[c].repeats];
				answer[half][c].reused = number % 3;
				answer[half][c].retried = number == 7;
			}
		}
		score_add(scorer, &pair);
	}
	return score_end(scorer);
}

static void
score_checker(struct score *score, const struct experiment *made, const struct stored_checker *checker,
              enum score_view view, const char *reading)
{
	*score = score_all(made, view, reading)[checker - made->stored.checker];
}

static void
declare(struct stored_checker *checker, const char *rule, const char *reading)
{
	checker->declared = arena_alloc(&arena, sizeof *checker->declared);
	checker->declared[0][0] = rule;
	checker->declared[0][1] = reading;
	checker->declareds = 1;
}

static void
expect_cells(const struct cells *cells, unsigned tp, unsigned fn, unsigned fp, unsigned tn, unsigned none,
             unsigned pairs, unsigned right)
{
	cr_assert(cells->tp == tp && cells->fn == fn && cells->fp == fp && cells->tn == tn,
	          "tp %u fn %u fp %u tn %u", cells->tp, cells->fn, cells->fp, cells->tn);
	cr_assert_eq(cells_no_answer(cells), none);
	cr_assert(cells->pairs == pairs && cells->pairs_right == right, "%u of %u pairs", cells->pairs_right,
	          cells->pairs);
}

static unsigned
sum_of(const struct cells *cells)
{
	return cells->tp + cells->fn + cells->fp + cells->tn + cells_no_answer(cells);
}

Test(score, cells_are_exact_in_every_view)
{
	struct experiment made;
	struct stored_checker *checker;
	struct score score;

	/*                 pair 0 1 2 3 4 5 6 7 */
	make_cases(&made);
	checker = make_checker(&made, "mine", "pvpppvvvpvunpgpt");
	declare(checker, "One", "slic7600");
	score_checker(&score, &made, checker, VIEW_HEADLINE, NULL);
	/* right: 0, 2, 4; pair 1 misses, pair 3 alarms, 5 to 7 have no full answer */
	expect_cells(&score.total[VIEW_HEADLINE], 4, 1, 1, 6, 4, 8, 3);
	cr_assert_eq(cells_reason(&score.total[VIEW_HEADLINE], ANSWER_UNKNOWN), 1);
	cr_assert_eq(cells_reason(&score.total[VIEW_HEADLINE], ANSWER_NOT_RUN), 1);
	cr_assert_eq(cells_reason(&score.total[VIEW_HEADLINE], ANSWER_GARBLED), 1);
	cr_assert_eq(cells_reason(&score.total[VIEW_HEADLINE], ANSWER_TIMEOUT), 1);
	/* slic7600 of rule One: 4 is a violation passed, 5 a pass reported, 6 and 7 are passes reported; pair 3
	 * is none */
	expect_cells(&score.total[VIEW_DECLARED], 2, 2, 3, 5, 4, 7, 2);
	/* 4, 5 and 7 are contested; 6 is not, but its twin is: it is no pair then */
	expect_cells(&score.total[VIEW_SETTLED], 2, 1, 1, 5, 4, 6, 2);
	cr_assert_eq(sum_of(&score.total[VIEW_NAMED]), 0);
	cr_assert_eq(sum_of(&score.total[VIEW_HEADLINE]), CASES);
	cr_assert_eq(sum_of(&score.total[VIEW_DECLARED]), CASES);
	cr_assert_eq(sum_of(&score.total[VIEW_SETTLED]), CASES - 3);

	score_checker(&score, &made, checker, VIEW_NAMED, "slic7600");
	expect_cells(&score.total[VIEW_NAMED], 1, 2, 3, 2, 0, 3, 1);
	cr_assert_eq(score.groups[BY_RULE], 1);
	cr_assert_str_eq(score.group[BY_RULE][0].name, "One");
}

Test(score, groups_add_up_to_the_total)
{
	struct experiment made;
	struct score score;
	unsigned sum = 0;

	make_cases(&made);
	score_checker(&score, &made, make_checker(&made, "mine", "pvpppvvvpvunpgpt"), VIEW_HEADLINE, NULL);
	cr_assert_eq(score.groups[BY_RULE], 2);
	expect_cells(&score.group[BY_RULE][0].cells, 3, 1, 1, 3, 0, 4, 2);
	expect_cells(&score.group[BY_RULE][1].cells, 1, 0, 0, 3, 4, 4, 1);
	cr_assert_eq(score.groups[BY_LADDER], 2);
	cr_assert_str_eq(score.group[BY_LADDER][0].name, ladder_name((enum ladder)0));
	expect_cells(&score.group[BY_LADDER][0].cells, 1, 1, 0, 2, 0, 2, 1);
	cr_assert_eq(score.groups[BY_SHAPE], 3);
	cr_assert_str_eq(score.group[BY_SHAPE][0].name, "call=helper");
	cr_assert_eq(sum_of(&score.group[BY_SHAPE][0].cells), 6);
	cr_assert_eq(sum_of(&score.group[BY_SHAPE][1].cells), 10);
	cr_assert_str_eq(score.group[BY_SHAPE][2].name, "loop=while");
	cr_assert_eq(sum_of(&score.group[BY_SHAPE][2].cells), CASES);
	cr_assert_eq(score.groups[BY_KIND], 3);
	for (unsigned i = 0; i < score.groups[BY_KIND]; i++)
		sum += sum_of(&score.group[BY_KIND][i].cells);
	cr_assert_eq(sum, CASES + 2, "the last pair has two kinds");
}

Test(score, over_the_kinds_that_a_checker_declares_it_scores_as_in_their_groups)
{
	struct experiment made;
	struct stored_checker *checker;
	struct score score;

	make_cases(&made);
	checker = make_checker(&made, "mine", "pvpppvvvpvunpgpt");
	score_checker(&score, &made, checker, VIEW_HEADLINE, NULL);
	cr_assert_eq(cells_cases(&score.own), 0);
	cr_assert(!score.own_rates.recall.defined);
	for (unsigned i = 0; i < score.groups[BY_KIND]; i++) {
		const struct score_group *group = &score.group[BY_KIND][i];
		struct score one;

		checker->kinds = 1U << kind_find(group->name);
		score_checker(&one, &made, checker, VIEW_HEADLINE, NULL);
		cr_assert_gt(cells_violations(&one.own), 0);
		cr_assert_eq(memcmp(&one.own, &group->cells, sizeof one.own), 0, "%s", group->name);
		cr_assert_float_eq(one.own_rates.recall.value, group->rates.recall.value, 1e-12);
	}
	checker->kinds = ~0U; /* all that violates, and its twins */
	score_checker(&score, &made, checker, VIEW_HEADLINE, NULL);
	cr_assert_eq(cells_violations(&score.own), cells_violations(&score.total[VIEW_HEADLINE]));
}

Test(score, who_always_says_the_same_is_worth_nothing)
{
	static const char *const answers[] = {"pppppppppppppppp", "vvvvvvvvvvvvvvvv"};

	for (unsigned i = 0; i < 2; i++) {
		struct experiment made;
		struct score score;
		struct rates rates;

		make_cases(&made);
		score_checker(&score, &made, make_checker(&made, "mine", answers[i]), VIEW_HEADLINE, NULL);
		for (unsigned view = 0; view < VIEW_NAMED; view++) {
			rates = rates_of(&score.total[view]);
			cr_assert(rates.youden_j.defined && rates.youden_j.value == 0);
			cr_assert(rates.youden_j.low < 0 && rates.youden_j.high > 0);
			cr_assert(rates.discrimination.defined && rates.discrimination.value == 0);
			cr_assert_eq(rates.recall.value, i);
			cr_assert_eq(rates.false_alarm_rate.value, i);
		}
	}
}

Test(score, who_is_always_right_has_all_pairs_and_who_is_silent_none)
{
	struct experiment made;
	struct score score;
	struct rates rates;

	make_cases(&made);
	score_checker(&score, &made, make_checker(&made, "mine", "pvpvpvpvpvpvpvpv"), VIEW_HEADLINE, NULL);
	expect_cells(&score.total[VIEW_HEADLINE], 8, 0, 0, 8, 0, 8, 8);
	rates = rates_of(&score.total[VIEW_HEADLINE]);
	cr_assert(rates.youden_j.value == 1 && rates.youden_j.high == 1 && rates.discrimination.value == 1);
	score_checker(&score, &made, make_checker(&made, "mine", "nnnnnnnnnnnnnnnn"), VIEW_HEADLINE, NULL);
	expect_cells(&score.total[VIEW_HEADLINE], 0, 0, 0, 0, CASES, 8, 0);
	rates = rates_of(&score.total[VIEW_HEADLINE]);
	cr_assert(rates.youden_j.defined && rates.youden_j.value == 0 && rates.recall.value == 0);
	cr_assert(rates.answered.value == 0 && !rates.answered_youden_j.defined);
	cr_assert(rates.discrimination.defined && rates.discrimination.value == 0);
}

static void
make_report(struct report *report, struct experiment *made)
{
	make_cases(made);
	make_checker(made, "alpha", "pppppppppppppppp");
	make_checker(made, "beta", "pvpppvvvpvunpgpt");
	make_checker(made, "gamma", "nnnnnnnnnnnnnnnn");
	/* pairs 0 1 2 3 ...: case 1 is found in 2 of 3, case 3 in none, case 5 in all, case 0 reported once */
	make_repeats(made, "omega", 3,
	             "ppv"
	             "vpv"
	             "ppp"
	             "ppp"
	             "ppp"
	             "vvv"
	             "ppp"
	             "vvt"
	             "ppp"
	             "vvv"
	             "ppp"
	             "vvv"
	             "ppp"
	             "vvv"
	             "ppp"
	             "vvv");
	made->stored.checker[2].version = "";
	made->stored.checker[2].why_not = "it is not here";
	for (unsigned i = 0; i < CHECKERS; i++)
		made->stored.checker[i].finished = i != 1;
	made->stored.checker[1].kinds = 1U << KIND_MISSING_RELEASE | 1U << KIND_DOUBLE_ACQUIRE;
	made->stored.checker[0].containment = made->stored.checker[3].containment = "bubblewrap";
	static const struct score_options headline = {.view = VIEW_HEADLINE};

	*report = (struct report){
		.stored = &made->stored, .options = &headline, .score = score_all(made, VIEW_HEADLINE, NULL)};
}

/* The object has all keys of a set of cells. */
static void
check_cells(const json_t *cells)
{
	static const char *const counts[] = {"tp", "fp", "tn", "fn"};
	static const char *const rates[] = {"recall", "false_alarm_rate", "youden_j", "discrimination"};
	static const char *const parts[] = {"value", "low", "high"};

	for (unsigned i = 0; i < 4; i++)
		cr_assert(json_is_integer(json_object_get(cells, counts[i])), "%s", counts[i]);
	cr_assert_eq(json_object_size(json_object_get(cells, "no_answer")), ANSWER_COUNT - 2);
	for (unsigned i = 0; i < 4; i++) {
		const json_t *rate = json_object_get(cells, rates[i]);

		cr_assert_not_null(rate, "%s", rates[i]);
		for (unsigned j = 0; !json_is_null(rate) && j < 3; j++)
			cr_assert(json_is_real(json_object_get(rate, parts[j])), "%s.%s", rates[i], parts[j]);
	}
}

/* The checkers of a JSON report, which the caller gives back. */
static json_t *
load_report(const struct report *report, json_t **checkers)
{
	struct buf out = {0};
	struct diag diag;
	json_t *all;

	cr_assert(report_json(&out, report, &diag));
	all = json_loads(out.data, JSON_REJECT_DUPLICATES, NULL);
	cr_assert_not_null(all);
	buf_free(&out);
	*checkers = json_object_get(all, "checkers");
	cr_assert_eq(json_array_size(*checkers), CHECKERS);
	return all;
}

/* What is published about the report holds, and would not hold for any other. */
Test(score, the_json_report_keeps_to_its_schema)
{
	static const char *const keys[] = {"version", "why_not", "finished", "total", "flaky"};
	struct experiment made;
	struct schema schema;
	struct report report;
	json_t *all, *checkers;
	struct buf why = {0};
	struct diag diag;

	cr_assert(schema_load(&schema, "include/lockdrill/score.schema.json", &diag), "%s: %s", diag.file,
	          diag.message);
	make_report(&report, &made);
	all = load_report(&report, &checkers);
	cr_assert(schema_valid(&schema, "#", all, &why), "%s", buf_string(&why));
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		json_t *less = json_deep_copy(all);

		json_object_del(json_array_get(json_object_get(less, "checkers"), 0), keys[i]);
		cr_assert_not(schema_valid(&schema, "#", less, NULL), "%s", keys[i]);
		json_decref(less);
	}
	json_decref(all);
	buf_free(&why);
	schema_free(&schema);
}

Test(score, the_json_report_has_its_keys)
{
	static const char *const groups[] = {"rules", "kinds", "ladder", "shapes"};
	struct report report;
	struct experiment made;
	const json_t *cells;
	json_t *all, *checkers;

	make_report(&report, &made);
	all = load_report(&report, &checkers);
	cr_assert_str_eq(json_string_value(json_object_get(all, "suite")), "0");
	cr_assert_str_eq(json_string_value(json_object_get(all, "level")), "made-up");
	cr_assert_str_eq(json_string_value(json_object_get(all, "reading")), "headline");
	for (unsigned i = 0; i < CHECKERS; i++) {
		const json_t *checker = json_array_get(checkers, i);

		cr_assert_eq(json_object_size(checker), 23);
		cr_assert_str_eq(json_string_value(json_object_get(checker, "checker")), made.stored.checker[i].name);
		cr_assert_str_eq(json_string_value(json_object_get(checker, "version")),
		                 made.stored.checker[i].version);
		check_cells(json_object_get(checker, "total"));
		check_cells(json_object_get(checker, "declared"));
		check_cells(json_object_get(checker, "settled"));
		for (unsigned j = 0; j < 4; j++) {
			const char *name;
			json_t *group = json_object_get(checker, groups[j]);

			cr_assert_gt(json_object_size(group), 1, "%s", groups[j]);
			json_object_foreach (group, name, cells)
				check_cells(cells);
		}
	}
	cells = json_object_get(json_array_get(checkers, 1), "total");
	cr_assert_eq(json_integer_value(json_object_get(cells, "fn")), 1);
	cr_assert_eq(json_integer_value(json_object_get(json_object_get(cells, "no_answer"), "timeout")), 1);
	json_decref(all);
}

Test(score, the_json_report_says_how_a_run_was_made)
{
	struct report report;
	struct experiment made;
	json_t *all, *checkers;

	make_report(&report, &made);
	all = load_report(&report, &checkers);
	for (unsigned i = 0; i < CHECKERS; i++) {
		const json_t *checker = json_array_get(checkers, i), *why = json_object_get(checker, "why_not");
		const json_t *detection = json_object_get(checker, "detection");

		cr_assert(i == 2 ? !strcmp(json_string_value(why), "it is not here") : json_is_null(why));
		cr_assert_eq(json_integer_value(json_object_get(checker, "repeats")), i == 3 ? 3 : 1);
		cr_assert_eq(json_is_true(json_object_get(checker, "finished")), i != 1);
		cr_assert_eq(json_integer_value(json_object_get(checker, "reused")), 15);
		cr_assert_eq(json_integer_value(json_object_get(checker, "retried")), 1);
		cr_assert_str_eq(json_string_value(json_object_get(checker, "containment")),
		                 i % 3 ? "none" : "bubblewrap");
		cr_assert(i == 2 ? json_is_null(detection) : json_is_real(detection));
		cr_assert_eq(json_array_size(json_object_get(checker, "flaky")), i == 3 ? 3 : 0);
	}
	cr_assert(near(json_real_value(json_object_get(json_array_get(checkers, 3), "detection")),
	               (2. / 3 + 0 + 1 + 2. / 3 + 4) / 8));
	checkers = json_array_get(json_object_get(json_array_get(checkers, 3), "flaky"), 2);
	cr_assert_eq(json_object_size(checkers), 5);
	cr_assert_str_eq(json_string_value(json_object_get(checkers, "id")), "00000000000000000000000000000007");
	cr_assert_str_eq(json_string_value(json_object_get(checkers, "rule")), "One");
	cr_assert_str_eq(json_string_value(json_object_get(checkers, "expected")), "violation");
	cr_assert_eq(json_integer_value(json_object_get(checkers, "detected")), 2);
	cr_assert_eq(json_integer_value(json_object_get(checkers, "repeats")), 3);
	json_decref(all);
}

Test(score, a_text_that_is_no_utf_8_is_no_json)
{
	struct report report;
	struct experiment made;
	struct buf out = {0};
	struct diag diag;

	make_report(&report, &made);
	made.stored.checker[1].version = "1.0\xff";
	cr_assert_not(report_json(&out, &report, &diag));
	cr_assert(strstr(diag.message, "UTF-8") && !out.len);
	made.stored.checker[1].version = "1.0";
	made.stored.level = "\xff";
	cr_assert_not(report_json(&out, &report, &diag));
	buf_free(&out);
}

Test(score, the_table_is_narrow_and_ranks_by_j)
{
	struct report report;
	struct experiment made;
	struct buf out = {0};
	const char *alpha, *beta, *gamma;

	make_report(&report, &made);
	report_table(&out, &report, &arena);
	for (const char *line = out.data; *line; line += strcspn(line, "\n") + 1)
		cr_assert_leq(strcspn(line, "\n"), 100U, "%s", line);
	for (const char *line = strstr(out.data, "\nchecker"); line[1] != '\n';
	     line += 1 + strcspn(line + 1, "\n"))
		cr_assert_leq(strcspn(line + 1, "\n"), 80U, "%s", line);
	beta = strstr(out.data, "\nbeta");
	alpha = strstr(out.data, "\nalpha");
	gamma = strstr(out.data, "\ngamma");
	cr_assert(beta && alpha && gamma && beta < alpha && alpha < gamma);
	cr_assert(
		strstr(out.data,
	           "\nno answer from gamma to 8 violations, 8 correct cases: not-run 16\n  (it is not here)\n"));
	cr_assert(
		strstr(out.data, "\nlevel made-up, filters: none; 16 cases in 4 families; reading: headline\n"));
	cr_assert(strstr(out.data, "\ncontained by bubblewrap: alpha, omega\n"));
	cr_assert(strstr(out.data, "\nomega, each case 3 times: detection rate 0.792; flaky cases: 3 (--flaky"));
	cr_assert_not(strstr(out.data, "beta, each case"));
	buf_free(&out);
}

Test(score, many_contained_checkers_take_several_lines)
{
	struct report report;
	struct experiment made;
	struct buf out = {0};

	make_report(&report, &made);
	for (unsigned i = 0; i < CHECKERS; i++) {
		made.stored.checker[i].name = "a-checker-of-a-name-that-is-not-short-at-all";
		made.stored.checker[i].containment = i == 1 ? "other" : "bubblewrap";
	}
	report_table(&out, &report, &arena);
	cr_assert(strstr(out.data, "\ncontained by bubblewrap: a-checker"));
	cr_assert(strstr(out.data, "at-all,\n  a-checker"));
	cr_assert(strstr(out.data, "\ncontained by other: a-checker"));
	for (const char *line = strstr(out.data, "\ncontained"); line; line = strchr(line + 1, '\n'))
		cr_assert_leq(strcspn(line + 1, "\n"), 100U, "%s", line);
	buf_free(&out);
}

Test(score, of_repeats_the_first_is_scored_and_those_that_differ_are_named)
{
	struct report report;
	struct experiment made;
	struct buf out = {0};

	make_report(&report, &made);
	expect_cells(&report.score[3].total[VIEW_HEADLINE], 7, 1, 0, 8, 0, 8, 7);
	cr_assert_eq(report.score[3].violating, 8);
	report_flaky(&out, &report);
	cr_assert_str_eq(
		out.data,
		"checker\tid\trule\texpected\tdetection\tanswers\n"
		"omega\t00000000000000000000000000000000\tOne\tpass\t1/3\tpass,pass,violation\n"
		"omega\t00000000000000000000000000000001\tOne\tviolation\t2/3\tviolation,pass,violation\n"
		"omega\t00000000000000000000000000000007\tOne\tviolation\t2/3\tviolation,violation,timeout\n");
	buf_clear(&out);
	/* in slic7600 case 7 passes, and there are but three violations: 1, 3 and 4 */
	report.score = score_all(&made, VIEW_NAMED, "slic7600");
	cr_assert_eq(report.score[3].violating, 3);
	cr_assert(near(report.score[3].detected, 2. / 3));
	report_flaky(&out, &report);
	cr_assert(strstr(out.data, "omega\t00000000000000000000000000000007\tOne\tpass\t2/3\t"));
	buf_free(&out);
}

/* omega reports seven violations at once and case 3 never; of the correct cases 0 at its third repeat. */
Test(score, what_the_first_repeats_report_is_counted)
{
	static const struct score_within expected[] = {{1, 7, 0}, {2, 7, 0}, {3, 7, 1}};
	static const unsigned numbers[] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000};
	struct report report;
	struct experiment made;
	struct buf out = {0};
	const struct score *score;
	const json_t *within;
	json_t *all, *checkers;

	make_report(&report, &made);
	score = report.score;
	cr_assert_eq(score[3].withins, 3);
	cr_assert_arr_eq(score[3].within, expected, sizeof expected);
	cr_assert_eq(score[2].withins, 0); /* worth nothing */
	cr_assert(score[1].withins == 1 && score[1].within[0].repeats == 1);
	cr_assert_eq(score[1].within[0].violations, score[1].total[VIEW_HEADLINE].tp);
	cr_assert_eq(score[1].within[0].correct, score[1].total[VIEW_HEADLINE].fp);
	report_table(&out, &report, &arena);
	cr_expect(strstr(out.data, "\n  in the first      1     2     3\n"
	                           "  violations     .875  .875  .875\n"
	                           "  correct cases  .000  .000  .125\n"),
	          "%s", out.data);
	all = load_report(&report, &checkers);
	within = json_object_get(json_array_get(checkers, 3), "within");
	cr_assert_eq(json_array_size(within), 3);
	cr_expect_eq(json_integer_value(json_object_get(json_array_get(within, 2), "correct")), 1);
	cr_expect_eq(json_array_size(json_object_get(json_array_get(checkers, 2), "within")), 0);
	json_decref(all);
	buf_free(&out);
	made.stored.checker[3].repeats = STORE_REPEATS;
	score = score_end(score_begin(&made.stored, report.options, &arena)); /* of no case */
	for (unsigned i = 0; i < 13; i++)
		cr_assert_eq(score[3].within[i].repeats, numbers[i]);
}

/* Cases may stand in any order: case i moves to place (i * 5 + 3) % CASES. */
Test(score, the_order_of_cases_changes_no_score)
{
	static const char *const names[] = {"alpha", "beta"};
	static const char *const answers[] = {"pvpppvvvpvunpgpt", "vvpvcvpvppvvpvnp"};
	struct experiment made, moved;
	struct stored_case *cases = arena_alloc(&arena, CASES * sizeof *cases);

	make_cases(&made);
	for (unsigned i = 0; i < CASES; i++) {
		unsigned to = (i * 5 + 3) % CASES;

		cases[to] = made.stored_case[i];
		cases[to].number = to;
		cases[to].twin = (made.stored_case[i].twin * 5 + 3) % CASES;
	}
	for (unsigned c = 0; c < 2; c++)
		declare(make_checker(&made, names[c], answers[c]), "One", "slic7600");
	moved = made;
	moved.stored_case = cases;
	moved.states = arena_alloc(&arena, CHECKERS * sizeof *moved.states);
	for (unsigned c = 0; c < 2; c++) {
		moved.states[c] = arena_alloc(&arena, CASES);
		for (unsigned i = 0; i < CASES; i++)
			moved.states[c][(i * 5 + 3) % CASES] = made.states[c][i];
	}
	for (unsigned view = 0; view < VIEW_COUNT; view++) {
		const struct score *before = score_all(&made, (enum score_view)view, "slic7600");
		const struct score *after = score_all(&moved, (enum score_view)view, "slic7600");

		for (unsigned c = 0; c < 2; c++) {
			cr_assert_eq(memcmp(before[c].total, after[c].total, sizeof before[c].total), 0);
			for (unsigned by = 0; by < BY_COUNT; by++) {
				cr_assert_eq(before[c].groups[by], after[c].groups[by]);
				for (unsigned i = 0; i < before[c].groups[by]; i++) {
					cr_assert_str_eq(before[c].group[by][i].name, after[c].group[by][i].name);
					cr_assert_eq(memcmp(&before[c].group[by][i].cells, &after[c].group[by][i].cells,
					                    sizeof(struct cells)),
					             0);
				}
			}
		}
	}
}

Test(score, checkers_scored_together_score_as_alone)
{
	struct experiment both, alone;
	struct score one, other;

	make_cases(&both);
	make_cases(&alone);
	make_checker(&both, "alpha", "vvpvcvpvppvvpvnp");
	make_checker(&both, "beta", "pvpppvvvpvunpgpt");
	make_checker(&alone, "beta", "pvpppvvvpvunpgpt");
	score_checker(&one, &both, &both.stored.checker[1], VIEW_HEADLINE, NULL);
	score_checker(&other, &alone, &alone.stored.checker[0], VIEW_HEADLINE, NULL);
	cr_assert_eq(memcmp(one.total, other.total, sizeof one.total), 0);
	for (unsigned by = 0; by < BY_COUNT; by++)
		for (unsigned i = 0; i < one.groups[by]; i++)
			cr_assert_eq(memcmp(&one.group[by][i].cells, &other.group[by][i].cells, sizeof(struct cells)), 0);
	cr_assert_eq(one.answered, 12);
}

/* A run whose answers are right, wrong and none in turn. */
static void
answer_level(struct store *store, const struct level *level)
{
	const struct store_run of = {.checker = "mine",
	                             .version = "",
	                             .exe_hash = "",
	                             .adapter = "",
	                             .arguments = "",
	                             .limits = "",
	                             .world_hash = "",
	                             .containment = "none",
	                             .repeats = 1};
	uint64_t reused;
	struct diag diag;
	int64_t run;

	cr_assert(store_begin_run(store, &of, STORE_REUSE, &run, &reused, &diag), "%s", diag.message);
	for (unsigned i = 0; i < level->count; i++) {
		struct answer answer = {.state = (enum answer_state)(i * 7 % 3)};

		cr_assert(store_answer(store, run, &level->cases[i], 0, &answer, &diag), "%s", diag.message);
	}
	cr_assert(store_end_run(store, run, NULL, 0, &diag));
}

static const struct score *
score_rule(struct store *store, const char *rule)
{
	static const struct score_options options = {.view = VIEW_HEADLINE};
	struct filter *filter = arena_alloc(&arena, sizeof *filter);
	struct stored *stored = arena_alloc(&arena, sizeof *stored);
	const struct stored_pair *pair;
	struct scorer *scorer;
	struct diag diag;

	if (rule)
		*filter = (struct filter){.rules = {1, {rule}}};
	cr_assert(store_read(store, stored, filter, &arena, &diag), "%s", diag.message);
	scorer = score_begin(stored, &options, &arena);
	while (store_next_pair(store, stored, &pair, &diag) && pair)
		score_add(scorer, pair);
	return score_end(scorer);
}

/* Each shape's group holds the cases that wear it. */
static void
expect_shapes(const struct score *score, const struct level *level)
{
	for (unsigned i = 0; i < score->groups[BY_SHAPE]; i++) {
		const struct score_group *group = &score->group[BY_SHAPE][i];
		unsigned cases = 0;

		for (unsigned j = 0; j < level->count; j++)
			for (unsigned d = 0; d < SHAPE_COUNT; d++) {
				char name[96];

				snprintf(name, sizeof name, "%s=%s", shape_dimension_name((enum shape_dimension)d),
				         shape_row((enum shape_id)level->cases[j].shapes.choice[d])->name);
				cases += !strcmp(name, group->name);
			}
		cr_assert_eq(cells_cases(&group->cells), cases, "%s: %u, and not %u", group->name,
		             cells_cases(&group->cells), cases);
	}
}

/* Of a database, where the store picks the rule's cases. */
Test(score, one_rule_alone_scores_what_its_group_scores_among_all)
{
	char directory[] = "/tmp/lockdrill-test-XXXXXX";
	const struct score *all;
	struct buf path = {0}, dispute = {0};
	struct level level;
	struct store *store;
	struct diag diag;

	cr_assert_not_null(mkdtemp(directory));
	buf_printf(&path, "%s/a.db", directory);
	cr_assert(level_make(&level, "smoke", NULL, (struct shard){0, 1}, &dispute, &diag));
	store = store_open(path.data, false, &diag);
	cr_assert(store &&
	              store_level(store, level.name, level.shard, &level.filter, level.cases, level.count, &diag),
	          "%s", diag.message);
	answer_level(store, &level);
	all = score_rule(store, NULL);
	cr_assert_eq(all->groups[BY_RULE], level.rules);
	expect_shapes(all, &level);
	for (unsigned i = 0; i < level.rules; i++) {
		const struct score_group *group = &all->group[BY_RULE][i];
		const struct score *alone = score_rule(store, group->name);

		cr_assert_eq(alone->groups[BY_RULE], 1);
		cr_assert_eq(memcmp(&group->cells, &alone->total[VIEW_HEADLINE], sizeof(struct cells)), 0);
	}
	store_close(store);
	tree_remove(directory);
	buf_free(&path);
	level_free(&level);
}
