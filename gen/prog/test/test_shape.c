/* Shapes: the table, where each choice is refused, and the ladder. */
#include "shape_fixture.h"

TestSuite(shape, .fini = end);

/* the table */

Test(shape, every_default_applies_to_the_empty_sequence)
{
	struct shapes shapes = shapes_default();
	struct subject of = parse(NULL, NULL, "");

	for (unsigned d = 0; d < SHAPE_COUNT; d++) {
		cr_assert_eq(shape_row((enum shape_id)shapes.choice[d])->dimension, d);
		cr_assert(applies((enum shape_id)shapes.choice[d], &of, &shapes));
	}
	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++) {
		bool usual = id == *choice_of(&shapes, (enum shape_id)id);

		/* These need nothing to stand beside. */
		if (!usual && id != NOISE_OUTER && id != NOISE_INITIALISE)
			cr_assert_not(applies((enum shape_id)id, &of, &shapes), "%s", shape_row((enum shape_id)id)->name);
	}
}

Test(shape, a_choice_is_set_by_its_name_and_unknown_ones_are_refused_with_what_exists)
{
	struct shapes shapes = shapes_default();
	struct diag diag;

	cr_assert(shapes_set(&shapes, "exit=goto-cleanup", &diag));
	cr_assert_eq(shapes.choice[SHAPE_EXIT], EXIT_GOTO);
	cr_assert_not(shapes_set(&shapes, "exit=teleport", &diag));
	cr_assert(strstr(diag.message, "single-exit"), "%s", diag.message);
	cr_assert_not(shapes_set(&shapes, "color=red", &diag));
	cr_assert(strstr(diag.message, "alias"), "%s", diag.message);
}

/* where a choice is refused */

struct refusal {
	enum shape_id id;
	const char *why;
	const char *rule, *role, *with; /* as in a spelling; of both sequences */
	const char *refused, *taken;    /* NULL: refused in every sequence tried */
};

static const struct refusal refusals[] = {
	{BRANCH_SWITCH, "the break would bind to the switch", NULL, NULL, NULL, "loop { if ? { break } }",
     "if ? { loop { break } }"},
	{BRANCH_SWITCH, "the return is a break of the do-once", NULL, NULL, "exit=do-once",
     "if ? { return }; work", "if ? { return }; work; if ? { work }"},
	{BRANCH_FALL, "the break would bind to the switch", NULL, NULL, NULL,
     "loop { if ? { work }; if ? { break }; work; }", "loop { if ? { work }; if ? { continue }; work }"},
	{BRANCH_FALL, "nothing follows to fall into", NULL, NULL, NULL, "if ? { acq a }", "if ? { acq a }; work"},
	{BRANCH_FALL, "what jumps does not fall", NULL, NULL, NULL, "if ? { return }; work",
     "if ? { work }; work"},
	{BRANCH_INVERTED, "there is no else to exchange with", NULL, NULL, NULL, "if ? { acq a }",
     "if ? { acq a } else { work }"},
	{BRANCH_CHAIN, "the else holds more than an if", NULL, NULL, NULL,
     "if ? { work } else { if ? { work }; work }", "if ? { work } else { if ? { work } }"},
	{BRANCH_TERNARY, "only a call is an expression", NULL, NULL, NULL, "if ? { acq a; work }",
     "if ? { acq a }"},
	{BRANCH_TERNARY, "both must be calls", NULL, NULL, NULL, "if ? { acq a } else { work }",
     "if ? { acq a } else { rel a }"},
	{BRANCH_AND, "the outer block holds more than an if", NULL, NULL, NULL, "if ? { if ? { work }; work }",
     "if ? { if ? { work } }"},
	{BRANCH_OR, "an else would run for either", NULL, NULL, NULL, "if ? { if ? { work } } else { work }",
     "if ? { if ? { work } }"},
	{BRANCH_AND, "compilers warn of p && !p", NULL, NULL, NULL, "if p { if !p { work } }",
     "if p { if !q { work } }"},
	{LOOP_RETRY, "a continue would skip the question whether to go on", NULL, NULL, NULL,
     "loop { if ? { continue }; work }", "loop { if ? { break }; work }"},
	{LOOP_NESTED, "a break would leave one loop of two", NULL, NULL, NULL, "loop { if ? { break }; work }",
     "loop { if ? { continue }; work }"},
	{LOOP_BREAK, "a guarded test has no negation that is one", NULL, NULL, "exit=single-exit",
     "loop { if ? { return } }", "loop { work }; if ? { return }; work"},
	{LOOP_RECURSION, "a local KIRQL is out of sight", NULL, NULL, NULL, "loop { acq a; rel a }", NULL},
	{LOOP_RECURSION, "a local queue handle is out of sight", QUEUED, NULL, NULL, "loop { acq a; rel a }",
     "loop { work }"},
	{LOOP_RECURSION, "a return would leave the loop's function", NULL, NULL, "saved=extension",
     "acq a; loop { rel a; return }; rel a", "acq a; loop { rel a; break }; rel a"},
	{LOOP_RECURSION, "a local pointer is out of sight", NULL, NULL, "saved=extension alias=local-pointer",
     "loop { acq a; rel a }", NULL},
	{LOOP_RECURSION, "a local flag is out of sight", NULL, NULL, "saved=extension flag=local",
     "acq a; loop { if p { work } }", "acq a; if p { loop { work } }"},
	{ALIAS_CHOSEN, "a helper that finds the lock by itself finds the one", NULL, NULL,
     "helper=both argument=extension", "acq a; rel a", NULL},
	{ALIAS_CHOSEN, "an index names one lock", NULL, NULL, "helper=release argument=index place=array",
     "acq a; rel a", NULL},
	{ALIAS_TWO, "nothing is released", NULL, NULL, NULL, "acq a", "acq a; rel a"},
	{ALIAS_POINTER, "nothing is acquired", NULL, NULL, NULL, "rel a", "acq a"},
	{ALIAS_MOVING, "nothing names a lock", NULL, NULL, "helper=both argument=extension", "acq a; rel a",
     NULL},
	{ALIAS_MOVING, "one expression names two locks", NULL, NULL, "branch=ternary",
     "if ? { acq a } else { acq b }", "if ? { acq a } else { acq a }; acq b"},
	{ALIAS_MOVED, "the cancel lock has no address", CANCEL, NULL, NULL, "acq a; rel a", NULL},
	{ALIAS_ELEMENT, "there is no array", NULL, NULL, NULL, "acq a; rel a", NULL},
	{ALIAS_KEPT, "nothing is released", NULL, NULL, NULL, "acq a", "rel a"},
	{ALIAS_KEPT, "a queued lock is given back by its handle", QUEUED, NULL, NULL, "acq a; rel a", NULL},
	{PLACE_ACCESSOR, "nothing names a lock", QUEUED, NULL, NULL, "rel a", "acq a"},
	{PLACE_ACCESSOR, "a pointer to the array passes by the function", QUEUED, NULL, "alias=element-pointer",
     "acq a; rel a", NULL},
	{PLACE_ACCESSOR, "what asserts that a lock is held is given its index only", QUEUED, NULL,
     "alias=element-pointer helper=asserts-held argument=index", "acq a; rel a", NULL},
	{PLACE_COMPUTED, "the cancel lock stands in no array", CANCEL, NULL, NULL, "acq a; rel a", NULL},
	{ALIAS_MOVING_INDEX, "there is no array", NULL, NULL, NULL, "acq a; rel a", NULL},
	{ALIAS_POINTER, "the cancel lock has no address", CANCEL, NULL, NULL, "acq a; rel a", NULL},
	{HELPER_GUARD, "the break of an outer loop would leave the guard's own", NULL, NULL, NULL,
     "loop { acq a; if ? { break }; rel a }", "acq a; loop { if ? { break } }; rel a"},
	{HELPER_GUARD, "the continue of an outer loop would repeat the guard's own", NULL, NULL, NULL,
     "loop { acq a; if ? { continue }; rel a }", "acq a; loop { if ? { continue }; work }; rel a"},
	{HELPER_GUARD, "a return that becomes a break would leave the guard's own", NULL, NULL, "exit=do-once",
     "if ? { return }; acq a; if ? { return }; rel a", "if ? { return }; acq a; if ? { work }; rel a"},
	{HELPER_GUARD, "there is nothing to guard", NULL, NULL, NULL, "acq a; rel a", "acq a; work; rel a"},
	{HELPER_GUARD, "the release is of another lock", NULL, NULL, NULL, "acq a; work; rel b",
     "acq b; work; rel b"},
	{HELPER_GUARD, "the release is of another handle", QUEUED, NULL, NULL, "acq a/b; work; rel a",
     "acq a/b; work; rel a/b"},
	{HELPER_CONDITIONAL, "a flag is not the helper's to test", NULL, NULL, NULL, "if p { acq a }",
     "if ? { acq a }"},
	{HELPER_FALLIBLE, "the acquire does not come first", NULL, NULL, NULL, "if ? { work; acq a }",
     "if ? { acq a; work }"},
	{CALL_MACRO, "a macro that is an expression has no branches", NULL, NULL, "helper=conditional",
     "if ? { acq a; rel a }", NULL},
	{CALL_MACRO, "a macro that is an expression has no branches", NULL, NULL, "helper=fallible",
     "if ? { acq a; rel a }", NULL},
	{CALL_INLINE, "a guard is no function", NULL, NULL, "helper=guard", "acq a; work; rel a", NULL},
	{ARGUMENT_BY_INDEX, "there is no array", NULL, NULL, "helper=both", "acq a; rel a", NULL},
	{ARGUMENT_BY_INDEX, "the cancel lock stands in no array", CANCEL, NULL, "helper=both place=array",
     "acq a; rel a", NULL},
	{SAVED_SHARED, "one KIRQL cannot keep two levels", NULL, NULL, NULL, "acq a; acq b; rel b; rel a",
     "acq a; rel a; acq b; rel b"},
	{SAVED_SHARED, "one lock shares with none", NULL, NULL, NULL, "acq a; rel a",
     "acq a; rel a; acq b; rel b"},
	{SAVED_EXTENSION, "nothing is saved", NULL, "dpc", NULL, "acq a; rel a", NULL},
	{SAVED_EXTENSION, "a queue handle stands on the stack", "QueuedSpinLockRelease", NULL, NULL,
     "acq a; rel a", NULL},
	{SAVED_EXTENSION, "holders of either lock would write to one field", NULL, NULL, "alias=chosen-pointer",
     "acq a; rel a", NULL},
	{SAVED_EXTENSION, "each run of the routine has a lock of its own, and all have one field", NULL, NULL,
     "place=local", "acq a; rel a", NULL},
	{SAVED_EXTENSION, "what is read behind the release is another holder's", NULL, NULL, NULL,
     "acq a; acq b; rel a; rel b", "acq a; acq b; rel b; rel a"},
	{EXIT_ONCE, "the break would leave the loop only", NULL, NULL, NULL, "loop { if ? { return } }",
     "loop { work }; if ? { return }; work"},
	{EXIT_LADDER, "the clean-ups differ", NULL, NULL, NULL, "acq a; if ? { return }; rel a",
     "acq a; if ? { rel a; return }; rel a"},
	{EXIT_FINALLY, "a way out does something else, and none behind it the same", NULL, NULL, NULL,
     "acq a; if ? { rel a; return }; if ? { return }; rel a",
     "acq a; if ? { return }; if ? { rel a; return }; rel a"},
	{EXIT_FINALLY, "the routine ends with something else", NULL, NULL, NULL,
     "acq a; if ? { rel a; return }; rel a; work", "acq a; if ? { rel a; return }; rel a; return"},
	{EXIT_FINALLY, "nothing is left early", NULL, NULL, NULL, "acq a; rel a; return", NULL},
	{EXIT_CLEANUP, "the routine ends with something else", NULL, NULL, NULL, "acq a; rel a; work",
     "acq a; work; rel a"},
	{BRANCH_COMPUTED, "a computed goto would lead into the scope", NULL, NULL, "exit=scope-cleanup",
     "if ? { work }; acq a; work; rel a", "if ? { return }; acq a; if ? { rel a; return }; rel a"},
	{BRANCH_ASM, "compilers lead an asm goto into the scope, too", NULL, NULL, "exit=scope-cleanup",
     "if ? { work }; acq a; work; rel a", "if ? { return }; acq a; if ? { rel a; return }; rel a"},
	{NOISE_OUTER, "the scope ends behind the release of the outer lock", NULL, NULL, "exit=scope-cleanup",
     "acq a; work; rel a", NULL},
	{EXIT_STATUS, "nothing is left early", NULL, NULL, NULL, "acq a; rel a; return",
     "acq a; if ? { return }; rel a"},
	{LOOP_ONCE, "a break would leave the do-once only", NULL, NULL, NULL,
     "loop { if ? { break }; if ? { continue }; work }", "loop { if ? { continue }; work }"},
	{LOOP_ONCE, "there is no continue", NULL, NULL, NULL, "loop { if ? { return }; work }", NULL},
	{EXIT_ONCE_CONTINUE, "the continue would go on with the loop", NULL, NULL, NULL,
     "loop { if ? { return } }", "loop { work }; if ? { return }; work"},
	{BRANCH_ASM, "what assembler does with a flag nobody knows", NULL, NULL, NULL, "if p { work }",
     "if ? { work }"},
	{BRANCH_DEFAULT, "the break would bind to the switch", NULL, NULL, NULL, "loop { if ? { break } }",
     "if ? { loop { break } }"},
	{HELPER_GUARD_LEFT, "nothing leaves the block", NULL, NULL, NULL, "acq a; work; rel a",
     "acq a; if ? { return }; rel a"},
	{HELPER_GUARD_LEFT, "what follows is not where the jump leads", NULL, NULL, NULL,
     "acq a; if ? { return }; rel a; work", "acq a; if ? { return }; rel a; return"},
	{HELPER_GUARD_LEFT, "the break would leave the guard only", NULL, NULL, NULL,
     "loop { acq a; if ? { break }; rel a }", "loop { acq a; if ? { break }; rel a; break }"},
	{HELPER_GUARD_LEFT, "the return leaves an inner loop", NULL, NULL, NULL,
     "acq a; loop { if ? { return } }; rel a", "acq a; if ? { loop { work }; return }; rel a"},
	{EXIT_RETURN_IF, "the block holds more than a return", NULL, NULL, NULL, "if ? { work; return }; work",
     "if ? { return }; work"},
	{EXIT_HIDDEN, "nothing is left early", NULL, NULL, NULL, "acq a; rel a; return",
     "acq a; if ? { return }; rel a"},
	{RESULT_STORED, "nothing returns whether it took a lock", NULL, NULL, "helper=both",
     "if ? { acq a; rel a }", NULL},
	{RESULT_NOT_NOT, "the result is ignored", NULL, "dpc", NULL, "try a; work", "p = try a; work"},
	{RESULT_TERNARY, "a flag with words of its own is set by ?: anyway", NULL, "dpc", "flag=counter",
     "p = try a; if p { rel a }", "try a { rel a }; if p { work }"},
	{RESULT_TERNARY, "the same of another flag", NULL, "dpc", "flag=bit", "p = try a; if p { rel a }",
     "try a { rel a }; if p { work }"},
	{RESULT_ASSIGNED, "the result is kept in a flag", NULL, "dpc", NULL, "p = try a; if p { rel a }",
     "try a { rel a }"},
	{BRANCH_SWITCH, "a switch is over the result itself", NULL, NULL, "helper=conditional result=cast",
     "if ? { acq a; rel a }", "if ? { acq a; rel a }; if ? { work }"},
	{BRANCH_TERNARY, "a block is no operand of ?:", NULL, NULL,
     "helper=conditional result=statement-expression", "if ? { acq a; rel a }",
     "if ? { acq a; work; rel a }; if ? { rel a }"},
	{LOOP_RECURSION, "a local result is out of sight", NULL, "dpc", "result=assigned",
     "loop { try a { rel a } }", "try a { rel a }; loop { acq b; rel b }"},
	{STOP_ASSERT, "the branch does more than to stop", NULL, NULL, NULL, "acq a; if ? { work; stop }; rel a",
     "acq a; if ? { stop }; rel a"},
	{STOP_TERNARY, "what follows would never be reached", NULL, "dpc", NULL,
     "try a { rel a; return } else { stop }; work", "try a { rel a; return } else { stop }"},
	{STOP_TERNARY, "a block is no operand of ?:", NULL, "dpc", "result=statement-expression",
     "try a { rel a } else { stop }", "try a { rel a } else { work }; if ? { stop }"},
	{STOP_FUNCTION, "nothing stops", NULL, NULL, "noise=bug-check", "acq a; rel a",
     "acq a; if ? { stop }; rel a"},
	{FLAG_RESPELLED, "it is tested once", NULL, NULL, NULL, "if p { work }", "if p { work }; if p { work }"},
	{FLAG_LOCAL, "there is no flag", NULL, NULL, NULL, "if ? { work }", "if p { work }"},
	{NOISE_OUTER, "its release would lower the IRQL of a routine that starts with a lock", CANCEL, "cancel",
     NULL, "work; rel a", NULL},
	{NOISE_OUTER, "its release would lower the IRQL while a lock is held", NULL, NULL, NULL,
     "acq a; if ? { return }; rel a", "acq a; if ? { rel a; return }; rel a"},
	{NOISE_OUTER, "storport has no lock of another rule", "SpinLockRelease", NULL, NULL, "acq a; rel a",
     NULL},
	{NOISE_DEAD, "there is no release to copy", NULL, NULL, NULL, "acq a", "acq a; rel a"},
	{NOISE_STOP, "nothing is acquired", NULL, NULL, NULL, "rel a", "acq a"},
	{PLACE_GLOBAL, "the cancel lock lives elsewhere", CANCEL, NULL, NULL, "acq a; rel a", NULL},
	{PLACE_PARAMETER, "there is no lock to pass", NULL, NULL, NULL, "work", "acq a"},
	{PLACE_LOCAL, "what a handle stands for lives with its parent", "WdfSpinlockRelease", NULL, NULL,
     "acq a; rel a", NULL},
	{PLACE_LOCAL, "the cancel lock lives elsewhere", CANCEL, NULL, NULL, "acq a; rel a", NULL},
	{PLACE_LOCAL, "a helper finds the lock in the extension", NULL, NULL, "helper=release argument=extension",
     "acq a; rel a", NULL},
	{PLACE_LOCAL, "a function finds no local", NULL, NULL, "alias=returned-pointer", "acq a; rel a", NULL},
	{PLACE_LOCAL, "the loop's function sees no local", NULL, "dpc", "loop=recursion",
     "acq a; loop { work }; rel a", NULL},
	{PLACE_LOCAL, "a run of statements sees no other lock", NULL, NULL, "helper=balanced",
     "acq a; acq b; rel b; rel a", "acq a; work; rel a; acq b; rel b"},
};

Test(shape, each_choice_is_refused_where_it_does_not_fit_and_taken_beside)
{
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		const struct refusal *row = &refusals[i];
		struct shapes shapes = parse_shapes(row->with);
		struct subject of = parse(row->rule, row->role, row->refused);

		cr_expect_not(applies(row->id, &of, &shapes), "row %zu: %s: %s, yet %s applies to %s", i, row->why,
		              row->with ? row->with : "", shape_row(row->id)->name, row->refused);
		if (!row->taken)
			continue;
		of = parse(row->rule, row->role, row->taken);
		cr_expect(applies(row->id, &of, &shapes), "row %zu: %s does not apply to %s", i,
		          shape_row(row->id)->name, row->taken);
	}
}

/* The same sequences as above, or near ones, without the shape, rule or role that they were refused for. */
Test(shape, a_refusal_that_comes_from_another_shape_goes_with_it)
{
	static const struct {
		enum shape_id id;
		const char *rule, *role, *with, *sequence;
	} rows[] = {
		{LOOP_RECURSION, NULL, NULL, "saved=extension", "loop { acq a; rel a }"},
		{LOOP_RECURSION, NULL, NULL, "saved=extension flag=local", "if p { loop { acq a; rel a } }"},
		{LOOP_RECURSION, NULL, "dpc", NULL, "loop { acq a; rel a }"},
		{LOOP_RECURSION, "WdfSpinlockRelease", NULL, NULL, "loop { acq a; rel a }"},
		{ALIAS_CHOSEN, NULL, NULL, "helper=both", "acq a; rel a"},
		{ALIAS_POINTER, NULL, NULL, "helper=both", "acq a; rel a"},
		{CALL_INLINE, NULL, NULL, "helper=conditional", "if ? { acq a; rel a }"},
		{CALL_MACRO, NULL, NULL, "helper=both", "if ? { acq a; rel a }"},
		{ARGUMENT_BY_INDEX, NULL, NULL, "helper=both place=array", "acq a; rel a"},
		{HELPER_GUARD, NULL, NULL, NULL, "if ? { return }; acq a; if ? { return }; rel a"},
		{NOISE_OUTER, CANCEL, "dispatch", NULL, "work; acq a; rel a"},
		{NOISE_OUTER, NULL, "dpc", NULL, "acq a"},
		{BRANCH_SWITCH, NULL, NULL, NULL, "if ? { return }; work"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct shapes shapes = parse_shapes(rows[i].with);
		struct subject of = parse(rows[i].rule, rows[i].role, rows[i].sequence);

		cr_expect(applies(rows[i].id, &of, &shapes), "row %zu: %s does not apply to %s with %s", i,
		          shape_row(rows[i].id)->name, rows[i].sequence, rows[i].with ? rows[i].with : "defaults");
	}
}

/* Shapes that could not keep the verdict say that they do not apply. */
Test(shape, what_cannot_go_round_a_new_statement_does_not_apply)
{
	static const struct {
		enum shape_id id;
		const char *with, *sequence;
		bool applies;
	} rows[] = {
		{EXIT_STATUS, "", "acq a; forever { if ? { rel a; return } }", false},
		{EXIT_STATUS, "", "acq a; loop { if ? { rel a; return } }; rel a", true},
		{EXIT_STATUS, "", "acq a; if ? { rel a; return }; forever { rel a; break }", true},
		{EXIT_ONCE, "", "acq a; forever { if ? { rel a; return } }", false},
		{LOOP_GOTO, "", "forever { acq a; if ? { break }; rel a }; rel a", true},
		{LOOP_FOR, "", "forever { acq a; if ? { break }; rel a }; rel a", false},
		{LOOP_ONCE, "", "forever { acq a; if ? { rel a; continue }; rel a }", true},
		{LOOP_ONCE, "", "forever { if ? { continue }; if ? { break }; acq a }", false},
		{LOOP_RECURSION, "", "loop { acq a; rel a }", true},
		{LOOP_RECURSION, "", "loop { acq a; rel a; p = 1 }", false},
		{LOOP_RECURSION, "", "loop { p = ? }", false},
		{LOOP_RECURSION, "", "loop { try a }", false},
		{LOOP_RECURSION, "", "p = 0; loop { if p { acq a; rel a } }", false},
		{LOOP_RECURSION, "flag=predicate", "p = 0; loop { if p { acq a; rel a } }", true},
		{LOOP_NESTED, "", "loop { forever { break } }", true},
		{HELPER_CONDITIONAL, "", "p = try a; if p { rel a }", false},
		{HELPER_BOTH, "", "try a", false},
		{HELPER_GUARD, "", "acq a; if ? { stop }; rel a", true},
		{HELPER_GUARD, "", "acq a; stop; rel a", false},
		{FLAG_BIT, "", "p = 0", false},
		{BRANCH_FALL, "", "if ? { stop }; work", false},
		{BRANCH_FALL, "", "if ? { forever { work } }; work", false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct subject of = parse("SpinlockRelease", "dpc", rows[i].sequence);
		struct shapes shapes = parse_shapes(rows[i].with);

		cr_expect_eq(shape_applies(rows[i].id, &of.seq, of.rule, of.role, &shapes), rows[i].applies,
		             "%s of '%s'", shape_row(rows[i].id)->name, rows[i].sequence);
	}
}

/* the ladder */

Test(shape, the_ladder_names_the_hardest_step_that_is_needed)
{
	static const struct {
		const char *text;
		enum ladder step;
	} rows[] = {
		{"acq a; rel a", LADDER_STRAIGHT},
		{"acq a; if ? { rel a; return }; rel a", LADDER_BRANCHES},
		{"loop { if p { acq a; rel a } }", LADDER_LOOPS},
		{"acq a; loop { acq b; rel b }; rel a", LADDER_LOCKS},
		{"if p { acq a }; if p { rel a }", LADDER_CONDITIONS},
	};
	struct shapes shapes = shapes_default();
	struct subject of;

	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		of = parse(NULL, NULL, rows[i].text);
		cr_assert_eq(shape_ladder(&of.seq, of.rule, &shapes), rows[i].step, "%s", rows[i].text);
	}
	of = parse(NULL, NULL, "acq a; rel a");
	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++) {
		shapes = shapes_default();
		*choice_of(&shapes, (enum shape_id)id) = (unsigned char)id;
		cr_assert_eq(shape_ladder(&of.seq, of.rule, &shapes), shape_row((enum shape_id)id)->step);
	}
}
