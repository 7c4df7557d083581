/* harness: the function behind a body that makes its objects and runs it, in worlds that have one. For
 * gen/text/text.c. */
#ifndef HARNESS_H
#define HARNESS_H

#include "lists.h"
#include "print.h"

/* The lines that fill the slots of a template's harness. */
struct harness_lists {
	struct buf objects, init, held, exit, request;
};

/* Adds the lines for the printer's program; ends each list. */
void harness_make(struct printer *printer, struct harness_lists *lists);
void harness_free(struct harness_lists *lists);

#endif
