/* lockdrill shapes: what a level is made of: each choice of each dimension with the number of its cases,
 * and what real locking code is known for, with the number of cases that have it.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "filters.h"
#include "level.h"
#include "progress.h"
#include "reach.h"

/* traits: what a reader would call a piece of locking code, whoever wrote it */

static bool
has_op(const struct suite_case *of, enum seq_op op)
{
	for (uint32_t i = 0; i < of->seq.count; i++)
		if (of->seq.node[i].op == op)
			return true;
	return false;
}

static bool
wears(const struct suite_case *of, enum shape_id from, enum shape_id to)
{
	unsigned choice = of->shapes.choice[shape_row(from)->dimension];

	return choice >= from && choice <= to;
}

static bool
is_straight(const struct suite_case *of)
{
	return of->ladder == LADDER_STRAIGHT;
}

static bool
has_branch(const struct suite_case *of)
{
	return has_op(of, SEQ_IF) || has_op(of, SEQ_TRY);
}

static bool
has_correlation(const struct suite_case *of)
{
	return seq_correlates(&of->seq);
}

static bool
has_early_return(const struct suite_case *of)
{
	unsigned depth = 0;

	for (uint32_t i = 0; i < of->seq.count; i++) {
		unsigned op = of->seq.node[i].op;

		depth += seq_opens(op);
		depth -= op == SEQ_END;
		if (op == SEQ_RETURN && depth)
			return true;
	}
	return false;
}

static bool
has_clean_up(const struct suite_case *of)
{
	return wears(of, EXIT_GOTO, EXIT_LADDER);
}

static bool
has_switch(const struct suite_case *of)
{
	return wears(of, BRANCH_SWITCH, BRANCH_FALL);
}

static bool
has_loop(const struct suite_case *of)
{
	return has_op(of, SEQ_LOOP) || has_op(of, SEQ_FOREVER);
}

static bool
has_break(const struct suite_case *of)
{
	return has_op(of, SEQ_BREAK) || wears(of, LOOP_BREAK, LOOP_BREAK);
}

static bool
has_continue(const struct suite_case *of)
{
	return has_op(of, SEQ_CONTINUE) || wears(of, LOOP_CONTINUE, LOOP_CONTINUE);
}

static bool
has_several_locks(const struct suite_case *of)
{
	unsigned locks = seq_locks_named(&of->seq, of->rule);

	return locks & (locks - 1);
}

static bool
releases_wrong_lock(const struct suite_case *of)
{
	return !strcmp(of->edit, "wrong-lock");
}

static bool
has_object(const struct suite_case *of)
{
	return rule_names_locks(of->rule);
}

static bool
is_in_struct(const struct suite_case *of)
{
	return has_object(of) && wears(of, PLACE_EXTENSION, PLACE_NESTED);
}

static bool
has_alias(const struct suite_case *of)
{
	return wears(of, ALIAS_POINTER, ALIAS_MOVED) || wears(of, ALIAS_ELEMENT, ALIAS_KEPT) ||
	       wears(of, PLACE_PARAMETER, PLACE_PARAMETER) ||
	       ((wears(of, HELPER_RELEASE, HELPER_FALLIBLE) || wears(of, HELPER_DIRECTION, HELPER_RETAKEN)) &&
	        wears(of, ARGUMENT_BY_LOCK, ARGUMENT_BY_LOCK));
}

static bool
has_moving_pointer(const struct suite_case *of)
{
	return wears(of, ALIAS_MOVING, ALIAS_MOVED);
}

static bool
has_moved_pointer(const struct suite_case *of)
{
	return wears(of, ALIAS_MOVED, ALIAS_MOVED);
}

static bool
has_computed_index(const struct suite_case *of)
{
	return wears(of, PLACE_COMPUTED, PLACE_COMPUTED);
}

static bool
has_accessor(const struct suite_case *of)
{
	return wears(of, PLACE_ACCESSOR, PLACE_ACCESSOR);
}

static bool
names_element_twice(const struct suite_case *of)
{
	return wears(of, ALIAS_ELEMENT, ALIAS_ELEMENT) ||
	       (shapes_in_array(&of->shapes) && wears(of, ALIAS_POINTER, ALIAS_INDIRECT));
}

static bool
is_kept(const struct suite_case *of)
{
	return wears(of, ALIAS_KEPT, ALIAS_KEPT);
}

static bool
has_moving_index(const struct suite_case *of)
{
	return wears(of, ALIAS_MOVING_INDEX, ALIAS_MOVING_INDEX);
}

static bool
is_in_array(const struct suite_case *of)
{
	return shapes_in_array(&of->shapes);
}

static bool
is_on_heap(const struct suite_case *of)
{
	return wears(of, PLACE_HEAP, PLACE_HEAP);
}

static bool
helper_acquires(const struct suite_case *of)
{
	return wears(of, HELPER_ACQUIRE, HELPER_FALLIBLE);
}

static bool
helper_releases(const struct suite_case *of)
{
	return wears(of, HELPER_RELEASE, HELPER_RELEASE) || wears(of, HELPER_BOTH, HELPER_BOTH);
}

static bool
helper_does_both(const struct suite_case *of)
{
	return wears(of, HELPER_DIRECTION, HELPER_DIRECTION_ENUM);
}

static bool
helper_balances(const struct suite_case *of)
{
	return wears(of, HELPER_BALANCED, HELPER_BALANCED);
}

static bool
helper_retakes(const struct suite_case *of)
{
	return wears(of, HELPER_RETAKEN, HELPER_RETAKEN);
}

static bool
helper_asserts(const struct suite_case *of)
{
	return wears(of, HELPER_ASSERTS, HELPER_ASSERTS);
}

static bool
reads_by_function(const struct suite_case *of)
{
	return wears(of, HELPER_ACCESSOR, HELPER_ACCESSOR) || wears(of, FLAG_PREDICATE, FLAG_PREDICATE);
}

static bool
counts_up(const struct suite_case *of)
{
	return wears(of, FLAG_COUNTER, FLAG_COUNTER);
}

static bool
has_function_pointer(const struct suite_case *of)
{
	return wears(of, CALL_POINTER, CALL_POINTER);
}

static bool
has_recursion(const struct suite_case *of)
{
	return wears(of, LOOP_RECURSION, LOOP_RECURSION);
}

/* Under the headline a lock may be taken again by its holder. */
static bool
is_recursive_lock(const struct suite_case *of)
{
	return of->rule->reading[of->rule->headline].counts;
}

static bool
has_try(const struct suite_case *of)
{
	return has_op(of, SEQ_TRY) || has_op(of, SEQ_TAKE);
}

static bool
is_fallible(const struct suite_case *of)
{
	return wears(of, HELPER_CONDITIONAL, HELPER_FALLIBLE);
}

static bool
has_macro(const struct suite_case *of)
{
	return wears(of, CALL_MACRO, CALL_MACRO) || wears(of, HELPER_GUARD, HELPER_GUARD_LEFT);
}

static bool
has_opaque_call(const struct suite_case *of)
{
	return wears(of, NOISE_CALL, NOISE_LOG);
}

static bool
has_second_file(const struct suite_case *of)
{
	return wears(of, CALL_FILE, CALL_FILE);
}

/* Calls that leave the IRQL alone, or return it. */
static bool
has_variant_call(const struct suite_case *of)
{
	for (uint32_t i = 0; i < of->seq.count; i++) {
		const struct seq_node *node = &of->seq.node[i];

		if (node->op == SEQ_ACQ && (node->api || seq_call(node, of->rule, of->role)->keep == KEEP_NONE))
			return true;
	}
	return false;
}

static bool
shares_irql(const struct suite_case *of)
{
	return wears(of, SAVED_SHARED, SAVED_SHARED);
}

static bool
has_life_cycle(const struct suite_case *of)
{
	return wears(of, PLACE_LOCAL, PLACE_LOCAL);
}

static bool
initialises_another(const struct suite_case *of)
{
	return wears(of, NOISE_INITIALISE, NOISE_INITIALISE);
}

static bool
stops_while_held(const struct suite_case *of)
{
	return has_op(of, SEQ_STOP) || wears(of, NOISE_STOP, NOISE_STOP) ||
	       wears(of, EXIT_UNREACHABLE, EXIT_UNREACHABLE);
}

static bool
stores_result(const struct suite_case *of)
{
	return wears(of, RESULT_STORED, RESULT_TWICE) || wears(of, RESULT_ASSIGNED, RESULT_ASSIGNED);
}

static bool
computes_result(const struct suite_case *of)
{
	return wears(of, RESULT_NOT_NOT, RESULT_TERNARY) || wears(of, RESULT_CAST, RESULT_ENUMERATOR);
}

static bool
has_statement_expression(const struct suite_case *of)
{
	return wears(of, RESULT_BLOCK, RESULT_BLOCK);
}

static bool
allocates(const struct suite_case *of)
{
	return wears(of, NOISE_ALLOCATE, NOISE_ALLOCATE);
}

static bool
has_kind(const struct suite_case *of, enum kind kind)
{
	const struct verdict *verdict = &of->verdict[of->rule->headline];

	for (unsigned i = 0; i < verdict->count; i++)
		if (verdict->finding[i].kind == kind)
			return true;
	return false;
}

static bool
leaks(const struct suite_case *of)
{
	return has_kind(of, KIND_MISSING_RELEASE);
}

static bool
acquires_twice(const struct suite_case *of)
{
	return has_kind(of, KIND_DOUBLE_ACQUIRE);
}

static bool
releases_unheld(const struct suite_case *of)
{
	return has_kind(of, KIND_RELEASE_WITHOUT_ACQUIRE);
}

static bool
sets_flag(const struct suite_case *of)
{
	return has_op(of, SEQ_SET);
}

static bool
toggles_flag(const struct suite_case *of)
{
	return seq_flags_moving(&of->seq);
}

static bool
has_take(const struct suite_case *of, bool kept)
{
	for (uint32_t i = 0; i < of->seq.count; i++)
		if (of->seq.node[i].op == SEQ_TAKE && (of->seq.node[i].flag != 0) == kept)
			return true;
	return false;
}

static bool
keeps_result(const struct suite_case *of)
{
	return has_take(of, true);
}

static bool
ignores_result(const struct suite_case *of)
{
	return has_take(of, false);
}

/* Whether the verdict would be another if stops were calls. */
static bool
stop_matters(const struct suite_case *of)
{
	const struct verdict *label = &of->verdict[of->rule->headline];
	struct arena arena = {0};
	struct seq seq = of->seq;
	struct verdict verdict;
	struct reach reach;
	bool same;

	seq.node = arena_alloc(&arena, seq.count * sizeof *seq.node);
	memcpy(seq.node, of->seq.node, seq.count * sizeof *seq.node);
	for (uint32_t i = 0; i < seq.count; i++)
		if (seq.node[i].op == SEQ_STOP)
			seq.node[i].op = SEQ_WORK;
	reach_init(&reach, of->rule, of->role, of->rule->headline);
	reach_judge(&reach, &seq, seq_cap(&seq, of->rule, of->role), &arena, &verdict);
	same = verdict.outcome == label->outcome;
	reach_free(&reach);
	arena_free(&arena);
	return !same;
}

static bool
stop_decides(const struct suite_case *of)
{
	return has_op(of, SEQ_STOP) && stop_matters(of);
}

static bool
stop_is_aside(const struct suite_case *of)
{
	return has_op(of, SEQ_STOP) && !stop_matters(of);
}

static bool
is_endless(const struct suite_case *of)
{
	return has_op(of, SEQ_FOREVER);
}

static const struct {
	const char *name;
	bool (*has)(const struct suite_case *of); /* NULL: no case can */
	const char *note;                         /* why none can, or what it means here */
} traits[] = {
	{"straight line", is_straight, ""},
	{"if/else, one branch", has_branch, ""},
	{"correlated branches", has_correlation, "a flag is tested twice"},
	{"flag set by the routine", sets_flag, "as one that says whether a lock is held"},
	{"flag that changes in a loop", toggles_flag, ""},
	{"early return", has_early_return, "held in the violating twin"},
	{"goto clean-up", has_clean_up, ""},
	{"switch", has_switch, ""},
	{"loop around or with a lock", has_loop, ""},
	{"endless loop", is_endless, "left by break or return"},
	{"break out of a loop", has_break, ""},
	{"continue", has_continue, ""},
	{"nested distinct locks", has_several_locks, ""},
	{"lock order (ABBA)", NULL, "needs two threads"},
	{"wrong lock released", releases_wrong_lock, "in the violating twin"},
	{"lock in a struct", is_in_struct, ""},
	{"alias, pointer parameter", has_alias, ""},
	{"pointer that moves", has_moving_pointer, "assigned before each use"},
	{"pointer moved by a function", has_moved_pointer, "of those"},
	{"lock array", is_in_array, ""},
	{"index that moves", has_moving_index, "assigned before each use"},
	{"index computed", has_computed_index, "a sum of constants"},
	{"accessor of an array", has_accessor, "a function returns the address"},
	{"two names of one element", names_element_twice, ""},
	{"struct keeps the pointer", is_kept, "across opaque calls"},
	{"heap lock", is_on_heap, ""},
	{"helper acquires", helper_acquires, ""},
	{"helper releases", helper_releases, ""},
	{"one function, both directions", helper_does_both, "an argument decides"},
	{"function takes and gives back", helper_balances, ""},
	{"function gives up and retakes", helper_retakes, ""},
	{"function asserts that a lock is held", helper_asserts, "of the IRQL, and annotated"},
	{"state read by a function", reads_by_function, "getter, setter, predicate"},
	{"state is a counter", counts_up, ""},
	{"function pointer", has_function_pointer, ""},
	{"function recursion", has_recursion, ""},
	{"recursive lock type", is_recursive_lock, "a reading that counts"},
	{"try-lock", has_try, ""},
	{"try, result kept", keeps_result, "in a variable, and tested later"},
	{"try, result ignored", ignores_result, ""},
	{"fallible lock", is_fallible, "a helper that may fail"},
	{"result stored by a shape", stores_result, "of a try, or a helper that may fail"},
	{"result under an operator", computes_result, "!!, ==, ?:, a cast"},
	{"statement expression", has_statement_expression, "where a result is"},
	{"macro wrapper, scoped guard", has_macro, ""},
	{"opaque call inside", has_opaque_call, ""},
	{"variants by IRQL", has_variant_call, ""},
	{"saved IRQL shared", shares_irql, "where that is legal"},
	{"reader-writer lock", NULL, "needs threads: without them no call can block"},
	{"init/destroy life cycle", has_life_cycle, "a lock that is a local of the routine"},
	{"another lock's initialisation", initialises_another, ""},
	{"stop, unreachable while held", stops_while_held, ""},
	{"stop that decides", stop_decides, "as a call it would turn the verdict"},
	{"stop that does not matter", stop_is_aside, ""},
	{"allocation under the lock", allocates, "where that is legal"},
	{"multi-file", has_second_file, "helpers in a second file"},
	{"real threads", NULL, "needs threads"},
	{"leak at exit", leaks, ""},
	{"double acquire", acquires_twice, ""},
	{"release of a lock not held", releases_unheld, ""},
};

enum { TRAITS = sizeof traits / sizeof *traits, MEANING_COLUMN = 39 };

static void
print_choices(const struct level *level)
{
	unsigned count[SHAPE_ID_COUNT] = {0};

	for (unsigned i = 0; i < level->count; i++)
		for (unsigned d = 0; d < SHAPE_COUNT; d++)
			count[level->cases[i].shapes.choice[d]]++;
	progress_clear();
	printf("%-9s %-20s %6s  %s\n", "dimension", "shape", "cases", "meaning");
	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++) {
		const struct shape_row *row = shape_row((enum shape_id)id);
		bool first = !id || shape_row((enum shape_id)(id - 1))->dimension != row->dimension;
		struct buf meaning = {0};

		printf("%-9s %-20s %6u  ", first ? shape_dimension_name(row->dimension) : "", row->name, count[id]);
		buf_puts(&meaning, row->meaning);
		command_print_filled(&meaning, MEANING_COLUMN, MEANING_COLUMN);
		buf_free(&meaning);
	}
}

static void
print_traits(const struct level *level)
{
	unsigned count[TRAITS] = {0};

	for (unsigned i = 0; i < level->count; i++)
		for (unsigned j = 0; j < TRAITS; j++)
			count[j] += traits[j].has && traits[j].has(&level->cases[i]);
	progress_clear();
	printf("%-29s %6s\n", "trait", "cases");
	for (unsigned j = 0; j < TRAITS; j++) {
		if (traits[j].has)
			printf("%-29s %6u", traits[j].name, count[j]);
		else
			printf("%-29s %6s", traits[j].name, "-");
		printf("%s%s\n", traits[j].note[0] ? "  " : "", traits[j].note);
	}
}

struct wish {
	const char *level;
	struct filters filters;
	bool traits;
};

static const struct option options[] = {
	OPTION_STANDARD(wish, level),
	FILTERS_OPTIONS(wish, filters),
	{"traits", OPTION_FLAG_AT(wish, traits),
     .help = "what locking code is known for, instead of our dimensions"},
	{0},
};

static int
run(int argc, char **argv)
{
	struct wish wish = {.level = "standard", .filters = {.seed = 1}};
	struct buf dispute = {0};
	struct level level = {0};
	struct filter filter;
	struct diag diag;
	unsigned operands;
	int status;

	if (!command_options(&command_shapes, &wish, argc, argv, NULL, &operands, &status))
		return status;
	if (filters_make(&wish.filters, &filter, &diag) &&
	    level_make(&level, wish.level, &filter, (struct shard){0, 1}, &dispute, &diag)) {
		progress_clear();
		filters_tell(stdout, &level);
		wish.traits ? print_traits(&level) : print_choices(&level);
	} else {
		status = command_dispute(&diag, &dispute);
	}
	level_free(&level);
	buf_free(&dispute);
	return status;
}

const struct command command_shapes = {.name = "shapes",
                                       .operands = "",
                                       .summary = "list the shapes, with the number of their cases",
                                       .options = options,
                                       .run = run};
