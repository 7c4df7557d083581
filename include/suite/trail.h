/* trail: the path to a finding, for people. */
#ifndef TRAIL_H
#define TRAIL_H

#include <stdbool.h>

#include "buf.h"
#include "text.h"
#include "verdict.h"
#include "walk.h"

/* "A shortest path to missing-release of lock a: 22 23 (taken) 24 and the routine's end". The span tells the
 * lines of the file. */
void trail_words(struct buf *out, const struct finding *finding, const struct walk_path *path,
                 const struct text_span *span);
/* Whether a path comes by a line of the body. */
bool trail_has_line(const struct walk_path *path, uint32_t line);

#endif
