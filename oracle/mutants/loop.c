/* Mutants that run loops too seldom, too often, or leave them in the wrong place.
 *
 * One pass of a loop is `do { body } while (0)`, where break and continue lead to the end. Loops made of
 * gotos have no loop node: see exit.c.
 *
 * A checker that takes no back edge, so that a loop runs once or not at all, is no mutant, for nobody can
 * tell. Say that a second pass violates, and the first leaves each lock as it was: then the first could have
 * gone the same way. Say that it leaves a lock otherwise: then what follows the loop meets that lock both
 * held (after no pass, say) and free (after one), and on one path of the two violates; a free lock's try may
 * fail like a held one's. Only readings that allow a second acquire could tell, on cases that deadlock, which
 * no level holds. The same goes for a continue that leaves the loop, a call of oneself that does nothing, and
 * a condition that is the same on every pass.
 */
#include <stddef.h>

#include "mutation.h"
#include "rewrite.h"

/* Whether the loop's test comes before its body and may fail at once. */
static bool
tests_first(const struct prog_node *loop)
{
	return loop->op != PROG_FOREVER && loop->op != PROG_REPEAT;
}

static void
never(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if (prog_is_loop(*link))
		mutation_splice(link, NULL);
}

/* Exactly as often as the parameter says. Breaks and continues of one pass lead to the next. */
static void
exactly(struct mutation *m, struct prog_node **link)
{
	struct prog_node *loop = *link, *passes = NULL;

	if (!prog_is_loop(loop))
		return;
	for (unsigned i = 0; i < m->parameter; i++) {
		struct prog_node *once = mutation_node(m, PROG_ONCE);

		once->body = i ? mutation_copy_block(m, loop->body) : loop->body;
		mutation_append(&passes, once);
	}
	mutation_splice(link, passes);
}

static void
nested_exactly(struct mutation *m, struct prog_node **link)
{
	if (m->loops)
		exactly(m, link);
}

static void
nested_never(struct mutation *m, struct prog_node **link)
{
	if (prog_is_loop(*link) && m->loops)
		mutation_splice(link, NULL);
}

static struct prog_node *
break_if(struct mutation *m, struct prog_condition condition)
{
	struct prog_node *test = mutation_node(m, PROG_IF);

	test->condition = condition;
	test->body = mutation_node(m, PROG_BREAK);
	return test;
}

/* for (;;) { body; if (?) break; }, with the test of a status before body, where there is one */
static void
run_at_least_once(struct mutation *m, struct prog_node *loop)
{
	struct prog_condition unknown = {.guard = PROG_NONE};
	struct prog_condition failed = {.kind = CONDITION_VAR, .guard = PROG_NONE, .negated = true};
	struct prog_node *once = mutation_node(m, PROG_ONCE), *test;

	if (!prog_has_break(loop->body)) { /* a continue leads to the test */
		once->body = loop->body;
		loop->body = once;
	}
	mutation_append(&loop->body, break_if(m, unknown));
	failed.variable = loop->condition.guard;
	if (failed.variable != PROG_NONE) {
		test = break_if(m, failed);
		test->next = loop->body;
		loop->body = test;
	}
	loop->op = PROG_FOREVER;
}

static void
at_least_once(struct mutation *m, struct prog_node **link)
{
	if (prog_is_loop(*link) && tests_first(*link))
		run_at_least_once(m, *link);
}

static void
unguarded(struct mutation *m, struct prog_node **link)
{
	if ((*link)->op == PROG_DO)
		run_at_least_once(m, *link);
}

/* while (variable) body */
static void
test_before(struct mutation *m, struct prog_node **link)
{
	struct prog_node *loop = *link;

	(void)m;
	if (loop->op != PROG_REPEAT)
		return;
	loop->op = PROG_WHILE;
	loop->condition.kind = CONDITION_VAR;
	loop->condition.variable = loop->variable;
}

/* do { } while (0), taken for a loop */
static void
repeat_do_once(struct mutation *m, struct prog_node **link)
{
	if ((*link)->op == PROG_ONCE)
		run_at_least_once(m, *link);
}

/* A jump of the given kind becomes another; PROG_WORK: it is not there. */
static void
exchange(struct prog_node *node, enum prog_op from, enum prog_op to)
{
	if (node->op == from)
		node->op = (uint8_t)to;
}

static void
drop_break(struct mutation *m, struct prog_node **link)
{
	if (m->loops)
		exchange(*link, PROG_BREAK, PROG_WORK);
}

static void
drop_continue(struct mutation *m, struct prog_node **link)
{
	(void)m;
	exchange(*link, PROG_CONTINUE, PROG_WORK);
}

static void
stop_at_break(struct mutation *m, struct prog_node **link)
{
	if (m->loops)
		exchange(*link, PROG_BREAK, PROG_STOP);
}

static void
stop_at_continue(struct mutation *m, struct prog_node **link)
{
	(void)m;
	exchange(*link, PROG_CONTINUE, PROG_STOP);
}

static void
break_as_continue(struct mutation *m, struct prog_node **link)
{
	if (m->loops)
		exchange(*link, PROG_BREAK, PROG_CONTINUE);
}

/* Loops of which one is never seen to end. */
static void
stay(struct mutation *m, struct prog_node **link)
{
	if (prog_is_loop(*link))
		mutation_stay(m, *link);
}

/* A path ends where a function calls itself. */
static void
stop_at_recursion(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link;

	if (node->op != PROG_HELPER || &m->prog->function[node->function] != m->function)
		return;
	node->op = PROG_STOP;
	node->function = 0;
}

const struct mutant mutants_loop[] = {
	{.name = "loop-never", .summary = "The body of a loop never runs.", .node = never},
	{.name = "loop-exactly-once",
     .summary = "A loop runs exactly once; so a test run with one input.",
     .node = exactly,
     .parameter = 1},
	{.name = "loop-exactly-twice",
     .summary = "A loop runs exactly twice, whatever its test and its breaks say.",
     .node = exactly,
     .parameter = 2},
	{.name = "loop-at-least-once",
     .summary = "A loop runs at least once; so checkers that assume it does something.",
     .node = at_least_once},
	{.name = "loop-unending",
     .summary = "What stands behind a loop is not reached; so bounded unwinding with assumptions.",
     .node = stay},
	{.name = "nested-loop-exactly-once",
     .summary = "A loop in a loop runs exactly once.",
     .node = nested_exactly,
     .parameter = 1},
	{.name = "nested-loop-never", .summary = "A loop in a loop never runs.", .node = nested_never},
	{.name = "do-unguarded",
     .summary = "A do-while runs at least once: the guard before it is not seen.",
     .node = unguarded},
	{.name = "do-once-repeats",
     .summary = "do { } while (0) is a loop that may run again.",
     .node = repeat_do_once},
	{.name = "retry-tests-first",
     .summary = "A do-while tests before its first pass: the flag that repeats it is not set yet.",
     .node = test_before},
	{.name = "break-ignored", .summary = "A break does nothing.", .node = drop_break},
	{.name = "break-unfollowed",
     .summary = "A path that breaks out of a loop is lost: loops end by their test alone.",
     .node = stop_at_break},
	{.name = "break-as-continue", .summary = "A break goes on with the loop.", .node = break_as_continue},
	{.name = "continue-ignored", .summary = "A continue does nothing.", .node = drop_continue},
	{.name = "continue-unfollowed",
     .summary = "A path that continues a loop is lost.",
     .node = stop_at_continue},
	{.name = "recursion-unfollowed",
     .summary = "A path ends where a function calls itself; so sparse, -Wthread-safety, smatch.",
     .node = stop_at_recursion},
	{0},
};
