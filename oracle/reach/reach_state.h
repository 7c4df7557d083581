/* reach_state: one state of the propagation and what a call does to it. For oracle/reach/reach.c. */
#ifndef REACH_STATE_H
#define REACH_STATE_H

#include "reach.h"

enum { REACH_LETTERS = LOCK_ALL + 1 };

_Static_assert(KIND_COUNT *REACH_LETTERS <= 64, "a mark is a word");

/* Without padding: states compare by memcmp. */
struct reach_state {
	int16_t
		value[RULE_LOCKS]; /* of each lock's or handle's automaton: state or count; [0] alone in scope all */
	uint8_t held;          /* bit l: lock l is held; bit 4 + l: with others */
	uint8_t owner[RULE_LOCKS];   /* in rules with handles: 0 not in use, else 1 + the lock that it took */
	uint16_t givers[RULE_LOCKS]; /* of a lock that is held: calls that give it back; 0 where nobody asks */
};

_Static_assert(sizeof(struct reach_state) == 5 * RULE_LOCKS + 1 && RULE_CALLS <= 16, "no padding");

enum reach_fate { FATE_ON, FATE_VIOLATES, FATE_UNDECIDED };

/* What an event does to a state. */
struct reach_cell {
	uint8_t fate; /* enum reach_fate */
	uint8_t next; /* state, where the path goes on */
	uint8_t mark; /* bit of the mark, where it violates */
	bool deadlock;
};

/* A call of the rule, for a lock, and through a handle where there are handles. */
struct reach_happening {
	unsigned call, lock, handle;
};

/* The state in which the routine is entered. */
struct reach_state reach_start(const struct reach *reach);
/* Whether a call waits for what its own path holds. */
bool reach_waits(enum rule_effect effect, unsigned lock, const struct reach_state *state);
/* An acquire of a lock through a handle, or a release through a handle (of a lock in rules without them), or
 * an event of the rule's own that names a lock, but for reach_touch's. Changes the state where the path goes
 * on. */
struct reach_cell reach_event(const struct reach *reach, const struct reach_happening *of, unsigned cap,
                              struct reach_state *state);
/* An event that names no lock, for the automata that exist: marks where it violates, which end the path. */
uint64_t reach_occur(const struct reach *reach, unsigned call, unsigned named, unsigned cap,
                     struct reach_state *state, bool *undecided);
/* The same under scope `handle` of an event that names a lock, for the handles that hold it. */
uint64_t reach_touch(const struct reach *reach, const struct reach_happening *of, unsigned cap,
                     struct reach_state *state, bool *undecided);
/* Marks of the routine's end, for the automata that exist, as a bit set. */
uint64_t reach_end(const struct reach *reach, const struct reach_state *state, unsigned named);

#endif
