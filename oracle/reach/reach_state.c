/* One state of the propagation: the automata of a reading, the locks that are held and the queue handles.
 * reach_event says what an acquire or release does to it. See reach_state.h and, for what a reading says of a
 * path, rule.h.
 */
#include "reach_state.h"

#include <stdlib.h>

enum {
	REACH_HELD_ALL = 0xff,
	REACH_SHARED = 4, /* bits of `held` from here on: with others */
	REACH_ANY = (1 << RULE_LOCKS) - 1,
};

static int16_t
reach_initial(const struct rule_reading *reading, bool held)
{
	if (reading->counts)
		return held;
	return held ? reading->initial_held : reading->initial;
}

/* The calls that give back what a call takes, where the reading asks for them. */
static uint16_t
reach_givers(const struct reach *reach, unsigned call)
{
	bool asks = reach->rule->reading[reach->reading].tells_wrong;

	return asks ? (uint16_t)reach->rule->call[call].releases : 0;
}

struct reach_state
reach_start(const struct reach *reach)
{
	const struct rule_reading *reading = &reach->rule->reading[reach->reading];
	struct reach_state state = {.held = (uint8_t)reach->rule->role[reach->role].held};

	for (unsigned l = 0; l < RULE_LOCKS; l++) {
		bool held = state.held >> l & 1;

		state.value[l] = reach_initial(reading, held);
		if (held && reach->rule->has_handles)
			state.owner[l] = (uint8_t)(1 + l);
		if (held)
			state.givers[l] = reach_givers(reach, rule_acquire(reach->rule, reach->role, l));
	}
	if (reading->scope == SCOPE_ALL) {
		if (reading->counts)
			state.value[0] = (int16_t)(state.value[0] + state.value[1] + state.value[2]);
		else
			state.value[0] = reach_initial(reading, state.held);
		state.value[1] = state.value[2] = 0;
	}
	return state;
}

static const struct rule_cell *
reach_row(const struct rule_reading *reading, int value, unsigned column)
{
	if (reading->counts)
		value = value < 0 ? COUNTER_BELOW : value > 0 ? COUNTER_ABOVE : COUNTER_ZERO;
	return &reading->cell[value][column];
}

static uint8_t
reach_mark(const struct rule_cell *cell, unsigned letter)
{
	return (uint8_t)(cell->kind * REACH_LETTERS + letter);
}

/* What an event does to the physical lock. Held bits tell a deadlock and what a try may do. So where a
 * reading counts and there is no try, they matter no more once a path has a deadlock: all are set for good,
 * which keeps tables small. */
static void
reach_hold(const struct reach *reach, enum rule_effect effect, unsigned lock, struct reach_state *state)
{
	const struct rule_reading *reading = &reach->rule->reading[reach->reading];
	bool asks = reading->tells_wrong || reading->tells_order || reach->rule->events;
	bool forgets = reading->counts && !asks && !reach->rule->role[reach->role].allows_try;
	unsigned held = 1U << lock, shared = held << REACH_SHARED;

	if (effect == EFFECT_NONE)
		return;
	if (forgets && (state->held == REACH_HELD_ALL || (effect == EFFECT_TAKE && state->held & held)))
		state->held = REACH_HELD_ALL;
	else if (effect == EFFECT_SHARE)
		state->held = (uint8_t)(state->held & held ? state->held : state->held | held | shared);
	else if (effect == EFFECT_TAKE)
		state->held = (uint8_t)((state->held & ~shared) | held);
	else
		state->held = (uint8_t)(state->held & ~(held | shared));
}

bool
reach_waits(enum rule_effect effect, unsigned lock, const struct reach_state *state)
{
	bool held = state->held >> lock & 1, shared = state->held >> (REACH_SHARED + lock) & 1;

	return held && (effect == EFFECT_TAKE || (effect == EFFECT_SHARE && !shared));
}

/* What makes a lock or ends it leaves no handle in use for it. */
static void
reach_free_handles(unsigned lock, struct reach_state *state)
{
	for (unsigned h = 0; h < RULE_LOCKS; h++)
		if (state->owner[h] == 1 + lock)
			state->owner[h] = 0;
}

/* The column of an event; its lock is held or not. */
static unsigned
reach_column(const struct reach *reach, unsigned number, unsigned lock, const struct reach_state *state)
{
	const struct rule_reading *reading = &reach->rule->reading[reach->reading];
	const struct rule_call *call = &reach->rule->call[number];

	if (call->event == EVENT_RELEASE && reading->tells_wrong && state->held >> lock & 1 &&
	    !(state->givers[lock] >> number & 1))
		return COLUMN_WRONG_RELEASE;
	if (call->event == EVENT_ACQUIRE && reading->tells_order && (state->held & REACH_ANY) >> lock >> 1)
		return COLUMN_MISORDERED;
	return rule_column(call);
}

struct reach_cell
reach_event(const struct reach *reach, const struct reach_happening *of, unsigned cap,
            struct reach_state *state)
{
	const struct rule_call *call = &reach->rule->call[of->call];
	unsigned lock = of->lock, handle = of->handle;
	const struct rule_reading *reading = &reach->rule->reading[reach->reading];
	bool handles = reach->rule->has_handles;
	bool unused = handles && call->event == EVENT_RELEASE && !state->owner[handle];
	struct reach_cell result = {.fate = FATE_ON};
	const struct rule_cell *cell;
	int16_t *value, none = reach_initial(reading, false);

	if (unused)
		lock = handle;
	else if (handles && call->event == EVENT_RELEASE)
		lock = state->owner[handle] - 1u;
	value = &state->value[reading->scope == SCOPE_LOCK ? lock : reading->scope == SCOPE_HANDLE ? handle : 0];
	if (unused && reading->scope == SCOPE_LOCK)
		value = &none;
	cell = reach_row(reading, *value, reach_column(reach, of->call, lock, state));
	if (!(reading->watches >> of->call & 1)) {
		cell = NULL;
	} else if (cell->violates) {
		result.fate = FATE_VIOLATES;
		result.mark = reach_mark(cell, lock);
		return result;
	}
	if (cell)
		*value = (int16_t)(reading->counts ? *value + cell->step : cell->next);
	if (reading->counts && abs(*value) >= (int)cap)
		result.fate = FATE_UNDECIDED;
	if (unused)
		return result;
	result.deadlock = reach_waits(call->effect, lock, state);
	reach_hold(reach, call->effect, lock, state);
	if (call->effect != EFFECT_NONE)
		state->givers[lock] = rule_takes(call) ? reach_givers(reach, of->call) : 0;
	if (handles && call->event == EVENT_OWN && call->effect != EFFECT_NONE)
		reach_free_handles(lock, state);
	if (handles && call->event != EVENT_OWN)
		state->owner[handle] = call->event == EVENT_ACQUIRE ? (uint8_t)(1 + lock) : 0;
	return result;
}

uint64_t
reach_occur(const struct reach *reach, unsigned call, unsigned named, unsigned cap, struct reach_state *state,
            bool *undecided)
{
	const struct rule_reading *reading = &reach->rule->reading[reach->reading];
	unsigned column = rule_column(&reach->rule->call[call]);
	bool one = reading->scope == SCOPE_ALL, handles = reading->scope == SCOPE_HANDLE;
	uint64_t marks = 0;

	*undecided = false;
	for (unsigned l = 0; reading->watches >> call & 1 && l < RULE_LOCKS; l++) {
		const struct rule_cell *cell = reach_row(reading, state->value[l], column);
		unsigned letter = one ? (unsigned)LOCK_ALL : handles && state->owner[l] ? state->owner[l] - 1U : l;

		if (one ? l : !(named >> l & 1))
			continue;
		if (cell->violates)
			marks |= UINT64_C(1) << reach_mark(cell, letter);
		else
			state->value[l] = (int16_t)(reading->counts ? state->value[l] + cell->step : cell->next);
		*undecided |= reading->counts && abs(state->value[l]) >= (int)cap;
	}
	return marks;
}

uint64_t
reach_touch(const struct reach *reach, const struct reach_happening *of, unsigned cap,
            struct reach_state *state, bool *undecided)
{
	const struct rule_reading *reading = &reach->rule->reading[reach->reading];
	const struct rule_call *call = &reach->rule->call[of->call];
	const struct rule_cell *cell = reach_row(reading, reach_initial(reading, false), rule_column(call));
	unsigned holders = 0;
	uint64_t marks;

	for (unsigned h = 0; h < RULE_LOCKS; h++)
		holders |= (unsigned)(state->owner[h] == 1 + of->lock) << h;
	marks = reach_occur(reach, of->call, holders, cap, state, undecided);
	if (!holders && reading->watches >> of->call & 1 && cell->violates)
		marks = UINT64_C(1) << reach_mark(cell, of->lock);
	if (marks || *undecided || call->effect == EFFECT_NONE)
		return marks;
	reach_hold(reach, call->effect, of->lock, state);
	state->givers[of->lock] = 0;
	reach_free_handles(of->lock, state);
	return marks;
}

/* Marks of the routine's end, for the automata that exist (see reach_use). A handle that is not in use goes
 * by its own letter. */
uint64_t
reach_end(const struct reach *reach, const struct reach_state *state, unsigned named)
{
	const struct rule_reading *reading = &reach->rule->reading[reach->reading];
	uint64_t marks = 0;

	if (reading->scope == SCOPE_ALL) {
		const struct rule_cell *cell = reach_row(reading, state->value[0], EVENT_END);

		return cell->violates ? UINT64_C(1) << reach_mark(cell, LOCK_ALL) : 0;
	}
	for (unsigned l = 0; l < RULE_LOCKS; l++) {
		const struct rule_cell *cell = reach_row(reading, state->value[l], EVENT_END);
		unsigned letter = l;

		if (reading->scope == SCOPE_HANDLE && state->owner[l])
			letter = state->owner[l] - 1u;
		if (named >> l & 1 && cell->violates)
			marks |= UINT64_C(1) << reach_mark(cell, letter);
	}
	return marks;
}
