/* Our end of a keeper: orders, reports, and what to do when it is lost. For process.c; others take process.h. */
#ifndef SLOT_H
#define SLOT_H

#include "keeper.h"
#include "process.h"

struct keeper {
	struct keeper *next; /* all that there are */
	struct keeper_options options;
	struct buf self, root; /* the options point to them */
	struct buf bubblewrap; /* its path */
	pid_t pid;             /* 0: lost, or not started */
	int socket;
	struct buf cgroup;    /* its directory; empty: none */
	bool spoilt;          /* to be started anew before the next program */
	struct process *runs; /* NULL: none */
};

/* What waits for a keeper's answer for so long takes it for lost. */
#define SLOT_PATIENCE 15.0 /* seconds */

enum { SLOT_WAKE = 200 /* milliseconds: a stopped keeper is noticed so often */ };

/* Starts its keeper where there is none. False with errno. */
bool slot_ready(struct keeper *keeper);
/* Sends an order, with `strings` of `length` bytes behind it and `pipes` descriptors. False with errno. */
bool slot_order(const struct keeper *keeper, const struct keeper_order *order, const struct buf *strings,
                const int *pipes, unsigned count);
/* Waits until `moment` (monotonic seconds) for a report or the keeper's end. False with errno where none came (ETIMEDOUT). */
bool slot_await(const struct keeper *keeper, double moment);
/* Lets a keeper go on that was stopped: by its program, or with us as a batch system suspends jobs. */
void slot_wake(const struct keeper *keeper);
/* Waits until `moment` (monotonic seconds) for a report; `string`, where not NULL, gets what stands behind it. False where none
 * came (errno ETIMEDOUT), or the keeper is gone (ECHILD). */
bool slot_report(const struct keeper *keeper, struct keeper_report *report, struct buf *string,
                 double moment);
/* Ends a keeper that does not answer or is gone, and all that ran below it. */
void slot_lose(struct keeper *keeper);
/* The same in good order: nothing runs below it. */
void slot_leave(struct keeper *keeper);

#endif
