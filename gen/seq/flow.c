/* Propagation over a sequence to the least fixpoint. See flow.h.
 *
 * The node array becomes a graph: each node has the node that follows it and, for IF, TRY, LOOP and FOREVER
 * (where only a break goes), another one. What only directs control (WORK, BREAK, CONTINUE, ELSE, END) is
 * skipped when the graph is made; FOREVER is not, so that no way round it is made of skipped nodes alone:
 *
 *   ACQ a | IF p | REL a | RETURN | ELSE | WORK | END | REL a    next of IF: REL; other: the last REL
 *
 * A point is a pair of node and state. It remembers the flag valuations under which it was reached, a bit
 * each, and is worked off again only for those that are new; so loops of any nesting cost at most one visit
 * per point and valuation. Steps distribute over union, so the result is exact.
 */
#include "flow.h"

#include <string.h>

#include "array.h"
#include "bits.h"

enum { FLOW_FIRST = 64 };

struct flow_point {
	uint32_t node, state;
	struct flow_next next;
	bool waits;
	uint64_t seen[FLOW_WORDS], fresh[FLOW_WORDS]; /* valuations; fresh ones are not worked off yet */
};

struct flow {
	const struct seq *seq;
	struct arena *arena;
	uint32_t *next, *other; /* of each node; count is the end of the sequence */
	struct flow_point *point;
	uint32_t points, room, limit;
	uint32_t *slot; /* 0 empty, else 1 + index of the point */
	uint32_t slots;
	uint32_t *stack; /* points that wait */
	uint32_t waiting;
	uint8_t flag_bit[SEQ_FLAGS]; /* of a flag in use: its number among them */
	bool (*step)(void *context, const struct seq_node *node, uint32_t state, struct flow_next *next);
	void *context;
};

static uint32_t
flow_hash(const unsigned char *bytes, size_t size)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 16777619u;
	return hash ^ hash >> 15;
}

void
flow_pool_init(struct flow_pool *pool, struct arena *arena, size_t size)
{
	*pool = (struct flow_pool){.arena = arena, .size = size, .room = FLOW_FIRST};
	pool->slots = 2 * FLOW_FIRST;
	pool->key = arena_alloc(arena, pool->room * size);
	pool->slot = arena_alloc(arena, pool->slots * sizeof *pool->slot);
}

const void *
flow_pool_key(const struct flow_pool *pool, uint32_t number)
{
	return pool->key + number * pool->size;
}

/* The slot where the key stands or would stand. */
static uint32_t *
flow_pool_slot(const struct flow_pool *pool, const void *key)
{
	uint32_t at = flow_hash(key, pool->size) & (pool->slots - 1);

	while (pool->slot[at] && memcmp(flow_pool_key(pool, pool->slot[at] - 1), key, pool->size))
		at = (at + 1) & (pool->slots - 1);
	return &pool->slot[at];
}

static void
flow_pool_grow(struct flow_pool *pool)
{
	pool->key = array_grow(pool->arena, pool->key, pool->count, &pool->room, pool->count + 1, pool->size);
	pool->slots *= 2;
	pool->slot = arena_alloc(pool->arena, pool->slots * sizeof *pool->slot);
	for (uint32_t i = 0; i < pool->count; i++)
		*flow_pool_slot(pool, flow_pool_key(pool, i)) = 1 + i;
}

uint32_t
flow_pool_number(struct flow_pool *pool, const void *key)
{
	uint32_t *slot = flow_pool_slot(pool, key);

	if (*slot)
		return *slot - 1;
	if (pool->count == pool->room) {
		flow_pool_grow(pool);
		slot = flow_pool_slot(pool, key);
	}
	memcpy(pool->key + pool->count * pool->size, key, pool->size);
	*slot = ++pool->count;
	return pool->count - 1;
}

/* Fills next and other with the node that stands there, then skips what only directs control. */
static void
flow_link(struct flow *flow)
{
	const struct seq *seq = flow->seq;
	uint32_t opened[SEQ_MAX_DEPTH], branch[SEQ_MAX_DEPTH], loop[SEQ_MAX_DEPTH + 1];
	uint32_t depth = 0;

	loop[0] = seq->count;
	for (uint32_t i = 0; i < seq->count; i++) {
		const struct seq_node *node = &seq->node[i];

		flow->next[i] = i + 1;
		if (seq_opens(node->op)) {
			opened[depth] = branch[depth] = i;
			loop[depth + 1] = seq_repeats(node->op) ? i : loop[depth];
			depth++;
		} else if (node->op == SEQ_ELSE) {
			flow->other[branch[depth - 1]] = i + 1;
			branch[depth - 1] = i;
		} else if (node->op == SEQ_END) {
			uint32_t open = opened[--depth];

			if (branch[depth] == open)
				flow->other[open] = i + 1;
			else
				flow->next[branch[depth]] = i + 1;
			if (seq_repeats(seq->node[open].op))
				flow->next[i] = open;
		} else if (node->op == SEQ_CONTINUE || node->op == SEQ_BREAK) {
			flow->next[i] = loop[depth];
		}
	}
}

/* The first node from `at` on that is more than a direction. */
static uint32_t
flow_skip(const struct flow *flow, uint32_t at)
{
	while (at < flow->seq->count) {
		uint8_t op = flow->seq->node[at].op;

		if (op == SEQ_BREAK)
			at = flow->other[flow->next[at]];
		else if (op == SEQ_WORK || op == SEQ_CONTINUE || op == SEQ_ELSE || op == SEQ_END)
			at = flow->next[at];
		else
			break;
	}
	return at;
}

static uint32_t
flow_point_slot(const struct flow *flow, uint32_t node, uint32_t state)
{
	uint64_t mix = ((uint64_t)node << 32 | state) * 0x9e3779b97f4a7c15u;
	uint32_t at = (uint32_t)(mix >> 32) & (flow->slots - 1);

	while (flow->slot[at]) {
		const struct flow_point *point = &flow->point[flow->slot[at] - 1];

		if (point->node == node && point->state == state)
			break;
		at = (at + 1) & (flow->slots - 1);
	}
	return at;
}

static void
flow_grow(struct flow *flow)
{
	uint32_t room = flow->room;

	array_need(flow->arena, flow->stack, flow->waiting, room, room + 1);
	array_need(flow->arena, flow->point, flow->points, flow->room, room);
	flow->slots *= 2;
	flow->slot = arena_alloc(flow->arena, flow->slots * sizeof *flow->slot);
	for (uint32_t i = 0; i < flow->points; i++)
		flow->slot[flow_point_slot(flow, flow->point[i].node, flow->point[i].state)] = 1 + i;
}

/* Nodes that leave the state alone. */
static bool
flow_directs(unsigned op)
{
	return seq_is_one(op, 1U << SEQ_IF | 1U << SEQ_LOOP | 1U << SEQ_FOREVER | 1U << SEQ_SET);
}

/* Makes the point and tells of it; false when that ends everything. */
static bool
flow_add(struct flow *flow, uint32_t node, uint32_t state, uint32_t *index)
{
	const struct seq_node *at = node < flow->seq->count ? &flow->seq->node[node] : NULL;
	struct flow_point *point;
	uint32_t slot;

	if (flow->points == flow->limit)
		return false;
	if (flow->points == flow->room)
		flow_grow(flow);
	slot = flow_point_slot(flow, node, state);
	*index = flow->points++;
	flow->slot[slot] = 1 + *index;
	point = &flow->point[*index];
	*point = (struct flow_point){.node = node, .state = state};
	if (at && flow_directs(at->op)) {
		point->next = (struct flow_next){state, state};
		return true;
	}
	point->next = (struct flow_next){FLOW_OVER, FLOW_OVER};
	if (at && at->op == SEQ_STOP)
		return true;
	return flow->step(flow->context, at, state, &point->next);
}

/* Reaches a point under some valuations. */
static bool
flow_push(struct flow *flow, uint32_t node, uint32_t state, const uint64_t *valuations)
{
	uint64_t some = 0;
	uint32_t index;
	struct flow_point *point;

	for (unsigned w = 0; w < FLOW_WORDS; w++)
		some |= valuations[w];
	if (!some || state == FLOW_OVER)
		return true;
	index = flow->slot[flow_point_slot(flow, node, state)];
	if (index)
		index--;
	else if (!flow_add(flow, node, state, &index))
		return false;
	point = &flow->point[index];
	some = 0;
	for (unsigned w = 0; w < FLOW_WORDS; w++) {
		uint64_t fresh = valuations[w] & ~point->seen[w];

		point->seen[w] |= fresh;
		point->fresh[w] |= fresh;
		some |= fresh;
	}
	if (some && !point->waits) {
		point->waits = true;
		flow->stack[flow->waiting++] = index;
	}
	return true;
}

/* The valuations of a set under which the flag with that bit is as wanted. */
static void
flow_select(uint64_t *out, const uint64_t *in, unsigned bit, bool wanted)
{
	static const uint64_t pattern[6] = {0xaaaaaaaaaaaaaaaau, 0xccccccccccccccccu, 0xf0f0f0f0f0f0f0f0u,
	                                    0xff00ff00ff00ff00u, 0xffff0000ffff0000u, 0xffffffff00000000u};

	for (unsigned w = 0; w < FLOW_WORDS; w++) {
		uint64_t mask = bit < 6 ? pattern[bit] : w >> (bit - 6) & 1 ? UINT64_MAX : 0;

		out[w] = in[w] & (wanted ? mask : ~mask);
	}
}

/* The valuations of a set with the flag of that bit made 0, or 1. */
static void
flow_make(uint64_t *out, const uint64_t *in, unsigned bit, bool value)
{
	uint64_t right[FLOW_WORDS], wrong[FLOW_WORDS];
	unsigned by = 1U << bit, words = by / 64;

	flow_select(right, in, bit, value);
	flow_select(wrong, in, bit, !value);
	for (unsigned w = 0; w < FLOW_WORDS; w++) {
		uint64_t moved;

		if (words)
			moved = (w / words & 1) == value ? wrong[value ? w - words : w + words] : 0;
		else
			moved = value ? wrong[w] << by : wrong[w] >> by;
		out[w] = right[w] | moved;
	}
}

/* The valuations behind a SET. */
static void
flow_set(const struct flow *flow, const struct seq_node *node, const uint64_t *in, uint64_t *out)
{
	unsigned bit = flow->flag_bit[node->flag - 1];
	uint64_t zero[FLOW_WORDS], one[FLOW_WORDS];

	memcpy(zero, in, sizeof zero);
	memcpy(one, in, sizeof one);
	if (node->value == SEQ_VALUE_FLAG) {
		unsigned source = flow->flag_bit[node->source - 1];

		flow_select(zero, in, source, node->negated);
		flow_select(one, in, source, !node->negated);
	}
	flow_make(zero, zero, bit, false);
	flow_make(one, one, bit, true);
	for (unsigned w = 0; w < FLOW_WORDS; w++)
		out[w] = (node->value == SEQ_VALUE_1 ? 0 : zero[w]) | (node->value == SEQ_VALUE_0 ? 0 : one[w]);
}

static bool
flow_work(struct flow *flow, uint32_t index)
{
	struct flow_point point = flow->point[index];
	const struct seq_node *node;
	uint64_t then[FLOW_WORDS], other[FLOW_WORDS];

	flow->point[index].waits = false;
	memset(flow->point[index].fresh, 0, sizeof point.fresh);
	if (point.node == flow->seq->count)
		return true;
	node = &flow->seq->node[point.node];
	if (node->op == SEQ_RETURN || node->op == SEQ_STOP)
		return true;
	memcpy(then, point.fresh, sizeof then);
	memcpy(other, point.fresh, sizeof other);
	if (node->op == SEQ_IF && node->flag != SEQ_UNKNOWN) {
		unsigned bit = flow->flag_bit[node->flag - 1];

		flow_select(then, point.fresh, bit, !node->negated);
		flow_select(other, point.fresh, bit, node->negated);
	} else if (node->op == SEQ_SET) {
		flow_set(flow, node, point.fresh, then);
	} else if (node->op == SEQ_TAKE && node->flag) {
		flow_make(then, point.fresh, flow->flag_bit[node->flag - 1], true);
		flow_make(other, point.fresh, flow->flag_bit[node->flag - 1], false);
	}
	if (!flow_push(flow, flow->next[point.node], point.next.state, then))
		return false;
	if (node->op == SEQ_TAKE)
		return flow_push(flow, flow->next[point.node], point.next.other, other);
	return !seq_is_one(node->op, 1U << SEQ_IF | 1U << SEQ_TRY | 1U << SEQ_LOOP) ||
	       flow_push(flow, flow->other[point.node], point.next.other, other);
}

/* All valuations of the flags in use: the lowest 2^flags bits. */
static void
flow_number_flags(struct flow *flow, uint64_t *all)
{
	unsigned used = seq_flags(flow->seq), flags = 0;

	bits_each (f, used)
		flow->flag_bit[f] = (uint8_t)flags++;
	for (unsigned w = 0; w < FLOW_WORDS; w++)
		all[w] = flags >= 6 ? (w < 1u << (flags - 6) ? UINT64_MAX : 0)
		         : w        ? 0
		                    : (UINT64_C(1) << (1u << flags)) - 1;
}

static void
flow_tell(const struct flow *flow, void (*tell)(void *context, const struct flow_seen *seen))
{
	for (uint32_t i = 0; tell && i < flow->points; i++) {
		const struct flow_point *point = &flow->point[i];
		const struct seq_node *node = point->node < flow->seq->count ? &flow->seq->node[point->node] : NULL;

		tell(flow->context, &(struct flow_seen){node, point->state, point->seen});
	}
}

bool
flow_solve(const struct seq *seq, uint32_t start, struct arena *arena, uint32_t limit,
           bool (*step)(void *context, const struct seq_node *node, uint32_t state, struct flow_next *next),
           void *context)
{
	return flow_solve_told(seq, start, arena, limit, step, NULL, context);
}

bool
flow_solve_told(const struct seq *seq, uint32_t start, struct arena *arena, uint32_t limit,
                bool (*step)(void *context, const struct seq_node *node, uint32_t state,
                             struct flow_next *next),
                void (*tell)(void *context, const struct flow_seen *seen), void *context)
{
	struct flow flow = {.seq = seq,
	                    .arena = arena,
	                    .limit = limit,
	                    .step = step,
	                    .context = context,
	                    .room = FLOW_FIRST,
	                    .slots = 2 * FLOW_FIRST};
	uint64_t all[FLOW_WORDS];

	flow.next = arena_alloc(arena, (seq->count + 1) * sizeof *flow.next);
	flow.other = arena_alloc(arena, (seq->count + 1) * sizeof *flow.other);
	flow.point = arena_alloc(arena, flow.room * sizeof *flow.point);
	flow.stack = arena_alloc(arena, flow.room * sizeof *flow.stack);
	flow.slot = arena_alloc(arena, flow.slots * sizeof *flow.slot);
	flow_link(&flow);
	for (uint32_t i = seq->count; i-- > 0;)
		if (seq->node[i].op != SEQ_BREAK)
			flow.next[i] = flow_skip(&flow, flow.next[i]);
	for (uint32_t i = seq->count; i-- > 0;)
		if (flow.other[i])
			flow.other[i] = flow_skip(&flow, flow.other[i]);
	flow_number_flags(&flow, all);
	if (!flow_push(&flow, flow_skip(&flow, 0), start, all))
		return false;
	while (flow.waiting)
		if (!flow_work(&flow, flow.stack[--flow.waiting]))
			return false;
	flow_tell(&flow, tell);
	return true;
}

bool
flow_gives_back(const struct rule *rule, const struct rule_call *call, const struct flow_state *state,
                unsigned lock)
{
	return rule->call[state->call[lock]].releases >> (call - rule->call) & 1;
}

/* flow_run: the physical states. */
struct flow_run {
	const struct rule *rule;
	unsigned role, mode;
	struct flow_pool pool;
	void (*visit)(void *context, const struct seq_node *node, const struct flow_state *state);
	void *context;
};

/* An event that makes or ends a lock leaves it free; others leave the state alone. */
static void
flow_other(const struct rule_call *call, const struct seq_node *node, struct flow_state *state)
{
	if (call->effect == EFFECT_NONE)
		return;
	state->held = (uint8_t)(state->held & ~(1u << node->lock));
	state->call[node->lock] = FLOW_NONE;
	for (unsigned i = 0; i < RULE_LOCKS; i++) {
		if (state->owner[i] == 1 + node->lock)
			state->owner[i] = 0;
		state->inner[i] &= (uint8_t) ~(1U << node->lock);
	}
	state->inner[node->lock] = 0;
}

/* False when the path ends. */
static bool
flow_acquire(const struct flow_run *run, const struct rule_call *call, const struct seq_node *node,
             struct flow_state *state)
{
	if (run->mode & FLOW_STOP && state->held >> node->lock & 1)
		return false;
	for (unsigned l = 0; run->rule->has_handles && l < RULE_LOCKS; l++)
		if (l != node->lock && state->held >> l & 1)
			state->inner[l] |= (uint8_t)(1U << node->lock);
	state->held = (uint8_t)(state->held | 1u << node->lock);
	state->owner[node->handle] = (uint8_t)(1 + node->lock);
	state->call[node->lock] = (uint8_t)(call - run->rule->call);
	if (call->keep != KEEP_NONE && !(run->mode & FLOW_NO_IRQL)) {
		state->saved[node->lock] = state->irql;
		state->irql = IRQL_DISPATCH;
	}
	return true;
}

/* Whether the headline tells a release by a wrong call apart, and this is one. */
static bool
flow_is_judged(const struct flow_run *run, const struct rule_call *call, const struct flow_state *state,
               unsigned lock)
{
	const struct rule *rule = run->rule;

	return rule->reading[rule->headline].tells_wrong && !flow_gives_back(rule, call, state, lock);
}

static bool
flow_release(const struct flow_run *run, const struct rule_call *call, const struct seq_node *node,
             struct flow_state *state)
{
	unsigned lock = node->lock;
	bool keeps;

	if (run->rule->has_handles && !state->owner[node->handle])
		return !(run->mode & FLOW_STOP);
	if (run->rule->has_handles)
		lock = state->owner[node->handle] - 1u;
	if (run->mode & FLOW_STOP && (!(state->held >> lock & 1) || flow_is_judged(run, call, state, lock)))
		return false;
	keeps = call->keep != KEEP_NONE;
	state->held = (uint8_t)(state->held & ~(1u << lock));
	for (unsigned l = 0; l < RULE_LOCKS; l++)
		state->inner[l] &= (uint8_t) ~(1U << lock);
	state->inner[lock] = 0;
	state->owner[node->handle] = 0;
	state->call[lock] = FLOW_NONE;
	if (keeps && !(run->mode & FLOW_NO_IRQL))
		state->irql =
			rule_bind_irql(run->rule, state->held) ? IRQL_DISPATCH : (uint8_t)run->rule->role[run->role].irql;
	return true;
}

static bool
flow_run_step(void *context, const struct seq_node *node, uint32_t number, struct flow_next *next)
{
	struct flow_run *run = context;
	const struct rule_call *call;
	struct flow_state state;
	bool goes = true;

	memcpy(&state, flow_pool_key(&run->pool, number), sizeof state);
	run->visit(run->context, node, &state);
	if (!node || node->op == SEQ_RETURN)
		return true;
	if (seq_tries(node->op)) {
		next->other = number;
		if (!node->event && state.held >> node->lock & 1) /* one of the rule's own may share it */
			return true;
	}
	call = seq_call(node, run->rule, run->role);
	if (rule_gives(call))
		goes = flow_release(run, call, node, &state);
	else if (rule_takes(call))
		goes = flow_acquire(run, call, node, &state);
	else
		flow_other(call, node, &state);
	if (goes)
		next->state = flow_pool_number(&run->pool, &state);
	return true;
}

void
flow_run(const struct seq *seq, const struct rule *rule, unsigned role, unsigned mode,
         void (*visit)(void *context, const struct seq_node *node, const struct flow_state *state),
         void *context)
{
	struct arena arena = {0};
	struct flow_run run = {.rule = rule, .role = role, .mode = mode, .visit = visit, .context = context};
	struct flow_state start = {.held = (uint8_t)rule->role[role].held};

	for (unsigned l = 0; l < RULE_LOCKS; l++) {
		bool held = start.held >> l & 1;

		start.owner[l] = held ? (uint8_t)(1 + l) : 0;
		start.call[l] = held ? (uint8_t)rule_acquire(rule, role, l) : FLOW_NONE;
		start.saved[l] = FLOW_NONE;
	}
	if (!(mode & FLOW_NO_IRQL))
		start.irql = (uint8_t)rule->role[role].irql;
	flow_pool_init(&run.pool, &arena, sizeof start);
	flow_solve(seq, flow_pool_number(&run.pool, &start), &arena, UINT32_MAX, flow_run_step, &run);
	arena_free(&arena);
}
