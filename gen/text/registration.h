/* registration: what a driver declares and initialises before the system may call a body. For
 * gen/text/text.c. */
#ifndef REGISTRATION_H
#define REGISTRATION_H

#include "lists.h"
#include "print.h"

/* The lines that fill the slots of a template's registration. */
struct registration_lists {
	struct buf objects, init;
};

/* Adds the lines for the printer's program; ends each list. */
void registration_make(struct printer *printer, struct registration_lists *lists);
void registration_free(struct registration_lists *lists);

#endif
