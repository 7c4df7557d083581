/* handles: queue handles for a sequence that names none. */
#ifndef HANDLES_H
#define HANDLES_H

#include "arena.h"
#include "rule.h"
#include "seq.h"

/* The sequence with a queue handle of its own for each acquire, by which the releases that belong to it name
 * it: `acq a; rel a; acq a; rel a` becomes `acq a; rel a; acq a/b; rel b`. It is given back as it is where
 * the rule has no handles, no lock is acquired twice, handles are named already, or that cannot be told: two
 * acquires meet in one release, or there are more of them than handles. What is new stands in the arena. */
struct seq handles_own(const struct seq *seq, struct arena *arena, const struct rule *rule, unsigned role);

#endif
