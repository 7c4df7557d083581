/* promela: sequences as models in Promela, SPIN's language.
 *
 * A model has a process for each sequence, and one that starts any of them. Locks, queue handles, flags and
 * the reading's automata are its variables, written from what rule.h says of a path. SPIN, which looks at all
 * states of it, prints "case N: KIND at statement S" for each finding, by C code in the model; N is the place
 * of the sequence, from 0. A counter that reaches the cap ends its path, and "case N: undecided" is printed.
 */
#ifndef PROMELA_H
#define PROMELA_H

#include <stdbool.h>

#include "buf.h"
#include "diag.h"
#include "rule.h"
#include "seq.h"

/* A process more. False where the rule has events of its own, or the reading tells an order of locks: models
 * have none of that. */
bool promela_sequence(struct buf *out, const struct seq *seq, const struct rule *rule, unsigned role,
                      unsigned reading, unsigned number, struct diag *diag);
/* What ends a model of `count` sequences, at most 254: SPIN has no more processes. */
void promela_end(struct buf *out, unsigned count);

#endif
