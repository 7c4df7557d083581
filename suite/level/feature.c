/* Semantic coverage of a case. See feature.h.
 *
 * How it works: one recursive pass over the nodes carries, for each automaton, the set of states in which a
 * place is reached, a byte each in one word, so that two paths meet by `|`. An event looks up the cell of
 * every state in its set and notes it under the context in hand. Loops go on until their head gains no state.
 * What was noted is written out once for each group of shapes.
 */
#include "feature.h"

#include <assert.h>
#include <string.h>

/* Eight states a byte, RULE_LOCKS bytes. */
typedef uint32_t states;

_Static_assert(RULE_STATES <= 8 && RULE_LOCKS <= 4, "a set of states is a byte of a word");
_Static_assert(FEATURE_CELLS <= 16, "cells noted are bits of a half-word");

struct block {
	unsigned loops; /* around it */
	bool in_then, in_else, in_try, in_try_else, repeated, set, endless;
	bool loop_in_then, loop_in_else;           /* the nearest loop stands in such a part */
	bool behind_try, behind_jump, behind_stop; /* of the present place */
};

struct covering {
	const struct rule *rule;
	const struct rule_reading *reading;
	const struct seq *seq;
	uint8_t tests[SEQ_FLAGS + 1]; /* how often a flag is tested: up to two */
	uint16_t kinds[FEATURE_STATEMENTS + 1]
				  [RULE_LOCKS + 1]; /* of findings, by statement and lock: bit k for kind k */
	uint16_t noted[CONTEXT_COUNT];  /* cells */
	uint32_t at;                    /* node in hand */
	unsigned locks;                 /* bit set: judged at the end */
	states broken, continued;       /* out of the innermost loop */
	unsigned flags_set;             /* by the sequence */
	unsigned jumps, stops;          /* passed so far */
};

const char *
context_name(enum context context)
{
	static const char *const name[CONTEXT_COUNT] = {
#define CONTEXT(id, text) [id] = text,
		CONTEXTS(CONTEXT)
#undef CONTEXT
	};

	return name[context];
}

static enum context
context_of(const struct block *block)
{
	if (block->set)
		return block->loops ? CONTEXT_SET_FLAG_IN_LOOP : CONTEXT_SET_FLAG;
	if (block->repeated)
		return block->loops ? CONTEXT_FLAG_AGAIN_IN_LOOP : CONTEXT_FLAG_AGAIN;
	if (block->in_try)
		return block->loops ? CONTEXT_TRY_IN_LOOP : CONTEXT_TRY;
	if (block->in_try_else)
		return CONTEXT_TRY_ELSE;
	if (block->endless)
		return CONTEXT_FOREVER;
	if (block->loops > 1)
		return CONTEXT_NESTED_LOOP;
	if (block->loop_in_else || block->loop_in_then)
		return block->loop_in_else ? CONTEXT_LOOP_IN_ELSE : CONTEXT_LOOP_IN_THEN;
	if (block->loops && (block->in_else || block->in_then))
		return block->in_else ? CONTEXT_ELSE_IN_LOOP : CONTEXT_THEN_IN_LOOP;
	if (block->loops)
		return block->behind_jump ? CONTEXT_LOOP_AFTER_JUMP : CONTEXT_LOOP;
	if (block->in_else || block->in_then)
		return block->in_else ? CONTEXT_ELSE : CONTEXT_THEN;
	if (block->behind_stop)
		return CONTEXT_AFTER_STOP;
	return block->behind_try ? CONTEXT_AFTER_TRY : CONTEXT_TOP;
}

/* States that a cell leads to: a counter's sign may stay or change where it moves towards zero. */
static states
leads_to(const struct covering *c, unsigned state, const struct rule_cell *cell)
{
	if (!c->reading->counts)
		return (states)1 << cell->next;
	if (!cell->step)
		return (states)1 << state;
	if (state == COUNTER_ZERO)
		return (states)1 << (cell->step > 0 ? COUNTER_ABOVE : COUNTER_BELOW);
	if ((state == COUNTER_ABOVE) == (cell->step > 0))
		return (states)1 << state;
	return (states)1 << state | (states)1 << COUNTER_ZERO;
}

/* Notes the cells that an event meets; what the automaton's set becomes, 0 where every path ends. */
static states
meet(struct covering *c, states set, enum event event, const uint16_t *kinds, enum context context)
{
	states after = 0;

	for (unsigned s = 0; set; s++, set >>= 1) {
		const struct rule_cell *cell = &c->reading->cell[s][event];
		unsigned class = s < FEATURE_CLASSES ? s : FEATURE_CLASSES - 1;

		if (!(set & 1))
			continue;
		if (!cell->violates)
			after |= leads_to(c, s, cell);
		else if (!(*kinds >> cell->kind & 1))
			continue;
		c->noted[context] |= (uint16_t)(1U << (class * EVENT_COUNT + event));
	}
	return after;
}

static unsigned
number_of(const struct seq_node *node)
{
	return node->number <= FEATURE_STATEMENTS ? node->number : 0;
}

/* A try without blocks has contexts of its own. */
static enum context
context_at(const struct seq_node *node, const struct block *block)
{
	if (node->op == SEQ_TAKE)
		return node->flag ? CONTEXT_TAKE_KEPT : CONTEXT_TAKE_IGNORED;
	return context_of(block);
}

static states
event(struct covering *c, states set, const struct seq_node *node, const struct block *block)
{
	bool all = c->reading->scope == SCOPE_ALL;
	unsigned automaton = all ? 0 : c->reading->scope == SCOPE_HANDLE ? node->handle : node->lock;
	unsigned shift = 8 * automaton;
	const uint16_t *kinds = &c->kinds[number_of(node)][all ? LOCK_ALL : node->lock];
	states after = meet(c, set >> shift & 0xff, node->op == SEQ_REL ? EVENT_RELEASE : EVENT_ACQUIRE, kinds,
	                    context_at(node, block));

	return after ? (set & ~((states)0xff << shift)) | after << shift : 0;
}

static void
leave(struct covering *c, states set, const struct block *block)
{
	bool all = c->reading->scope == SCOPE_ALL;

	for (unsigned i = 0; i < (all ? 1 : RULE_LOCKS); i++)
		if (all || c->locks >> i & 1)
			meet(c, set >> 8 * i & 0xff, EVENT_END, &c->kinds[0][all ? LOCK_ALL : i], context_of(block));
}

static states pass(struct covering *c, states set, struct block block);

static states
branch(struct covering *c, states set, const struct block *block)
{
	const struct seq_node *node = &c->seq->node[c->at++];
	struct block then = *block, other = *block;
	bool is_try = node->op == SEQ_TRY;
	states before = set;

	then.in_then = other.in_else = true;
	then.in_else = other.in_then = false;
	then.in_try = is_try;
	then.in_try_else = false;
	other.in_try = false;
	other.in_try_else = is_try;
	then.repeated = other.repeated = !is_try && c->tests[node->flag] > 1;
	then.set = other.set = !is_try && node->flag && c->flags_set >> (node->flag - 1) & 1;
	if (is_try)
		set = event(c, set, node, block);
	set = pass(c, set, then);
	if (c->seq->node[c->at].op == SEQ_ELSE) {
		c->at++;
		before = pass(c, before, other);
	}
	c->at++;
	return set | before;
}

static states
loop(struct covering *c, states set, const struct block *block)
{
	states outer_broken = c->broken, outer_continued = c->continued, fresh;
	struct block inner = *block;
	uint32_t body = c->at + 1;
	bool endless = c->seq->node[c->at].op == SEQ_FOREVER;

	inner.loop_in_then = block->in_then;
	inner.loop_in_else = block->in_else;
	inner.in_then = inner.in_else = inner.in_try = inner.in_try_else = inner.repeated = inner.set = false;
	inner.endless = endless;
	inner.behind_jump = inner.behind_try = inner.behind_stop = false;
	inner.loops++;
	c->broken = 0;
	do {
		fresh = set;
		c->at = body;
		c->continued = 0;
		set |= pass(c, set, inner) | c->continued;
	} while (set != fresh);
	set = endless ? c->broken : set | c->broken;
	c->broken = outer_broken;
	c->continued = outer_continued;
	c->at++;
	return set;
}

/* Carries a set to the node that closes the block, or the end of the sequence; c->at is then that node. */
static states
pass(struct covering *c, states set, struct block block)
{
	while (c->at < c->seq->count) {
		const struct seq_node *node = &c->seq->node[c->at];
		unsigned jumps = c->jumps, stops = c->stops;

		switch ((enum seq_op)node->op) {
		case SEQ_ACQ:
		case SEQ_REL:
			set = event(c, set, node, &block);
			break;
		case SEQ_TRY:
		case SEQ_IF:
			set = branch(c, set, &block);
			block.behind_try |= node->op == SEQ_TRY;
			block.behind_jump |= c->jumps != jumps;
			block.behind_stop |= c->stops != stops;
			continue;
		case SEQ_LOOP:
		case SEQ_FOREVER:
			set = loop(c, set, &block);
			continue;
		case SEQ_BREAK:
			c->broken |= set;
			c->jumps++;
			set = 0;
			break;
		case SEQ_CONTINUE:
			c->continued |= set;
			c->jumps++;
			set = 0;
			break;
		case SEQ_RETURN:
			leave(c, set, &block);
			c->jumps++;
			set = 0;
			break;
		case SEQ_TAKE:
			set |= event(c, set, node, &block);
			break;
		case SEQ_STOP:
			c->stops++;
			set = 0;
			break;
		case SEQ_SET:
		case SEQ_WORK:
		case SEQ_EVENT: /* rules of users alone have such */
		case SEQ_OCCUR:
		case SEQ_OPS:
			break;
		case SEQ_ELSE:
		case SEQ_END:
			return set;
		}
		c->at++;
	}
	return set;
}

static states
start(const struct covering *c, unsigned held)
{
	states set = 0;

	for (unsigned l = 0; l < RULE_LOCKS; l++) {
		bool is_held = c->reading->scope == SCOPE_ALL ? held != 0 : held >> l & 1;
		unsigned state = is_held ? c->reading->initial_held : c->reading->initial;

		if (c->reading->counts)
			state = is_held ? COUNTER_ABOVE : COUNTER_ZERO;
		set |= (states)1 << state << 8 * l;
	}
	return set;
}

static void
count_tests(struct covering *c)
{
	for (uint32_t i = 0; i < c->seq->count; i++) {
		const struct seq_node *node = &c->seq->node[i];

		if (node->op == SEQ_IF && node->flag && c->tests[node->flag] < 2)
			c->tests[node->flag]++;
	}
}

static void
write_out(const struct covering *c, uint8_t *feature, unsigned group)
{
	for (unsigned context = 0; context < CONTEXT_COUNT; context++)
		for (unsigned cell = 0; c->noted[context] >> cell; cell++)
			if (c->noted[context] >> cell & 1)
				feature[(group * CONTEXT_COUNT + context) * FEATURE_CELLS + cell] = 1;
}

static void
write_part(const struct covering *c, uint8_t *feature)
{
	unsigned cells = 0;

	for (unsigned context = 0; context < CONTEXT_COUNT; context++)
		cells |= c->noted[context];
	for (unsigned cell = 0; cells >> cell; cell++)
		if (cells >> cell & 1)
			feature[cell] = 1;
}

void
feature_case(uint8_t feature[FEATURE_SIZE], unsigned part, const struct rule *rule, unsigned role,
             const struct seq *seq, const struct shapes *shapes, const struct verdict *verdict)
{
	const struct shapes usual = shapes_default();
	const struct rule_reading *reading = &rule->reading[rule->headline];
	struct covering c = {.rule = rule, .reading = reading, .seq = seq};
	struct block top = {0};
	bool plain = true;

	c.locks = seq_locks(seq) | rule->role[role].held;
	c.flags_set = seq_flags_set(seq);
	count_tests(&c);
	for (unsigned i = 0; i < verdict->count; i++) {
		const struct finding *finding = &verdict->finding[i];

		if (finding->statement <= FEATURE_STATEMENTS)
			c.kinds[finding->statement][finding->lock] |= (uint16_t)(1U << finding->kind);
	}
	leave(&c, pass(&c, start(&c, rule->role[role].held), top), &top);
	for (unsigned d = 0; d < SHAPE_COUNT; d++)
		if (shapes->choice[d] != usual.choice[d]) {
			write_out(&c, feature, 1 + d);
			plain = false;
		}
	if (plain)
		write_out(&c, feature, 0);
	write_part(&c, feature + FEATURE_IN_CONTEXT + part % FEATURE_PARTS * FEATURE_CELLS);
}
