/* lockdrill choose: few pairs of a level that still show everything it shows: a smaller level's list.
 *
 * What is to be shown: each rule x kind x ladder step, role, edit and shape, and the death of each mutant.
 * Pairs are taken greedily: the one that shows most that is not shown yet, the smaller one of two (Chvatal
 * 1979). When all is shown and pairs are left to take, it begins anew. The list is what suite/level/draw.c
 * reads: suite/levels/smoke.tsv is made by `make core`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "filters.h"
#include "level.h"
#include "mutant.h"
#include "progress.h"

enum { WORDS = 16, BITS = 64 * WORDS };

/* A set of things to be shown. */
struct shown {
	uint64_t word[WORDS];
};

struct candidate {
	const struct suite_case *right, *wrong;
	struct shown shows;
	unsigned cost;
	bool taken;
};

static void
show_bit(struct shown *shown, unsigned bit)
{
	if (bit >= BITS)
		bug("more than %d things to show", BITS);
	shown->word[bit / 64] |= (uint64_t)1 << bit % 64;
}

static unsigned
count_new(const struct shown *shows, const struct shown *already)
{
	unsigned count = 0;

	for (unsigned i = 0; i < WORDS; i++)
		for (uint64_t left = shows->word[i] & ~already->word[i]; left; left &= left - 1)
			count++;
	return count;
}

static unsigned
rule_index(const struct level *level, const struct rule *rule)
{
	unsigned i = 0;

	while (level->rule[i] != rule)
		i++;
	return i;
}

/* A case that all mutants answer. */
struct asked {
	const struct suite_case *of;
	struct shown *shown;
	unsigned first; /* bit of the first mutant */
};

static void
show_wrong(void *context, unsigned index, enum outcome answer)
{
	const struct asked *asked = context;

	if (answer != asked->of->verdict[asked->of->rule->headline].outcome)
		show_bit(asked->shown, asked->first + index);
}

static enum edit
find_edit(const char *name)
{
	unsigned i = 0;

	while (strcmp(edit_name((enum edit)i), name))
		i++;
	return (enum edit)i;
}

static void
describe(const struct level *level, struct walk *walk, struct candidate *candidate)
{
	const struct suite_case *wrong = candidate->wrong;
	const struct verdict *verdict = &wrong->verdict[wrong->rule->headline];
	struct shapes usual = shapes_default();
	unsigned rule = rule_index(level, wrong->rule), first = 0;

	for (unsigned i = 0; i < verdict->count; i++)
		show_bit(&candidate->shows,
		         (rule * KIND_COUNT + verdict->finding[i].kind) * LADDER_COUNT + wrong->ladder);
	first += level->rules * KIND_COUNT * LADDER_COUNT;
	show_bit(&candidate->shows, first + rule * RULE_ROLES + wrong->role);
	first += level->rules * RULE_ROLES;
	show_bit(&candidate->shows, first + find_edit(wrong->edit));
	first += EDIT_COUNT;
	for (unsigned d = 0; d < SHAPE_COUNT; d++) {
		show_bit(&candidate->shows, first + wrong->shapes.choice[d]);
		candidate->cost += wrong->shapes.choice[d] != usual.choice[d];
	}
	first += SHAPE_ID_COUNT;
	mutant_each(walk, candidate->right, show_wrong,
	            &(struct asked){candidate->right, &candidate->shows, first});
	mutant_each(walk, wrong, show_wrong, &(struct asked){wrong, &candidate->shows, first});
	candidate->cost += wrong->seq.size;
}

static void
print_pair(const struct candidate *candidate)
{
	const struct suite_case *right = candidate->right;
	struct buf shapes = {0};

	if (!shapes_print(&shapes, &right->shapes, ','))
		buf_putc(&shapes, '-');
	printf("%s\t%s\t%s\t%s\t%s\t%s\n", right->rule->name, right->rule->role[right->role].name, right->edit,
	       shapes.data, right->sequence, candidate->wrong->sequence);
	buf_free(&shapes);
}

/* The candidate that shows most of what is not shown; NULL when none shows anything. */
static struct candidate *
find_best(struct candidate *candidates, unsigned count, const struct shown *already)
{
	struct candidate *best = NULL;
	unsigned most = 0;

	for (unsigned i = 0; i < count; i++) {
		unsigned fresh = candidates[i].taken ? 0 : count_new(&candidates[i].shows, already);

		if (fresh > most || (fresh && fresh == most && candidates[i].cost < best->cost)) {
			best = &candidates[i];
			most = fresh;
		}
	}
	return best;
}

/* At least `pairs`, and all that it takes to show everything once. */
static void
choose(struct candidate *candidates, unsigned count, unsigned long long pairs)
{
	struct shown already = {{0}};
	bool all = false;

	progress_clear();
	printf("# Chosen by `lockdrill choose`: rule, role, edit, shapes that differ from the default, "
	       "correct and violating sequence.\n");
	for (unsigned long long taken = 0; !all || taken < pairs; taken++) {
		struct candidate *best = find_best(candidates, count, &already);

		if (!best) {
			all = true;
			already = (struct shown){{0}};
			best = find_best(candidates, count, &already);
		}
		if (!best || (all && taken >= pairs))
			return;
		best->taken = true;
		for (unsigned i = 0; i < WORDS; i++)
			already.word[i] |= best->shows.word[i];
		print_pair(best);
	}
}

struct wish {
	const char *level;
	struct filters filters;
	unsigned long long pairs;
};

static const struct option options[] = {
	OPTION_STANDARD(wish, level),
	FILTERS_OPTIONS(wish, filters),
	{"pairs", OPTION_NUMBER_AT(wish, pairs), .most = 1000000, .value = "N",
     .help = "at least so many pairs (default: 100)"},
	{0},
};

static int
run(int argc, char **argv)
{
	struct wish wish = {.level = "standard", .pairs = 100, .filters = {.seed = 1}};
	struct buf dispute = {0};
	struct arena arena = {0};
	struct walk walk = {0};
	struct level level = {0};
	struct filter filter;
	struct diag diag;
	unsigned operands, count = 0;
	int status;

	if (!command_options(&command_choose, &wish, argc, argv, NULL, &operands, &status))
		return status;
	if (filters_make(&wish.filters, &filter, &diag) &&
	    level_make(&level, wish.level, &filter, (struct shard){0, 1}, &dispute, &diag)) {
		struct candidate *candidates = arena_alloc(&arena, (level.count / 2U + 1) * sizeof *candidates);

		for (unsigned i = 0; i < level.count; i++) {
			const struct suite_case *of = &level.cases[i];

			if (of->verdict[of->rule->headline].outcome != OUTCOME_VIOLATION)
				continue;
			candidates[count].wrong = of;
			candidates[count].right = level_twin(&level, of);
			describe(&level, &walk, &candidates[count++]);
			progress_step(2);
		}
		progress_clear();
		if (!command_quiet())
			filters_tell(stderr, &level);
		choose(candidates, count, wish.pairs);
	} else {
		status = command_dispute(&diag, &dispute);
	}
	walk_free(&walk);
	level_free(&level);
	arena_free(&arena);
	buf_free(&dispute);
	return status;
}

const struct command command_choose = {.name = "choose",
                                       .operands = "",
                                       .summary = "list the fewest pairs that show what a level shows",
                                       .options = options,
                                       .run = run};
