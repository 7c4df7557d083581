/* present_lines: a case's text with the places of its lines. Only suite/command/present*.c use it. */
#ifndef PRESENT_LINES_H
#define PRESENT_LINES_H

#include "present.h"
#include "prog.h"

struct present_lines {
	struct prog prog; /* in the source's arena */
	struct buf body, helpers;
	struct text_span span; /* of its file */
};

/* False where a template is broken. Free in every case. */
bool present_lines(struct present_lines *lines, struct source *source, unsigned half,
                   const struct world *world, struct diag *diag);
void present_lines_free(struct present_lines *lines);

#endif
