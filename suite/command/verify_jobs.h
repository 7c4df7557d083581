/* verify_jobs: one piece of judging, shared between processes of ours.
 *
 * The process that begins them works as the first; it tells when another has stopped with an error, and adds
 * up what all of them counted. Roads are judged in processes, not threads, for libtcc compiles one text at a
 * time.
 */
#ifndef VERIFY_JOBS_H
#define VERIFY_JOBS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "buf.h"
#include "diag.h"
#include "truth.h"

enum { VERIFY_JOBS = 64 }; /* at the most */

/* What one process has done, or all. */
struct verify_done {
	struct truth *truth;
	uint64_t asked; /* cases that were asked for; others may be judged beside them */
};

struct verify_jobs {
	unsigned job, jobs; /* this process, from 0; of so many */
	pid_t parent;
	struct verify_job {
		pid_t process; /* 0: it has ended */
		int status;    /* how, as waitpid has it */
		FILE *report;
	} other[VERIFY_JOBS]; /* the first is none */
};

/* Begins jobs - 1 processes more: this function returns in each of them. False, in the first alone, where one
 * cannot be begun. */
bool verify_jobs_begin(struct verify_jobs *jobs, unsigned count, struct diag *diag);
/* Whether to go on: no other process has failed, as far as is known. */
bool verify_jobs_go_on(struct verify_jobs *jobs);
/* Ends them. `ok`: all went well in this process, else `diag` and `dispute` say what did not. In the first
 * process it returns, with everybody's counts in `done`, and false where any failed: `diag` and `dispute` are
 * then of one that did. The others end here. */
bool verify_jobs_end(struct verify_jobs *jobs, bool ok, struct verify_done *done, struct buf *dispute,
                     struct diag *diag);

#endif
