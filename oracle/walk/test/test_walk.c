/* walk: verdicts with lines and paths, on programs in every shape; and the IRQL automaton can report. */
#include <criterion/criterion.h>

#include "make.h"
#include "read.h"
#include "text.h"
#include "walk.h"

static struct arena arena;
static struct walk walk;

static void
end(void)
{
	walk_free(&walk);
	arena_free(&arena);
}

TestSuite(walk, .fini = end);

static struct walk_result
judge(const char *rule_name, const char *role_name, const char *text, struct prog *prog)
{
	struct rule *rule = arena_alloc(&arena, sizeof *rule);
	struct shapes shapes = shapes_default();
	struct walk_result result;
	struct buf out = {0};
	struct diag diag;
	struct seq seq;
	unsigned role;

	cr_assert(rule_load(rule, &arena, rule_name, &diag), "%s", diag.message);
	cr_assert(rule_find_role(rule, role_name, &role));
	cr_assert(seq_read(&seq, &arena, rule, role, "test", text, strlen(text), &diag), "%s", diag.message);
	prog_make(prog, &arena, rule, role, &seq, &shapes);
	cr_assert(text_body(&out, NULL, prog, -1, &diag));
	buf_free(&out);
	walk_judge(&walk, prog, rule->headline, seq_cap(&seq, rule, role), true, &arena, &result);
	return result;
}

Test(walk, a_leak_names_the_closing_brace_and_also_the_return_and_the_acquire)
{
	struct prog prog;
	struct walk_result result = judge("SpinlockRelease", "dispatch", "acq a; if ? { return }; rel a", &prog);
	const struct prog_node *acquire = prog.function[0].body;

	cr_assert_eq(result.verdict.outcome, OUTCOME_VIOLATION);
	cr_assert_eq(result.verdict.count, 1);
	cr_assert_eq(result.verdict.finding[0].statement, 0);
	cr_assert_eq(result.verdict.finding[0].line, prog.end_line);
	cr_assert_eq(result.lines[0].count, 2);
	cr_assert_eq(result.lines[0].line[0], acquire->line);
	cr_assert_eq(result.lines[0].line[1], acquire->next->body->line);
}

Test(walk, its_correct_twin_passes_without_another_defect)
{
	struct prog prog;
	struct walk_result result =
		judge("SpinlockRelease", "dispatch", "acq a; if ? { rel a; return }; rel a", &prog);

	cr_assert_eq(result.verdict.outcome, OUTCOME_PASS);
	cr_assert_null(result.defect);
}

Test(walk, the_path_to_a_finding_is_a_shortest_one)
{
	struct prog prog;
	struct walk_result result =
		judge("SpinlockRelease", "dispatch", "loop { work }; if ? { work; work }; rel a", &prog);

	cr_assert_eq(result.verdict.count, 1);
	cr_assert_eq(result.path[0].step[result.path[0].count - 1].node->statement, 6);
	for (unsigned i = 0; i < result.path[0].count; i++)
		cr_assert(!result.path[0].step[i].node || result.path[0].step[i].node->op != PROG_WORK);
}

Test(walk, a_wrong_saved_irql_is_reported_as_another_defect)
{
	struct walk_result result;
	struct prog prog;

	judge("SpinlockRelease", "dispatch", "acq a; acq b; rel b; rel a", &prog);
	struct prog_node *release = prog.function[0].body->next->next;
	release->irql.index = (uint8_t)prog_find_var(&prog, TYPE_KIRQL, 0);
	walk_judge(&walk, &prog, prog.rule->headline, 9, false, &arena, &result);
	cr_assert_eq(result.verdict.outcome, OUTCOME_PASS);
	cr_assert_not_null(result.defect);
	cr_assert_eq(result.defect_line, release->line);
}

Test(walk, a_kmdf_lock_that_is_released_out_of_order_lowers_the_irql_under_the_other)
{
	struct prog prog;
	struct walk_result at_passive, at_dispatch;

	judge("WdfSpinlockRelease", "evt-io-device-control", "acq a; acq b; rel a; rel b", &prog);
	cr_assert_not(prog.clean);
	prog.clean = true; /* make walk look */
	walk_judge(&walk, &prog, prog.rule->headline, 9, false, &arena, &at_passive);
	cr_assert_not_null(at_passive.defect);
	at_dispatch = judge("WdfSpinlockRelease", "evt-timer", "acq a; acq b; rel a; rel b", &prog);
	cr_assert_null(at_dispatch.defect);
}
