/* Rewritings of the dimensions branch and flag. See rewrite.h.
 *
 * A branch that another shape brought, on a status, stays as it is. A break never lands in a switch: where a
 * block holds one that would, the branch stays an `if`.
 */
#include "rewrite.h"

#include <stddef.h>

/* One of the sequence, or on a result that is kept: not on a status that another shape brought. */
static bool
is_plain_if(const struct prog *prog, const struct prog_node *node)
{
	return node->op == PROG_IF && node->spelling == SPELL_PLAIN && node->condition.guard == PROG_NONE &&
	       (node->condition.kind != CONDITION_VAR || prog->var[node->condition.variable].type == TYPE_RESULT);
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
branch_chain(const struct prog *prog, struct prog_node *node)
{
	const struct prog_node *inner = node->other;

	if (!inner || inner->next || !(is_plain_if(prog, inner) || inner->spelling == SPELL_CHAIN))
		return false;
	node->spelling = SPELL_CHAIN;
	return true;
}

static bool
branch_switch(struct prog_node *node)
{
	if (node->condition.told || prog_has_break(node->body) || prog_has_break(node->other))
		return false;
	node->op = PROG_SWITCH;
	return true;
}

/* switch (value) { default: ...; case 0: ... } */
static bool
branch_default(struct prog_node *node)
{
	node->default_first = branch_switch(node);
	return node->default_first;
}

/* What a statement expression says is no operand: nobody writes that. */
static bool
branch_spelled(struct prog_node *node, enum prog_spelling spelling)
{
	if (node->condition.told == RESULT_BLOCK)
		return false;
	node->spelling = (uint8_t)spelling;
	return true;
}

/* if (c) { A } R  is  switch (c) { case 1: A; fall through; default: R } */
static bool
branch_fall(struct prog_node *node)
{
	if (node->condition.told || node->other || !node->next || prog_ends_in_jump(node->body) ||
	    prog_has_break(node->body) || prog_has_break(node->next) || prog_has(node->next, PROG_LABEL) ||
	    prog_has(node->next, PROG_SCOPE))
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
	if (node->condition.told == RESULT_BLOCK)
		return false;
	if (!is_single_call(node->body) || (node->other && !is_single_call(node->other)))
		return false;
	node->spelling = SPELL_TERNARY;
	return true;
}

static bool
branch_joined(const struct prog *prog, struct prog_node *node, enum prog_spelling spelling)
{
	const struct prog_node *inner = node->body;

	if (node->other || !inner || inner->next || !is_plain_if(prog, inner) || inner->other)
		return false;
	if (node->condition.kind == CONDITION_FLAG && inner->condition.kind == CONDITION_FLAG &&
	    node->condition.variable == inner->condition.variable)
		return false; /* compilers warn of p && !p */
	if (node->condition.kind == CONDITION_RESULT && inner->condition.kind == CONDITION_RESULT &&
	    node->function == inner->function && node->argument[0].kind == EXPR_REQUEST)
		return false; /* the same of what a getter returns */
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

/* goto *(c ? &&taken : &&otherwise); taken: A; goto join; otherwise: B; join:
 *
 * Compilers lead each such goto to every such label: a variable that is set between two of them needs a value
 * before, and one that has none until it is used is not for them. */
static bool
branch_computed(struct prog *prog, struct arena *arena, struct prog_node *node)
{
	struct prog_node *taken;

	if (shapes_move(&prog->shapes) || node->condition.told == RESULT_BLOCK)
		return false;
	prog->fresh = 0;
	taken = prog_jump(prog, arena, PROG_LABEL, LABEL_TAKEN, 0);
	branch_goto(prog, arena, node);
	node->condition.negated = !node->condition.negated;
	node->other = node->body;
	node->body = prog_jump(prog, arena, PROG_GOTO, LABEL_TAKEN, taken->label);
	taken->next = node->next;
	node->next = taken;
	node->spelling = SPELL_COMPUTED;
	return true;
}

/* What assembler does with a flag nobody knows; an unknown it may test as well as C. */
static bool
branch_asm(struct prog *prog, struct arena *arena, struct prog_node *node)
{
	if (node->condition.kind != CONDITION_UNKNOWN)
		return false;
	branch_goto(prog, arena, node);
	node->spelling = SPELL_ASM;
	return true;
}

static bool
branch_one(struct prog *prog, struct arena *arena, struct prog_node *node)
{
	switch (prog->shapes.choice[SHAPE_BRANCH]) {
	case BRANCH_INVERTED:
		return branch_inverted(node);
	case BRANCH_CHAIN:
		return branch_chain(prog, node);
	case BRANCH_SWITCH:
		return branch_switch(node);
	case BRANCH_FALL:
		return branch_fall(node);
	case BRANCH_TERNARY:
		return branch_ternary(node);
	case BRANCH_AND:
		return branch_joined(prog, node, SPELL_AND);
	case BRANCH_OR:
		return branch_joined(prog, node, SPELL_OR);
	case BRANCH_GOTO:
		return branch_goto(prog, arena, node);
	case BRANCH_GENERIC:
		return branch_spelled(node, SPELL_GENERIC);
	case BRANCH_COMPUTED:
		return branch_computed(prog, arena, node);
	case BRANCH_ASM:
		return branch_asm(prog, arena, node);
	case BRANCH_DEFAULT:
		return branch_default(node);
	case BRANCH_CAST:
		return branch_spelled(node, SPELL_CAST);
	case BRANCH_ENUMERATOR:
		return branch_spelled(node, SPELL_ENUMERATOR);
	case BRANCH_NONZERO:
		return branch_spelled(node, SPELL_NONZERO);
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
		bool did = joins && !joined && is_plain_if(prog, node) && branch_one(prog, arena, node);

		next = node->next;
		changed |= branch_block(prog, arena, node->body, did);
		changed |= branch_block(prog, arena, node->other, false);
		changed |= did;
		if (joins || !is_plain_if(prog, node))
			continue;
		if (choice == BRANCH_FALL) { /* what follows moves into the switch */
			changed |= branch_block(prog, arena, next, false);
			next = NULL;
		}
		changed |= branch_one(prog, arena, node);
	}
	return changed;
}

/* Where branches are rewritten. No computed goto leads into a scope or out of one, and compilers lead each to
 * every label, some of them asm gotos too: where there is a scope, they stand in it. */
static struct prog_node *
branches_of(const struct prog *prog, struct prog_node *body)
{
	unsigned choice = prog->shapes.choice[SHAPE_BRANCH];
	bool anywhere = choice == BRANCH_COMPUTED || choice == BRANCH_ASM;

	for (struct prog_node *node = body; anywhere && node; node = node->next)
		if (node->op == PROG_SCOPE)
			return node->body;
	return body;
}

bool
rewrite_branch(struct prog *prog)
{
	bool changed = false;

	for (unsigned i = 0; i < prog->functions; i++)
		if (prog->function[i].purpose == PURPOSE_ROUTINE || prog->function[i].purpose == PURPOSE_LOOP ||
		    prog_is_run(&prog->function[i]))
			changed |= branch_block(prog, prog->arena, branches_of(prog, prog->function[i].body), false);
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
	if (prog->shapes.choice[SHAPE_FLAG] == FLAG_COUNTER && prog->climbing)
		return false; /* it would begin at zero again some time */
	return prog->shapes.choice[SHAPE_FLAG] == FLAG_RESPELLED ? twice : seen != 0;
}
