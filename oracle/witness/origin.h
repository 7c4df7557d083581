/* origin: what a witness says of itself. Private to oracle/witness. */
#ifndef ORIGIN_H
#define ORIGIN_H

#include "evidence.h"

/* Everything but the content: the same bytes for the same task. */
void origin_fill(struct witness *witness, struct arena *arena, const struct suite_case *of,
                 const struct task *task, enum task_property property, enum task_model model);

#endif
