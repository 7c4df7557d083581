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
prog_has_shape(const struct prog *prog, enum shape_id id)
{
	enum shape_dimension dimension = shape_row(id)->dimension;

	return prog->shapes.choice[dimension] == id && prog->effects >> dimension & 1;
}

bool
prog_is_macro(const struct prog_function *function)
{
	return function->style == CALL_MACRO && !function->outer;
}

unsigned
prog_handles(const struct prog *prog)
{
	unsigned handles = 0;

	for (unsigned i = 0; i < prog->vars; i++)
		if (prog->var[i].type == TYPE_HANDLE)
			handles |= 1U << prog->var[i].index;
	return handles;
}

bool
prog_has_one_type(const struct prog *prog)
{
	unsigned locks = prog->locks | prog->rule->role[prog->role].held, types = 0;

	bits_each (lock, locks)
		types |= 1U << prog->rule->type_of[lock];
	return bits_count(types) <= 1;
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
prog_flag_is_truth(const struct prog *prog)
{
	unsigned choice = prog->shapes.choice[SHAPE_FLAG];

	return choice == FLAG_REQUEST || choice == FLAG_LOCAL || choice == FLAG_MEMORY ||
	       choice == FLAG_PREDICATE;
}

bool
prog_flag_is_local(const struct prog *prog, unsigned flag)
{
	unsigned choice = prog->shapes.choice[SHAPE_FLAG];

	return choice == FLAG_LOCAL || choice == FLAG_STATUS || choice == FLAG_COUNTER ||
	       (choice == FLAG_REQUEST && prog->set >> flag & 1 &&
	        prog->shapes.choice[SHAPE_HELPER] != HELPER_ACCESSOR);
}

bool
prog_is_run(const struct prog_function *function)
{
	return function->purpose == PURPOSE_BALANCED || function->purpose == PURPOSE_RETAKEN;
}

bool
prog_is_accessor(const struct prog_function *function)
{
	return function->purpose == PURPOSE_SETTER || function->purpose == PURPOSE_GETTER;
}

bool
prog_serves(const struct prog_function *function)
{
	return function->purpose == PURPOSE_ACQUIRE || function->purpose == PURPOSE_RELEASE ||
	       function->purpose == PURPOSE_CONDITIONAL || function->purpose == PURPOSE_DIRECTION ||
	       function->purpose == PURPOSE_CLEANUP;
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
prog_returns_status(const struct prog *prog, const struct prog_node *node)
{
	return node->function && prog->function[node->function].returns == TYPE_STATUS;
}

bool
prog_does(const struct prog *prog, const struct prog_node *node, enum event event)
{
	const struct prog_function *helper = &prog->function[node->function];

	if (node->op == PROG_CALL)
		return prog->rule->call[node->call].event == event;
	if (node->op != PROG_HELPER)
		return false;
	for (unsigned i = 0; i < helper->parameters; i++)
		if (helper->parameter[i] == TYPE_DIRECTION)
			return node->argument[i].index == (event == EVENT_ACQUIRE);
	if (helper->purpose == PURPOSE_CLEANUP)
		return event == EVENT_RELEASE;
	return helper->purpose == (event == EVENT_RELEASE ? PURPOSE_RELEASE : PURPOSE_ACQUIRE);
}

bool
prog_ends_in_call(const struct prog_node *node)
{
	return node->op == PROG_GUARD || node->op == PROG_SCOPE;
}

bool
prog_is_left_by_break(const struct prog_node *node)
{
	return prog_is_loop(node) || node->op == PROG_ONCE || node->op == PROG_GUARD;
}

bool
prog_case_is_true(const struct prog *prog, const struct prog_node *node)
{
	unsigned flag = prog->shapes.choice[SHAPE_FLAG];

	if (node->condition.kind == CONDITION_RESULT)
		return prog->function[node->function].returns == TYPE_STATUS;
	if (node->condition.kind == CONDITION_VAR)
		return prog->var[node->condition.variable].index; /* of a result */
	return node->condition.kind == CONDITION_FLAG && (flag == FLAG_ENUM || flag == FLAG_STATUS);
}

/* break binds to loops, do-once, guards and switches; continue to all but switches */
static bool
has_loose(const struct prog_node *node, enum prog_op op)
{
	for (; node; node = node->next) {
		if (node->op == op)
			return true;
		if (prog_is_left_by_break(node))
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
		          (node->op == PROG_SCOPE && prog_ends_in_jump(node->body)) ||
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

static unsigned
count_asks(const struct prog_node *node)
{
	unsigned count = 0;

	for (; node; node = node->next) {
		bool branches =
			node->op == PROG_IF || node->op == PROG_SWITCH || node->op == PROG_ASSIGN || prog_is_loop(node);

		count += node->op == PROG_TRY || node->op == PROG_TAKE ||
		         (branches && node->condition.kind == CONDITION_UNKNOWN);
		count += count_asks(node->body) + count_asks(node->other);
	}
	return count;
}

unsigned
prog_asks(const struct prog *prog)
{
	unsigned count = 0;

	for (unsigned i = 0; i < prog->functions; i++)
		count += count_asks(prog->function[i].body);
	return count;
}

unsigned
prog_sites(const struct prog *prog)
{
	unsigned most = 1, results = 0;

	for (unsigned i = 1; i < prog->functions; i++) {
		unsigned sites = count_asks(prog->function[i].body) ? call_sites(prog, i) : 0;

		most = sites > most ? sites : most;
	}
	for (unsigned i = 0; i < prog->vars; i++)
		results += prog->var[i].type == TYPE_RESULT;
	return most << (bits_count(prog->moving) + results);
}

static bool
has_loop(const struct prog_node *node)
{
	bool found = false;

	for (; node && !found; node = node->next)
		found = prog_is_loop(node) || has_loop(node->body) || has_loop(node->other);
	return found;
}

/* A situation is a place that asks, and which locks are held there. */
bool
prog_has_many_paths(const struct prog *prog)
{
	enum { SITUATIONS = 32 };
	bool repeats = false;

	for (unsigned i = 0; i < prog->functions && !repeats; i++)
		repeats = has_loop(prog->function[i].body);
	return repeats && prog_asks(prog) * prog_sites(prog) << bits_count(prog->locks) > SITUATIONS;
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
		assert(prog->var[value.index].type == (type == TYPE_KIRQL_OUT ? TYPE_KIRQL : type) ||
		       (type == TYPE_LOCK && prog->var[value.index].type == TYPE_INDEX));
		break;
	case EXPR_PARAMETER:
		assert(value.index < function->parameters);
		assert(function->parameter[value.index] == type ||
		       (type == TYPE_LOCK && function->parameter[value.index] == TYPE_INDEX));
		break;
	case EXPR_POINTED:
		assert(value.index < function->parameters);
		assert(type == TYPE_KIRQL && function->parameter[value.index] == TYPE_KIRQL_OUT);
		break;
	case EXPR_CONSTANT:
		assert((type == TYPE_DIRECTION || type == TYPE_FLAG) && value.index <= 1);
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
	unsigned jumps; /* loops, do-once, guards around it, which break and continue are of */
	bool in_switch; /* nearer than the next of those: a break would leave the switch */
};

/* Whether the node sets a variable that may keep what a condition or a call says. */
static bool
keeps_result(const struct prog *prog, const struct prog_node *node)
{
	return prog->var[node->variable].type == TYPE_FLAG || prog->var[node->variable].type == TYPE_RESULT;
}

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
		assert(node->op != PROG_BREAK || (around.jumps && !around.in_switch));
		assert(node->op != PROG_CONTINUE || around.jumps);
		assert(node->op != PROG_HELPER || (node->function && node->function < prog->functions));
		assert(node->op != PROG_GUARD || (node->other && node->other->op == PROG_CALL && !node->other->next));
		assert(node->op != PROG_SCOPE ||
		       (node->other && node->other->op == PROG_HELPER && !node->other->next));
		assert(node->op != PROG_POINT || prog->var[node->variable].type == TYPE_LOCK ||
		       prog->var[node->variable].type == TYPE_INDEX);
		assert(node->op != PROG_INIT || (function == prog->function && node->lock.kind == EXPR_LOCK));
		assert(node->op != PROG_ASSIGN || keeps_result(prog, node));
		assert(node->op != PROG_TAKE || node->variable == PROG_NONE || keeps_result(prog, node));
		assert(node->condition.told != RESULT_ASSIGNED || keeps_result(prog, node));
		assert(!node->falls || (node->op == PROG_SWITCH && node->other));
		if (node->function)
			for (unsigned i = 0; i < prog->function[node->function].parameters; i++)
				check_expr(prog, function, node->argument[i], prog->function[node->function].parameter[i]);
		if (prog_is_left_by_break(node))
			inside = (struct surroundings){around.jumps + 1, false};
		inside.in_switch |= node->op == PROG_SWITCH;
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
