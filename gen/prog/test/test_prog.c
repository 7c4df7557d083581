/* Programs: lowering, and the choice of the KIRQL that a release gives back. */
#include <criterion/criterion.h>

#include "make.h"
#include "read.h"

static struct arena arena;
static struct rule rule;

static void
begin(void)
{
	struct diag diag;

	cr_assert(rule_load(&rule, &arena, "SpinlockRelease", &diag), "%s", diag.message);
}

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(prog, .init = begin, .fini = end);

static struct prog
make(const char *role_name, const char *text)
{
	struct shapes shapes = shapes_default();
	struct prog prog;
	struct diag diag;
	struct seq seq;
	unsigned role;

	cr_assert(rule_find_role(&rule, role_name, &role));
	cr_assert(seq_read(&seq, &arena, &rule, role, "test", text, strlen(text), &diag), "%s", diag.message);
	prog_make(&prog, &arena, &rule, role, &seq, &shapes);
	return prog;
}

/* The lock whose KIRQL the release of statement `statement` gives back. */
static unsigned
given_back(const struct prog *prog, unsigned statement)
{
	const struct prog_node *node = prog->function[0].body;

	while (node->statement != statement)
		node = node->next;
	return prog->var[node->irql.index].index;
}

Test(prog, a_program_without_shapes_has_the_statements_of_its_sequence)
{
	struct prog prog = make("dispatch", "acq a; if ? { work }; rel a");
	const struct prog_node *node = prog.function[0].body;

	cr_assert_eq(node->op, PROG_CALL);
	cr_assert_eq(node->next->op, PROG_IF);
	cr_assert_eq(node->next->body->op, PROG_WORK);
	cr_assert_eq(node->next->next->op, PROG_CALL);
	cr_assert_null(node->next->next->next);
	cr_assert_eq(prog.functions, 1);
}

Test(prog, nested_releases_give_back_their_own_irql)
{
	struct prog prog = make("dispatch", "acq a; acq b; rel b; rel a");

	cr_assert(prog.clean);
	cr_assert_eq(given_back(&prog, 3), 1);
	cr_assert_eq(given_back(&prog, 4), 0);
}

Test(prog, releases_in_the_other_order_swap_the_irqls_so_that_the_level_stays_legal)
{
	struct prog prog = make("dispatch", "acq a; acq b; rel a; rel b");

	cr_assert(prog.clean);
	cr_assert_eq(given_back(&prog, 3), 1, "the first release must leave DISPATCH_LEVEL");
	cr_assert_eq(given_back(&prog, 4), 0, "the last release must restore the entry level");
}

Test(prog, a_release_that_no_saved_irql_fits_on_every_path_is_not_clean)
{
	cr_assert_not(make("dispatch", "acq a; if ? { acq b }; rel a").clean);
	cr_assert(make("dispatch", "acq a; if ? { acq b; rel b }; rel a").clean, "its correct twin");
	cr_assert(make("dpc", "acq a; if ? { acq b }; rel a").clean, "a DPC runs at DISPATCH_LEVEL");
}

Test(prog, a_case_that_no_level_holds_says_why)
{
	static const struct {
		const char *rule, *role, *text, *why; /* NULL: a level may hold it */
	} rows[] = {
		{"SpinlockRelease", "dispatch", "acq a; if ? { acq b }; rel a", "IRQL"},
		{"SpinlockRelease", "dispatch", "acq a; if ? { acq b; rel b }; rel a", NULL},
		{"QueuedSpinLockRelease", "dispatch", "acq a; rel a; acq a; rel a", "one queue handle"},
		{"QueuedSpinLockRelease", "dispatch", "acq a; rel a; acq a/b; rel b", NULL},
		{"QueuedSpinLockRelease", "dispatch", "loop { acq a; rel a }", NULL},
		{"QueuedSpinLockRelease", "dispatch", "acq c; acq a; acq b; rel a; rel b; rel c", "taken later"},
		{"QueuedSpinLockRelease", "dispatch", "acq c; acq a; acq b; rel b; rel a; rel c", NULL},
		{"QueuedSpinLockRelease", "dispatch", "acq c; acq a; rel a; acq b; rel b; rel c", NULL},
		{"SpinlockRelease", "dpc", "acq a; acq b; rel a; rel b", NULL},
		{"SpinlockRelease", "dispatch", "acq a; acq b; rel b; rel a; acq b; acq a; rel a; rel b",
	     "both orders"},
		{"SpinlockRelease", "dispatch", "acq a; acq b; rel b; rel a; acq b; rel b; acq a; rel a", NULL},
		{"SpinlockRelease", "dispatch", "if p { acq a; acq b } else { acq b; acq a }", "both orders"},
		{"SpinlockRelease", "dispatch", "if p { acq a; acq b } else { acq a; acq b }", NULL},
		{"SpinlockRelease", "dispatch", "acq a; acq a; acq b; rel b", NULL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct diag diag;
		struct prog prog;

		cr_assert(rule_load(&rule, &arena, rows[i].rule, &diag), "%s", diag.message);
		prog = make(rows[i].role, rows[i].text);
		cr_expect(rows[i].why ? prog.unfit && strstr(prog.unfit, rows[i].why) : !prog.unfit, "%s: %s",
		          rows[i].text, prog.unfit ? prog.unfit : "fit");
	}
}

Test(prog, a_lock_that_is_left_held_leaks)
{
	cr_assert(make("dispatch", "acq a; if ? { return }; rel a").leaks);
	cr_assert_not(make("dispatch", "acq a; if ? { rel a; return }; rel a").leaks);
	cr_assert_not(make("dispatch", "acq a; rel a; rel a; acq b").leaks, "the path ends before");
}
