/* mutate: a case becomes a neighbour by a few random changes to its tree, its events and its shapes.
 *
 * Pure functions of their arguments. What they give is legal, as bytes_repair makes it.
 */
#ifndef MUTATE_H
#define MUTATE_H

#include <stdint.h>

#include "arena.h"
#include "bytes.h"

/* MUTATION(identifier, function): one row a kind of change; gen/prog/mutate.c has the functions. */
#define MUTATIONS(MUTATION)                         \
	MUTATION(MUTATE_INSERT, insert_statement)       \
	MUTATION(MUTATE_DELETE, delete_statement)       \
	MUTATION(MUTATE_MOVE, move_statement)           \
	MUTATION(MUTATE_DUPLICATE, duplicate_statement) \
	MUTATION(MUTATE_WRAP, wrap_statements)          \
	MUTATION(MUTATE_UNWRAP, unwrap_block)           \
	MUTATION(MUTATE_ELSE, toggle_else)              \
	MUTATION(MUTATE_PAIR, insert_pair)              \
	MUTATION(MUTATE_EVENT, change_event)            \
	MUTATION(MUTATE_LOCK, change_lock)              \
	MUTATION(MUTATE_LOCKS, swap_locks)              \
	MUTATION(MUTATE_FLAG, change_flag)              \
	MUTATION(MUTATE_CALLS, change_calls)            \
	MUTATION(MUTATE_HANDLE, change_handle)          \
	MUTATION(MUTATE_SHAPE, change_shape)            \
	MUTATION(MUTATE_ROLE, change_role)

enum mutation {
#define MUTATION(id, function) id,
	MUTATIONS(MUTATION)
#undef MUTATION
		MUTATION_COUNT
};

/* Changes `of` in place; its nodes are new ones in the arena. */
void mutate(struct bytes_case *of, struct arena *arena, const struct bytes_rules *rules, uint64_t seed);

/* One kind of change, for tests; false where it found no place. */
bool mutate_by(struct bytes_case *of, struct arena *arena, const struct bytes_rules *rules,
               enum mutation mutation, uint64_t seed);

/* Puts statements of `other` into `of`, and takes over some of its shapes. */
void mutate_splice(struct bytes_case *of, struct arena *arena, const struct bytes_case *other, uint64_t seed);

#endif
