/* Rewritings of the dimension noise: what does not matter to the verdict. See rewrite.h. It comes when
 * nothing moves any more. */
#include "rewrite.h"

#include <stddef.h>
#include <string.h>

static bool
is_lock_call(const struct prog_node *node)
{
	return node->op == PROG_CALL || node->op == PROG_HELPER || node->op == PROG_TRY ||
	       node->op == PROG_TAKE || node->op == PROG_GUARD;
}

/* Whether statements may be added to the node's blocks: to a guard's body, not to its release; not to what ?:
 * chooses. */
static bool
has_blocks(const struct prog_node *node)
{
	return node->op != PROG_GUARD && node->spelling != SPELL_TERNARY;
}

/* Something harmless before each call. */
static bool
noise_block(struct arena *arena, struct prog_node **link)
{
	bool changed = false;

	for (; *link; link = &(*link)->next) {
		struct prog_node *node = *link, *noise;

		if (has_blocks(node)) {
			changed |= noise_block(arena, &node->body);
			changed |= noise_block(arena, &node->other);
		} else if (node->op == PROG_GUARD) {
			changed |= noise_block(arena, &node->body);
		}
		if (!is_lock_call(node) || node->tail)
			continue;
		noise = prog_node(arena, PROG_NOISE, 0);
		noise->next = node;
		*link = noise;
		link = &noise->next;
		changed = true;
	}
	return changed;
}

/* if (never) { release } before the first statement */
static bool
noise_dead(struct prog *prog, struct arena *arena)
{
	struct prog_node *test = prog_node(arena, PROG_IF, 0), **body = &prog->function[0].body;

	test->condition.kind = CONDITION_NEVER;
	test->body = rewrite_copy_release(prog, arena);
	if (!test->body)
		return false;
	test->next = *body;
	*body = test;
	return true;
}

/* if (unknown) the system stops, behind the first call that takes a lock */
static bool
noise_stop(struct prog *prog, struct arena *arena, struct prog_node *node)
{
	for (; node; node = node->next) {
		if (prog_does(prog, node, EVENT_ACQUIRE)) {
			struct prog_node *test = prog_node(arena, PROG_IF, 0);

			test->condition.depth = 1; /* not what the routine's own branches look at first */
			test->body = prog_node(arena, PROG_STOP, 0);
			test->next = node->next;
			node->next = test;
			return true;
		}
		if ((has_blocks(node) || node->op == PROG_GUARD) && noise_stop(prog, arena, node->body))
			return true;
		if (has_blocks(node) && noise_stop(prog, arena, node->other))
			return true;
	}
	return false;
}

static struct prog_node *
outer_call(struct arena *arena, bool takes)
{
	struct prog_node *node = prog_node(arena, PROG_OUTER, 0);

	node->value = takes;
	return node;
}

/* The outer lock is given back before every return. */
static void
give_back(struct arena *arena, struct prog_node **link)
{
	for (; *link; link = &(*link)->next) {
		struct prog_node *node = *link;

		give_back(arena, &node->body);
		give_back(arena, &node->other);
		if (node->op != PROG_RETURN)
			continue;
		*link = outer_call(arena, false);
		(*link)->next = node;
		link = &(*link)->next;
	}
}

/* Once, before the first statement. */
static bool
noise_initialise(struct prog *prog, struct arena *arena)
{
	struct prog_node *noise = prog_node(arena, PROG_NOISE, 0);

	noise->next = prog->function[0].body;
	prog->function[0].body = noise;
	return true;
}

static bool
noise_outer(struct prog *prog, struct arena *arena)
{
	struct prog_node **body = &prog->function[0].body, *take = outer_call(arena, true);

	if (!strcmp(prog->rule->model, "storport"))
		return false; /* has no such lock of another rule */
	if (prog->rule->role[prog->role].held)
		return false; /* its release inside would lower the IRQL */
	if (prog->leaks && prog->rule->role[prog->role].irql < IRQL_DISPATCH)
		return false; /* its release would lower the IRQL while a lock is held */
	give_back(arena, body);
	if (!prog_ends_in_jump(*body))
		*prog_end(body) = outer_call(arena, false);
	take->next = *body;
	*body = take;
	return true;
}

bool
rewrite_noise(struct prog *prog)
{
	struct arena *arena = prog->arena;

	switch (prog->shapes.choice[SHAPE_NOISE]) {
	case NOISE_DEAD:
		return noise_dead(prog, arena);
	case NOISE_STOP:
		return noise_stop(prog, arena, prog->function[0].body);
	case NOISE_INITIALISE:
		return noise_initialise(prog, arena);
	case NOISE_OUTER:
		return noise_outer(prog, arena);
	default:
		return noise_block(arena, &prog->function[0].body);
	}
}
