/* Rewritings of the dimension exit whose releases run by themselves. See rewrite.h.
 *
 *   finally   the routine's last releases stand in a __finally block, and a return that does the same before
 *             it becomes a __leave out of the __try block:
 *
 *   acq a; if ? { rel a; return }; rel a      acq a; __try { if (?) { __leave; } } __finally { rel a; }
 *
 *   scope-cleanup   the routine's last release is what the scope of a variable ends with, and no return
 *                   behind the first does what is done there:
 *
 *   acq a; if ? { rel a; return };            acq a; if (?) { rel a; return; }
 *   if ? { rel a; return }; rel a             SCOPE_CLEANUP(rel) held = a; if (?) { return; }
 *
 * What runs in any case runs at each way out: the block begins behind the last return that does something
 * else, and as late as the others let it, so that a twin where a branch returns, or a call stops or does not,
 * has it in the same place. A variable stands behind the first return in any case: that a return stands
 * before it tells nothing then. A release stands for several statements, and the number of the exit that was
 * taken says for which.
 */
#include "rewrite.h"

#include <stddef.h>

enum { RELEASES = 16, EXITS = 250 };

struct scope {
	struct prog *prog;
	struct arena *arena;
	struct prog_node *rung[RELEASES];      /* the last releases */
	struct prog_node **link[RELEASES + 1]; /* to each, and to what stands behind them */
	unsigned rungs;
	unsigned first;             /* of those that run by themselves */
	uint16_t *shared[RELEASES]; /* statements by the number of the exit */
	unsigned exits, label;
	bool first_stays; /* the first statement that leaves the routine does its releases itself */
};

/* The last run of releases of the routine's outermost block, before its return if it has one. */
static void
find_rungs(struct scope *s, struct prog_node **link)
{
	for (; *link && (*link)->op != PROG_RETURN; link = &(*link)->next) {
		if (!prog_does(s->prog, *link, EVENT_RELEASE) || s->rungs == RELEASES) {
			s->rungs = 0;
			continue;
		}
		s->link[s->rungs] = link;
		s->rung[s->rungs++] = *link;
	}
	s->link[s->rungs] = link;
}

/* Where what runs by itself begins in a run of releases that ends with a return; NULL where the run ends
 * otherwise. */
static struct prog_node **
find_tail(const struct scope *s, struct prog_node **run)
{
	unsigned length = 0, count = s->rungs - s->first;
	struct prog_node **tail;

	for (const struct prog_node *node = *run; node->op != PROG_RETURN; node = node->next)
		length++;
	if (length < count)
		return NULL;
	for (; length > count; length--)
		run = &(*run)->next;
	tail = run;
	for (unsigned i = s->first; i < s->rungs; i++, run = &(*run)->next)
		if (!rewrite_same_call(s->rung[i], *run))
			return NULL;
	return tail;
}

/* Counts the returns of a block by whether they do, right before, what runs by itself. */
static void
count_exits(const struct scope *s, struct prog_node **link, unsigned *same, unsigned *others)
{
	struct prog_node **run = link; /* of releases that leads up to the present node */

	for (; *link; link = &(*link)->next) {
		struct prog_node *node = *link;

		count_exits(s, &node->body, same, others);
		if (node->op != PROG_GUARD)
			count_exits(s, &node->other, same, others);
		if (node->op == PROG_RETURN)
			++*(find_tail(s, run) ? same : others);
		if (!prog_does(s->prog, node, EVENT_RELEASE))
			run = &node->next;
	}
}

/* The link to the first node of the block at whose end the releases from `first` run; counts what leaves it
 * early. Before the first of those, or before the releases where nothing does, the block holds nothing but
 * work. */
static struct prog_node **
find_start(struct scope *s, unsigned first, unsigned *exits)
{
	struct prog_node **start = &s->prog->function[0].body;
	bool leaves = false;

	s->first = first;
	*exits = 0;
	for (struct prog_node **link = start; link != s->link[first]; link = &(*link)->next) {
		unsigned same = 0, others = 0;

		count_exits(s, &(*link)->body, &same, &others);
		if ((*link)->op != PROG_GUARD)
			count_exits(s, &(*link)->other, &same, &others);
		if (s->first_stays && !leaves)
			others += same;
		leaves |= same || others;
		*exits = others ? 0 : *exits + same;
		if (others || (!*exits && (*link)->op != PROG_WORK))
			start = &(*link)->next;
	}
	return start;
}

/* The same for as many of the last releases as some way out does; NULL where none does. */
static struct prog_node **
find_longest(struct scope *s)
{
	find_rungs(s, &s->prog->function[0].body);
	for (unsigned first = 0; first < s->rungs; first++) {
		unsigned exits;
		struct prog_node **start = find_start(s, first, &exits);

		if (exits && exits < EXITS)
			return start;
	}
	return NULL;
}

/* How many statements of the routine stand before this one. */
static unsigned
count_before(const struct prog *prog, const struct prog_node *start)
{
	unsigned count = 0;

	for (const struct prog_node *node = prog->function[0].body; node != start; node = node->next)
		count++;
	return count;
}

/* Each release stands for itself, until a way out shares it. */
static void
share_rungs(struct scope *s)
{
	for (unsigned i = s->first; i < s->rungs; i++) {
		s->shared[i] = arena_alloc(s->arena, (EXITS + 1) * sizeof *s->shared[i]);
		s->shared[i][0] = s->rung[i]->statement;
		s->rung[i]->shared = s->shared[i];
	}
}

/* finally */

/* The run at the link, up to its return, becomes a __leave. */
static void
leave(struct scope *s, struct prog_node **tail)
{
	struct prog_node *run = *tail;

	s->exits++;
	for (unsigned i = s->first; i < s->rungs; i++, run = run->next)
		s->shared[i][s->exits] = run->statement;
	*tail = prog_jump(s->prog, s->arena, PROG_GOTO, LABEL_FINALLY, s->label);
	(*tail)->exit = (uint8_t)s->exits;
}

static void
leave_block(struct scope *s, struct prog_node **link)
{
	struct prog_node **run = link;

	for (; *link; link = &(*link)->next) {
		struct prog_node *node = *link;

		leave_block(s, &node->body);
		if (node->op != PROG_GUARD)
			leave_block(s, &node->other);
		if (node->op == PROG_RETURN) {
			leave(s, find_tail(s, run));
			return;
		}
		if (!prog_does(s->prog, node, EVENT_RELEASE))
			run = &node->next;
	}
}

bool
rewrite_finally(struct prog *prog)
{
	struct scope s = {.prog = prog, .arena = prog->arena};
	struct prog_node **start = find_longest(&s), *finally, *label;

	if (!start)
		return false;
	prog->outside = count_before(prog, *start);
	share_rungs(&s);
	label = prog_jump(prog, prog->arena, PROG_LABEL, LABEL_FINALLY, 0);
	label->next = s.rung[s.first];
	s.label = label->label;
	finally = prog_node(prog->arena, PROG_FINALLY, 0);
	finally->next = *s.link[s.rungs];
	*s.link[s.rungs] = NULL;
	*s.link[s.first] = NULL;
	finally->body = *start;
	finally->other = label;
	*start = finally;
	leave_block(&s, &finally->body);
	return true;
}

/* scope-cleanup */

static struct prog_expr
add_parameter(struct prog_function *function, enum prog_type type)
{
	function->parameter[function->parameters] = type;
	return (struct prog_expr){EXPR_PARAMETER, (uint8_t)function->parameters++};
}

/* A value of the release becomes a parameter of the function, and the argument of its call. */
static void
pass(struct prog_function *function, struct prog_node *call, struct prog_expr *value, enum prog_type type)
{
	struct prog_expr argument = *value;

	if (argument.kind == EXPR_NONE || type == TYPE_DIRECTION)
		return;
	*value = add_parameter(function, type);
	call->argument[value->index] = argument;
}

/* The call, at the end of a scope, of a function that does what the release does. */
static struct prog_node *
make_cleanup(struct scope *s, const struct prog_node *release)
{
	struct prog *prog = s->prog;
	const struct prog_function *helper = &prog->function[release->function];
	struct prog_function *function = &prog->function[prog->functions];
	struct prog_node *call = prog_node(s->arena, PROG_HELPER, release->statement);
	struct prog_node *inner = prog_node(s->arena, PROG_CALL, 0);

	*inner = *release;
	inner->next = NULL;
	inner->shared = NULL;
	inner->statement = 0;
	*function = (struct prog_function){
		.purpose = PURPOSE_CLEANUP, .lock = PROG_NONE, .style = CALL_STATIC, .call = release->call};
	pass(function, call, &inner->lock, TYPE_LOCK);
	pass(function, call, &inner->handle, TYPE_HANDLE);
	pass(function, call, &inner->irql, TYPE_KIRQL);
	for (unsigned i = 0; release->function && i < helper->parameters; i++)
		pass(function, call, &inner->argument[i], helper->parameter[i]);
	function->body = inner;
	call->function = (uint8_t)prog->functions++;
	return call;
}

/* The returns of a block no longer release what their scope ends with. */
static void
drop_block(struct scope *s, struct prog_node **link)
{
	struct prog_node **run = link;

	for (; *link; link = &(*link)->next) {
		struct prog_node *node = *link;

		drop_block(s, &node->body);
		if (node->op != PROG_GUARD)
			drop_block(s, &node->other);
		if (node->op == PROG_RETURN) {
			struct prog_node **tail = find_tail(s, run);

			node->exit = (uint8_t)++s->exits;
			s->shared[s->first][s->exits] = (*tail)->statement;
			*tail = node;
			return;
		}
		if (!prog_does(s->prog, node, EVENT_RELEASE))
			run = &node->next;
	}
}

bool
rewrite_cleanup(struct prog *prog)
{
	struct scope s = {.prog = prog, .arena = prog->arena};
	struct prog_node **start, *scope, *release;
	unsigned last, exits;

	s.first_stays = true;
	find_rungs(&s, &prog->function[0].body);
	last = s.rungs - 1;
	if (!s.rungs || prog->functions == PROG_FUNCTIONS)
		return false;
	start = find_start(&s, last, &exits);
	if (exits >= EXITS)
		return false;
	prog->outside = count_before(prog, *start);
	share_rungs(&s);
	release = s.rung[last];
	for (struct prog_node *node = *start; node != release; node = node->next) {
		drop_block(&s, &node->body);
		if (node->op != PROG_GUARD)
			drop_block(&s, &node->other);
	}
	scope = prog_node(prog->arena, PROG_SCOPE, 0);
	scope->other = make_cleanup(&s, release);
	scope->other->shared = s.shared[last];
	*s.link[last] = release->next;
	scope->body = *start;
	*start = scope;
	return true;
}
