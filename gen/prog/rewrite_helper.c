/* Rewritings of the dimension helper, by those of argument and call. See rewrite.h.
 *
 * A lock call becomes the call of a helper; one helper serves all calls of the same API, and of the same lock
 * where it finds the lock by itself. A conditional helper takes over the decision too: `if (unknown) {
 * acquire; ...`, or a try, becomes `if (helper()) { ...`. Two levels deep means that a helper calls a helper.
 * A guard is a macro around an acquire, a block and a release: see rewrite_guard.c.
 *
 *   KeReleaseSpinLock(&Extension->QueueLock, OldIrql);      ReleaseLock(&Extension->QueueLock, OldIrql);
 */
#include "rewrite.h"

#include <assert.h>
#include <stddef.h>

#include "bits.h"
#include "helping.h"

/* helpers */

static bool
by_extension(const struct prog *prog)
{
	return prog->shapes.choice[SHAPE_ARGUMENT] == ARGUMENT_BY_EXTENSION;
}

static bool
is_direction(const struct prog *prog)
{
	return prog->shapes.choice[SHAPE_HELPER] == HELPER_DIRECTION ||
	       prog->shapes.choice[SHAPE_HELPER] == HELPER_DIRECTION_ENUM;
}

static struct prog_expr
parameter(struct prog_function *function, enum prog_type type)
{
	return (struct prog_expr){EXPR_PARAMETER, (uint8_t)helping_parameter(function, type)};
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
		helping_parameter(helper, TYPE_EXTENSION); /* which finds the lock, or what the decision depends on */
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

/* both directions */

/* The release of what an acquire took: index into rule.call. */
static unsigned
release_of(const struct rule *rule, unsigned acquire)
{
	return bits_lowest(rule->call[acquire].releases);
}

/* Whether one function can make the two calls. What the one saves the other gives back: the rule's reader has
 * seen to that. */
static bool
is_couple(const struct rule *rule, unsigned acquire, unsigned release)
{
	const struct rule_call *takes = &rule->call[acquire];

	return takes->event == EVENT_ACQUIRE && !takes->is_try && release_of(rule, acquire) == release;
}

/* if (direction) { acquire; } else { release; }, with one KIRQL for both */
static struct prog_node *
both_directions(struct helping *h, struct prog_function *helper, const struct prog_node *from)
{
	const struct rule *rule = h->prog->rule;
	struct prog_node *test = prog_node(h->arena, PROG_IF, 0), *release = prog_node(h->arena, PROG_CALL, 0);
	const struct prog_node *acquire = test->body = helper_call(h, helper, from);

	test->other = release;
	release->call = (uint8_t)release_of(rule, from->call);
	if (!rule->has_handles)
		release->lock = acquire->lock;
	release->handle = acquire->handle;
	if (acquire->irql.kind != EXPR_NONE)
		release->irql = (struct prog_expr){EXPR_POINTED, acquire->irql.index};
	test->condition.kind = CONDITION_PARAMETER;
	test->condition.variable = (uint8_t)helping_parameter(helper, TYPE_DIRECTION);
	return test;
}

/* The body of a helper: the call, and what it needs to be more than a name for it. */
static void
fill_helper(struct helping *h, struct prog_function *helper, const struct prog_node *from)
{
	struct prog_node *call = helper->purpose == PURPOSE_DIRECTION ? both_directions(h, helper, from)
	                                                              : helper_call(h, helper, from);

	if (helper->purpose == PURPOSE_CONDITIONAL && from->op == PROG_TRY) {
		helper->body = helping_return_test(h->arena, call);
	} else if (helper->purpose == PURPOSE_CONDITIONAL) {
		struct prog_node *test = prog_node(h->arena, PROG_IF, 0);

		helper->body = helping_return_test(h->arena, test);
		call->next = test->body;
		test->body = call;
	} else {
		helper->body = call;
	}
	if (helper->purpose == PURPOSE_ASSERTION)
		call->op = PROG_ASSERT;
	else if (by_extension(h->prog)) {
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
	helper->style = helping_style(prog);
	if (purpose == PURPOSE_CONDITIONAL)
		helper->returns = prog->shapes.choice[SHAPE_HELPER] == HELPER_FALLIBLE ? TYPE_STATUS : TYPE_FLAG;
	fill_helper(h, helper, from);
	assert(helper->body && helper->parameters <= PROG_PARAMETERS);
	prog->functions++;
	return nested ? helping_wrap(h, prog->functions - 1) : prog->functions - 1;
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
		case TYPE_DIRECTION: /* `from` acquires */
			node->argument[i] = (struct prog_expr){EXPR_CONSTANT, from->call == node->call};
			break;
		case TYPE_NONE:
		case TYPE_FLAG:
		case TYPE_STATUS:
		case TYPE_AGAIN:
		case TYPE_RESULT:
		case TYPE_REQUEST:
			bug("a helper of a lock call takes no such parameter");
		}
}

static void
forget_call(struct prog_node *node)
{
	node->lock = node->handle = node->irql = (struct prog_expr){EXPR_NONE, 0};
}

/* The node becomes a call of the helper that does what `from` does. */
static void
become_helper(struct helping *h, struct prog_node *node, const struct prog_node *from,
              enum prog_purpose purpose)
{
	unsigned helper = find_helper(h, from, purpose);

	if (!helper)
		return;
	pass_arguments(node, &h->prog->function[helper], from);
	node->op = PROG_HELPER;
	node->function = (uint8_t)helper;
	forget_call(node);
	h->changed = true;
}

static void
help_call(struct helping *h, struct prog_node *node)
{
	bool acquires = h->prog->rule->call[node->call].event == EVENT_ACQUIRE;
	unsigned choice = h->prog->shapes.choice[SHAPE_HELPER];

	if (choice == HELPER_BOTH || choice == (acquires ? HELPER_ACQUIRE : HELPER_RELEASE))
		become_helper(h, node, node, acquires ? PURPOSE_ACQUIRE : PURPOSE_RELEASE);
}

/* The acquire that undoes a release: the one of a function that is there, else the role's own, else any; the
 * number of calls where there is none. */
static unsigned
acquire_for(const struct prog *prog, unsigned release)
{
	const struct rule *rule = prog->rule;
	unsigned found = rule->role[prog->role].acquire[rule->call[release].type];

	for (unsigned i = 1; i < prog->functions; i++)
		if (prog->function[i].purpose == PURPOSE_DIRECTION &&
		    is_couple(rule, prog->function[i].call, release))
			return prog->function[i].call;
	if (is_couple(rule, found, release))
		return found;
	for (found = 0; found < rule->calls && !is_couple(rule, found, release);)
		found++;
	return found;
}

/* The call becomes one of a function that acquires or releases, as its argument says. */
static void
help_direction(struct helping *h, struct prog_node *node)
{
	struct prog *prog = h->prog;
	bool acquires = prog->rule->call[node->call].event == EVENT_ACQUIRE;
	unsigned acquire = acquires ? node->call : acquire_for(prog, node->call);
	struct prog_node taking = *node;

	if (acquire == prog->rule->calls)
		return;
	taking.call = (uint8_t)acquire;
	if (taking.lock.kind == EXPR_NONE && rule_names_locks(prog->rule)) {
		if (!prog->locks)
			return;
		taking.lock = (struct prog_expr){EXPR_LOCK, node->owner};
	}
	become_helper(h, node, &taking, PURPOSE_DIRECTION);
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
		if (node->op == PROG_CALL && h->prog->rule->call[node->call].event != EVENT_OWN)
			(is_direction(h->prog) ? help_direction : help_call)(h, node);
		if (node->op == PROG_TRY || node->op == PROG_IF)
			help_condition(h, node);
		help_block(h, node->body);
		help_block(h, node->other);
	}
}

/* accessors */

/* The function that sets or gets a flag; 0 where there is no room for another. */
static unsigned
find_accessor(struct helping *h, unsigned flag, enum prog_purpose purpose)
{
	struct prog *prog = h->prog;
	bool nested = prog->shapes.choice[SHAPE_CALL] == CALL_NESTED;
	struct prog_function *function = &prog->function[prog->functions];
	struct prog_node *node;

	for (unsigned i = 1; i < prog->functions; i++)
		if (prog->function[i].purpose == purpose && prog->function[i].flag == flag &&
		    prog->function[i].outer == nested)
			return i;
	if (prog->functions + 2 > PROG_FUNCTIONS)
		return 0;
	*function = (struct prog_function){.purpose = purpose, .lock = PROG_NONE, .flag = (uint8_t)flag};
	function->style = helping_style(prog);
	helping_parameter(function, TYPE_REQUEST);
	if (purpose == PURPOSE_SETTER) {
		function->body = node = prog_node(h->arena, PROG_ASSIGN, 0);
		node->variable = (uint8_t)flag;
		node->condition.kind = CONDITION_PARAMETER;
		node->condition.variable = (uint8_t)helping_parameter(function, TYPE_FLAG);
	} else {
		node = prog_node(h->arena, PROG_IF, 0);
		node->condition.kind = CONDITION_FLAG;
		node->condition.variable = (uint8_t)flag;
		function->body = helping_return_test(h->arena, node);
		function->returns = TYPE_FLAG;
	}
	prog->functions++;
	return nested ? helping_wrap(h, prog->functions - 1) : prog->functions - 1;
}

/* A flag that becomes a constant, and one that is tested. */
static void
access_block(struct helping *h, struct prog_node *node)
{
	for (; node; node = node->next) {
		bool sets = node->op == PROG_SET && h->prog->var[node->variable].type == TYPE_FLAG;
		bool tests = node->op == PROG_IF && node->condition.kind == CONDITION_FLAG;
		unsigned index = sets || tests ? find_accessor(h, sets ? node->variable : node->condition.variable,
		                                               sets ? PURPOSE_SETTER : PURPOSE_GETTER)
		                               : 0;

		if (index) {
			node->function = (uint8_t)index;
			node->argument[0].kind = EXPR_REQUEST;
			node->argument[1] = (struct prog_expr){sets ? EXPR_CONSTANT : EXPR_NONE, node->value};
			node->op = sets ? PROG_HELPER : PROG_IF;
			if (tests)
				node->condition.kind = CONDITION_RESULT;
			h->changed = true;
		}
		access_block(h, node->body);
		access_block(h, node->other);
	}
}

/* assertions */

/* Behind each acquire, where the lock is held on every path. One function serves all of them: it is given
 * what the role's own release is given. */
static void
assert_block(struct helping *h, struct prog_node *node)
{
	const struct rule *rule = h->prog->rule;

	for (; node; node = node->next) {
		struct prog_node from = *node, *call;
		unsigned helper;

		assert_block(h, node->body);
		assert_block(h, node->other);
		if (node->op != PROG_CALL || rule->call[node->call].event != EVENT_ACQUIRE)
			continue;
		from.call = (uint8_t)rule->role[h->prog->role].release[rule->call[node->call].type];
		from.irql.kind = EXPR_NONE;
		helper = find_helper(h, &from, PURPOSE_ASSERTION);
		if (!helper)
			continue;
		call = prog_node(h->arena, PROG_HELPER, 0);
		call->function = (uint8_t)helper;
		pass_arguments(call, &h->prog->function[helper], &from);
		call->next = node->next;
		node->next = call;
		node = call;
		h->changed = true;
	}
}

/* queue handles */

/* Notes at each release the lock that its handle was last taken for, in the order of reading. */
static void
note_owners(const struct prog *prog, struct prog_node *node, uint8_t owner[RULE_LOCKS])
{
	for (; node; node = node->next) {
		if (node->handle.kind == EXPR_VAR && node->lock.kind == EXPR_LOCK)
			owner[prog->var[node->handle.index].index] = node->lock.index;
		else if (node->handle.kind == EXPR_VAR)
			node->owner = owner[prog->var[node->handle.index].index];
		note_owners(prog, node->body, owner);
		note_owners(prog, node->other, owner);
	}
}

/* Twice, so that a release before every acquire has the last; any lock where there is none. */
static void
note_all_owners(struct prog *prog)
{
	uint8_t owner[RULE_LOCKS];

	if (!prog->rule->has_handles || !prog->locks)
		return;
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		owner[i] = (uint8_t)bits_lowest(prog->locks);
	note_owners(prog, prog->function[0].body, owner);
	note_owners(prog, prog->function[0].body, owner);
}

bool
rewrite_helper(struct prog *prog)
{
	struct helping h = {.prog = prog, .arena = prog->arena};
	const unsigned char *choice = prog->shapes.choice;
	bool conditional = choice[SHAPE_HELPER] == HELPER_CONDITIONAL || choice[SHAPE_HELPER] == HELPER_FALLIBLE;
	bool in_array = shapes_in_array(&prog->shapes);

	if (choice[SHAPE_ARGUMENT] == ARGUMENT_BY_INDEX && !in_array)
		return false;
	if (conditional && choice[SHAPE_CALL] == CALL_MACRO)
		return false;
	if (choice[SHAPE_HELPER] == HELPER_ACCESSOR &&
	    (choice[SHAPE_FLAG] != FLAG_REQUEST || choice[SHAPE_CALL] == CALL_MACRO ||
	     choice[SHAPE_ARGUMENT] != ARGUMENT_BY_LOCK))
		return false;
	note_all_owners(prog);
	if (choice[SHAPE_HELPER] == HELPER_BALANCED || choice[SHAPE_HELPER] == HELPER_RETAKEN)
		helping_runs(&h);
	else if (choice[SHAPE_HELPER] == HELPER_ACCESSOR)
		access_block(&h, prog->function[0].body);
	else if (choice[SHAPE_HELPER] == HELPER_ASSERTS)
		assert_block(&h, prog->function[0].body);
	else if (choice[SHAPE_HELPER] == HELPER_GUARD || choice[SHAPE_HELPER] == HELPER_GUARD_LEFT)
		return rewrite_guard(prog);
	else
		help_block(&h, prog->function[0].body);
	return h.changed;
}
