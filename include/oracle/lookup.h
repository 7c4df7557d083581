/* Where programs are: those on PATH, and our own binary. */
#ifndef LOOKUP_H
#define LOOKUP_H

#include <stdbool.h>

#include "arena.h"
#include "buf.h"

/* Looks up a program in the absolute directories of PATH, since it may run in a directory of its own. False
 * where there is none; *path then holds what was tried last. */
bool lookup_program(const char *name, struct buf *path);
/* Path of our own binary, in the arena; "lockdrill" where the kernel does not tell. */
const char *lookup_self(struct arena *arena);

#endif
