/* Making a program of a sequence, and what a choice of shapes changes in it. */
#ifndef MAKE_H
#define MAKE_H

#include "prog.h"

/* Lowers a sequence to its plainest program, then applies the shapes. Everything lives in the arena. A shape
 * that does not fit the sequence changes nothing, and its bit in `effects` stays clear. */
void prog_make(struct prog *prog, struct arena *arena, const struct rule *rule, unsigned role,
               const struct seq *seq, const struct shapes *shapes);

/* Bit set of the dimensions whose choice changes the program of this sequence; defaults always count. */
unsigned shape_effects(const struct seq *seq, const struct rule *rule, unsigned role,
                       const struct shapes *shapes);
/* Whether the choice, added to the other ones, changes the program of this sequence, and they still do. */
bool shape_applies(enum shape_id id, const struct seq *seq, const struct rule *rule, unsigned role,
                   const struct shapes *shapes);

#endif
