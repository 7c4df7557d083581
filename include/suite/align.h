/* align: which lines of two texts belong together: the longest common subsequence of both (Hirschberg 1975
 * has the table), for texts of some hundred lines. */
#ifndef ALIGN_H
#define ALIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "text.h"

struct align_line {
	const char *text; /* not owned; without its newline */
	int length;
	uint32_t number; /* of its file */
	uint32_t line;   /* of its body, as findings have it */
	bool second;     /* stands in the second file */
};

struct align_side {
	const struct align_line *line;
	unsigned count;
};

/* The lines of a body, and of its second part, which may be empty; `span` says where they stand in their
 * files. They lie in the arena and point into the buffers. */
void align_read(struct align_side *side, struct arena *arena, const struct buf *body,
                const struct buf *helpers, const struct text_span *span);
/* Alike in text and file. */
bool align_is_same(const struct align_line *one, const struct align_line *two);
/* Calls `row` for each row of both texts side by side, from top to bottom: with two lines that are alike;
 * with two that are not, which stand beside each other because something else stands in place of one; or
 * with one and NULL. */
void align_each(const struct align_side *one, const struct align_side *two,
                void (*row)(void *context, const struct align_line *one, const struct align_line *two),
                void *context);

#endif
