/* The rewriting of the dimension helper that moves a run of statements into a function of its own. See
 * rewrite.h and helping.h.
 *
 * A run begins and ends in one block with calls for one lock, and nothing in it jumps out. Its function keeps
 * the statements; what they use of the routine becomes a parameter, a local of the function, or is found from
 * the device extension.
 *
 *   KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
 *   work;                                                    RunWithLock(Extension, &Extension->QueueLock);
 *   KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
 *
 * What is saved when the lock is taken in the run, and given back at its end, is a local. A function that
 * gives the lock up and takes it again is passed a pointer to what its caller saved, and saves there.
 */
#include <assert.h>
#include <stddef.h>

#include "bits.h"
#include "helping.h"

enum {
	VARS_MOST = 20, /* so that there is room for those of shapes that come later */
	PASSED_MOST = 2 /* pointers, each with a name of its own */
};

struct run {
	struct helping *h;
	struct prog_node *start, *end; /* its first and its last statement */
	unsigned lock;                 /* that it is about; PROG_NONE: the one without an object */
	unsigned used, outside;        /* bit sets of variables that the run, the rest of the program names */
	unsigned own; /* of those that it names, the ones that can be variables of its function */
	bool keeps;   /* the lock is taken first and given back last */
};

/* finding a run */

/* Whether the node leaves its block, or may do so from within. */
static bool
jumps(const struct prog_node *node)
{
	struct prog_node alone = *node;

	alone.next = NULL;
	return prog_is_jump(node) || prog_has_break(&alone) || prog_has_continue(&alone) ||
	       prog_has(&alone, PROG_RETURN);
}

static bool
calls(const struct prog *prog, const struct prog_node *node, enum event event)
{
	return node->op == PROG_CALL && prog->rule->call[node->call].event == event;
}

/* Of a lock call. */
static unsigned
lock_of(const struct prog *prog, const struct prog_node *node)
{
	if (node->lock.kind == EXPR_LOCK)
		return node->lock.index;
	return prog->rule->has_handles ? node->owner : PROG_NONE;
}

/* The release that ends a run begun by this acquire, or NULL: of what was last taken, so that a run holds no
 * smaller one of its lock. */
static struct prog_node *
find_release(const struct prog *prog, const struct prog_node *acquire)
{
	for (struct prog_node *node = acquire->next; node && !jumps(node); node = node->next) {
		if (calls(prog, node, EVENT_ACQUIRE) && lock_of(prog, node) == lock_of(prog, acquire))
			return NULL;
		if (helping_is_pair(prog, acquire, node))
			return node;
	}
	return NULL;
}

/* The acquire that ends a run begun by this release, or NULL. */
static struct prog_node *
find_acquire(const struct prog *prog, const struct prog_node *release)
{
	for (struct prog_node *node = release->next; node && !jumps(node); node = node->next) {
		if (node->op != PROG_CALL || lock_of(prog, node) != lock_of(prog, release))
			continue;
		if (calls(prog, node, EVENT_RELEASE))
			return NULL;
		if (calls(prog, node, EVENT_ACQUIRE))
			return prog->rule->has_handles || helping_is_pair(prog, node, release) ? node : NULL;
	}
	return NULL;
}

/* what a run needs */

static void
note_use(const struct prog *prog, struct prog_expr value, unsigned *used)
{
	if (value.kind == EXPR_VAR &&
	    (prog->var[value.index].type == TYPE_KIRQL || prog->var[value.index].type == TYPE_HANDLE))
		*used |= 1U << value.index;
}

/* Bit set of KIRQLs and handles that a block names, up to a node. */
static unsigned
vars_used(const struct prog *prog, const struct prog_node *node, const struct prog_node *last)
{
	unsigned used = 0;

	for (; node; node = node->next) {
		note_use(prog, node->irql, &used);
		note_use(prog, node->handle, &used);
		for (unsigned i = 0; i < PROG_PARAMETERS; i++)
			note_use(prog, node->argument[i], &used);
		used |= vars_used(prog, node->body, NULL) | vars_used(prog, node->other, NULL);
		if (node == last)
			break;
	}
	return used;
}

static unsigned
flags_used(const struct prog *prog, const struct prog_node *node, const struct prog_node *last)
{
	unsigned used = 0;

	for (; node; node = node->next) {
		bool sets = node->op == PROG_SET || node->op == PROG_ASSIGN || node->op == PROG_TAKE;

		if (node->condition.kind == CONDITION_FLAG)
			used |= 1U << prog->var[node->condition.variable].index;
		if (sets && node->variable != PROG_NONE)
			used |= 1U << prog->var[node->variable].index;
		used |= flags_used(prog, node->body, NULL) | flags_used(prog, node->other, NULL);
		if (node == last)
			break;
	}
	return used;
}

/* Whether each acquire through the handle has its release in its own block. */
static bool
closes(const struct prog *prog, const struct prog_node *node, const struct prog_node *last, unsigned handle)
{
	for (; node; node = node->next) {
		if (calls(prog, node, EVENT_ACQUIRE) && node->handle.index == handle && !find_release(prog, node))
			return false;
		if (!closes(prog, node->body, NULL, handle) || !closes(prog, node->other, NULL, handle))
			return false;
		if (node == last)
			break;
	}
	return true;
}

/* Whether a variable can be one of the function: what is kept there is of no use outside. */
static bool
is_own(const struct run *run, unsigned var)
{
	const struct prog *prog = run->h->prog;

	if (prog->var[var].type == TYPE_HANDLE)
		return !(run->outside >> var & 1) && run->keeps && closes(prog, run->start, run->end, var);
	if (run->keeps && run->start->irql.index == var && run->end->irql.index == var && !prog->strays)
		return true;
	return !(run->outside >> var & 1) && run->keeps;
}

/* moving it */

/* Renames in a block. */
static void
rename_var(struct prog_node *node, unsigned var, const struct prog_expr *taken, const struct prog_expr *given,
           const struct prog *prog)
{
	for (; node; node = node->next) {
		bool acquires = node->op != PROG_CALL || calls(prog, node, EVENT_ACQUIRE);

		if (node->irql.kind == EXPR_VAR && node->irql.index == var)
			node->irql = acquires ? *taken : *given;
		if (node->handle.kind == EXPR_VAR && node->handle.index == var)
			node->handle = acquires ? *taken : *given;
		rename_var(node->body, var, taken, given, prog);
		rename_var(node->other, var, taken, given, prog);
	}
}

static void
rename_lock(struct prog_node *node, unsigned lock, struct prog_expr to)
{
	for (; node; node = node->next) {
		if (node->lock.kind == EXPR_LOCK && node->lock.index == lock)
			node->lock = to;
		rename_lock(node->body, lock, to);
		rename_lock(node->other, lock, to);
	}
}

/* A parameter of the run's function, with what the call passes for it. */
static struct prog_expr
pass(struct prog_node *call, struct prog_function *function, enum prog_type type, struct prog_expr value)
{
	unsigned index = helping_parameter(function, type);

	call->argument[index] = value;
	return (struct prog_expr){EXPR_PARAMETER, (uint8_t)index};
}

/* A KIRQL or handle becomes the function's own, or what it is given a pointer to. */
static void
move_var(struct run *run, struct prog_node *call, unsigned var)
{
	struct prog *prog = run->h->prog;
	struct prog_function *function = &prog->function[prog->functions];
	enum prog_type type = prog->var[var].type;
	struct prog_expr taken = {EXPR_VAR, (uint8_t)var}, given = taken;

	if (run->own & run->outside & 1U << var) {
		taken.index = given.index = (uint8_t)prog_var(prog, type, prog->var[var].index);
		prog->var[taken.index].function = (uint8_t)prog->functions;
	} else if (run->own >> var & 1) {
		prog->var[var].function = (uint8_t)prog->functions;
	} else {
		taken = given = pass(call, function, type == TYPE_KIRQL ? TYPE_KIRQL_OUT : type, taken);
		given.kind = type == TYPE_KIRQL ? EXPR_POINTED : EXPR_PARAMETER;
	}
	rename_var(function->body, var, &taken, &given, prog);
}

/* How many parameters the run's variables ask for. */
static bool
fits(const struct run *run)
{
	const struct prog *prog = run->h->prog;
	bool kept = prog->shapes.choice[SHAPE_SAVED] == SAVED_EXTENSION;
	unsigned flags = flags_used(prog, run->start, run->end), parameters = flags ? 3 : 2, passed = 0;

	if (prog->functions + 2 > PROG_FUNCTIONS || prog->vars >= VARS_MOST)
		return false;
	bits_each (flag, flags)
		if (prog_flag_is_local(prog, flag))
			return false;
	bits_each (var, run->used)
		passed += !(run->own >> var & 1) && !(kept && prog->var[var].type == TYPE_KIRQL);
	return parameters + passed <= PROG_PARAMETERS && passed <= PASSED_MOST;
}

/* A macro is an expression: calls and statements that do not matter. */
static bool
is_straight(const struct run *run)
{
	const struct prog_node *node = run->start;

	for (; node->op == PROG_CALL || node->op == PROG_WORK; node = node->next)
		if (node == run->end)
			return true;
	return false;
}

static bool
is_possible(const struct run *run)
{
	bool macro = run->h->prog->shapes.choice[SHAPE_CALL] == CALL_MACRO;

	return fits(run) && (!macro || (is_straight(run) && !run->keeps));
}

/* Something to do between its two calls, where there is nothing. */
static void
add_work(struct run *run)
{
	for (const struct prog_node *node = run->start; node != run->end; node = node->next)
		if (node->op == PROG_WORK)
			return;

	struct prog_node *work = prog_node(run->h->arena, PROG_WORK, 0);

	work->next = run->start->next;
	run->start->next = work;
}

static void
pass_lock(struct run *run, struct prog_node *call, struct prog_function *function)
{
	unsigned argument = run->h->prog->shapes.choice[SHAPE_ARGUMENT];
	struct prog_expr lock = {EXPR_LOCK, (uint8_t)run->lock};

	if (run->lock == PROG_NONE || argument == ARGUMENT_BY_EXTENSION)
		return;
	lock = pass(call, function, argument == ARGUMENT_BY_INDEX ? TYPE_INDEX : TYPE_LOCK, lock);
	rename_lock(function->body, run->lock, lock);
}

/* The run becomes a function; the node that calls it. */
static struct prog_node *
move_run(struct run *run)
{
	struct helping *h = run->h;
	struct prog *prog = h->prog;
	unsigned flags = flags_used(prog, run->start, run->end), index = prog->functions;
	struct prog_function *function = &prog->function[index];
	struct prog_node *call = prog_node(h->arena, PROG_HELPER, 0);
	bool kept = prog->shapes.choice[SHAPE_SAVED] == SAVED_EXTENSION;

	*function = (struct prog_function){.purpose = run->keeps ? PURPOSE_BALANCED : PURPOSE_RETAKEN};
	function->lock =
		prog->shapes.choice[SHAPE_ARGUMENT] == ARGUMENT_BY_EXTENSION ? (uint8_t)run->lock : PROG_NONE;
	function->style = helping_style(prog);
	function->call = run->start->call;
	add_work(run);
	call->next = run->end->next;
	run->end->next = NULL;
	function->body = run->start;
	pass(call, function, TYPE_EXTENSION, (struct prog_expr){EXPR_EXTENSION, 0});
	if (flags)
		pass(call, function, TYPE_REQUEST, (struct prog_expr){EXPR_REQUEST, 0});
	pass_lock(run, call, function);
	bits_each (var, run->used)
		if (!kept || prog->var[var].type != TYPE_KIRQL)
			move_var(run, call, var);
	prog->functions++;
	call->function =
		(uint8_t)(prog->shapes.choice[SHAPE_CALL] == CALL_NESTED ? helping_wrap(h, index) : index);
	h->changed = true;
	return call;
}

/* Variables that the program names outside of a run: where they are named at all, beside it. */
static unsigned
vars_outside(struct run *run, struct prog_node **link)
{
	struct prog *prog = run->h->prog;
	struct prog_node *after = run->end->next;
	unsigned outside = 0;

	*link = after; /* the program without the run */
	for (unsigned i = 0; i < prog->functions; i++)
		outside |= vars_used(prog, prog->function[i].body, NULL);
	*link = run->start;
	return outside;
}

static bool
begin_run(struct helping *h, struct prog_node **link, struct run *run)
{
	struct prog *prog = h->prog;
	struct prog_node *node = *link;
	bool keeps = prog->shapes.choice[SHAPE_HELPER] == HELPER_BALANCED;

	if (!calls(prog, node, keeps ? EVENT_ACQUIRE : EVENT_RELEASE))
		return false;
	*run = (struct run){.h = h, .start = node, .keeps = keeps};
	run->end = keeps ? find_release(prog, node) : find_acquire(prog, node);
	if (!run->end)
		return false;
	run->lock = lock_of(prog, node);
	run->used = vars_used(prog, node, run->end);
	run->outside = vars_outside(run, link);
	bits_each (var, run->used)
		run->own |= (unsigned)is_own(run, var) << var;
	return is_possible(run);
}

static void
run_block(struct helping *h, struct prog_node **link)
{
	for (; *link; link = &(*link)->next) {
		struct run run;

		if (begin_run(h, link, &run)) {
			*link = move_run(&run);
			continue;
		}
		run_block(h, &(*link)->body);
		run_block(h, &(*link)->other);
	}
}

/* A variable that nothing names any more is none. */
static void
drop_unused(struct prog *prog)
{
	unsigned used = 0;

	for (unsigned i = 0; i < prog->functions; i++)
		used |= vars_used(prog, prog->function[i].body, NULL);
	for (unsigned i = 0; i < prog->vars; i++)
		if ((prog->var[i].type == TYPE_KIRQL || prog->var[i].type == TYPE_HANDLE) && !(used >> i & 1))
			prog->var[i].type = TYPE_NONE;
}

void
helping_runs(struct helping *h)
{
	run_block(h, &h->prog->function[0].body);
	if (h->changed)
		drop_unused(h->prog);
}
