/* replay: a witness held against the program itself: the task's text, compiled and run.
 *
 * Nothing here knows how a witness was made. Of a violation every unknown that the program asks for must be
 * the witness's next, at that place, and the first violation must be at its target. Of a correct program all
 * paths are run as far as states can differ, and each invariant must hold whenever its place is reached, and
 * must not hold whatever the locks are.
 */
#ifndef REPLAY_H
#define REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "diag.h"
#include "task.h"
#include "witness.h"

/* What a replay came to. */
struct replay {
	uint32_t line;    /* violation: of the first violation, as lock checkers name it */
	uint32_t paths;   /* correctness: that were run */
	uint32_t reached; /* correctness: how often places with invariants were */
};

/* The task is the one that the witness names, byte for byte what task_make printed: what runs is code of ours
 * and expressions without effects. It runs in a process of its own, under a limit of time. False with the
 * place in the witness and the reason where the witness leads elsewhere. */
bool replay_witness(struct replay *replay, struct arena *arena, const struct witness *witness,
                    struct task *task, const char *name, struct diag *diag);

#endif
