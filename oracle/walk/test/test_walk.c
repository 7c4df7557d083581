/* walk: verdicts with lines and paths, on programs in every shape; and the IRQL automaton can report. */
#include <criterion/criterion.h>

#include "make.h"
#include "read.h"
#include "rewrite.h"
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

/* The n-th assignment of what moves, from 0, in a routine without blocks. */
static struct prog_node *
assignment(const struct prog *prog, unsigned n)
{
	struct prog_node *node = prog->function[0].body;

	for (; node; node = node->next)
		if (node->op == PROG_POINT && !n--)
			break;
	cr_assert_not_null(node);
	return node;
}

/* Text and sequence say nothing to walk: what counts is what was assigned last. */
Test(walk, a_pointer_or_index_is_what_was_assigned_to_it_last)
{
	static const char *const with[] = {"alias=moving-pointer", "alias=moved-pointer",
	                                   "place=array,alias=moving-index"};

	for (size_t i = 0; i < sizeof with / sizeof *with; i++) {
		struct walk_result result;
		struct prog prog;
		struct diag diag;
		struct seq seq;

		judge("SpinlockRelease", "dispatch", "acq a; acq b; rel b; rel a", &prog);
		struct shapes shapes = prog.shapes;
		cr_assert(shapes_set_list(&shapes, with[i], &diag));
		cr_assert(
			seq_read(&seq, &arena, prog.rule, prog.role, "test", "acq a; acq b; rel b; rel a", 26, &diag));
		prog_make(&prog, &arena, prog.rule, prog.role, &seq, &shapes);
		cr_assert_eq(prog.effects, SHAPE_ALL);
		walk_judge(&walk, &prog, prog.rule->headline, 9, false, &arena, &result);
		cr_expect_eq(result.verdict.outcome, OUTCOME_PASS, "%s", with[i]);
		assignment(&prog, 1)->lock.index = 2;
		walk_judge(&walk, &prog, prog.rule->headline, 9, false, &arena, &result);
		cr_assert_eq(result.verdict.count, 1, "%s", with[i]);
		cr_expect_eq(result.verdict.finding[0].kind, KIND_RELEASE_WITHOUT_ACQUIRE);
		cr_expect_eq(result.verdict.finding[0].statement, 3);
		cr_expect_eq(result.verdict.finding[0].lock, 1);
	}
}

/* Each way to initialise a lock of the routine at another time is a defect under any reading. */
Test(walk, a_lock_of_the_routine_is_initialised_once_and_before_its_first_use)
{
	struct rule rule;
	struct shapes shapes = shapes_default();
	struct diag diag;
	struct seq seq;

	cr_assert(rule_load(&rule, &arena, "SpinlockRelease", &diag), "%s", diag.message);
	cr_assert(shapes_set(&shapes, "place=local", &diag), "%s", diag.message);
	cr_assert(seq_read(&seq, &arena, &rule, 0, "test", "acq a; rel a", 12, &diag));
	for (unsigned reading = 0; reading < rule.readings; reading++)
		for (unsigned wrong = 0; wrong < 4; wrong++) {
			struct walk_result result;
			struct prog prog;
			struct prog_node *init, *again;

			prog_make(&prog, &arena, &rule, 0, &seq, &shapes);
			init = prog.function[0].body;
			cr_assert_eq(init->op, PROG_INIT);
			again = prog_node(&arena, PROG_INIT, 0);
			again->lock = init->lock;
			if (wrong == 1) /* never */
				prog.function[0].body = init->next;
			if (wrong == 2) { /* while it is held */
				again->next = init->next->next;
				init->next->next = again;
			}
			if (wrong == 3) { /* too late */
				prog.function[0].body = init->next;
				init->next = init->next->next;
				prog.function[0].body->next = init;
			}
			walk_judge(&walk, &prog, reading, 9, false, &arena, &result);
			cr_expect_str_eq(result.defect ? result.defect : "",
			                 wrong == 2 ? "a lock is initialised again"
			                 : wrong    ? "a lock is used before it is initialised"
			                            : "");
		}
}

/* The program stage refuses each of these before walk sees it, which is made to look all the same: the
 * program says that it is clean, and a rewrite that refused is done by hand. */
static const char *
defect_of(const char *rule_name, const char *role_name, const char *shape, const char *text)
{
	struct rule *rule = arena_alloc(&arena, sizeof *rule);
	struct shapes shapes = shapes_default();
	struct walk_result result;
	struct diag diag;
	struct prog prog;
	struct seq seq;
	unsigned role;

	cr_assert(rule_load(rule, &arena, rule_name, &diag), "%s", diag.message);
	cr_assert(rule_find_role(rule, role_name, &role));
	cr_assert(shapes_set_list(&shapes, shape, &diag), "%s", diag.message);
	cr_assert(seq_read(&seq, &arena, rule, role, "test", text, strlen(text), &diag), "%s", diag.message);
	prog_make(&prog, &arena, rule, role, &seq, &shapes);
	prog.clean = true;
	prog.shapes = shapes;
	if (shapes.choice[SHAPE_NOISE] == NOISE_OUTER && prog.function[0].body->op != PROG_OUTER) {
		prog.leaks = false;
		cr_assert(rewrite_noise(&prog));
	}
	walk_judge(&walk, &prog, rule->headline, seq_cap(&seq, rule, role), false, &arena, &result);
	return result.defect;
}

Test(walk, the_order_of_locks_and_the_life_of_saved_levels_can_be_defects)
{
	static const struct {
		const char *rule, *role, *shape, *guilty, *clean;
	} rows[] = {
		{"SpinlockRelease", "dpc", "", "acq a; acq b; rel b; rel a; acq b; acq a; rel a; rel b",
	     "acq a; acq b; rel b; rel a; acq a; acq b; rel b; rel a"},
		{"SpinlockRelease", "dpc", "",
	     "acq a; acq b; rel b; rel a; acq b; acq c; rel c; rel b; acq c; acq a; rel a; rel c",
	     "acq a; acq b; rel b; rel a; acq b; acq c; rel c; rel b; acq a; acq c; rel c; rel a"},
		{"SpinlockRelease", "dpc", "",
	     "if p { acq a; if ? { acq b; rel b } ; rel a } else { acq b; acq a; rel a; rel b }",
	     "if p { acq a; if !p { acq b; rel b } ; rel a } else { acq b; acq a; rel a; rel b }"},
		{"QueuedSpinLockRelease", "dispatch", "", "acq a; acq b; acq c; rel b; rel c; rel a",
	     "acq a; acq b; acq c; rel c; rel b; rel a"},
		{"SpinlockRelease", "dispatch", "saved=extension", "acq a; acq b; rel a; rel b",
	     "acq a; acq b; rel b; rel a"},
		{"SpinlockRelease", "dispatch", "saved=extension,helper=both", "acq a; acq b; rel a; rel b",
	     "acq a; acq b; rel b; rel a"},
		{"CancelSpinlockRelease", "dispatch", "noise=outer-lock", "acq a; if ? { return }; rel a",
	     "acq a; if ? { rel a; return }; rel a"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *guilty = defect_of(rows[i].rule, rows[i].role, rows[i].shape, rows[i].guilty);
		const char *clean = defect_of(rows[i].rule, rows[i].role, rows[i].shape, rows[i].clean);

		cr_expect_not_null(guilty, "row %zu: no defect", i);
		cr_expect_null(clean, "row %zu: %s", i, clean);
	}
}
