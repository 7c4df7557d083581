/* space_tables: what the two halves of space share. The inner half of space: only gen/seq/space*.c use it. */
#ifndef SPACE_TABLES_H
#define SPACE_TABLES_H

#include "space.h"

enum {
	TOKEN_ACQ = 0,
	TOKEN_REL = TOKEN_ACQ + RULE_LOCKS,
	TOKEN_TRY = TOKEN_REL + RULE_LOCKS,
	TOKEN_IF = TOKEN_TRY + RULE_LOCKS, /* ? p !p q !q ... */
	TOKEN_LOOP = TOKEN_IF + 1 + 2 * SEQ_FLAGS,
	TOKEN_BREAK,
	TOKEN_CONTINUE,
	TOKEN_RETURN,
	TOKEN_WORK,
	TOKEN_ELSE,
	TOKEN_END,
	TOKEN_TAKE,                                                /* a, p = a, q = a ... */
	TOKEN_FOREVER = TOKEN_TAKE + RULE_LOCKS * (1 + SEQ_FLAGS), /* of the state alphabet, like TAKE */
	TOKEN_STOP,
	TOKEN_SET = 64, /* in words of their own: p = 0, 1, ?, p, !p, q, !q ... */
	TOKEN_EVENT =
		TOKEN_SET + SEQ_FLAGS * (SEQ_VALUE_FLAG + 2 * SEQ_FLAGS), /* the rule's own of a ... of b ... */
	TOKEN_OCCUR = TOKEN_EVENT + RULE_LOCKS * RULE_EVENTS,
	TOKEN_TRY_OWN = TOKEN_OCCUR + RULE_EVENTS, /* tries of the same */
	TOKEN_TAKE_OWN = TOKEN_TRY_OWN + RULE_LOCKS * RULE_EVENTS,
	TOKENS = TOKEN_TAKE_OWN + RULE_LOCKS * (1 + SEQ_FLAGS) * RULE_EVENTS,
	TOKEN_NONE = TOKENS,
};

enum {
	SPACE_NODES = 3 * SPACE_MAX_SIZE,
	SPACE_STACKS = 4000, /* in the trie at once */
	SPACE_SETS = 1 << RULE_LOCKS,
	SPACE_LATE = (TOKENS - TOKEN_SET + 63) / 64, /* words of late tokens: SET and what is the rule's own */
};

_Static_assert(TOKEN_STOP < TOKEN_SET, "one word");

/* A bit set of tokens. */
struct space_mask {
	uint64_t word[1 + SPACE_LATE];
};

/* Before a node. */
struct space_frame {
	uint8_t left;         /* statements */
	uint8_t locks, flags; /* named so far: a bit set of locks, a number of flags */
	uint8_t open;         /* 1 + index of the node that opens the block; 0 outside */
	uint8_t loops;        /* among the open blocks */
	bool empty, ended;    /* the block so far: nothing in it; behind return, break or continue */
};

struct space_walk {
	struct space_frame frame[SPACE_NODES + 1];
	uint8_t up[SPACE_NODES]; /* of a node that opens a block: `open` of the block around it */
};

enum stack_kind { STACK_THEN, STACK_ELSE, STACK_LOOP, STACK_KINDS };

/* A stack of open blocks: the innermost, and a link to the rest. Tables by statements left and names used. */
struct space_stack {
	struct space_stack *up, *inner[STACK_KINDS];
	unsigned depth;
	enum stack_kind kind;
	bool loop;
	uint64_t *rest;   /* ways to go on in a block that is not empty and can be added to */
	uint64_t *closed; /* ways to go on once its list is at its end */
};

/* What becomes of the stack at a token. */
enum space_step { STEP_STAYS, STEP_JUMPS, STEP_THEN, STEP_ELSE, STEP_LOOP, STEP_CLOSES };

/* What a token does to what is known before it. */
struct space_effect {
	uint8_t step;  /* enum space_step */
	uint8_t locks; /* bit set of those it names */
	uint8_t flags; /* the last it names, from 1 */
	bool counts;   /* it is a statement */
};

struct space_tables {
	struct seq_node node[SPACE_NODES]; /* of the current sequence */
	struct space_walk walk;            /* of the current sequence; behind its last statement out of date */
	uint64_t mask[SPACE_NODES];        /* tokens above the current one */
	uint64_t mask_late[SPACE_NODES][SPACE_LATE]; /* the same of late tokens; where there are any */
	struct seq_node token[TOKENS];
	struct space_effect effect[TOKENS];
	/* Statement tokens by: left > 1, in a loop, locks, flags. */
	uint64_t statements[2][2][SPACE_SETS][SEQ_FLAGS + 1];
	uint64_t late[2][SPACE_SETS][SEQ_FLAGS + 1][SPACE_LATE]; /* late tokens by left > 1, locks, flags */
	bool over;
	bool state;            /* the alphabet */
	unsigned last_alone;   /* tokens below change alone where they are last: nothing is above closing ones */
	unsigned locks, flags; /* most of each */
	unsigned sets;         /* bit sets of locks that a canonical sequence can name */
	uint8_t set[SPACE_SETS], set_at[SPACE_SETS]; /* these, from small to large; and back */
	unsigned names;                              /* sets * (flags + 1) */
	unsigned unnamed;                            /* events of the rule's own that name no lock */
	struct space_type {
		uint8_t letters; /* bit set */
		unsigned named;  /* events of the rule's own in the alphabet that name such a lock */
		unsigned tries;  /* events that may be tried: the rule's own, and acq where the role may */
	} type[RULE_TYPES];
	unsigned types;
	uint64_t total;
	/* [size][in a loop]: names * names numbers of non-empty lists, by names before and after. */
	uint64_t *list[SPACE_MAX_SIZE + 1][2];
	struct arena arena; /* what lives as long as the space */
	struct arena trie;
	unsigned stacks;
	struct space_stack *root; /* NULL while the trie is empty */
};

/* The sum of two counts; UINT64_MAX stands for whatever does not fit. */
uint64_t space_plus(uint64_t a, uint64_t b);
/* The recurrence: fills `list` for sizes up to this one. */
void space_count_lists(struct space_tables *tables, unsigned size);

#endif
