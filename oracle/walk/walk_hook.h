/* walk_hook: how another takes part in a walk. Only oracle/mutants does, whose checkers are wrong on purpose.
 *
 * Nothing in walk itself sets a hook, and walk_judge has none: a verdict of the reference is that of the code
 * in oracle/walk alone.
 */
#ifndef WALK_HOOK_H
#define WALK_HOOK_H

#include "walk_state.h"

/* What is NULL is left out. */
struct walk_hook {
	void *context;
	/* Before a state is added, which may be changed here; false: it is not. */
	bool (*add)(void *context, struct walking *w, struct walk_state *state);
	/* Before the state of an index is executed; false: the walk is over. */
	bool (*step)(void *context, struct walking *w, uint32_t index);
	/* When no state is left, before findings are collected. */
	void (*end)(void *context, struct walking *w);
};

/* walk_judge without paths, with a hook. */
void walk_judge_hooked(struct walk *walk, const struct walk_hook *hook, const struct prog *prog,
                       unsigned reading, unsigned cap, struct arena *arena, struct walk_result *result);

#endif
