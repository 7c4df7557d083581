/* Twins: what would tell them apart beside the edit. See twins.h.
 *
 * A rewriting sees one program, and does what that lets it do. Where the edit changes what it lets, more than
 * the edit differs, and what differs tells the verdict to who has seen enough cases:
 *
 *   helpers   RunWithLock(Extension, Lock) keeps its queue handle to itself, and in the twin it is given one,
 *             since the handle that is released behind it is not the one that it acquired
 *   guards    WITH_LOCK(lock, irql) { ... }, and in the twin the two calls, since a break leaves them
 *   KIRQLs    a release gives back its own lock's KIRQL, and in the twin another's, since a lock is still
 *             held
 *   scopes    the block at whose end a release runs begins behind a return that only the twin has
 */
#include "twins.h"

#include <string.h>

/* Whether one may be mistaken for the other. */
static bool
is_same_function(const struct prog_function *one, const struct prog_function *two)
{
	if (one->purpose != two->purpose || one->outer != two->outer || one->returns != two->returns ||
	    one->parameters != two->parameters)
		return false;
	for (unsigned i = 0; i < one->parameters; i++)
		if (one->parameter[i] != two->parameter[i])
			return false;
	return true;
}

static unsigned
count_same(const struct prog *prog, const struct prog_function *function)
{
	unsigned count = 0;

	for (unsigned i = 0; i < prog->functions; i++)
		count += is_same_function(&prog->function[i], function);
	return count;
}

/* Whether the one has as many helpers of each purpose, with the same parameters, as the other; the function
 * that does the routine's work is given the locks that it names. */
static bool
have_same_helpers(const struct prog *one, const struct prog *two)
{
	if (one->functions != two->functions || (one->main && one->named != two->named))
		return false;
	for (unsigned i = 0; i < one->functions; i++)
		if (count_same(one, &one->function[i]) != count_same(two, &one->function[i]))
			return false;
	return true;
}

/* Adds the guards in a block to their number by whether the release names another lock, or KIRQL, than the
 * acquire. */
static void
count_guards(const struct prog_node *node, unsigned guards[2][2])
{
	for (; node; node = node->next) {
		if (node->op == PROG_GUARD)
			guards[node->lock.index != node->other->lock.index]
				  [node->irql.index != node->other->irql.index]++;
		count_guards(node->body, guards);
		count_guards(node->other, guards);
	}
}

static bool
have_same_guards(const struct prog *one, const struct prog *two)
{
	unsigned guards[2][2][2] = {0};

	count_guards(one->function[one->main].body, guards[0]);
	count_guards(two->function[two->main].body, guards[1]);
	return !memcmp(guards[0], guards[1], sizeof guards[0]);
}

/* Whether no release gives back one lock's KIRQL here and another's there. Those that only one twin has, or
 * that are of another lock, are the edit. */
static bool
give_same(const struct prog *one, const struct prog *two)
{
	if (prog_has_shape(one, SAVED_SHARED))
		return true; /* all have one name */
	for (unsigned lock = 0; lock < RULE_LOCKS; lock++) {
		bool more = false, less = false;

		for (unsigned saved = 0; saved < RULE_LOCKS; saved++) {
			more |= one->given[lock][saved] > two->given[lock][saved];
			less |= one->given[lock][saved] < two->given[lock][saved];
		}
		if (more && less)
			return false;
	}
	return true;
}

bool
twins_are_alike(const struct prog *right, const struct prog *wrong)
{
	return have_same_helpers(right, wrong) && have_same_guards(right, wrong) && give_same(right, wrong) &&
	       (right->returns == wrong->returns || right->outside == wrong->outside);
}
