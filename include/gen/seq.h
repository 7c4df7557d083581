/* A sequence: lock events under control flow, with a text form.
 *
 * Held in reading order, as it is read aloud; a block ends with SEQ_END, and an else part stands between
 * SEQ_ELSE and SEQ_END behind its then part:
 *
 *   acq a; if p { rel a; return } else { work }; rel a
 *   ACQ a | IF p | REL a | RETURN | ELSE | WORK | END | REL a
 *
 * Statements are numbered from 1 in that order; ELSE and END have the number of what opened their block.
 */
#ifndef SEQ_H
#define SEQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "diag.h"
#include "rule.h"

enum { SEQ_MAX_STATEMENTS = 1000, SEQ_MAX_DEPTH = 64, SEQ_FLAGS = 8 };

enum seq_op {
	SEQ_ACQ,
	SEQ_REL,
	SEQ_TRY, /* with blocks */
	SEQ_IF,
	SEQ_LOOP,
	SEQ_BREAK,
	SEQ_CONTINUE,
	SEQ_RETURN,
	SEQ_WORK,
	SEQ_ELSE,
	SEQ_END,
	SEQ_TAKE, /* a try without blocks: a flag keeps its result, or nothing does */
	SEQ_FOREVER,
	SEQ_STOP,
	SEQ_SET,   /* a flag becomes a value */
	SEQ_EVENT, /* an event of the rule's own that names a lock */
	SEQ_OCCUR, /* one that names none */
	SEQ_OPS
};

enum { SEQ_UNKNOWN = 0 }; /* seq_node.flag of `?`; flag p is 1, w is 8 */

/* What a flag becomes. */
enum seq_value {
	SEQ_VALUE_0,
	SEQ_VALUE_1,
	SEQ_VALUE_UNKNOWN, /* a new one each time */
	SEQ_VALUE_FLAG,    /* that of a flag, or with ! its opposite */
};

/* Nodes without padding: they compare by memcmp. */
struct seq_node {
	uint8_t op;      /* enum seq_op */
	uint8_t lock;    /* 0..2; rel through a handle: the lock as spelled, equal to handle where it is not */
	uint8_t handle;  /* 0..2; equal to lock in rules without handles */
	uint8_t flag;    /* IF: SEQ_UNKNOWN or 1..SEQ_FLAGS; SET: the one that is set; TAKE: the same, or 0 */
	uint8_t negated; /* IF: the flag is tested with !; SET: the value is that of !source */
	uint8_t api;     /* 0: the role's own call; else 1 + index of the call */
	uint16_t number; /* of the statement, from 1 */
	uint32_t offset; /* where the text had it: byte offset; 0 in generated sequences */
	uint8_t value;   /* SET: enum seq_value */
	uint8_t source;  /* SET of SEQ_VALUE_FLAG: 1..SEQ_FLAGS; else 0 */
	uint8_t
		event; /* EVENT, OCCUR: index of the event; TRY, TAKE: 1 + index of what is tried, 0: acq; else 0 */
	uint8_t unused;
};

_Static_assert(sizeof(struct seq_node) == 16, "no padding");

struct seq {
	struct seq_node *node; /* `count` nodes, in the arena it was parsed into, or owned by a space */
	uint32_t count;
	uint32_t size; /* statements: nodes other than ELSE and END */
};

/* Reads the text form: LF, CRLF, byte order mark; `;` and newlines separate and are optional. Refuses what
 * the grammar, the rule or the role does not have; what depends on paths is read.h's. */
bool seq_parse(struct seq *seq, struct arena *arena, const struct rule *rule, unsigned role, const char *name,
               const char *text, size_t length, struct diag *diag);

/* The canonical layout on one line: `acq a; if p { rel a; return } else { work }; rel a`. */
void seq_print(struct buf *out, const struct seq *seq, const struct rule *rule);

/* Numbers the statements of `count` nodes that were put together, in place: sets each `number`, each `offset`
 * to 0, and `size`. Nothing is allocated; the nodes stay the caller's. Blocks must be balanced. False, and
 * the numbers are worth nothing, for what no case may have: an empty block, a statement behind a jump in the
 * same block, or blocks deeper than SEQ_MAX_DEPTH. */
bool seq_finish(struct seq *seq);

/* Index of the ELSE or END that closes the block in which node `at` stands; `count` outside of blocks. */
uint32_t seq_block_end(const struct seq *seq, uint32_t at);
/* Index behind the statement that begins at `at`: behind its END where it opens blocks. */
uint32_t seq_behind(const struct seq *seq, uint32_t at);

/* Whether an operation is in a bit set of operations. */
static inline bool
seq_is_one(unsigned op, unsigned ops)
{
	return ops >> op & 1;
}

/* ACQ, REL, TRY, TAKE and EVENT name a lock. */
static inline bool
seq_has_use(unsigned op)
{
	return seq_is_one(op, 1U << SEQ_ACQ | 1U << SEQ_REL | 1U << SEQ_TRY | 1U << SEQ_TAKE | 1U << SEQ_EVENT);
}

/* EVENT and OCCUR are events of the rule's own. */
static inline bool
seq_is_own(unsigned op)
{
	return seq_is_one(op, 1U << SEQ_EVENT | 1U << SEQ_OCCUR);
}

/* Those that a call stands for. */
static inline bool
seq_has_call(unsigned op)
{
	return seq_has_use(op) || op == SEQ_OCCUR;
}

/* TRY and TAKE may fail. */
static inline bool
seq_tries(unsigned op)
{
	return seq_is_one(op, 1U << SEQ_TRY | 1U << SEQ_TAKE);
}

/* Those that can acquire. */
static inline bool
seq_acquires(unsigned op)
{
	return seq_is_one(op, 1U << SEQ_ACQ | 1U << SEQ_TRY | 1U << SEQ_TAKE);
}

/* IF and TRY may have an else. */
static inline bool
seq_branches(unsigned op)
{
	return seq_is_one(op, 1U << SEQ_IF | 1U << SEQ_TRY);
}

/* LOOP and FOREVER repeat their block. */
static inline bool
seq_repeats(unsigned op)
{
	return seq_is_one(op, 1U << SEQ_LOOP | 1U << SEQ_FOREVER);
}

/* IF, TRY, LOOP and FOREVER open a block. */
static inline bool
seq_opens(unsigned op)
{
	return seq_is_one(op, 1U << SEQ_IF | 1U << SEQ_TRY | 1U << SEQ_LOOP | 1U << SEQ_FOREVER);
}

/* ELSE and END close one. */
static inline bool
seq_closes(unsigned op)
{
	return seq_is_one(op, 1U << SEQ_ELSE | 1U << SEQ_END);
}

/* Behind RETURN, STOP, BREAK and CONTINUE nothing may follow in a block. */
static inline bool
seq_jumps(unsigned op)
{
	return seq_is_one(op, 1U << SEQ_RETURN | 1U << SEQ_STOP | 1U << SEQ_BREAK | 1U << SEQ_CONTINUE);
}

/* Bit set of flags (bit f for flag 1 + f) and of locks in use. */
unsigned seq_flags(const struct seq *seq);
/* Flags that a statement sets; those of them that change while a loop goes on, and that anyone reads. */
unsigned seq_flags_set(const struct seq *seq);
unsigned seq_flags_moving(const struct seq *seq);
unsigned seq_locks(const struct seq *seq);
/* The locks in use under a rule: a release through a queue handle names none. */
unsigned seq_locks_named(const struct seq *seq, const struct rule *rule);

/* A flag that is tested or set more than once ties statements together. */
bool seq_correlates(const struct seq *seq);

/* Whether a call of the rule can stand for a node; it serves locks of the type of the node's. */
bool seq_call_fits(const struct rule *rule, unsigned call, const struct seq_node *node);
/* Whether a node that names a lock may name this one: its plain word has a call for locks of that type, and a
 * call that it names is for them. */
bool seq_serves(const struct seq_node *node, const struct rule *rule, unsigned role, unsigned lock);
/* The call that a node of an event stands for, in this role. */
const struct rule_call *seq_call(const struct seq_node *node, const struct rule *rule, unsigned role);

/* The cap for counters: they are followed exactly up to this number in either direction; a path that
 * reaches it makes the case undecided. See cap.c for why it suffices. */
unsigned seq_cap(const struct seq *seq, const struct rule *rule, unsigned role);

#endif
