/* score: exact cells of a made-up experiment, Wilson's values, and a report that parses. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>

#include "report.h"
#include "score.h"

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
		struct measure j = score_rates(&cells).youden_j;

		cr_expect(j.defined && fabs(j.low - rows[i].low) < 0.0001 && fabs(j.high - rows[i].high) < 0.0001,
		          "row %zu: %f %f", i, j.low, j.high);
	}
}

Test(score, what_has_nothing_to_divide_by_is_undefined)
{
	struct cells none = {0}, only_violations = {.tp = 3, .fn = 1};

	cr_assert(!score_rates(&none).recall.defined && !score_rates(&none).youden_j.defined);
	cr_assert_not(score_rates(&none).discrimination.defined);
	cr_assert(score_rates(&only_violations).recall.defined);
	cr_assert_not(score_rates(&only_violations).youden_j.defined);
}

/* A made-up experiment of eight pairs. Rule One has the readings `alternate` (headline) and `slic7600`, which
 * differ on pairs 2 and 3; rule Two has `alternate` alone. In pair 3 slic7600 lets both pass; in pair 2 it
 * turns the pair around. */
enum { CASES = 16 };

static void
make_cases(struct stored *stored)
{
	struct stored_case *cases = arena_alloc(&arena, CASES * sizeof *cases);

	for (unsigned i = 0; i < CASES; i++) {
		struct stored_case *of = &cases[i];
		bool one = i < 8, violates = i & 1;
		char id[8];

		snprintf(id, sizeof id, "case%u", i);
		*of = (struct stored_case){.id = arena_string(&arena, id),
		                           .rule = one ? "One" : "Two",
		                           .ladder = ladder_name(i < 4 ? (enum ladder)0 : (enum ladder)1),
		                           .number = i,
		                           .twin = i ^ 1,
		                           .shapes = i < 10 ? "{\"call\":\"inline\",\"loop\":\"while\"}"
		                                            : "{\"call\":\"helper\",\"loop\":\"while\"}",
		                           .family = i / 4,
		                           .kinds = !violates ? 0
		                                    : i == 15 ? 3U
		                                              : 1U << (i / 2 % KIND_COUNT)};
		of->readings = one ? 2 : 1;
		of->headline = 0;
		of->reading[0].name = "alternate";
		of->reading[0].outcome = violates ? OUTCOME_VIOLATION : OUTCOME_PASS;
		of->reading[1].name = "slic7600";
		of->reading[1].outcome = i / 2 == 2   ? (violates ? OUTCOME_PASS : OUTCOME_VIOLATION)
		                         : i / 2 == 3 ? OUTCOME_PASS
		                                      : of->reading[0].outcome;
		of->contested = one && of->reading[0].outcome != of->reading[1].outcome;
	}
	*stored = (struct stored){.level = "made-up", .suite = "0", .cases = CASES, .stored_case = cases};
}

/* Answers: p pass, v violation, and the reasons: u t c g n. */
static struct stored_checker *
make_checker(struct stored *stored, const char *name, const char *answers)
{
	static const char letters[] = "pv";
	struct stored_checker *checker = arena_alloc(&arena, sizeof *checker);

	cr_assert_eq(strlen(answers), stored->cases);
	checker->name = name;
	checker->version = "1.0";
	checker->answer = arena_alloc(&arena, stored->cases * sizeof *checker->answer);
	for (unsigned i = 0; i < stored->cases; i++)
		checker->answer[i] = strchr(letters, answers[i])
		                         ? (enum answer_state)(strchr(letters, answers[i]) - letters)
		                     : answers[i] == 'u' ? ANSWER_UNKNOWN
		                     : answers[i] == 't' ? ANSWER_TIMEOUT
		                     : answers[i] == 'c' ? ANSWER_CRASH
		                     : answers[i] == 'g' ? ANSWER_GARBLED
		                                         : ANSWER_NOT_RUN;
	return checker;
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
	struct stored stored;
	struct stored_checker *checker;
	struct score score;

	/*                 pair 0 1 2 3 4 5 6 7 */
	make_cases(&stored);
	checker = make_checker(&stored, "mine", "pvpppvvvpvunpgpt");
	declare(checker, "One", "slic7600");
	score_checker(&score, &stored, checker, VIEW_HEADLINE, NULL, &arena);
	/* right: 0, 2, 4; pair 1 misses, pair 3 alarms, 5 to 7 have no full answer */
	expect_cells(&score.total[VIEW_HEADLINE], 4, 1, 1, 6, 4, 8, 3);
	cr_assert_eq(score.total[VIEW_HEADLINE].no_answer[ANSWER_UNKNOWN], 1);
	cr_assert_eq(score.total[VIEW_HEADLINE].no_answer[ANSWER_NOT_RUN], 1);
	cr_assert_eq(score.total[VIEW_HEADLINE].no_answer[ANSWER_GARBLED], 1);
	cr_assert_eq(score.total[VIEW_HEADLINE].no_answer[ANSWER_TIMEOUT], 1);
	/* slic7600 of rule One: 4 is a violation passed, 5 a pass reported, 6 and 7 are passes reported; pair 3
	 * is none */
	expect_cells(&score.total[VIEW_DECLARED], 2, 2, 3, 5, 4, 7, 2);
	/* 4, 5 and 7 are contested; 6 is not, but its twin is: it is no pair then */
	expect_cells(&score.total[VIEW_SETTLED], 2, 1, 1, 5, 4, 6, 2);
	cr_assert_eq(sum_of(&score.total[VIEW_NAMED]), 0);
	cr_assert_eq(sum_of(&score.total[VIEW_HEADLINE]), CASES);
	cr_assert_eq(sum_of(&score.total[VIEW_DECLARED]), CASES);
	cr_assert_eq(sum_of(&score.total[VIEW_SETTLED]), CASES - 3);

	score_checker(&score, &stored, checker, VIEW_NAMED, "slic7600", &arena);
	expect_cells(&score.total[VIEW_NAMED], 1, 2, 3, 2, 0, 3, 1);
	cr_assert_eq(score.rules, 1);
	cr_assert_str_eq(score.rule[0].name, "One");
}

Test(score, groups_add_up_to_the_total)
{
	struct stored stored;
	struct score score;
	unsigned sum = 0;

	make_cases(&stored);
	score_checker(&score, &stored, make_checker(&stored, "mine", "pvpppvvvpvunpgpt"), VIEW_HEADLINE, NULL,
	              &arena);
	cr_assert_eq(score.rules, 2);
	expect_cells(&score.rule[0].cells, 3, 1, 1, 3, 0, 4, 2);
	expect_cells(&score.rule[1].cells, 1, 0, 0, 3, 4, 4, 1);
	cr_assert_eq(score.ladders, 2);
	cr_assert_str_eq(score.ladder[0].name, ladder_name((enum ladder)0));
	expect_cells(&score.ladder[0].cells, 1, 1, 0, 2, 0, 2, 1);
	cr_assert_eq(score.shapes, 3);
	cr_assert_str_eq(score.shape[0].name, "call=helper");
	cr_assert_eq(sum_of(&score.shape[0].cells), 6);
	cr_assert_eq(sum_of(&score.shape[1].cells), 10);
	cr_assert_str_eq(score.shape[2].name, "loop=while");
	cr_assert_eq(sum_of(&score.shape[2].cells), CASES);
	cr_assert_eq(score.kinds, KIND_COUNT);
	for (unsigned i = 0; i < score.kinds; i++)
		sum += sum_of(&score.kind[i].cells);
	cr_assert_eq(sum, CASES + 2, "the last pair has two kinds");
}

Test(score, who_always_says_the_same_is_worth_nothing)
{
	static const char *const answers[] = {"pppppppppppppppp", "vvvvvvvvvvvvvvvv"};

	for (unsigned i = 0; i < 2; i++) {
		struct stored stored;
		struct score score;
		struct rates rates;

		make_cases(&stored);
		score_checker(&score, &stored, make_checker(&stored, "mine", answers[i]), VIEW_HEADLINE, NULL,
		              &arena);
		for (unsigned view = 0; view < VIEW_NAMED; view++) {
			rates = score_rates(&score.total[view]);
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
	struct stored stored;
	struct score score;
	struct rates rates;

	make_cases(&stored);
	score_checker(&score, &stored, make_checker(&stored, "mine", "pvpvpvpvpvpvpvpv"), VIEW_HEADLINE, NULL,
	              &arena);
	expect_cells(&score.total[VIEW_HEADLINE], 8, 0, 0, 8, 0, 8, 8);
	rates = score_rates(&score.total[VIEW_HEADLINE]);
	cr_assert(rates.youden_j.value == 1 && rates.youden_j.high == 1 && rates.discrimination.value == 1);
	score_checker(&score, &stored, make_checker(&stored, "mine", "nnnnnnnnnnnnnnnn"), VIEW_HEADLINE, NULL,
	              &arena);
	expect_cells(&score.total[VIEW_HEADLINE], 0, 0, 0, 0, CASES, 8, 0);
	rates = score_rates(&score.total[VIEW_HEADLINE]);
	cr_assert(!rates.youden_j.defined && rates.discrimination.defined && rates.discrimination.value == 0);
}

static void
make_report(struct report *report, struct stored *stored)
{
	struct score *scores = arena_alloc(&arena, 3 * sizeof *scores);

	make_cases(stored);
	stored->checkers = 3;
	stored->checker = arena_alloc(&arena, 3 * sizeof *stored->checker);
	stored->checker[0] = *make_checker(stored, "alpha", "pppppppppppppppp");
	stored->checker[1] = *make_checker(stored, "beta", "pvpppvvvpvunpgpt");
	stored->checker[2] = *make_checker(stored, "gamma", "nnnnnnnnnnnnnnnn");
	stored->checker[2].version = "";
	stored->checker[2].why_not = "it is not here";
	for (unsigned i = 0; i < 3; i++)
		score_checker(&scores[i], stored, &stored->checker[i], VIEW_HEADLINE, NULL, &arena);
	*report = (struct report){.stored = stored, .view = VIEW_HEADLINE, .score = scores};
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
	cr_assert(json_is_object(json_object_get(cells, "no_answer")));
	for (unsigned i = 0; i < 4; i++) {
		const json_t *rate = json_object_get(cells, rates[i]);

		cr_assert_not_null(rate, "%s", rates[i]);
		for (unsigned j = 0; !json_is_null(rate) && j < 3; j++)
			cr_assert(json_is_real(json_object_get(rate, parts[j])), "%s.%s", rates[i], parts[j]);
	}
}

Test(score, the_json_report_has_its_keys)
{
	static const char *const groups[] = {"rules", "kinds", "ladder", "shapes"};
	struct report report;
	struct stored stored;
	struct buf out = {0};
	const json_t *checkers;
	json_t *all;

	make_report(&report, &stored);
	report_json(&out, &report);
	all = json_loads(out.data, JSON_REJECT_DUPLICATES, NULL);
	cr_assert_not_null(all);
	cr_assert_str_eq(json_string_value(json_object_get(all, "suite")), "0");
	cr_assert_str_eq(json_string_value(json_object_get(all, "level")), "made-up");
	cr_assert_str_eq(json_string_value(json_object_get(all, "reading")), "headline");
	checkers = json_object_get(all, "checkers");
	cr_assert_eq(json_array_size(checkers), 3);
	for (unsigned i = 0; i < 3; i++) {
		const json_t *checker = json_array_get(checkers, i), *cells;

		cr_assert_str_eq(json_string_value(json_object_get(checker, "checker")), stored.checker[i].name);
		cr_assert_str_eq(json_string_value(json_object_get(checker, "version")), stored.checker[i].version);
		check_cells(json_object_get(checker, "total"));
		for (unsigned j = 0; j < 4; j++) {
			const char *name;
			json_t *group = json_object_get(checker, groups[j]);

			cr_assert_gt(json_object_size(group), 1, "%s", groups[j]);
			json_object_foreach (group, name, cells)
				check_cells(cells);
		}
	}
	checkers = json_object_get(json_array_get(checkers, 1), "total");
	cr_assert_eq(json_integer_value(json_object_get(checkers, "fn")), 1);
	cr_assert_eq(json_integer_value(json_object_get(json_object_get(checkers, "no_answer"), "timeout")), 1);
	json_decref(all);
	buf_free(&out);
}

Test(score, the_table_is_narrow_and_ranks_by_j)
{
	struct report report;
	struct stored stored;
	struct buf out = {0};
	const char *alpha, *beta, *gamma;

	make_report(&report, &stored);
	report_table(&out, &report, &arena);
	for (const char *line = out.data; *line; line += strcspn(line, "\n") + 1)
		cr_assert_leq(strcspn(line, "\n"), 110U, "%s", line);
	beta = strstr(out.data, "\nbeta");
	alpha = strstr(out.data, "\nalpha");
	gamma = strstr(out.data, "\ngamma");
	cr_assert(beta && alpha && gamma && beta < alpha && alpha < gamma);
	cr_assert(strstr(out.data, "it is not here"));
	buf_free(&out);
}

/* Cases, checkers and rules may stand in any order: case i moves to place (i * 5 + 3) % CASES, beta before alpha. */
Test(score, the_order_of_cases_and_checkers_changes_no_score)
{
	static const char *const names[] = {"alpha", "beta"};
	static const char *const answers[] = {"pvpppvvvpvunpgpt", "vvpvcvpvppvvpvnp"};
	struct stored stored, moved;
	struct stored_case *cases = arena_alloc(&arena, CASES * sizeof *cases);

	make_cases(&stored);
	for (unsigned i = 0; i < CASES; i++) {
		unsigned to = (i * 5 + 3) % CASES;

		cases[to] = stored.stored_case[i];
		cases[to].number = to;
		cases[to].twin = (stored.stored_case[i].twin * 5 + 3) % CASES;
	}
	moved = stored;
	moved.stored_case = cases;
	for (unsigned c = 2; c-- > 0;)
		for (unsigned view = 0; view < VIEW_COUNT; view++) {
			struct stored_checker *one = make_checker(&stored, names[c], answers[c]), two = *one;
			struct score before, after;

			declare(one, "One", "slic7600");
			two.declared = one->declared;
			two.declareds = one->declareds;
			two.answer = arena_alloc(&arena, CASES * sizeof *two.answer);
			for (unsigned i = 0; i < CASES; i++)
				two.answer[(i * 5 + 3) % CASES] = one->answer[i];
			score_checker(&before, &stored, one, (enum score_view)view, "slic7600", &arena);
			score_checker(&after, &moved, &two, (enum score_view)view, "slic7600", &arena);
			cr_assert_eq(memcmp(before.total, after.total, sizeof before.total), 0);
			cr_assert(before.rules == after.rules && before.shapes == after.shapes);
			for (unsigned i = 0; i < before.rules; i++)
				cr_assert_eq(memcmp(&before.rule[i].cells, &after.rule[i].cells, sizeof(struct cells)), 0);
			for (unsigned i = 0; i < before.shapes; i++)
				cr_assert_eq(memcmp(&before.shape[i].cells, &after.shape[i].cells, sizeof(struct cells)), 0);
		}
}

/* Rule Two is the second half: its twins and answers must move to the front with it. */
Test(score, one_rule_alone_scores_what_its_group_scores_among_all)
{
	static const char *const rules[] = {"One", "Two"};

	for (unsigned i = 0; i < 2; i++) {
		struct stored stored;
		struct score all, alone;

		make_cases(&stored);
		stored.checkers = 1;
		stored.checker = make_checker(&stored, "mine", "pvpppvvvpvunpgpt");
		score_checker(&all, &stored, stored.checker, VIEW_HEADLINE, NULL, &arena);
		cr_assert(score_keep_rule(&stored, rules[i], &arena));
		cr_assert_eq(stored.cases, CASES / 2);
		score_checker(&alone, &stored, stored.checker, VIEW_HEADLINE, NULL, &arena);
		cr_assert_eq(alone.rules, 1);
		cr_assert_eq(memcmp(&all.rule[i].cells, &alone.total[VIEW_HEADLINE], sizeof(struct cells)), 0);
		cr_assert_not(score_keep_rule(&stored, rules[!i], &arena));
	}
}
