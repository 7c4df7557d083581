/* Mutants that take the wrong branch, or bring branches together wrongly.
 *
 * Those that keep no paths apart come in two kinds. Some let one branch alone go on, which is a path that
 * stops at the end of the other; the rest join the states of both, through the hook of the walk (hook.c).
 */
#include <stddef.h>

#include "mutation.h"

static bool
is_branch(const struct prog_node *node)
{
	return node->op == PROG_IF || node->op == PROG_SWITCH || node->op == PROG_TRY;
}

static bool
is_unknown(const struct prog_node *node)
{
	return (node->op == PROG_IF || node->op == PROG_SWITCH) && node->condition.kind == CONDITION_UNKNOWN;
}

static void
drop_else(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if (is_branch(*link))
		(*link)->other = NULL;
}

static void
drop_then(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if (is_branch(*link))
		(*link)->body = NULL;
}

/* The event that a branch hangs on, before it; nothing where there is none. */
static void
event_before(struct mutation *m, struct prog_node **link)
{
	struct prog_node *event = mutation_node(m, PROG_CALL);

	if (!mutation_calls(*link) && (*link)->op != PROG_TRY)
		return;
	*event = **link;
	event->op = mutation_calls(*link) ? PROG_HELPER : PROG_CALL;
	event->body = event->other = NULL;
	event->condition = (struct prog_condition){.guard = PROG_NONE};
	event->next = *link;
	*link = event;
}

/* then and else, one after the other */
static void
run_both(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *block = node->body;

	if (!is_branch(node))
		return;
	event_before(m, link);
	if (*link != node)
		link = &(*link)->next;
	mutation_append(&block, node->other);
	mutation_splice(link, block);
}

static void
take_one(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *block = m->parameter ? node->body : node->other;

	if (!is_unknown(node))
		return;
	if (node->falls && m->parameter)
		mutation_append(&block, node->other);
	mutation_splice(link, block);
}

static bool
goes_on(const struct prog_node *block)
{
	while (block && block->next)
		block = block->next;
	return !block || !prog_is_jump(block);
}

/* Only one branch goes on behind the join: by parameter the first or the last. Where one never comes there
 * the other does. */
static void
join_one(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link;
	bool first = m->parameter || !node->other;

	if (!is_branch(node) || node->falls || !goes_on(node->body) || !goes_on(node->other))
		return;
	mutation_append(first ? &node->other : &node->body, mutation_node(m, PROG_STOP));
}

/* Conditions are forgotten before states are joined. */
static void
forget(struct mutation *m, struct prog_node **link)
{
	unsigned kind = (*link)->condition.kind;

	(void)m;
	if (kind == CONDITION_FLAG || kind == CONDITION_VAR)
		mutation_forget(*link);
	if ((*link)->op == PROG_REPEAT)
		(*link)->op = PROG_WHILE;
	(*link)->condition.guard = PROG_NONE;
}

/* if (c) A else if (d) B else C: as if the first else were not there */
static void
loosen_chain(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *inner = node->other;

	(void)m;
	if (node->spelling != SPELL_CHAIN || !inner)
		return;
	node->other = NULL;
	mutation_append(&inner, node->next);
	node->next = inner;
}

static void
drop_default(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link;

	(void)m;
	if (node->op != PROG_SWITCH)
		return;
	node->other = NULL;
	node->falls = false;
}

static void
break_fall(struct mutation *m, struct prog_node **link)
{
	(void)m;
	(*link)->falls = false;
}

static void
fall_always(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link;

	(void)m;
	node->falls |= node->op == PROG_SWITCH && node->other && goes_on(node->body);
}

/* Any of the cases runs, or several, or none. */
static void
run_subset(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *second = mutation_node(m, PROG_IF);

	if (node->op != PROG_SWITCH || mutation_calls(node) || !node->other)
		return;
	second->body = node->other;
	second->next = node->next;
	mutation_forget(node);
	node->op = PROG_IF;
	node->falls = false;
	node->other = NULL;
	node->next = second;
}

static void
drop_ternary(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->spelling == SPELL_TERNARY)
		(*link)->body = (*link)->other = NULL;
}

/* && and ||: an `if` whose whole body is another */

static struct prog_node *
joined_with(const struct prog_node *node)
{
	bool joined = node->spelling == SPELL_AND || node->spelling == SPELL_OR;

	return joined ? node->body : NULL;
}

static void
drop_second(struct mutation *m, struct prog_node **link)
{
	struct prog_node *inner = joined_with(*link);

	(void)m;
	if (inner)
		(*link)->body = inner->body;
}

static void
drop_first(struct mutation *m, struct prog_node **link)
{
	struct prog_node *inner = joined_with(*link);

	(void)m;
	if (inner)
		mutation_splice(link, inner);
}

static void
evaluate_both(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *inner = joined_with(node);

	(void)m;
	if (!inner)
		return;
	node->body = inner->body;
	inner->body = NULL;
	mutation_splice(link, inner);
	inner->body = node;
	node->next = NULL;
}

/* && for || and || for &&: the block runs when either condition holds */
static void
exchange_joined(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link, *inner = joined_with(node);

	if (!inner)
		return;
	node->body = mutation_copy_block(m, inner->body);
	node->other = inner;
}

static void
take_dead(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->condition.kind == CONDITION_NEVER)
		mutation_forget(*link);
}

const struct mutant mutants_branch[] = {
	{.name = "else-ignored",
     .summary = "Nothing happens in an else block; so patterns that look for `if (...) { ... }`.",
     .node = drop_else},
	{.name = "then-ignored", .summary = "Nothing happens in the block of an if.", .node = drop_then},
	{.name = "both-branches",
     .summary = "Then and else run one after the other; so searches of the text.",
     .node = run_both},
	{.name = "unknown-true",
     .summary = "An unknown condition holds; so a test run with one input.",
     .node = take_one,
     .parameter = true},
	{.name = "unknown-false",
     .summary = "An unknown condition does not hold; so a test run with the other input.",
     .node = take_one},
	{.name = "join-first",
     .summary = "Behind an if the state is that of its first branch.",
     .node = join_one,
     .parameter = true},
	{.name = "join-last",
     .summary = "Behind an if the state is that of its last branch; so scans in text order.",
     .node = join_one},
	{.name = "join-union",
     .summary = "A lock held on one of two paths is held where they meet; so may-analyses.",
     .node = forget,
     .join = JOIN_UNION},
	{.name = "join-intersection",
     .summary = "A lock held on one of two paths is free where they meet; so must-analyses.",
     .node = forget,
     .join = JOIN_INTERSECTION},
	{.name = "join-difference",
     .summary = "Paths that meet must hold the same locks; so sparse and clang -Wthread-safety.",
     .node = forget,
     .join = JOIN_DIFFERENCE},
	{.name = "chain-loosened",
     .summary = "An else-if is tested whether the first condition held or not.",
     .node = loosen_chain},
	{.name = "default-ignored", .summary = "The default of a switch is not looked at.", .node = drop_default},
	{.name = "fall-as-break",
     .summary = "A case that falls through leaves the switch; so smatch and addons of cppcheck.",
     .node = break_fall},
	{.name = "break-as-fall", .summary = "Every case of a switch falls through.", .node = fall_always},
	{.name = "switch-subset", .summary = "Any cases of a switch run, several or none.", .node = run_subset},
	{.name = "ternary-ignored",
     .summary = "Calls chosen by ?: are not seen; so scans of statements.",
     .node = drop_ternary},
	{.name = "second-operand-ignored",
     .summary = "Of && and || only the first operand counts.",
     .node = drop_second},
	{.name = "first-operand-ignored",
     .summary = "Of && and || only the second operand counts.",
     .node = drop_first},
	{.name = "operands-all-evaluated",
     .summary = "The second operand of && and || is evaluated whatever the first is.",
     .node = evaluate_both},
	{.name = "operators-exchanged", .summary = "&& is taken for || and || for &&.", .node = exchange_joined},
	{.name = "dead-branch-taken",
     .summary = "A branch that is never taken is; so checkers that evaluate no constants.",
     .node = take_dead},
	{0},
};
