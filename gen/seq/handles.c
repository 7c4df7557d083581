/* Queue handles, an acquire each. See handles.h.
 *
 * The page of a queue handle wants it on the stack, one for each time that the lock is acquired. A sequence
 * that names no handles takes each lock through the handle of its letter, however often. Which release
 * belongs to which acquire is known where the last acquire of its lock is the same on all paths that lead to
 * it: propagation over the sequence says so. Where two meet in one release, as behind `if ? { acq a } else {
 * acq a }`, a handle of its own for each cannot be told.
 */
#include "handles.h"

#include <string.h>

#include "bits.h"
#include "flow.h"

struct owning {
	const struct rule *rule;
	struct flow_pool pool;               /* of each lock: 0, or 1 + handle of its last acquire */
	uint8_t own[SEQ_MAX_STATEMENTS + 1]; /* by statement: handle of an acquire */
	uint8_t
		led[SEQ_MAX_STATEMENTS + 1]; /* by statement: bit set of handles, of the acquires before a release */
	uint8_t first[RULE_LOCKS];       /* of each lock: handle of its first acquire */
};

static bool
acquires(const struct seq_node *node)
{
	return seq_acquires(node->op);
}

/* Numbers the acquires. False where none needs another handle than it has, or there are too many. */
static bool
number_acquires(struct owning *o, const struct seq *seq)
{
	unsigned count = 0;
	bool twice = false;

	memset(o->first, FLOW_NONE, sizeof o->first);
	for (uint32_t i = 0; i < seq->count; i++) {
		const struct seq_node *node = &seq->node[i];

		if (seq_has_use(node->op) && node->handle != node->lock)
			return false;
		if (!acquires(node))
			continue;
		twice |= o->first[node->lock] != FLOW_NONE;
		if (o->first[node->lock] == FLOW_NONE)
			o->first[node->lock] = (uint8_t)count;
		o->own[node->number] = (uint8_t)count++;
	}
	return twice && count <= o->rule->locks;
}

static bool
step(void *context, const struct seq_node *node, uint32_t state, struct flow_next *next)
{
	struct owning *o = context;
	uint8_t last[RULE_LOCKS];

	if (!node || node->op == SEQ_RETURN)
		return true;
	memcpy(last, flow_pool_key(&o->pool, state), sizeof last);
	*next = (struct flow_next){state, state};
	if (acquires(node)) {
		last[node->lock] = (uint8_t)(1 + o->own[node->number]);
		next->state = flow_pool_number(&o->pool, last);
	} else if (node->op == SEQ_REL && last[node->lock]) {
		o->led[node->number] |= (uint8_t)(1U << (last[node->lock] - 1));
	}
	return true;
}

/* Names the handle of an acquire or release. False where a release has two, or no acquire anywhere. */
static bool
name_handle(const struct owning *o, struct seq_node *node)
{
	unsigned led = o->led[node->number];

	if (acquires(node))
		node->handle = o->own[node->number];
	else if (!led)
		node->handle = o->first[node->lock];
	else
		node->handle = (uint8_t)bits_lowest(led);
	if (node->op == SEQ_REL)
		node->lock = node->handle;
	return node->handle != FLOW_NONE && !(led & (led - 1));
}

struct seq
handles_own(const struct seq *seq, struct arena *arena, const struct rule *rule, unsigned role)
{
	const uint8_t none[RULE_LOCKS] = {0};
	struct owning *o;
	struct seq named = *seq;
	bool ok = true;

	if (!rule->has_handles || rule->role[role].held)
		return *seq;
	o = arena_alloc(arena, sizeof *o);
	o->rule = rule;
	if (!number_acquires(o, seq))
		return *seq;
	flow_pool_init(&o->pool, arena, sizeof none);
	flow_solve(seq, flow_pool_number(&o->pool, none), arena, UINT32_MAX, step, o);
	named.node = arena_alloc(arena, seq->count * sizeof *named.node);
	memcpy(named.node, seq->node, seq->count * sizeof *named.node);
	for (uint32_t i = 0; ok && i < named.count; i++)
		ok = !seq_has_use(named.node[i].op) || seq_is_own(named.node[i].op) || name_handle(o, &named.node[i]);
	return ok ? named : *seq;
}
