/* All canonical sequences of one size. See space.h.
 *
 * A token is one way to fill a node: its number below is its place in the order; those of the plain alphabet
 * have the same numbers in the other one, and with all that is not SET they fit one word. A frame is what is
 * known before a node: statements left, names used, the open block. From a frame follows the set of tokens
 * after which the sequence can still be completed, as a bit mask, so the odometer never meets a dead end:
 * space_next takes the lowest token left at the last node that has one, and fills up behind it with the
 * lowest tokens.
 *
 * Counts come from elsewhere: a recurrence over lists of statements by size, inside a loop or not, and by the
 * names used before and after (Flajolet, Zimmermann, Van Cutsem 1994). Rank and unrank multiply them up along
 * the stack of open blocks: `rest` counts the ways to go on in a block and then outside, `closed` those once
 * its list is at its end. They are kept in a trie of stacks, which is emptied when it grows too large.
 */
#include "space.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bits.h"

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
	TOKENS = TOKEN_SET + SEQ_FLAGS * (SEQ_VALUE_FLAG + 2 * SEQ_FLAGS),
	TOKEN_NONE = TOKENS,
};

enum {
	SPACE_NODES = 3 * SPACE_MAX_SIZE,
	SPACE_STACKS = 4000,                         /* in the trie at once */
	SPACE_SETS = (TOKENS - TOKEN_SET + 63) / 64, /* words of SET tokens */
};

_Static_assert(TOKEN_STOP < TOKEN_SET, "one word");

/* A bit set of tokens. */
struct space_mask {
	uint64_t word[1 + SPACE_SETS];
};

/* Before a node. */
struct space_frame {
	uint8_t left;         /* statements */
	uint8_t locks, flags; /* named so far */
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

struct space_tables {
	struct seq_node node[SPACE_NODES]; /* of the current sequence */
	struct space_walk walk;            /* of the current sequence; behind its last statement out of date */
	uint64_t mask[SPACE_NODES];        /* tokens above the current one */
	uint64_t mask_sets[SPACE_NODES][SPACE_SETS]; /* the same of SET; where there are any */
	struct seq_node token[TOKENS];
	/* Statement tokens by: left > 1, in a loop, locks, flags. */
	uint64_t statements[2][2][RULE_LOCKS + 1][SEQ_FLAGS + 1];
	uint64_t sets[SEQ_FLAGS + 1][SPACE_SETS]; /* SET tokens by flags */
	bool over;
	bool state;          /* the alphabet */
	unsigned last_alone; /* tokens below change alone where they are last: nothing is above closing ones */
	unsigned locks, flags, names; /* most of each; (locks + 1) * (flags + 1) */
	uint64_t total;
	/* [size][in a loop]: names * names numbers of non-empty lists, by names before and after. */
	uint64_t *list[SPACE_MAX_SIZE + 1][2];
	struct arena arena; /* what lives as long as the space */
	struct arena trie;
	unsigned stacks;
	struct space_stack *root; /* NULL while the trie is empty */
};

/* ---- counts ---- */

static uint64_t
space_plus(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t
space_times(uint64_t a, uint64_t b)
{
	return a && b > UINT64_MAX / a ? UINT64_MAX : a * b;
}

/* out += one * two; UINT64_MAX stands for whatever does not fit. */
static void
space_product(uint64_t *out, const uint64_t *one, const uint64_t *two, unsigned names)
{
	for (unsigned i = 0; i < names; i++)
		for (unsigned j = i; j < names; j++) {
			uint64_t factor = one[i * names + j];

			if (!factor)
				continue;
			for (unsigned k = j; k < names; k++) {
				uint64_t *sum = &out[i * names + k];

				*sum = space_plus(*sum, space_times(factor, two[j * names + k]));
			}
		}
}

static void
space_sum(uint64_t *out, const uint64_t *more, unsigned names)
{
	for (unsigned i = 0; i < names * names; i++)
		out[i] = space_plus(out[i], more[i]);
}

static uint64_t *
space_matrix(const struct space_tables *tables, struct arena *arena)
{
	return arena_alloc(arena, (size_t)tables->names * tables->names * sizeof(uint64_t));
}

/* Adds to a matrix: `old` ways for each name used (locks or flags), `always` ways without a name, `fresh` for
 * the next name. */
static void
space_choices(const struct space_tables *tables, uint64_t *out, bool locks, unsigned old, unsigned always,
              unsigned fresh)
{
	unsigned width = tables->flags + 1, names = tables->names;

	for (unsigned u = 0; u < names; u++) {
		unsigned used = locks ? u / width : u % width;
		unsigned most = locks ? tables->locks : tables->flags;

		out[u * names + u] += old * used + always;
		if (used < most)
			out[u * names + u + (locks ? width : 1)] += fresh;
	}
}

/* Adds to a matrix: a try without blocks, with any lock used or the next one, and any flag, the next one or
 * none. */
static void
space_choices_take(const struct space_tables *tables, uint64_t *out)
{
	struct arena arena = {0};
	uint64_t *locks = space_matrix(tables, &arena), *flags = space_matrix(tables, &arena);

	space_choices(tables, locks, true, 1, 0, 1);
	space_choices(tables, flags, false, 1, 1, 1);
	space_product(out, locks, flags, tables->names);
	arena_free(&arena);
}

/* The same of SET. With F flags used, one of them may become one of three values, another flag used, the
 * opposite of any, or the next flag; so may the next flag, where F + 1 are used then. */
static void
space_choices_set(const struct space_tables *tables, uint64_t *out)
{
	unsigned width = tables->flags + 1, names = tables->names;

	for (unsigned u = 0; u < names; u++) {
		unsigned used = u % width, spare = tables->flags - used;

		out[u * names + u] += used * (SEQ_VALUE_FLAG + 2 * used - 1);
		if (spare > 0)
			out[u * names + u + 1] += used + SEQ_VALUE_FLAG + 2 * (used + 1) - 1;
		if (spare > 1)
			out[u * names + u + 2] += 1;
	}
}

/* Statements of size 1 that can be followed; and that cannot. */
static void
space_count_leaves(const struct space_tables *tables, bool has_try, bool loop, uint64_t *statement,
                   uint64_t *last)
{
	unsigned jumps = (loop ? 3 : 1) + tables->state;

	space_choices(tables, statement, true, 2, 1, 2);
	if (tables->state)
		space_choices_set(tables, statement);
	if (tables->state && has_try)
		space_choices_take(tables, statement);
	for (unsigned u = 0; u < tables->names; u++)
		last[u * tables->names + u] = jumps;
}

/* The recurrence: statements of size n, from lists below n; then lists of size n, from both. */
static void
space_count_lists(struct space_tables *tables, unsigned size, bool has_try)
{
	struct arena arena = {0};
	unsigned names = tables->names;
	uint64_t *statement[SPACE_MAX_SIZE + 1][2], *branch[SPACE_MAX_SIZE + 1][2];
	uint64_t *opener = space_matrix(tables, &arena);

	space_choices(tables, opener, false, 2, 1, 1);
	if (has_try)
		space_choices(tables, opener, true, 1, 0, 1);
	for (unsigned n = 1; n <= size; n++)
		for (unsigned loop = 0; loop < 2; loop++) {
			uint64_t *list = tables->list[n][loop] = space_matrix(tables, &tables->arena);

			statement[n][loop] = space_matrix(tables, &arena);
			branch[n][loop] = space_matrix(tables, &arena);
			if (n == 1) {
				space_count_leaves(tables, has_try, loop, statement[n][loop], list);
			} else {
				space_product(statement[n][loop], opener, branch[n - 1][loop], names);
				space_sum(statement[n][loop], tables->list[n - 1][1], names);
				if (tables->state) /* forever */
					space_sum(statement[n][loop], tables->list[n - 1][1], names);
			}
			for (unsigned k = 1; k < n; k++)
				space_product(list, statement[k][loop], tables->list[n - k][loop], names);
			space_sum(list, statement[n][loop], names);
			space_sum(branch[n][loop], list, names);
			for (unsigned k = 1; k < n; k++)
				space_product(branch[n][loop], tables->list[k][loop], tables->list[n - k][loop], names);
		}
	arena_free(&arena);
}

/* ---- the odometer ---- */

static unsigned
space_set_token(unsigned flag, unsigned value, unsigned source, unsigned negated)
{
	unsigned place = value == SEQ_VALUE_FLAG ? value + 2 * (source - 1) + negated : value;

	return TOKEN_SET + (flag - 1) * (SEQ_VALUE_FLAG + 2 * SEQ_FLAGS) + place;
}

static void
space_fill_nodes(struct space_tables *tables)
{
	for (uint8_t l = 0; l < RULE_LOCKS; l++) {
		tables->token[TOKEN_ACQ + l] = (struct seq_node){.op = SEQ_ACQ, .lock = l, .handle = l};
		tables->token[TOKEN_REL + l] = (struct seq_node){.op = SEQ_REL, .lock = l, .handle = l};
		tables->token[TOKEN_TRY + l] = (struct seq_node){.op = SEQ_TRY, .lock = l, .handle = l};
		for (uint8_t f = 0; f <= SEQ_FLAGS; f++)
			tables->token[TOKEN_TAKE + l * (1 + SEQ_FLAGS) + f] =
				(struct seq_node){.op = SEQ_TAKE, .lock = l, .handle = l, .flag = f};
	}
	for (uint8_t c = 0; c <= 2 * SEQ_FLAGS; c++)
		tables->token[TOKEN_IF + c] =
			(struct seq_node){.op = SEQ_IF, .flag = (uint8_t)((c + 1) / 2), .negated = c && c % 2 == 0};
	for (unsigned t = TOKEN_LOOP; t <= TOKEN_END; t++)
		tables->token[t] = (struct seq_node){.op = (uint8_t)(SEQ_LOOP + t - TOKEN_LOOP)};
	tables->token[TOKEN_FOREVER] = (struct seq_node){.op = SEQ_FOREVER};
	tables->token[TOKEN_STOP] = (struct seq_node){.op = SEQ_STOP};
	for (uint8_t f = 1; f <= SEQ_FLAGS; f++) {
		for (uint8_t v = 0; v < SEQ_VALUE_FLAG; v++)
			tables->token[space_set_token(f, v, 0, 0)] =
				(struct seq_node){.op = SEQ_SET, .flag = f, .value = v};
		for (uint8_t c = 0; c < 2 * SEQ_FLAGS; c++)
			tables->token[space_set_token(f, SEQ_VALUE_FLAG, 1 + c / 2U, c & 1)] =
				(struct seq_node){.op = SEQ_SET,
			                      .flag = f,
			                      .value = SEQ_VALUE_FLAG,
			                      .source = (uint8_t)(1 + c / 2),
			                      .negated = c & 1};
	}
}

/* SET tokens where `used` flags are; the flag that is set counts as used for what it is set to. */
static void
space_fill_sets(struct space_tables *tables, unsigned used)
{
	uint64_t *sets = tables->sets[used];

	for (unsigned t = TOKEN_SET; t < TOKENS; t++) {
		const struct seq_node *node = &tables->token[t];
		unsigned then = node->flag > used ? node->flag : used;

		if (then > tables->flags || then > used + 1 || node->source > then + 1 ||
		    node->source > tables->flags || (node->source == then + 1 && node->negated) ||
		    (node->source == node->flag && !node->negated))
			continue;
		sets[t / 64 - 1] |= UINT64_C(1) << t % 64;
	}
}

static void
space_fill_tokens(struct space_tables *tables, bool has_try)
{
	space_fill_nodes(tables);
	for (unsigned flags = 0; tables->state && flags <= tables->flags; flags++)
		space_fill_sets(tables, flags);
	for (unsigned locks = 0; locks <= RULE_LOCKS; locks++)
		for (unsigned flags = 0; flags <= SEQ_FLAGS; flags++) {
			unsigned uses = locks < tables->locks ? locks + 1 : tables->locks;
			unsigned conditions = 1 + 2 * flags + (flags < SEQ_FLAGS);
			unsigned kept = 1 + flags + (flags < SEQ_FLAGS);
			uint64_t lock = (UINT64_C(1) << uses) - 1;
			uint64_t leaf = lock << TOKEN_ACQ | lock << TOKEN_REL | UINT64_C(1) << TOKEN_WORK |
			                UINT64_C(1) << TOKEN_RETURN;
			uint64_t open = ((UINT64_C(1) << conditions) - 1) << TOKEN_IF | UINT64_C(1) << TOKEN_LOOP |
			                (has_try ? lock << TOKEN_TRY : 0);
			uint64_t jump = UINT64_C(1) << TOKEN_BREAK | UINT64_C(1) << TOKEN_CONTINUE;

			if (tables->state) {
				leaf |= UINT64_C(1) << TOKEN_STOP;
				open |= UINT64_C(1) << TOKEN_FOREVER;
			}
			for (unsigned l = 0; tables->state && has_try && l < uses; l++)
				leaf |= ((UINT64_C(1) << kept) - 1) << (TOKEN_TAKE + l * (1 + SEQ_FLAGS));
			tables->statements[0][0][locks][flags] = leaf;
			tables->statements[0][1][locks][flags] = leaf | jump;
			tables->statements[1][0][locks][flags] = leaf | open;
			tables->statements[1][1][locks][flags] = leaf | open | jump;
		}
}

static inline bool
space_takes_statement(const struct space_frame *frame)
{
	return frame->left && !frame->ended;
}

/* Tokens after which the sequence can be completed, without SET. */
static inline uint64_t
space_tokens(const struct space_tables *tables, const struct seq_node *node, const struct space_frame *frame)
{
	uint64_t mask = 0;

	if (space_takes_statement(frame))
		mask = tables->statements[frame->left > 1][frame->loops > 0][frame->locks][frame->flags];
	if (!frame->open)
		return frame->left > 1 ? mask & ~(UINT64_C(1) << TOKEN_RETURN | UINT64_C(1) << TOKEN_STOP) : mask;
	if (!frame->empty) {
		uint8_t op = node[frame->open - 1].op;

		mask |= UINT64_C(1) << TOKEN_END;
		if (frame->left && seq_branches(op))
			mask |= UINT64_C(1) << TOKEN_ELSE;
	}
	return mask;
}

/* With SET. */
static void
space_all_tokens(const struct space_tables *tables, const struct seq_node *node,
                 const struct space_frame *frame, struct space_mask *mask)
{
	*mask = (struct space_mask){{space_tokens(tables, node, frame)}};
	if (space_takes_statement(frame))
		memcpy(&mask->word[1], tables->sets[frame->flags], sizeof tables->sets[0]);
}

/* Takes the lowest token out of a set that is not empty. */
static unsigned
space_take_token(struct space_mask *mask)
{
	unsigned w = 0, bit;

	while (!mask->word[w])
		w++;
	bit = bits_lowest(mask->word[w]);
	mask->word[w] &= mask->word[w] - 1;
	return 64 * w + bit;
}

/* Node i opens a block. */
static inline void
space_open(struct space_walk *walk, struct space_frame *frame, unsigned i)
{
	walk->up[i] = frame->open;
	frame->open = (uint8_t)(i + 1);
	frame->empty = true;
}

/* What a node of the state alphabet names or opens. */
static void
space_enter_state(struct space_walk *walk, struct space_frame *frame, const struct seq_node *at, unsigned i)
{
	unsigned flag = at->flag > at->source ? at->flag : at->source;

	if (at->op == SEQ_TAKE && frame->locks <= at->lock)
		frame->locks = (uint8_t)(at->lock + 1);
	if (frame->flags < flag)
		frame->flags = (uint8_t)flag;
	if (at->op == SEQ_FOREVER) {
		frame->loops++;
		space_open(walk, frame, i);
	}
}

/* The frame behind node[i]. */
static inline void
space_enter(struct space_walk *walk, const struct seq_node *node, unsigned i)
{
	const struct seq_node *at = &node[i];
	struct space_frame frame = walk->frame[i];
	uint8_t op = at->op;

	if (op == SEQ_ELSE) {
		walk->up[i] = walk->up[frame.open - 1];
		frame.open = (uint8_t)(i + 1);
		frame.empty = true;
	} else if (op == SEQ_END) {
		frame.loops = (uint8_t)(frame.loops - seq_repeats(node[frame.open - 1].op));
		frame.open = walk->up[frame.open - 1];
		frame.empty = false;
	} else {
		frame.left--;
		frame.empty = false;
		if (op <= SEQ_TRY && frame.locks <= at->lock)
			frame.locks = (uint8_t)(at->lock + 1);
		if (op >= SEQ_TRY && op <= SEQ_LOOP) {
			if (op == SEQ_IF && frame.flags < at->flag)
				frame.flags = at->flag;
			frame.loops = (uint8_t)(frame.loops + (op == SEQ_LOOP));
			space_open(walk, &frame, i);
		} else if (op > SEQ_END) {
			space_enter_state(walk, &frame, at, i);
		}
	}
	frame.ended = seq_jumps(op);
	walk->frame[i + 1] = frame;
}

/* Puts a token at node i; the number of ELSE and END is that of what they belong to. */
static inline void
space_put(struct space *space, unsigned i, unsigned token)
{
	struct space_tables *tables = space->tables;
	const struct space_frame *frame = &tables->walk.frame[i];
	struct seq_node *node = &tables->node[i];

	*node = tables->token[token];
	node->number = token == TOKEN_ELSE || token == TOKEN_END ? tables->node[frame->open - 1].number
	                                                         : (uint16_t)(space->size - frame->left + 1u);
}

/* What is above the current token at node i: all of SET. */
static void
space_keep_sets(struct space_tables *tables, unsigned i)
{
	const struct space_frame *frame = &tables->walk.frame[i];

	memset(tables->mask_sets[i], 0, sizeof tables->mask_sets[i]);
	if (space_takes_statement(frame))
		memcpy(tables->mask_sets[i], tables->sets[frame->flags], sizeof tables->mask_sets[i]);
}

/* The lowest SET token above the current one at node i; TOKEN_NONE where there is none. */
static unsigned
space_next_set(struct space_tables *tables, unsigned i)
{
	for (unsigned w = 0; w < SPACE_SETS; w++) {
		uint64_t *word = &tables->mask_sets[i][w];
		unsigned bit;

		if (!*word)
			continue;
		bit = bits_lowest(*word);
		*word &= *word - 1;
		return TOKEN_SET + 64 * w + bit;
	}
	return TOKEN_NONE;
}

/* The lowest token above the current one at node i, which becomes it; TOKEN_NONE where there is none. */
static inline unsigned
space_next_token(struct space_tables *tables, unsigned i)
{
	unsigned token;

	if (!tables->mask[i])
		return tables->state ? space_next_set(tables, i) : TOKEN_NONE;
	token = bits_lowest(tables->mask[i]);
	tables->mask[i] &= tables->mask[i] - 1;
	return token;
}

/* Fills up with the lowest tokens from node i on. */
static void
space_complete(struct space *space, unsigned i)
{
	struct space_tables *tables = space->tables;

	for (; tables->walk.frame[i].open || tables->walk.frame[i].left; i++) {
		uint64_t mask = space_tokens(tables, tables->node, &tables->walk.frame[i]);

		space_put(space, i, bits_lowest(mask));
		tables->mask[i] = mask & (mask - 1);
		if (tables->state)
			space_keep_sets(tables, i);
		space_enter(&tables->walk, tables->node, i);
	}
	space->seq.count = i;
}

bool
space_first(struct space *space)
{
	space->tables->over = false;
	space_complete(space, 0);
	return true;
}

bool
space_next(struct space *space)
{
	struct space_tables *tables = space->tables;
	unsigned i = space->seq.count, token;

	if (tables->over)
		return false;
	do {
		if (!i) {
			tables->over = true;
			return false;
		}
		token = space_next_token(tables, --i);
	} while (token == TOKEN_NONE);
	/* Behind the last statement stand only ENDs: they stay, with nothing above them. */
	if (token < tables->last_alone && tables->walk.frame[i].left == 1) {
		uint16_t number = tables->node[i].number;

		tables->node[i] = tables->token[token];
		tables->node[i].number = number;
		return true;
	}
	space_put(space, i, token);
	space_enter(&tables->walk, tables->node, i);
	space_complete(space, i + 1);
	return true;
}

/* ---- rank and unrank ---- */

/* Sum over lists of `least` to `left` statements and the names behind them: lists times what follows. */
static uint64_t
space_convolve(const struct space_tables *tables, bool loop, unsigned least, unsigned left, unsigned names,
               const uint64_t *after)
{
	uint64_t sum = least ? 0 : after[left * tables->names + names];

	for (unsigned n = 1; n <= left; n++) {
		const uint64_t *row = &tables->list[n][loop][names * tables->names];

		for (unsigned u = names; u < tables->names; u++)
			sum += row[u] * after[(left - n) * tables->names + u];
	}
	return sum;
}

/* Fills the tables of a stack. Entries that no sequence meets may wrap around; nothing reads them. */
static void
space_fill_stack(const struct space *space, struct space_stack *stack)
{
	const struct space_tables *tables = space->tables;
	unsigned most = space->size - stack->depth;
	const struct space_stack *up = stack->up;

	for (unsigned left = 0; left <= most; left++)
		for (unsigned u = 0; u < tables->names; u++) {
			uint64_t *closed = &stack->closed[left * tables->names + u];

			if (!up)
				*closed = !left;
			else
				*closed = up->rest[left * tables->names + u];
			if (up && stack->kind == STACK_THEN)
				*closed += space_convolve(tables, up->loop, 1, left, u, up->rest);
		}
	for (unsigned left = 0; left <= most; left++)
		for (unsigned u = 0; u < tables->names; u++)
			stack->rest[left * tables->names + u] =
				space_convolve(tables, stack->loop, 0, left, u, stack->closed);
}

static struct space_stack *
space_new_stack(const struct space *space, struct space_stack *up, enum stack_kind kind)
{
	struct space_tables *tables = space->tables;
	struct space_stack *stack = arena_alloc(&tables->trie, sizeof *stack);
	size_t entries;

	stack->up = up;
	stack->kind = kind;
	if (up) {
		stack->depth = up->depth + 1;
		stack->loop = up->loop || kind == STACK_LOOP;
		up->inner[kind] = stack;
	}
	entries = (size_t)(space->size - stack->depth + 1) * tables->names;
	stack->rest = arena_alloc(&tables->trie, entries * sizeof *stack->rest);
	stack->closed = arena_alloc(&tables->trie, entries * sizeof *stack->closed);
	space_fill_stack(space, stack);
	tables->stacks++;
	return stack;
}

static struct space_stack *
space_root(const struct space *space)
{
	struct space_tables *tables = space->tables;

	if (!tables->root)
		tables->root = space_new_stack(space, NULL, STACK_KINDS);
	return tables->root;
}

/* Empties the trie when it is full, and makes this one stack anew. */
static struct space_stack *
space_trim(const struct space *space, struct space_stack *stack)
{
	struct space_tables *tables = space->tables;
	enum stack_kind kind[SPACE_MAX_SIZE + 1];
	unsigned depth = stack->depth;

	if (tables->stacks < SPACE_STACKS)
		return stack;
	for (; stack->up; stack = stack->up)
		kind[stack->depth - 1] = stack->kind;
	arena_reset(&tables->trie);
	tables->root = NULL;
	tables->stacks = 0;
	stack = space_root(space);
	for (unsigned d = 0; d < depth; d++)
		stack = space_new_stack(space, stack, kind[d]);
	return stack;
}

static struct space_stack *
space_inner(const struct space *space, struct space_stack *stack, enum stack_kind kind)
{
	return stack->inner[kind] ? stack->inner[kind] : space_new_stack(space, stack, kind);
}

/* The stack behind a token. */
static struct space_stack *
space_step(const struct space *space, struct space_stack *stack, unsigned token)
{
	if (token == TOKEN_END)
		return stack->up;
	if (token == TOKEN_ELSE)
		return space_inner(space, stack->up, STACK_ELSE);
	if (token == TOKEN_LOOP || token == TOKEN_FOREVER)
		return space_inner(space, stack, STACK_LOOP);
	return token >= TOKEN_TRY && token < TOKEN_LOOP ? space_inner(space, stack, STACK_THEN) : stack;
}

/* Sequences that go on with this token behind this frame. */
static uint64_t
space_weight(const struct space *space, const struct space_frame *frame, struct space_stack *stack,
             unsigned token)
{
	const struct space_tables *tables = space->tables;
	const struct seq_node *node = &tables->token[token];
	const struct space_stack *behind = space_step(space, stack, token);
	unsigned locks = frame->locks, flags = frame->flags;
	unsigned left = frame->left - !seq_closes(node->op), at;

	if (seq_has_use(node->op) && locks <= node->lock)
		locks = node->lock + 1u;
	if (flags < node->flag)
		flags = node->flag;
	if (flags < node->source)
		flags = node->source;
	at = left * tables->names + locks * (tables->flags + 1) + flags;
	if (seq_jumps(node->op))
		return behind->closed[at];
	if (token == TOKEN_ELSE || seq_opens(node->op))
		return behind->rest[at] - behind->closed[at];
	return behind->rest[at];
}

static struct space_frame
space_start(const struct space *space)
{
	return (struct space_frame){.left = (uint8_t)space->size};
}

void
space_unrank(struct space *space, uint64_t index)
{
	struct space_tables *tables = space->tables;
	struct space_stack *stack = space_root(space);
	struct space_walk *walk = &tables->walk;
	unsigned i;

	assert(index < tables->total);
	tables->over = false;
	for (i = 0; walk->frame[i].open || walk->frame[i].left; i++) {
		struct space_mask mask;
		unsigned token;
		uint64_t weight;

		space_all_tokens(tables, tables->node, &walk->frame[i], &mask);
		stack = space_trim(space, stack);
		for (;; index -= weight) {
			token = space_take_token(&mask);
			weight = space_weight(space, &walk->frame[i], stack, token);
			if (index < weight)
				break;
		}
		space_put(space, i, token);
		tables->mask[i] = mask.word[0];
		memcpy(tables->mask_sets[i], &mask.word[1], sizeof tables->mask_sets[i]);
		space_enter(walk, tables->node, i);
		stack = space_step(space, stack, token);
	}
	space->seq.count = i;
}

/* The token of a node, as far as its operation and operands say. */
static unsigned
space_place(const struct seq_node *node)
{
	switch ((enum seq_op)node->op) {
	case SEQ_ACQ:
	case SEQ_REL:
	case SEQ_TRY:
		return TOKEN_ACQ + node->op * RULE_LOCKS + node->lock;
	case SEQ_IF:
		return TOKEN_IF + (node->flag ? 2U * node->flag - 1U + node->negated : 0);
	case SEQ_LOOP:
	case SEQ_BREAK:
	case SEQ_CONTINUE:
	case SEQ_RETURN:
	case SEQ_WORK:
	case SEQ_ELSE:
	case SEQ_END:
		return TOKEN_LOOP + (unsigned)(node->op - SEQ_LOOP);
	case SEQ_TAKE:
		return TOKEN_TAKE + node->lock * (1U + SEQ_FLAGS) + node->flag;
	case SEQ_FOREVER:
		return TOKEN_FOREVER;
	case SEQ_STOP:
		return TOKEN_STOP;
	case SEQ_SET:
		return space_set_token(node->flag, node->value, node->source, node->negated);
	case SEQ_OPS:
		break;
	}
	return TOKEN_NONE;
}

/* The token of a node; TOKEN_NONE where a canonical sequence has no such node. */
static unsigned
space_token(const struct space_tables *tables, const struct seq_node *node)
{
	unsigned place = space_place(node);
	struct seq_node token;

	if (place >= TOKENS)
		return TOKEN_NONE;
	token = tables->token[place];
	token.number = node->number;
	token.offset = node->offset;
	return memcmp(&token, node, sizeof token) ? TOKEN_NONE : place;
}

bool
space_rank(struct space *space, const struct seq *seq, uint64_t *index)
{
	struct space_stack *stack = space_root(space);
	struct space_walk walk;
	unsigned i = 0;

	*index = 0;
	walk.frame[0] = space_start(space);
	if (seq->size != space->size || seq->count > SPACE_NODES)
		return false;
	for (; walk.frame[i].open || walk.frame[i].left; i++) {
		unsigned token = i < seq->count ? space_token(space->tables, &seq->node[i]) : TOKEN_NONE;
		struct space_mask mask;

		space_all_tokens(space->tables, seq->node, &walk.frame[i], &mask);
		if (token == TOKEN_NONE || !(mask.word[token / 64] >> token % 64 & 1))
			return false;
		stack = space_trim(space, stack);
		for (unsigned below; (below = space_take_token(&mask)) != token;)
			*index += space_weight(space, &walk.frame[i], stack, below);
		space_enter(&walk, seq->node, i);
		stack = space_step(space, stack, token);
	}
	return i == seq->count;
}

/* ---- life ---- */

bool
space_init(struct space *space, const struct rule *rule, unsigned role, enum space_alphabet alphabet,
           unsigned size, unsigned locks)
{
	struct space_tables *tables;
	bool has_try = rule->role[role].allows_try;

	*space = (struct space){.rule = rule, .role = role, .alphabet = alphabet, .size = size};
	if (size > SPACE_MAX_SIZE)
		return false;
	space->locks = locks < rule->locks ? locks : rule->locks;
	space->tables = tables = calloc(1, sizeof *tables);
	if (!tables)
		die("out of memory (%zu bytes)", sizeof *tables);
	tables->locks = space->locks;
	tables->state = alphabet == SPACE_STATE;
	tables->last_alone = tables->state ? 0 : TOKEN_ELSE;
	tables->flags = tables->state ? 2 * size : size; /* one statement may name two */
	if (tables->flags > SEQ_FLAGS)
		tables->flags = SEQ_FLAGS;
	tables->names = (tables->locks + 1) * (tables->flags + 1);
	space->seq = (struct seq){.node = tables->node, .size = size};
	tables->walk.frame[0] = space_start(space);
	space_fill_tokens(tables, has_try);
	space_count_lists(tables, size, has_try);
	tables->total = size ? 0 : 1;
	for (unsigned u = 0; size && u < tables->names; u++)
		tables->total = space_plus(tables->total, tables->list[size][0][u]);
	if (tables->total == UINT64_MAX) {
		space_free(space);
		return false;
	}
	return true;
}

void
space_free(struct space *space)
{
	if (space->tables) {
		arena_free(&space->tables->arena);
		arena_free(&space->tables->trie);
		free(space->tables);
	}
	*space = (struct space){0};
}

uint64_t
space_count(const struct space *space)
{
	return space->tables->total;
}
