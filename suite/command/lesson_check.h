/* lesson_check: a solution in the course of being judged. Only suite/command/lesson_check*.c use it. */
#ifndef LESSON_CHECK_H
#define LESSON_CHECK_H

#include "lesson.h"

/* What is wrong with a solution, the worst first. */
enum wrong {
	WRONG_RULE,       /* a finding, or a deadlock */
	WRONG_ROUTINE,    /* it does something else than the exercise */
	WRONG_PROTECTION, /* it does so without a lock that the exercise holds */
	WRONG_NOTHING,
};

struct checking {
	const struct suite_case *of;
	struct lesson_text text;
	const char *path; /* of the solution */
	struct buf file;
	struct arena arena;
	unsigned count;
	const char *list[TRACE_PATHS];
	struct trace model[TRACE_PATHS]; /* of the correct twin */
	struct lesson_run run;
	/* the first that is wrong */
	enum wrong wrong;
	unsigned at; /* path */
	unsigned step, model_step;
	struct lesson_fault fault;
	unsigned missing; /* locks that are not held there */
};

/* Reads the file. False with the message: there is no such text. */
bool lesson_check_read(struct checking *c, struct diag *diag);
/* Whether it holds nothing that a solution may not hold: names of what judges it, assembler, other headers;
 * blanks its includes. False with the place. */
bool lesson_check_look(struct checking *c, struct diag *diag);
/* Compares what it did with the model, path by path: sets what is wrong first. */
void lesson_check_judge(struct checking *c);
/* Says so. */
void lesson_check_tell(const struct checking *c);

#endif
