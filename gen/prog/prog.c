/* Programs: their nodes, what is said of them, and their invariants. See prog.h; gen/prog/make.c makes them.
 *
 * How to read it: what makes a node or variable, then questions about nodes, blocks and functions, then
 * prog_check, which walks every block with what stands around it.
 */
#include "prog.h"

#include <assert.h>

#include "bits.h"

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

struct prog_node *
prog_jump(struct prog *prog, struct arena *arena, enum prog_op op, enum prog_label kind, unsigned label)
{
	struct prog_node *node = prog_node(arena, op, 0);

	node->label_kind = (uint8_t)kind;
	node->label = (uint16_t)(label ? label : ++prog->labels);
	return node;
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

bool
prog_is_jump(const struct prog_node *node)
{
	return node->op == PROG_RETURN || node->op == PROG_BREAK || node->op == PROG_CONTINUE ||
	       node->op == PROG_GOTO || node->op == PROG_STOP;
}

bool
prog_is_loop(const struct prog_node *node)
{
	return node->op == PROG_WHILE || node->op == PROG_FOR || node->op == PROG_DO ||
	       node->op == PROG_FOREVER || node->op == PROG_REPEAT;
}

bool
prog_does(const struct prog *prog, const struct prog_node *node, enum event event)
{
	if (node->op == PROG_CALL)
		return prog->rule->call[node->call].event == event;
	return node->op == PROG_HELPER && prog->function[node->function].purpose ==
	                                      (event == EVENT_RELEASE ? PURPOSE_RELEASE : PURPOSE_ACQUIRE);
}

/* break binds to loops, do-once, guards and switches; continue to all but switches */
static bool
has_loose(const struct prog_node *node, enum prog_op op)
{
	for (; node; node = node->next) {
		if (node->op == op)
			return true;
		if (prog_is_loop(node) || node->op == PROG_ONCE || node->op == PROG_GUARD)
			continue;
		if (has_loose(node->body, op) || has_loose(node->other, op))
			return true;
	}
	return false;
}

bool
prog_has_break(const struct prog_node *node)
{
	return has_loose(node, PROG_BREAK);
}

bool
prog_has_continue(const struct prog_node *node)
{
	return has_loose(node, PROG_CONTINUE);
}

bool
prog_has(const struct prog_node *node, enum prog_op op)
{
	for (; node; node = node->next)
		if (node->op == op || prog_has(node->body, op) || prog_has(node->other, op))
			return true;
	return false;
}

bool
prog_has_condition(const struct prog_node *node, enum prog_condition_kind kind)
{
	for (; node; node = node->next)
		if (node->condition.kind == kind || prog_has_condition(node->body, kind) ||
		    prog_has_condition(node->other, kind))
			return true;
	return false;
}

struct prog_node **
prog_end(struct prog_node **link)
{
	while (*link)
		link = &(*link)->next;
	return link;
}

bool
prog_ends_in_jump(const struct prog_node *node)
{
	bool jumped = false;

	for (; node; node = node->next) {
		if (node->op == PROG_LABEL)
			jumped = false;
		jumped |= prog_is_jump(node) || (node->op == PROG_FOREVER && !prog_has_break(node->body)) ||
		          ((node->op == PROG_IF || node->op == PROG_TRY) && prog_ends_in_jump(node->body) &&
		           prog_ends_in_jump(node->other));
	}
	return jumped;
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

/* From how many places a function is called, each counted once for every place its own function is called
 * from. */
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
		bool branches =
			node->op == PROG_IF || node->op == PROG_SWITCH || node->op == PROG_ASSIGN || prog_is_loop(node);

		if (node->op == PROG_TRY || node->op == PROG_TAKE ||
		    (branches && node->condition.kind == CONDITION_UNKNOWN) || asks(node->body) || asks(node->other))
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
	return most << bits_count(prog->moving);
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
		bool acquires = node->op == PROG_TRY || node->op == PROG_TAKE || node->op == PROG_GUARD ||
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
		assert(node->op != PROG_ASSIGN || prog->var[node->variable].type == TYPE_FLAG);
		assert(node->op != PROG_TAKE || node->variable == PROG_NONE ||
		       prog->var[node->variable].type == TYPE_FLAG);
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
