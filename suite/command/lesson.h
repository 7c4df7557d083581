/* lesson: a pair as a lesson and as an exercise. Only suite/command/lesson*.c use it.
 *
 * The exercise of a pair is its correct twin without releases. Its text is compiled between the headers of
 * the native world and the harness of the case; what it does on a list of choices is a trace (trace.h).
 */
#ifndef LESSON_H
#define LESSON_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "diag.h"
#include "source.h"
#include "trace.h"

/* the text: lesson_text.c */

/* A twin's text, and what stands around it where it is compiled. */
struct lesson_text {
	struct buf before, body, behind; /* headers; the case as it is; its harness */
	struct buf include;              /* what stands before the body in a file of the plain world */
	uint32_t include_lines;          /* of that */
	uint32_t lines;        /* of the first part of the body, and of what separates it from the second */
	struct text_span span; /* of the body in files of the plain world */
};

/* False where a template is broken. Free in every case. */
bool lesson_text_make(struct lesson_text *text, const struct suite_case *of, struct diag *diag);
void lesson_text_free(struct lesson_text *text);
/* What libtcc compiles, with `body` in the place of the case's own; its lines count from 1. */
void lesson_text_compile(struct buf *out, const struct lesson_text *text, const char *body);
/* A line of a text, without its end; "" where there is none. */
struct lesson_line {
	const char *text;
	int length;
};
struct lesson_line lesson_line(const char *text, uint32_t number);

/* judging a trace by the rule's own table: lesson_judge.c */

enum { LESSON_ALL = 0xfd };

struct lesson_fault {
	bool is;       /* the path breaks the rule, or waits for itself */
	bool deadlock; /* the second of these; then there is no kind */
	enum kind kind;
	unsigned lock;  /* as in a trace; LESSON_ALL of a reading without lock identity */
	unsigned step;  /* at which it happens; trace.steps at the routine's end */
	uint32_t taken; /* line of the acquire that is left, or that holds the lock; 0: none */
};

/* Judges a trace under the headline. held[i], where not NULL, gets the locks that are held behind step i. */
void lesson_judge(const struct suite_case *of, const struct trace *trace, struct lesson_fault *fault,
                  uint8_t *held);
/* The sentence of the rule that such a finding breaks, by its number; 0: none. */
unsigned lesson_clause(const struct rule_reading *reading, enum kind kind);
/* "lock a", "the other lock a", "a lock that is not of this exercise". */
void lesson_put_lock(struct buf *out, unsigned lock);

/* who holds what, line by line: lesson_path.c */

/* Prints the steps of a trace up to and with `last`, and `end` behind them where it is not NULL. `step`:
 * waits for Enter behind each line. */
struct lesson_path {
	const struct suite_case *of;
	const struct lesson_text *text;
	const char *body; /* that the lines are of */
	bool own_lines;   /* lines are those of `body`; else those of the case's files */
	bool step;
};
/* A row of it: "a b" or "-", behind the line; the line's number, "entry" or "end"; what stands there. */
struct lesson_row {
	const char *held, *line, *code;
};
void lesson_path_each(const struct lesson_path *path, const struct trace *trace, unsigned last,
                      const char *end, void (*row)(void *to, const struct lesson_row *row), void *to);
/* What is said behind the last step of a path; NULL where that is where it breaks the rule. */
const char *lesson_path_end(const struct trace *trace, const struct lesson_fault *fault);
void lesson_path_print(const struct lesson_path *path, const struct trace *trace, unsigned last,
                       const char *end);

/* the shortest path of a case to a finding: lesson_find.c */

struct lesson_found {
	struct trace trace; /* in the arena */
	struct lesson_fault fault;
	char *choices;
};
/* False, with the message, where the text does not compile; found->fault.is is false where no path that is
 * short enough leads to what breaks the rule. */
bool lesson_find(struct lesson_found *found, const struct suite_case *of, const struct lesson_text *text,
                 struct arena *arena, struct diag *diag);

/* the parts of a lesson: lesson_tell.c */

void lesson_tell_head(const struct source *source);
bool lesson_tell_code(struct source *source, bool with_findings, struct diag *diag);
/* What the answer is, and why. */
bool lesson_tell_answer(struct source *source, bool step, struct diag *diag);
/* What happens at run time where such a finding is met: lesson_run_time.c */
void lesson_run_time(struct buf *out, const struct suite_case *of, enum kind kind);

/* What --quiz, --skeleton and --check do; each returns the exit status: lesson_quiz.c and so on. The
 * exercise that is checked is the one that the wish names; where that is NULL, the one that the file's
 * head names. */
int lesson_quiz(struct source *source);
int lesson_skeleton(struct source *source, const char *level);
int lesson_check(const char *path, const struct source_wish *wish);
/* The text of an exercise: the routine without its releases. False where a template is broken. */
bool lesson_cut(struct buf *out, const struct suite_case *of, struct diag *diag);
/* Whether a text so cut breaks the rule on some path, so that there is something to put in. False, with the
 * message, where there is not. */
bool lesson_is_exercise(const struct suite_case *of, struct diag *diag);
/* The id, and the level where it is told, in a head comment that lesson_skeleton wrote. */
bool lesson_read_head(const char *text, char id[HASH_TEXT], char level[64]);

/* One run of a student's text: lesson_run.c */

enum lesson_end {
	LESSON_RAN,     /* every list was run */
	LESSON_REFUSED, /* it does not compile: message */
	LESSON_BROKE,   /* it crashed, or ended the program: message */
	LESSON_ENDLESS, /* a limit was reached: message */
	LESSON_GARBAGE, /* it printed something by itself */
};

struct lesson_run {
	enum lesson_end end;
	unsigned paths; /* that were run to their end */
	struct trace *trace;
	bool begun; /* path number `paths` was begun, and not ended */
	bool contained;
	struct buf message;
};

/* Compiles a text and runs it on the lists, in another process and under limits. False, with the message,
 * where the machine does not let us. Traces live in the arena. */
bool lesson_run(struct lesson_run *run, const char *text, const char *const *lists, unsigned count,
                struct arena *arena, struct diag *diag);

#endif
