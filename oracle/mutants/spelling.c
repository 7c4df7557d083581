/* Mutants that do not see through how a test, a switch or an endless loop is spelled.
 *
 * Each mistakes one spelling and is right on all others; what the statement does is the same in all of them.
 * A condition that a helper decides is left alone where to change it would lose the helper's event.
 */
#include <stddef.h>

#include "mutation.h"

static bool
is_spelled(const struct prog_node *node, unsigned spelling)
{
	return node->spelling == spelling;
}

/* What is tested through the spelling in the parameter is another unknown each time. */
static void
forget_flag(struct mutation *m, struct prog_node **link)
{
	if (is_spelled(*link, m->parameter) && (*link)->condition.kind == CONDITION_FLAG)
		mutation_forget(*link);
}

static void
drop_negation(struct mutation *m, struct prog_node **link)
{
	if (is_spelled(*link, m->parameter))
		(*link)->condition.negated = false;
}

static void
invert(struct mutation *m, struct prog_node **link)
{
	if (is_spelled(*link, m->parameter))
		(*link)->condition.negated ^= 1;
}

/* What is compared never equals the enumerator. */
static void
never_equal(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link;

	if (is_spelled(node, m->parameter) && !mutation_calls(node))
		mutation_splice(link, node->condition.negated ? node->other : node->body);
}

/* The block of a switch's default. */
static struct prog_node **
default_of(const struct mutation *m, struct prog_node *node)
{
	return prog_case_is_true(m->prog, node) != node->condition.negated ? &node->other : &node->body;
}

static void
take_default(struct mutation *m, struct prog_node **link)
{
	if ((*link)->default_first && !mutation_calls(*link))
		mutation_splice(link, *default_of(m, *link));
}

static void
drop_case(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link;

	if (node->default_first)
		*(default_of(m, node) == &node->body ? &node->other : &node->body) = NULL;
}

/* No break is seen to lead out of it. */
static void
stay(struct mutation *m, struct prog_node **link)
{
	if (is_spelled(*link, m->parameter))
		mutation_stay(m, *link);
}

/* branches that are jumps */

/* Only the label in the parameter, the first or the second, is jumped to. */
static void
take_label(struct mutation *m, struct prog_node **link)
{
	if (is_spelled(*link, SPELL_COMPUTED))
		mutation_splice(link, m->parameter ? (*link)->other : (*link)->body);
}

static void
stop_at_jump(struct mutation *m, struct prog_node **link)
{
	if (is_spelled(*link, m->parameter))
		(*link)->op = PROG_STOP;
}

static void
drop_jump(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if (is_spelled(*link, SPELL_ASM))
		mutation_splice(link, NULL);
}

/* The branch of that spelling is always taken. */
static void
jump_always(struct mutation *m, struct prog_node **link)
{
	if (is_spelled(*link, m->parameter))
		mutation_splice(link, (*link)->body);
}

/* macros that hide a jump, or are a loop that a jump leaves */

/* The jump in the parameter, where a macro hides it, does nothing. */
static void
drop_hidden(struct mutation *m, struct prog_node **link)
{
	if ((*link)->hidden && (*link)->op == m->parameter)
		mutation_splice(link, NULL);
}

static void
stop_at_hidden(struct mutation *m, struct prog_node **link)
{
	if ((*link)->hidden && (*link)->op == m->parameter)
		(*link)->op = PROG_STOP;
}

static void
return_at_hidden(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->hidden)
		(*link)->op = PROG_RETURN;
}

static void
drop_return_if(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if (is_spelled(*link, SPELL_RETURN_IF))
		(*link)->body = NULL;
}

/* Breaks of the guard's block run its release first. */
static void
release_at_break(struct mutation *m, struct prog_node **link, const struct prog_node *release)
{
	for (; *link; link = &(*link)->next) {
		struct prog_node *node = *link;

		if (node->op == PROG_BREAK) {
			*link = mutation_copy_block(m, release);
			(*link)->next = node;
			link = &(*link)->next;
		}
		if (prog_is_left_by_break(node))
			continue;
		release_at_break(m, &node->body, release);
		release_at_break(m, &node->other, release);
	}
}

static void
guard_break_releases(struct mutation *m, struct prog_node **link)
{
	if ((*link)->op == PROG_GUARD && (*link)->other)
		release_at_break(m, &(*link)->body, (*link)->other);
}

/* continue in do { } while (0) */

static void
guard_continue_skips(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->op == PROG_GUARD)
		mutation_exchange((*link)->body, PROG_CONTINUE, PROG_BREAK);
}

static void
drop_once_continue(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->op == PROG_ONCE)
		mutation_exchange((*link)->body, PROG_CONTINUE, PROG_WORK);
}

/* for (;;) { body; break; } */
static void
repeat_once(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link;

	if (node->op != PROG_ONCE || !prog_has_continue(node->body))
		return;
	node->op = PROG_FOREVER;
	mutation_append(&node->body, mutation_node(m, PROG_BREAK));
}

const struct mutant mutants_spelling[] = {
	{.name = "casts-forgotten",
     .summary = "What is tested through a cast is another value.",
     .node = forget_flag,
     .parameter = SPELL_CAST},
	{.name = "cast-negation-ignored",
     .summary = "A negation before a cast is not seen.",
     .node = drop_negation,
     .parameter = SPELL_CAST},
	{.name = "enumerators-forgotten",
     .summary = "A comparison with an enumerator tells nothing of what is compared.",
     .node = forget_flag,
     .parameter = SPELL_ENUMERATOR},
	{.name = "enumerators-never-equal",
     .summary = "Nothing equals an enumerator: its value is not known.",
     .node = never_equal,
     .parameter = SPELL_ENUMERATOR},
	{.name = "zeros-forgotten",
     .summary = "A comparison with 0 is another test than that of the value itself.",
     .node = forget_flag,
     .parameter = SPELL_NONZERO},
	{.name = "zeros-inverted",
     .summary = "A value that differs from 0 is taken for one that is 0.",
     .node = invert,
     .parameter = SPELL_NONZERO},
	{.name = "generic-forgotten",
     .summary = "What _Generic chooses is another value each time.",
     .node = forget_flag,
     .parameter = SPELL_GENERIC},
	{.name = "generic-true",
     .summary = "What _Generic chooses is never 0.",
     .node = never_equal,
     .parameter = SPELL_GENERIC},
	{.name = "computed-goto-unfollowed",
     .summary = "A path ends at a goto to a computed label.",
     .node = stop_at_jump,
     .parameter = SPELL_COMPUTED},
	{.name = "computed-goto-first",
     .summary = "A goto to a computed label goes to the first of them.",
     .node = take_label},
	{.name = "asm-goto-ignored",
     .summary = "Inline assembler does not jump; so checkers that skip it.",
     .node = drop_jump},
	{.name = "asm-goto-always",
     .summary = "Inline assembler that may jump always does.",
     .node = jump_always,
     .parameter = SPELL_ASM},
	{.name = "default-first-always",
     .summary = "A default that stands first is taken whatever the value is.",
     .node = take_default},
	{.name = "default-first-hides",
     .summary = "What stands behind a default is not looked at.",
     .node = drop_case},
	{.name = "while-true-unending",
     .summary = "Nothing comes behind while (TRUE), also where a break leads there.",
     .node = stay,
     .parameter = SPELL_WHILE_TRUE},
	{.name = "do-true-unending",
     .summary = "Nothing comes behind do { } while (TRUE), also where a break leads there.",
     .node = stay,
     .parameter = SPELL_DO_TRUE},
	{.name = "hidden-return-ignored",
     .summary = "A macro that returns is a call that does nothing; so searches of the text.",
     .node = drop_hidden,
     .parameter = PROG_RETURN},
	{.name = "hidden-return-unjudged",
     .summary = "Where a macro returns the routine is not judged.",
     .node = stop_at_hidden,
     .parameter = PROG_RETURN},
	{.name = "hidden-goto-ignored",
     .summary = "A macro that goes to clean-up is a call that does nothing; so searches of the text.",
     .node = drop_hidden,
     .parameter = PROG_GOTO},
	{.name = "hidden-goto-returns",
     .summary = "A macro that goes to clean-up returns without it.",
     .node = return_at_hidden},
	{.name = "return-if-ignored",
     .summary = "A macro that tests and returns is a call that does nothing; so searches of the text.",
     .node = drop_return_if},
	{.name = "return-if-always",
     .summary = "A macro that tests and returns always returns.",
     .node = jump_always,
     .parameter = SPELL_RETURN_IF},
	{.name = "guard-break-releases",
     .summary = "A break from a macro's block gives its lock back, as if it were a scope.",
     .node = guard_break_releases},
	{.name = "guard-continue-skips",
     .summary = "A continue in a macro's block leaves it without the release.",
     .node = guard_continue_skips},
	{.name = "do-once-continue-ignored",
     .summary = "A continue in do { } while (0) does nothing.",
     .node = drop_once_continue},
	{.name = "do-once-continue-repeats",
     .summary = "A continue in do { } while (0) runs it again, without its test.",
     .node = repeat_once},
	{0},
};
