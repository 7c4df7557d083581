/* Mutants that are blind to state: to flags that are set, results of tries that are kept or ignored, to what
 * stops the system, to loops without a condition. See mutation.h.
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

/* The same of loops: what stops in one leaves it. */
static void
break_at_stop(struct mutation *m, struct prog_node **link)
{
	if ((*link)->op == PROG_STOP && m->loops)
		(*link)->op = PROG_BREAK;
}

/* A call that it does not know stops the system. */
static void
stop_at_work(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->op == PROG_WORK)
		(*link)->op = PROG_STOP;
}

/* flags */

static void
ignore_set(struct mutation *m, struct prog_node **link)
{
	if (sets_flag(m, *link))
		mutation_splice(link, NULL);
}

/* A call of a setter, which nobody looks into. */
static void
ignore_setter(struct mutation *m, struct prog_node **link)
{
	if ((*link)->op == PROG_HELPER && m->prog->function[(*link)->function].purpose == PURPOSE_SETTER)
		mutation_splice(link, NULL);
}

/* A number that is counted up, or one that is cleared, is seen as what it was. */
static void
ignore_count(struct mutation *m, struct prog_node **link)
{
	if (sets_flag(m, *link) && (*link)->op == PROG_SET && (*link)->value == m->parameter &&
	    m->prog->shapes.choice[SHAPE_FLAG] == FLAG_COUNTER)
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

/* Of the value in the parameter only. */
static void
ignore_constant(struct mutation *m, struct prog_node **link)
{
	if (sets_flag(m, *link) && (*link)->op == PROG_SET && (*link)->value == m->parameter)
		mutation_splice(link, NULL);
}

static void
ignore_set_in_loop(struct mutation *m, struct prog_node **link)
{
	if (m->loops)
		ignore_set(m, link);
}

static void
ignore_set_behind_loop(struct mutation *m, struct prog_node **link)
{
	m->seen |= prog_is_loop(*link);
	if (m->seen && !m->loops)
		ignore_set(m, link);
}

/* Bit i of `seen`: variable i was set before. */
static void
ignore_further_sets(struct mutation *m, struct prog_node **link)
{
	unsigned bit = sets_flag(m, *link) ? 1U << (*link)->variable : 0;

	if (m->seen & bit)
		mutation_splice(link, NULL);
	m->seen |= bit;
}

static bool
sets_any(const struct prog_node *block)
{
	return prog_has(block, PROG_SET) || prog_has(block, PROG_ASSIGN) || prog_has(block, PROG_TAKE);
}

static void
run_setting_loop_once(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link;

	if (node->op != PROG_WHILE || !sets_any(node->body))
		return;
	mutation_append(&node->body, mutation_node(m, PROG_BREAK));
}

static bool
is_toggle(const struct prog_node *node)
{
	return node->op == PROG_ASSIGN && node->condition.kind == CONDITION_FLAG &&
	       node->condition.variable == node->variable;
}

static void
ignore_toggle(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if (is_toggle(*link))
		mutation_splice(link, NULL);
}

static void
set_unknown_to_true(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link;

	(void)m;
	if (node->op != PROG_ASSIGN || node->condition.kind != CONDITION_UNKNOWN)
		return;
	node->op = PROG_SET;
	node->value = true;
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

/* The lock is not taken, and the flag says so. */
static void
fail_always(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if (!is_kept(*link))
		return;
	(*link)->op = PROG_SET;
	(*link)->value = false;
}

/* What the flag says is the opposite of what happened. */
static void
invert_result(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *opposite;

	if (!is_kept(node))
		return;
	opposite = mutation_node(m, PROG_ASSIGN);
	opposite->variable = node->variable;
	opposite->condition = (struct prog_condition){
		.kind = CONDITION_FLAG, .variable = node->variable, .negated = true, .guard = PROG_NONE};
	opposite->next = node->next;
	node->next = opposite;
}

/* Bit i of `seen`: variable i keeps a result, and bit 16 + i: it was tested. */
static void
forget_further_tests(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link;

	if (is_kept(node) && node->variable < 16)
		m->seen |= 1U << node->variable;
	if (node->op == PROG_ASSIGN || node->condition.kind != CONDITION_FLAG || node->condition.variable >= 16 ||
	    !(m->seen >> node->condition.variable & 1))
		return;
	if (m->seen >> (16 + node->condition.variable) & 1)
		mutation_forget(node);
	else
		m->seen |= 1U << (16 + node->condition.variable);
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

/* while (TRUE) or do { } while (TRUE), by parameter, is tested as if it could fail. */
static void
test_true(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *test;

	if (node->spelling != m->parameter)
		return;
	test = mutation_node(m, PROG_IF);
	test->body = mutation_node(m, PROG_BREAK);
	if (m->parameter == SPELL_DO_TRUE) {
		mutation_append(&node->body, test);
		return;
	}
	test->next = node->body;
	node->body = test;
}

/* Nothing comes behind it, as if no break led there. */
static void
stay_forever(struct mutation *m, struct prog_node **link)
{
	if ((*link)->op == PROG_FOREVER)
		mutation_stay(m, *link);
}

static void
continue_forever(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->op == PROG_FOREVER)
		mutation_exchange((*link)->body, PROG_BREAK, PROG_CONTINUE);
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
	{.name = "stop-in-loop-breaks",
     .summary = "A loop in which the system stops is left there, and the routine goes on.",
     .node = break_at_stop},
	{.name = "work-stops", .summary = "A call that it does not know does not return.", .node = stop_at_work},
	{.name = "flag-sets-ignored", .summary = "What a flag is set to is not seen.", .node = ignore_set},
	{.name = "flag-sets-in-blocks-ignored",
     .summary = "A flag that is set in a block is as it was before.",
     .node = ignore_set_in_block},
	{.name = "flag-sets-in-loops-ignored",
     .summary = "A flag that a loop sets is as it was before the loop.",
     .node = ignore_set_in_loop},
	{.name = "flag-sets-behind-loops-ignored",
     .summary = "Behind a loop it does not see what a flag is set to.",
     .node = ignore_set_behind_loop},
	{.name = "flag-clears-ignored",
     .summary = "A flag that is set to FALSE is as it was before.",
     .node = ignore_constant,
     .parameter = 0},
	{.name = "flag-rises-ignored",
     .summary = "A flag that is set to TRUE is as it was before.",
     .node = ignore_constant,
     .parameter = 1},
	{.name = "first-set-only",
     .summary = "What a flag is set to first is what it is; so analyses of values that are set once.",
     .node = ignore_further_sets},
	{.name = "setting-loops-once",
     .summary = "A loop that sets a flag is followed for one round.",
     .node = run_setting_loop_once},
	{.name = "toggles-ignored",
     .summary = "A flag that becomes its own opposite is as it was before.",
     .node = ignore_toggle},
	{.name = "new-unknowns-true",
     .summary = "A flag that is read anew is TRUE.",
     .node = set_unknown_to_true},
	{.name = "setters-ignored",
     .summary = "A function that sets a flag does nothing; so analyses without calls.",
     .node = ignore_setter},
	{.name = "count-up-ignored",
     .summary = "A number that is counted up stays what it was.",
     .node = ignore_count,
     .parameter = true},
	{.name = "clearing-ignored",
     .summary = "A number that was counted up is never zero again.",
     .node = ignore_count},
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
	{.name = "kept-try-fails", .summary = "A try whose result is kept takes nothing.", .node = fail_always},
	{.name = "kept-result-inverted",
     .summary = "A result that is kept is TRUE when the try failed; so who takes it for a status.",
     .node = invert_result},
	{.name = "kept-result-known-once",
     .summary = "A result that is kept is known where it is tested first, and not again.",
     .node = forget_further_tests},
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
	{.name = "forever-break-continues",
     .summary = "A break in a loop without a condition begins the next round.",
     .node = continue_forever},
	{.name = "while-true-may-end",
     .summary = "The test of while (TRUE) may fail; so checkers that evaluate no constants.",
     .node = test_true,
     .parameter = SPELL_WHILE_TRUE},
	{.name = "do-true-may-end",
     .summary = "The test of do { } while (TRUE) may fail; so checkers that evaluate no constants.",
     .node = test_true,
     .parameter = SPELL_DO_TRUE},
	{0},
};
