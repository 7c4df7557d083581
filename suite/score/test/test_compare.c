/* compare: two runs made by hand: what became wrong, right, or is so for another reason, with and without a
 * list of accepted failures; McNemar's test by its tables; and the JSON keeps to its schema. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../../oracle/checker/test/schema.h"
#include "compare.h"
#include "rates.h"
#include "report_compare.h"

enum { CASES_MOST = 16 };

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(compare, .fini = end);

static const char *
id_of(unsigned number)
{
	char id[HASH_TEXT];

	snprintf(id, sizeof id, "%032u", number);
	return arena_string(&arena, id);
}

/* Letters: p pass; v violation, V with another kind; t time-out, c crash. */
static void
make_answer(struct stored_answer *answer, uint8_t *state, char letter)
{
	static const struct answer_finding one = {KIND_DOUBLE_ACQUIRE, 3}, other = {KIND_MISSING_RELEASE, 3};

	*state = letter == 'p'                    ? ANSWER_PASS
	         : letter == 'v' || letter == 'V' ? ANSWER_VIOLATION
	         : letter == 't'                  ? ANSWER_TIMEOUT
	                                          : ANSWER_CRASH;
	*answer = (struct stored_answer){.state = state, .findings = *state == ANSWER_VIOLATION};
	answer->finding = letter == 'V' ? &other : &one;
}

static void
make_case(struct stored_case *of, unsigned number)
{
	*of = (struct stored_case){.id = id_of(number),
	                           .rule = "One",
	                           .role = "dispatch",
	                           .ladder = "straight",
	                           .sequence = number < 4 ? "acq a; rel a" : "acq a",
	                           .number = number,
	                           .twin = number ^ 1U,
	                           .readings = 1};
	of->reading[0].name = "alternate";
	of->reading[0].outcome = number % 2 ? OUTCOME_VIOLATION : OUTCOME_PASS;
}

static struct stored *
make_stored(unsigned cases)
{
	struct stored *stored = arena_alloc(&arena, sizeof *stored);

	*stored = (struct stored){.level = "by-hand",
	                          .suite = "0",
	                          .holds = "none",
	                          .cases = cases,
	                          .all = cases,
	                          .checkers = 1,
	                          .checker = arena_alloc(&arena, sizeof *stored->checker)};
	stored->checker[0] =
		(struct stored_checker){.name = "mine", .version = "1", .repeats = 1, .finished = true};
	return stored;
}

/* One checker's answers before and now: letter i to case i, of which odd ones violate. */
static struct comparison *
compare(const char *old, const char *now, const struct known *known)
{
	static const struct score_options options = {.view = VIEW_HEADLINE};
	unsigned cases = (unsigned)strlen(old);
	struct comparison *c = arena_alloc(&arena, sizeof *c);

	*c = (struct comparison){
		.stored = {make_stored(cases), make_stored(cases)}, .options = &options, .known = known};
	compare_begin(c, &arena);
	for (unsigned i = 0; i < cases; i += 2) {
		struct stored_answer answer[2][2][1];
		uint8_t state[2][2];
		struct stored_pair pair[2];

		for (unsigned side = 0; side < 2; side++) {
			pair[side] = (struct stored_pair){.cases = 2, .answer = {answer[side][0], answer[side][1]}};
			for (unsigned half = 0; half < 2; half++) {
				make_case(&pair[side].of[half], i + half);
				make_answer(&answer[side][half][0], &state[side][half], (side ? now : old)[i + half]);
			}
		}
		cr_assert(compare_add(c, &pair[0], &pair[1]));
	}
	compare_sort(c);
	return c;
}

static void
expect_counts(const struct comparison *c, unsigned wrong, unsigned right, unsigned other, unsigned xfail,
              unsigned xpass, unsigned still)
{
	const unsigned *count = c->count[0];

	cr_expect(
		count[COMPARE_WRONG] == wrong && count[COMPARE_RIGHT] == right && count[COMPARE_OTHER] == other &&
			count[COMPARE_XFAIL] == xfail && count[COMPARE_XPASS] == xpass && c->still[0] == still,
		"wrong %u right %u other %u xfail %u xpass %u still %u", count[COMPARE_WRONG], count[COMPARE_RIGHT],
		count[COMPARE_OTHER], count[COMPARE_XFAIL], count[COMPARE_XPASS], c->still[0]);
	cr_expect_eq(c->cases, wrong + right + other + xfail + xpass);
}

Test(compare, every_change_of_an_answer_has_its_word)
{
	static const struct {
		const char *what, *old, *now;
		unsigned wrong, right, other, still;
	} rows[] = {
		{"nothing", "pvpv", "pvpv", 0, 0, 0, 0},
		{"a false alarm", "pvpv", "vvpv", 1, 0, 0, 0},
		{"a miss", "pvpv", "pppv", 1, 0, 0, 0},
		{"no answer to a correct case", "pvpv", "tvpv", 1, 0, 0, 0},
		{"no answer to a violating one", "pvpv", "pcpv", 1, 0, 0, 0},
		{"a false alarm less", "vvpv", "pvpv", 0, 1, 0, 0},
		{"an answer where there was none", "ptpv", "pvpv", 0, 1, 0, 0},
		{"another reason", "ptpv", "pcpv", 0, 0, 1, 1},
		{"silence for a miss", "pppv", "ptpv", 0, 0, 1, 1},
		{"another kind, as right", "pvpv", "pVpv", 0, 0, 1, 0},
		{"another kind of false alarm", "vvpv", "Vvpv", 0, 0, 1, 1},
		{"as wrong as before", "vptv", "vptv", 0, 0, 0, 3},
		{"all at once", "pvvpptvv", "vppvpcVv", 2, 2, 2, 2},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct comparison *c = compare(rows[i].old, rows[i].now, NULL);

		cr_log_info("%s", rows[i].what);
		expect_counts(c, rows[i].wrong, rows[i].right, rows[i].other, 0, 0, rows[i].still);
		cr_expect(c->wrong[0] == rows[i].wrong && c->right[0] == rows[i].right, "%s", rows[i].what);
		cr_expect_eq(c->asked[0], strlen(rows[i].old));
	}
}

/* Both twins and both runs turned around: what became wrong became right. */
Test(compare, the_other_way_round_wrong_is_right)
{
	static const char *const runs[] = {"pvpvpvpv", "vpvppvpv", "tvcppvvp", "ptpcVvpv", "vvvvpppp"};
	enum { RUNS = sizeof runs / sizeof *runs };

	for (unsigned i = 0; i < RUNS; i++)
		for (unsigned j = 0; j < RUNS; j++) {
			const struct comparison *there = compare(runs[i], runs[j], NULL);
			const struct comparison *back = compare(runs[j], runs[i], NULL);

			cr_expect_eq(there->count[0][COMPARE_WRONG], back->count[0][COMPARE_RIGHT]);
			cr_expect_eq(there->count[0][COMPARE_OTHER], back->count[0][COMPARE_OTHER]);
			cr_expect(i != j || !there->cases);
		}
}

Test(compare, the_smallest_comes_first)
{
	const struct comparison *c = compare("pvpvpv", "vvpvvp", NULL);

	expect_counts(c, 3, 0, 0, 0, 0, 0);
	cr_expect_str_eq(c->of[0].id, id_of(4));
	cr_expect_str_eq(c->of[1].id, id_of(5));
	cr_expect_str_eq(c->of[2].id, id_of(0));
	cr_expect(c->of[0].size == strlen("acq a") && c->of[2].size == strlen("acq a; rel a"));
}

Test(compare, accepted_failures_are_xfail_and_mended_ones_xpass)
{
	struct known known = {.suite = "0"};

	known_add(&known, &arena, id_of(0), "mine", ANSWER_VIOLATION);
	known_add(&known, &arena, id_of(1), "mine", ANSWER_TIMEOUT);
	known_add(&known, &arena, id_of(3), "other", ANSWER_PASS);
	known_sort(&known);
	/* the accepted answers: nothing became wrong, whatever was before */
	expect_counts(compare("pvpv", "vtpv", &known), 0, 0, 0, 2, 0, 0);
	expect_counts(compare("vtpv", "vtpv", &known), 0, 0, 0, 2, 0, 0);
	/* right now */
	expect_counts(compare("vtpv", "pvpv", &known), 0, 0, 0, 0, 2, 0);
	expect_counts(compare("pvpv", "pvpv", &known), 0, 0, 0, 0, 2, 0);
	/* another wrong answer than the accepted one */
	expect_counts(compare("pvpv", "tvpv", &known), 1, 0, 0, 0, 1, 0);
	expect_counts(compare("pvpv", "pppv", &known), 1, 0, 0, 0, 1, 0);
	expect_counts(compare("pcpv", "pcpv", &known), 0, 0, 0, 0, 1, 1);
	/* accepted of another checker */
	expect_counts(compare("pvpv", "pvpp", &known), 1, 0, 0, 0, 2, 0);
	/* McNemar's test does not ask what is accepted */
	cr_expect_eq(compare("pvpv", "vtpv", &known)->wrong[0], 2);
}

/* Two-sided and exact: 2 * sum over i <= min of C(n, i) / 2^n, at most 1. */
Test(compare, mcnemar_s_values_are_those_of_the_binomial)
{
	static const struct {
		unsigned one, two;
		double p;
	} rows[] = {
		{0, 0, 1},
		{0, 1, 1},
		{1, 1, 1},
		{0, 2, 0.5},
		{0, 5, 2. / 32},
		{5, 0, 2. / 32},
		{0, 6, 2. / 64},
		{1, 5, 14. / 64},
		{1, 9, 22. / 1024},
		{2, 8, 112. / 1024},
		{3, 3, 1},
		{0, 10, 2. / 1024},
		{4, 14, 8096. / 262144}, /* 2 * (1 + 18 + 153 + 816 + 3060) */
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		double p = rates_mcnemar(rows[i].one, rows[i].two);

		cr_expect(fabs(p - rows[i].p) < 1e-12, "%u %u: %.15f, not %.15f", rows[i].one, rows[i].two, p,
		          rows[i].p);
	}
}

Test(compare, other_cases_are_refused)
{
	struct stored *one = make_stored(4), *other = make_stored(4);
	struct diag diag;
	static const struct score_options options = {.view = VIEW_HEADLINE};
	struct comparison c = {.stored = {one, other}, .options = &options};
	struct stored_answer answer[2];
	uint8_t state[2];
	struct stored_pair old = {.cases = 2, .answer = {&answer[0], &answer[1]}}, now = old;

	cr_expect(compare_check(one, other, "new.db", &diag));
	other->cases = 6;
	cr_expect(!compare_check(one, other, "new.db", &diag) && strstr(diag.message, "6 cases"));
	other->suite = "1";
	cr_expect(!compare_check(one, other, "new.db", &diag) && strstr(diag.message, "suite"));
	compare_begin(&c, &arena);
	for (unsigned half = 0; half < 2; half++) {
		make_case(&old.of[half], half);
		make_case(&now.of[half], half);
		make_answer(&answer[half], &state[half], 'p');
	}
	cr_expect(compare_add(&c, &old, &now));
	now.of[1].id = id_of(9);
	cr_expect_not(compare_add(&c, &old, &now));
	now.cases = 1;
	cr_expect_not(compare_add(&c, &old, &now));
}

Test(compare, the_json_keeps_to_its_schema)
{
	struct comparison *c = compare("pvvpptvv", "vppvpcVv", NULL);
	static const char *const keys[] = {"suite", "filters", "cases", "checkers", "changes"};
	struct schema schema;
	struct buf out = {0}, why = {0};
	struct diag diag;
	json_t *all, *change;

	cr_assert(schema_load(&schema, "include/lockdrill/compare.schema.json", &diag), "%s", diag.message);
	cr_assert(report_compare_json(&out, c, &diag), "%s", diag.message);
	all = json_loads(buf_string(&out), JSON_REJECT_DUPLICATES, NULL);
	cr_assert(all && schema_valid(&schema, "#", all, &why), "%s", buf_string(&why));
	cr_expect_eq(json_array_size(json_object_get(all, "changes")), c->cases);
	change = json_array_get(json_object_get(all, "changes"), c->cases - 1);
	cr_expect_str_eq(json_string_value(json_object_get(change, "change")), "changed");
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		json_t *less = json_deep_copy(all);

		json_object_del(less, keys[i]);
		cr_expect_not(schema_valid(&schema, "#", less, NULL), "%s", keys[i]);
		json_decref(less);
	}
	json_object_set_new(change, "new", json_string("maybe"));
	cr_expect_not(schema_valid(&schema, "#", all, NULL));
	json_decref(all);
	c->stored[0]->checker[0].version = "\xff";
	buf_clear(&out);
	cr_expect(!report_compare_json(&out, c, &diag) && strstr(diag.message, "UTF-8") && !out.len);
	buf_free(&out);
	buf_free(&why);
	schema_free(&schema);
}

Test(compare, markdown_has_the_counts_and_the_smallest_of_each_change)
{
	struct buf out = {0};
	struct comparison *c = compare("pvvpptvv", "vppvpcVv", NULL);

	report_compare_markdown(&out, c, 1);
	cr_expect(strstr(buf_string(&out), "| mine | 1 | 1 | 2 | 2 | 2 | 0 | 0 | 1 |\n"), "%s", out.data);
	cr_expect(strstr(out.data,
	                 "newly-wrong, smallest first:\n\n- `00000000000000000000000000000000` mine, One: "
	                 "expected pass; before: pass; now: violation (double-acquire on line 3 of the body)\n"),
	          "%s", out.data);
	cr_expect_null(strstr(out.data, "00000000000000000000000000000001`"));
	buf_free(&out);
}
