/* walk, wrong on purpose: states that meet at one place become one, as in checkers that join paths. See struct walk_fault
 * in walk.h; only the mutants ask for it.
 */
#include <string.h>

#include "walk_state.h"

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
bool
walk_join_state(struct walking *w, struct walk_state *state)
{
	uint32_t last = last_state(w->m, state);
	bool both = w->fault.join != JOIN_UNION;
	struct walk_state old;

	if (last == UINT32_MAX)
		return true;
	old = w->m->state[last];
	for (unsigned i = 0; i < RULE_LOCKS; i++) {
		int16_t *automaton = &old.automaton[i], other = state->automaton[i];

		if (w->joined && w->fault.join == JOIN_DIFFERENCE && *automaton != other)
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

/* What was found on the way to the joined states is void; once more, from each of them. */
void
walk_joined(struct walking *w)
{
	w->m->founds = 0;
	w->joined = true;
	for (uint32_t i = 0; i < w->m->states && !w->undecided; i++)
		if (last_state(w->m, &w->m->state[i]) == i)
			walk_step(w, i);
}
