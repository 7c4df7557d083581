/* What the rewritings that make helpers share. See helping.h.
 *
 * How to read it: a function's parameters and style, then a function that only calls another, then which
 * calls belong together.
 */
#include "helping.h"

#include <stddef.h>

#include "fail.h"

unsigned
helping_parameter(struct prog_function *function, enum prog_type type)
{
	if (function->parameters == PROG_PARAMETERS)
		bug("more than %d parameters", PROG_PARAMETERS);
	function->parameter[function->parameters] = type;
	return function->parameters++;
}

/* Whether helpers need nothing but the rule's calls, so that a file without the device extension can define
 * them. */
static bool
fits_second_file(const struct prog *prog)
{
	unsigned helper = prog->shapes.choice[SHAPE_HELPER];

	return prog->shapes.choice[SHAPE_ARGUMENT] == ARGUMENT_BY_LOCK &&
	       ((helper >= HELPER_RELEASE && helper <= HELPER_BOTH) || helper == HELPER_DIRECTION ||
	        helper == HELPER_ASSERTS);
}

uint8_t
helping_style(const struct prog *prog)
{
	unsigned style = prog->shapes.choice[SHAPE_CALL];

	return (uint8_t)(style == CALL_FILE && !fits_second_file(prog) ? CALL_STATIC : style);
}

static struct prog_node *
return_value(struct arena *arena, bool value)
{
	struct prog_node *node = prog_node(arena, PROG_RETURN, 0);

	node->value = value;
	return node;
}

struct prog_node *
helping_return_test(struct arena *arena, struct prog_node *test)
{
	test->body = return_value(arena, true);
	test->next = return_value(arena, false);
	return test;
}

unsigned
helping_wrap(struct helping *h, unsigned inner)
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
	outer->body = returns ? helping_return_test(h->arena, call) : call;
	return prog->functions++;
}

bool
helping_is_pair(const struct prog *prog, const struct prog_node *acquire, const struct prog_node *release)
{
	const struct rule_call *calls = prog->rule->call;

	if (release->op != PROG_CALL || calls[release->call].event != EVENT_RELEASE)
		return false;
	if (prog->rule->has_handles)
		return acquire->handle.index == release->handle.index;
	return acquire->lock.index == release->lock.index && calls[acquire->call].releases >> release->call & 1;
}
