/* Rewritings of the dimensions branch and flag. See rewrite.h.
 *
 * A branch that another shape brought, on a status, stays as it is. A break never lands in a switch: where a
 * block holds one that would, the branch stays an `if`.
 */
#include "rewrite.h"

#include <stddef.h>

static bool
is_plain_if(const struct prog_node *node)
{
	return node->op == PROG_IF && node->condition.kind != CONDITION_VAR && node->spelling == SPELL_PLAIN &&
	       node->condition.guard == PROG_NONE;
}

static bool
branch_inverted(struct prog_node *node)
{
	struct prog_node *body = node->body;

	if (!node->other)
		return false;
	node->body = node->other;
	node->other = body;
	node->condition.negated = !node->condition.negated;
	return true;
}

static bool
branch_chain(struct prog_node *node)
{
	const struct prog_node *inner = node->other;

	if (!inner || inner->next || !(is_plain_if(inner) || inner->spelling == SPELL_CHAIN))
		return false;
	node->spelling = SPELL_CHAIN;
	return true;
}

static bool
branch_switch(struct prog_node *node)
{
	if (prog_has_break(node->body) || prog_has_break(node->other))
		return false;
	node->op = PROG_SWITCH;
	return true;
}

/* if (c) { A } R  is  switch (c) { case 1: A; fall through; default: R } */
static bool
branch_fall(struct prog_node *node)
{
	if (node->other || !node->next || prog_ends_in_jump(node->body) || prog_has_break(node->body) ||
	    prog_has_break(node->next) || prog_has(node->next, PROG_LABEL))
		return false;
	node->op = PROG_SWITCH;
	node->falls = true;
	node->other = node->next;
	node->next = NULL;
	return true;
}

static bool
is_single_call(const struct prog_node *node)
{
	return node && !node->next && (node->op == PROG_CALL || node->op == PROG_HELPER);
}

static bool
branch_ternary(struct prog_node *node)
{
	if (!is_single_call(node->body) || (node->other && !is_single_call(node->other)))
		return false;
	node->spelling = SPELL_TERNARY;
	return true;
}

static bool
branch_joined(struct prog_node *node, enum prog_spelling spelling)
{
	const struct prog_node *inner = node->body;

	if (node->other || !inner || inner->next || !is_plain_if(inner) || inner->other)
		return false;
	if (node->condition.kind == CONDITION_FLAG && inner->condition.kind == CONDITION_FLAG &&
	    node->condition.variable == inner->condition.variable)
		return false; /* compilers warn of p && !p */
	node->spelling = (uint8_t)spelling;
	return true;
}

/* if (!c) goto otherwise; A; goto join; otherwise: B; join: */
static bool
branch_goto(struct prog *prog, struct arena *arena, struct prog_node *node)
{
	struct prog_node *otherwise = prog_jump(prog, arena, PROG_LABEL, LABEL_OTHERWISE, 0);
	struct prog_node *join = NULL, *after = node->next;

	node->condition.negated = !node->condition.negated;
	node->next = node->body;
	node->body = prog_jump(prog, arena, PROG_GOTO, LABEL_OTHERWISE, otherwise->label);
	if (node->other && !prog_ends_in_jump(node->next)) {
		join = prog_jump(prog, arena, PROG_LABEL, LABEL_JOIN, 0);
		*prog_end(&node->next) = prog_jump(prog, arena, PROG_GOTO, LABEL_JOIN, join->label);
		join->next = after;
	}
	*prog_end(&node->next) = otherwise;
	otherwise->next = node->other;
	*prog_end(&otherwise->next) = join ? join : after;
	node->other = NULL;
	return true;
}

static bool
branch_one(struct prog *prog, struct arena *arena, struct prog_node *node)
{
	switch (prog->shapes.choice[SHAPE_BRANCH]) {
	case BRANCH_INVERTED:
		return branch_inverted(node);
	case BRANCH_CHAIN:
		return branch_chain(node);
	case BRANCH_SWITCH:
		return branch_switch(node);
	case BRANCH_FALL:
		return branch_fall(node);
	case BRANCH_TERNARY:
		return branch_ternary(node);
	case BRANCH_AND:
		return branch_joined(node, SPELL_AND);
	case BRANCH_OR:
		return branch_joined(node, SPELL_OR);
	case BRANCH_GOTO:
		return branch_goto(prog, arena, node);
	default:
		return false;
	}
}

/* Inner branches first, so that a node that moves has been seen; for && and || the outer one first, and the
 * inner one stays. */
static bool
branch_block(struct prog *prog, struct arena *arena, struct prog_node *node, bool joined)
{
	unsigned choice = prog->shapes.choice[SHAPE_BRANCH];
	bool joins = choice == BRANCH_AND || choice == BRANCH_OR, changed = false;
	struct prog_node *next;

	for (; node; node = next) {
		bool did = joins && !joined && is_plain_if(node) && branch_one(prog, arena, node);

		next = node->next;
		changed |= branch_block(prog, arena, node->body, did);
		changed |= branch_block(prog, arena, node->other, false);
		changed |= did;
		if (joins || !is_plain_if(node))
			continue;
		if (choice == BRANCH_FALL) { /* what follows moves into the switch */
			changed |= branch_block(prog, arena, next, false);
			next = NULL;
		}
		changed |= branch_one(prog, arena, node);
	}
	return changed;
}

bool
rewrite_branch(struct prog *prog)
{
	bool changed = false;

	for (unsigned i = 0; i < prog->functions; i++)
		if (prog->function[i].purpose == PURPOSE_ROUTINE || prog->function[i].purpose == PURPOSE_LOOP)
			changed |= branch_block(prog, prog->arena, prog->function[i].body, false);
	return changed;
}

/* flags */

static bool
flag_block(const struct prog *prog, struct prog_node *node, unsigned *odd, unsigned *seen)
{
	bool changed = false;

	for (; node; node = node->next) {
		struct prog_condition *condition = &node->condition;

		if (condition->kind == CONDITION_FLAG) {
			unsigned bit = 1U << prog->var[condition->variable].index;

			condition->other_words = *odd & bit;
			changed |= condition->other_words;
			*odd ^= bit;
			*seen |= bit;
		}
		changed |= flag_block(prog, node->body, odd, seen);
		changed |= flag_block(prog, node->other, odd, seen);
	}
	return changed;
}

bool
rewrite_flag(struct prog *prog)
{
	unsigned odd = 0, seen = 0;
	bool twice = false;

	for (unsigned i = 0; i < prog->functions; i++)
		twice |= flag_block(prog, prog->function[i].body, &odd, &seen);
	return prog->shapes.choice[SHAPE_FLAG] == FLAG_RESPELLED ? twice : seen != 0;
}
