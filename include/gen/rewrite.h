/* rewrite: the rewritings behind the shapes, one function a dimension. The inner half of shape: only gen/prog/shape.c uses it.
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
bool rewrite_helper(struct prog *prog, struct arena *arena);
bool rewrite_alias(struct prog *prog);
bool rewrite_exit(struct prog *prog, struct arena *arena);
bool rewrite_loop(struct prog *prog, struct arena *arena);
bool rewrite_branch(struct prog *prog, struct arena *arena);
bool rewrite_flag(struct prog *prog);
bool rewrite_noise(struct prog *prog, struct arena *arena);
bool rewrite_place(struct prog *prog, struct arena *arena);

/* Whether a break in this block, at any depth short of an inner loop, would leave something around it; the same of
 * continue, and of a return at any depth. */
bool rewrite_has_break(const struct prog_node *node);
bool rewrite_has_continue(const struct prog_node *node);
bool rewrite_has(const struct prog_node *node, enum prog_op op);
bool rewrite_has_condition(const struct prog_node *node, enum prog_condition_kind kind);
/* Whether control never reaches the end of a block. */
bool rewrite_ends_in_jump(const struct prog_node *node);
/* The link behind the last node of a block. */
struct prog_node **rewrite_end(struct prog_node **link);
/* A GOTO or LABEL node; label 0 makes a new label. */
struct prog_node *rewrite_jump(struct prog *prog, struct arena *arena, enum prog_op op, enum prog_label kind,
                               unsigned label);
/* A copy of the routine's first release for code that never runs; NULL where it has none. */
struct prog_node *rewrite_copy_release(const struct prog *prog, struct arena *arena);

#endif
