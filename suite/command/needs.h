/* needs: why a shape does not apply to a sequence. */
#ifndef NEEDS_H
#define NEEDS_H

#include "buf.h"
#include "rule.h"
#include "seq.h"
#include "shapes.h"

/* What a program must have for a choice to change anything, in a few words; NULL for a default. */
const char *needs_of(enum shape_id id);
/* Why the shape's choice changes nothing in the sequence under these shapes: what it needs, and whether the
 * sequence or one of the other choices stands against it. */
void needs_explain(struct buf *out, enum shape_dimension dimension, const struct seq *seq,
                   const struct rule *rule, unsigned role, const struct shapes *shapes);

#endif
