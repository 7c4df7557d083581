/* checkers_schema: what may stand in an adapter file. */
#ifndef CHECKERS_SCHEMA_H
#define CHECKERS_SCHEMA_H

#include "arena.h"

/* Prints the keys; returns the command's exit status. */
int checkers_schema(struct arena *arena);

#endif
