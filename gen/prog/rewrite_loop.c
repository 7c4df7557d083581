/* Rewritings of the dimension loop. See rewrite.h.
 *
 * Each takes a `while` that is still plain, inner ones first, and keeps that it may run zero times; some take
 * an endless loop of the sequence too. They come before the rewritings of branches, since a rewritten loop
 * brings branches of its own.
 */
#include "rewrite.h"

#include <stddef.h>

/* A break or continue of this loop becomes a goto. */
static bool
redirect(struct prog_node *node, enum prog_op op, const struct prog_node *jump)
{
	bool found = false;

	for (; node; node = node->next) {
		if (node->op == op) {
			node->op = PROG_GOTO;
			node->label = jump->label;
			node->label_kind = jump->label_kind;
			found = true;
		}
		if (prog_is_left_by_break(node))
			continue;
		found |= redirect(node->body, op, jump);
		found |= redirect(node->other, op, jump);
	}
	return found;
}

/* again: if (c) { B; goto again; } done: */
static bool
loop_goto(struct prog *prog, struct arena *arena, struct prog_node **link)
{
	struct prog_node *loop = *link;
	struct prog_node *again = prog_jump(prog, arena, PROG_LABEL, LABEL_AGAIN, 0);
	struct prog_node *done = prog_jump(prog, arena, PROG_LABEL, LABEL_DONE, 0);
	bool repeats = redirect(loop->body, PROG_CONTINUE, again);

	if (redirect(loop->body, PROG_BREAK, done)) {
		done->next = loop->next;
		loop->next = done;
	}
	if (!prog_ends_in_jump(loop->body)) {
		*prog_end(&loop->body) = prog_jump(prog, arena, PROG_GOTO, LABEL_AGAIN, again->label);
		repeats = true;
	}
	loop->op = PROG_IF;
	if (!repeats)
		return true; /* it never comes back */
	again->next = loop;
	*link = again;
	return true;
}

/* again: B; goto again; done: */
static bool
loop_goto_forever(struct prog *prog, struct arena *arena, struct prog_node **link)
{
	struct prog_node *loop = *link;
	struct prog_node *again = prog_jump(prog, arena, PROG_LABEL, LABEL_AGAIN, 0);
	struct prog_node *done = prog_jump(prog, arena, PROG_LABEL, LABEL_DONE, 0), *after = loop->next;
	bool repeats;

	again->pauses = loop->pauses;
	again->next = loop->body;
	repeats = redirect(again->next, PROG_CONTINUE, again);
	if (redirect(again->next, PROG_BREAK, done)) {
		done->next = after;
		after = done;
	}
	if (!prog_ends_in_jump(again->next)) {
		*prog_end(&again->next) = prog_jump(prog, arena, PROG_GOTO, LABEL_AGAIN, again->label);
		repeats = true;
	}
	*prog_end(&again->next) = after;
	*link = repeats ? again : again->next; /* it never comes back */
	return true;
}

/* for (;;) { if (!c) break; B } */
static bool
loop_break(struct arena *arena, struct prog_node *loop)
{
	struct prog_node *test = prog_node(arena, PROG_IF, 0);

	if (loop->condition.guard != PROG_NONE)
		return false; /* its negation would be a disjunction */
	test->condition = loop->condition;
	test->condition.negated = !test->condition.negated;
	test->body = prog_node(arena, PROG_BREAK, 0);
	test->next = loop->body;
	loop->body = test;
	loop->op = PROG_FOREVER;
	return true;
}

/* The same, or an endless loop of the sequence, as while (TRUE) or do-while (TRUE). */
static bool
loop_true(struct arena *arena, struct prog_node *loop, enum prog_spelling spelling)
{
	if (loop->op != PROG_FOREVER && !loop_break(arena, loop))
		return false;
	loop->spelling = (uint8_t)spelling;
	return true;
}

/* while (c) { do { B } while (0); }: a continue of B leads to the end of both. */
static bool
loop_once(struct arena *arena, struct prog_node *loop)
{
	struct prog_node *once;

	if (prog_has_break(loop->body) || !prog_has_continue(loop->body))
		return false;
	once = prog_node(arena, PROG_ONCE, 0);
	once->body = loop->body;
	loop->body = once;
	return true;
}

/* for (;;) { if (c) { B; continue; } break; } */
static bool
loop_continue(struct arena *arena, struct prog_node *loop)
{
	struct prog_node *test = prog_node(arena, PROG_IF, 0);

	test->condition = loop->condition;
	test->body = loop->body;
	if (!prog_ends_in_jump(test->body))
		*prog_end(&test->body) = prog_node(arena, PROG_CONTINUE, 0);
	test->next = prog_node(arena, PROG_BREAK, 0);
	loop->body = test;
	loop->op = PROG_FOREVER;
	return true;
}

/* What loops ask within a loop that gets another around it. */
static void
deepen(struct prog_node *node)
{
	for (; node; node = node->next) {
		node->condition.depth = (uint8_t)(node->condition.depth + node->condition.loops);
		deepen(node->body);
		deepen(node->other);
	}
}

/* while (c) { while (c) B }: any number of any numbers of times */
static bool
loop_nested(struct arena *arena, struct prog_node *loop)
{
	struct prog_node *inner = prog_node(arena, PROG_WHILE, loop->statement);

	if (prog_has_break(loop->body))
		return false;
	inner->condition = loop->condition;
	inner->body = loop->body;
	loop->body = inner;
	deepen(inner);
	return true;
}

/* if (c) { do { Again = FALSE; B; if (c) Again = TRUE; } while (Again); } */
static bool
loop_retry(struct prog *prog, unsigned function, struct arena *arena, struct prog_node *loop)
{
	struct prog_node *repeat, *test, *set;
	unsigned again;

	if (prog->agains == PROG_AGAINS || prog_has_continue(loop->body) || prog_ends_in_jump(loop->body))
		return false;
	again = prog_var(prog, TYPE_AGAIN, prog->agains++);
	prog->var[again].function = (uint8_t)function;
	set = prog_node(arena, PROG_SET, 0);
	set->variable = (uint8_t)again;
	set->next = loop->body;
	repeat = prog_node(arena, PROG_REPEAT, 0);
	repeat->variable = (uint8_t)again;
	repeat->body = set;
	test = prog_node(arena, PROG_IF, 0);
	test->condition = loop->condition;
	test->body = prog_node(arena, PROG_SET, 0);
	test->body->variable = (uint8_t)again;
	test->body->value = true;
	*prog_end(&repeat->body) = test;
	loop->op = PROG_IF;
	loop->body = repeat;
	return true;
}

/* Within the loop's function a break returns, and a continue calls it again. */
static void
recurse_jumps(struct arena *arena, struct prog_node *node, const struct prog_node *call)
{
	for (; node; node = node->next) {
		if (node->op == PROG_BREAK)
			node->op = PROG_RETURN;
		if (node->op == PROG_CONTINUE) {
			*node = *call;
			node->next = prog_node(arena, PROG_RETURN, 0);
			return;
		}
		if (prog_is_left_by_break(node))
			continue;
		recurse_jumps(arena, node->body, call);
		recurse_jumps(arena, node->other, call);
	}
}

static bool
calls_loop(const struct prog *prog, const struct prog_node *node)
{
	for (; node; node = node->next)
		if ((node->op == PROG_HELPER && prog->function[node->function].purpose == PURPOSE_LOOP) ||
		    calls_loop(prog, node->body) || calls_loop(prog, node->other))
			return true;
	return false;
}

/* Whether a test in the block keeps a result in a variable. */
static bool
keeps_result(const struct prog_node *node)
{
	for (; node; node = node->next)
		if (node->condition.told == RESULT_ASSIGNED || keeps_result(node->body) || keeps_result(node->other))
			return true;
	return false;
}

/* What the loop's function cannot see: locals of the routine, and its labels. */
static bool
can_recurse(const struct prog *prog, const struct prog_node *loop)
{
	const unsigned char *choice = prog->shapes.choice;
	bool local_flags = choice[SHAPE_FLAG] == FLAG_LOCAL || choice[SHAPE_FLAG] == FLAG_STATUS ||
	                   choice[SHAPE_FLAG] == FLAG_COUNTER ||
	                   (choice[SHAPE_FLAG] == FLAG_REQUEST && prog->set);
	bool local_saved = false;

	for (unsigned i = 0; i < prog->vars; i++)
		local_saved |= prog->var[i].type == TYPE_KIRQL || prog->var[i].type == TYPE_HANDLE;
	if (local_saved && choice[SHAPE_SAVED] != SAVED_EXTENSION)
		return false;
	if (choice[SHAPE_ALIAS] != ALIAS_DIRECT || loop->condition.guard != PROG_NONE)
		return false;
	if (calls_loop(prog, loop->body))
		return false; /* one level is enough */
	if (prog_has(loop->body, PROG_RETURN) || prog_has(loop->body, PROG_GOTO) ||
	    prog_has(loop->body, PROG_SET) || prog_has(loop->body, PROG_ASSIGN) ||
	    prog_has(loop->body, PROG_TAKE) || prog_has(loop->body, PROG_LABEL) || keeps_result(loop->body))
		return false;
	return (!local_flags || !prog_has_condition(loop->body, CONDITION_FLAG)) &&
	       prog->functions < PROG_FUNCTIONS - 1;
}

/* Whether a block looks at the request, or calls what does. */
static bool
needs_request(const struct prog_node *node)
{
	for (; node; node = node->next) {
		if (node->condition.kind == CONDITION_FLAG)
			return true;
		for (unsigned i = 0; i < PROG_PARAMETERS; i++)
			if (node->argument[i].kind == EXPR_REQUEST)
				return true;
		if (needs_request(node->body) || needs_request(node->other))
			return true;
	}
	return false;
}

/* static VOID Loop(...) { if (c) { B; Loop(...); } } */
static bool
loop_recursion(struct prog *prog, struct arena *arena, struct prog_node *loop)
{
	struct prog_function *function = &prog->function[prog->functions];
	struct prog_node *test, *call;

	if (!can_recurse(prog, loop))
		return false;
	*function = (struct prog_function){.purpose = PURPOSE_LOOP, .lock = PROG_NONE, .style = CALL_STATIC};
	function->parameter[function->parameters++] = TYPE_EXTENSION;
	if (needs_request(loop->body))
		function->parameter[function->parameters++] = TYPE_REQUEST;
	test = prog_node(arena, PROG_IF, loop->statement);
	test->condition = loop->condition;
	test->body = loop->body;
	function->body = test;
	loop->op = PROG_HELPER;
	loop->function = (uint8_t)prog->functions++;
	loop->body = NULL;
	for (unsigned i = 0; i < function->parameters; i++)
		loop->argument[i].kind = function->parameter[i] == TYPE_EXTENSION ? EXPR_EXTENSION : EXPR_REQUEST;
	call = prog_node(arena, PROG_HELPER, 0);
	*call = *loop;
	call->next = NULL;
	call->tail = true;
	if (!prog_ends_in_jump(test->body))
		*prog_end(&test->body) = call;
	recurse_jumps(arena, test->body, call);
	return true;
}

/* `function`: in which it stands. */
static bool
loop_one(struct prog *prog, unsigned function, struct arena *arena, struct prog_node **link)
{
	unsigned choice = prog->shapes.choice[SHAPE_LOOP];

	switch (choice) {
	case LOOP_FOR:
	case LOOP_DO:
		(*link)->op = choice == LOOP_FOR ? PROG_FOR : PROG_DO;
		return true;
	case LOOP_GOTO:
		return loop_goto(prog, arena, link);
	case LOOP_BREAK:
		return loop_break(arena, *link);
	case LOOP_CONTINUE:
		return loop_continue(arena, *link);
	case LOOP_NESTED:
		return loop_nested(arena, *link);
	case LOOP_RETRY:
		return loop_retry(prog, function, arena, *link);
	case LOOP_RECURSION:
		return !function && loop_recursion(prog, arena, *link);
	case LOOP_WHILE_TRUE:
		return loop_true(arena, *link, SPELL_WHILE_TRUE);
	case LOOP_DO_TRUE:
		return loop_true(arena, *link, SPELL_DO_TRUE);
	case LOOP_ONCE:
		return loop_once(arena, *link);
	default:
		return false;
	}
}

/* An endless loop of the sequence. */
static bool
loop_forever(struct prog *prog, struct arena *arena, struct prog_node **link)
{
	switch (prog->shapes.choice[SHAPE_LOOP]) {
	case LOOP_GOTO:
		return loop_goto_forever(prog, arena, link);
	case LOOP_WHILE_TRUE:
		return loop_true(arena, *link, SPELL_WHILE_TRUE);
	case LOOP_DO_TRUE:
		return loop_true(arena, *link, SPELL_DO_TRUE);
	case LOOP_ONCE:
		return loop_once(arena, *link);
	default:
		return false;
	}
}

/* Inner loops first. */
static bool
loop_block(struct prog *prog, unsigned function, struct arena *arena, struct prog_node **link)
{
	bool changed = false;

	for (; *link; link = &(*link)->next) {
		struct prog_node *node = *link;

		changed |= loop_block(prog, function, arena, &node->body);
		changed |= loop_block(prog, function, arena, &node->other);
		if (node->op == PROG_WHILE)
			changed |= loop_one(prog, function, arena, link);
		else if (node->op == PROG_FOREVER)
			changed |= loop_forever(prog, arena, link);
		if (*link != node && (*link)->op == PROG_LABEL)
			link = &(*link)->next; /* it came before the loop */
	}
	return changed;
}

bool
rewrite_loop(struct prog *prog)
{
	bool changed = loop_block(prog, 0, prog->arena, &prog->function[0].body);

	for (unsigned i = 1; i < prog->functions; i++)
		if (prog_is_run(&prog->function[i]))
			changed |= loop_block(prog, i, prog->arena, &prog->function[i].body);
	return changed;
}
