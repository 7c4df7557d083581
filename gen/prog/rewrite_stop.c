/* Rewritings of the dimension stop: how it is told that the system stops. See rewrite.h.
 *
 *   assert                 if (!c) { stop } rest                    REQUIRE(c); rest
 *   ternary                the same                                 (c) ? (VOID)0 : stop; rest
 *   function, unmarked     stop                                     StopDriver();
 *
 * The first two need a branch that does nothing but stop: what the other one does moves behind it. Where
 * noise stops the system, which comes later, it does so in place.
 */
#include "rewrite.h"

#include <stddef.h>

static bool
is_lone_stop(const struct prog_node *block)
{
	return block && block->op == PROG_STOP && !block->next;
}

/* A block within an expression, over several lines, is no operand. */
static bool
is_decided(const struct prog_node *node)
{
	return (node->op == PROG_IF || node->op == PROG_TRY) && node->spelling == SPELL_PLAIN &&
	       node->condition.told != RESULT_BLOCK && is_lone_stop(node->body) != is_lone_stop(node->other);
}

static bool
stop_decided(struct prog_node *node, enum prog_spelling spelling)
{
	struct prog_node **rest = is_lone_stop(node->body) ? &node->other : &node->body, *moved = *rest;

	if (prog_ends_in_jump(moved) && node->next)
		return false; /* what follows would never be reached */
	node->spelling = (uint8_t)spelling;
	*prog_end(&moved) = node->next;
	node->next = moved;
	*rest = NULL;
	return true;
}

/* The function that stops the system, with nothing else to do. */
static uint8_t
stop_function(struct prog *prog)
{
	unsigned index = prog->functions - 1;
	struct prog_function *function;

	if (prog->function[index].purpose == PURPOSE_STOP)
		return (uint8_t)index;
	if (prog->functions == PROG_FUNCTIONS)
		return 0;
	function = &prog->function[prog->functions];
	*function = (struct prog_function){.purpose = PURPOSE_STOP, .lock = PROG_NONE, .style = CALL_STATIC};
	function->body = prog_node(prog->arena, PROG_STOP, 0);
	return (uint8_t)prog->functions++;
}

static bool
stop_one(struct prog *prog, struct prog_node *node)
{
	switch (prog->shapes.choice[SHAPE_STOP]) {
	case STOP_ASSERT:
		return is_decided(node) && stop_decided(node, SPELL_REQUIRE);
	case STOP_TERNARY:
		return is_decided(node) && stop_decided(node, SPELL_CHOOSE);
	default:
		if (node->op == PROG_STOP)
			node->function = stop_function(prog);
		return node->op == PROG_STOP && node->function;
	}
}

static bool
stop_block(struct prog *prog, struct prog_node *node)
{
	bool changed = false;

	for (; node; node = node->next) {
		changed |= stop_block(prog, node->body);
		changed |= stop_block(prog, node->other);
		changed |= stop_one(prog, node);
	}
	return changed;
}

bool
rewrite_stop(struct prog *prog)
{
	return stop_block(prog, prog->function[0].body);
}
