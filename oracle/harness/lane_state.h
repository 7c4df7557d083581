/* A lane from within, for process.c and what it is made of; all others take lane.h. */
#ifndef LANE_STATE_H
#define LANE_STATE_H

#include <sys/types.h>

#include "buf.h"
#include "lane.h"
#include "order.h"

struct lane {
	struct lane *next; /* all that there are */
	struct lane_options options;
	struct buf self, root; /* the options point to them */
	struct buf bubblewrap; /* its path */
	pid_t pid;             /* of the supervisor; 0: lost, or not started */
	int socket;
	struct buf cgroup;    /* its directory; empty: none */
	bool renew;           /* the supervisor is started anew before the next program */
	struct process *runs; /* NULL: none */
};

/* A supervisor that owes an answer for so long is taken for lost. */
#define LANE_TIMEOUT 15.0 /* seconds */

enum { LANE_POLL = 200 /* milliseconds: a stopped supervisor is noticed so often */ };

/* Starts its supervisor where there is none, or where it is to be renewed. False with errno. */
bool lane_prepare(struct lane *lane);
/* Sends an order, as order_send. */
bool lane_send(const struct lane *lane, const struct order *order, const struct buf *strings,
               const int *pipes, unsigned count);
/* Waits until `moment` (monotonic seconds) for a report or the supervisor's end. False with errno where
 * neither came (ETIMEDOUT). */
bool lane_wait(const struct lane *lane, double moment);
/* Waits until `moment` for a report; `string`, where not NULL, gets what stands behind it. False where none
 * came (errno ETIMEDOUT), or the supervisor is gone (ECHILD). */
bool lane_receive(const struct lane *lane, struct order_report *report, struct buf *string, double moment);
/* Lets a supervisor go on that was stopped: by its program, or with us as a batch system suspends jobs. */
void lane_resume(const struct lane *lane);
/* Ends a supervisor that does not answer or is gone, and all that ran below it. */
void lane_kill(struct lane *lane);
/* The same in good order: nothing runs below it. */
void lane_stop(struct lane *lane);

#endif
