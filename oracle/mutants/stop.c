/* Mutants that do not understand how the system is stopped: by a function, an assertion, an operand of ?:;
 * and those that take other calls for a stop. See mutation.h. */
#include "mutation.h"

#include <stddef.h>

/* a stop that is none */

/* The function's call is one that returns. */
static void
return_from_stop(struct mutation *m, struct prog_node **link)
{
	const struct prog_node *node = *link;

	if (node->op == PROG_STOP && node->function && m->prog->shapes.choice[SHAPE_STOP] == m->parameter)
		mutation_splice(link, NULL);
}

/* Whether the node stops in one of its operands, in that spelling. */
static bool
is_operand(const struct mutation *m, const struct prog_node *node)
{
	return (node->op == PROG_IF || node->op == PROG_TRY) && node->spelling == m->parameter;
}

/* What is looked at is evaluated, and its outcome does not matter. */
static void
run_on_behind(struct mutation *m, struct prog_node **link)
{
	if (is_operand(m, *link))
		(*link)->body = (*link)->other = NULL;
}

/* Nothing is evaluated. */
static void
drop_operand(struct mutation *m, struct prog_node **link)
{
	if (is_operand(m, *link))
		mutation_splice(link, NULL);
}

/* The other outcome stops. */
static void
invert_operand(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *body = node->body;

	if (!is_operand(m, node))
		return;
	node->body = node->other;
	node->other = body;
}

/* what is none taken for a stop */

/* A branch whose only call is that of a function without a result. */
static bool
is_void_call(const struct prog_node *block)
{
	return block && !block->next && (block->op == PROG_HELPER || block->op == PROG_WORK);
}

/* The branch in which a try, or a helper, failed. */
static void
stop_at_failure(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link;
	bool tests = node->op == PROG_TRY || (node->op == PROG_IF && (node->condition.kind == CONDITION_RESULT ||
	                                                              node->condition.kind == CONDITION_VAR));
	struct prog_node **failed = node->condition.negated ? &node->body : &node->other;

	if (tests && is_void_call(*failed))
		mutation_append(failed, mutation_node(m, PROG_STOP));
}

/* A branch that does nothing but to call something. */
static void
stop_at_lone_call(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link;

	if (node->op != PROG_IF && node->op != PROG_TRY && node->op != PROG_SWITCH)
		return;
	if (is_void_call(node->body) && !node->other && !node->falls)
		mutation_append(&node->body, mutation_node(m, PROG_STOP));
}

/* A function that has no result does not return. */
static void
stop_at_helper(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *stop;

	if (!m->depth || node->op != PROG_HELPER || m->prog->function[node->function].purpose == PURPOSE_LOOP ||
	    !mutation_in_main(m))
		return;
	stop = mutation_node(m, PROG_STOP);
	stop->next = node->next;
	node->next = stop;
}

const struct mutant mutants_stop[] = {
	{.name = "stop-function-returns",
     .summary = "A function that says that it never returns is a call like any other.",
     .node = return_from_stop,
     .parameter = STOP_FUNCTION},
	{.name = "unmarked-stop-returns",
     .summary = "A function returns unless it says that it never does; so -Wthread-safety, sparse.",
     .node = return_from_stop,
     .parameter = STOP_UNMARKED},
	{.name = "assert-goes-on",
     .summary = "An assertion that fails is passed by, as in a build without them.",
     .node = run_on_behind,
     .parameter = SPELL_REQUIRE},
	{.name = "assert-ignored",
     .summary = "What an assertion evaluates is not seen.",
     .node = drop_operand,
     .parameter = SPELL_REQUIRE},
	{.name = "assert-inverted",
     .summary = "An assertion stops where it holds.",
     .node = invert_operand,
     .parameter = SPELL_REQUIRE},
	{.name = "ternary-stop-goes-on",
     .summary = "An operand of ?: that stops the system is a value.",
     .node = run_on_behind,
     .parameter = SPELL_CHOOSE},
	{.name = "ternary-stop-ignored",
     .summary = "A ?: that stands as a statement is not seen.",
     .node = drop_operand,
     .parameter = SPELL_CHOOSE},
	{.name = "failed-try-stops",
     .summary = "The branch of a failure that only calls something ends there.",
     .node = stop_at_failure},
	{.name = "lone-call-stops",
     .summary = "A branch that does nothing but to call something ends there, as if that were a bug check.",
     .node = stop_at_lone_call},
	{.name = "void-helper-stops",
     .summary = "A function without a result that a branch calls does not return.",
     .node = stop_at_helper},
	{0},
};
