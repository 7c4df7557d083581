/* mutation: what the rewritings of oracle/mutants have in common. The inner half of mutant: only
 * oracle/mutants uses it.
 *
 * A rewriting need not leave a sound program behind: mutation_mend removes jumps that lead nowhere.
 */
#ifndef MUTATION_H
#define MUTATION_H

#include <stdbool.h>

#include "mutant.h"

/* A mutant at work on its copy of a program. */
struct mutation {
	struct prog *prog;
	struct arena *arena;
	unsigned parameter;             /* of the mutant's row */
	struct prog_function *function; /* that the present node stands in */
	unsigned depth;                 /* blocks around it */
	unsigned loops;                 /* loops around it */
	/* The rewriting's own; 0 at first. */
	unsigned seen;
	const struct prog_node *first[PROG_FUNCTIONS]; /* call of each function */
};

/* The mutants, by theme; each table ends with a NULL name. */
extern const struct mutant mutants_rule[], mutants_branch[], mutants_loop[], mutants_exit[], mutants_helper[],
	mutants_condition[], mutants_lock[], mutants_spelling[], mutants_state[], mutants_result[],
	mutants_stop[];

/* Copies a program with all its nodes. */
void mutation_copy(struct prog *copy, const struct prog *prog, struct arena *arena);
/* Removes gotos without their label, and breaks and continues without their loop. */
void mutation_mend(struct mutation *m);
/* Gives what moves a value to start with. */
void mutation_aim(struct mutation *m);
/* The same at one node: a pointer or index that a rewriting uses before it is assigned is what it is given
 * first. */
void mutation_aim_node(struct mutation *m, struct prog_node **link);
/* Adds locks that a rewriting has made the program name, so that the walk follows them. */
void mutation_note_locks(struct mutation *m);
/* Calls `change` at every node of every function, inner nodes first. */
void mutation_each(struct mutation *m, void (*change)(struct mutation *m, struct prog_node **link));

/* what stands where */

/* Whether the present function holds the routine's own statements. */
bool mutation_in_main(const struct mutation *m);
/* Whether the node is or contains a call of a function. */
bool mutation_calls(const struct prog_node *node);
/* Whether the node takes or gives back a lock, by itself or by its function. */
bool mutation_is_event(const struct mutation *m, const struct prog_node *node);
/* The lock, or the queue handle where only that is named, that an event is about, as far as the node itself
 * says; PROG_NONE where it does not. */
unsigned mutation_lock(const struct mutation *m, const struct prog_node *node);
/* Where an event, or the call of a helper, names its lock; NULL where it does not. */
struct prog_expr *mutation_lock_expr(const struct mutation *m, struct prog_node *node);
/* The same of its queue handle. */
struct prog_expr *mutation_handle_expr(const struct mutation *m, struct prog_node *node);
bool mutation_acquires(const struct mutation *m, const struct prog_node *node);

/* Walks a program under the headline reading as the mutant does (oracle/mutants/hook.c). */
void mutation_walk(struct walk *walk, const struct mutant *mutant, const struct prog *prog, unsigned cap,
                   struct arena *arena, struct walk_result *result);

/* building */

struct prog_node *mutation_node(struct mutation *m, enum prog_op op);
/* Puts a block in the node's place; NULL just removes it. */
void mutation_splice(struct prog_node **link, struct prog_node *block);
/* Puts a node at the end of a block. */
void mutation_append(struct prog_node **block, struct prog_node *node);
/* A copy of a block, with labels of its own. */
struct prog_node *mutation_copy_block(struct mutation *m, const struct prog_node *block);
/* Nothing is known of the node's condition any more; a function that it called is not called. */
void mutation_forget(struct prog_node *node);
/* The node's event is overlooked: a try may turn out either way, a guard is its block. */
void mutation_overlook(struct prog_node **link);
/* Nothing comes behind the loop, as if no jump led out of it. */
void mutation_stay(struct mutation *m, struct prog_node *loop);
/* Jumps that would leave the block become others; PROG_WORK: none. */
void mutation_exchange(struct prog_node *node, enum prog_op from, enum prog_op to);

#endif
