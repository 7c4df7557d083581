/* A sequence becomes a program. See prog.h.
 *
 * prog_make is the table of contents: lower each statement to one node, choose the KIRQL that each release gives
 * back, rewrite by shapes (gen/prog/shape.c), check. Lowering is one-to-one: a program without shapes has the statements of
 * its sequence and no others.
 *
 * Choosing KIRQLs. A lock that is released while another is still held must leave the IRQL at DISPATCH_LEVEL; the
 * last one must restore what the routine was entered with. Each acquire saves into the KIRQL of its own lock; a release
 * gives back its own lock's KIRQL where that holds the level needed on every path that reaches it, else
 * the first lock's that does. Where there is none the program is not clean: it is judged like any other, but
 * levels leave it out, for its IRQL would be a second defect.
 */
#include "prog.h"

#include <assert.h>

#include "flow.h"

struct prog_node *
prog_node(struct arena *arena, enum prog_op op, unsigned statement)
{
	struct prog_node *node = arena_alloc(arena, sizeof *node);

	node->op = (uint8_t)op;
	node->statement = (uint16_t)statement;
	node->variable = PROG_NONE;
	node->condition.guard = PROG_NONE;
	node->condition.variable = PROG_NONE;
	return node;
}

unsigned
prog_var(struct prog *prog, enum prog_type type, unsigned index)
{
	struct prog_var *var = &prog->var[prog->vars];

	if (prog->vars == PROG_VARS)
		bug("more than %d variables", PROG_VARS);
	var->type = type;
	var->index = (uint8_t)index;
	return prog->vars++;
}

unsigned
prog_find_var(const struct prog *prog, enum prog_type type, unsigned index)
{
	for (unsigned i = 0; i < prog->vars; i++)
		if (prog->var[i].type == type && prog->var[i].index == index)
			return i;
	return PROG_NONE;
}

static unsigned
prog_need_var(struct prog *prog, enum prog_type type, unsigned index)
{
	unsigned found = prog_find_var(prog, type, index);

	return found == PROG_NONE ? prog_var(prog, type, index) : found;
}

/* lowering */

struct lowering {
	struct prog *prog;
	struct arena *arena;
	const struct seq *seq;
	struct prog_node **of_statement; /* node by statement number */
};

static struct prog_expr
expr(enum prog_expr_kind kind, unsigned index)
{
	return (struct prog_expr){(uint8_t)kind, (uint8_t)index};
}

/* Fills call, lock, handle and irql of a CALL or TRY node. */
static void
lower_call(struct lowering *low, struct prog_node *node, const struct seq_node *from)
{
	const struct rule *rule = low->prog->rule;
	const struct rule_call *call = seq_call(from, rule, low->prog->role);

	node->call = (uint8_t)(call - rule->call);
	for (unsigned i = 0; i < call->arguments; i++)
		switch (call->argument[i]) {
		case ARGUMENT_LOCK:
			node->lock = expr(EXPR_LOCK, from->lock);
			break;
		case ARGUMENT_HANDLE:
			node->handle = expr(EXPR_VAR, prog_need_var(low->prog, TYPE_HANDLE, from->handle));
			break;
		case ARGUMENT_IRQL:
		case ARGUMENT_SAVE_IRQL:
			node->irql = expr(EXPR_VAR, prog_need_var(low->prog, TYPE_KIRQL, from->lock));
			break;
		}
	if (call->result == RESULT_SAVED_IRQL)
		node->irql = expr(EXPR_VAR, prog_need_var(low->prog, TYPE_KIRQL, from->lock));
}

static void
lower_condition(struct lowering *low, struct prog_node *node, const struct seq_node *from)
{
	if (from->flag == SEQ_UNKNOWN) {
		node->condition.kind = CONDITION_UNKNOWN;
		return;
	}
	node->condition.kind = CONDITION_FLAG;
	node->condition.variable = (uint8_t)prog_need_var(low->prog, TYPE_FLAG, from->flag - 1U);
	node->condition.negated = from->negated;
}

static const enum prog_op lowered[] = {
	[SEQ_ACQ] = PROG_CALL,          [SEQ_REL] = PROG_CALL,
	[SEQ_TRY] = PROG_TRY,           [SEQ_IF] = PROG_IF,
	[SEQ_LOOP] = PROG_WHILE,        [SEQ_BREAK] = PROG_BREAK,
	[SEQ_CONTINUE] = PROG_CONTINUE, [SEQ_RETURN] = PROG_RETURN,
	[SEQ_WORK] = PROG_WORK,
};

/* Lowers nodes from *at up to the ELSE or END that closes the block, or the end of the sequence. */
static struct prog_node *
lower_block(struct lowering *low, uint32_t *at)
{
	struct prog_node *first = NULL, **tail = &first;

	while (*at < low->seq->count) {
		const struct seq_node *from = &low->seq->node[*at];
		struct prog_node *node;

		if (seq_closes(from->op))
			break;
		node = prog_node(low->arena, lowered[from->op], from->number);
		low->of_statement[from->number] = node;
		++*at;
		if (node->op == PROG_CALL || node->op == PROG_TRY)
			lower_call(low, node, from);
		if (node->op == PROG_IF)
			lower_condition(low, node, from);
		node->condition.loops = node->op == PROG_WHILE;
		if (seq_opens(from->op)) {
			node->body = lower_block(low, at);
			if (low->seq->node[(*at)++].op == SEQ_ELSE) {
				node->other = lower_block(low, at);
				++*at;
			}
		}
		*tail = node;
		tail = &node->next;
	}
	return first;
}

/* choosing KIRQLs */

struct plan {
	const struct rule *rule;
	unsigned role;
	enum irql entry;
	uint8_t *candidates; /* by statement: bit l: lock l's KIRQL holds the level needed on all paths so far */
	bool overlaps;
	bool illegal; /* a call is made at an IRQL that it does not allow */
};

static void
plan_visit(void *context, const struct seq_node *node, const struct flow_state *state)
{
	struct plan *plan = context;
	const struct rule_call *call;
	enum irql need;
	uint8_t good = 0;

	if (node && (node->op == SEQ_ACQ || node->op == SEQ_TRY)) {
		call = seq_call(node, plan->rule, plan->role);
		plan->overlaps |= state->held != 0;
		plan->illegal |= !(state->held >> node->lock & 1) &&
		                 (state->irql < call->irql_min || state->irql > call->irql_max);
	}
	if (!node || node->op != SEQ_REL || plan->rule->locks == 1)
		return;
	call = seq_call(node, plan->rule, plan->role);
	if (call->keep == KEEP_NONE)
		return;
	if (plan->rule->has_handles ? !state->owner[node->handle] : !(state->held >> node->lock & 1))
		return; /* the violating call itself */
	unsigned lock = plan->rule->has_handles ? state->owner[node->handle] - 1U : node->lock;
	need = state->held & ~(1U << lock) ? IRQL_DISPATCH : plan->entry;
	for (unsigned i = 0; i < plan->rule->locks; i++)
		if (state->saved[i] == need)
			good |= (uint8_t)(1U << i);
	if (call->keep != KEEP_KIRQL)
		good &= (uint8_t)(1U << lock); /* the level comes with the lock or its handle */
	plan->candidates[node->number] &= good;
}

static void
plan_irqls(struct lowering *low)
{
	struct prog *prog = low->prog;
	struct plan plan = {.rule = prog->rule, .role = prog->role, .entry = prog->rule->role[prog->role].irql};

	plan.candidates = arena_alloc(low->arena, low->seq->size + 1U);
	for (unsigned i = 0; i <= low->seq->size; i++)
		plan.candidates[i] = 0xff;
	flow_run(low->seq, prog->rule, prog->role, FLOW_STOP, plan_visit, &plan);
	prog->clean = !plan.illegal;
	prog->overlaps = plan.overlaps;
	for (unsigned i = 1; i <= low->seq->size; i++) {
		struct prog_node *node = low->of_statement[i];
		uint8_t candidates = plan.candidates[i];

		if (candidates == 0xff)
			continue;
		if (!candidates)
			prog->clean = false;
		if (!candidates || node->irql.kind == EXPR_NONE)
			continue;
		unsigned own = prog->var[node->irql.index].index;
		for (unsigned lock = 0; !(candidates >> own & 1); lock++)
			if (candidates >> lock & 1)
				own = lock;
		node->irql.index = (uint8_t)prog_find_var(prog, TYPE_KIRQL, own);
	}
}

/* Locks that the program names. A release through a queue handle names none. */
static unsigned
locks_named(const struct seq *seq, const struct rule *rule)
{
	unsigned locks = 0;

	if (!rule->has_handles)
		return seq_locks(seq);
	for (uint32_t i = 0; i < seq->count; i++)
		if (seq->node[i].op == SEQ_ACQ)
			locks |= 1U << seq->node[i].lock;
	return locks;
}

void
prog_make(struct prog *prog, struct arena *arena, const struct rule *rule, unsigned role,
          const struct seq *seq, const struct shapes *shapes)
{
	struct lowering low = {.prog = prog, .arena = arena, .seq = seq};
	uint32_t at = 0;

	*prog = (struct prog){.rule = rule, .role = role, .shapes = *shapes, .functions = 1};
	prog->locks = locks_named(seq, rule);
	prog->flags = seq_flags(seq);
	low.of_statement = arena_alloc(arena, (seq->size + 1U) * sizeof *low.of_statement);
	prog->function[0].lock = PROG_NONE;
	prog->function[0].purpose = PURPOSE_ROUTINE;
	prog->function[0].body = lower_block(&low, &at);
	plan_irqls(&low);
	prog->effects = shape_apply(prog, arena);
	prog_check(prog);
}

/* what is said of nodes and functions */

bool
prog_is_macro(const struct prog_function *function)
{
	return function->style == CALL_MACRO && !function->outer;
}

bool
prog_has_second_file(const struct prog *prog)
{
	for (unsigned i = 1; i < prog->functions; i++)
		if (prog->function[i].style == CALL_FILE)
			return true;
	return false;
}

static unsigned
count_calls(const struct prog_node *node, unsigned function)
{
	unsigned count = 0;

	for (; node; node = node->next) {
		count += node->function == function && !node->tail;
		count += count_calls(node->body, function) + count_calls(node->other, function);
	}
	return count;
}

/* From how many places a function is called, each counted once for every place its own function is called from. */
static unsigned
call_sites(const struct prog *prog, unsigned function)
{
	unsigned count = 0;

	if (!function)
		return 1;
	for (unsigned i = 0; i < prog->functions; i++) {
		unsigned calls = i == function ? 0 : count_calls(prog->function[i].body, function);

		count += calls ? calls * call_sites(prog, i) : 0;
	}
	return count;
}

static bool
asks(const struct prog_node *node)
{
	for (; node; node = node->next) {
		bool branches = node->op == PROG_IF || node->op == PROG_SWITCH || prog_is_loop(node);

		if (node->op == PROG_TRY || (branches && node->condition.kind == CONDITION_UNKNOWN) ||
		    asks(node->body) || asks(node->other))
			return true;
	}
	return false;
}

unsigned
prog_sites(const struct prog *prog)
{
	unsigned most = 1;

	for (unsigned i = 1; i < prog->functions; i++) {
		unsigned sites = asks(prog->function[i].body) ? call_sites(prog, i) : 0;

		most = sites > most ? sites : most;
	}
	return most;
}

/* checking */

static void
check_expr(const struct prog *prog, const struct prog_function *function, struct prog_expr value,
           enum prog_type type)
{
	switch ((enum prog_expr_kind)value.kind) {
	case EXPR_NONE:
		break;
	case EXPR_LOCK:
		assert((type == TYPE_LOCK || type == TYPE_INDEX) && value.index < RULE_LOCKS);
		break;
	case EXPR_VAR:
		assert(value.index < prog->vars);
		assert(prog->var[value.index].type == (type == TYPE_KIRQL_OUT ? TYPE_KIRQL : type));
		break;
	case EXPR_PARAMETER:
		assert(value.index < function->parameters);
		assert(function->parameter[value.index] == type ||
		       (type == TYPE_LOCK && function->parameter[value.index] == TYPE_INDEX));
		break;
	case EXPR_EXTENSION:
		assert(type == TYPE_EXTENSION);
		break;
	case EXPR_REQUEST:
		assert(type == TYPE_REQUEST);
		break;
	}
	(void)prog, (void)function, (void)type;
}

/* Where a node stands: in this function. */
struct surroundings {
	unsigned breaks;    /* loops, do-once around it */
	unsigned continues; /* loops */
	bool in_switch;     /* nearer than the next of those: a break would leave the switch */
	bool in_guard;      /* nearer than those: a break or continue would leave the guard */
};

static void
check_block(const struct prog *prog, const struct prog_function *function, const struct prog_node *node,
            struct surroundings around)
{
	for (; node; node = node->next) {
		struct surroundings inside = around;
		bool acquires = node->op == PROG_TRY || node->op == PROG_GUARD ||
		                (node->op == PROG_CALL && prog->rule->call[node->call].event == EVENT_ACQUIRE);

		check_expr(prog, function, node->lock, TYPE_LOCK);
		check_expr(prog, function, node->handle, TYPE_HANDLE);
		check_expr(prog, function, node->irql,
		           acquires && function->purpose != PURPOSE_ROUTINE && node->irql.kind == EXPR_PARAMETER
		               ? TYPE_KIRQL_OUT
		               : TYPE_KIRQL);
		assert(node->op != PROG_BREAK || (around.breaks && !around.in_switch && !around.in_guard));
		assert(node->op != PROG_CONTINUE || (around.continues && !around.in_guard));
		assert(node->op != PROG_HELPER || (node->function && node->function < prog->functions));
		assert(node->op != PROG_GUARD || (node->other && node->other->op == PROG_CALL && !node->other->next));
		assert(!node->falls || (node->op == PROG_SWITCH && node->other));
		if (node->function)
			for (unsigned i = 0; i < prog->function[node->function].parameters; i++)
				check_expr(prog, function, node->argument[i], prog->function[node->function].parameter[i]);
		if (prog_is_loop(node) || node->op == PROG_ONCE)
			inside = (struct surroundings){around.breaks + 1, around.continues + (node->op != PROG_ONCE),
			                               false, false};
		inside.in_switch |= node->op == PROG_SWITCH;
		inside.in_guard |= node->op == PROG_GUARD;
		check_block(prog, function, node->body, inside);
		if (node->op != PROG_GUARD)
			check_block(prog, function, node->other, inside);
	}
}

void
prog_check(const struct prog *prog)
{
	for (unsigned i = 0; i < prog->functions; i++)
		check_block(prog, &prog->function[i], prog->function[i].body, (struct surroundings){0});
}
