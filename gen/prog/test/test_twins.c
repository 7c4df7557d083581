/* Twins: which pairs may wear which shapes, since nothing but the edit may tell one from the other. */
#include "shape_fixture.h"
#include "twins.h"

TestSuite(twins, .fini = end);

/* A pair: under the shapes the twins are alike, or not; without them they are. */
static const struct {
	const char *why;
	const char *rule, *role, *with; /* as in a spelling */
	const char *right, *wrong;
	bool alike;
} pairs[] = {
	{"a release less is the edit", NULL, NULL, "helper=both", "acq a; rel a; acq a; rel a",
     "acq a; rel a; acq a", true},
	{"one helper has one queue handle, the other two", QUEUED, NULL, "helper=retaken",
     "acq a; rel a; acq a/b; rel b", "acq a; rel b; acq a/b; rel b", false},
	{"one helper has its own queue handle, the other is given one", QUEUED, NULL, "helper=balanced",
     "acq a; loop { acq b; rel b }; rel a", "acq a; loop { acq b; rel b }; rel b", false},
	{"both helpers have one queue handle", QUEUED, NULL, "helper=both", "acq a; rel a; acq a/b; rel b",
     "acq a; rel b; acq a/b; rel b", true},
	{"what a break leaves is no helper", NULL, NULL, "helper=balanced",
     "acq a; rel a; loop { acq b; if ? { work }; rel b }",
     "acq a; rel a; loop { acq b; if ? { work; break }; rel b }", false},
	{"what a break leaves is no guard", NULL, NULL, "helper=guard",
     "acq a; work; rel a; loop { acq b; if ? { work }; rel b }",
     "acq a; work; rel a; loop { acq b; if ? { work; break }; rel b }", false},
	{"the guard is there in both", NULL, NULL, "helper=guard",
     "acq a; work; rel a; loop { acq b; if ? { work }; rel b }",
     "acq a; work; rel a; rel a; loop { acq b; if ? { work }; rel b }", true},
	{"one function is passed two locks, the other one", NULL, NULL, "place=parameter",
     "acq a; rel a; acq b; rel b", "acq a; rel a; acq b; rel a", true},
	{"the same, and one of them is named no more", NULL, NULL, "place=parameter",
     "acq a; acq b; rel b; rel a", "acq a; acq a; rel a; rel a", false},
	{"a return comes behind the scope's way out", NULL, NULL, "exit=scope-cleanup",
     "if ? { return }; acq a; if ? { rel a; return }; if ? { work }; rel a",
     "if ? { return }; acq a; if ? { rel a; return }; if ? { work; return }; rel a", false},
	{"the scope begins behind the way out in both", NULL, NULL, "exit=scope-cleanup",
     "acq a; if ? { rel a; return }; if ? { work }; rel a",
     "acq a; if ? { rel a; return }; if ? { work; return }; rel a", true},
	{"a return comes behind the way out of __try", NULL, NULL, "exit=finally",
     "acq a; if ? { rel a; return }; if ? { work }; rel a",
     "acq a; if ? { rel a; return }; if ? { work; return }; rel a", false},
	{"the scope begins behind the branch in both", NULL, NULL, "exit=scope-cleanup",
     "acq a; if ? { work }; work; rel a", "acq a; if ? { work; return }; work; rel a", true},
	{"the same of a stop", NULL, NULL, "exit=scope-cleanup", "acq a; if ? { stop }; work; rel a",
     "acq a; if ? { return }; work; rel a", true},
	{"the same before a way out", NULL, NULL, "exit=finally",
     "acq a; if ? { stop }; if ? { rel a; return }; rel a",
     "acq a; if ? { return }; if ? { rel a; return }; rel a", true},
	{"a way out is left without its release", NULL, NULL, "exit=scope-cleanup",
     "acq a; if ? { work; rel a; return }; if ? { rel a; return }; work; rel a",
     "acq a; if ? { work; rel a; return }; if ? { return }; work; rel a", true},
};

static struct prog
program_of(const struct subject *of, const struct shapes *shapes)
{
	struct prog prog;

	prog_make(&prog, &arena, of->rule, of->role, &of->seq, shapes);
	return prog;
}

static bool
are_alike(const char *rule, const char *role, const char *with, const char *right, const char *wrong)
{
	const struct shapes shapes = parse_shapes(with);
	struct subject one = parse(rule, role, right), two = parse(rule, role, wrong);
	const struct prog first = program_of(&one, &shapes), second = program_of(&two, &shapes);

	return twins_are_alike(&first, &second) && twins_are_alike(&second, &first);
}

Test(twins, shapes_that_tell_them_apart_are_not_for_them)
{
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		bool alike = are_alike(pairs[i].rule, pairs[i].role, pairs[i].with, pairs[i].right, pairs[i].wrong);

		cr_expect_eq(alike, pairs[i].alike, "%s: %s: '%s' and '%s'", pairs[i].why, pairs[i].with,
		             pairs[i].right, pairs[i].wrong);
		cr_expect(are_alike(pairs[i].rule, pairs[i].role, "", pairs[i].right, pairs[i].wrong), "%s: %s",
		          pairs[i].why, pairs[i].right);
	}
}

/* The variable stands where it stood, whichever statement of the routine lost its release or leaves it. */
Test(twins, the_variable_of_a_scope_stands_in_the_same_place_in_both)
{
	static const char *const rows[][2] = {
		{"acq a; if ? { rel a; return }; work; rel a", "acq a; if ? { return }; work; rel a"},
		{"acq a; if ? { rel a; return }; if ? { rel a; return }; rel a",
	     "acq a; if ? { return }; if ? { rel a; return }; rel a"},
		{"acq a; if ? { stop }; work; rel a", "acq a; if ? { return }; work; rel a"},
		{"acq a; if ? { stop }; work; rel a", "acq a; if ? { work }; work; rel a"},
		{"acq a; loop { work }; rel a", "acq a; loop { work; return }; rel a"},
		{"work; acq a; if ? { work } else { work }; rel a",
	     "work; acq a; if ? { work } else { work; return }; rel a"},
	};
	const struct shapes shapes = parse_shapes("exit=scope-cleanup");

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct subject one = parse(NULL, NULL, rows[i][0]), two = parse(NULL, NULL, rows[i][1]);
		struct prog right = program_of(&one, &shapes), wrong = program_of(&two, &shapes);

		cr_expect_eq(right.outside, wrong.outside, "'%s': behind %u, '%s': behind %u", rows[i][0],
		             right.outside, rows[i][1], wrong.outside);
	}
}

/* Where a lock is still held, a release must give back what keeps the IRQL. */
Test(twins, a_release_gives_back_the_same_kirql_in_both)
{
	static const struct {
		const char *role, *with, *right, *wrong;
		bool alike;
	} rows[] = {
		{"dispatch", "", "acq b; acq a; work; rel a; rel b", "acq b; acq a; work; rel b", false},
		{"dispatch", "", "acq b; acq a; work; rel a; rel b", "acq b; acq a; work; rel a", true},
		{"dispatch", "saved=extension", "acq b; acq a; work; rel a; rel b", "acq b; acq a; work; rel b",
	     false},
		{"dispatch", "", "acq a; acq b; rel a; rel b", "acq a; acq a; acq b; rel a; rel b", false},
		{"dispatch", "", "acq a; acq b; if ? { rel b; rel a; return }; work; rel b; rel a",
	     "acq a; acq b; if ? { rel a; return }; rel b; work; rel b; rel a", false},
		{"dispatch", "", "acq a; acq b; rel b; rel a", "acq a; acq b; rel a; rel a", true},
		{"dpc", "", "acq b; acq a; work; rel a; rel b", "acq b; acq a; work; rel b", true},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_eq(are_alike(NULL, rows[i].role, rows[i].with, rows[i].right, rows[i].wrong), rows[i].alike,
		             "%s: '%s' and '%s'", rows[i].role, rows[i].right, rows[i].wrong);
}

/* The first thing that a compiler sees in a block may be its variable, but control must come to it. */
static unsigned
check_scopes(const struct prog_node *node, bool in_switch)
{
	unsigned found = 0;

	for (; node; node = node->next) {
		bool inside = in_switch || node->op == PROG_SWITCH;

		cr_assert(!in_switch || node->op != PROG_SCOPE, "a scope begins in a switch");
		cr_assert(!prog_is_jump(node) || !node->next || node->next->op != PROG_SCOPE,
		          "a scope behind a jump");
		found += node->op == PROG_SCOPE;
		found += check_scopes(node->body, inside) + check_scopes(node->other, inside);
	}
	return found;
}

Test(twins, a_scope_begins_where_control_comes_to)
{
	static const char *const texts[] = {
		"if ? { return }; acq a; if ? { rel a; return }; if ? { work } else { work }; rel a",
		"if ? { return } else { work }; acq a; if ? { work }; work; rel a",
		"loop { if ? { break } }; acq a; loop { if ? { rel a; return } }; rel a",
		"forever { if ? { break } }; acq a; if ? { if ? { rel a; return } else { work } }; rel a",
	};
	static const enum shape_id branches[] = {BRANCH_SWITCH, BRANCH_FALL, BRANCH_DEFAULT, BRANCH_GOTO};
	unsigned found = 0;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		for (size_t j = 0; j < sizeof branches / sizeof *branches; j++)
			for (unsigned loop = LOOP_WHILE; loop <= LOOP_ONCE; loop++) {
				struct shapes shapes = parse_shapes("exit=scope-cleanup");
				struct subject of = parse(NULL, NULL, texts[i]);
				struct prog prog;

				*choice_of(&shapes, branches[j]) = (unsigned char)branches[j];
				shapes.choice[SHAPE_LOOP] = (unsigned char)loop;
				prog = program_of(&of, &shapes);
				for (unsigned k = 0; k < prog.functions; k++)
					found += check_scopes(prog.function[k].body, false);
			}
	cr_assert_eq(found, 4 * 4 * (LOOP_ONCE - LOOP_WHILE + 1), "%u scopes", found);
}
