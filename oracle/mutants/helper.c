/* Mutants that look into helpers wrongly, or not at all.
 *
 * A helper is a function or macro that takes or gives back a lock. It is called as a statement, or in the
 * condition of a branch, where its result tells what it did.
 */
#include <stddef.h>

#include "mutation.h"

static bool
calls_helper(const struct mutation *m, const struct prog_node *node)
{
	return mutation_calls(node) &&
	       (mutation_is_event(m, node) || prog_is_run(&m->prog->function[node->function]));
}

static const struct prog_function *
helper_of(const struct mutation *m, const struct prog_node *node)
{
	return &m->prog->function[node->function];
}

static void
drop_all(struct mutation *m, struct prog_node **link)
{
	if (calls_helper(m, *link))
		mutation_overlook(link);
}

static void
drop_purpose(struct mutation *m, struct prog_node **link)
{
	if (calls_helper(m, *link) && helper_of(m, *link)->purpose == m->parameter)
		mutation_overlook(link);
}

static void
drop_style(struct mutation *m, struct prog_node **link)
{
	if (calls_helper(m, *link) && helper_of(m, *link)->style == m->parameter)
		mutation_overlook(link);
}

static void
drop_second_level(struct mutation *m, struct prog_node **link)
{
	if (calls_helper(m, *link) && m->function->outer)
		mutation_overlook(link);
}

static void
keep_inline(struct mutation *m, struct prog_node **link)
{
	if (calls_helper(m, *link) && helper_of(m, *link)->style != CALL_INLINE &&
	    helper_of(m, *link)->style != CALL_MACRO)
		mutation_overlook(link);
}

static void
drop_self_sufficient(struct mutation *m, struct prog_node **link)
{
	if (calls_helper(m, *link) && helper_of(m, *link)->lock != PROG_NONE)
		mutation_overlook(link);
}

static void
drop_indexed(struct mutation *m, struct prog_node **link)
{
	bool indexed = false;

	for (unsigned i = 0; i < helper_of(m, *link)->parameters; i++)
		indexed |= helper_of(m, *link)->parameter[i] == TYPE_INDEX;
	if (calls_helper(m, *link) && indexed)
		mutation_overlook(link);
}

static void
drop_work(struct mutation *m, struct prog_node **link)
{
	if ((*link)->op == PROG_HELPER && helper_of(m, *link)->purpose == PURPOSE_WORK)
		mutation_splice(link, NULL);
}

static void
drop_loop(struct mutation *m, struct prog_node **link)
{
	if ((*link)->op == PROG_HELPER && helper_of(m, *link)->purpose == PURPOSE_LOOP)
		mutation_splice(link, NULL);
}

/* A helper always does what its first call makes it do. */
static void
repeat_first_call(struct mutation *m, struct prog_node **link)
{
	struct prog_node *node = *link;

	if (!calls_helper(m, node) || m->function->purpose == PURPOSE_CLEANUP)
		return; /* what that passes on is its own */
	if (!m->first[node->function])
		m->first[node->function] = node;
	for (unsigned i = 0; i < PROG_PARAMETERS; i++)
		node->argument[i] = m->first[node->function]->argument[i];
}

static void
note_first_call(struct mutation *m, struct prog_node **link)
{
	if (calls_helper(m, *link) && mutation_in_main(m) && !m->first[(*link)->function])
		m->first[(*link)->function] = *link;
}

/* Each helper is a routine too: if (?) { helper(); return; } before everything else. */
static void
judge_alone(struct mutation *m)
{
	struct prog_node **body = &m->prog->function[m->prog->main].body;

	mutation_each(m, note_first_call);
	for (unsigned i = 0; i < m->prog->functions; i++) {
		struct prog_node *alone = mutation_node(m, PROG_IF);

		if (!m->first[i])
			continue;
		alone->body = mutation_node(m, PROG_HELPER);
		alone->body->function = (uint8_t)i;
		for (unsigned j = 0; j < PROG_PARAMETERS; j++)
			alone->body->argument[j] = m->first[i]->argument[j];
		alone->body->next = mutation_node(m, PROG_RETURN);
		alone->next = *body;
		*body = alone;
	}
}

/* results */

static bool
asks_helper(const struct mutation *m, const struct prog_node *node)
{
	return node->op != PROG_HELPER && calls_helper(m, node);
}

/* The helper is called, and what it returns is something else: unknown, always true, always false. */
static void
call_before(struct mutation *m, struct prog_node **link, bool known, bool value)
{
	struct prog_node *node = *link, *call = mutation_node(m, PROG_HELPER);
	struct prog_node *block = value != node->condition.negated ? node->body : node->other;

	call->function = node->function;
	call->statement = node->statement;
	for (unsigned i = 0; i < PROG_PARAMETERS; i++)
		call->argument[i] = node->argument[i];
	if (known && node->op == PROG_ASSIGN) {
		node->op = PROG_SET;
		node->value = value != node->condition.negated;
		node->condition.kind = CONDITION_UNKNOWN;
		node->function = 0;
	} else if (known)
		mutation_splice(link, block);
	else
		mutation_forget(node);
	call->next = *link;
	*link = call;
}

static void
fix_result(struct mutation *m, struct prog_node **link)
{
	if (asks_helper(m, *link) && !(*link)->falls)
		call_before(m, link, true, m->parameter);
}

static void
forget_result(struct mutation *m, struct prog_node **link)
{
	if (asks_helper(m, *link))
		call_before(m, link, false, false);
}

static void
invert_result(struct mutation *m, struct prog_node **link)
{
	if (asks_helper(m, *link) && mutation_in_main(m) && helper_of(m, *link)->returns == m->parameter)
		(*link)->condition.negated ^= 1;
}

/* both directions */

static bool
asks_direction(const struct prog_node *node)
{
	return node->condition.kind == CONDITION_PARAMETER;
}

static void
fix_direction(struct mutation *m, struct prog_node **link)
{
	if (asks_direction(*link))
		mutation_splice(link, m->parameter ? (*link)->body : (*link)->other);
}

static void
forget_direction(struct mutation *m, struct prog_node **link)
{
	if (asks_direction(*link) && m->prog->shapes.choice[SHAPE_HELPER] == m->parameter)
		mutation_forget(*link);
}

/* functions that are runs of statements */

/* What a run does is what its first call does, or its last. */
static void
keep_last_call(struct mutation *m, struct prog_node **link)
{
	const struct prog_node **dropped = &m->first[m->function - m->prog->function];

	if (!prog_is_run(m->function) || m->function->outer || *link != m->function->body || *dropped)
		return;
	*dropped = *link;
	mutation_splice(link, NULL);
}

static void
keep_first_call(struct mutation *m, struct prog_node **link)
{
	if (prog_is_run(m->function) && !m->function->outer && !m->depth && !(*link)->next &&
	    *link != m->function->body)
		mutation_splice(link, NULL);
}

/* guards */

static void
drop_guard(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->op == PROG_GUARD)
		mutation_overlook(link);
}

static void
drop_guard_release(struct mutation *m, struct prog_node **link)
{
	(void)m;
	if ((*link)->op == PROG_GUARD)
		(*link)->other = NULL;
}

/* Puts a copy of the release before each return. */
static void
release_at_return(struct mutation *m, struct prog_node **link, const struct prog_node *release)
{
	for (; *link; link = &(*link)->next) {
		struct prog_node *node = *link;

		release_at_return(m, &node->body, release);
		if (node->op != PROG_GUARD)
			release_at_return(m, &node->other, release);
		if (node->op != PROG_RETURN)
			continue;
		*link = mutation_copy_block(m, release);
		(*link)->next = node;
		link = &(*link)->next;
	}
}

static void
guard_returns(struct mutation *m, struct prog_node **link)
{
	if ((*link)->op == PROG_GUARD && (*link)->other)
		release_at_return(m, &(*link)->body, (*link)->other);
}

/* assertions that a lock is held, which stand behind acquires */

static bool
is_asserted(const struct mutation *m, const struct prog_node *node)
{
	const struct prog_node *next = node->next;

	return node->op == PROG_CALL && next && next->op == PROG_HELPER &&
	       helper_of(m, next)->purpose == PURPOSE_ASSERTION;
}

static void
assert_again(struct mutation *m, struct prog_node **link)
{
	struct prog_node *again;

	if (!is_asserted(m, *link))
		return;
	again = arena_alloc(m->arena, sizeof *again);
	*again = **link;
	(*link)->next = again;
}

/* What was taken is given back at once. */
static void
assert_away(struct mutation *m, struct prog_node **link)
{
	if (is_asserted(m, *link))
		mutation_splice(link, NULL);
}

const struct mutant mutants_helper[] = {
	{.name = "helpers-ignored",
     .summary = "What a helper does to a lock is not seen; so analyses of one function at a time.",
     .node = drop_all},
	{.name = "acquire-helpers-ignored",
     .summary = "A helper is looked into for releases only.",
     .node = drop_purpose,
     .parameter = PURPOSE_ACQUIRE},
	{.name = "release-helpers-ignored",
     .summary = "A helper is looked into for acquires only.",
     .node = drop_purpose,
     .parameter = PURPOSE_RELEASE},
	{.name = "second-level-ignored",
     .summary = "A helper of a helper is not looked into; so bounded inlining.",
     .node = drop_second_level},
	{.name = "inline-helpers-only",
     .summary = "Only inline functions and macros are looked into; so sparse.",
     .node = keep_inline},
	{.name = "later-helpers-ignored",
     .summary = "A helper that is defined behind its caller is not looked into.",
     .node = drop_style,
     .parameter = CALL_AFTER},
	{.name = "macro-helpers-ignored",
     .summary = "A macro is not expanded; so searches of the text, coccinelle.",
     .node = drop_style,
     .parameter = CALL_MACRO},
	{.name = "function-pointers-ignored",
     .summary = "A call through a function pointer does nothing; so sparse, -Wthread-safety, coccinelle.",
     .node = drop_style,
     .parameter = CALL_POINTER},
	{.name = "second-file-ignored",
     .summary = "What another file defines does nothing; so every checker that sees one file at a time.",
     .node = drop_style,
     .parameter = CALL_FILE},
	{.name = "helpers-alone",
     .summary = "Each helper must be correct by itself; so sparse and -Wthread-safety.",
     .program = judge_alone},
	{.name = "helpers-by-first-call",
     .summary = "A helper does to every lock what its first call does to the first; so bad summaries.",
     .node = repeat_first_call},
	{.name = "helpers-own-lock-ignored",
     .summary = "A lock that a helper finds by itself is not known.",
     .node = drop_self_sufficient},
	{.name = "helpers-index-ignored",
     .summary = "A lock that a helper is given by its index is not known.",
     .node = drop_indexed},
	{.name = "work-function-ignored",
     .summary = "The function that does the routine's work is not entered.",
     .node = drop_work},
	{.name = "recursive-functions-ignored",
     .summary = "A function that calls itself is not entered.",
     .node = drop_loop},
	{.name = "result-true",
     .summary = "A helper that may fail always succeeds.",
     .node = fix_result,
     .parameter = true},
	{.name = "result-false", .summary = "A helper that may fail always does.", .node = fix_result},
	{.name = "result-forgotten",
     .summary = "What a helper returns does not tell what it did; so cppcheck, coccinelle.",
     .node = forget_result},
	{.name = "result-inverted",
     .summary = "A helper that returns FALSE took the lock.",
     .node = invert_result,
     .parameter = TYPE_FLAG},
	{.name = "status-as-boolean",
     .summary = "A status is a success when it is not zero; so checkers that do not know NT_SUCCESS.",
     .node = invert_result,
     .parameter = TYPE_STATUS},
	{.name = "direction-acquires",
     .summary = "A function that acquires or releases, as its argument says, acquires.",
     .node = fix_direction,
     .parameter = true},
	{.name = "direction-releases",
     .summary = "A function that acquires or releases, as its argument says, releases.",
     .node = fix_direction},
	{.name = "direction-forgotten",
     .summary = "What a BOOLEAN argument says is not followed into the function.",
     .node = forget_direction,
     .parameter = HELPER_DIRECTION},
	{.name = "direction-enum-forgotten",
     .summary = "What an argument of an enumeration says is not followed into the function.",
     .node = forget_direction,
     .parameter = HELPER_DIRECTION_ENUM},
	{.name = "balanced-callee-ignored",
     .summary = "A function that gives back all that it takes does nothing.",
     .node = drop_purpose,
     .parameter = PURPOSE_BALANCED},
	{.name = "retaken-callee-ignored",
     .summary = "A function that takes again all that it gives up does nothing.",
     .node = drop_purpose,
     .parameter = PURPOSE_RETAKEN},
	{.name = "callee-by-its-end",
     .summary = "Of a function that takes and gives back only the last call is seen.",
     .node = keep_last_call},
	{.name = "callee-by-its-beginning",
     .summary = "Of a function that takes and gives back all but the last call is seen.",
     .node = keep_first_call},
	{.name = "assertion-acquires",
     .summary = "A function that asserts that a lock is held takes it.",
     .node = assert_again},
	{.name = "assertion-releases",
     .summary = "A function that is given a held lock, and only looks at it, gives it back.",
     .node = assert_away},
	{.name = "guard-ignored",
     .summary = "A macro that holds a lock around a block is a block.",
     .node = drop_guard},
	{.name = "guard-release-ignored",
     .summary = "A macro that holds a lock around a block only takes it.",
     .node = drop_guard_release},
	{.name = "guard-returns",
     .summary = "A return from a macro's block gives its lock back, as it would in C++.",
     .node = guard_returns},
	{0},
};
