/* said: what a checker's output says of each case of a pack, by the patterns of its adapter. */
#ifndef SAID_H
#define SAID_H

#include <stdbool.h>

#include "adapter.h"
#include "answer.h"
#include "pack.h"
#include "process.h"

/* Of one case. */
struct said {
	unsigned count, room;
	struct answer_finding *finding;
	bool violates, unknown;
};

/* Reads what the last step of a pack printed. Returns ANSWER_PASS where the run is complete, with what was
 * said of each case and, last, of the canary in *said (in the pack's arena); else the reason why nothing can
 * be concluded. */
enum answer_state said_read(const struct adapter *adapter, struct pack *pack, const struct process *process,
                            struct said **said);
/* ANSWER_PASS when a process came to an end of its own, else the reason. */
enum answer_state said_end(const struct process *process);
/* The answer for one case of a complete run. */
enum answer_state said_state(const struct said *said);

#endif
