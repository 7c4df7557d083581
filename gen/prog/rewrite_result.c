/* Rewritings of the dimension result: how it is told what a try, or a helper that may fail, returned. See
 * rewrite.h.
 *
 *   stored, tested-later, tested-twice   Acquired = try; [work;] if (Acquired) { ... }
 *   assigned                             if ((Acquired = try) != FALSE) { ... }, and the block reads it
 *   the others                           if (!!try) { ... }: what is done to the value is the condition's
 *
 * A result that a flag keeps is told in these ways too, but for `assigned`: the flag is the variable.
 */
#include "rewrite.h"

#include <stddef.h>
#include <string.h>

/* What tests a try or a helper that may fail; what a flag's getter returns is none. */
static bool
is_test(const struct prog *prog, const struct prog_node *node)
{
	return node->op == PROG_TRY || (node->op == PROG_IF && node->condition.kind == CONDITION_RESULT &&
	                                !prog_is_accessor(&prog->function[node->function]));
}

static bool
is_kept(const struct prog_node *node)
{
	return node->op == PROG_TAKE && node->variable != PROG_NONE;
}

/* One variable of a function serves all its results of a type: each is looked at before the next call. */
static uint8_t
result_variable(struct prog *prog, unsigned function, const struct prog_node *node)
{
	unsigned status = prog_returns_status(prog, node), added;

	for (unsigned i = 0; i < prog->vars; i++)
		if (prog->var[i].type == TYPE_RESULT && prog->var[i].index == status &&
		    prog->var[i].function == function)
			return (uint8_t)i;
	added = prog_var(prog, TYPE_RESULT, status);
	prog->var[added].function = (uint8_t)function;
	return (uint8_t)added;
}

static void
look_at(struct prog_node *node, uint8_t variable)
{
	node->condition =
		(struct prog_condition){.kind = CONDITION_VAR, .variable = variable, .guard = PROG_NONE};
}

/* if (variable) { work } */
static struct prog_node *
first_test(struct arena *arena, uint8_t variable)
{
	struct prog_node *test = prog_node(arena, PROG_IF, 0);

	look_at(test, variable);
	test->body = prog_node(arena, PROG_WORK, 0);
	return test;
}

/* The call moves out of the node that looks at its result, and keeps it in a variable. */
static void
result_stored(struct prog *prog, unsigned function, struct prog_node **link)
{
	struct arena *arena = prog->arena;
	struct prog_node *node = *link, *call = prog_node(arena, PROG_TAKE, 0);
	unsigned choice = prog->shapes.choice[SHAPE_RESULT];
	struct prog_node *between = NULL;

	*call = *node;
	call->body = call->other = NULL;
	call->op = node->op == PROG_IF ? PROG_ASSIGN : PROG_TAKE;
	call->variable = result_variable(prog, function, node);
	if (choice == RESULT_LATER)
		between = prog_node(arena, PROG_WORK, 0);
	if (choice == RESULT_TWICE)
		between = first_test(arena, call->variable);
	if (between)
		between->next = node;
	call->next = between ? between : node;
	*link = call;
	look_at(node, call->variable);
	node->op = node->op == PROG_TAKE ? PROG_ASSIGN : PROG_IF;
	node->statement = node->event = 0;
	node->function = 0;
	node->lock = node->handle = node->irql = (struct prog_expr){EXPR_NONE, 0};
	memset(node->argument, 0, sizeof node->argument);
}

/* The test keeps the result in a variable, which the block reads. */
static void
result_assigned(struct prog *prog, unsigned function, struct prog_node *node)
{
	struct prog_node *reader = prog_node(prog->arena, PROG_WORK, 0);

	node->condition.told = RESULT_ASSIGNED;
	node->variable = reader->variable = result_variable(prog, function, node);
	reader->next = node->body;
	node->body = reader;
}

static bool
result_one(struct prog *prog, unsigned function, struct prog_node **link)
{
	unsigned choice = prog->shapes.choice[SHAPE_RESULT];

	if (!is_test(prog, *link) && !is_kept(*link))
		return false;
	switch (choice) {
	case RESULT_STORED:
	case RESULT_LATER:
	case RESULT_TWICE:
		result_stored(prog, function, link);
		return true;
	case RESULT_ASSIGNED:
		if (!is_test(prog, *link))
			return false;
		result_assigned(prog, function, *link);
		return true;
	case RESULT_TERNARY: /* behind `p = ` a flag with words of its own has such an expression anyway */
		if (!is_test(prog, *link) && !prog_flag_is_truth(prog))
			return false;
		(*link)->condition.told = (uint8_t)choice;
		return true;
	default:
		(*link)->condition.told = (uint8_t)choice;
		return true;
	}
}

static bool
result_block(struct prog *prog, unsigned function, struct prog_node **link)
{
	bool changed = false;

	for (; *link; link = &(*link)->next) {
		struct prog_node *node = *link;

		changed |= result_block(prog, function, &node->body);
		changed |= result_block(prog, function, &node->other);
		changed |= result_one(prog, function, link);
		while (*link != node)
			link = &(*link)->next;
	}
	return changed;
}

bool
rewrite_result(struct prog *prog)
{
	bool changed = false;

	for (unsigned i = 0; i < prog->functions; i++)
		if (!i || prog_is_run(&prog->function[i]))
			changed |= result_block(prog, i, &prog->function[i].body);
	return changed;
}
