/* draw: sequences with state, made from plain ones. See draw_memory.h.
 *
 * Of sequences drawn uniformly from the alphabet with state hardly one in ten thousand is correct and sets
 * nothing for nobody. So a plain one is drawn, and a few of its statements get state. Each change can be read
 * back from what it leaves, so that different sequences stay different; what comes of them is judged like any
 * other.
 *
 *   stops     return             becomes  stop, in blocks
 *   forever   loop { A }                  forever { A; if ? { break } }
 *   kept      try a { A }                 p = try a; if p { A }
 *   held      if p { A } else { B }       p = 0; if ? { A; p = 1 } else { B }, where p is tested again
 */
#include <string.h>

#include "draw_memory.h"

enum { STOPS = 1, FOREVER = 2, KEPT = 4, HELD = 8, CHANGES = 15 };

static void
put(struct seq *out, struct seq_node node)
{
	out->node[out->count++] = node;
}

static void
put_op(struct seq *out, enum seq_op op)
{
	put(out, (struct seq_node){.op = (uint8_t)op});
}

static void
put_set(struct seq *out, unsigned flag, enum seq_value value)
{
	put(out, (struct seq_node){.op = SEQ_SET, .flag = (uint8_t)flag, .value = (uint8_t)value});
}

/* A flag that is tested at least twice, as a number from 1; 0: none. */
static unsigned
find_held(const struct seq *seq)
{
	unsigned seen = 0;

	for (uint32_t i = 0; i < seq->count; i++) {
		unsigned flag = seq->node[i].op == SEQ_IF ? seq->node[i].flag : 0;

		if (flag && seen >> flag & 1)
			return flag;
		seen |= 1U << flag;
	}
	return 0;
}

static unsigned
unused_flag(const struct seq *seq)
{
	unsigned used = seq_flags(seq), flag = 1;

	while (flag < SEQ_FLAGS && used >> (flag - 1) & 1)
		flag++;
	return flag;
}

/* Copies a sequence with changes. */
struct stating {
	struct seq out;
	unsigned changes, kept, held;
	bool tested;                 /* the held flag, before */
	bool raised;                 /* it was set to 1 */
	uint8_t open[SEQ_MAX_DEPTH]; /* operations of the blocks around */
	bool sets[SEQ_MAX_DEPTH];    /* a block at whose end the held flag is set */
	unsigned depth;
};

static void
open_block(struct stating *s, struct seq_node node)
{
	bool holds = node.op == SEQ_IF && node.flag == s->held && s->held && !s->tested;

	if (holds) {
		s->tested = true;
		node.flag = SEQ_UNKNOWN;
	}
	if (node.op == SEQ_LOOP && s->changes & FOREVER)
		node.op = SEQ_FOREVER;
	if (node.op == SEQ_TRY && s->changes & KEPT) {
		put(&s->out, (struct seq_node){.op = SEQ_TAKE,
		                               .lock = node.lock,
		                               .handle = node.handle,
		                               .api = node.api,
		                               .flag = (uint8_t)s->kept});
		node = (struct seq_node){.op = SEQ_IF, .flag = (uint8_t)s->kept};
	}
	s->open[s->depth] = node.op;
	s->sets[s->depth++] = holds;
	put(&s->out, node);
}

static void
close_block(struct stating *s, struct seq_node node)
{
	bool jumps = seq_jumps(s->out.node[s->out.count - 1].op);

	if (s->sets[s->depth - 1] && !jumps) {
		put_set(&s->out, s->held, SEQ_VALUE_1);
		s->raised = true;
	}
	s->sets[s->depth - 1] = false;
	if (s->open[s->depth - 1] == SEQ_FOREVER && !jumps) {
		put_op(&s->out, SEQ_IF);
		put_op(&s->out, SEQ_BREAK);
		put_op(&s->out, SEQ_END);
	}
	s->depth -= node.op == SEQ_END;
	put(&s->out, node);
}

static unsigned
changes_for(const struct seq *plain)
{
	unsigned changes = find_held(plain) ? HELD : 0, depth = 0;

	for (uint32_t i = 0; i < plain->count; i++) {
		unsigned op = plain->node[i].op;

		changes |= op == SEQ_LOOP ? FOREVER : op == SEQ_TRY ? KEPT : op == SEQ_RETURN && depth ? STOPS : 0;
		depth += seq_opens(op);
		depth -= op == SEQ_END;
	}
	return changes;
}

static unsigned
draw_changes(struct draw_memory *m)
{
	return 1 + random_below(&m->random, CHANGES);
}

void
draw_no_state(struct draw_memory *m)
{
	draw_changes(m);
}

bool
draw_state(struct draw_memory *m, const struct seq *plain, struct seq *seq)
{
	unsigned may = changes_for(plain);
	struct stating s = {.changes = may & draw_changes(m)};

	if (!s.changes)
		s.changes = may;
	if (!may)
		return false;
	s.held = s.changes & HELD ? find_held(plain) : 0;
	s.kept = unused_flag(plain);
	s.out.node = arena_alloc(&m->scratch, (4U * plain->count + 1) * sizeof *s.out.node);
	if (s.held)
		put_set(&s.out, s.held, SEQ_VALUE_0);
	for (uint32_t i = 0; i < plain->count; i++) {
		struct seq_node node = plain->node[i];

		if (seq_opens(node.op)) {
			open_block(&s, node);
		} else if (seq_closes(node.op)) {
			close_block(&s, node);
		} else {
			if (node.op == SEQ_RETURN && s.depth && s.changes & STOPS)
				node.op = SEQ_STOP;
			put(&s.out, node);
		}
	}
	if (!seq_finish(&s.out))
		return false;
	*seq = s.out;
	return !s.held || s.raised; /* else it is a constant */
}
