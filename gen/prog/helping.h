/* helping: what the rewritings that make helpers share. The inner half of rewrite: only rewrite_helper.c,
 * rewrite_run.c and rewrite_guard.c use it. */
#ifndef HELPING_H
#define HELPING_H

#include "prog.h"

struct helping {
	struct prog *prog;
	struct arena *arena;
	bool changed;
};

/* Adds a parameter to a function; its index. */
unsigned helping_parameter(struct prog_function *function, enum prog_type type);
/* How helpers are called by the shapes: CALL_STATIC ... */
uint8_t helping_style(const struct prog *prog);
/* if (test) { return TRUE; } return FALSE; */
struct prog_node *helping_return_test(struct arena *arena, struct prog_node *test);
/* A helper that only calls another one, with its own parameters; its index. */
unsigned helping_wrap(struct helping *h, unsigned inner);
/* Whether one releases what the other took, by their names. */
bool helping_is_pair(const struct prog *prog, const struct prog_node *acquire,
                     const struct prog_node *release);

/* Runs of statements in one block become functions: from an acquire to its release, or from a release to the
 * acquire that takes the lock again (gen/prog/rewrite_run.c). */
void helping_runs(struct helping *h);

#endif
