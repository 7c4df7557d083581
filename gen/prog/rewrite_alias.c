/* Rewritings of the dimension alias. See rewrite.h.
 *
 * Aliases come behind helpers, and see what those left: direct names in acquires (and releases) become
 * pointers to the lock, each of which keeps its value.
 *
 * A pointer or an index that moves is one for all locks, and is assigned before each use. That comes when
 * nothing else moves any more:
 *
 *   LockPointer = &Extension->QueueLock;
 *   KeAcquireSpinLock(LockPointer, &QueueIrql);
 *   LockPointer = &Extension->StateLock;
 *   KeAcquireSpinLock(LockPointer, &StateIrql);
 *
 * So the locks have one type. An expression has no room for an assignment: that stands before its statement,
 * where all calls in it name one lock. A guard gives back the lock by the name that it was given, so a block
 * that moves that ends with one more assignment.
 */
#include "rewrite.h"

#include <stddef.h>

#include "bits.h"

/* pointers that stay */

struct naming {
	struct prog *prog;
	bool acquires, releases; /* were given pointers */
	bool turn;               /* of two pointers: the second takes the next acquire */
};

static unsigned
need_pointer(struct prog *prog, unsigned lock, bool second)
{
	unsigned var;

	for (var = 0; var < prog->vars; var++)
		if (prog->var[var].type == TYPE_LOCK && prog->var[var].index == lock &&
		    prog->var[var].second == second)
			return var;
	var = prog_var(prog, TYPE_LOCK, lock);
	prog->var[var].second = second;
	return var;
}

static void
alias_expr(struct naming *n, struct prog_expr *lock, bool acquires)
{
	unsigned choice = n->prog->shapes.choice[SHAPE_ALIAS];

	if (lock->kind != EXPR_LOCK)
		return;
	if (acquires ? choice == ALIAS_KEPT
	             : choice != ALIAS_TWO && choice != ALIAS_CHOSEN && choice != ALIAS_KEPT)
		return;
	if (choice == ALIAS_CHOSEN)
		n->prog->chosen |= 1U << lock->index;
	bool second = choice == ALIAS_TWO && (!acquires || n->turn);

	n->turn ^= acquires;
	*lock = (struct prog_expr){EXPR_VAR, (uint8_t)need_pointer(n->prog, lock->index, second)};
	*(acquires ? &n->acquires : &n->releases) = true;
}

static void
alias_block(struct naming *n, struct prog_node *node)
{
	const struct prog *prog = n->prog;

	for (; node; node = node->next) {
		if (node->op == PROG_CALL || node->op == PROG_TRY || node->op == PROG_TAKE || node->op == PROG_GUARD)
			alias_expr(n, &node->lock, prog->rule->call[node->call].event == EVENT_ACQUIRE);
		if (node->function) {
			const struct prog_function *helper = &prog->function[node->function];

			for (unsigned i = 0; i < helper->parameters; i++)
				if (helper->parameter[i] == TYPE_LOCK)
					alias_expr(n, &node->argument[i], !prog_does(prog, node, EVENT_RELEASE));
		}
		alias_block(n, node->body);
		alias_block(n, node->other);
	}
}

/* Whether a function beside the routine names a lock by itself, or finds it by an index. */
static bool
names_lock(const struct prog_node *node)
{
	for (; node; node = node->next)
		if (node->lock.kind == EXPR_LOCK || names_lock(node->body) || names_lock(node->other))
			return true;
	return false;
}

static bool
helpers_name_locks(const struct prog *prog)
{
	for (unsigned i = 1; i < prog->functions; i++)
		if (names_lock(prog->function[i].body) || prog->shapes.choice[SHAPE_ARGUMENT] != ARGUMENT_BY_LOCK)
			return true;
	return false;
}

bool
rewrite_alias(struct prog *prog)
{
	struct naming n = {.prog = prog};
	unsigned choice = prog->shapes.choice[SHAPE_ALIAS];

	if (!rule_names_locks(prog->rule) || shapes_move(&prog->shapes))
		return false; /* what moves comes later */
	if (choice == ALIAS_ELEMENT && !shapes_in_array(&prog->shapes))
		return false;
	/* A helper that finds the lock by itself finds the one lock, not the one chosen. */
	if (choice == ALIAS_CHOSEN && helpers_name_locks(prog))
		return false;
	alias_block(&n, prog->function[0].body);
	if (choice == ALIAS_KEPT)
		return n.releases;
	return n.acquires && (n.releases || choice != ALIAS_TWO);
}

/* a pointer, or an index, that moves */

struct moving {
	struct prog *prog;
	bool rewrites; /* else it only looks */
	unsigned variable;
	bool some, crowded; /* lock calls were found; one statement's expression names several locks */
};

static bool
by_index(const struct moving *m)
{
	return m->prog->shapes.choice[SHAPE_ALIAS] == ALIAS_MOVING_INDEX;
}

/* Where a call, or the call of a helper, names its lock; NULL where it does not. */
static struct prog_expr *
find_name(const struct moving *m, struct prog_node *node)
{
	const struct prog_function *helper = &m->prog->function[node->function];

	if (node->lock.kind == EXPR_LOCK)
		return &node->lock;
	for (unsigned i = 0; node->function && i < helper->parameters; i++)
		if (node->argument[i].kind == EXPR_LOCK && (helper->parameter[i] == TYPE_LOCK || by_index(m)))
			return &node->argument[i];
	return NULL;
}

/* Names by the variable what the node's own expression names, and the nodes in it; the set of locks. */
static unsigned
move_names(struct moving *m, struct prog_node *node)
{
	struct prog_expr *name = find_name(m, node);
	unsigned locks = name ? 1U << name->index : 0;

	if (name && m->rewrites)
		*name = (struct prog_expr){EXPR_VAR, (uint8_t)m->variable};
	switch (node->spelling) {
	case SPELL_TERNARY:
		locks |= move_names(m, node->body);
		return locks | (node->other ? move_names(m, node->other) : 0);
	case SPELL_AND:
	case SPELL_OR:
		return locks | move_names(m, node->body);
	case SPELL_CHAIN:
		return locks | move_names(m, node->other);
	default:
		return locks;
	}
}

static struct prog_node *
assignment(const struct moving *m, unsigned lock)
{
	struct prog_node *node = prog_node(m->prog->arena, PROG_POINT, 0);

	node->variable = (uint8_t)m->variable;
	node->lock = (struct prog_expr){EXPR_LOCK, (uint8_t)lock};
	return node;
}

static void move_block(struct moving *m, struct prog_node **link);

/* The blocks of a node whose expression has been looked at. */
static void
move_inner(struct moving *m, struct prog_node *node)
{
	switch (node->spelling) {
	case SPELL_TERNARY:
	case SPELL_REQUIRE:
	case SPELL_CHOOSE:
		return;
	case SPELL_AND:
	case SPELL_OR:
		move_inner(m, node->body);
		return;
	case SPELL_CHAIN:
		move_block(m, &node->body);
		move_inner(m, node->other);
		return;
	default:
		break;
	}
	move_block(m, &node->body);
	if (!prog_ends_in_call(node))
		move_block(m, &node->other);
}

/* Before each continue to the guard's release. */
static void
move_continues(const struct moving *m, struct prog_node **link, unsigned lock)
{
	for (; *link; link = &(*link)->next) {
		struct prog_node *node = *link;

		if (node->op == PROG_CONTINUE) {
			*link = assignment(m, lock);
			(*link)->next = node;
			link = &(*link)->next;
		}
		if (prog_is_left_by_break(node))
			continue;
		move_continues(m, &node->body, lock);
		move_continues(m, &node->other, lock);
	}
}

/* The macro names the lock of its release as that of its acquire. */
static void
move_guard(struct moving *m, struct prog_node *guard, unsigned lock)
{
	if (!find_name(m, guard->other) || !m->rewrites)
		return;
	move_names(m, guard->other);
	if (!prog_has(guard->body, PROG_POINT))
		return;
	move_continues(m, &guard->body, lock);
	if (!prog_ends_in_jump(guard->body))
		*prog_end(&guard->body) = assignment(m, lock);
}

static void
move_block(struct moving *m, struct prog_node **link)
{
	for (; *link; link = &(*link)->next) {
		struct prog_node *node = *link, *point;
		unsigned locks = move_names(m, node);

		move_inner(m, node);
		if (!locks)
			continue;
		m->some = true;
		m->crowded |= bits_count(locks) > 1;
		if (node->op == PROG_GUARD)
			move_guard(m, node, bits_lowest(locks));
		if (!m->rewrites)
			continue;
		point = assignment(m, bits_lowest(locks));
		point->next = node;
		*link = point;
		link = &point->next;
	}
}

bool
rewrite_move(struct prog *prog)
{
	struct moving m = {.prog = prog};
	struct prog_node **body = &prog->function[0].body;
	unsigned choice = prog->shapes.choice[SHAPE_ALIAS];

	if (!shapes_move(&prog->shapes) || !rule_names_locks(prog->rule) || !prog_has_one_type(prog))
		return false;
	if (choice == ALIAS_MOVING_INDEX && !shapes_in_array(&prog->shapes))
		return false;
	move_block(&m, body);
	if (!m.some || m.crowded)
		return false;
	m.variable = prog_var(prog, by_index(&m) ? TYPE_INDEX : TYPE_LOCK, PROG_NONE);
	m.rewrites = true;
	move_block(&m, body);
	return true;
}
