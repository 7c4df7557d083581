/* Rewritings of the dimensions saved, place, argument and call, and what several rewritings add. See
 * rewrite.h. */
#include "rewrite.h"

#include <stddef.h>

#include "bits.h"

/* The first release of the routine, or NULL. */
static const struct prog_node *
find_release(const struct prog *prog, const struct prog_node *node)
{
	const struct prog_node *found;

	for (; node; node = node->next) {
		if (prog_does(prog, node, EVENT_RELEASE))
			return node;
		found = find_release(prog, node->body);
		if (!found && node->op != PROG_SCOPE)
			found = find_release(prog, node->other);
		if (found)
			return found;
	}
	return NULL;
}

struct prog_node *
rewrite_copy_release(const struct prog *prog, struct arena *arena)
{
	const struct prog_node *release = find_release(prog, prog->function[0].body);
	struct prog_node *copy;

	if (!release)
		return NULL;
	copy = prog_node(arena, PROG_CALL, 0);
	*copy = *release;
	copy->next = NULL;
	copy->shared = NULL;
	copy->statement = 0;
	return copy;
}

/* saved state */

static void
irql_block(struct prog_node *node, unsigned var)
{
	for (; node; node = node->next) {
		if (node->irql.kind == EXPR_VAR)
			node->irql.index = (uint8_t)var;
		irql_block(node->body, var);
		irql_block(node->other, var);
	}
}

/* A field keeps what the holder of one lock saved while it holds it: a queue handle belongs on the stack, two
 * locks of which the request chooses one would share it, and each run of the routine has its own locals. */
bool
rewrite_saved(struct prog *prog)
{
	unsigned irqls = 0, handles = 0, first = PROG_NONE;

	for (unsigned i = 0; i < prog->vars; i++) {
		handles += prog->var[i].type == TYPE_HANDLE;
		if (prog->var[i].type == TYPE_KIRQL && !irqls++)
			first = i;
	}
	if (prog->shapes.choice[SHAPE_SAVED] == SAVED_EXTENSION) {
		bool shared = prog->shapes.choice[SHAPE_ALIAS] == ALIAS_CHOSEN ||
		              prog->shapes.choice[SHAPE_PLACE] == PLACE_LOCAL;

		if (irqls && !handles && !prog->strays && !shared)
			return true;
		prog->shapes.choice[SHAPE_SAVED] = SAVED_OWN;
		return false;
	}
	if (irqls < 2 || prog->overlaps)
		return false; /* one KIRQL keeps one level: no lock may be taken while another is held */
	irql_block(prog->function[0].body, first);
	for (unsigned i = 0; i < prog->vars; i++)
		if (prog->var[i].type == TYPE_KIRQL && i != first)
			prog->var[i].type = TYPE_NONE;
	return true;
}

/* place */

/* The routine calls a function that does the work, and passes the locks. */
static bool
place_parameter(struct prog *prog, struct arena *arena)
{
	struct prog_function *worker = &prog->function[prog->functions], *routine = &prog->function[0];

	if (prog->functions == PROG_FUNCTIONS)
		return false;
	*worker = (struct prog_function){.purpose = PURPOSE_WORK, .lock = PROG_NONE, .style = CALL_STATIC};
	worker->body = routine->body;
	routine->body = prog_node(arena, PROG_HELPER, 0);
	routine->body->function = (uint8_t)prog->functions;
	prog->main = prog->functions++;
	return true;
}

/* Locks named in a block, in calls and as arguments. */
static unsigned
locks_named(const struct prog_node *node)
{
	unsigned named = 0;

	for (; node; node = node->next) {
		if (node->lock.kind == EXPR_LOCK)
			named |= 1U << node->lock.index;
		for (unsigned i = 0; i < PROG_PARAMETERS; i++)
			if (node->argument[i].kind == EXPR_LOCK)
				named |= 1U << node->argument[i].index;
		named |= locks_named(node->body) | locks_named(node->other);
	}
	return named;
}

/* Whether a block names a lock by its place, and not only its index. */
static bool
names_place(const struct prog *prog, const struct prog_node *node)
{
	for (; node; node = node->next) {
		const struct prog_function *function = &prog->function[node->function];

		if (node->lock.kind == EXPR_LOCK || names_place(prog, node->body) || names_place(prog, node->other))
			return true;
		for (unsigned i = 0; i < function->parameters; i++)
			if (node->argument[i].kind == EXPR_LOCK && function->parameter[i] == TYPE_LOCK)
				return true;
	}
	return false;
}

/* Whether something names a lock by its place; a pointer to the array passes by what finds an element, and an
 * assertion looks at nothing that it is given. */
static bool
is_named(const struct prog *prog)
{
	bool by_array = prog->shapes.choice[SHAPE_PLACE] == PLACE_ACCESSOR &&
	                prog->shapes.choice[SHAPE_ALIAS] == ALIAS_ELEMENT;
	bool named = false;

	for (unsigned i = 0; i < prog->functions; i++) {
		named |= names_place(prog, prog->function[i].body);
		for (unsigned j = 0; j < prog->function[i].parameters; j++)
			named |= prog->function[i].parameter[j] == TYPE_INDEX &&
			         prog->function[i].purpose != PURPOSE_ASSERTION;
	}
	for (unsigned i = 0; i < prog->vars; i++)
		named |= prog->var[i].type == TYPE_LOCK && !by_array;
	return named;
}

/* Whether the routine can initialise its locks: what a handle stands for lives longer than the routine, with
 * its parent; and a call that the rule judges would be an event. */
static bool
can_initialise(const struct prog *prog)
{
	unsigned locks = prog->locks | prog->chosen, call;
	bool can = locks != 0;

	bits_each (lock, locks) {
		const struct rule_lock_type *type = rule_lock_type(prog->rule, lock);

		can &= type->initialise && !type->is_handle && !rule_find_call(prog->rule, type->initialise, &call);
	}
	return can;
}

/* Whether a function that is not given a lock finds one by its place, or could. */
static bool
is_found(const struct prog *prog)
{
	for (unsigned i = 1; i < prog->functions; i++)
		if (locks_named(prog->function[i].body))
			return true;
	return prog->shapes.choice[SHAPE_ALIAS] == ALIAS_RETURNED ||
	       prog->shapes.choice[SHAPE_LOOP] == LOOP_RECURSION ||
	       prog->shapes.choice[SHAPE_ARGUMENT] == ARGUMENT_BY_EXTENSION;
}

/* Locks are locals: the routine initialises each before its first statement. */
static bool
place_local(struct prog *prog, struct arena *arena)
{
	struct prog_node **body = &prog->function[0].body;

	if (!can_initialise(prog) || prog->rule->role[prog->role].held || is_found(prog)) {
		prog->shapes.choice[SHAPE_PLACE] = PLACE_EXTENSION; /* other functions see no locals */
		return false;
	}
	for (unsigned i = 2 * RULE_LOCKS; i-- > 0;) {
		unsigned lock = i / 2, spare = i % 2;
		struct prog_node *node;

		if (!((spare ? prog->chosen : prog->locks) >> lock & 1))
			continue;
		node = prog_node(arena, PROG_INIT, 0);
		node->lock = (struct prog_expr){EXPR_LOCK, (uint8_t)lock};
		node->value = (uint8_t)spare;
		node->next = *body;
		*body = node;
	}
	return true;
}

/* The elements of an array have one type; locks of several stay in the device extension. */
bool
rewrite_array(struct prog *prog)
{
	if (!shapes_in_array(&prog->shapes) || prog_has_one_type(prog))
		return true;
	prog->shapes.choice[SHAPE_PLACE] = PLACE_EXTENSION;
	return false;
}

bool
rewrite_place(struct prog *prog)
{
	unsigned choice = prog->shapes.choice[SHAPE_PLACE];

	prog->named = locks_named(prog->function[0].body);
	for (unsigned i = 0; i < prog->vars; i++)
		if (prog->var[i].type == TYPE_LOCK && prog->var[i].index != PROG_NONE &&
		    prog->shapes.choice[SHAPE_ALIAS] != ALIAS_RETURNED)
			prog->named |= 1U << prog->var[i].index;
	if (!rule_names_locks(prog->rule) || !prog->locks)
		return false;
	if (choice == PLACE_INDEX && !prog->named)
		return false;
	if ((choice == PLACE_COMPUTED || choice == PLACE_ACCESSOR) && !is_named(prog))
		return false;
	if (choice == PLACE_LOCAL)
		return place_local(prog, prog->arena);
	return choice != PLACE_PARAMETER || (prog->named && place_parameter(prog, prog->arena));
}

/* argument and call: helpers are made as these say, so what is asked is whether there are any */

/* Whether the program has helpers that are functions or macros; with `by_index`, one that is given a lock's
 * index. */
static bool
has_helpers(const struct prog *prog, bool by_index)
{
	for (unsigned i = 1; i < prog->functions; i++) {
		const struct prog_function *function = &prog->function[i];
		bool helps = prog_serves(function) || prog_is_run(function) || prog_is_accessor(function) ||
		             function->purpose == PURPOSE_ASSERTION;

		for (unsigned j = 0; helps && by_index && j < function->parameters; j++)
			if (function->parameter[j] == TYPE_INDEX)
				return true;
		if (helps && !by_index)
			return true;
	}
	return false;
}

bool
rewrite_argument(struct prog *prog)
{
	return has_helpers(prog, prog->shapes.choice[SHAPE_ARGUMENT] == ARGUMENT_BY_INDEX);
}

bool
rewrite_call(struct prog *prog)
{
	return prog->shapes.choice[SHAPE_CALL] == CALL_FILE ? prog_has_second_file(prog)
	                                                    : has_helpers(prog, false);
}

static bool
same_value(struct prog_expr one, struct prog_expr two)
{
	return one.kind == two.kind && one.index == two.index;
}

bool
rewrite_same_call(const struct prog_node *one, const struct prog_node *two)
{
	if (one->op != two->op || one->call != two->call || one->function != two->function ||
	    !same_value(one->lock, two->lock) || !same_value(one->handle, two->handle) ||
	    !same_value(one->irql, two->irql))
		return false;
	for (unsigned i = 0; i < PROG_PARAMETERS; i++)
		if (!same_value(one->argument[i], two->argument[i]))
			return false;
	return true;
}
