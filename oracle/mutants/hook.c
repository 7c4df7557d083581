/* hook: mutants that rewriting the program or the rule cannot make: they change the walk itself, through its
 * hook.
 *
 * Checkers that join paths: states that meet at one place become one, as the last one at that place with what
 * is known of locks made one, and is added behind the others. What was found on the way there is void: once
 * nothing new is joined, each place's last state is executed again.
 *
 * Checkers that give up: nothing is executed behind the first so many states.
 */
#include <assert.h>
#include <string.h>

#include "../walk/walk_hook.h"
#include "mutation.h"

struct hooked {
	const struct mutant *mutant;
	bool settled; /* nothing new is joined any more: differences count */
};

static bool
same_place(const struct walk_state *one, const struct walk_state *two)
{
	return one->at == two->at && one->depth == two->depth && one->result == two->result &&
	       !memcmp(one->frame, two->frame, sizeof one->frame);
}

/* Index of the last state at a place, or UINT32_MAX. */
static uint32_t
last_state(const struct walk_memory *m, const struct walk_state *place)
{
	uint32_t i = m->states;

	while (i-- && !same_place(&m->state[i], place))
		;
	return i;
}

/* Makes a state one with the last one at its place. False when that one knew it all. */
static bool
join_state(void *context, struct walking *w, struct walk_state *state)
{
	const struct hooked *hooked = context;
	uint32_t last = last_state(w->m, state);
	bool both = hooked->mutant->join != JOIN_UNION;
	struct walk_state old;

	if (last == UINT32_MAX)
		return true;
	old = w->m->state[last];
	for (unsigned i = 0; i < RULE_LOCKS; i++) {
		int16_t *automaton = &old.automaton[i], other = state->automaton[i];

		if (hooked->settled && hooked->mutant->join == JOIN_DIFFERENCE && *automaton != other)
			walk_add_finding(w, KIND_MISSING_RELEASE, 0, i, 0);
		if (both ? other < *automaton : other > *automaton)
			*automaton = other;
		if (both ? !state->owner[i] : !old.owner[i])
			old.owner[i] = state->owner[i];
	}
	old.held = both ? old.held & state->held : old.held | state->held;
	*state = old;
	return memcmp(&w->m->state[last], &old, sizeof old) != 0;
}

static void
find_again(void *context, struct walking *w)
{
	struct hooked *hooked = context;

	assert(!hooked->settled);
	w->m->founds = 0;
	hooked->settled = true;
	for (uint32_t i = 0; i < w->m->states; i++)
		if (last_state(w->m, &w->m->state[i]) == i)
			walk_step(w, i);
}

/* Where no paths are joined, a finding settles the answer; some give up behind the first so many states. */
static bool
goes_on(void *context, struct walking *w, uint32_t index)
{
	const struct hooked *hooked = context;

	return !w->m->founds && (!hooked->mutant->states || index < hooked->mutant->states);
}

void
mutation_walk(struct walk *walk, const struct mutant *mutant, const struct prog *prog, unsigned cap,
              struct arena *arena, struct walk_result *result)
{
	struct hooked hooked = {.mutant = mutant};
	struct walk_hook hook = {.context = &hooked};

	assert(mutant->join == JOIN_NEVER || !mutant->states);
	if (mutant->join != JOIN_NEVER) {
		hook.add = join_state;
		hook.end = find_again;
	} else {
		hook.step = goes_on;
	}
	walk_judge_hooked(walk, &hook, prog, prog->rule->headline, cap, arena, result);
}
