/* What can be learnt of a checker's program before it runs. */
#ifndef CHECKER_H
#define CHECKER_H

#include <stdbool.h>

#include "adapter.h"
#include "arena.h"
#include "buf.h"
#include "case.h"

/* An argument of an adapter with its {placeholders} filled in. `values` are pairs of name and value, ended by NULL. */
const char *checker_argument(struct arena *arena, const char *argument, const char *const *values);
/* What the program says of its version; "" where it does not. */
const char *checker_version(const struct adapter *adapter, const char *exe, struct arena *arena);
/* XXH3-128 of the program file; "" where it cannot be read. */
void checker_hash(const char *exe, char hash[HASH_TEXT]);
/* Path of our own binary. */
const char *checker_self(struct arena *arena);

#endif
