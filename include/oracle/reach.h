/* reach: the first road to a verdict: propagation of state sets over the sequence.
 *
 * A state is the automaton states of all locks, the physically held bits and the queue handles; a set holds,
 * for each state, the flag valuations under which it is reached. Transfer functions distribute over union, so
 * the meet over paths is the least fixpoint: the result is exact (Kildall 1973; Kam and Ullman 1977).
 */
#ifndef REACH_H
#define REACH_H

#include "arena.h"
#include "rule.h"
#include "seq.h"
#include "verdict.h"

struct reach_tables;

/* A rule's reading compiled for a role: dense transition tables, one for each cap and number of locks, made
 * when first needed. Not shared between threads. */
struct reach {
	const struct rule *rule;
	unsigned role, reading;
	struct reach_tables *tables; /* owned */
};

void reach_init(struct reach *reach, const struct rule *rule, unsigned role, unsigned reading);
void reach_free(struct reach *reach);

/* Judges one sequence. `cap` as seq_cap gives it (a test gives more). Findings live in the arena, with
 * statements and without lines. Gives up where a counting reading reaches more states than fit the
 * memory for one case. */
void reach_judge(struct reach *reach, const struct seq *seq, unsigned cap, struct arena *arena,
                 struct verdict *verdict);

/* A statement that some path comes to, in a state before it. */
struct reach_place {
	const struct seq_node *node; /* NULL: the end of the sequence */
	const int16_t *value;        /* of each lock's automaton, or as the reading's scope has them */
	const uint64_t *valuations;  /* of the flags, as flow.h tells them */
};

/* Tells of each statement with each state in which paths come to it before their first violation. False where
 * there are too many states, or a counter reached its cap. */
bool reach_places(struct reach *reach, const struct seq *seq, unsigned cap,
                  void (*tell)(void *context, const struct reach_place *place), void *context);

#endif
