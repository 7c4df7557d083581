/* Completion of the command line in bash. */
#ifndef COMPLETION_H
#define COMPLETION_H

#include "arena.h"
#include "buf.h"

/* A script for share/bash-completion/completions: commands, options, and the names of rules, levels,
 * checkers, worlds, shapes and topics that are compiled in. */
void completion_print(struct buf *out, struct arena *arena);

#endif
