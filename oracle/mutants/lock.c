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
	return shapes_in_array(&m->prog->shapes);
}

static void
unite_array(struct mutation *m)
{
	if (in_array(m))
		unite(m);
}

/* All elements of an array that are named so are one. */
static void
unite_place(struct mutation *m)
{
	if (shape_of(m, SHAPE_PLACE) != m->parameter)
		return;
	m->parameter = 1;
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

/* pointers and indices that move */

/* The pointer is one that has another value already. */
static void
drop_assignment(struct mutation *m, struct prog_node **link)
{
	if ((*link)->op == PROG_POINT && m->prog->var[(*link)->variable].index != PROG_NONE)
		mutation_splice(link, NULL);
}

static bool
moves(const struct mutation *m, const struct prog_node *node)
{
	return node->op == PROG_POINT && shape_of(m, SHAPE_ALIAS) == m->parameter;
}

/* Only the first assignment is seen. */
static void
keep_first(struct mutation *m, struct prog_node **link)
{
	if (!moves(m, *link))
		return;
	mutation_aim_node(m, link);
	mutation_splice(link, NULL);
}

/* The last assignment is seen, and holds from the start. */
static void
keep_last(struct mutation *m, struct prog_node **link)
{
	if (!moves(m, *link))
		return;
	m->prog->var[(*link)->variable].index = (*link)->lock.index;
	mutation_splice(link, NULL);
}

/* No assignment in a loop is seen, but one that is the first of all. */
static void
keep_before_loops(struct mutation *m, struct prog_node **link)
{
	if (!moves(m, *link))
		return;
	mutation_aim_node(m, link);
	if (m->loops)
		mutation_splice(link, NULL);
}

/* The same where an alias is of one kind. */
static void
part_alias(struct mutation *m)
{
	if (shape_of(m, SHAPE_ALIAS) == m->parameter)
		part_pointers(m);
}

/* A release names another element than the acquire. */
static void
part_place(struct mutation *m, struct prog_node **link)
{
	struct prog_expr *lock = mutation_is_event(m, *link) ? mutation_lock_expr(m, *link) : NULL;
	unsigned spare = spare_lock(m, PROG_NONE);

	if (shape_of(m, SHAPE_PLACE) == m->parameter && lock && lock->kind == EXPR_LOCK &&
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
	unsigned type = m->prog->rule->call[node->call].type;

	if (direct && node->call != role->acquire[type] && node->call != role->release[type] &&
	    node->call != role->try_call[type])
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

/* A lock that its routine initialises is judged no more when the routine ends. */
static void
bury(struct mutation *m, struct prog_node **link)
{
	if (shape_of(m, SHAPE_PLACE) == PLACE_LOCAL && mutation_in_main(m) && (*link)->op == PROG_RETURN)
		(*link)->op = PROG_STOP;
}

static void
bury_all(struct mutation *m)
{
	if (shape_of(m, SHAPE_PLACE) != PLACE_LOCAL)
		return;
	mutation_each(m, bury);
	mutation_append(&m->prog->function[m->prog->main].body, mutation_node(m, PROG_STOP));
}

static unsigned
need_var(struct prog *prog, enum prog_type type)
{
	for (unsigned i = 0; i < prog->vars; i++)
		if (prog->var[i].type == type)
			return i;
	return prog->vars < PROG_VARS ? prog_var(prog, type, 0) : PROG_NONE;
}

/* The node becomes the role's acquire or release of a lock. */
static void
become_call(struct mutation *m, struct prog_node *node, enum event event, unsigned lock)
{
	const struct prog *prog = m->prog;

	node->op = PROG_CALL;
	node->call = (uint8_t)(event == EVENT_ACQUIRE ? rule_acquire(prog->rule, prog->role, lock)
	                                              : rule_release(prog->rule, prog->role, lock));
	node->lock = (struct prog_expr){EXPR_LOCK, (uint8_t)lock};
	node->irql = (struct prog_expr){EXPR_VAR, (uint8_t)need_var(m->prog, TYPE_KIRQL)};
	if (prog->rule->has_handles)
		node->handle = (struct prog_expr){EXPR_VAR, (uint8_t)need_var(m->prog, TYPE_HANDLE)};
}

/* The lock that another rule watches is lock a. */
static void
watch_outer(struct mutation *m, struct prog_node **link)
{
	if ((*link)->op == PROG_OUTER)
		become_call(m, *link, (*link)->value ? EVENT_ACQUIRE : EVENT_RELEASE, 0);
}

/* What initialises a lock takes it, or gives it back. */
static void
take_initialised(struct mutation *m, struct prog_node **link)
{
	if ((*link)->op == PROG_INIT && !(*link)->value)
		become_call(m, *link, (enum event)m->parameter, (*link)->lock.index);
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
     .node = part_place,
     .parameter = PLACE_INDEX},
	{.name = "sum-is-own",
     .summary = "An index that is computed is another one wherever it is spelled otherwise.",
     .node = part_place,
     .parameter = PLACE_COMPUTED},
	{.name = "sums-are-one",
     .summary = "All indices that are computed are one; so -Wthread-safety.",
     .program = unite_place,
     .parameter = PLACE_COMPUTED},
	{.name = "accessor-is-own",
     .summary = "A function that returns an element returns another one each time.",
     .node = part_place,
     .parameter = PLACE_ACCESSOR},
	{.name = "accessor-is-one",
     .summary = "A function returns one element whatever it is given; so -Wthread-safety.",
     .program = unite_place,
     .parameter = PLACE_ACCESSOR},
	{.name = "accessor-ignored",
     .summary = "A lock whose address a function returns is not followed.",
     .node = drop_place,
     .parameter = PLACE_ACCESSOR},
	{.name = "pointer-is-own",
     .summary = "A pointer is a lock of its own; so sparse, -Wthread-safety, coccinelle.",
     .program = part_pointers,
     .node = drop_assignment},
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
	{.name = "moving-pointer-first",
     .summary = "A pointer keeps what it is given first.",
     .node = keep_first,
     .parameter = ALIAS_MOVING},
	{.name = "moving-pointer-last",
     .summary = "A pointer has from the start what it is given last.",
     .node = keep_last,
     .parameter = ALIAS_MOVING},
	{.name = "moving-pointer-in-loop",
     .summary = "A pointer keeps in a loop what it had before it.",
     .node = keep_before_loops,
     .parameter = ALIAS_MOVING},
	{.name = "moved-pointer-stays",
     .summary = "A pointer stays what it was when a function is given its address.",
     .node = keep_first,
     .parameter = ALIAS_MOVED},
	{.name = "moved-pointer-ignored",
     .summary = "A pointer that a function moves is not followed.",
     .node = drop_alias,
     .parameter = ALIAS_MOVED},
	{.name = "moving-index-first",
     .summary = "An index keeps what it is given first.",
     .node = keep_first,
     .parameter = ALIAS_MOVING_INDEX},
	{.name = "moving-index-last",
     .summary = "An index has from the start what it is given last.",
     .node = keep_last,
     .parameter = ALIAS_MOVING_INDEX},
	{.name = "element-pointer-is-own",
     .summary = "An element is another lock by a pointer to its array than by the array.",
     .program = part_alias,
     .parameter = ALIAS_ELEMENT},
	{.name = "element-pointer-ignored",
     .summary = "A lock is not followed that a pointer to its array names.",
     .node = drop_alias,
     .parameter = ALIAS_ELEMENT},
	{.name = "kept-pointer-forgotten",
     .summary = "A call may change what a struct keeps, though it does not know the struct.",
     .program = part_alias,
     .parameter = ALIAS_KEPT},
	{.name = "kept-pointer-ignored",
     .summary = "A lock is not followed through a pointer in a struct.",
     .node = drop_alias,
     .parameter = ALIAS_KEPT},
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
	{.name = "local-ignored",
     .summary = "A lock that is a local of the routine is not followed.",
     .node = drop_place,
     .parameter = PLACE_LOCAL},
	{.name = "local-given-back",
     .summary = "A lock that is a local of the routine may be held at its end, with which it is gone.",
     .program = bury_all},
	{.name = "initialise-acquires",
     .summary = "What initialises the lock takes it.",
     .node = take_initialised,
     .parameter = EVENT_ACQUIRE},
	{.name = "initialise-releases",
     .summary = "What initialises the lock gives it back.",
     .node = take_initialised,
     .parameter = EVENT_RELEASE},
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
