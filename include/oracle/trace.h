/* trace: what a text of the native world does, call by call, on given lists of choices. It judges nothing and
 * knows no rule.
 *
 * A list of choices is a string of 0 and 1, one for each unknown that the path asks for; behind its end every
 * unknown is 0. A trace says which calls were made, on which locks and lines, up to the routine's end.
 */
#ifndef TRACE_H
#define TRACE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "arena.h"
#include "buf.h"
#include "diag.h"

enum {
	TRACE_CHOICES = 400, /* on one path, at the most */
	TRACE_STEPS = 4000,  /* the same of steps */
	TRACE_ROUNDS = 8,    /* of endless loops on one path: then it ends */
	TRACE_PATHS = 4000,  /* of one text */
	/* Objects are numbered: 0..2 locks a b c, 3..5 those that the request may choose in their place. */
	TRACE_LOCKS = 6,
	TRACE_HANDLES = 6,
	TRACE_OTHER_LOCK = 0xfe, /* one that nobody made */
	TRACE_NONE = 0xff,       /* no lock or handle */
};

/* STEP(identifier, letter) */
#define TRACE_STEPS_LIST(STEP)                                                              \
	STEP(STEP_CHOICE, 'c')  /* an unknown is asked for: value */                            \
	STEP(STEP_ACQUIRE, 'a') /* name, lock, handle; a try that succeeds too */               \
	STEP(STEP_RELEASE, 'r') /* name, lock or handle */                                      \
	STEP(STEP_OWN, 'e')     /* an event of the rule's own: name, lock */                    \
	STEP(STEP_OTHER, 'o')   /* name: what is no event, also of a lock that nobody judges */ \
	STEP(STEP_ROUND, 'l')   /* of an endless loop */

enum trace_what {
#define STEP(id, letter) id,
	TRACE_STEPS_LIST(STEP)
#undef STEP
		STEP_KINDS
};

struct trace_step {
	enum trace_what what;
	uint8_t value, lock, handle;
	uint32_t line;    /* 0: before the routine, where its request is made */
	const char *name; /* "" where there is none */
};

/* How a path ended. END(identifier, letter) */
#define TRACE_ENDS(END)                               \
	END(TRACE_RETURNED, '.')                          \
	END(TRACE_STOPPED, 's')  /* the system stopped */ \
	END(TRACE_CUT, 'l')      /* TRACE_ROUNDS */       \
	END(TRACE_TOO_LONG, 'x') /* more choices, or more steps, than one path has */

enum trace_end {
#define END(id, letter) id,
	TRACE_ENDS(END)
#undef END
		TRACE_END_KINDS
};

struct trace {
	unsigned steps;
	const struct trace_step *step;
	unsigned choices; /* asked for */
	enum trace_end end;
};

/* Takes the trace of one path, which lives until it returns; `choices` is the list of those asked for. */
typedef void trace_take(void *to, const struct trace *trace, const char *choices);
/* Is told of a path before it is run. */
typedef void trace_begin(void *to, unsigned path);

/* Compiles a text with libtcc and runs it over all choices, where a line of the text answers 1 only so often
 * on a path that there are no more than TRACE_PATHS paths. False where it does not compile. */
bool trace_explore(const char *text, trace_take *take, void *to, struct diag *diag);
/* The same on `count` lists. */
bool trace_replay(const char *text, const char *const *lists, unsigned count, trace_begin *begin,
                  trace_take *take, void *to, struct diag *diag);

/* A trace as one line, without its end. */
void trace_print(struct buf *out, const struct trace *trace);
/* Reads such a line; everything lives in the arena. False where it is none. */
bool trace_parse(struct trace *trace, struct arena *arena, const char *line);

#endif
