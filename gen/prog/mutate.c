/* Random changes to a case. See mutate.h.
 *
 * How it works: the nodes are copied into a list with room to grow; each change edits the list by whole
 * statements (a statement is a node, or a block from its opening node to its END), and need not care for what
 * is legal: bytes_repair does when all changes are made. A run is some statements in a row in one block.
 *
 * All chance comes from one 64-bit state (SplitMix64: Steele, Lea and Flood 2014).
 */
#include "mutate.h"

#include <assert.h>
#include <string.h>

#include "random.h"

enum { SPARE_NODES = 64, MOST_CHANGES = 4, TRIALS = 8, USUAL_NODES = 24, RARELY = 16 };

struct mutating {
	struct bytes_case *of;
	const struct bytes_rules *rules;
	struct random random;
	struct seq seq; /* the list; `size` is not kept */
	uint32_t room;
};

/* ---- chance ---- */

static uint64_t
draw(struct mutating *m)
{
	return random_next(&m->random);
}

/* 0 to n - 1. */
static unsigned
below(struct mutating *m, unsigned n)
{
	return (unsigned)((draw(m) >> 32) * n >> 32);
}

static bool
once_in(struct mutating *m, unsigned n)
{
	return !below(m, n);
}

/* ---- the list ---- */

/* Index behind a run of at most `most` statements. */
static uint32_t
behind_run(const struct mutating *m, uint32_t at, unsigned most)
{
	while (most-- && at < m->seq.count && !seq_closes(m->seq.node[at].op))
		at = seq_behind(&m->seq, at);
	return at;
}

/* The node number `n` among those that `fits` picks; false where there is none. */
static bool
pick(struct mutating *m, bool (*fits)(unsigned op), uint32_t *at)
{
	uint32_t start;

	if (!m->seq.count)
		return false;
	start = below(m, m->seq.count);
	for (uint32_t i = 0; i < m->seq.count; i++) {
		*at = (start + i) % m->seq.count;
		if (fits(m->seq.node[*at].op))
			return true;
	}
	return false;
}

static bool
is_statement(unsigned op)
{
	return !seq_closes(op);
}

static bool
is_if(unsigned op)
{
	return op == SEQ_IF;
}

static bool
open_gap(struct mutating *m, uint32_t at, uint32_t size)
{
	assert(at <= m->seq.count && m->seq.count <= m->room);
	if (m->seq.count + size > m->room)
		return false;
	memmove(&m->seq.node[at + size], &m->seq.node[at], (m->seq.count - at) * sizeof *m->seq.node);
	m->seq.count += size;
	return true;
}

static bool
insert(struct mutating *m, uint32_t at, struct seq_node node)
{
	if (!open_gap(m, at, 1))
		return false;
	m->seq.node[at] = node;
	return true;
}

static void
take_out(struct mutating *m, uint32_t from, uint32_t to)
{
	assert(from <= to && to <= m->seq.count);
	memmove(&m->seq.node[from], &m->seq.node[to], (m->seq.count - to) * sizeof *m->seq.node);
	m->seq.count -= to - from;
}

/* ---- new nodes ---- */

/* Locks and flags lean to the first ones, so that events meet. */
static uint8_t
some_lock(struct mutating *m)
{
	unsigned locks = m->of->rule->locks;

	return (uint8_t)(once_in(m, 2) ? 0 : below(m, locks));
}

static uint8_t
some_flag(struct mutating *m)
{
	static const uint8_t most[] = {1, 2, 2, 3, 3, 4, 6, SEQ_FLAGS};

	return (uint8_t)below(m, most[below(m, sizeof most)] + 1U);
}

static struct seq_node
some_node(struct mutating *m, enum seq_op op)
{
	struct seq_node node = {.op = (uint8_t)op};

	if (seq_has_use(op))
		node.lock = node.handle = some_lock(m);
	if (op == SEQ_IF || op == SEQ_SET || op == SEQ_TAKE)
		node.flag = some_flag(m);
	if (op == SEQ_IF || op == SEQ_SET)
		node.negated = (uint8_t)below(m, 2);
	if (op == SEQ_SET) {
		node.value = (uint8_t)below(m, SEQ_VALUE_FLAG + 1);
		node.source = some_flag(m);
	}
	return node;
}

static struct seq_node
some_try(struct mutating *m, enum seq_op op, unsigned event)
{
	struct seq_node node = some_node(m, op);

	node.event = (uint8_t)(event + 1);
	return node;
}

/* An event of the rule's own. */
static struct seq_node
some_own(struct mutating *m)
{
	const struct rule *rule = m->of->rule;
	unsigned event = below(m, rule->events);
	struct seq_node node;

	if (rule->event[event].try_word && once_in(m, 3))
		return some_try(m, SEQ_TAKE, event);
	node = some_node(m, rule->event[event].names_lock ? SEQ_EVENT : SEQ_OCCUR);
	node.event = (uint8_t)event;
	return node;
}

static struct seq_node
some_leaf(struct mutating *m)
{
	static const uint8_t op[] = {SEQ_ACQ,    SEQ_ACQ,    SEQ_ACQ,   SEQ_ACQ,      SEQ_REL,  SEQ_REL,
	                             SEQ_REL,    SEQ_REL,    SEQ_SET,   SEQ_SET,      SEQ_SET,  SEQ_TAKE,
	                             SEQ_RETURN, SEQ_RETURN, SEQ_BREAK, SEQ_CONTINUE, SEQ_STOP, SEQ_WORK};

	if (m->of->rule->events && once_in(m, 3))
		return some_own(m);
	return some_node(m, (enum seq_op)op[below(m, sizeof op)]);
}

static struct seq_node
some_opening(struct mutating *m)
{
	static const uint8_t op[] = {SEQ_IF, SEQ_IF, SEQ_IF, SEQ_LOOP, SEQ_LOOP, SEQ_TRY, SEQ_FOREVER};

	if (m->of->rule->events && once_in(m, 6)) {
		unsigned event = below(m, m->of->rule->events);

		if (m->of->rule->event[event].try_word)
			return some_try(m, SEQ_TRY, event);
	}
	return some_node(m, (enum seq_op)op[below(m, sizeof op)]);
}

/* ---- changes ---- */

static bool
wrap(struct mutating *m, uint32_t from, uint32_t to)
{
	return insert(m, to, (struct seq_node){.op = SEQ_END}) && insert(m, from, some_opening(m));
}

static bool
insert_statement(struct mutating *m)
{
	uint32_t at = below(m, m->seq.count + 1);

	if (!insert(m, at, some_leaf(m)))
		return false;
	return !once_in(m, 4) || wrap(m, at, at + 1);
}

static bool
delete_statement(struct mutating *m)
{
	uint32_t at;

	if (!pick(m, is_statement, &at))
		return false;
	take_out(m, at, behind_run(m, at, once_in(m, 4) ? 1 + below(m, 4) : 1));
	return true;
}

/* Copies the run from..to to before `at`, which may stand within it. */
static bool
copy_run(struct mutating *m, uint32_t at, uint32_t from, uint32_t to)
{
	struct seq_node copy[BYTES_NODES];
	uint32_t size = to - from;

	if (size > BYTES_NODES)
		return false; /* grown beyond what a case holds */
	memcpy(copy, &m->seq.node[from], size * sizeof *copy);
	if (!open_gap(m, at, size))
		return false;
	memcpy(&m->seq.node[at], copy, size * sizeof *copy);
	return true;
}

static bool
duplicate_statement(struct mutating *m)
{
	uint32_t from, to;

	if (!pick(m, is_statement, &from))
		return false;
	to = behind_run(m, from, 1 + below(m, 3));
	return copy_run(m, once_in(m, 2) ? to : below(m, m->seq.count + 1), from, to);
}

static bool
move_statement(struct mutating *m)
{
	uint32_t from, to, at = below(m, m->seq.count + 1);

	if (!pick(m, is_statement, &from))
		return false;
	to = behind_run(m, from, 1 + below(m, 2));
	if (at >= from && at <= to)
		return false;
	if (!copy_run(m, at, from, to))
		return false;
	if (at < from)
		take_out(m, from + (to - from), to + (to - from));
	else
		take_out(m, from, to);
	return true;
}

static bool
wrap_statements(struct mutating *m)
{
	uint32_t from;

	if (!pick(m, is_statement, &from))
		return false;
	return wrap(m, from, behind_run(m, from, 1 + below(m, 4)));
}

static bool
unwrap_block(struct mutating *m)
{
	uint32_t at, end, middle;
	bool has_else;

	if (!pick(m, seq_opens, &at))
		return false;
	end = seq_behind(&m->seq, at) - 1;
	middle = seq_block_end(&m->seq, at + 1);
	has_else = middle != end;
	take_out(m, end, end + 1);
	if (has_else)
		take_out(m, middle, middle + 1);
	take_out(m, at, at + 1);
	return true;
}

/* Splits a branch with an else at a statement of its then part, or takes the word out. */
static bool
toggle_else(struct mutating *m)
{
	uint32_t at, end, middle, to;

	if (!pick(m, seq_branches, &at))
		return false;
	end = seq_behind(&m->seq, at) - 1;
	middle = seq_block_end(&m->seq, at + 1);
	if (middle != end) {
		take_out(m, middle, middle + 1);
		return true;
	}
	to = behind_run(m, at + 1, 1 + below(m, 3));
	return insert(m, to, (struct seq_node){.op = SEQ_ELSE}) && (to < end || insert(m, to + 1, some_leaf(m)));
}

/* acq and rel of one lock around a run. */
static bool
insert_pair(struct mutating *m)
{
	uint32_t at = below(m, m->seq.count + 1), to = behind_run(m, at, below(m, 4));
	struct seq_node node = some_node(m, SEQ_REL);

	if (!insert(m, to, node))
		return false;
	node.op = SEQ_ACQ;
	return insert(m, at, node);
}

/* acq for rel and back; any other leaf for another one; an if for a loop. */
static bool
change_event(struct mutating *m)
{
	struct seq_node *node;
	uint32_t at;

	if (!pick(m, is_statement, &at))
		return false;
	node = &m->seq.node[at];
	if (node->op == SEQ_ACQ || node->op == SEQ_REL) {
		node->op = node->op == SEQ_ACQ ? SEQ_REL : SEQ_ACQ;
		node->api = 0;
	} else if (seq_opens(node->op)) {
		*node = some_opening(m);
	} else {
		*node = some_leaf(m);
	}
	return true;
}

static bool
change_lock(struct mutating *m)
{
	uint32_t at;

	if (m->of->rule->locks < 2 || !pick(m, seq_has_use, &at))
		return false;
	m->seq.node[at].lock = m->seq.node[at].handle =
		(uint8_t)((m->seq.node[at].lock + 1 + below(m, m->of->rule->locks - 1)) % m->of->rule->locks);
	return true;
}

/* Two letters change places in a run, or one becomes the other. */
static bool
swap_locks(struct mutating *m)
{
	unsigned locks = m->of->rule->locks, one, two;
	bool merge = once_in(m, 2);
	uint32_t at, end;

	if (locks < 2 || !pick(m, is_statement, &at))
		return false;
	end = behind_run(m, at, 1 + below(m, 8));
	one = below(m, locks);
	two = (one + 1 + below(m, locks - 1)) % locks;
	for (; at < end; at++) {
		struct seq_node *node = &m->seq.node[at];

		if (!seq_has_use(node->op))
			continue;
		if (node->lock == one)
			node->lock = node->handle = (uint8_t)two;
		else if (node->lock == two && !merge)
			node->lock = node->handle = (uint8_t)one;
	}
	return true;
}

/* Another flag, the other sign, or the flag and sign of another if: what correlates branches. */
static bool
change_flag(struct mutating *m)
{
	uint32_t at, from;

	if (!pick(m, is_if, &at))
		return false;
	switch (below(m, 4)) {
	case 0:
		m->seq.node[at].negated ^= 1;
		break;
	case 1:
		m->seq.node[at].flag = some_flag(m);
		break;
	default:
		pick(m, is_if, &from);
		m->seq.node[at].flag = m->seq.node[from].flag ? m->seq.node[from].flag : 1;
		m->seq.node[at].negated = m->seq.node[from].negated ^ (uint8_t)below(m, 2);
	}
	return true;
}

static bool
is_plain_call(const struct rule_call *call, enum event event)
{
	return call->event == event && !call->is_try;
}

/* A call that takes a lock for all acquires of one lock, and one that releases what it took for all its
 * releases. */
static bool
change_calls(struct mutating *m)
{
	const struct rule *rule = m->of->rule;
	unsigned lock = below(m, rule->locks), acquire = below(m, rule->calls), release;
	bool back = once_in(m, 3), one_only = once_in(m, 4);

	if (!is_plain_call(&rule->call[acquire], EVENT_ACQUIRE))
		return false;
	for (release = 0; release < rule->calls; release++)
		if (rule->call[acquire].releases >> release & 1)
			break;
	if (release == rule->calls)
		return false;
	for (uint32_t i = 0; i < m->seq.count; i++) {
		struct seq_node *node = &m->seq.node[i];

		if ((node->op != SEQ_ACQ && node->op != SEQ_REL) || node->lock != lock || (one_only && once_in(m, 2)))
			continue;
		node->api = back ? 0 : (uint8_t)(1 + (node->op == SEQ_ACQ ? acquire : release));
	}
	return true;
}

/* One handle for all events of a lock. */
static bool
change_handle(struct mutating *m)
{
	const struct rule *rule = m->of->rule;
	unsigned lock = below(m, rule->locks), handle = below(m, rule->locks);

	if (!rule->has_handles)
		return false;
	for (uint32_t i = 0; i < m->seq.count; i++)
		if (seq_has_use(m->seq.node[i].op) && m->seq.node[i].lock == lock && !once_in(m, 6))
			m->seq.node[i].handle = (uint8_t)handle;
	return true;
}

static bool
change_shape(struct mutating *m)
{
	unsigned id = below(m, SHAPE_ID_COUNT);

	if (m->rules->plain)
		return false;
	m->of->shapes.choice[shape_row((enum shape_id)id)->dimension] = (unsigned char)id;
	return true;
}

static bool
change_role(struct mutating *m)
{
	if (once_in(m, 2))
		m->of->rule = m->rules->rule[below(m, m->rules->count)];
	m->of->role = below(m, m->of->rule->roles);
	for (uint32_t i = 0; i < m->seq.count; i++)
		m->seq.node[i].api = 0;
	return true;
}

static bool (*const changes[MUTATION_COUNT])(struct mutating *m) = {
#define MUTATION(id, function) [id] = function,
	MUTATIONS(MUTATION)
#undef MUTATION
};

/* ---- cases ---- */

static struct mutating
begin(struct bytes_case *of, struct arena *arena, const struct bytes_rules *rules, uint64_t seed)
{
	struct mutating m = {.of = of, .rules = rules, .random = {seed}, .seq.count = of->seq.count};

	assert(m.seq.count <= BYTES_NODES);
	m.room = 2 * m.seq.count + SPARE_NODES;
	m.seq.node = arena_alloc(arena, m.room * sizeof *m.seq.node);
	if (m.seq.count)
		memcpy(m.seq.node, of->seq.node, m.seq.count * sizeof *m.seq.node);
	return m;
}

bool
mutate_by(struct bytes_case *of, struct arena *arena, const struct bytes_rules *rules, enum mutation mutation,
          uint64_t seed)
{
	struct mutating m = begin(of, arena, rules, seed);
	bool changed = changes[mutation](&m);

	bytes_repair(of, arena, m.seq.node, m.seq.count);
	return changed;
}

void
mutate(struct bytes_case *of, struct arena *arena, const struct bytes_rules *rules, uint64_t seed)
{
	struct mutating m = begin(of, arena, rules, seed);
	unsigned wanted = 1;

	while (wanted < MOST_CHANGES && once_in(&m, 2))
		wanted++;
	for (unsigned i = 0; i < TRIALS && wanted; i++)
		wanted -= changes[below(&m, MUTATION_COUNT)](&m);
	/* small cases tell as much and are judged sooner */
	while (m.seq.count > USUAL_NODES && !once_in(&m, RARELY))
		delete_statement(&m);
	bytes_repair(of, arena, m.seq.node, m.seq.count);
}

void
mutate_splice(struct bytes_case *of, struct arena *arena, const struct bytes_case *other, uint64_t seed)
{
	struct mutating m = begin(of, arena, NULL, seed);
	struct mutating from = {.of = of, .random = {draw(&m)}, .seq = other->seq};
	uint32_t at, first, last;

	if (pick(&from, is_statement, &first)) {
		last = behind_run(&from, first, 1 + below(&m, 4));
		if (once_in(&m, 2) && pick(&m, is_statement, &at))
			take_out(&m, at, behind_run(&m, at, 1 + below(&m, 2)));
		else
			at = below(&m, m.seq.count + 1);
		if (open_gap(&m, at, last - first))
			memcpy(&m.seq.node[at], &from.seq.node[first], (last - first) * sizeof *m.seq.node);
	}
	for (uint32_t i = 0; other->rule != of->rule && i < m.seq.count; i++)
		m.seq.node[i].api = 0;
	for (unsigned d = 0; d < SHAPE_COUNT; d++)
		if (once_in(&m, 3))
			of->shapes.choice[d] = other->shapes.choice[d];
	bytes_repair(of, arena, m.seq.node, m.seq.count);
}
