/* walk: the second road to a verdict: explicit-state exploration of the program after its shapes.
 *
 * Breadth first, so that the path to each finding is a shortest one. Calls, pointers, flags, goto and loops
 * are executed as the printed C would be. Under the headline reading a second automaton follows the IRQL and
 * the saved KIRQLs: up to its first violation a path must be free of every other defect.
 */
#ifndef WALK_H
#define WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "case.h"
#include "prog.h"
#include "verdict.h"

struct walk_memory;

/* Work space, kept from case to case. Not shared between threads. Zeroed is ready. */
struct walk {
	struct walk_memory *memory; /* owned */
};

/* One step of a path: the node executed, and what was chosen there. */
struct walk_step {
	const struct prog_node *node;
	signed char choice; /* condition or try: 1 taken, 0 not; -1 where nothing is chosen */
	bool asks;          /* the text asks for an unknown here: a test, a try of a free lock, an assignment */
	bool again;         /* the test of a DO that stands behind its body */
	unsigned function;  /* that is running, and not a macro */
	uint32_t line;      /* the node's; in a macro that of the macro's use; 0 without a node */
	uint32_t known, truth; /* bit v: what the variable v of the program is, before the step */
};

struct walk_path {
	unsigned count;
	const struct walk_step *step;
};

struct walk_result {
	struct verdict verdict;       /* statements and lines */
	struct case_lines *lines;     /* verdict.count of them; without names */
	const struct walk_path *path; /* verdict.count of them, or NULL where not asked for */
	const char *defect;           /* another defect before the first violation of a path, or NULL */
	uint32_t defect_line;
};

void walk_free(struct walk *walk);
/* Judges a program under one reading. Lines are those of the last printing. Everything of the result lives in
 * the arena. */
void walk_judge(struct walk *walk, const struct prog *prog, unsigned reading, unsigned cap, bool with_paths,
                struct arena *arena, struct walk_result *result);

#endif
