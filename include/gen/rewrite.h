/* rewrite: the rewritings behind the shapes, one function a dimension. Only gen/prog/make.c calls them.
 *
 * Each rewrites the program by its choice in prog->shapes, keeps the verdict, and returns whether anything
 * changed. A rewriting moves or re-tags nodes and keeps each node's statement number, so that a finding
 * still names its statement. Places where it does not fit stay as they are.
 */
#ifndef REWRITE_H
#define REWRITE_H

#include <stdbool.h>

#include "arena.h"
#include "prog.h"

bool rewrite_saved(struct prog *prog);
bool rewrite_helper(struct prog *prog);
/* The part of it that is a macro around a block. */
bool rewrite_guard(struct prog *prog);
bool rewrite_argument(struct prog *prog);
bool rewrite_call(struct prog *prog);
bool rewrite_alias(struct prog *prog);
/* Behind the noise: the aliases that are assigned before each use. */
bool rewrite_move(struct prog *prog);
bool rewrite_exit(struct prog *prog);
/* The part of it where releases run by themselves. */
bool rewrite_finally(struct prog *prog);
bool rewrite_cleanup(struct prog *prog);
bool rewrite_loop(struct prog *prog);
bool rewrite_branch(struct prog *prog);
bool rewrite_flag(struct prog *prog);
bool rewrite_result(struct prog *prog);
bool rewrite_stop(struct prog *prog);
bool rewrite_noise(struct prog *prog);
bool rewrite_place(struct prog *prog);
/* Before all others: false where the places of the locks are not the ones wished for, and are usual ones. */
bool rewrite_array(struct prog *prog);

/* Whether two nodes are the same call, with the same arguments. */
bool rewrite_same_call(const struct prog_node *one, const struct prog_node *two);
/* A copy of the routine's first release for code that never runs; NULL where it has none. */
struct prog_node *rewrite_copy_release(const struct prog *prog, struct arena *arena);

#endif
