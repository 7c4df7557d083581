/* All canonical sequences of one size. See space.h.
 *
 * A token is one way to fill a node: its number below is its place in the order; those of the plain alphabet
 * have the same numbers in the other one, and with all that is not late (SET and what is the rule's own) they
 * fit one word. A frame is what is known before a node: statements left, names used, the open block. From a
 * frame follows the set of tokens after which the sequence can still be completed, as a bit mask, so the
 * odometer never meets a dead end: space_next takes the lowest token left at the last node that has one, and
 * fills up behind it with the lowest tokens.
 *
 * Counts come from elsewhere: a recurrence (space_count.c). Rank and unrank multiply them up along the stack
 * of open blocks: `rest` counts the ways to go on in a block and then outside, `closed` those once its list
 * is at its end. They are kept in a trie of stacks, which is emptied when it grows too large.
 */
#include "space_tables.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bits.h"

/* ---- the odometer ---- */

static unsigned
space_set_token(unsigned flag, unsigned value, unsigned source, unsigned negated)
{
	unsigned place = value == SEQ_VALUE_FLAG ? value + 2 * (source - 1) + negated : value;

	return TOKEN_SET + (flag - 1) * (SEQ_VALUE_FLAG + 2 * SEQ_FLAGS) + place;
}

/* Of what is the rule's own. */
static unsigned
space_own_token(const struct seq_node *node)
{
	if (node->op == SEQ_OCCUR)
		return TOKEN_OCCUR + node->event;
	if (node->op == SEQ_EVENT)
		return TOKEN_EVENT + node->lock * RULE_EVENTS + node->event;
	if (node->op == SEQ_TRY)
		return TOKEN_TRY_OWN + node->lock * RULE_EVENTS + node->event - 1U;
	return TOKEN_TAKE_OWN + (node->lock * (1U + SEQ_FLAGS) + node->flag) * RULE_EVENTS + node->event - 1U;
}

static void
space_fill_own(struct space_tables *tables, uint8_t lock, uint8_t event)
{
	struct seq_node node = {.op = SEQ_EVENT, .lock = lock, .handle = lock, .event = event};

	tables->token[space_own_token(&node)] = node;
	node.op = SEQ_TRY;
	node.event++;
	tables->token[space_own_token(&node)] = node;
	node.op = SEQ_TAKE;
	for (; node.flag <= SEQ_FLAGS; node.flag++)
		tables->token[space_own_token(&node)] = node;
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
		for (uint8_t e = 0; e < RULE_EVENTS; e++)
			space_fill_own(tables, l, e);
	}
	for (uint8_t c = 0; c <= 2 * SEQ_FLAGS; c++)
		tables->token[TOKEN_IF + c] =
			(struct seq_node){.op = SEQ_IF, .flag = (uint8_t)((c + 1) / 2), .negated = c && c % 2 == 0};
	for (unsigned t = TOKEN_LOOP; t <= TOKEN_END; t++)
		tables->token[t] = (struct seq_node){.op = (uint8_t)(SEQ_LOOP + t - TOKEN_LOOP)};
	tables->token[TOKEN_FOREVER] = (struct seq_node){.op = SEQ_FOREVER};
	tables->token[TOKEN_STOP] = (struct seq_node){.op = SEQ_STOP};
	for (uint8_t e = 0; e < RULE_EVENTS; e++)
		tables->token[TOKEN_OCCUR + e] = (struct seq_node){.op = SEQ_OCCUR, .event = e};
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

static enum space_step
space_step_of(unsigned op)
{
	return seq_branches(op)  ? STEP_THEN
	       : seq_repeats(op) ? STEP_LOOP
	       : op == SEQ_ELSE  ? STEP_ELSE
	       : op == SEQ_END   ? STEP_CLOSES
	       : seq_jumps(op)   ? STEP_JUMPS
	                         : STEP_STAYS;
}

static void
space_fill_effects(struct space_tables *tables)
{
	for (unsigned t = 0; t < TOKENS; t++) {
		const struct seq_node *node = &tables->token[t];

		tables->effect[t] = (struct space_effect){
			.step = (uint8_t)space_step_of(node->op),
			.locks = seq_has_use(node->op) ? (uint8_t)(1U << node->lock) : 0,
			.flags = node->flag > node->source ? node->flag : node->source,
			.counts = !seq_closes(node->op),
		};
	}
}

/* SET tokens where `used` flags are; the flag that is set counts as used for what it is set to. */
static void
space_fill_sets(const struct space_tables *tables, uint64_t *late, unsigned used)
{
	for (unsigned t = TOKEN_SET; t < TOKEN_EVENT; t++) {
		const struct seq_node *node = &tables->token[t];
		unsigned then = node->flag > used ? node->flag : used;

		if (then > tables->flags || then > used + 1 || node->source > then + 1 ||
		    node->source > tables->flags || (node->source == then + 1 && node->negated) ||
		    (node->source == node->flag && !node->negated))
			continue;
		late[t / 64 - 1] |= UINT64_C(1) << t % 64;
	}
}

static void
space_add_late(uint64_t *late, const struct seq_node *node)
{
	unsigned token = space_own_token(node);

	late[token / 64 - 1] |= UINT64_C(1) << token % 64;
}

/* The locks that can be named where those of a bit set are: these, and of each type the next one. */
static unsigned
space_uses(const struct space_tables *tables, unsigned set)
{
	unsigned uses = set;

	for (unsigned t = 0; t < tables->types && bits_count(set) < tables->locks; t++) {
		unsigned left = tables->type[t].letters & ~set;

		uses |= left & -left;
	}
	return uses;
}

/* Tokens of what is the rule's own where these locks and so many flags are used; `opens`: those of blocks,
 * too. */
static void
space_fill_events(const struct space_tables *tables, const struct rule *rule, uint64_t *late, bool opens,
                  unsigned locks, unsigned flags)
{
	unsigned uses = space_uses(tables, locks);
	unsigned keeps = flags < tables->flags ? flags + 1 : tables->flags;

	for (unsigned e = 0; e < rule->events; e++)
		bits_each (l, rule->event[e].names_lock ? uses : 1) {
			unsigned type = rule->event[e].names_lock ? rule->type_of[l] : 0;
			struct seq_node node = {.op = rule->event[e].names_lock ? SEQ_EVENT : SEQ_OCCUR,
			                        .lock = (uint8_t)l,
			                        .event = (uint8_t)e};

			if (rule->event[e].call[type] != RULE_CALLS)
				space_add_late(late, &node);
			if (!rule->event[e].try_word || rule->event[e].try_call[type] == RULE_CALLS)
				continue;
			node.event++;
			node.op = SEQ_TRY;
			if (opens)
				space_add_late(late, &node);
			node.op = SEQ_TAKE;
			for (; node.flag <= keeps; node.flag++)
				space_add_late(late, &node);
		}
}

/* The bit sets of locks that can be named: in each type the first ones, and no more than the space has. */
static void
space_fill_lock_sets(struct space_tables *tables)
{
	unsigned known = 1; /* bit set of sets */

	for (unsigned set = 0; set < SPACE_SETS; set++) {
		if (!(known >> set & 1))
			continue;
		tables->set_at[set] = (uint8_t)tables->sets;
		tables->set[tables->sets++] = (uint8_t)set;
		bits_each (l, space_uses(tables, set))
			known |= 1U << (set | 1U << l);
	}
}

/* Of those locks, the ones that the role may try. */
static unsigned
space_tried(const struct rule *rule, unsigned role, unsigned locks)
{
	unsigned tried = 0;

	bits_each (l, locks)
		tried |= (unsigned)(rule->role[role].try_call[rule->type_of[l]] != RULE_CALLS) << l;
	return tried;
}

static void
space_fill_tokens(struct space_tables *tables, const struct rule *rule, unsigned role)
{
	space_fill_nodes(tables);
	space_fill_effects(tables);
	for (unsigned i = 0; tables->state && i < 2 * tables->sets; i++)
		for (unsigned flags = 0; flags <= tables->flags; flags++) {
			unsigned set = tables->set[i / 2];
			uint64_t *late = tables->late[i % 2][set][flags];

			space_fill_sets(tables, late, flags);
			space_fill_events(tables, rule, late, i % 2, set, flags);
		}
	for (unsigned i = 0; i < tables->sets; i++)
		for (unsigned flags = 0; flags <= SEQ_FLAGS; flags++) {
			unsigned set = tables->set[i];
			unsigned conditions = 1 + 2 * flags + (flags < tables->flags);
			unsigned kept = 1 + flags + (flags < tables->flags);
			uint64_t lock = space_uses(tables, set), tried = space_tried(rule, role, (unsigned)lock);
			uint64_t leaf = lock << TOKEN_ACQ | lock << TOKEN_REL | UINT64_C(1) << TOKEN_WORK |
			                UINT64_C(1) << TOKEN_RETURN;
			uint64_t open = ((UINT64_C(1) << conditions) - 1) << TOKEN_IF | UINT64_C(1) << TOKEN_LOOP |
			                tried << TOKEN_TRY;
			uint64_t jump = UINT64_C(1) << TOKEN_BREAK | UINT64_C(1) << TOKEN_CONTINUE;

			if (tables->state) {
				leaf |= UINT64_C(1) << TOKEN_STOP;
				open |= UINT64_C(1) << TOKEN_FOREVER;
			}
			bits_each (l, tables->state ? (unsigned)tried : 0)
				leaf |= ((UINT64_C(1) << kept) - 1) << (TOKEN_TAKE + l * (1 + SEQ_FLAGS));
			tables->statements[0][0][set][flags] = leaf;
			tables->statements[0][1][set][flags] = leaf | jump;
			tables->statements[1][0][set][flags] = leaf | open;
			tables->statements[1][1][set][flags] = leaf | open | jump;
		}
}

static inline bool
space_takes_statement(const struct space_frame *frame)
{
	return frame->left && !frame->ended;
}

/* Tokens after which the sequence can be completed, without late ones. */
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

/* Late tokens after which it can be. */
static void
space_late(const struct space_tables *tables, const struct space_frame *frame, uint64_t *late)
{
	const uint64_t *all = tables->late[frame->left > 1][frame->locks][frame->flags];

	if (space_takes_statement(frame))
		memcpy(late, all, sizeof tables->late[0][0][0]);
	else
		memset(late, 0, sizeof tables->late[0][0][0]);
}

/* With them. */
static void
space_all_tokens(const struct space_tables *tables, const struct seq_node *node,
                 const struct space_frame *frame, struct space_mask *mask)
{
	mask->word[0] = space_tokens(tables, node, frame);
	space_late(tables, frame, &mask->word[1]);
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

	if (seq_has_use(at->op))
		frame->locks = (uint8_t)(frame->locks | 1U << at->lock);
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
		if (op <= SEQ_TRY)
			frame.locks = (uint8_t)(frame.locks | 1U << at->lock);
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

/* What is above the current token at node i: all late ones. */
static void
space_keep_late(struct space_tables *tables, unsigned i)
{
	space_late(tables, &tables->walk.frame[i], tables->mask_late[i]);
}

/* The lowest late token above the current one at node i; TOKEN_NONE where there is none. */
static unsigned
space_next_late(struct space_tables *tables, unsigned i)
{
	for (unsigned w = 0; w < SPACE_LATE; w++) {
		uint64_t *word = &tables->mask_late[i][w];
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
		return tables->state ? space_next_late(tables, i) : TOKEN_NONE;
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
			space_keep_late(tables, i);
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
static inline struct space_stack *
space_step(const struct space *space, struct space_stack *stack, unsigned token)
{
	switch ((enum space_step)space->tables->effect[token].step) {
	case STEP_THEN:
		return space_inner(space, stack, STACK_THEN);
	case STEP_ELSE:
		return space_inner(space, stack->up, STACK_ELSE);
	case STEP_LOOP:
		return space_inner(space, stack, STACK_LOOP);
	case STEP_CLOSES:
		return stack->up;
	case STEP_STAYS:
	case STEP_JUMPS:
		break;
	}
	return stack;
}

/* Sequences that go on with this token behind this frame. */
static inline uint64_t
space_weight(const struct space *space, const struct space_frame *frame, struct space_stack *stack,
             unsigned token)
{
	const struct space_tables *tables = space->tables;
	const struct space_effect *effect = &tables->effect[token];
	unsigned set = tables->set_at[frame->locks | effect->locks];
	unsigned flags = frame->flags > effect->flags ? frame->flags : effect->flags;
	unsigned at = (frame->left - effect->counts) * tables->names + set * (tables->flags + 1) + flags;
	const struct space_stack *behind;

	if (effect->step == STEP_STAYS)
		return stack->rest[at];
	if (effect->step == STEP_JUMPS)
		return stack->closed[at];
	behind = space_step(space, stack, token);
	return behind->rest[at] - (effect->step == STEP_CLOSES ? 0 : behind->closed[at]);
}

static struct space_frame
space_start(const struct space *space)
{
	return (struct space_frame){.left = (uint8_t)space->size};
}

/* How many tokens from this one on, all in the mask, have one weight: tests of flags that are used. */
static inline unsigned
space_alike(const struct space_frame *frame, unsigned token)
{
	return token == TOKEN_IF ? 1 + 2U * frame->flags : 1;
}

/* The token behind a frame with so many sequences before it, which are taken off *index; those above it stay
 * in the mask. */
static inline unsigned
space_choose(const struct space *space, const struct space_frame *frame, struct space_stack *stack,
             struct space_mask *mask, uint64_t *index)
{
	for (;;) {
		unsigned token = space_take_token(mask), alike = space_alike(frame, token), skipped = 0;
		uint64_t weight = space_weight(space, frame, stack, token);
		bool ends = *index < alike * weight;

		if (alike > 1) {
			skipped = ends ? (unsigned)(*index / weight) : alike - 1;
			mask->word[0] &= ~(((UINT64_C(1) << skipped) - 1) << (token + 1));
		}
		if (ends) {
			*index -= skipped * weight;
			return token + skipped;
		}
		*index -= alike * weight;
	}
}

bool
space_unrank_with(struct space *space, uint64_t index, unsigned events)
{
	struct space_tables *tables = space->tables;
	struct space_stack *stack = space_root(space);
	struct space_walk *walk = &tables->walk;
	struct space_mask mask = {0};
	unsigned i, found = 0;

	assert(index < tables->total);
	tables->over = false;
	for (i = 0; walk->frame[i].open || walk->frame[i].left; i++) {
		unsigned token;

		mask.word[0] = space_tokens(tables, tables->node, &walk->frame[i]);
		if (tables->state)
			space_late(tables, &walk->frame[i], &mask.word[1]);
		stack = space_trim(space, stack);
		token = space_choose(space, &walk->frame[i], stack, &mask, &index);
		found += tables->effect[token].locks != 0;
		if (found + walk->frame[i].left < events + tables->effect[token].counts)
			return false;
		space_put(space, i, token);
		tables->mask[i] = mask.word[0];
		if (tables->state)
			memcpy(tables->mask_late[i], &mask.word[1], sizeof tables->mask_late[i]);
		space_enter(walk, tables->node, i);
		stack = space_step(space, stack, token);
	}
	space->seq.count = i;
	return true;
}

void
space_unrank(struct space *space, uint64_t index)
{
	space_unrank_with(space, index, 0);
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
	case SEQ_EVENT:
	case SEQ_OCCUR:
		return space_own_token(node);
	case SEQ_OPS:
		break;
	}
	return TOKEN_NONE;
}

/* The token of a node; TOKEN_NONE where a canonical sequence has no such node. */
static unsigned
space_token(const struct space_tables *tables, const struct seq_node *node)
{
	unsigned place = seq_tries(node->op) && node->event ? space_own_token(node) : space_place(node);
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

/* The lock types, and how many events of each kind name such a lock. */
static void
space_fill_types(struct space_tables *tables, const struct rule *rule, unsigned role)
{
	tables->types = rule->types;
	for (unsigned t = 0; t < rule->types; t++) {
		struct space_type *type = &tables->type[t];

		type->letters = (uint8_t)rule->type[t].letters;
		type->tries = rule->role[role].try_call[t] != RULE_CALLS;
		for (unsigned e = 0; tables->state && e < rule->events; e++) {
			type->named += rule->event[e].names_lock && rule->event[e].call[t] != RULE_CALLS;
			type->tries += rule->event[e].try_word && rule->event[e].try_call[t] != RULE_CALLS;
		}
	}
	for (unsigned e = 0; tables->state && e < rule->events; e++)
		tables->unnamed += !rule->event[e].names_lock;
}

bool
space_have_same(const struct rule *one, unsigned role_of_one, const struct rule *two, unsigned role_of_two)
{
	if (one->locks != two->locks || one->types != two->types)
		return false;
	for (unsigned t = 0; t < one->types; t++)
		if (one->type[t].letters != two->type[t].letters ||
		    (one->role[role_of_one].try_call[t] == RULE_CALLS) !=
		        (two->role[role_of_two].try_call[t] == RULE_CALLS))
			return false;
	return true;
}

bool
space_init(struct space *space, const struct rule *rule, unsigned role, enum space_alphabet alphabet,
           unsigned size, unsigned locks)
{
	struct space_tables *tables;

	*space = (struct space){.rule = rule, .role = role, .alphabet = alphabet, .size = size};
	if (size > SPACE_MAX_SIZE)
		return false;
	space->locks = locks < rule->locks ? locks : rule->locks;
	space->tables = tables = calloc(1, sizeof *tables);
	if (!tables)
		die("out of memory (%zu bytes)", sizeof *tables);
	tables->locks = space->locks;
	tables->state = alphabet != SPACE_PLAIN;
	tables->last_alone = tables->state ? 0 : TOKEN_ELSE;
	tables->flags = tables->state ? 2 * size : size; /* one statement may name two */
	if (tables->flags > SEQ_FLAGS)
		tables->flags = SEQ_FLAGS;
	space_fill_types(tables, rule, role);
	space_fill_lock_sets(tables);
	tables->names = tables->sets * (tables->flags + 1);
	space->seq = (struct seq){.node = tables->node, .size = size};
	tables->walk.frame[0] = space_start(space);
	space_fill_tokens(tables, rule, role);
	space_count_lists(tables, size);
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
