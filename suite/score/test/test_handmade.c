/* Answer sets made by hand, on eight pairs of four families: their scores are worked out here, and agree to
 * 12 digits. Then what must hold for all of them: identities, and intervals that know families. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include "bootstrap.h"
#include "report.h"
#include "score.h"

enum { PAIRS = 8, CASES = 2 * PAIRS };

static struct arena arena;
static struct stored *scored; /* what score_sets made last */

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(handmade, .fini = end);

/* What a report of a violation says: nothing more; all right; the wrong kind; a wrong line; another of the
 * right lines; neither. */
enum said { SAID_NOTHING, SAID_RIGHT, SAID_WRONG_KIND, SAID_WRONG_LINE, SAID_OTHER_LINE, SAID_WRONG };

/* Case 2i is correct; 2i + 1, its twin, double-acquires on line 100 + i; lines 200 and 201 may be named
 * instead. Pairs 2k and 2k + 1 are a family. */
static void
make_case(struct stored_case *of, unsigned number, unsigned families)
{
	char id[HASH_TEXT];

	snprintf(id, sizeof id, "%032u", number);
	*of = (struct stored_case){.id = arena_string(&arena, id),
	                           .rule = "One",
	                           .ladder = "straight",
	                           .sequence = "",
	                           .number = number,
	                           .twin = number ^ 1,
	                           .family = number / 2 % families,
	                           .shapes = "{\"call\":\"inline\"}",
	                           .readings = 1};
	of->reading[0].name = "alternate";
	of->reading[0].outcome = number % 2 ? OUTCOME_VIOLATION : OUTCOME_PASS;
	if (number % 2) {
		of->reading[0].findings = 1;
		of->reading[0].finding = arena_alloc(&arena, sizeof *of->reading[0].finding);
		*of->reading[0].finding = (struct stored_finding){
			.kind = KIND_DOUBLE_ACQUIRE, .line = 100 + number / 2, .lines = "200 201"};
	}
}

static void
make_answer(struct stored_answer *answer, uint8_t *state, char letter, unsigned number, enum said said)
{
	static const struct {
		enum kind kind;
		uint32_t line;
	} rows[] = {
		[SAID_RIGHT] = {KIND_DOUBLE_ACQUIRE, 100},      [SAID_WRONG_KIND] = {KIND_MISSING_RELEASE, 100},
		[SAID_WRONG_LINE] = {KIND_DOUBLE_ACQUIRE, 300}, [SAID_OTHER_LINE] = {KIND_DOUBLE_ACQUIRE, 201},
		[SAID_WRONG] = {KIND_MISSING_RELEASE, 1},
	};
	struct answer_finding *finding = arena_alloc(&arena, sizeof *finding);

	*state = letter == 'p'   ? ANSWER_PASS
	         : letter == 'v' ? ANSWER_VIOLATION
	         : letter == 'u' ? ANSWER_UNKNOWN
	         : letter == 't' ? ANSWER_TIMEOUT
	                         : ANSWER_NOT_RUN;
	*answer = (struct stored_answer){.state = state,
	                                 .seconds = letter == 'n' ? 0 : 0.001 * (number + 1),
	                                 .memory = letter == 'n' ? 0 : 1000};
	if (letter != 'v' || said == SAID_NOTHING)
		return;
	finding->kind = (uint8_t)rows[said].kind;
	finding->line = rows[said].line == 100 ? 100 + number / 2 : rows[said].line;
	answer->findings = 1;
	answer->finding = finding;
}

/* Scores up to two answer sets, letter i of which is the answer to case i. */
static struct scorer *
score_sets(const char *const *answers, const enum said *said, unsigned count, unsigned families,
           bool backwards)
{
	struct stored *stored = arena_alloc(&arena, sizeof *stored);
	struct score_options *options = arena_alloc(&arena, sizeof *options);
	unsigned cases = (unsigned)strlen(answers[0]);
	struct scorer *scorer;

	*options = (struct score_options){.view = VIEW_HEADLINE, .versus = count == 2, .group_intervals = true};
	stored->level = "by-hand";
	stored->suite = "0";
	stored->cases = stored->all = cases;
	stored->families = families;
	stored->checkers = count;
	stored->checker = arena_alloc(&arena, count * sizeof *stored->checker);
	for (unsigned c = 0; c < count; c++)
		stored->checker[c] = (struct stored_checker){
			.name = c ? "two" : "one", .version = "1", .containment = "none", .repeats = 1, .finished = true};
	scored = stored;
	scorer = score_begin(stored, options, &arena);
	for (unsigned i = 0; i < cases; i += 2) {
		unsigned first = backwards ? cases - 2 - i : i;
		struct stored_answer answer[2][2];
		uint8_t state[2][2];
		struct stored_pair pair = {.cases = 2, .answer = {answer[0], answer[1]}};

		for (unsigned half = 0; half < 2; half++) {
			unsigned number = first + (backwards ? !half : half);

			make_case(&pair.of[half], number, families);
			for (unsigned c = 0; c < count; c++)
				make_answer(&answer[half][c], &state[half][c], answers[c][number], number, said[c]);
		}
		score_add(scorer, &pair);
	}
	return scorer;
}

/* Not defined: NAN. */
struct expected {
	const char *name, *answers;
	enum said said;
	double answered, recall, alarm, j, pairs, kind, line, both, precision, f1, mcc, answered_j;
	int64_t points;
};

static void
expect(const char *set, const char *what, struct measure measure, double value)
{
	if (isnan(value))
		cr_expect_not(measure.defined, "%s: %s is %.15f", set, what, measure.value);
	else
		cr_expect(measure.defined && fabs(measure.value - value) < 1e-12, "%s: %s is %.15f, not %.15f", set,
		          what, measure.value, value);
}

/* Eight violations and eight correct cases are asked. Where a set is no corner, its working stands above
 * it. */
static const struct expected sets[] = {
	{"perfect", "pvpvpvpvpvpvpvpv", SAID_RIGHT, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 8 * 2 + 8},
	{"silent", "nnnnnnnnnnnnnnnn", SAID_NOTHING, 0, 0, 0, 0, 0, NAN, NAN, NAN, NAN, 0, NAN, NAN, 0},
	{"all unknown", "uuuuuuuuuuuuuuuu", SAID_NOTHING, 0, 0, 0, 0, 0, NAN, NAN, NAN, NAN, 0, NAN, NAN, 0},
	/* 8 passed rightly: 16; 8 passed wrongly: -256 */
	{"always pass", "pppppppppppppppp", SAID_NOTHING, 1, 0, 0, 0, 0, NAN, NAN, NAN, NAN, 0, NAN, 0, 16 - 256},
	/* precision 8/16; F1 = 2 * 8 / (8 + 8 + 8); 8 * 1 - 8 * 16 */
	{"always violation", "vvvvvvvvvvvvvvvv", SAID_RIGHT, 1, 1, 1, 0, 0, 1, 1, 1, .5, 2. / 3, NAN, 0, 8 - 128},
	/* half of it, rightly: recall 4/8, alarm 0/8; F1 = 2 * 4 / (4 + 0 + 8); MCC of tp 4, fp 0, fn 4, tn 8:
	 * 32 / sqrt(4 * 8 * 8 * 12) = 32 / sqrt(3072) = 1 / sqrt(3); points 4 * 2 + 4 */
	{"partial", "pvpvpvpvnnnnnnnn", SAID_RIGHT, .5, .5, 0, .5, .5, 1, 1, 1, 1, 2. / 3, 0.577350269189625764,
     1, 12},
	{"wrong kind", "pvpvpvpvpvpvpvpv", SAID_WRONG_KIND, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 24},
	{"wrong line", "pvpvpvpvpvpvpvpv", SAID_WRONG_LINE, 1, 1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 24},
	{"another right line", "pvpvpvpvpvpvpvpv", SAID_OTHER_LINE, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 24},
	{"double-acquire, line 1, kept for nothing", "pvpvpvpvpvpvpvpv", SAID_WRONG, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1,
     1, 1, 24},
	/* tp 4 (cases 1 5 7 9), fn 1 (3), fp 1 (6), tn 6 (0 2 4 8 12 14), no answer to 10 11 13 15. answered
	 * 12/16; recall 4/8, alarm 1/8, J 3/8; pairs right: 0, 2, 4, so 3/8; precision 4/5; F1 = 2 * 4 / (4 + 1 +
	 * 8) = 8/13; MCC of tp 4, fp 1, fn 4, tn 7: (28 - 4) / sqrt(5 * 8 * 8 * 11) = 24 / sqrt(3520) = 3 /
	 * sqrt(55); over answered cases: 4/5 - 1/7 = 23/35; points 6 * 2 + 4 - 16 - 32 */
	{"mixed", "pvpppvvvpvunpnpt", SAID_NOTHING, .75, .5, .125, .375, .375, NAN, NAN, NAN, .8, 8. / 13,
     0.404519917477945, 23. / 35, -32},
	/* silent on correct cases, right on the rest: J by its definition, no pair; F1 = 16 / 16; points of TP
	 * alone */
	{"one-sided", "nvnvnvnvnvnvnvnv", SAID_NOTHING, .5, 1, 0, 1, 0, NAN, NAN, NAN, 1, 1, 1, NAN, 8},
	/* as void runs are read: each answer is not-run */
	{"void", "nnnnnnnnnnnnnnnn", SAID_RIGHT, 0, 0, 0, 0, 0, NAN, NAN, NAN, NAN, 0, NAN, NAN, 0},
};

Test(handmade, ten_answer_sets_and_more_have_the_scores_worked_out_by_hand)
{
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
		const struct expected *set = &sets[i];
		const struct rates *r =
			&score_end(score_sets(&set->answers, &set->said, 1, 4, false))[0].rates[VIEW_HEADLINE];

		expect(set->name, "answered", r->answered, set->answered);
		expect(set->name, "recall", r->recall, set->recall);
		expect(set->name, "alarm", r->false_alarm_rate, set->alarm);
		expect(set->name, "J", r->youden_j, set->j);
		expect(set->name, "pairs", r->discrimination, set->pairs);
		expect(set->name, "right kind", r->kind_right, set->kind);
		expect(set->name, "right line", r->line_right, set->line);
		expect(set->name, "both", r->both_right, set->both);
		expect(set->name, "precision", r->precision, set->precision);
		expect(set->name, "F1", r->f1, set->f1);
		expect(set->name, "MCC", r->mcc, set->mcc);
		expect(set->name, "J over answered cases", r->answered_youden_j, set->answered_j);
		cr_expect_eq(r->points, set->points, "%s: %lld points", set->name, (long long)r->points);
		cr_expect_eq(r->points_most, 24);
		cr_expect(r->youden_j.low <= r->youden_j.value && r->youden_j.value <= r->youden_j.high);
		cr_expect(r->youden_j.low >= -1 && r->youden_j.high <= 1 && r->youden_j.low < r->youden_j.high,
		          "%s: %f %f", set->name, r->youden_j.low, r->youden_j.high);
	}
}

/* One case more, answered with these findings; its shares of right kinds, right lines, and both. */
static void
expect_shares(const struct answer_finding *said, unsigned count, double kind, double line, double both)
{
	const char *answers = "pv";
	enum said nothing = SAID_NOTHING;
	struct scorer *scorer = score_sets(&answers, &nothing, 1, 1, false);
	uint8_t states[2] = {ANSWER_PASS, ANSWER_VIOLATION};
	struct stored_answer answer[2] = {{.state = &states[0]}, {.state = &states[1]}};
	struct stored_pair pair = {.cases = 2, .answer = {&answer[0], &answer[1]}};
	const struct cells *cells;

	answer[1].findings = count;
	answer[1].finding = said;
	make_case(&pair.of[0], 0, 1);
	make_case(&pair.of[1], 1, 1);
	score_add(scorer, &pair);
	cells = &score_end(scorer)[0].total[VIEW_HEADLINE];
	cr_assert_eq(cells->tp, 2);
	cr_assert_float_eq((double)cells->kind_right / RATES_UNIT, kind, 1e-12);
	cr_assert_float_eq((double)cells->line_right / RATES_UNIT, line, 1e-12);
	cr_assert_float_eq((double)cells->both_right / RATES_UNIT, both, 1e-12);
}

/* Kind and place of different findings do not make up one that has both; who names everything is right by a
 * share. */
Test(handmade, each_finding_of_an_answer_counts)
{
	const struct answer_finding crossed[] = {{KIND_DOUBLE_ACQUIRE, 300}, {KIND_MISSING_RELEASE, 100}};
	const struct answer_finding all[] = {
		{KIND_DOUBLE_ACQUIRE, 100}, {KIND_MISSING_RELEASE, 100}, {KIND_RELEASE_WITHOUT_ACQUIRE, 100}};
	const struct answer_finding twice[] = {{KIND_DOUBLE_ACQUIRE, 100}, {KIND_DOUBLE_ACQUIRE, 200}};

	expect_shares(crossed, 2, 1. / 2, 1. / 2, 0);
	expect_shares(all, 3, 1. / 3, 1, 1. / 3);
	expect_shares(twice, 2, 1, 1, 1);
}

/* Silence on correct cases costs no J, but pairs: and stands behind who answers. */
Test(handmade, who_is_silent_on_correct_cases_stands_last_of_equals)
{
	const char *answers[] = {"nvnvnvnvnvnvnvnv", "pvpvpvpvpvpvpvpv"};
	const enum said said[] = {SAID_NOTHING, SAID_NOTHING};
	struct scorer *scorer = score_sets(answers, said, 2, 4, false);
	const struct score *score = score_end(scorer);
	const struct score_options options = {.view = VIEW_HEADLINE};
	const struct report report = {.stored = scored, .options = &options, .score = score};
	struct buf out = {0};

	cr_assert(score[0].rates[VIEW_HEADLINE].youden_j.value == 1 &&
	          score[0].rates[VIEW_HEADLINE].discrimination.value == 0);
	report_table(&out, &report, &arena);
	cr_assert(strstr(out.data, "\ntwo") < strstr(out.data, "\none"), "%s", out.data);
	cr_assert(strstr(out.data, "\none                 1        50%"), "%s", out.data);
	cr_assert(strstr(out.data, "no answer from one to 0 violations, 8 correct cases: not-run 8\n"));
	buf_free(&out);
}

/* One wrong answer among many is not worth a better interval than none. */
Test(handmade, an_error_does_not_make_an_interval_better)
{
	char answers[2][401];
	enum said nothing = SAID_NOTHING;
	double low[2];

	for (unsigned f = 0; f < 2; f++) {
		const char *set = answers[f];

		for (unsigned i = 0; i < 400; i++)
			answers[f][i] = i % 2 && !(f && i == 1) ? 'v' : 'p';
		answers[f][400] = 0;
		low[f] = score_end(score_sets(&set, &nothing, 1, 50, false))[0].rates[VIEW_HEADLINE].youden_j.low;
	}
	cr_assert(low[1] <= low[0], "%f %f", low[0], low[1]);
}

/* What is nearly 1 is not shown as 1, and what is nearly 0 not as 0. */
Test(handmade, nothing_is_rounded_to_perfect)
{
	static char answers[8001];
	const char *set = answers;
	enum said nothing = SAID_NOTHING;
	const struct score_options options = {.view = VIEW_HEADLINE};
	struct report report = {.options = &options};
	struct buf out = {0};

	for (unsigned i = 0; i < 8000; i++)
		answers[i] =
			(i % 2) != (i == 4 || i == 7) ? 'v' : 'p'; /* one of 4000 violations, one of 4000 correct cases */
	report.score = score_end(score_sets(&set, &nothing, 1, 50, false));
	report.stored = scored;
	report_table(&out, &report, &arena);
	cr_assert(strstr(out.data, " 100%   .999  .001  .999 ["), "%s", out.data);
	buf_free(&out);
}

Test(handmade, the_order_of_pairs_and_of_twins_changes_nothing)
{
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
		const struct score *one = score_end(score_sets(&sets[i].answers, &sets[i].said, 1, 4, false));
		const struct score *two = score_end(score_sets(&sets[i].answers, &sets[i].said, 1, 4, true));

		cr_assert_eq(memcmp(&one->total, &two->total, sizeof one->total), 0);
		for (unsigned v = 0; v < VIEW_COUNT; v++) {
			const struct rates *a = &one->rates[v], *b = &two->rates[v];

			cr_assert(a->youden_j.low == b->youden_j.low && a->youden_j.high == b->youden_j.high);
			cr_assert(a->discrimination.low == b->discrimination.low &&
			          a->discrimination.high == b->discrimination.high);
		}
	}
}

/* A thousand pairs, of which every fourth family is answered wrongly. Were the pairs of a family independent,
 * more of them in fewer families would change nothing. */
Test(handmade, fewer_families_make_wider_intervals)
{
	char answers[2001];
	const char *set = answers;
	enum said nothing = SAID_NOTHING;
	double width[2];

	for (unsigned f = 0; f < 2; f++) {
		unsigned families = f ? 20 : 1000;
		const struct rates *rates;

		for (unsigned i = 0; i < 2000; i++)
			answers[i] = i / 2 % families % 4 ? (i % 2 ? 'v' : 'p') : 'p';
		answers[2000] = 0;
		rates = &score_end(score_sets(&set, &nothing, 1, families, false))[0].rates[VIEW_HEADLINE];
		cr_assert_float_eq(rates->youden_j.value, 0.75, 1e-12);
		width[f] = rates->youden_j.high - rates->youden_j.low;
	}
	/* 2 * 1.96 * sqrt(0.75 * 0.25 / n) is 0.054 for a thousand, 0.38 for twenty */
	cr_assert(width[0] > 0.045 && width[0] < 0.063, "%f", width[0]);
	cr_assert(width[1] > 0.28 && width[1] < 0.48, "%f", width[1]);
}

/* Weights are Poisson numbers of mean 1: means and variances of families, and of replicates, are near 1. */
Test(handmade, weights_have_mean_and_variance_1)
{
	struct bootstrap_weights weights = {0};
	double sum = 0, squares = 0;
	enum { FAMILIES = 400 };

	for (unsigned family = 0; family < FAMILIES; family++) {
		bootstrap_family(&weights, family * 0x9e3779b97f4a7c15U);
		for (unsigned i = 0; i < BOOTSTRAP_REPLICATES; i++) {
			sum += weights.weight[i];
			squares += weights.weight[i] * weights.weight[i];
		}
	}
	sum /= FAMILIES * BOOTSTRAP_REPLICATES;
	squares /= FAMILIES * BOOTSTRAP_REPLICATES;
	cr_assert(fabs(sum - 1) < 0.01 && fabs(squares - sum * sum - 1) < 0.02, "%f %f", sum,
	          squares - sum * sum);
}

Test(handmade, two_checkers_are_compared_case_by_case)
{
	/* the first is right on all; the second misses cases 3 and 5, and has no answer to 15 */
	const char *answers[] = {"pvpvpvpvpvpvpvpv", "pvpppppvpvpvpvpn"};
	const enum said said[] = {SAID_NOTHING, SAID_NOTHING};
	struct scorer *scorer = score_sets(answers, said, 2, 4, false);
	struct score_versus versus;
	const struct score *score = score_end(scorer);

	versus = score_compare(scorer);
	cr_assert(versus.only_one == 3 && versus.only_two == 0);
	cr_assert_float_eq(versus.difference.value, 3. / 8, 1e-12);
	cr_assert(versus.difference.low <= 3. / 8 && versus.difference.high >= 3. / 8);
	cr_assert_float_eq(versus.mcnemar, 2 * 0.125, 1e-12); /* both sides of (1/2)^3 */
	cr_assert(versus.p > 0 && versus.p < 1);
	cr_assert(score[0].rates[VIEW_HEADLINE].youden_j.value == 1);
}

Test(handmade, mcnemar_is_the_binomial_test)
{
	/* 2 * (C(10,0) + C(10,1) + C(10,2)) / 1024 = 112 / 1024 */
	cr_assert_float_eq(rates_mcnemar(2, 8), 112. / 1024, 1e-12);
	cr_assert_float_eq(rates_mcnemar(8, 2), 112. / 1024, 1e-12);
	cr_assert_eq(rates_mcnemar(0, 0), 1);
	cr_assert_eq(rates_mcnemar(5, 5), 1);
	cr_assert_lt(rates_mcnemar(1000, 3000), 1e-200);
}

/* Answers of 1 to 16 ms: the middle one, and all but one in twenty. */
Test(handmade, time_and_memory_are_told_to_a_hundredth)
{
	const struct expected *set = &sets[0];
	const struct score *score = score_end(score_sets(&set->answers, &set->said, 1, 4, false));

	cr_assert_float_eq(spread_quantile(&score->seconds, 0.5), 0.008, 0.0001);
	cr_assert_float_eq(spread_quantile(&score->seconds, 0.95), 0.016, 0.0002);
	cr_assert_float_eq(spread_quantile(&score->memory, 0.5), 1000, 10);
	cr_assert_float_eq(score->memory.most, 1000, 1e-9);
	score = score_end(score_sets(&sets[1].answers, &sets[1].said, 1, 4, false));
	cr_assert_eq(spread_quantile(&score->seconds, 0.5), 0);
}
