/* Which values of flags anyone reads (live variables: Kildall 1973), which statements any path comes to. See
 * live.h.
 *
 * The nodes become a graph: each has up to two that may come behind it. `before` of a node holds the flags
 * whose value there is read later on some path: those that are live behind it, without the one that it sets,
 * with those that it reads. Passes go from the end to the start; loops lead back, so they are repeated until
 * nothing is added.
 */
#include "live.h"

struct living {
	const struct seq *seq;
	uint32_t (*next)[2]; /* by node; `count` is the end */
	unsigned *before;    /* by node and the end; bit f for flag f: bit 0 is nobody's */
};

/* Fills `next` of all nodes: first as their blocks stand, then of what leads into or out of a loop. */
static void
link_nodes(const struct living *l)
{
	const struct seq *seq = l->seq;
	uint32_t open[SEQ_MAX_DEPTH + 1], loop[SEQ_MAX_DEPTH + 1];
	unsigned depth = 0, loops = 0;

	for (uint32_t i = 0; i < seq->count; i++) {
		enum seq_op op = (enum seq_op)seq->node[i].op;
		uint32_t to = i + 1, other = i + 1;

		if (seq_branches(op))
			other = seq_block_end(seq, i + 1) + 1;
		if (op == SEQ_LOOP)
			other = seq_behind(seq, i);
		if (op == SEQ_ELSE)
			to = other = seq_block_end(seq, i + 1) + 1;
		if (seq_opens(op))
			open[depth++] = i;
		if (seq_repeats(op))
			loop[loops++] = i;
		if (op == SEQ_END && seq_repeats(seq->node[open[--depth]].op))
			to = other = loop[--loops];
		if (op == SEQ_BREAK)
			to = other = seq_behind(seq, loop[loops - 1]);
		if (op == SEQ_CONTINUE)
			to = other = loop[loops - 1];
		if (op == SEQ_RETURN)
			to = other = seq->count;
		if (op == SEQ_STOP)
			to = other = i; /* for good */
		l->next[i][0] = to;
		l->next[i][1] = other;
	}
}

static unsigned
live_behind(const struct living *l, uint32_t at)
{
	return l->before[l->next[at][0]] | l->before[l->next[at][1]];
}

/* The flag that a node sets, as a bit; 0 where it sets none. */
static unsigned
sets(const struct seq_node *node)
{
	bool may = node->op == SEQ_SET || node->op == SEQ_TAKE;

	return may && node->flag ? 1U << node->flag : 0;
}

static unsigned
reads(const struct seq_node *node)
{
	return 1U << (node->op == SEQ_IF ? node->flag : node->source);
}

static bool
pass_once(const struct living *l)
{
	bool grows = false;

	for (uint32_t i = l->seq->count; i-- > 0;) {
		const struct seq_node *node = &l->seq->node[i];
		unsigned before = (live_behind(l, i) & ~sets(node)) | reads(node);

		grows |= before != l->before[i];
		l->before[i] = before;
	}
	return grows;
}

/* Bit set of the flags, of those that are set, whose value at the start nobody reads. */
static unsigned
find_fresh(const struct living *l, unsigned set)
{
	while (pass_once(l))
		;
	return set & ~(l->before[0] >> 1);
}

static void
look_at_flags(const struct living *l, unsigned set, struct live *live)
{
	live->fresh = live->sure = find_fresh(l, set);
	for (uint32_t i = 0; i < l->seq->count; i++)
		live->lost |= (sets(&l->seq->node[i]) & ~live_behind(l, i)) >> 1;
}

/* Whether a statement that was not come to yet is come to now. */
static bool
reach_once(const struct living *l, bool *reached)
{
	bool grows = false;

	for (uint32_t i = 0; i < l->seq->count; i++)
		for (unsigned j = 0; j < 2 && reached[i]; j++) {
			grows |= !reached[l->next[i][j]];
			reached[l->next[i][j]] = true;
		}
	return grows;
}

/* As if each stop went on to what stands behind it; the graph is of no further use. */
static void
look_past_stops(const struct living *l, unsigned set, struct live *live)
{
	for (uint32_t i = 0; i < l->seq->count; i++)
		if (l->seq->node[i].op == SEQ_STOP)
			l->next[i][0] = l->next[i][1] = i + 1;
	live->sure = find_fresh(l, set);
}

static void
look_at_ends(const struct living *l, struct arena *arena, struct live *live)
{
	bool *reached = arena_alloc(arena, (l->seq->count + 1U) * sizeof *reached);

	reached[0] = true;
	while (reach_once(l, reached))
		;
	for (uint32_t i = 0; i < l->seq->count; i++)
		live->dead |= !reached[i] && !seq_closes(l->seq->node[i].op);
	live->endless = !reached[l->seq->count];
}

struct live
live_look(const struct seq *seq)
{
	struct arena arena = {0};
	struct living l = {.seq = seq};
	struct live live = {0};
	unsigned ops = 0;

	for (uint32_t i = 0; i < seq->count; i++)
		ops |= 1U << seq->node[i].op;
	if (!(ops & (1U << SEQ_SET | 1U << SEQ_TAKE | 1U << SEQ_FOREVER | 1U << SEQ_STOP)))
		return live;
	l.next = arena_alloc(&arena, seq->count * sizeof *l.next);
	l.before = arena_alloc(&arena, (seq->count + 1U) * sizeof *l.before);
	link_nodes(&l);
	look_at_flags(&l, seq_flags_set(seq), &live);
	if (ops & (1U << SEQ_FOREVER | 1U << SEQ_STOP))
		look_at_ends(&l, &arena, &live);
	if (live.fresh && ops & 1U << SEQ_STOP)
		look_past_stops(&l, live.fresh, &live);
	arena_free(&arena);
	return live;
}
