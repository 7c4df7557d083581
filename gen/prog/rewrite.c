/* Rewritings of saved state and place, and what all rewritings ask of a block. See rewrite.h. */
#include "rewrite.h"

#include <stddef.h>

/* what a block contains */

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
rewrite_has_break(const struct prog_node *node)
{
	return has_loose(node, PROG_BREAK);
}

bool
rewrite_has_continue(const struct prog_node *node)
{
	return has_loose(node, PROG_CONTINUE);
}

bool
rewrite_has(const struct prog_node *node, enum prog_op op)
{
	for (; node; node = node->next)
		if (node->op == op || rewrite_has(node->body, op) || rewrite_has(node->other, op))
			return true;
	return false;
}

bool
rewrite_has_condition(const struct prog_node *node, enum prog_condition_kind kind)
{
	for (; node; node = node->next)
		if (node->condition.kind == kind || rewrite_has_condition(node->body, kind) ||
		    rewrite_has_condition(node->other, kind))
			return true;
	return false;
}

struct prog_node **
rewrite_end(struct prog_node **link)
{
	while (*link)
		link = &(*link)->next;
	return link;
}

bool
rewrite_ends_in_jump(const struct prog_node *node)
{
	bool jumped = false;

	for (; node; node = node->next) {
		if (node->op == PROG_LABEL)
			jumped = false;
		jumped |= prog_is_jump(node);
	}
	return jumped;
}

struct prog_node *
rewrite_jump(struct prog *prog, struct arena *arena, enum prog_op op, enum prog_label kind, unsigned label)
{
	struct prog_node *node = prog_node(arena, op, 0);

	node->label_kind = (uint8_t)kind;
	node->label = (uint16_t)(label ? label : ++prog->labels);
	return node;
}

/* saved state */

static void
irql_block(struct prog_node *node, unsigned var)
{
	for (; node; node = node->next) {
		if (node->irql.kind == EXPR_VAR)
			node->irql.index = (uint8_t)var;
		irql_block(node->body, var);
		irql_block(node->other, var);
	}
}

bool
rewrite_saved(struct prog *prog)
{
	unsigned irqls = 0, handles = 0, first = PROG_NONE;

	for (unsigned i = 0; i < prog->vars; i++) {
		handles += prog->var[i].type == TYPE_HANDLE;
		if (prog->var[i].type == TYPE_KIRQL && !irqls++)
			first = i;
	}
	if (prog->shapes.choice[SHAPE_SAVED] == SAVED_EXTENSION)
		return irqls + handles > 0;
	if (irqls < 2 || prog->overlaps)
		return false; /* one KIRQL keeps one level: no lock may be taken while another is held */
	irql_block(prog->function[0].body, first);
	for (unsigned i = 0; i < prog->vars; i++)
		if (prog->var[i].type == TYPE_KIRQL && i != first)
			prog->var[i].type = TYPE_NONE;
	return true;
}

/* place */

/* The routine calls a function that does the work, and passes the locks. */
static bool
place_parameter(struct prog *prog, struct arena *arena)
{
	struct prog_function *worker = &prog->function[prog->functions], *routine = &prog->function[0];

	if (prog->functions == PROG_FUNCTIONS)
		return false;
	*worker = (struct prog_function){.purpose = PURPOSE_WORK, .lock = PROG_NONE, .style = CALL_STATIC};
	worker->body = routine->body;
	routine->body = prog_node(arena, PROG_HELPER, 0);
	routine->body->function = (uint8_t)prog->functions;
	prog->main = prog->functions++;
	return true;
}

/* Locks named in a block, in calls and as arguments. */
static unsigned
locks_named(const struct prog_node *node)
{
	unsigned named = 0;

	for (; node; node = node->next) {
		if (node->lock.kind == EXPR_LOCK)
			named |= 1U << node->lock.index;
		for (unsigned i = 0; i < PROG_PARAMETERS; i++)
			if (node->argument[i].kind == EXPR_LOCK)
				named |= 1U << node->argument[i].index;
		named |= locks_named(node->body) | locks_named(node->other);
	}
	return named;
}

bool
rewrite_place(struct prog *prog, struct arena *arena)
{
	unsigned choice = prog->shapes.choice[SHAPE_PLACE];

	prog->named = locks_named(prog->function[0].body);
	for (unsigned i = 0; i < prog->vars; i++)
		if (prog->var[i].type == TYPE_LOCK && prog->shapes.choice[SHAPE_ALIAS] != ALIAS_RETURNED)
			prog->named |= 1U << prog->var[i].index;
	if (!prog->rule->lock_type[0] || !prog->locks)
		return false;
	if (choice == PLACE_INDEX && !prog->named)
		return false;
	return choice != PLACE_PARAMETER || (prog->named && place_parameter(prog, arena));
}
