/* flatten: a program as a list of instructions with jump targets, one for each node that does something. See
 * flatten.h. */
#include "flatten.h"

#include <stdlib.h>

#include "array.h"

static uint32_t
emit(struct flat *flat, enum insn_op op, const struct prog_node *node, uint32_t target)
{
	*array_add(NULL, flat->insn, flat->insns, flat->insn_room) = (struct insn){op, node, target};
	return flat->insns - 1;
}

static uint32_t
new_label(struct flat *flat)
{
	*array_add(NULL, flat->label, flat->labels, flat->label_room) = 0;
	return flat->labels - 1;
}

static void flatten_block(struct flat *flat, const struct prog_node *node, uint32_t exit, uint32_t next);

static void
flatten_branch(struct flat *flat, const struct prog_node *node, uint32_t exit, uint32_t next)
{
	uint32_t other = new_label(flat), end = new_label(flat);

	if (node->condition.kind == CONDITION_RESULT)
		emit(flat, INSN_CALL, node, 0);
	emit(flat, node->op == PROG_TRY ? INSN_TRY : INSN_BRANCH, node, other);
	flatten_block(flat, node->body, exit, next);
	if (!node->falls)
		emit(flat, INSN_JUMP, NULL, end);
	flat->label[other] = flat->insns;
	flatten_block(flat, node->other, exit, next);
	flat->label[end] = flat->insns;
}

static void
flatten_loop(struct flat *flat, const struct prog_node *node)
{
	uint32_t head = new_label(flat), body = new_label(flat), next = new_label(flat), end = new_label(flat);

	flat->label[head] = flat->insns;
	if (node->op != PROG_FOREVER && node->op != PROG_REPEAT)
		emit(flat, INSN_BRANCH, node, end);
	flat->label[body] = flat->insns;
	flatten_block(flat, node->body, end, next);
	flat->label[next] = flat->insns;
	if (node->op == PROG_DO || node->op == PROG_REPEAT) {
		emit(flat, INSN_BRANCH, node, end);
		emit(flat, INSN_JUMP, NULL, body);
	} else {
		emit(flat, INSN_JUMP, NULL, head);
	}
	flat->label[end] = flat->insns;
}

static void
flatten_once(struct flat *flat, const struct prog_node *node)
{
	uint32_t end = new_label(flat);

	flatten_block(flat, node->body, end, end);
	flat->label[end] = flat->insns;
}

/* Its break passes by the release, its continue leads to it. */
static void
flatten_guard(struct flat *flat, const struct prog_node *node)
{
	uint32_t next = new_label(flat), end = new_label(flat);

	emit(flat, INSN_NODE, node, 0);
	flatten_block(flat, node->body, end, next);
	flat->label[next] = flat->insns;
	flatten_block(flat, node->other, end, next);
	if (node->other && node->other->shared)
		emit(flat, INSN_FORGET, node, 0);
	flat->label[end] = flat->insns;
}

/* Where a scope is left its end runs first. */
static void
flatten_scope(struct flat *flat, const struct prog_node *node)
{
	flat->scope = node;
	flatten_block(flat, node->body, 0, 0);
	flat->scope = NULL;
	flatten_block(flat, node->other, 0, 0);
}

static void
flatten_return(struct flat *flat, const struct prog_node *node)
{
	const struct prog_node *scope = flat->scope;

	if (scope) {
		uint32_t next = new_label(flat);

		emit(flat, INSN_JUMP, node, next);
		flat->label[next] = flat->insns;
		flat->scope = NULL;
		flatten_block(flat, scope->other, 0, 0);
		flat->scope = scope;
	}
	emit(flat, INSN_RETURN, node, 0);
}

/* `exit` and `next`: labels that break and continue go to. */
static void
flatten_block(struct flat *flat, const struct prog_node *node, uint32_t exit, uint32_t next)
{
	for (; node; node = node->next)
		switch ((enum prog_op)node->op) {
		case PROG_CALL:
		case PROG_SET:
		case PROG_TAKE:
		case PROG_POINT:
		case PROG_INIT:
		case PROG_OUTER:
			emit(flat, INSN_NODE, node, 0);
			break;
		case PROG_ASSIGN:
			if (node->condition.kind == CONDITION_RESULT)
				emit(flat, INSN_CALL, node, 0);
			emit(flat, INSN_NODE, node, 0);
			break;
		case PROG_WORK:
		case PROG_ASSERT:
		case PROG_NOISE:
			break;
		case PROG_HELPER:
			emit(flat, INSN_CALL, node, 0);
			break;
		case PROG_STOP:
			emit(flat, node->function ? INSN_CALL : INSN_STOP, node, 0);
			break;
		case PROG_GUARD:
			flatten_guard(flat, node);
			break;
		case PROG_SCOPE:
			flatten_scope(flat, node);
			break;
		case PROG_FINALLY:
			flatten_block(flat, node->body, exit, next);
			flatten_block(flat, node->other, exit, next);
			break;
		case PROG_ONCE:
			flatten_once(flat, node);
			break;
		case PROG_TRY:
		case PROG_IF:
		case PROG_SWITCH:
			flatten_branch(flat, node, exit, next);
			break;
		case PROG_WHILE:
		case PROG_FOR:
		case PROG_DO:
		case PROG_FOREVER:
		case PROG_REPEAT:
			flatten_loop(flat, node);
			break;
		case PROG_BREAK:
			emit(flat, INSN_JUMP, node, exit);
			break;
		case PROG_CONTINUE:
			emit(flat, INSN_JUMP, node, next);
			break;
		case PROG_RETURN:
			flatten_return(flat, node);
			break;
		case PROG_GOTO:
			emit(flat, INSN_JUMP, node, node->label);
			break;
		case PROG_LABEL:
			flat->label[node->label] = flat->insns;
			break;
		}
}

void
flatten(struct flat *flat, const struct prog *prog)
{
	flat->insns = flat->labels = 0;
	flat->scope = NULL;
	for (unsigned i = 0; i <= prog->labels; i++)
		new_label(flat);
	for (unsigned i = 0; i < prog->functions; i++) {
		flat->entry[i] = flat->insns;
		flatten_block(flat, prog->function[i].body, 0, 0);
		emit(flat, INSN_RETURN, NULL, 0);
	}
	for (uint32_t i = 0; i < flat->insns; i++)
		if (flat->insn[i].op == INSN_BRANCH || flat->insn[i].op == INSN_TRY || flat->insn[i].op == INSN_JUMP)
			flat->insn[i].target = flat->label[flat->insn[i].target];
	if (flat->insns > UINT16_MAX)
		bug("a program of %u instructions", flat->insns);
}

void
flatten_free(struct flat *flat)
{
	free(flat->insn);
	free(flat->label);
	*flat = (struct flat){0};
}
