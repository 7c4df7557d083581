/* evidence: witnesses of a case's verdict: from walk's shortest path, or from reach's sets. */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include "task.h"
#include "walk.h"
#include "witness.h"

/* Fills a witness of the first violation on a shortest path, by walk, for `property`. The case violates it.
 * All lives in the arena. */
void evidence_violation(struct witness *witness, struct arena *arena, const struct suite_case *of,
                        struct task *task, enum task_property property, enum task_model model,
                        struct walk *walk);
/* Fills a witness of a correct case: what its locks are at its loops and lock calls, by reach. It may hold no
 * invariant, where the states are all that there can be. */
void evidence_correctness(struct witness *witness, struct arena *arena, const struct suite_case *of,
                          struct task *task, enum task_model model);

#endif
