/* needs: why a shape does not apply. See needs.h.
 *
 * That it does not is found by rewriting (gen/prog/rewrite*.c), which says no more than that nothing changed.
 * What each choice asks for is told here, in words; whether the sequence lacks it or another choice took it
 * away is found by trying again with that other choice at its default.
 */
#include "needs.h"

#include <stddef.h>

#include "make.h"

#define LOCKS_NAMED "a lock that the calls name: the rule has none, or no call names one"
#define A_FLAG "a flag (p to w) that is tested"
#define A_HELPER "a helper function: give --shape helper=... too"
#define A_BRANCH "an if"
#define A_LOOP "a loop"
#define A_RETURN "a return inside a block"
#define A_CALL "a lock call"
#define A_RESULT "a try that is tested, or a helper that may fail: give --shape helper=conditional too"
#define A_MOVE "lock calls that name their locks, one in each expression"

static const char *const needs[SHAPE_ID_COUNT] = {
	[PLACE_NESTED] = LOCKS_NAMED,
	[PLACE_ARRAY] = LOCKS_NAMED,
	[PLACE_INDEX] = LOCKS_NAMED,
	[PLACE_COMPUTED] = LOCKS_NAMED,
	[PLACE_ACCESSOR] = LOCKS_NAMED,
	[PLACE_GLOBAL] = LOCKS_NAMED,
	[PLACE_STATIC] = LOCKS_NAMED,
	[PLACE_HEAP] = LOCKS_NAMED,
	[PLACE_PARAMETER] = LOCKS_NAMED,
	[PLACE_LOCAL] =
		"a lock that is no handle and that its rule says how to initialise, not held at entry, and no "
		"function that finds a lock by itself",
	[ALIAS_POINTER] = "an acquire that names its lock, not in a helper that finds the lock itself",
	[ALIAS_TWO] = "an acquire and a release that name their locks",
	[ALIAS_INDIRECT] = "an acquire that names its lock, not in a helper that finds the lock itself",
	[ALIAS_CHOSEN] = "an acquire that names its lock, and helpers that take the lock",
	[ALIAS_RETURNED] = "an acquire that names its lock, not in a helper that finds the lock itself",
	[ALIAS_MOVING] = A_MOVE,
	[ALIAS_MOVED] = A_MOVE,
	[ALIAS_MOVING_INDEX] = A_MOVE ", and a lock in an array: --shape place=array",
	[ALIAS_ELEMENT] = "an acquire that names its lock, and a lock in an array: --shape place=array",
	[ALIAS_KEPT] = "a release that names its lock, not in a helper that finds the lock itself",
	[SAVED_SHARED] = "two locks with a KIRQL each, of which none is taken while the other is held",
	[SAVED_EXTENSION] = "a call that saves a KIRQL, which no release reads when its lock is free",
	[HELPER_RELEASE] = "a release that is no branch's condition",
	[HELPER_ACQUIRE] = "an acquire that is no branch's condition",
	[HELPER_BOTH] = "an acquire or a release that is no branch's condition",
	[HELPER_CONDITIONAL] = "'if ? { acq ...', or a try that is tested; and no macros",
	[HELPER_FALLIBLE] = "'if ? { acq ...', or a try that is tested; and no macros",
	[HELPER_GUARD] = "an acquire and its release in one block, something between them, and no jump out of it",
	[HELPER_DIRECTION] = "an acquire or a release that is no branch's condition",
	[HELPER_DIRECTION_ENUM] = "an acquire or a release that is no branch's condition",
	[HELPER_GUARD_LEFT] =
		"an acquire, its release, and between them a jump to what stands behind the release",
	[HELPER_BALANCED] = "an acquire and its release in one block, no jump between them, and no macros",
	[HELPER_RETAKEN] =
		"a release and an acquire of its lock behind it in one block, and no jump between them",
	[HELPER_ACCESSOR] =
		"a flag (p to w) that is tested or set to a constant, in a field of the request; and no macros",
	[HELPER_ASSERTS] = "an acquire that is no try",
	[ARGUMENT_BY_EXTENSION] = A_HELPER,
	[ARGUMENT_BY_INDEX] = "a helper that is given a lock, and a lock in an array: --shape place=array",
	[CALL_INLINE] = A_HELPER,
	[CALL_AFTER] = A_HELPER,
	[CALL_NESTED] = A_HELPER,
	[CALL_MACRO] = A_HELPER,
	[CALL_POINTER] = A_HELPER,
	[CALL_FILE] = "a helper that releases or acquires and takes a pointer to the lock",
	[EXIT_GOTO] = A_RETURN,
	[EXIT_LADDER] = "a return inside a block, behind releases that end like the routine's own",
	[EXIT_STATUS] = "a return inside a block, and none inside a forever",
	[EXIT_ONCE] = "a return inside a block and outside of loops",
	[EXIT_UNREACHABLE] = A_RETURN,
	[EXIT_ONCE_CONTINUE] = "a return inside a block and outside of loops",
	[EXIT_HIDDEN] = A_RETURN,
	[EXIT_HIDDEN_GOTO] = A_RETURN,
	[EXIT_FINALLY] = "a return inside a block, behind releases that end like the routine's own",
	[EXIT_CLEANUP] = "a release at the routine's end, behind which it only returns",
	[EXIT_RETURN_IF] = "an if whose block is just a return",
	[BRANCH_INVERTED] = "an if with an else",
	[BRANCH_CHAIN] = "an if whose else is an if",
	[BRANCH_SWITCH] = "an if without a break or continue in it",
	[BRANCH_FALL] = "an if without a break or continue in it or behind it",
	[BRANCH_TERNARY] = "an if whose blocks are one lock call each",
	[BRANCH_AND] = "an if whose block is just another if, both without else, on other flags",
	[BRANCH_OR] = "an if whose block is just another if, both without else, on other flags",
	[BRANCH_GOTO] = A_BRANCH,
	[BRANCH_GENERIC] = A_BRANCH,
	[BRANCH_COMPUTED] = "an if, and no pointer or index that moves",
	[BRANCH_ASM] = "an if on an unknown",
	[BRANCH_DEFAULT] = "an if without a break or continue in it",
	[BRANCH_CAST] = A_BRANCH,
	[BRANCH_ENUMERATOR] = A_BRANCH,
	[BRANCH_NONZERO] = A_BRANCH,
	[LOOP_FOR] = A_LOOP,
	[LOOP_DO] = A_LOOP,
	[LOOP_GOTO] = A_LOOP,
	[LOOP_BREAK] = A_LOOP,
	[LOOP_CONTINUE] = A_LOOP,
	[LOOP_NESTED] = "a loop without a break",
	[LOOP_RETRY] = "a loop without a continue; at most two become one",
	[LOOP_RECURSION] =
		"a loop without return, assignment or try outside of conditions, with no local of the routine in it",
	[LOOP_WHILE_TRUE] = A_LOOP,
	[LOOP_DO_TRUE] = A_LOOP,
	[LOOP_ONCE] = "a loop with a continue and without a break",
	[FLAG_LOCAL] = A_FLAG,
	[FLAG_BIT] = A_FLAG,
	[FLAG_ENUM] = A_FLAG,
	[FLAG_MEMORY] = A_FLAG,
	[FLAG_STATUS] = A_FLAG,
	[FLAG_ARITHMETIC] = A_FLAG,
	[FLAG_PREDICATE] = A_FLAG,
	[FLAG_RESPELLED] = "a flag (p to w) that is tested twice",
	[FLAG_COUNTER] = "a flag (p to w) that is tested, and that no loop sets again and again",
	[RESULT_STORED] = A_RESULT,
	[RESULT_LATER] = A_RESULT,
	[RESULT_TWICE] = A_RESULT,
	[RESULT_NOT_NOT] = A_RESULT,
	[RESULT_COMPARED] = A_RESULT,
	[RESULT_TERNARY] = A_RESULT,
	[RESULT_ASSIGNED] = A_RESULT,
	[RESULT_CAST] = A_RESULT,
	[RESULT_ENUMERATOR] = A_RESULT,
	[RESULT_BLOCK] = A_RESULT,
	[STOP_ASSERT] = "a branch that does nothing but to stop",
	[STOP_FUNCTION] = "a stop",
	[STOP_UNMARKED] = "a stop",
	[STOP_TERNARY] = "a branch that does nothing but to stop",
	[NOISE_CALL] = A_CALL,
	[NOISE_LOG] = A_CALL,
	[NOISE_ASSERT] = A_CALL,
	[NOISE_ALLOCATE] = A_CALL,
	[NOISE_INITIALISE] = A_CALL,
	[NOISE_DEAD] = "a release",
	[NOISE_STOP] = "an acquire",
	[NOISE_OUTER] = "a rule other than storport's, no lock at entry, and at PASSIVE_LEVEL none at the end",
};

const char *
needs_of(enum shape_id id)
{
	return needs[id];
}

/* Whether the choice of a dimension changes something once another has its default. */
static bool
applies_without(const struct seq *seq, const struct rule *rule, unsigned role, const struct shapes *shapes,
                enum shape_dimension dimension, enum shape_dimension other)
{
	struct shapes without = *shapes;

	without.choice[other] = shapes_default().choice[other];
	return shape_effects(seq, rule, role, &without) >> dimension & 1;
}

void
needs_explain(struct buf *out, enum shape_dimension dimension, const struct seq *seq, const struct rule *rule,
              unsigned role, const struct shapes *shapes)
{
	enum shape_id id = (enum shape_id)shapes->choice[dimension];

	buf_printf(out, "%s=%s does not apply", shape_dimension_name(dimension), shape_row(id)->name);
	for (unsigned other = 0; other < SHAPE_COUNT; other++) {
		enum shape_id beside = (enum shape_id)shapes->choice[other];

		if (other == (unsigned)dimension || shape_is_default(beside) ||
		    !applies_without(seq, rule, role, shapes, dimension, (enum shape_dimension)other))
			continue;
		buf_printf(out, " beside %s=%s, without which it would",
		           shape_dimension_name((enum shape_dimension)other), shape_row(beside)->name);
		break;
	}
	buf_printf(out, ": it needs %s", needs[id] ? needs[id] : "nothing");
}
