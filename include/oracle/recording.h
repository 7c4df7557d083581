/* A recording: what a checker once printed of a few cases, and the answers that its adapter made of it. So
 * an adapter can be tried where its checker is not. From oracle/recorded/NAME.txt; made by `lockdrill run
 * --record`, never by hand.
 *
 * A line each, in this order; what begins with # is a comment:
 *
 *   pack STATUS FILES                                       a process: its exit status, one file or two
 *   case ID FIRST LINES HELPERS_FIRST HELPERS_LINES STATE   as in `spans`, and the answer
 *   finding KIND LINE                                       of that case; of helpers.c from 1048577 on
 *   canary FIRST LINES HELPERS_FIRST HELPERS_LINES          where the pack has one
 *   1 TEXT                                                  a line of stdout, without paths of the run
 *   2 TEXT                                                  a line of stderr
 */
#ifndef RECORDING_H
#define RECORDING_H

#include <stdbool.h>
#include <stddef.h>

#include "adapter.h"
#include "buf.h"
#include "diag.h"

struct pack;
struct process;
struct recording_pack;

struct recording {
	const char *name; /* what messages call it */
	unsigned packs, room, cases;
	struct recording_pack *pack; /* in the arena */
};

/* Strings live in the arena. False with the place. */
bool recording_parse(struct recording *recording, struct arena *arena, const char *name, const char *text,
                     size_t length, struct diag *diag);
/* Adds a pack whose run was complete: `root` is the run's directory, which is no part of a recording. */
void recording_add(struct buf *out, const struct adapter *adapter, const struct pack *pack,
                   const struct process *process, const char *root);
/* Whether the adapter makes of all that was printed the answers that stand there; else false with the line
 * of the first that it does not. */
bool recording_holds(const struct recording *recording, const struct adapter *adapter, struct diag *diag);
/* Whether it would also hold without the pattern of that index: no recorded answer needs it. */
bool recording_spares(const struct recording *recording, const struct adapter *adapter, unsigned pattern);

#endif
