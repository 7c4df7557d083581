/* bytes: any byte string as a legal case, so that a fuzzer's inputs are cases and nothing else.
 *
 * A string is a head and tokens. What is missing at its end counts as zero, what stands behind the limits is
 * not read:
 *
 *   rule, role, number of shape bytes, shape bytes (number of the choice in its dimension),
 *   then two bytes a token: operation and operand
 *
 * Every byte is taken modulo what there is. Dimensions that are added at the end of the table leave old
 * strings alone.
 */
#ifndef BYTES_H
#define BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "rule.h"
#include "seq.h"
#include "shapes.h"

enum {
	BYTES_STATEMENTS = 64,
	BYTES_DEPTH = 8,
	BYTES_NODES = 3 * BYTES_STATEMENTS, /* a statement has an ELSE and an END at the most */
	BYTES_HEAD = 3,
	BYTES_SIZE = BYTES_HEAD + SHAPE_COUNT + 2 * BYTES_NODES, /* of an encoded case, at the most */
};

/* The rules that a string chooses from; at least one. Not owned. */
struct bytes_rules {
	const struct rule *const *rule;
	unsigned count;
	bool plain; /* shapes are passed over: all cases have the defaults */
};

/* What a string stands for. */
struct bytes_case {
	const struct rule *rule;
	unsigned role;
	struct seq seq; /* nodes in the arena */
	struct shapes shapes;
};

/* Reads any string. The case is legal: seq_parse accepts its text, no block is empty, nothing stands behind a
 * jump, every shape applies, and it keeps to the limits above. */
void bytes_decode(struct bytes_case *of, struct arena *arena, const struct bytes_rules *rules,
                  const uint8_t *data, size_t size);

/* Writes a case; its length. What bytes_decode gives comes back equal. The rule is one of `rules`. */
size_t bytes_encode(uint8_t out[BYTES_SIZE], const struct bytes_rules *rules, const struct bytes_case *of);

/* Makes of->seq legal from any nodes in a row, balanced or not, for of->rule and of->role; then drops the
 * shapes that do not apply. Drops what is not legal, and closes what is open. Numbers and offsets of `raw`
 * are not read. */
void bytes_repair(struct bytes_case *of, struct arena *arena, const struct seq_node *raw, size_t count);

bool bytes_same(const struct bytes_case *one, const struct bytes_case *two);

#endif
