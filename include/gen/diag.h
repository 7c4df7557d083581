/* What is wrong with an input, and where: filled by every parser that returns false. */
#ifndef DIAG_H
#define DIAG_H

#include <stddef.h>
#include <stdio.h>

#include "fail.h"

enum { DIAG_WIDTH = 100, DIAG_MORE = 2048 };

struct diag {
	char file[256];       /* name of the input as the user knows it */
	unsigned line;        /* from 1; 0 where the place is the whole file */
	unsigned column;      /* from 1, in bytes; 0 where the place is the whole line */
	char message[512];    /* one line without a full stop */
	char excerpt[256];    /* the source line around the place, at most DIAG_WIDTH columns; "" for none */
	unsigned caret;       /* bytes of the excerpt before the place */
	char more[DIAG_MORE]; /* what else is wrong, a line each as diag_print has it; "" for nothing */
};

void diag_set(struct diag *diag, const char *file, unsigned line, unsigned column, const char *format, ...)
	FAIL_PRINTF(5, 6);

/* As diag_set, with the place given as a byte offset into `text` (length bytes); keeps that line as
 * the excerpt. An offset at or behind the end names the end. */
void diag_at(struct diag *diag, const char *file, const char *text, size_t length, size_t offset,
             const char *format, ...) FAIL_PRINTF(6, 7);

/* Adds a second thing that is wrong; what does not fit is counted by nobody, and told as such. */
void diag_add(struct diag *diag, const struct diag *further);

/* file:line:column: error: message, then the excerpt with a caret where there is one, then
 * what else is wrong. */
void diag_print(FILE *stream, const struct diag *diag);

#endif
