/* Mutants that are blind to state: to flags that are set, results of tries that are kept or ignored, to what
 * stops the system, to loops without a condition. See mutation.h.
 *
 * Levels hold no such statements yet, so these rows stand apart (mutant_of_state): a level cannot kill them.
 */
#include <stddef.h>

#include "mutation.h"

static bool
sets_flag(const struct mutation *m, const struct prog_node *node)
{
	return (node->op == PROG_SET || node->op == PROG_ASSIGN) &&
	       m->prog->var[node->variable].type == TYPE_FLAG;
}

/* The node's flag becomes a new unknown, and nothing else happens. */
static void
make_unknown(struct prog_node *node)
{
	node->op = PROG_ASSIGN;
	node->condition =
		(struct prog_condition){.kind = CONDITION_UNKNOWN, .variable = PROG_NONE, .guard = PROG_NONE};
}

/* stop */

static void
run_on_at_stop(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->op == PROG_STOP)
		mutation_splice(link, NULL);
}

static void
return_in_branch(struct mutation *m, struct prog_node **link)
{
	if ((*link)->op == PROG_STOP && m->depth)
		(*link)->op = PROG_RETURN;
}

/* What stands before a stop in its block is not looked at. */
static void
stop_at_once(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link;

	if (node->op != PROG_IF && node->op != PROG_TRY && node->op != PROG_SWITCH)
		return;
	if (prog_has(node->body, PROG_STOP))
		node->body = mutation_node(m, PROG_STOP);
	if (prog_has(node->other, PROG_STOP))
		node->other = mutation_node(m, PROG_STOP);
}

/* flags */

static void
ignore_set(struct mutation *m, struct prog_node **link)
{
	if (sets_flag(m, *link))
		mutation_splice(link, NULL);
}

static void
ignore_set_in_block(struct mutation *m, struct prog_node **link)
{
	if (m->depth)
		ignore_set(m, link);
}

static void
forget_constant(struct mutation *m, struct prog_node **link)
{
	if (sets_flag(m, *link) && (*link)->op == PROG_SET)
		make_unknown(*link);
}

static void
forget_constant_in_loop(struct mutation *m, struct prog_node **link)
{
	if (m->loops)
		forget_constant(m, link);
}

static bool
copies_flag(const struct prog_node *node)
{
	return node->op == PROG_ASSIGN && node->condition.kind == CONDITION_FLAG;
}

static void
forget_copy(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if (copies_flag(*link))
		make_unknown(*link);
}

static void
copy_plainly(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if (copies_flag(*link))
		(*link)->condition.negated = false;
}

static void
keep_value(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->op == PROG_ASSIGN && (*link)->condition.kind == CONDITION_UNKNOWN)
		mutation_splice(link, NULL);
}

/* Tests of a flag that is set anywhere tell nothing. */
static void
forget_test(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link;

	if (node->op != PROG_ASSIGN && node->condition.kind == CONDITION_FLAG &&
	    m->prog->set >> m->prog->var[node->condition.variable].index & 1)
		mutation_forget(node);
}

/* tries without blocks */

static bool
is_kept(const struct prog_node *node)
{
	return node->op == PROG_TAKE && node->variable != PROG_NONE;
}

static bool
is_ignored(const struct prog_node *node)
{
	return node->op == PROG_TAKE && node->variable == PROG_NONE;
}

/* The lock may be taken; the flag says nothing of it. */
static void
forget_result(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *unknown;

	if (!is_kept(node))
		return;
	unknown = mutation_node(m, PROG_ASSIGN);
	unknown->variable = node->variable;
	make_unknown(unknown);
	unknown->next = node->next;
	node->next = unknown;
	node->variable = PROG_NONE;
}

/* The lock is taken, and the flag says so. */
static void
succeed_always(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *set;

	if (!is_kept(node))
		return;
	set = mutation_node(m, PROG_SET);
	set->variable = node->variable;
	set->value = true;
	set->next = node->next;
	node->next = set;
	node->op = PROG_CALL;
	node->variable = PROG_NONE;
}

static void
overlook_kept(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if (is_kept(*link))
		make_unknown(*link);
}

static void
acquire_ignored(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if (is_ignored(*link))
		(*link)->op = PROG_CALL;
}

static void
overlook_ignored(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if (is_ignored(*link))
		mutation_splice(link, NULL);
}

/* forever */

static void
skip_forever(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->op == PROG_FOREVER)
		(*link)->op = PROG_WHILE;
}

static void
run_forever_once(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->op == PROG_FOREVER)
		(*link)->op = PROG_ONCE;
}

static void
drop_forever(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->op == PROG_FOREVER)
		mutation_splice(link, NULL);
}

/* Nothing comes behind it, as if no break led there. */
static void
stay_forever(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *stop;

	if (node->op != PROG_FOREVER)
		return;
	stop = mutation_node(m, PROG_STOP);
	stop->next = node->next;
	node->next = stop;
}

const struct mutant mutants_state[] = {
	{.name = "stop-as-call",
     .summary = "The call that stops the system is a call like any other.",
     .node = run_on_at_stop},
	{.name = "stop-in-branch-returns",
     .summary = "A branch that stops the system is judged as if it returned.",
     .node = return_in_branch},
	{.name = "stop-hides-branch",
     .summary = "A branch in which the system stops is not looked at, not even before it stops.",
     .node = stop_at_once},
	{.name = "flag-sets-ignored", .summary = "What a flag is set to is not seen.", .node = ignore_set},
	{.name = "flag-sets-in-blocks-ignored",
     .summary = "A flag that is set in a block is as it was before.",
     .node = ignore_set_in_block},
	{.name = "constants-forgotten",
     .summary = "A flag that is set to TRUE or FALSE may be either.",
     .node = forget_constant},
	{.name = "constants-in-loops-forgotten",
     .summary = "A flag that a loop sets may be either behind it; so analyses that widen.",
     .node = forget_constant_in_loop},
	{.name = "copies-forgotten", .summary = "A copy of a flag is a new unknown.", .node = forget_copy},
	{.name = "copies-not-negated", .summary = "The opposite of a flag is the flag.", .node = copy_plainly},
	{.name = "new-unknowns-ignored",
     .summary = "A flag that is read anew keeps its value; so analyses that name values by variables.",
     .node = keep_value},
	{.name = "set-flags-forgotten",
     .summary = "What a flag is that the routine sets is not remembered; so -Wthread-safety.",
     .node = forget_test},
	{.name = "kept-result-forgotten",
     .summary = "A try's result that is kept in a variable tells nothing; so -Wthread-safety.",
     .node = forget_result},
	{.name = "kept-try-succeeds",
     .summary = "A try whose result is kept takes the lock.",
     .node = succeed_always},
	{.name = "kept-try-ignored",
     .summary = "A try whose result is kept is no lock call.",
     .node = overlook_kept},
	{.name = "ignored-try-acquires",
     .summary = "A try whose result nobody looks at takes the lock.",
     .node = acquire_ignored},
	{.name = "ignored-try-ignored",
     .summary = "A try whose result nobody looks at is no lock call.",
     .node = overlook_ignored},
	{.name = "forever-may-be-skipped",
     .summary = "A loop without a condition may run no time, and end by itself.",
     .node = skip_forever},
	{.name = "forever-once", .summary = "A loop without a condition runs once.", .node = run_forever_once},
	{.name = "forever-ignored", .summary = "A loop without a condition is not seen.", .node = drop_forever},
	{.name = "forever-unending",
     .summary = "Nothing comes behind a loop without a condition, also where a break leads there.",
     .node = stay_forever},
	{0},
};
