/* A lane: our end of a supervisor, through which programs run one after the other. See process.h for the
 * programs, supervisor.h for the process at the other end.
 */
#ifndef LANE_H
#define LANE_H

#include <stdbool.h>

#include "containment.h"
#include "diag.h"

struct lane_options {
	const char *self; /* path of our own binary; NULL: as the kernel knows it */
	/* Absolute; removed with all below it should we die; with containment it can be read; NULL: none. */
	const char *root;
	enum containment containment;
	bool watch; /* memory is watched even where a cgroup could be made */
};

/* It remembers its options, and its supervisor is started anew where it was lost. */
struct lane;

/* Starts its supervisor. NULL with the message. From the first one on we are the subreaper of all that is
 * below us. */
struct lane *lane_start(const struct lane_options *options, struct diag *diag);
/* Ends its supervisor. No program may run in it: process_kill comes before. NULL is fine. */
void lane_end(struct lane *lane);
/* "cgroup" where the supervisor has a memory cgroup of its own, else "watch": resident sizes are read. */
const char *lane_memory_by(const struct lane *lane);
/* Whether no program runs in it. */
bool lane_is_free(const struct lane *lane);

#endif
