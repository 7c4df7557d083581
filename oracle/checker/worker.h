/* worker: a checker that keeps running and talks the line protocol, in one slot of a run. */
#ifndef WORKER_H
#define WORKER_H

#include <stdbool.h>

#include "adapter.h"
#include "answer.h"
#include "arena.h"
#include "checker.h"
#include "diag.h"
#include "pack.h"
#include "process.h"
#include "conversation.h"
#include "protocol.h"

enum worker_news {
	WORKER_WAITS,    /* nothing new */
	WORKER_GREETED,  /* it said its hello: `talk.checker` */
	WORKER_ANSWERED, /* `talk.answer` */
	WORKER_BROKE,    /* its process is ended; `why` and `talk.reason` */
};

struct worker {
	bool lives; /* its process was started, and nothing is broken */
	bool greeted;
	unsigned answers; /* that this process has given */
	enum answer_state why;
	struct conversation talk;
	struct buf heard;       /* what it wrote on both streams since it was last asked */
	double asked, deadline; /* monotonic seconds; the deadline is that of the hello or of the answer */
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

/* Starts the checker in `directory`, which is made, and greets it. False with the message where it cannot be started. */
bool worker_start(struct worker *worker, struct process *process, struct keeper *keeper,
                  const struct worker_options *options, const char *directory, struct diag *diag);
/* Asks about the one case of a written pack. The checker must have greeted us, and owe no answer. */
void worker_ask(struct worker *worker, struct process *process, const struct worker_options *options,
                const struct pack *pack);
/* Takes what came, and looks at the deadline. */
enum worker_news worker_hear(struct worker *worker, struct process *process);
/* Ends it, alive or not. */
void worker_end(struct worker *worker, struct process *process);

/* The answer to the one case of a pack, with lines of its body; findings live in the pack's arena. */
struct answer worker_answer(const struct worker *worker, struct pack *pack);

/* Starts a checker that is here once, to hear what it says of itself; *said lives in the arena. False with the message. */
bool worker_greet(const struct checker *checker, struct protocol_checker *said, struct arena *arena,
                  struct diag *diag);

#endif
