/* The conversation with one checker, without its process: bytes in, events and bytes to send out.
 *
 * Order of calls: conversation_begin; conversation_feed until it has greeted; then for each case
 * conversation_ask, and conversation_feed until it has answered. What stands in `out` is to be sent at any
 * time. conversation_end when the checker's output is at its end.
 */
#ifndef CONVERSATION_H
#define CONVERSATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "answer.h"
#include "arena.h"
#include "buf.h"
#include "diag.h"
#include "protocol.h"

enum conversation_event {
	CONVERSATION_WAITING,  /* for more bytes */
	CONVERSATION_GREETED,  /* `checker` is known, and a case may be asked */
	CONVERSATION_ANSWERED, /* `answer` is there, and the next case may be asked */
	CONVERSATION_BROKEN,   /* `why` and `reason` are there; for good */
	CONVERSATION_ENDED,    /* the checker is gone, and nothing was asked of it */
};

struct conversation_answer {
	uint64_t request;
	enum answer_state state; /* a verdict */
	unsigned count;          /* 0 but for a violation */
	const struct protocol_finding *finding;
	const char *message; /* on the answer as a whole; NULL: none */
};

enum conversation_state { STATE_GREETING, STATE_IDLE, STATE_ASKED, STATE_BROKEN };

struct conversation {
	struct buf out;                    /* for the checker's standard input; the caller says what is sent */
	struct protocol_checker checker;   /* once greeted */
	struct conversation_answer answer; /* once answered, until the next question */
	enum answer_state why; /* once broken: ANSWER_GARBLED, ANSWER_CRASH (it ended), ANSWER_NOT_RUN */
	struct diag reason;    /* once broken; the line is the checker's, counted from 1 */
	/* its own */
	enum conversation_state state;
	const struct protocol_host *host;
	uint64_t request;
	struct protocol_lines lines;
	struct protocol_finding *finding;
	unsigned findings, room;
	struct arena greeting; /* strings of `checker` */
	struct arena asked;    /* since the question */
};

/* Begins with the host's hello in `out`. `host` is not owned and outlives the conversation. Its strings are
 * UTF-8. */
void conversation_begin(struct conversation *conversation, const struct protocol_host *host);
/* Puts a question into `out`: once greeted, and again once answered. Waiting; or broken, where the checker
 * spoke without being asked (garbled), or where a path is not UTF-8 (not-run). */
enum conversation_event conversation_ask(struct conversation *conversation, const struct protocol_run *run);
/* Takes what the checker wrote, in pieces of any size. */
enum conversation_event conversation_feed(struct conversation *conversation, const char *bytes,
                                          size_t length);
/* The checker's output is at its end: broken (a crash) unless it was greeted, owes no answer and no rest of a
 * line. */
enum conversation_event conversation_end(struct conversation *conversation);
/* Drops the first bytes of `out`. */
void conversation_sent(struct conversation *conversation, size_t bytes);
void conversation_free(struct conversation *conversation);

#endif
