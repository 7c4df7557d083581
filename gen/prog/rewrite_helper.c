/* Rewritings of the dimensions helper, argument, call and alias. See rewrite.h.
 *
 * A lock call becomes the call of a helper; one helper serves all calls of the same API, and of the same lock
 * where it finds the lock by itself. A conditional helper takes over the decision too: `if (unknown) {
 * acquire; ...`, or a try, becomes `if (helper()) { ...`. Two levels deep means that a helper calls a helper.
 * A guard is a macro around an acquire, a block and a release.
 *
 *   KeReleaseSpinLock(&Extension->QueueLock, OldIrql);      ReleaseLock(&Extension->QueueLock, OldIrql);
 *
 * Aliases come behind helpers: what is left of direct names in acquires (and releases) goes through pointers.
 */
#include "rewrite.h"

#include <assert.h>
#include <stddef.h>

/* helpers */

struct helping {
	struct prog *prog;
	struct arena *arena;
	bool changed;
};

static bool
by_extension(const struct prog *prog)
{
	return prog->shapes.choice[SHAPE_ARGUMENT] == ARGUMENT_BY_EXTENSION;
}

/* Whether helpers need nothing but the rule's calls, so that a file without the device extension can define
 * them. */
static bool
fits_second_file(const struct prog *prog)
{
	unsigned helper = prog->shapes.choice[SHAPE_HELPER];

	return prog->shapes.choice[SHAPE_ARGUMENT] == ARGUMENT_BY_LOCK && helper >= HELPER_RELEASE &&
	       helper <= HELPER_BOTH;
}

static uint8_t
call_style(const struct prog *prog)
{
	unsigned style = prog->shapes.choice[SHAPE_CALL];

	return (uint8_t)(style == CALL_FILE && !fits_second_file(prog) ? CALL_STATIC : style);
}

static unsigned
add_parameter(struct prog_function *function, enum prog_type type)
{
	if (function->parameters == PROG_PARAMETERS)
		bug("more than %d parameters", PROG_PARAMETERS);
	function->parameter[function->parameters] = type;
	return function->parameters++;
}

static struct prog_expr
parameter(struct prog_function *function, enum prog_type type)
{
	return (struct prog_expr){EXPR_PARAMETER, (uint8_t)add_parameter(function, type)};
}

/* The call that a helper makes, with the parameters it takes for it. */
static struct prog_node *
helper_call(struct helping *h, struct prog_function *helper, const struct prog_node *from)
{
	const struct rule_call *rule_call = &h->prog->rule->call[from->call];
	struct prog_node *call = prog_node(h->arena, from->op == PROG_TRY ? PROG_TRY : PROG_CALL, 0);
	unsigned argument = h->prog->shapes.choice[SHAPE_ARGUMENT];

	call->call = from->call;
	call->condition = from->condition;
	if (argument == ARGUMENT_BY_EXTENSION ||
	    (argument == ARGUMENT_BY_INDEX && from->lock.kind != EXPR_NONE) ||
	    (helper->purpose == PURPOSE_CONDITIONAL && from->op == PROG_CALL))
		add_parameter(helper, TYPE_EXTENSION); /* which finds the lock, or what the decision depends on */
	if (from->lock.kind != EXPR_NONE)
		call->lock = argument == ARGUMENT_BY_EXTENSION ? from->lock
		             : argument == ARGUMENT_BY_INDEX   ? parameter(helper, TYPE_INDEX)
		                                               : parameter(helper, TYPE_LOCK);
	if (from->handle.kind != EXPR_NONE)
		call->handle = parameter(helper, TYPE_HANDLE);
	if (from->irql.kind != EXPR_NONE)
		call->irql = parameter(helper, rule_call->event == EVENT_ACQUIRE ? TYPE_KIRQL_OUT : TYPE_KIRQL);
	return call;
}

static struct prog_node *
return_value(struct arena *arena, bool value)
{
	struct prog_node *node = prog_node(arena, PROG_RETURN, 0);

	node->value = value;
	return node;
}

/* if (test) { return TRUE; } return FALSE; */
static struct prog_node *
return_test(struct arena *arena, struct prog_node *test)
{
	test->body = return_value(arena, true);
	test->next = return_value(arena, false);
	return test;
}

/* A helper that only calls another one, with its own parameters. */
static unsigned
wrap_helper(struct helping *h, unsigned inner)
{
	struct prog *prog = h->prog;
	struct prog_function *outer = &prog->function[prog->functions];
	bool returns = prog->function[inner].returns != TYPE_NONE;
	struct prog_node *call = prog_node(h->arena, returns ? PROG_IF : PROG_HELPER, 0);

	*outer = prog->function[inner];
	outer->outer = true;
	call->function = (uint8_t)inner;
	call->condition.kind = CONDITION_RESULT;
	for (unsigned i = 0; i < outer->parameters; i++)
		call->argument[i] = (struct prog_expr){EXPR_PARAMETER, (uint8_t)i};
	outer->body = returns ? return_test(h->arena, call) : call;
	return prog->functions++;
}

/* The body of a helper: the call, and what it needs to be more than a name for it. */
static void
fill_helper(struct helping *h, struct prog_function *helper, const struct prog_node *from)
{
	struct prog_node *call = helper_call(h, helper, from);

	if (helper->purpose == PURPOSE_CONDITIONAL && from->op == PROG_TRY) {
		helper->body = return_test(h->arena, call);
	} else if (helper->purpose == PURPOSE_CONDITIONAL) {
		struct prog_node *test = prog_node(h->arena, PROG_IF, 0);

		helper->body = return_test(h->arena, test);
		call->next = test->body;
		test->body = call;
	} else {
		helper->body = call;
	}
	if (by_extension(h->prog)) {
		struct prog_node *work = prog_node(h->arena, PROG_WORK, 0);

		work->next = helper->body;
		helper->body = work;
	}
}

/* The helper for this call; 0 where there is no room for another. */
static unsigned
find_helper(struct helping *h, const struct prog_node *from, enum prog_purpose purpose)
{
	struct prog *prog = h->prog;
	uint8_t lock = by_extension(prog) && from->lock.kind == EXPR_LOCK ? from->lock.index : PROG_NONE;
	bool nested = prog->shapes.choice[SHAPE_CALL] == CALL_NESTED;
	struct prog_function *helper;

	for (unsigned i = 1; i < prog->functions; i++) {
		helper = &prog->function[i];
		if (helper->purpose == purpose && helper->call == from->call && helper->lock == lock &&
		    helper->outer == nested)
			return i;
	}
	if (prog->functions + 2 > PROG_FUNCTIONS)
		return 0;
	helper = &prog->function[prog->functions];
	*helper = (struct prog_function){.purpose = purpose, .lock = lock, .call = from->call};
	helper->style = call_style(prog);
	if (purpose == PURPOSE_CONDITIONAL)
		helper->returns = prog->shapes.choice[SHAPE_HELPER] == HELPER_FALLIBLE ? TYPE_STATUS : TYPE_FLAG;
	fill_helper(h, helper, from);
	assert(helper->body && helper->parameters <= PROG_PARAMETERS);
	prog->functions++;
	return nested ? wrap_helper(h, prog->functions - 1) : prog->functions - 1;
}

static void
pass_arguments(struct prog_node *node, const struct prog_function *helper, const struct prog_node *from)
{
	for (unsigned i = 0; i < helper->parameters; i++)
		switch (helper->parameter[i]) {
		case TYPE_EXTENSION:
			node->argument[i].kind = EXPR_EXTENSION;
			break;
		case TYPE_LOCK:
		case TYPE_INDEX:
			node->argument[i] = from->lock;
			break;
		case TYPE_HANDLE:
			node->argument[i] = from->handle;
			break;
		case TYPE_KIRQL:
		case TYPE_KIRQL_OUT:
			node->argument[i] = from->irql;
			break;
		case TYPE_NONE:
		case TYPE_FLAG:
		case TYPE_STATUS:
		case TYPE_AGAIN:
		case TYPE_REQUEST:
			bug("a helper of a lock call takes no such parameter");
		}
}

static void
forget_call(struct prog_node *node)
{
	node->lock = node->handle = node->irql = (struct prog_expr){EXPR_NONE, 0};
}

static void
help_call(struct helping *h, struct prog_node *node)
{
	bool acquires = h->prog->rule->call[node->call].event == EVENT_ACQUIRE;
	unsigned choice = h->prog->shapes.choice[SHAPE_HELPER];
	unsigned helper;

	if (choice != HELPER_BOTH && choice != (acquires ? HELPER_ACQUIRE : HELPER_RELEASE))
		return;
	helper = find_helper(h, node, acquires ? PURPOSE_ACQUIRE : PURPOSE_RELEASE);
	if (!helper)
		return;
	pass_arguments(node, &h->prog->function[helper], node);
	node->op = PROG_HELPER;
	node->function = (uint8_t)helper;
	forget_call(node);
	h->changed = true;
}

/* if (unknown) { acquire; ... } or if (try) { ... } */
static void
help_condition(struct helping *h, struct prog_node *node)
{
	const struct prog_node *from = node->op == PROG_TRY ? node : node->body;
	unsigned choice = h->prog->shapes.choice[SHAPE_HELPER];
	unsigned helper;

	if (choice != HELPER_CONDITIONAL && choice != HELPER_FALLIBLE)
		return;
	if (node->op == PROG_IF &&
	    (node->condition.kind != CONDITION_UNKNOWN || node->condition.negated || !from ||
	     from->op != PROG_CALL || h->prog->rule->call[from->call].event != EVENT_ACQUIRE))
		return;
	helper = find_helper(h, from, PURPOSE_CONDITIONAL);
	if (!helper)
		return;
	pass_arguments(node, &h->prog->function[helper], from);
	node->function = (uint8_t)helper;
	node->event = from->statement;
	node->condition.kind = CONDITION_RESULT;
	if (node->op == PROG_IF) {
		node->body = node->body->next;
		if (!node->body)
			node->body = prog_node(h->arena, PROG_WORK, 0);
	}
	node->op = PROG_IF;
	forget_call(node);
	h->changed = true;
}

static void
help_block(struct helping *h, struct prog_node *node)
{
	for (; node; node = node->next) {
		if (node->op == PROG_CALL)
			help_call(h, node);
		if (node->op == PROG_TRY || node->op == PROG_IF)
			help_condition(h, node);
		help_block(h, node->body);
		help_block(h, node->other);
	}
}

/* guards */

/* Whether one releases what the other took, by their names. */
static bool
is_pair(const struct prog *prog, const struct prog_node *acquire, const struct prog_node *release)
{
	const struct rule_call *calls = prog->rule->call;

	if (release->op != PROG_CALL || calls[release->call].event != EVENT_RELEASE)
		return false;
	if (prog->rule->has_handles)
		return acquire->handle.index == release->handle.index;
	return acquire->lock.index == release->lock.index && calls[acquire->call].releases >> release->call & 1;
}

/* The link to the release that closes a guard begun by this acquire, or NULL. Nothing between may jump to a
 * place that the guard's own loop would change: a break or continue of a loop outside, or a return that
 * becomes something else. */
static struct prog_node **
find_close(const struct prog *prog, struct prog_node *acquire)
{
	bool returns_stay =
		prog->shapes.choice[SHAPE_EXIT] != EXIT_STATUS && prog->shapes.choice[SHAPE_EXIT] != EXIT_ONCE;

	if (prog->rule->call[acquire->call].event != EVENT_ACQUIRE)
		return NULL;
	for (struct prog_node **link = &acquire->next; *link; link = &(*link)->next) {
		struct prog_node *node = *link, alone = *node;

		if (is_pair(prog, acquire, node))
			return node == acquire->next ? NULL : link;
		alone.next = NULL;
		if (prog_is_jump(node) || prog_has_break(&alone) || prog_has_continue(&alone) ||
		    (!returns_stay && prog_has(&alone, PROG_RETURN)))
			return NULL;
	}
	return NULL;
}

static void
guard_block(struct helping *h, struct prog_node *node)
{
	for (; node; node = node->next) {
		struct prog_node **close = node->op == PROG_CALL ? find_close(h->prog, node) : NULL;

		if (close) {
			struct prog_node *release = *close, *after = release->next;

			*close = NULL;
			release->next = NULL;
			node->op = PROG_GUARD;
			node->body = node->next;
			node->other = release;
			node->next = after;
			h->changed = true;
			continue; /* one in another would hide its variable */
		}
		guard_block(h, node->body);
		if (node->op != PROG_GUARD)
			guard_block(h, node->other);
	}
}

bool
rewrite_helper(struct prog *prog)
{
	struct helping h = {.prog = prog, .arena = prog->arena};
	const unsigned char *choice = prog->shapes.choice;
	bool conditional = choice[SHAPE_HELPER] == HELPER_CONDITIONAL || choice[SHAPE_HELPER] == HELPER_FALLIBLE;
	bool in_array = choice[SHAPE_PLACE] == PLACE_ARRAY || choice[SHAPE_PLACE] == PLACE_INDEX;

	if (choice[SHAPE_ARGUMENT] == ARGUMENT_BY_INDEX && !in_array)
		return false;
	if (conditional && choice[SHAPE_CALL] == CALL_MACRO)
		return false;
	if (choice[SHAPE_HELPER] == HELPER_GUARD)
		guard_block(&h, prog->function[0].body);
	else
		help_block(&h, prog->function[0].body);
	return h.changed;
}

/* aliases */

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
	if (!acquires && choice != ALIAS_TWO && choice != ALIAS_CHOSEN)
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
					alias_expr(n, &node->argument[i], helper->purpose != PURPOSE_RELEASE);
		}
		alias_block(n, node->body);
		alias_block(n, node->other);
	}
}

bool
rewrite_alias(struct prog *prog)
{
	struct naming n = {.prog = prog};

	if (!prog->rule->lock_type[0])
		return false;
	/* A helper that finds the lock by itself finds the one lock, not the one chosen. */
	if (prog->shapes.choice[SHAPE_ALIAS] == ALIAS_CHOSEN && prog->functions > 1 &&
	    prog->shapes.choice[SHAPE_ARGUMENT] != ARGUMENT_BY_LOCK)
		return false;
	alias_block(&n, prog->function[0].body);
	return n.acquires && (n.releases || prog->shapes.choice[SHAPE_ALIAS] != ALIAS_TWO);
}
