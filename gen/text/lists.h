/* lists: what a program needs declared, as lines for the slots of its role's template. For gen/text/text.c.
 */
#ifndef LISTS_H
#define LISTS_H

#include <stdbool.h>

#include "buf.h"
#include "print.h"

struct lists {
	struct buf types, fields, request, globals, locals, setup;
};

/* Adds the lines of the printer's program; ends each list. Lines of lists are counted when a list is printed.
 */
void lists_make(struct printer *printer, struct lists *lists);
void lists_clear(struct lists *lists);
void lists_free(struct lists *lists);

/* A printer that writes into a list. */
struct printer lists_printer(const struct printer *printer, struct buf *list);
/* Whether a lock has an object; `spare`: the second one, which a choice between two locks needs. */
bool lists_has_lock(const struct prog *prog, unsigned lock, unsigned spare);
/* Bit set of locks that a function of their own finds. */
unsigned lists_found(const struct prog *prog);
/* The locks are global, and a routine of the text makes them; this one of them. */
bool lists_makes_locks(const struct prog *prog);
bool lists_makes_lock(const struct prog *prog, unsigned lock);
/* Takes the newline from a list's end: the slot's own follows. */
void lists_end_one(struct buf *list);

#endif
