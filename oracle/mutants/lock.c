/* Mutants that take one lock for another, do not see it, or do not look far enough.
 *
 * Locks are known by their index. A lock that a mutant makes up has an index that the program does not use.
 */
#include <stddef.h>

#include "mutation.h"

static unsigned
shape_of(const struct mutation *m, enum shape_dimension dimension)
{
	return m->prog->shapes.choice[dimension];
}

/* taking locks for one another */

static void
rename_in(struct prog_expr *expr, unsigned from, unsigned to)
{
	if (expr->kind == EXPR_LOCK && expr->index >= from)
		expr->index = (uint8_t)to;
}

static void
rename_node(struct mutation *m, struct prog_node **link)
{
	rename_in(&(*link)->lock, m->parameter, m->parameter - 1);
	for (unsigned i = 0; i < PROG_PARAMETERS; i++)
		rename_in(&(*link)->argument[i], m->parameter, m->parameter - 1);
}

/* Every lock from the index in the parameter on becomes the one before that. */
static void
unite(struct mutation *m)
{
	for (unsigned i = 0; i < m->prog->vars; i++)
		if (m->prog->var[i].type == TYPE_LOCK && m->prog->var[i].index >= m->parameter)
			m->prog->var[i].index = (uint8_t)(m->parameter - 1);
	for (unsigned i = 0; i < m->prog->functions; i++)
		if (m->prog->function[i].lock != PROG_NONE && m->prog->function[i].lock >= m->parameter)
			m->prog->function[i].lock = (uint8_t)(m->parameter - 1);
	mutation_each(m, rename_node);
}

static bool
in_array(const struct mutation *m)
{
	return shape_of(m, SHAPE_PLACE) == PLACE_ARRAY || shape_of(m, SHAPE_PLACE) == PLACE_INDEX;
}

static void
unite_array(struct mutation *m)
{
	if (in_array(m))
		unite(m);
}

/* Index of a lock that the program does not use, other than the one given; PROG_NONE where it uses all. */
static unsigned
spare_lock(const struct mutation *m, unsigned other)
{
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		if (!(m->prog->locks >> i & 1) && i != other)
			return i;
	return PROG_NONE;
}

static void
part_pointers(struct mutation *m)
{
	for (unsigned i = 0; i < m->prog->vars; i++) {
		unsigned spare = spare_lock(m, PROG_NONE);

		if (m->prog->var[i].type != TYPE_LOCK || spare == PROG_NONE)
			continue;
		m->prog->var[i].index = (uint8_t)spare;
		m->prog->locks |= 1U << spare;
	}
}

/* A release through an index names another element than the acquire. */
static void
part_index(struct mutation *m, struct prog_node **link)
{
	struct prog_expr *lock = mutation_is_event(m, *link) ? mutation_lock_expr(m, *link) : NULL;
	unsigned spare = spare_lock(m, PROG_NONE);

	if (shape_of(m, SHAPE_PLACE) == PLACE_INDEX && lock && lock->kind == EXPR_LOCK &&
	    !mutation_acquires(m, *link) && spare != PROG_NONE)
		lock->index = (uint8_t)spare;
}

/* not seeing locks */

static void
drop_locks_from(struct mutation *m, struct prog_node **link)
{
	unsigned lock = mutation_is_event(m, *link) ? mutation_lock(m, *link) : PROG_NONE;

	if (lock != PROG_NONE && lock >= m->parameter)
		mutation_overlook(link);
}

static void
drop_place(struct mutation *m, struct prog_node **link)
{
	if (mutation_is_event(m, *link) && shape_of(m, SHAPE_PLACE) == m->parameter)
		mutation_overlook(link);
}

static bool
by_pointer(const struct mutation *m, struct prog_node *node)
{
	const struct prog_expr *lock = mutation_is_event(m, node) ? mutation_lock_expr(m, node) : NULL;

	return lock && lock->kind == EXPR_VAR;
}

static void
drop_pointer(struct mutation *m, struct prog_node **link)
{
	if (by_pointer(m, *link))
		mutation_overlook(link);
}

static void
drop_alias(struct mutation *m, struct prog_node **link)
{
	if (by_pointer(m, *link) && shape_of(m, SHAPE_ALIAS) == m->parameter)
		mutation_overlook(link);
}

/* Each use of the pointer may mean either lock. */
static void
choose_again(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *choice;
	unsigned spare = spare_lock(m, PROG_NONE);

	if (shape_of(m, SHAPE_ALIAS) != ALIAS_CHOSEN || spare == PROG_NONE || !by_pointer(m, node) ||
	    (node->op != PROG_CALL && node->op != PROG_HELPER))
		return;
	choice = mutation_node(m, PROG_IF);
	choice->next = node->next;
	node->next = NULL;
	choice->body = node;
	choice->other = mutation_copy_block(m, node);
	*mutation_lock_expr(m, choice->other) = (struct prog_expr){EXPR_LOCK, (uint8_t)spare};
	*link = choice;
}

/* calls, handles, other rules' locks */

static void
drop_other_calls(struct mutation *m, struct prog_node **link)
{
	const struct rule_role *role = &m->prog->rule->role[m->prog->role];
	const struct prog_node *node = *link;
	bool direct = !mutation_calls(node) && mutation_is_event(m, node);

	if (direct && node->call != role->acquire && node->call != role->release &&
	    !(role->allows_try && node->call == role->try_call))
		mutation_overlook(link);
}

/* Each acquire uses the handle of its lock's name, so that a release gives back the lock that its handle is
 * named after. */
static void
name_handle(struct mutation *m, struct prog_node **link)
{
	struct prog_expr *handle = mutation_is_event(m, *link) ? mutation_handle_expr(m, *link) : NULL;
	unsigned lock = mutation_is_event(m, *link) ? mutation_lock(m, *link) : PROG_NONE, variable;

	if (!handle || handle->kind != EXPR_VAR || lock == PROG_NONE || !mutation_acquires(m, *link))
		return;
	variable = prog_find_var(m->prog, TYPE_HANDLE, lock);
	if (variable == PROG_NONE && m->prog->vars < PROG_VARS)
		variable = prog_var(m->prog, TYPE_HANDLE, lock);
	if (variable != PROG_NONE)
		handle->index = (uint8_t)variable;
}

static unsigned
need_var(struct prog *prog, enum prog_type type)
{
	for (unsigned i = 0; i < prog->vars; i++)
		if (prog->var[i].type == type)
			return i;
	return prog->vars < PROG_VARS ? prog_var(prog, type, 0) : PROG_NONE;
}

/* The lock that another rule watches is lock a. */
static void
watch_outer(struct mutation *m, struct prog_node **link)
{
	const struct rule_role *role = &m->prog->rule->role[m->prog->role];
	struct prog_node *node = *link;

	if (node->op != PROG_OUTER)
		return;
	node->op = PROG_CALL;
	node->call = (uint8_t)(node->value ? role->acquire : role->release);
	node->lock = (struct prog_expr){EXPR_LOCK, 0};
	node->irql = (struct prog_expr){EXPR_VAR, (uint8_t)need_var(m->prog, TYPE_KIRQL)};
	if (m->prog->rule->has_handles)
		node->handle = (struct prog_expr){EXPR_VAR, (uint8_t)need_var(m->prog, TYPE_HANDLE)};
}

/* not looking far enough */

static void
drop_deep(struct mutation *m, struct prog_node **link)
{
	if (mutation_is_event(m, *link) && m->depth > m->parameter)
		mutation_overlook(link);
}

static void
drop_late(struct mutation *m, struct prog_node **link)
{
	if (mutation_is_event(m, *link) && (*link)->statement > m->parameter)
		mutation_overlook(link);
}

const struct mutant mutants_lock[] = {
	{.name = "locks-are-one",
     .summary = "All locks are one; so cppcheck, which knows the struct and not its field.",
     .program = unite,
     .parameter = 1},
	{.name = "c-is-b",
     .summary = "The third lock is taken for the second.",
     .program = unite,
     .parameter = 2},
	{.name = "second-lock-ignored",
     .summary = "Only one lock is followed.",
     .node = drop_locks_from,
     .parameter = 1},
	{.name = "third-lock-ignored",
     .summary = "Two locks are followed, no third one.",
     .node = drop_locks_from,
     .parameter = 2},
	{.name = "array-is-one",
     .summary = "All elements of an array are one lock; so most without a model of the heap.",
     .program = unite_array,
     .parameter = 1},
	{.name = "index-is-own",
     .summary = "An element is another one each time that a variable names it.",
     .node = part_index},
	{.name = "pointer-is-own",
     .summary = "A pointer is a lock of its own; so sparse, -Wthread-safety, coccinelle.",
     .program = part_pointers},
	{.name = "pointer-ignored",
     .summary = "A lock is seen where it is named, and not through a pointer.",
     .node = drop_pointer},
	{.name = "second-pointer-ignored",
     .summary = "Of two pointers to a lock neither is followed.",
     .node = drop_alias,
     .parameter = ALIAS_TWO},
	{.name = "pointer-to-pointer-ignored",
     .summary = "A pointer is followed, a pointer to it is not.",
     .node = drop_alias,
     .parameter = ALIAS_INDIRECT},
	{.name = "returned-pointer-ignored",
     .summary = "A pointer that a function returns is not followed.",
     .node = drop_alias,
     .parameter = ALIAS_RETURNED},
	{.name = "chosen-pointer-ignored",
     .summary = "A pointer to one of two locks is not followed.",
     .node = drop_alias,
     .parameter = ALIAS_CHOSEN},
	{.name = "chosen-pointer-forgotten",
     .summary = "A pointer to one of two locks may mean the other the next time.",
     .node = choose_again},
	{.name = "global-ignored",
     .summary = "A lock that is a global variable is not followed.",
     .node = drop_place,
     .parameter = PLACE_GLOBAL},
	{.name = "static-ignored",
     .summary = "A lock that is a static variable is not followed.",
     .node = drop_place,
     .parameter = PLACE_STATIC},
	{.name = "heap-ignored",
     .summary = "A lock in a block of its own is not followed.",
     .node = drop_place,
     .parameter = PLACE_HEAP},
	{.name = "nested-ignored",
     .summary = "A lock in a struct in a struct is not followed.",
     .node = drop_place,
     .parameter = PLACE_NESTED},
	{.name = "parameter-ignored",
     .summary = "A lock that a function is given is not followed.",
     .node = drop_place,
     .parameter = PLACE_PARAMETER},
	{.name = "extension-ignored",
     .summary = "A lock that is a field of the device extension is not followed.",
     .node = drop_place,
     .parameter = PLACE_EXTENSION},
	{.name = "other-calls-ignored",
     .summary = "Of several calls that take or give back a lock the usual ones are known.",
     .node = drop_other_calls},
	{.name = "handle-by-name",
     .summary = "A release gives back the lock that its queue handle is named after.",
     .node = name_handle},
	{.name = "outer-lock-watched",
     .summary = "A lock of another rule is one of this rule's.",
     .node = watch_outer},
	{.name = "depth-three-only",
     .summary = "A lock call in more than three blocks is not seen.",
     .node = drop_deep,
     .parameter = 3},
	{.name = "five-statements-only",
     .summary = "A lock call behind the fifth statement is not seen.",
     .node = drop_late,
     .parameter = 5},
	{.name = "eight-statements-only",
     .summary = "A lock call behind the eighth statement is not seen.",
     .node = drop_late,
     .parameter = 8},
	{.name = "gives-up",
     .summary = "After twenty states what is left passes; so all that have a budget.",
     .states = 20},
	{0},
};
