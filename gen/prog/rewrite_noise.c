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

/* Whether statements may be added to the node's blocks: to the body of a guard or scope, not to its release;
 * not to what ?: chooses. */
static bool
has_blocks(const struct prog_node *node)
{
	return !prog_ends_in_call(node) && node->spelling != SPELL_TERNARY && node->spelling != SPELL_REQUIRE &&
	       node->spelling != SPELL_CHOOSE;
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
		} else if (prog_ends_in_call(node)) {
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
		if ((has_blocks(node) || prog_ends_in_call(node)) && noise_stop(prog, arena, node->body))
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

/* In the routine, else in a function that is a run of its statements. */
static bool
noise_stop_anywhere(struct prog *prog, struct arena *arena)
{
	for (unsigned i = 0; i < prog->functions; i++)
		if ((!i || prog_is_run(&prog->function[i])) && !prog_is_macro(&prog->function[i]) &&
		    noise_stop(prog, arena, prog->function[i].body))
			return true;
	return false;
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

/* The end of the routine's statements: in a scope, which reaches to it. */
static struct prog_node **
find_end(struct prog_node **link)
{
	for (; *link; link = &(*link)->next)
		if ((*link)->op == PROG_SCOPE)
			return find_end(&(*link)->body);
	return link;
}

static bool
noise_outer(struct prog *prog, struct arena *arena)
{
	struct prog_node **body = &prog->function[0].body, *take = outer_call(arena, true);

	if (!strcmp(prog->rule->model, "storport"))
		return false; /* has no such lock of another rule */
	if (prog->rule->role[prog->role].held)
		return false; /* its release inside would lower the IRQL */
	if (prog_has(*body, PROG_SCOPE) && prog->rule->role[prog->role].irql < IRQL_DISPATCH)
		return false; /* the scope ends behind it */
	if (prog->leaks && prog->rule->role[prog->role].irql < IRQL_DISPATCH)
		return false; /* its release would lower the IRQL while a lock is held */
	give_back(arena, body);
	if (!prog_ends_in_jump(*body))
		*find_end(body) = outer_call(arena, false);
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
		return noise_stop_anywhere(prog, arena);
	case NOISE_INITIALISE:
		return noise_initialise(prog, arena);
	case NOISE_OUTER:
		return noise_outer(prog, arena);
	default:
		return noise_block(arena, &prog->function[0].body);
	}
}
