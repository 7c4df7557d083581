/* Mutants that do not understand how a result is told: of a try, or of a helper that may fail. See
 * mutation.h.
 *
 * A result that is not understood is an unknown: the lock may be taken, and the test does not say whether.
 */
#include "mutation.h"

#include <stddef.h>

/* results that variables keep */

/* Whether the node looks at a result that a variable keeps. */
static bool
looks_at_kept(const struct mutation *m, const struct prog_node *node)
{
	return node && node->condition.kind == CONDITION_VAR &&
	       m->prog->var[node->condition.variable].type == TYPE_RESULT;
}

static bool
keeps_result(const struct mutation *m, const struct prog_node *node)
{
	return (node->op == PROG_TAKE || node->op == PROG_ASSIGN) && node->variable != PROG_NONE &&
	       m->prog->var[node->variable].type == TYPE_RESULT;
}

static void
forget_kept(struct mutation *m, struct prog_node **link)
{
	if (looks_at_kept(m, *link))
		mutation_forget(*link);
}

static void
forget_behind_work(struct mutation *m, struct prog_node **link)
{
	struct prog_node *work = (*link)->next;

	if (keeps_result(m, *link) && work && work->op == PROG_WORK && looks_at_kept(m, work->next))
		mutation_forget(work->next);
}

static void
forget_second_test(struct mutation *m, struct prog_node **link)
{
	struct prog_node *first = *link, *second = first->next;

	if (looks_at_kept(m, first) && looks_at_kept(m, second) &&
	    first->condition.variable == second->condition.variable)
		mutation_forget(second);
}

/* results by what is done to them */

static void
forget_told(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *call;

	if (!node->condition.told || node->condition.told != m->parameter)
		return;
	call = mutation_node(m, node->condition.kind == CONDITION_RESULT ? PROG_HELPER : PROG_TAKE);
	call->statement = node->statement;
	call->function = node->function;
	call->call = node->call;
	call->lock = node->lock;
	call->handle = node->handle;
	call->irql = node->irql;
	for (unsigned i = 0; i < PROG_PARAMETERS; i++)
		call->argument[i] = node->argument[i];
	node->op = node->op == PROG_TAKE ? PROG_ASSIGN : PROG_IF;
	mutation_forget(node);
	call->next = node;
	*link = call;
}

static void
overlook_told(struct mutation *m, struct prog_node **link)
{
	if ((*link)->condition.told && (*link)->condition.told == m->parameter)
		mutation_overlook(link);
}

/* p = !p */
static struct prog_node *
negate_flag(struct mutation *m, unsigned variable)
{
	struct prog_node *node = mutation_node(m, PROG_ASSIGN);

	node->variable = node->condition.variable = (uint8_t)variable;
	node->condition.kind = CONDITION_FLAG;
	node->condition.negated = true;
	return node;
}

static void
invert_told(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *body = node->body;

	if (!node->condition.told || node->condition.told != m->parameter)
		return;
	if (node->op == PROG_TRY) {
		node->body = node->other;
		node->other = body;
	} else if (node->op == PROG_TAKE) {
		struct prog_node *turn = negate_flag(m, node->variable);

		turn->next = node->next;
		node->next = turn;
	} else {
		node->condition.negated ^= 1;
	}
}

const struct mutant mutants_result[] = {
	{.name = "stored-results-forgotten",
     .summary = "A result that is stored in a variable tells nothing.",
     .node = forget_kept},
	{.name = "results-behind-work-forgotten",
     .summary = "A stored result tells nothing once another statement stands before its test.",
     .node = forget_behind_work},
	{.name = "results-tested-once",
     .summary = "A stored result tells something the first time it is tested.",
     .node = forget_second_test},
	{.name = "double-negations-forgotten",
     .summary = "A result that is negated twice tells nothing.",
     .node = forget_told,
     .parameter = RESULT_NOT_NOT},
	{.name = "double-negations-single",
     .summary = "A result that is negated twice is negated.",
     .node = invert_told,
     .parameter = RESULT_NOT_NOT},
	{.name = "comparisons-forgotten",
     .summary = "A result that is compared with a constant tells nothing.",
     .node = forget_told,
     .parameter = RESULT_COMPARED},
	{.name = "comparisons-inverted",
     .summary = "A result that is compared with a constant is taken for its opposite.",
     .node = invert_told,
     .parameter = RESULT_COMPARED},
	{.name = "ternary-results-forgotten",
     .summary = "A result that chooses between two constants tells nothing.",
     .node = forget_told,
     .parameter = RESULT_TERNARY},
	{.name = "assigned-results-forgotten",
     .summary = "A result that is assigned by the expression that tests it tells nothing.",
     .node = forget_told,
     .parameter = RESULT_ASSIGNED},
	{.name = "assigned-results-ignored",
     .summary = "A try within an assignment within a test is not seen.",
     .node = overlook_told,
     .parameter = RESULT_ASSIGNED},
	{.name = "cast-results-forgotten",
     .summary = "A result that is cast to another type tells nothing.",
     .node = forget_told,
     .parameter = RESULT_CAST},
	{.name = "result-enumerators-forgotten",
     .summary = "A result that is compared with an enumerator tells nothing.",
     .node = forget_told,
     .parameter = RESULT_ENUMERATOR},
	{.name = "result-enumerators-zero",
     .summary = "An enumerator is taken for FALSE, whatever its value is.",
     .node = invert_told,
     .parameter = RESULT_ENUMERATOR},
	{.name = "statement-expressions-forgotten",
     .summary = "The value of a statement expression tells nothing.",
     .node = forget_told,
     .parameter = RESULT_BLOCK},
	{.name = "statement-expressions-ignored",
     .summary = "What a statement expression calls is not seen.",
     .node = overlook_told,
     .parameter = RESULT_BLOCK},
	{0},
};
