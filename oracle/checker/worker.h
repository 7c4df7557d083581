/* worker: a checker that keeps running and talks the line protocol, in one lane of a run. */
#ifndef WORKER_H
#define WORKER_H

#include <stdbool.h>

#include "adapter.h"
#include "answer.h"
#include "arena.h"
#include "containment.h"
#include "conversation.h"
#include "diag.h"
#include "pack.h"
#include "process.h"
#include "protocol.h"

enum worker_event {
	WORKER_WAITING,  /* nothing new */
	WORKER_GREETED,  /* it said its hello: `talk.checker` */
	WORKER_ANSWERED, /* `talk.answer` */
	WORKER_BROKEN,   /* its process is ended; `why` and `reason` */
};

struct worker {
	bool running; /* its process was started, and nothing is broken */
	bool greeted;
	unsigned answers;      /* that this process has given */
	enum answer_state why; /* once broken */
	struct buf reason;     /* and more of it, one line; "" where not known */
	struct conversation talk;
	struct buf question; /* that it was last asked, as it was written; "": none since it was started */
	struct buf output,
		errors; /* what it wrote on stdout and stderr since it was last asked; of each some 64 KiB */
	size_t output_bytes, errors_bytes; /* all that there were since then */
	double asked;                      /* monotonic seconds; of the question, or of the start */
	double deadline;                   /* monotonic seconds; of the answer, or of the hello */
	uint64_t requests;
};

/* How workers of one run are started and asked. */
struct worker_options {
	const struct adapter *adapter;
	const char *exe, *self;
	const char *include; /* directory of the headers */
	const struct protocol_host *host;
};

/* Our hello, with all worlds and rules there are. */
void worker_host(struct protocol_host *host, struct arena *arena);

/* Starts the checker in `directory`, which is made, and greets it. False with the message where it cannot be
 * started. */
bool worker_start(struct worker *worker, struct process *process, struct lane *lane,
                  const struct worker_options *options, const char *directory, struct diag *diag);
/* Asks about the one case of a written pack. The checker must have greeted us, and owe no answer. */
void worker_ask(struct worker *worker, struct process *process, const struct worker_options *options,
                const struct pack *pack);
/* Takes what it wrote, and looks at the deadline. It must be running. */
enum worker_event worker_read(struct worker *worker, struct process *process);
/* Ends it, running or not. */
void worker_end(struct worker *worker, struct process *process);

/* The answer to the one case of a pack, with lines of its body; findings live in the pack's arena. */
struct answer worker_answer(const struct worker *worker, struct pack *pack);

/* Starts a checker once, to learn what its hello says; `include` and `host` of the options are not read, and
 * *said lives in the arena. False with the message. */
bool worker_hello(const struct worker_options *options, enum containment containment,
                  struct protocol_checker *said, struct arena *arena, struct diag *diag);

#endif
