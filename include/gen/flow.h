/* flow: every state in which the nodes of a sequence can be reached, found by propagation to the least
 * fixpoint.
 *
 * flow_run follows the physical states of the locks: seq_check refuses by it, and the program stage chooses
 * by it which saved IRQL is given back where. flow_solve is the engine below it, for any finite set of
 * states. In both a flag keeps its value along a path until a statement sets it; `?` and loop tests
 * are free each time.
 */
#ifndef FLOW_H
#define FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "rule.h"
#include "seq.h"

enum { FLOW_NONE = 0xff, FLOW_WORDS = (1 << SEQ_FLAGS) / 64 };

/* Bytes only, so that states compare by memcmp. */
struct flow_state {
	uint8_t held;              /* bit l: lock l is held */
	uint8_t owner[RULE_LOCKS]; /* of each handle: 0 not in use, else 1 + the lock that it took */
	uint8_t
		call[RULE_LOCKS]; /* of each lock: index of the call that took it last; FLOW_NONE while it is free */
	uint8_t saved
		[RULE_LOCKS]; /* of each lock: IRQL saved when it was last taken; FLOW_NONE before the first time */
	uint8_t irql;     /* current */
	uint8_t inner[RULE_LOCKS]; /* of each held lock: bit set of those taken since; in rules with handles */
};

/* Bits of a mode. Without FLOW_STOP events go on behind a violation. */
enum {
	/* A path ends at an acquire of a held lock, at a release of a free lock or an unused handle, and at one
	 * by a wrong call where the headline tells that apart. */
	FLOW_STOP = 1,
	FLOW_NO_IRQL = 2, /* saved stays FLOW_NONE and irql 0: fewer states */
};

/* Calls visit once for each pair of node and state before it that some path reaches: nodes that name a
 * lock, and the routine's ends: RETURN nodes, and NULL for the end of the sequence. The order is not that of
 * reading.
 *
 * An acquire whose call keeps an IRQL saves the current one and raises to DISPATCH. A release leaves DISPATCH
 * while another lock is held that binds the IRQL, else the IRQL at entry; it leaves the IRQL alone where its
 * call keeps none. A try fails when the lock is held, else it may do both. A lock held at entry was taken by
 * the role's acquire call and saved nothing. A release through a handle that is not in use changes nothing.
 * In rules without handles a lock is its own handle. */
void flow_run(const struct seq *seq, const struct rule *rule, unsigned role, unsigned mode,
              void (*visit)(void *context, const struct seq_node *node, const struct flow_state *state),
              void *context);

/* Whether a call gives back a lock that is held, as the call that took it asks. */
bool flow_gives_back(const struct rule *rule, const struct rule_call *call, const struct flow_state *state,
                     unsigned lock);

/* Byte strings of one length, numbered from 0 in the order of arrival. */
struct flow_pool {
	struct arena *arena; /* where everything lives */
	size_t size;         /* bytes of one string */
	uint32_t count, room;
	uint32_t slots;     /* a power of two */
	unsigned char *key; /* count * size bytes */
	uint32_t *slot;     /* 0 empty, else 1 + number */
};

void flow_pool_init(struct flow_pool *pool, struct arena *arena, size_t size);
/* The number of a string; adds it where it is new. */
uint32_t flow_pool_number(struct flow_pool *pool, const void *key);
/* The string of a number, valid until the next addition. */
const void *flow_pool_key(const struct flow_pool *pool, uint32_t number);

#define FLOW_OVER UINT32_MAX /* no path goes on */

/* States behind an event; OVER where no path goes on. */
struct flow_next {
	uint32_t state; /* behind ACQ, REL, and a try that succeeds */
	uint32_t other; /* behind a try that fails */
};

/* The engine. States are the caller's numbers; `step` is called once for each pair of node and state, for the
 * nodes that flow_run visits, and fills *next (which is over when it is called). It ends everything with
 * false. False when step did so or when more than `limit` pairs were reached. Takes its memory from the
 * arena. */
bool flow_solve(const struct seq *seq, uint32_t start, struct arena *arena, uint32_t limit,
                bool (*step)(void *context, const struct seq_node *node, uint32_t state,
                             struct flow_next *next),
                void *context);

/* A node that paths reach, loops and branches too, with a state before it. A bit for each valuation of the
 * flags in use under which they do: bit f of its number is the flag that is number f among these. */
struct flow_seen {
	const struct seq_node *node; /* NULL: the end of the sequence */
	uint32_t state;
	const uint64_t *valuations; /* FLOW_WORDS */
};

/* flow_solve, and behind it `tell` once for each pair. */
bool flow_solve_told(const struct seq *seq, uint32_t start, struct arena *arena, uint32_t limit,
                     bool (*step)(void *context, const struct seq_node *node, uint32_t state,
                                  struct flow_next *next),
                     void (*tell)(void *context, const struct flow_seen *seen), void *context);

#endif
