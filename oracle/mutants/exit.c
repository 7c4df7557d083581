/* Mutants that leave a routine wrongly: returns, gotos, shared clean-up, __finally, a status,
 * do { } while (0), the system's stop.
 *
 * Returns of helpers stay as they are: only those of the function with the routine's statements are meant.
 */
#include <stddef.h>

#include "mutation.h"

enum {
	CLEAN_UP = 1U << LABEL_EXIT | 1U << LABEL_RELEASE,
	BACKWARD = 1U << LABEL_AGAIN,
	FINALLY = 1U << LABEL_FINALLY,
	FORWARD = CLEAN_UP | 1U << LABEL_DONE | 1U << LABEL_OTHERWISE | 1U << LABEL_JOIN | 1U << LABEL_TAKEN,
};

static bool
returns(const struct mutation *m, const struct prog_node *node)
{
	return node->op == PROG_RETURN && mutation_in_main(m);
}

static void
drop_early_return(struct mutation *m, struct prog_node **link)
{
	if (returns(m, *link) && m->depth)
		mutation_splice(link, NULL);
}

static void
stop_at_early_return(struct mutation *m, struct prog_node **link)
{
	if (returns(m, *link) && m->depth)
		(*link)->op = PROG_STOP;
}

static void
stop_at_later_return(struct mutation *m, struct prog_node **link)
{
	if (returns(m, *link) && m->seen++)
		(*link)->op = PROG_STOP;
}

/* The end counts where there is no return. */
static void
judge_first_return(struct mutation *m)
{
	mutation_each(m, stop_at_later_return);
	if (m->seen)
		mutation_append(&m->prog->function[m->prog->main].body, mutation_node(m, PROG_STOP));
}

static void
leave_loop_only(struct mutation *m, struct prog_node **link)
{
	if (returns(m, *link) && m->loops)
		(*link)->op = PROG_BREAK;
}

static void
run_on(struct mutation *m, struct prog_node **link)
{
	if (returns(m, *link) && (*link)->next)
		mutation_splice(link, NULL);
}

/* Whether the node is a goto to a label of one of the kinds in the parameter. */
static bool
jumps(const struct mutation *m, const struct prog_node *node)
{
	return node->op == PROG_GOTO && m->parameter >> node->label_kind & 1;
}

static void
drop_goto(struct mutation *m, struct prog_node **link)
{
	if (jumps(m, *link))
		mutation_splice(link, NULL);
}

static void
stop_at_goto(struct mutation *m, struct prog_node **link)
{
	if (jumps(m, *link))
		(*link)->op = PROG_STOP;
}

static void
return_at_goto(struct mutation *m, struct prog_node **link)
{
	if (jumps(m, *link))
		(*link)->op = PROG_RETURN;
}

/* What a __finally block holds is not run. */
static void
drop_finally(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->op == PROG_FINALLY)
		(*link)->other->next = NULL;
}

/* A variable with an attribute is a variable. */
static void
drop_scope_end(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->op == PROG_SCOPE)
		mutation_splice(link, (*link)->body);
}

/* What a scope ends with runs at the brace that closes it. */
static void
close_scope(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link;

	(void)m;
	if (node->op != PROG_SCOPE)
		return;
	if (!prog_ends_in_jump(node->body))
		mutation_append(&node->body, node->other);
	mutation_splice(link, node->body);
}

/* The function that is named where the variable is declared is called there. */
static void
call_at_declaration(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link;

	(void)m;
	if (node->op != PROG_SCOPE || !node->other)
		return;
	node->other->next = node->body;
	mutation_splice(link, node->other);
}

static bool
is_rung(const struct mutation *m, const struct prog_node *node)
{
	return node->op == PROG_LABEL ||
	       (mutation_is_event(m, node) && !mutation_acquires(m, node) && node->op != PROG_GUARD);
}

/* Puts a label before the run of releases that has labels in it; by parameter before the last release of the
 * run. */
static void
mark_clean_up(struct mutation *m)
{
	struct prog_node **link = &m->prog->function[m->prog->main].body, **run = link, *mark;
	bool found = false;

	for (; *link && !(found && !is_rung(m, *link)); link = &(*link)->next) {
		found |= (*link)->op == PROG_LABEL && (*link)->label_kind == LABEL_RELEASE;
		if (!is_rung(m, *link))
			run = &(*link)->next;
		else if (m->parameter && (*link)->op != PROG_LABEL)
			run = link;
	}
	if (!found)
		return;
	mark = mutation_node(m, PROG_LABEL);
	mark->label_kind = LABEL_RELEASE;
	mark->label = (uint16_t)(m->seen = ++m->prog->labels);
	mark->next = *run;
	*run = mark;
}

static void
move_goto(struct mutation *m, struct prog_node **link)
{
	if ((*link)->op == PROG_GOTO && (*link)->label_kind == LABEL_RELEASE && m->seen)
		(*link)->label = (uint16_t)m->seen;
}

static bool
is_status(const struct mutation *m, unsigned variable)
{
	return variable != PROG_NONE && m->prog->var[variable].type == TYPE_STATUS;
}

static void
forget_status(struct mutation *m, struct prog_node **link)
{
	const struct prog_condition *condition = &(*link)->condition;

	if ((condition->kind == CONDITION_VAR && is_status(m, condition->variable)) ||
	    is_status(m, condition->guard))
		mutation_forget(*link);
}

static void
keep_status(struct mutation *m, struct prog_node **link)
{
	if ((*link)->op == PROG_SET && is_status(m, (*link)->variable))
		mutation_splice(link, NULL);
}

static void
unguard_loop(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if (prog_is_loop(*link))
		(*link)->condition.guard = PROG_NONE;
}

static void
drop_once_break(struct mutation *m, struct prog_node **link)
{
	if ((*link)->op == PROG_BREAK && !m->loops)
		mutation_splice(link, NULL);
}

static void
return_at_stop(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->op == PROG_STOP)
		(*link)->op = PROG_RETURN;
}

const struct mutant mutants_exit[] = {
	{.name = "early-return-ignored", .summary = "An early return does nothing.", .node = drop_early_return},
	{.name = "early-return-unjudged",
     .summary = "Only the end of a routine is judged, not an early return.",
     .node = stop_at_early_return},
	{.name = "first-return-only",
     .summary = "Of all returns the first in the text is judged; so patterns that stop at one match.",
     .program = judge_first_return},
	{.name = "return-in-loop-as-break",
     .summary = "A return in a loop leaves the loop only.",
     .node = leave_loop_only},
	{.name = "return-runs-on",
     .summary = "What stands behind a return runs; so scans in text order.",
     .node = run_on},
	{.name = "forward-goto-ignored",
     .summary = "A goto to a place further down does nothing.",
     .node = drop_goto,
     .parameter = FORWARD},
	{.name = "backward-goto-ignored",
     .summary = "A goto to a place further up does nothing: what stands behind it runs.",
     .node = drop_goto,
     .parameter = BACKWARD},
	{.name = "goto-unfollowed",
     .summary = "A path ends at a goto; so structured analyses.",
     .node = stop_at_goto,
     .parameter = FORWARD | BACKWARD},
	{.name = "clean-up-ignored",
     .summary = "A goto to clean-up is a return: what stands at its label is not seen.",
     .node = return_at_goto,
     .parameter = CLEAN_UP},
	{.name = "finally-ignored",
     .summary = "What a __finally block holds is not seen: as if the lock were kept.",
     .node = drop_finally},
	{.name = "leave-returns",
     .summary = "A __leave is a return that passes the __finally block by.",
     .node = return_at_goto,
     .parameter = FINALLY},
	{.name = "leave-ignored",
     .summary = "A __leave does nothing: what stands behind it runs.",
     .node = drop_goto,
     .parameter = FINALLY},
	{.name = "scope-end-ignored",
     .summary = "With the scope of a variable nothing ends: the attribute is not seen.",
     .node = drop_scope_end},
	{.name = "scope-end-at-brace",
     .summary = "What ends with a scope runs at its closing brace, but not at a return.",
     .node = close_scope},
	{.name = "scope-end-at-once",
     .summary = "The function that the attribute names runs where it is named.",
     .node = call_at_declaration},
	{.name = "clean-up-from-top",
     .summary = "A goto into shared clean-up runs all of it.",
     .program = mark_clean_up,
     .node = move_goto},
	{.name = "clean-up-from-bottom",
     .summary = "A goto into shared clean-up runs the last of it only.",
     .program = mark_clean_up,
     .node = move_goto,
     .parameter = true},
	{.name = "status-forgotten",
     .summary = "What a status says is not remembered; so sparse, -Wthread-safety, coccinelle.",
     .node = forget_status},
	{.name = "status-unset", .summary = "A status keeps its first value, a success.", .node = keep_status},
	{.name = "status-unseen-in-loop",
     .summary = "A loop's test of a status is not seen, only that of its own condition.",
     .node = unguard_loop},
	{.name = "do-once-break-ignored",
     .summary = "A break out of do { } while (0) does nothing; so smatch, splint.",
     .node = drop_once_break},
	{.name = "bug-check-returns",
     .summary = "The call that stops the system returns from the routine.",
     .node = return_at_stop},
	{0},
};
