/* canary: cases whose answer is plain, to see that a checker works at all. Only suite/level uses it. */
#ifndef CANARY_H
#define CANARY_H

#include "arena.h"
#include "case.h"
#include "diag.h"
#include "level.h"
#include "rule.h"
#include "truth.h"

/* Sets rule, role and seq of a correct case and a violating one, in this order, both settled, decided and of
 * legal IRQL: the smallest straight sequences that take a lock first and give one back; where there are none,
 * the first in the order of enumeration with an event in it. False with the reason where there is none
 * either. Sequences live in the arena. Where kinds are wished for, the violating one is so in the headline
 * and in the wished reading, and by these kinds alone in that. */
bool canary_find(struct suite_case canary[2], struct truth *truth, const struct rule *rule,
                 const struct canary_wish *wish, struct arena *arena, struct diag *diag);

/* Refuses a rule whose headline reading has no violation that its automaton can come to: it has no pairs. */
bool canary_can_violate(const struct rule *rule, struct diag *diag);

#endif
