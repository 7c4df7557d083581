/* Bytes as cases, and back. See bytes.h for the encoding.
 *
 * How it works: tokens go one at a time to a builder, which takes the node, changes it or drops it, so that
 * what it has built is legal but for open blocks at every moment; an empty block is taken back when it is
 * closed. What depends on paths (handles in use) is repaired last, by giving up handles. Shapes are tried one
 * dimension after the other.
 *
 *   bytes -> tokens -> builder -> legal sequence -> shapes that apply
 */
#include "bytes.h"

#include <assert.h>
#include <string.h>

#include "make.h"
#include "read.h"

/* ---- building ---- */

struct builder {
	struct bytes_case *of;
	struct arena *arena;
	uint32_t open[BYTES_DEPTH]; /* node of each open block */
	bool has_else[BYTES_DEPTH];
	unsigned depth, loops; /* open blocks, and loops among them */
	unsigned dropped;      /* open blocks that are dropped with all they hold */
};

/* Whether nothing more can stand in the block in hand. */
static bool
is_full(const struct builder *builder)
{
	const struct seq *seq = &builder->of->seq;

	return seq->size == BYTES_STATEMENTS || (seq->count && seq_jumps(seq->node[seq->count - 1].op));
}

static void
add(struct builder *builder, struct seq_node node)
{
	struct seq *seq = &builder->of->seq;

	assert(seq->size < BYTES_STATEMENTS && seq->count < BYTES_NODES);
	assert(builder->depth < BYTES_DEPTH || !seq_opens(node.op));
	node.offset = 0;
	node.number = (uint16_t)++seq->size;
	if (seq_opens(node.op)) {
		builder->open[builder->depth] = seq->count;
		builder->has_else[builder->depth++] = false;
		builder->loops += seq_repeats(node.op);
	}
	seq->node[seq->count++] = node;
}

static void
add_else(struct builder *builder)
{
	struct seq *seq = &builder->of->seq;
	unsigned top = builder->depth - 1;

	if (!builder->depth || builder->has_else[top])
		return;
	if (!seq_branches(seq->node[builder->open[top]].op) || builder->open[top] == seq->count - 1)
		return;
	builder->has_else[top] = true;
	seq->node[seq->count++] =
		(struct seq_node){.op = SEQ_ELSE, .number = seq->node[builder->open[top]].number};
}

/* Closes the innermost block; takes back its else part, or all of it, where that is empty. */
static void
close_block(struct builder *builder)
{
	struct seq *seq = &builder->of->seq;
	uint32_t open;

	if (!builder->depth)
		return;
	open = builder->open[--builder->depth];
	builder->loops -= seq_repeats(seq->node[open].op);
	if (open == seq->count - 1) {
		seq->count--;
		seq->size--;
		return;
	}
	if (seq->node[seq->count - 1].op == SEQ_ELSE)
		seq->count--;
	seq->node[seq->count++] = (struct seq_node){.op = SEQ_END, .number = seq->node[open].number};
}

/* The flag of a node, and what it is set to. */
static void
fit_flags(struct seq_node *node)
{
	if (node->op == SEQ_SET && !node->flag)
		node->flag = 1;
	if (node->op != SEQ_SET)
		node->value = 0;
	if (node->value != SEQ_VALUE_FLAG)
		node->source = 0;
	else if (!node->source)
		node->source = 1;
	if (node->op != SEQ_IF && node->op != SEQ_TAKE && node->op != SEQ_SET)
		node->flag = 0;
	if (node->op == SEQ_IF ? node->flag == SEQ_UNKNOWN : !node->source)
		node->negated = 0;
}

/* What stands for an event, or a try, where the role has none, or none of locks of this type. */
static struct seq_node
without_call(const struct seq_node *node)
{
	if (node->op == SEQ_TRY)
		return (struct seq_node){.op = SEQ_IF};
	if (node->flag)
		return (struct seq_node){.op = SEQ_SET, .flag = node->flag, .value = SEQ_VALUE_UNKNOWN};
	return (struct seq_node){.op = SEQ_WORK};
}

/* Whether the rule has the event of its own that a node is, or tries: a mutation may have changed the
 * rule. */
static bool
has_event(const struct rule *rule, const struct seq_node *node)
{
	if (seq_is_own(node->op))
		return node->event < rule->events && rule->event[node->event].names_lock == (node->op == SEQ_EVENT);
	return !node->event || (node->event <= rule->events && rule->event[node->event - 1].try_word);
}

/* Leaves of a node only what its operation, the rule and the role have. */
static struct seq_node
fit(const struct builder *builder, struct seq_node node)
{
	const struct rule *rule = builder->of->rule;

	if (!has_event(rule, &node)) {
		node.op = seq_is_own(node.op) ? SEQ_WORK : node.op;
		node.event = 0;
	}
	if (seq_tries(node.op) && !node.event && !rule->role[builder->of->role].allows_try)
		node = without_call(&node);
	if (!seq_has_use(node.op))
		node.lock = node.handle = 0;
	if (!seq_has_call(node.op))
		node.api = 0;
	if (node.op == SEQ_EVENT)
		node.handle = node.lock;
	fit_flags(&node);
	node.lock = (uint8_t)(node.lock % rule->locks);
	if (node.api && (node.api > rule->calls || !seq_call_fits(rule, node.api - 1U, &node)))
		node.api = 0;
	if (seq_has_use(node.op) && !seq_serves(&node, rule, builder->of->role, node.lock))
		node = without_call(&node);
	node.handle = rule->has_handles && node.op != SEQ_TAKE ? (uint8_t)(node.handle % rule->locks) : node.lock;
	return node;
}

static void
put_leaf(struct builder *builder, struct seq_node node)
{
	if (!builder->dropped && !is_full(builder))
		add(builder, fit(builder, node));
}

static void
put(struct builder *builder, struct seq_node node)
{
	switch ((enum seq_op)node.op) {
	case SEQ_TRY:
	case SEQ_IF:
	case SEQ_LOOP:
	case SEQ_FOREVER:
		if (builder->dropped || builder->depth == BYTES_DEPTH || is_full(builder))
			builder->dropped++;
		else
			add(builder, fit(builder, node));
		break;
	case SEQ_ELSE:
		if (!builder->dropped)
			add_else(builder);
		break;
	case SEQ_END:
		if (builder->dropped)
			builder->dropped--;
		else
			close_block(builder);
		break;
	case SEQ_BREAK:
	case SEQ_CONTINUE:
		if (builder->loops)
			put_leaf(builder, node);
		break;
	case SEQ_ACQ:
	case SEQ_REL:
	case SEQ_RETURN:
	case SEQ_WORK:
	case SEQ_TAKE:
	case SEQ_STOP:
	case SEQ_SET:
	case SEQ_EVENT:
	case SEQ_OCCUR:
		put_leaf(builder, node);
		break;
	case SEQ_OPS:
		break;
	}
}

static void
begin(struct builder *builder, struct bytes_case *of, struct arena *arena, size_t tokens)
{
	/* a token makes one node at the most, and an END for each opening one */
	size_t nodes = 2 * tokens < BYTES_NODES ? 2 * tokens : BYTES_NODES;

	*builder = (struct builder){.of = of, .arena = arena};
	of->seq = (struct seq){.node = arena_alloc(arena, nodes * sizeof(struct seq_node))};
}

/* ---- what depends on paths, and shapes ---- */

static bool
is_legal(const struct bytes_case *of)
{
	struct diag diag;

	return seq_check(&of->seq, of->rule, of->role, "", "", 0, &diag);
}

static void
give_up_handles(struct bytes_case *of)
{
	struct seq *seq = &of->seq;

	if (is_legal(of))
		return;
	for (uint32_t i = 0; i < seq->count; i++)
		seq->node[i].handle = seq->node[i].lock;
}

/* Whether every choice changes the program. */
static bool
all_apply(const struct bytes_case *of, struct arena *arena)
{
	struct prog prog;

	prog_make(&prog, arena, of->rule, of->role, &of->seq, &of->shapes);
	return prog.effects == SHAPE_ALL;
}

/* Takes over the shapes wished for, dimension by dimension, as long as all still apply. Those of a legal case
 * do at once. */
static void
fit_shapes(struct bytes_case *of, struct arena *arena)
{
	const struct shapes usual = shapes_default(), wished = of->shapes;

	if (!memcmp(wished.choice, usual.choice, sizeof usual.choice) || all_apply(of, arena))
		return;
	of->shapes = usual;
	for (unsigned d = 0; d < SHAPE_COUNT; d++) {
		of->shapes.choice[d] = wished.choice[d];
		if (wished.choice[d] != usual.choice[d] && !all_apply(of, arena))
			of->shapes.choice[d] = usual.choice[d];
	}
}

static void
finish(struct builder *builder)
{
	while (builder->depth)
		close_block(builder);
	assert(!builder->loops);
	give_up_handles(builder->of);
	fit_shapes(builder->of, builder->arena);
}

void
bytes_repair(struct bytes_case *of, struct arena *arena, const struct seq_node *raw, size_t count)
{
	struct builder builder;

	begin(&builder, of, arena, count);
	for (size_t i = 0; i < count; i++)
		put(&builder, raw[i]);
	finish(&builder);
}

/* ---- operands ---- */

enum {
	CONDITIONS = SEQ_FLAGS + 1,
	OWN_EVENTS = 128, /* bytes of operations from here on, where the rule has any */
	USES = RULE_LOCKS * RULE_LOCKS,
	TRIES = RULE_LOCKS * CONDITIONS,
	VALUES = SEQ_VALUE_FLAG + 2 * SEQ_FLAGS,
};

/* The api number of the fitting call number `wanted` modulo how many there are and 1; 0 is the role's own. */
static uint8_t
api_at(const struct rule *rule, const struct seq_node *node, unsigned wanted)
{
	uint8_t fitting[RULE_CALLS + 1] = {0};
	unsigned count = 1;

	if (!wanted)
		return 0;
	for (unsigned c = 0; c < rule->calls; c++)
		if (seq_call_fits(rule, c, node))
			fitting[count++] = (uint8_t)(1 + c);
	return fitting[wanted % count];
}

static unsigned
api_place(const struct rule *rule, const struct seq_node *node)
{
	unsigned place = 0;

	for (unsigned c = 0; c < node->api; c++)
		place += seq_call_fits(rule, c, node);
	return place;
}

/* An event's operand is lock, handle and call as the digits of a number; a handle counts from its lock. A
 * condition's is flag and negation, that of a try without blocks lock, flag and call, that of a flag the flag
 * and what it becomes. */
static void
read_value(struct seq_node *node, unsigned place)
{
	node->value = (uint8_t)(place < SEQ_VALUE_FLAG ? place : SEQ_VALUE_FLAG);
	if (place < SEQ_VALUE_FLAG)
		return;
	node->source = (uint8_t)(1 + (place - SEQ_VALUE_FLAG) / 2);
	node->negated = (place - SEQ_VALUE_FLAG) & 1;
}

/* Events of the rule's own are numbered thrice: themselves, and tries of them with blocks and without. */
static struct seq_node
own_event(const struct rule *rule, unsigned number)
{
	static const uint8_t op[] = {SEQ_EVENT, SEQ_TRY, SEQ_TAKE};
	unsigned event = number % rule->events, way = number / rule->events % 3;

	if (way && rule->event[event].try_word)
		return (struct seq_node){.op = op[way], .event = (uint8_t)(event + 1)};
	return (struct seq_node){.op = rule->event[event].names_lock ? SEQ_EVENT : SEQ_OCCUR,
	                         .event = (uint8_t)event};
}

static uint8_t
write_operation(const struct rule *rule, const struct seq_node *node)
{
	if (seq_is_own(node->op))
		return (uint8_t)(OWN_EVENTS + node->event);
	if (seq_tries(node->op) && node->event)
		return (uint8_t)(OWN_EVENTS + rule->events * (node->op == SEQ_TRY ? 1 : 2) + node->event - 1);
	return node->op;
}

static struct seq_node
read_token(const struct rule *rule, uint8_t operation, uint8_t operand)
{
	struct seq_node node = {.op = operation % SEQ_EVENT};

	if (rule->events && operation >= OWN_EVENTS)
		node = own_event(rule, operation - OWN_EVENTS);
	if (seq_has_use(node.op))
		node.lock = node.handle = (uint8_t)(operand % RULE_LOCKS % rule->locks);
	if (node.op == SEQ_TAKE) {
		node.flag = operand / RULE_LOCKS % CONDITIONS;
		node.api = api_at(rule, &node, operand / TRIES);
	} else if (node.op == SEQ_OCCUR) {
		node.api = api_at(rule, &node, operand);
	} else if (seq_has_use(node.op)) {
		node.handle = (uint8_t)((node.lock + operand / RULE_LOCKS % RULE_LOCKS) % rule->locks);
		node.api = api_at(rule, &node, operand / USES);
	} else if (node.op == SEQ_IF) {
		node.flag = operand % CONDITIONS;
		node.negated = operand / CONDITIONS & 1;
	} else if (node.op == SEQ_SET) {
		node.flag = 1 + operand % SEQ_FLAGS;
		read_value(&node, operand / SEQ_FLAGS % VALUES);
	}
	return node;
}

static uint8_t
write_operand(const struct rule *rule, const struct seq_node *node)
{
	unsigned handle = (node->handle + rule->locks - node->lock) % rule->locks;

	if (node->op == SEQ_TAKE)
		return (uint8_t)(node->lock + RULE_LOCKS * node->flag + TRIES * api_place(rule, node));
	if (node->op == SEQ_OCCUR)
		return (uint8_t)api_place(rule, node);
	if (seq_has_use(node->op))
		return (uint8_t)(node->lock + RULE_LOCKS * handle + USES * api_place(rule, node));
	if (node->op == SEQ_SET)
		return (uint8_t)(node->flag - 1 +
		                 SEQ_FLAGS * (node->value == SEQ_VALUE_FLAG
		                                  ? node->value + 2 * (node->source - 1) + node->negated
		                                  : node->value));
	return (uint8_t)(node->flag + CONDITIONS * node->negated);
}

/* ---- shapes ---- */

/* The choice number `wanted` of a dimension, modulo how many there are. */
static unsigned char
choice_at(unsigned dimension, unsigned wanted)
{
	unsigned char choice[SHAPE_ID_COUNT];
	unsigned count = 0;

	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++)
		if (shape_row((enum shape_id)id)->dimension == dimension)
			choice[count++] = (unsigned char)id;
	return choice[wanted % count];
}

static uint8_t
choice_place(unsigned dimension, unsigned choice)
{
	unsigned place = 0;

	for (unsigned id = 0; id < choice; id++)
		place += shape_row((enum shape_id)id)->dimension == dimension;
	return (uint8_t)place;
}

/* ---- both ways ---- */

static uint8_t
byte_at(const uint8_t *data, size_t size, size_t at)
{
	return at < size ? data[at] : 0;
}

void
bytes_decode(struct bytes_case *of, struct arena *arena, const struct bytes_rules *rules, const uint8_t *data,
             size_t size)
{
	unsigned shaped = byte_at(data, size, 2) % (SHAPE_COUNT + 1);
	struct builder builder;

	of->rule = rules->rule[byte_at(data, size, 0) % rules->count];
	of->role = byte_at(data, size, 1) % of->rule->roles;
	of->shapes = shapes_default();
	for (unsigned d = 0; d < shaped && !rules->plain; d++)
		if (byte_at(data, size, BYTES_HEAD + d))
			of->shapes.choice[d] = choice_at(d, data[BYTES_HEAD + d]);
	begin(&builder, of, arena, size / 2 + 1);
	for (size_t at = BYTES_HEAD + shaped; at < size && of->seq.size < BYTES_STATEMENTS; at += 2)
		put(&builder, read_token(of->rule, data[at], byte_at(data, size, at + 1)));
	finish(&builder);
}

size_t
bytes_encode(uint8_t out[BYTES_SIZE], const struct bytes_rules *rules, const struct bytes_case *of)
{
	const struct shapes usual = shapes_default();
	unsigned shaped = SHAPE_COUNT, rule = 0;
	size_t size = 0;

	while (rule < rules->count && rules->rule[rule] != of->rule)
		rule++;
	while (shaped && of->shapes.choice[shaped - 1] == usual.choice[shaped - 1])
		shaped--;
	out[size++] = (uint8_t)rule;
	out[size++] = (uint8_t)of->role;
	out[size++] = (uint8_t)shaped;
	for (unsigned d = 0; d < shaped; d++)
		out[size++] = choice_place(d, of->shapes.choice[d]);
	for (uint32_t i = 0; i < of->seq.count; i++) {
		const struct seq_node *node = &of->seq.node[i];

		out[size++] = write_operation(of->rule, node);
		out[size++] = write_operand(of->rule, node);
	}
	return size;
}

bool
bytes_same(const struct bytes_case *one, const struct bytes_case *two)
{
	if (one->rule != two->rule || one->role != two->role || one->seq.count != two->seq.count ||
	    one->seq.size != two->seq.size ||
	    memcmp(one->shapes.choice, two->shapes.choice, sizeof one->shapes.choice))
		return false;
	for (uint32_t i = 0; i < one->seq.count; i++) {
		struct seq_node a = one->seq.node[i], b = two->seq.node[i];

		a.offset = b.offset = 0;
		if (memcmp(&a, &b, sizeof a))
			return false;
	}
	return true;
}
