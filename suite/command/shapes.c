/* lockdrill shapes: what a level is made of: each choice of each dimension with the number of its cases,
 * and what real locking code is known for, with the number of cases that have it.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "filters.h"
#include "level.h"
#include "progress.h"

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
	return has_op(of, SEQ_LOOP);
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
	return of->rule->lock_type[0];
}

static bool
is_in_struct(const struct suite_case *of)
{
	return has_object(of) && wears(of, PLACE_EXTENSION, PLACE_NESTED);
}

static bool
has_alias(const struct suite_case *of)
{
	return wears(of, ALIAS_POINTER, ALIAS_RETURNED) || wears(of, PLACE_PARAMETER, PLACE_PARAMETER) ||
	       (wears(of, HELPER_RELEASE, HELPER_FALLIBLE) && wears(of, ARGUMENT_BY_LOCK, ARGUMENT_BY_LOCK));
}

static bool
is_in_array(const struct suite_case *of)
{
	return wears(of, PLACE_ARRAY, PLACE_INDEX);
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
	return has_op(of, SEQ_TRY);
}

static bool
is_fallible(const struct suite_case *of)
{
	return wears(of, HELPER_CONDITIONAL, HELPER_FALLIBLE);
}

static bool
has_macro(const struct suite_case *of)
{
	return wears(of, CALL_MACRO, CALL_MACRO) || wears(of, HELPER_GUARD, HELPER_GUARD);
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
	return wears(of, NOISE_INITIALISE, NOISE_INITIALISE);
}

static bool
stops_while_held(const struct suite_case *of)
{
	return wears(of, NOISE_STOP, NOISE_STOP) || wears(of, EXIT_UNREACHABLE, EXIT_UNREACHABLE);
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

static const struct {
	const char *name;
	bool (*has)(const struct suite_case *of); /* NULL: no case can */
	const char *note;                         /* why none can, or what it means here */
} traits[] = {
	{"straight line", is_straight, ""},
	{"if/else, one branch", has_branch, ""},
	{"correlated branches", has_correlation, "a flag is tested twice"},
	{"early return", has_early_return, "held in the violating twin"},
	{"goto clean-up", has_clean_up, ""},
	{"switch", has_switch, ""},
	{"loop around or with a lock", has_loop, ""},
	{"break out of a loop", has_break, ""},
	{"continue", has_continue, ""},
	{"nested distinct locks", has_several_locks, ""},
	{"lock order (ABBA)", NULL, "needs two threads"},
	{"wrong lock released", releases_wrong_lock, "in the violating twin"},
	{"lock in a struct", is_in_struct, ""},
	{"alias, pointer parameter", has_alias, ""},
	{"lock array", is_in_array, ""},
	{"heap lock", is_on_heap, ""},
	{"helper acquires", helper_acquires, ""},
	{"helper releases", helper_releases, ""},
	{"function pointer", has_function_pointer, ""},
	{"function recursion", has_recursion, ""},
	{"recursive lock type", is_recursive_lock, "a reading that counts"},
	{"try-lock", has_try, ""},
	{"fallible lock", is_fallible, "a helper that may fail"},
	{"macro wrapper, scoped guard", has_macro, ""},
	{"opaque call inside", has_opaque_call, ""},
	{"variants by IRQL", has_variant_call, ""},
	{"saved IRQL shared", shares_irql, "where that is legal"},
	{"reader-writer lock", NULL, "needs threads: without them no call can block"},
	{"init/destroy life cycle", has_life_cycle, ""},
	{"stop, unreachable while held", stops_while_held, ""},
	{"allocation under the lock", allocates, "where that is legal"},
	{"multi-file", has_second_file, "helpers in a second file"},
	{"real threads", NULL, "needs threads"},
	{"leak at exit", leaks, ""},
	{"double acquire", acquires_twice, ""},
	{"release of a lock not held", releases_unheld, ""},
};

enum { TRAITS = sizeof traits / sizeof *traits, MEANING_COLUMN = 38 };

static void
print_choices(const struct level *level)
{
	unsigned count[SHAPE_ID_COUNT] = {0};

	for (unsigned i = 0; i < level->count; i++)
		for (unsigned d = 0; d < SHAPE_COUNT; d++)
			count[level->cases[i].shapes.choice[d]]++;
	progress_clear();
	printf("%-9s %-19s %6s  %s\n", "dimension", "shape", "cases", "meaning");
	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++) {
		const struct shape_row *row = shape_row((enum shape_id)id);
		bool first = !id || shape_row((enum shape_id)(id - 1))->dimension != row->dimension;
		struct buf meaning = {0};

		printf("%-9s %-19s %6u  ", first ? shape_dimension_name(row->dimension) : "", row->name, count[id]);
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
