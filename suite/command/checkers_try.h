/* checkers_try: one adapter on a few cases, each step shown. */
#ifndef CHECKERS_TRY_H
#define CHECKERS_TRY_H

#include "arena.h"

/* Prints all of it; returns the command's exit status. */
int checkers_try(struct arena *arena, const char *name);

#endif
