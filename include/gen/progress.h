/* What a command that works for longer than two seconds says meanwhile: one line on a terminal, rewritten
 * in place.
 *
 * A process has one terminal, so it has one line: the command begins it, and whoever does the work counts.
 * Until it is begun, nothing is said; nothing depends on what is said.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdint.h>

/* From now on steps may be told, where standard error is a terminal; `what` is not owned. */
void progress_begin(const char *what);
/* So many cases more are done. */
void progress_step(uint64_t cases);
/* Removes the line, before anything else is printed; a later step may write it again. */
void progress_clear(void);

#endif
