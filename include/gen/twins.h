/* What the programs of a pair's twins must share beside what they do. */
#ifndef TWINS_H
#define TWINS_H

#include "prog.h"

/* Whether nothing but the edit tells the twins apart, as far as shapes and the choice of KIRQLs go; else they
 * are no pair under these shapes, and another pair wears them. Both programs have the same rule, role and
 * shapes. */
bool twins_are_alike(const struct prog *right, const struct prog *wrong);

#endif
