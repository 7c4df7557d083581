/* mutation: copying programs, going through their nodes, and small changes. See mutation.h.
 *
 * How to read it: a change is a function of a link, which is a pointer to the `next` or the block pointer
 * that holds a node, so that it can replace the node by none or by several:
 *
 *   link --> node --> next          mutation_splice(link, block)          link --> block ... --> next
 */
#include "mutation.h"

#include <stddef.h>

static struct prog_node *
copy_block(struct arena *arena, const struct prog_node *node)
{
	struct prog_node *first = NULL, **tail = &first;

	for (; node; node = node->next) {
		struct prog_node *copy = arena_alloc(arena, sizeof *copy);

		*copy = *node;
		copy->body = copy_block(arena, node->body);
		copy->other = copy_block(arena, node->other);
		copy->next = NULL;
		*tail = copy;
		tail = &copy->next;
	}
	return first;
}

void
mutation_copy(struct prog *copy, const struct prog *prog, struct arena *arena)
{
	*copy = *prog;
	for (unsigned i = 0; i < prog->functions; i++)
		copy->function[i].body = copy_block(arena, prog->function[i].body);
}

/* mending */

/* What jumps in a block can reach. */
struct reachable {
	const bool *label; /* by number: whether the function has it */
	bool can_break, can_continue;
};

static void
note_labels(const struct prog_node *node, bool *label)
{
	for (; node; node = node->next) {
		if (node->op == PROG_LABEL)
			label[node->label] = true;
		note_labels(node->body, label);
		note_labels(node->other, label);
	}
}

static void
mend_block(struct prog_node **link, struct reachable reachable)
{
	while (*link) {
		struct prog_node *node = *link;
		struct reachable inside = reachable;

		inside.can_break |= prog_is_left_by_break(node);
		inside.can_continue |= prog_is_left_by_break(node);
		mend_block(&node->body, inside);
		mend_block(&node->other, inside);
		if ((node->op == PROG_GOTO && !reachable.label[node->label]) ||
		    (node->op == PROG_BREAK && !reachable.can_break) ||
		    (node->op == PROG_CONTINUE && !reachable.can_continue))
			*link = node->next;
		else
			link = &node->next;
	}
}

void
mutation_mend(struct mutation *m)
{
	for (unsigned i = 0; i < m->prog->functions; i++) {
		bool *label = arena_alloc(m->arena, (m->prog->labels + 1U) * sizeof *label);

		note_labels(m->prog->function[i].body, label);
		mend_block(&m->prog->function[i].body, (struct reachable){.label = label});
	}
}

/* going through the nodes */

static void
each_block(struct mutation *m, struct prog_node **link,
           void (*change)(struct mutation *m, struct prog_node **link))
{
	while (*link) {
		struct prog_node *node = *link, *next = node->next;
		bool loops = prog_is_loop(node);

		m->depth++;
		m->loops += loops;
		each_block(m, &node->body, change);
		each_block(m, &node->other, change);
		m->depth--;
		m->loops -= loops;
		change(m, link);
		while (*link != next)
			link = &(*link)->next;
	}
}

void
mutation_each(struct mutation *m, void (*change)(struct mutation *m, struct prog_node **link))
{
	for (unsigned i = 0; i < m->prog->functions; i++) {
		m->function = &m->prog->function[i];
		each_block(m, &m->function->body, change);
	}
	m->function = NULL;
}

/* what stands where */

void
mutation_aim_node(struct mutation *m, struct prog_node **link)
{
	struct prog_var *var = (*link)->op == PROG_POINT ? &m->prog->var[(*link)->variable] : NULL;

	if (var && var->index == PROG_NONE)
		var->index = (*link)->lock.index;
}

void
mutation_aim(struct mutation *m)
{
	mutation_each(m, mutation_aim_node);
}

static void
note_node_locks(struct mutation *m, struct prog_node **link)
{
	const struct prog_node *node = *link;

	if (node->lock.kind == EXPR_LOCK)
		m->prog->locks |= 1U << node->lock.index;
	for (unsigned i = 0; i < PROG_PARAMETERS; i++)
		if (node->argument[i].kind == EXPR_LOCK)
			m->prog->locks |= 1U << node->argument[i].index;
}

void
mutation_note_locks(struct mutation *m)
{
	for (unsigned i = 0; i < m->prog->vars; i++)
		if (m->prog->var[i].type == TYPE_LOCK && m->prog->var[i].index != PROG_NONE)
			m->prog->locks |= 1U << m->prog->var[i].index;
	mutation_each(m, note_node_locks);
}

bool
mutation_in_main(const struct mutation *m)
{
	return m->function == &m->prog->function[m->prog->main];
}

bool
mutation_calls(const struct prog_node *node)
{
	return node->op == PROG_HELPER || node->condition.kind == CONDITION_RESULT;
}

bool
mutation_is_event(const struct mutation *m, const struct prog_node *node)
{
	if (mutation_calls(node))
		return prog_serves(&m->prog->function[node->function]);
	return node->op == PROG_CALL || node->op == PROG_TRY || node->op == PROG_TAKE || node->op == PROG_GUARD;
}

bool
mutation_acquires(const struct mutation *m, const struct prog_node *node)
{
	if (mutation_calls(node))
		return !prog_does(m->prog, node, EVENT_RELEASE);
	return m->prog->rule->call[node->call].event == EVENT_ACQUIRE;
}

/* The argument for the first parameter of one type or the other. */
static struct prog_expr *
find_argument(const struct mutation *m, struct prog_node *node, enum prog_type one, enum prog_type two)
{
	const struct prog_function *function = &m->prog->function[node->function];

	for (unsigned i = 0; i < function->parameters; i++)
		if (function->parameter[i] == one || function->parameter[i] == two)
			return &node->argument[i];
	return NULL;
}

struct prog_expr *
mutation_lock_expr(const struct mutation *m, struct prog_node *node)
{
	if (mutation_calls(node))
		return find_argument(m, node, TYPE_LOCK, TYPE_INDEX);
	return node->lock.kind == EXPR_NONE ? NULL : &node->lock;
}

struct prog_expr *
mutation_handle_expr(const struct mutation *m, struct prog_node *node)
{
	if (mutation_calls(node))
		return find_argument(m, node, TYPE_HANDLE, TYPE_HANDLE);
	return node->handle.kind == EXPR_NONE ? NULL : &node->handle;
}

unsigned
mutation_lock(const struct mutation *m, const struct prog_node *node)
{
	struct prog_node copy = *node;
	const struct prog_expr *expr = mutation_lock_expr(m, &copy);

	if (!expr)
		expr = mutation_handle_expr(m, &copy);
	if (expr && expr->kind == EXPR_LOCK)
		return expr->index;
	if (expr && expr->kind == EXPR_VAR)
		return m->prog->var[expr->index].index;
	if (expr)
		return PROG_NONE;
	return mutation_calls(node) ? m->prog->function[node->function].lock : 0;
}

/* building */

struct prog_node *
mutation_node(struct mutation *m, enum prog_op op)
{
	return prog_node(m->arena, op, 0);
}

void
mutation_splice(struct prog_node **link, struct prog_node *block)
{
	struct prog_node *after = (*link)->next;

	*link = block;
	while (*link)
		link = &(*link)->next;
	*link = after;
}

void
mutation_append(struct prog_node **block, struct prog_node *node)
{
	while (*block)
		block = &(*block)->next;
	*block = node;
}

/* Gives each label of a block, and the gotos to it, the number of the label plus `more`. */
static void
renumber(struct prog_node *node, const bool *label, unsigned more)
{
	for (; node; node = node->next) {
		if ((node->op == PROG_LABEL || node->op == PROG_GOTO) && label[node->label])
			node->label = (uint16_t)(node->label + more);
		renumber(node->body, label, more);
		renumber(node->other, label, more);
	}
}

struct prog_node *
mutation_copy_block(struct mutation *m, const struct prog_node *block)
{
	struct prog_node *copy = copy_block(m->arena, block);
	bool *label = arena_alloc(m->arena, (m->prog->labels + 1U) * sizeof *label);

	note_labels(copy, label);
	renumber(copy, label, m->prog->labels + 1);
	m->prog->labels += m->prog->labels + 1;
	return copy;
}

void
mutation_forget(struct prog_node *node)
{
	node->condition.kind = CONDITION_UNKNOWN;
	node->condition.guard = PROG_NONE;
	node->condition.variable = PROG_NONE;
	node->function = 0;
}

void
mutation_overlook(struct prog_node **link)
{
	struct prog_node *node = *link;

	if (node->op == PROG_GUARD) {
		mutation_splice(link, node->body);
	} else if (node->op == PROG_CALL || node->op == PROG_HELPER) {
		mutation_splice(link, NULL);
	} else if (node->op == PROG_TAKE && node->variable == PROG_NONE) {
		mutation_splice(link, NULL);
	} else if (node->op == PROG_TAKE) {
		node->op = PROG_ASSIGN;
		mutation_forget(node);
	} else if (node->op == PROG_TRY) {
		node->op = PROG_IF;
		mutation_forget(node);
	} else if (node->condition.kind == CONDITION_RESULT) {
		mutation_forget(node);
	}
}

void
mutation_stay(struct mutation *m, struct prog_node *loop)
{
	struct prog_node *after = mutation_node(m, PROG_STOP);

	after->next = loop->next;
	loop->next = after;
}

void
mutation_exchange(struct prog_node *node, enum prog_op from, enum prog_op to)
{
	for (; node; node = node->next) {
		if (node->op == from)
			node->op = (uint8_t)to;
		if (prog_is_left_by_break(node))
			continue;
		mutation_exchange(node->body, from, to);
		mutation_exchange(node->other, from, to);
	}
}
