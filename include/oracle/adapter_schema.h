/* adapter_schema: the keys of an adapter file, for whoever writes one: from the tables that read it
 * (adapter_fields) and a line of text for each.
 */
#ifndef ADAPTER_SCHEMA_H
#define ADAPTER_SCHEMA_H

#include "arena.h"

struct adapter_key {
	const char *name;
	const char *usual; /* what counts where it is not there: a value of the file, or words; "needed" */
	const char *value; /* its type and its limits: "a whole number, 1 to 100000" */
	const char *about; /* what it says */
};

/* What kind of adapter a table of adapter_fields is for; NULL behind the last. */
const char *adapter_schema_table(unsigned table);
/* The keys of a table, in its order; returns their number. They live in the arena. */
unsigned adapter_schema(unsigned table, struct arena *arena, const struct adapter_key **keys);

#endif
