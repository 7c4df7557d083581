/* A memory cgroup of our own: version 1's memory controller, or version 2. */
#ifndef CGROUP_H
#define CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "buf.h"

struct cgroup {
	struct buf path;    /* its directory; empty: there is none, and all the others do nothing */
	struct buf home;    /* directory of the cgroup we came from */
	bool unified;       /* version 2 */
	int peak;           /* version 2: descriptor through which the peak was set back; else -1 */
	uint64_t kills;     /* by the kernel, when the limit was set */
	uint64_t used, top; /* bytes then, and the peak then where it could not be set back, else 0 */
};

/* Where the memory cgroup that /proc/self/cgroup (`own`) names stands among the mounts of
 * /proc/self/mountinfo. */
struct cgroup_place {
	bool unified;
	struct buf directory, mount;
};

/* False where there is no memory controller. The caller frees the place's bufs in any case. */
bool cgroup_find(struct cgroup_place *place, const char *mounts, const char *own);
/* Makes a cgroup `name` and puts this process into it. False where none can be made: nothing has changed
 * then. */
bool cgroup_enter(struct cgroup *cgroup, const char *name);
/* The same, in a place that was found. */
bool cgroup_enter_at(struct cgroup *cgroup, const struct cgroup_place *place, const char *name);
/* Goes home, removes the cgroup, frees it. */
void cgroup_leave(struct cgroup *cgroup);
/* Sets the limit (0: none) and begins a new count. False where the kernel refuses: more is in use that cannot
 * be given back. */
bool cgroup_limit(struct cgroup *cgroup, uint64_t bytes);
/* Peak since the limit was set, bytes on top of what was in use then; 0 where that is not known. */
uint64_t cgroup_peak(const struct cgroup *cgroup);
/* How often the kernel ended a process for the limit since it was set. */
uint64_t cgroup_kills(const struct cgroup *cgroup);
/* How often the kernel has ever ended a process of the cgroup in `path` for its limit. The count is raised
 * before the process is gone. */
uint64_t cgroup_kills_in(const char *path);
/* Sends a signal to all in the cgroup in `path` but this process. Returns how many that were. */
unsigned cgroup_signal(const char *path, int number);

#endif
