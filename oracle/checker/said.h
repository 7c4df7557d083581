/* said: what a checker's output says of each case of a pack, by the patterns of its adapter. */
#ifndef SAID_H
#define SAID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapter.h"
#include "answer.h"
#include "message.h"
#include "pack.h"
#include "process.h"

/* Of one case. */
struct said {
	unsigned count, room;
	struct answer_finding *finding;
	bool violates, unknown;
	struct message message; /* the lines that were taken for it */
};

/* What is made of one line. */
struct said_line {
	const char *text; /* no NUL behind it, and no end of line */
	size_t length;
	const struct adapter_pattern *pattern; /* the first that matches; NULL: none does */
	bool completes;                        /* it also matches the pattern of `complete` */
	bool has_case; /* that of the pack with the index `of`, or the canary behind them */
	unsigned of;
	uint32_t line; /* of the body, as struct finding has it; 0: not said */
};

/* Is told of each line in order; what it is given lives as long as the call. */
struct said_listener {
	void (*line)(void *context, const struct said_line *line);
	void *context;
};

/* A line that a pattern of a finding matches, and that is of no case. */
bool said_is_stray(const struct said_line *line);

/* Reads what the last step of a pack printed. Returns ANSWER_PASS where the run is complete, with what was
 * said of each case and, where there is one, of the canary in *said (in the pack's arena); else the reason
 * why nothing can be concluded, and more of it as a line in *why. ANSWER_UNKNOWN: it gave up, and does not
 * say on which of the cases. `listener` may be NULL. */
enum answer_state said_read(const struct adapter *adapter, struct pack *pack, const struct process *process,
                            const struct said_listener *listener, struct said **said, struct buf *why);
/* ANSWER_PASS when a process came to an end of its own, else the reason, and more of it in *why, which may be
 * NULL. */
enum answer_state said_end(const struct process *process, struct buf *why);
/* Adds the first line that a process printed, on stderr if there is one, as printable ASCII: `: 'LINE'`. */
void said_quote(struct buf *out, const struct process *process);
/* What stands for paths of the run in what a checker says of a case of a pack: the names that its files have
 * in a level, and nothing for directories. Strings live in the pack's arena. */
void said_paths(struct pack *pack, unsigned of, struct message_path path[MESSAGE_PATHS]);
/* The answer for one case of a complete run. */
enum answer_state said_state(const struct said *said);

#endif
