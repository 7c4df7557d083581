/* Shapes: the table, the choices, where they apply, and that a rewriting keeps every statement. */
#include <criterion/criterion.h>

#include "prog.h"
#include "shape.h"

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

TestSuite(shape, .init = begin, .fini = end);

static struct seq
parse(const char *text)
{
	struct diag diag;
	struct seq seq;

	cr_assert(seq_parse(&seq, &arena, &rule, 0, "test", text, strlen(text), &diag), "%s: %s", text,
	          diag.message);
	return seq;
}

/* Marks in `seen` each statement that the tree below `node` carries. */
static void
mark(const struct prog_node *node, unsigned *seen)
{
	for (; node; node = node->next) {
		if (node->statement)
			seen[node->statement]++;
		mark(node->body, seen);
		mark(node->other, seen);
	}
}

Test(shape, every_default_applies_to_the_empty_sequence)
{
	struct shapes shapes = shapes_default();
	struct seq seq = parse("");

	for (unsigned d = 0; d < SHAPE_COUNT; d++) {
		cr_assert_eq(shape_row((enum shape_id)shapes.choice[d])->dimension, d);
		cr_assert(shape_applies((enum shape_id)shapes.choice[d], &seq, &rule, 0, &shapes));
	}
	cr_assert_not(shape_applies(EXIT_GOTO, &seq, &rule, 0, &shapes));
	cr_assert_not(shape_applies(LOOP_FOR, &seq, &rule, 0, &shapes));
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

Test(shape, a_switch_is_refused_where_a_break_would_bind_to_it)
{
	struct shapes shapes = shapes_default();
	struct seq loose = parse("loop { if ? { break } }");
	struct seq inner = parse("if ? { loop { break } }");
	struct seq both = parse("loop { if ? { break } }; if ? { work }");

	cr_assert_not(shape_applies(BRANCH_SWITCH, &loose, &rule, 0, &shapes));
	cr_assert(shape_applies(BRANCH_SWITCH, &inner, &rule, 0, &shapes));
	cr_assert(shape_applies(BRANCH_SWITCH, &both, &rule, 0, &shapes));
}

Test(shape, every_choice_keeps_each_statement_exactly_once)
{
	struct seq seq = parse("acq a; loop { if p { rel a; return } else { work }; if ? { break }; "
	                       "if ? { continue } }; if !p { work }; rel a");

	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++) {
		struct shapes shapes = shapes_default();
		unsigned seen[32] = {0};
		struct prog prog;

		shapes.choice[shape_row((enum shape_id)id)->dimension] = (unsigned char)id;
		cr_assert(shape_applies((enum shape_id)id, &seq, &rule, 0, &shapes));
		prog_make(&prog, &arena, &rule, 0, &seq, &shapes);
		mark(prog.function[0].body, seen);
		for (unsigned i = 1; i <= seq.size; i++)
			cr_assert_eq(seen[i], 1, "%s: statement %u is there %u times", shape_row((enum shape_id)id)->name,
			             i, seen[i]);
	}
}

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

	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct seq seq = parse(rows[i].text);

		cr_assert_eq(shape_ladder(&seq, &rule, &shapes), rows[i].step, "%s", rows[i].text);
	}
	struct seq seq = parse("acq a; rel a");
	shapes.choice[SHAPE_ALIAS] = ALIAS_POINTER;
	cr_assert_eq(shape_ladder(&seq, &rule, &shapes), LADDER_ALIASES);
}
