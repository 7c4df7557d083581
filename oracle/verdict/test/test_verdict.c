/* Verdicts: order, equality and the printed form of findings. */
#include <criterion/criterion.h>

#include "verdict.h"

Test(verdict, findings_are_sorted_with_the_routines_end_last_and_each_stands_once)
{
	struct finding finding[] = {
		{KIND_MISSING_RELEASE, 1, 0, 0},  {KIND_RELEASE_WITHOUT_ACQUIRE, 0, 300, 0},
		{KIND_MISSING_RELEASE, 0, 0, 0},  {KIND_DOUBLE_ACQUIRE, 2, 300, 0},
		{KIND_DOUBLE_ACQUIRE, 1, 300, 9}, {KIND_DOUBLE_ACQUIRE, 1, 300, 8},
		{KIND_DOUBLE_ACQUIRE, 1, 2, 0},   {KIND_MISSING_RELEASE, 0, 0, 0},
		{KIND_DOUBLE_ACQUIRE, 1, 300, 9},
	};
	static const struct finding sorted[] = {
		{KIND_DOUBLE_ACQUIRE, 1, 2, 0},
		{KIND_DOUBLE_ACQUIRE, 1, 300, 8},
		{KIND_DOUBLE_ACQUIRE, 1, 300, 9},
		{KIND_DOUBLE_ACQUIRE, 2, 300, 0},
		{KIND_RELEASE_WITHOUT_ACQUIRE, 0, 300, 0},
		{KIND_MISSING_RELEASE, 0, 0, 0},
		{KIND_MISSING_RELEASE, 1, 0, 0},
	};
	struct verdict verdict = {.count = sizeof finding / sizeof *finding, .finding = finding};

	verdict_finish(&verdict, false);
	cr_assert(verdict.count == sizeof sorted / sizeof *sorted);
	cr_expect(verdict.outcome == OUTCOME_VIOLATION);
	for (unsigned i = 0; i < verdict.count; i++)
		cr_expect(verdict.finding[i].kind == sorted[i].kind && verdict.finding[i].lock == sorted[i].lock &&
		              verdict.finding[i].statement == sorted[i].statement &&
		              verdict.finding[i].line == sorted[i].line,
		          "finding %u", i);
}

Test(verdict, sorted_findings_lose_their_repetitions_too)
{
	struct finding finding[] = {
		{KIND_DOUBLE_ACQUIRE, 0, 1, 0}, {KIND_DOUBLE_ACQUIRE, 0, 1, 0}, {KIND_DOUBLE_ACQUIRE, 0, 2, 0}};
	struct verdict verdict = {.count = 3, .finding = finding};

	verdict_finish(&verdict, false);
	cr_expect(verdict.count == 2 && verdict.finding[1].statement == 2);
}

Test(verdict, outcomes_follow_from_the_findings_and_from_the_cap)
{
	struct finding finding = {KIND_DOUBLE_ACQUIRE, 0, 1, 0};
	struct verdict none = {0}, one = {.count = 1, .finding = &finding}, cut = one;
	struct verdict none_cut = {0};

	verdict_finish(&none, false);
	verdict_finish(&one, false);
	verdict_finish(&cut, true);
	verdict_finish(&none_cut, true);
	cr_expect(none.outcome == OUTCOME_PASS && none.count == 0);
	cr_expect(one.outcome == OUTCOME_VIOLATION && one.count == 1);
	cr_expect(cut.outcome == OUTCOME_VIOLATION && cut.count == 1 && cut.incomplete);
	cr_expect(none_cut.outcome == OUTCOME_UNDECIDED && none_cut.count == 0 && none_cut.incomplete);
	cr_expect_str_eq(outcome_name(OUTCOME_PASS), "pass");
	cr_expect_str_eq(outcome_name(OUTCOME_VIOLATION), "violation");
	cr_expect_str_eq(outcome_name(OUTCOME_UNDECIDED), "undecided");
}

Test(verdict, equality_looks_at_statements_or_at_lines)
{
	struct finding a[] = {{KIND_DOUBLE_ACQUIRE, 0, 1, 10}, {KIND_DOUBLE_ACQUIRE, 0, 2, 10}};
	struct finding b[] = {{KIND_DOUBLE_ACQUIRE, 0, 1, 10}};
	struct finding c[] = {{KIND_DOUBLE_ACQUIRE, 0, 1, 11}};
	struct finding d[] = {{KIND_DOUBLE_ACQUIRE, 1, 1, 10}};
	struct finding e[] = {{KIND_MISSING_RELEASE, 0, 1, 10}};
	struct verdict va = {.outcome = OUTCOME_VIOLATION, .count = 2, .finding = a},
				   vb = {.outcome = OUTCOME_VIOLATION, .deadlock = true, .count = 1, .finding = b};
	struct verdict vc = {.outcome = OUTCOME_VIOLATION, .count = 1, .finding = c},
				   vd = {.outcome = OUTCOME_VIOLATION, .count = 1, .finding = d};
	struct verdict ve = {.outcome = OUTCOME_VIOLATION, .count = 1, .finding = e}, pass = {0};
	struct verdict undecided = {.outcome = OUTCOME_UNDECIDED, .incomplete = true};
	struct verdict part = {.outcome = OUTCOME_VIOLATION, .count = 1, .finding = a, .incomplete = true};
	struct verdict whole = part, given_up = part;

	whole.count = 2;
	given_up.gave_up = true;
	cr_expect(verdict_same_lines(&va, &vb) && verdict_same_lines(&vb, &va));
	cr_expect(!verdict_same_statements(&va, &vb) && !verdict_same_statements(&vb, &va));
	cr_expect(verdict_same_statements(&vb, &vc) && !verdict_same_lines(&vb, &vc));
	cr_expect(!verdict_same_statements(&vb, &vd) && !verdict_same_lines(&vb, &vd));
	cr_expect(!verdict_same_statements(&vb, &ve) && !verdict_same_lines(&vb, &ve));
	cr_expect(!verdict_same_statements(&vb, &pass) && !verdict_same_lines(&pass, &vb));
	cr_expect(!verdict_same_statements(&pass, &undecided));
	cr_expect(verdict_same_statements(&pass, &pass) && verdict_same_lines(&undecided, &undecided));
	cr_expect(!verdict_same_statements(&part, &vb) && !verdict_same_statements(&part, &undecided));
	cr_expect(!verdict_same_statements(&part, &whole) && verdict_same_statements(&given_up, &whole));
	cr_expect(!verdict_same_statements(&given_up, &undecided) && verdict_same_statements(&given_up, &part));
}

Test(verdict, the_printed_form_has_one_line_a_finding)
{
	struct finding finding[] = {{KIND_DOUBLE_ACQUIRE, 0, 12, 7}, {KIND_MISSING_RELEASE, LOCK_ALL, 0, 9}};
	struct verdict verdict = {.outcome = OUTCOME_VIOLATION, .count = 2, .finding = finding}, pass = {0};
	struct buf out = {0};

	verdict_print(&out, &verdict);
	cr_expect_str_eq(buf_string(&out), "violation\ndouble-acquire\t12\ta\nmissing-release\t0\t*\n");
	buf_clear(&out);
	verdict_print(&out, &pass);
	cr_expect_str_eq(buf_string(&out), "pass\n");
	buf_free(&out);
	cr_expect(lock_letter(0) == 'a' && lock_letter(2) == 'c' && lock_letter(LOCK_ALL) == '*');
}
