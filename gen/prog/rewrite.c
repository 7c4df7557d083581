/* Rewritings of the dimensions saved, place, argument and call, and what several rewritings add. See
 * rewrite.h. */
#include "rewrite.h"

#include <stddef.h>

/* The first release of the routine, or NULL. */
static const struct prog_node *
find_release(const struct prog *prog, const struct prog_node *node)
{
	const struct prog_node *found;

	for (; node; node = node->next) {
		if (prog_does(prog, node, EVENT_RELEASE))
			return node;
		found = find_release(prog, node->body);
		if (!found)
			found = find_release(prog, node->other);
		if (found)
			return found;
	}
	return NULL;
}

struct prog_node *
rewrite_copy_release(const struct prog *prog, struct arena *arena)
{
	const struct prog_node *release = find_release(prog, prog->function[0].body);
	struct prog_node *copy;

	if (!release)
		return NULL;
	copy = prog_node(arena, PROG_CALL, 0);
	*copy = *release;
	copy->next = NULL;
	copy->shared = NULL;
	copy->statement = 0;
	return copy;
}

/* saved state */

static void
irql_block(struct prog_node *node, unsigned var)
{
	for (; node; node = node->next) {
		if (node->irql.kind == EXPR_VAR)
			node->irql.index = (uint8_t)var;
		irql_block(node->body, var);
		irql_block(node->other, var);
	}
}

/* A field keeps what the holder of one lock saved while it holds it: a queue handle belongs on the stack, and
 * two locks of which the request chooses one would share it. */
bool
rewrite_saved(struct prog *prog)
{
	unsigned irqls = 0, handles = 0, first = PROG_NONE;

	for (unsigned i = 0; i < prog->vars; i++) {
		handles += prog->var[i].type == TYPE_HANDLE;
		if (prog->var[i].type == TYPE_KIRQL && !irqls++)
			first = i;
	}
	if (prog->shapes.choice[SHAPE_SAVED] == SAVED_EXTENSION) {
		if (irqls && !handles && !prog->strays && prog->shapes.choice[SHAPE_ALIAS] != ALIAS_CHOSEN)
			return true;
		prog->shapes.choice[SHAPE_SAVED] = SAVED_OWN;
		return false;
	}
	if (irqls < 2 || prog->overlaps)
		return false; /* one KIRQL keeps one level: no lock may be taken while another is held */
	irql_block(prog->function[0].body, first);
	for (unsigned i = 0; i < prog->vars; i++)
		if (prog->var[i].type == TYPE_KIRQL && i != first)
			prog->var[i].type = TYPE_NONE;
	return true;
}

/* place */

/* The routine calls a function that does the work, and passes the locks. */
static bool
place_parameter(struct prog *prog, struct arena *arena)
{
	struct prog_function *worker = &prog->function[prog->functions], *routine = &prog->function[0];

	if (prog->functions == PROG_FUNCTIONS)
		return false;
	*worker = (struct prog_function){.purpose = PURPOSE_WORK, .lock = PROG_NONE, .style = CALL_STATIC};
	worker->body = routine->body;
	routine->body = prog_node(arena, PROG_HELPER, 0);
	routine->body->function = (uint8_t)prog->functions;
	prog->main = prog->functions++;
	return true;
}

/* Locks named in a block, in calls and as arguments. */
static unsigned
locks_named(const struct prog_node *node)
{
	unsigned named = 0;

	for (; node; node = node->next) {
		if (node->lock.kind == EXPR_LOCK)
			named |= 1U << node->lock.index;
		for (unsigned i = 0; i < PROG_PARAMETERS; i++)
			if (node->argument[i].kind == EXPR_LOCK)
				named |= 1U << node->argument[i].index;
		named |= locks_named(node->body) | locks_named(node->other);
	}
	return named;
}

bool
rewrite_place(struct prog *prog)
{
	unsigned choice = prog->shapes.choice[SHAPE_PLACE];

	prog->named = locks_named(prog->function[0].body);
	for (unsigned i = 0; i < prog->vars; i++)
		if (prog->var[i].type == TYPE_LOCK && prog->shapes.choice[SHAPE_ALIAS] != ALIAS_RETURNED)
			prog->named |= 1U << prog->var[i].index;
	if (!prog->rule->lock_type[0] || !prog->locks)
		return false;
	if (choice == PLACE_INDEX && !prog->named)
		return false;
	return choice != PLACE_PARAMETER || (prog->named && place_parameter(prog, prog->arena));
}

/* argument and call: helpers are made as these say, so what is asked is whether there are any */

/* Whether the program has helpers that are functions or macros; with `by_index`, one that is given a lock's
 * index. */
static bool
has_helpers(const struct prog *prog, bool by_index)
{
	for (unsigned i = 1; i < prog->functions; i++) {
		const struct prog_function *function = &prog->function[i];
		bool helps = function->purpose == PURPOSE_ACQUIRE || function->purpose == PURPOSE_RELEASE ||
		             function->purpose == PURPOSE_CONDITIONAL;

		for (unsigned j = 0; helps && by_index && j < function->parameters; j++)
			if (function->parameter[j] == TYPE_INDEX)
				return true;
		if (helps && !by_index)
			return true;
	}
	return false;
}

bool
rewrite_argument(struct prog *prog)
{
	return has_helpers(prog, prog->shapes.choice[SHAPE_ARGUMENT] == ARGUMENT_BY_INDEX);
}

bool
rewrite_call(struct prog *prog)
{
	return prog->shapes.choice[SHAPE_CALL] == CALL_FILE ? prog_has_second_file(prog)
	                                                    : has_helpers(prog, false);
}
