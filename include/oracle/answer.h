/* A checker's answer to one case, in the form of a verdict, or the reason why there is none. */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case.h"
#include "verdict.h"

/* ANSWER(identifier, text): every state an answer can be in. All but two are reasons for no answer. */
#define ANSWERS(ANSWER)                       \
	ANSWER(ANSWER_PASS, "pass")               \
	ANSWER(ANSWER_VIOLATION, "violation")     \
	ANSWER(ANSWER_UNKNOWN, "unknown")         \
	ANSWER(ANSWER_UNSUPPORTED, "unsupported") \
	ANSWER(ANSWER_TIMEOUT, "timeout")         \
	ANSWER(ANSWER_MEMORY, "out-of-memory")    \
	ANSWER(ANSWER_CRASH, "crash")             \
	ANSWER(ANSWER_GARBLED, "garbled")         \
	ANSWER(ANSWER_NOT_RUN, "not-run")

enum answer_state {
#define ANSWER(id, text) id,
	ANSWERS(ANSWER)
#undef ANSWER
		ANSWER_COUNT
};

const char *answer_name(enum answer_state state);
/* ANSWER_COUNT when there is none of that name. */
enum answer_state answer_find(const char *name);

struct answer_finding {
	uint8_t kind;  /* enum kind; KIND_COUNT where the checker gives none */
	uint32_t line; /* of the body, from 1; 0 where the checker gives none */
};

/* What a process printed, on both streams. The answers of a pack share one. */
struct answer_output {
	uint64_t bytes;       /* that were read of it: no more than the limit of output */
	char hash[HASH_TEXT]; /* XXH3-128 of these */
	size_t length;        /* of what is kept, its beginning */
	const char *kept;
};

struct answer {
	enum answer_state state;
	unsigned count;
	const struct answer_finding *finding;
	double seconds; /* wall time of the process, shared evenly by the cases of a pack */
	double cpu;     /* processor time of its whole tree, shared likewise */
	uint64_t
		memory;   /* bytes: peak of the process's tree, or of its largest process; 0 where it is not known */
	bool retried; /* given at the second try, in a fresh process */
	const struct answer_output *output; /* NULL where nothing is known of it */
	const char *why;     /* one line: why there is none, for whoever mends the checker; NULL: not known */
	const char *message; /* the checker's own words of this case, as message_text gives them; NULL: none */
};

#endif
