/* One program of a checker: run in a private directory under limits, and ended with all that it started. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "buf.h"

struct process_limits {
	double seconds; /* wall */
	size_t output;  /* bytes of stdout and stderr together */
};

struct process {
	pid_t pid;                /* 0 while none runs; leader of its own process group */
	int out, err;             /* read ends, non-blocking; -1 when closed */
	double started, deadline; /* monotonic seconds */
	size_t output_limit;
	struct buf stdout_text, stderr_text;
	/* how it ended */
	bool timed_out, flooded;
	bool exited;    /* else by a signal */
	int status;     /* exit status, or the signal's number */
	double seconds; /* wall */
};

/* Looks up a program in the absolute directories of PATH, since it may run in a directory of its own. False where there is none. */
bool process_find(const char *name, struct buf *path);
/* Starts argv (argv[0] a path) in `directory` with HOME and TMPDIR there, LC_ALL=C, stdin empty, own process group. False with
 * errno where it could not be started. */
bool process_start(struct process *process, const char *const *argv, const char *directory,
                   const struct process_limits *limits);
/* Reads what is there, looks at limits and at the end; waits up to `wait` milliseconds over all `count` processes. Sets *ended to
 * the index of one that is over (its group is then killed and reaped), or returns false when none is. */
bool process_wait(struct process *const *processes, unsigned count, int wait, unsigned *ended);
/* Ends it and all that it started. */
void process_kill(struct process *process);
void process_free(struct process *process);
double process_now(void);

#endif
