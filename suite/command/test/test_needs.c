/* needs: every choice says what it needs, and what is said is so. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "make.h"
#include "needs.h"
#include "read.h"

TestSuite(needs);

Test(needs, every_choice_but_a_default_says_what_it_needs)
{
	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++)
		cr_assert_eq(needs_of((enum shape_id)id) == NULL, shape_is_default((enum shape_id)id), "%s",
		             shape_row((enum shape_id)id)->name);
}

/* Rows of a sequence that lacks what a shape needs, and of one that has it. */
Test(needs, a_sequence_without_what_is_needed_is_explained_and_one_with_it_applies)
{
	static const struct {
		const char *rule, *shapes, *lacks, *has, *why;
	} rows[] = {
		{"SpinlockRelease", "loop=do", "rel a", "loop { acq a; rel a }",
	     "loop=do does not apply: it needs a loop"},
		{"SpinlockRelease", "loop=nested", "loop { break }", "loop { work }", "needs a loop without a break"},
		{"SpinlockRelease", "branch=inverted", "if ? { work }", "if ? { work } else { acq a }",
	     "needs an if with an else"},
		{"SpinlockRelease", "branch=and", "if p { work }", "if p { if q { work } }", "just another if"},
		{"SpinlockRelease", "exit=goto-cleanup", "acq a; return", "acq a; if ? { return }; rel a",
	     "needs a return inside a block"},
		{"SpinlockRelease", "flag=bit", "if ? { acq a }", "if p { acq a }", "a flag (p to w) that is tested"},
		{"SpinlockRelease", "flag=respelled", "if p { acq a }", "if p { acq a }; if p { rel a }",
	     "tested twice"},
		{"SpinlockRelease", "call=inline", "acq a", NULL, "needs a helper function"},
		{"SpinlockRelease", "helper=guard", "acq a; rel a", "acq a; work; rel a", "something between them"},
		{"SpinlockRelease", "helper=conditional,call=macro", "if ? { acq a }", NULL,
	     "does not apply beside call=macro, without which it would"},
		{"SpinlockRelease", "saved=shared", "acq a; rel a", "acq a; rel a; acq b; rel b",
	     "of which none is taken while the other is held"},
		{"SpinlockRelease", "noise=dead-branch", "acq a", "acq a; rel a", "needs a release"},
		{"SpinLockRelease", "noise=outer-lock", "acq a; rel a", NULL, "a rule other than storport's"},
		{"CancelSpinlockRelease", "place=heap", "acq a; rel a", NULL, "a lock that the calls name"},
	};

	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		struct rule rule;
		struct seq seq;
		struct shapes shapes = shapes_default();
		struct buf why = {0};
		struct diag diag;
		unsigned effects;

		cr_assert(rule_load(&rule, &arena, rows[i].rule, &diag), "%s", diag.message);
		cr_assert(shapes_set_list(&shapes, rows[i].shapes, &diag), "%s", diag.message);
		cr_assert(seq_read(&seq, &arena, &rule, 0, "", rows[i].lacks, strlen(rows[i].lacks), &diag));
		effects = shape_effects(&seq, &rule, 0, &shapes);
		cr_assert_neq(effects, SHAPE_ALL, "%s", rows[i].shapes);
		for (unsigned d = 0; d < SHAPE_COUNT && !why.len; d++)
			if (!(effects >> d & 1))
				needs_explain(&why, (enum shape_dimension)d, &seq, &rule, 0, &shapes);
		cr_assert(strstr(why.data, rows[i].why), "%s: %s", rows[i].shapes, why.data);
		if (rows[i].has) {
			cr_assert(seq_read(&seq, &arena, &rule, 0, "", rows[i].has, strlen(rows[i].has), &diag));
			cr_assert_eq(shape_effects(&seq, &rule, 0, &shapes), SHAPE_ALL, "%s: %s", rows[i].shapes,
			             rows[i].has);
		}
		buf_free(&why);
		arena_free(&arena);
	}
}
