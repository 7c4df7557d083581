/* Mutants that tie conditions together wrongly: flags, tests of unknown things, tries. */
#include <stddef.h>

#include "mutation.h"

static bool
tests_flag(const struct prog_node *node)
{
	return node->condition.kind == CONDITION_FLAG;
}

static unsigned
shape_of_flags(const struct mutation *m)
{
	return m->prog->shapes.choice[SHAPE_FLAG];
}

/* Flags from the number in the parameter on. */
static void
forget_flags_from(struct mutation *m, struct prog_node **link)
{
	if (tests_flag(*link) && m->prog->var[(*link)->condition.variable].index >= m->parameter)
		mutation_forget(*link);
}

static void
forget_flags_of_shape(struct mutation *m, struct prog_node **link)
{
	if (tests_flag(*link) && shape_of_flags(m) == m->parameter)
		mutation_forget(*link);
}

static void
forget_other_words(struct mutation *m, struct prog_node **link)
{
	if (tests_flag(*link) && (*link)->condition.other_words && shape_of_flags(m) == FLAG_RESPELLED)
		mutation_forget(*link);
}

static void
forget_flags_in_loop(struct mutation *m, struct prog_node **link)
{
	if (tests_flag(*link) && m->loops)
		mutation_forget(*link);
}

static void
forget_flags_behind_loop(struct mutation *m, struct prog_node **link)
{
	m->seen |= prog_is_loop(*link);
	if (tests_flag(*link) && m->seen)
		mutation_forget(*link);
}

/* A call that does not matter to locks may still change what is in memory. */
static void
forget_flags_behind_call(struct mutation *m, struct prog_node **link)
{
	bool in_memory = shape_of_flags(m) != FLAG_LOCAL && shape_of_flags(m) != FLAG_STATUS &&
	                 shape_of_flags(m) != FLAG_COUNTER;

	m->seen |= (*link)->op == PROG_NOISE && m->prog->shapes.choice[SHAPE_NOISE] == NOISE_CALL;
	if (tests_flag(*link) && m->seen && in_memory)
		mutation_forget(*link);
}

/* A setter or getter is a function that is not looked into. */
static void
forget_getter(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link;

	if (node->condition.kind == CONDITION_RESULT &&
	    m->prog->function[node->function].purpose == PURPOSE_GETTER)
		mutation_forget(node);
}

static void
ignore_negation(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if (tests_flag(*link))
		(*link)->condition.negated = false;
}

static void
unite_flags(struct mutation *m, struct prog_node **link)
{
	unsigned first = 0;

	while (first < m->prog->vars && m->prog->var[first].type != TYPE_FLAG)
		first++;
	if (tests_flag(*link))
		(*link)->condition.variable = (uint8_t)first;
}

static bool
tests_unknown(const struct prog_node *node)
{
	return (node->op == PROG_IF || node->op == PROG_SWITCH) && node->condition.kind == CONDITION_UNKNOWN;
}

static void
test_flag(struct prog_node *node, unsigned variable)
{
	node->condition.kind = CONDITION_FLAG;
	node->condition.variable = (uint8_t)variable;
}

static void
unite_unknowns(struct mutation *m, struct prog_node **link)
{
	if (!tests_unknown(*link))
		return;
	if (!m->seen && m->prog->vars < PROG_VARS)
		m->seen = 1 + prog_var(m->prog, TYPE_FLAG, 0);
	if (m->seen)
		test_flag(*link, m->seen - 1);
}

/* tries */

/* if (try) A else B: the call happens, then A */
static void
succeed(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *body = node->body;

	(void)m;
	if (node->op != PROG_TRY)
		return;
	node->op = PROG_CALL;
	node->body = node->other = NULL;
	mutation_append(&body, node->next);
	node->next = body;
}

static void
fail(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->op == PROG_TRY)
		mutation_splice(link, (*link)->other);
}

/* The call happens, and its result is another unknown. */
static void
forget_try(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *test;

	if (node->op != PROG_TRY)
		return;
	test = mutation_node(m, PROG_IF);
	test->body = node->body;
	test->other = node->other;
	test->next = node->next;
	node->op = PROG_CALL;
	node->body = node->other = NULL;
	node->next = test;
}

static void
overlook_try(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->op == PROG_TRY)
		mutation_overlook(link);
}

/* if (try) A else B: the lock is taken where it fails */
static void
invert_try(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *body = node->body;

	(void)m;
	if (node->op != PROG_TRY)
		return;
	node->body = node->other;
	node->other = body;
}

const struct mutant mutants_condition[] = {
	{.name = "flags-forgotten",
     .summary = "What a flag was is not remembered; so sparse, -Wthread-safety, coccinelle.",
     .node = forget_flags_from},
	{.name = "first-flag-only",
     .summary = "One flag is remembered, no second one.",
     .node = forget_flags_from,
     .parameter = 1},
	{.name = "two-flags-only",
     .summary = "Two flags are remembered, no third one.",
     .node = forget_flags_from,
     .parameter = 2},
	{.name = "flags-in-loops-forgotten",
     .summary = "What a flag was is not remembered within a loop.",
     .node = forget_flags_in_loop},
	{.name = "flags-behind-loops-forgotten",
     .summary = "A loop makes every flag unknown; so analyses that widen.",
     .node = forget_flags_behind_loop},
	{.name = "flags-behind-calls-forgotten",
     .summary = "A call makes every flag in memory unknown; so the clang analyzer.",
     .node = forget_flags_behind_call},
	{.name = "flags-respelled-forgotten",
     .summary = "A test in other words is another test.",
     .node = forget_other_words},
	{.name = "flags-arithmetic-forgotten",
     .summary = "Arithmetic tells nothing; so the clang analyzer, gcc -fanalyzer.",
     .node = forget_flags_of_shape,
     .parameter = FLAG_ARITHMETIC},
	{.name = "flags-in-memory-forgotten",
     .summary = "A copy in memory is another value; so -Wthread-safety, coccinelle.",
     .node = forget_flags_of_shape,
     .parameter = FLAG_MEMORY},
	{.name = "flag-bits-forgotten",
     .summary = "Bits of a word are not told apart; so analyses with intervals.",
     .node = forget_flags_of_shape,
     .parameter = FLAG_BIT},
	{.name = "flag-enums-forgotten",
     .summary = "A value of an enumeration tells nothing.",
     .node = forget_flags_of_shape,
     .parameter = FLAG_ENUM},
	{.name = "flag-predicates-forgotten",
     .summary = "What a function that looks returns is new each time.",
     .node = forget_flags_of_shape,
     .parameter = FLAG_PREDICATE},
	{.name = "flag-statuses-forgotten",
     .summary = "A status code as a flag tells nothing.",
     .node = forget_flags_of_shape,
     .parameter = FLAG_STATUS},
	{.name = "flag-counters-forgotten",
     .summary = "Whether a number is above zero is not remembered.",
     .node = forget_flags_of_shape,
     .parameter = FLAG_COUNTER},
	{.name = "flag-getters-forgotten",
     .summary = "What a function returns of a flag is new each time; so analyses without calls.",
     .node = forget_getter},
	{.name = "negation-ignored", .summary = "A flag's negation is the flag.", .node = ignore_negation},
	{.name = "flags-equal", .summary = "All flags have one value.", .node = unite_flags},
	{.name = "unknowns-equal",
     .summary = "All unknown conditions have one value; so patterns that name no condition.",
     .node = unite_unknowns},
	{.name = "try-succeeds", .summary = "A try always takes the lock.", .node = succeed},
	{.name = "try-fails", .summary = "A try never takes the lock.", .node = fail},
	{.name = "try-inverted", .summary = "A try that returns FALSE took the lock.", .node = invert_try},
	{.name = "try-forgotten",
     .summary = "A try takes the lock whatever it returns; so coccinelle.",
     .node = forget_try},
	{.name = "try-ignored",
     .summary = "A try is no lock call; so addons of cppcheck, splint.",
     .node = overlook_try},
	{0},
};
