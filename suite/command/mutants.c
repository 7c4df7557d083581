/* lockdrill mutants: every faulty checker of oracle/mutants on every case of a level. One that answers
 * each case as its label does survives: then the level cannot tell its fault from a right checker. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "filters.h"
#include "level.h"
#include "mutant.h"
#include "progress.h"

/* What a mutant made of a level. */
struct kills {
	unsigned missed, alarms;           /* violations it passed, correct cases it refused */
	const struct suite_case *smallest; /* that it got wrong; NULL: it survives */
};

static unsigned
shapes_chosen(const struct shapes *shapes)
{
	struct shapes usual = shapes_default();
	unsigned count = 0;

	for (unsigned i = 0; i < SHAPE_COUNT; i++)
		count += shapes->choice[i] != usual.choice[i];
	return count;
}

/* By statements, then by shapes. */
static bool
is_smaller(const struct suite_case *one, const struct suite_case *two)
{
	if (one->seq.size != two->seq.size)
		return one->seq.size < two->seq.size;
	return shapes_chosen(&one->shapes) < shapes_chosen(&two->shapes);
}

/* A case that all mutants answer. */
struct asked {
	const struct suite_case *of;
	struct kills *kills; /* one a mutant */
};

static void
count_answer(void *context, unsigned index, enum outcome answer)
{
	const struct asked *asked = context;
	const struct suite_case *of = asked->of;
	struct kills *kills = &asked->kills[index];
	enum outcome label = of->verdict[of->rule->headline].outcome;

	if (answer == label)
		return;
	if (label == OUTCOME_VIOLATION)
		kills->missed++;
	else
		kills->alarms++;
	if (!kills->smallest || is_smaller(of, kills->smallest))
		kills->smallest = of;
}

static void
put_smallest(struct buf *out, const struct suite_case *of)
{
	buf_printf(out, "%s %s: %s ", of->rule->name, of->rule->role[of->role].name, of->sequence);
	if (!shapes_print(out, &of->shapes, ' '))
		out->data[--out->len] = 0;
}

/* Returns how many mutants were killed. */
static unsigned
print_table(const struct kills *kills, bool wide)
{
	unsigned killed = 0;
	struct buf line = {0};
	bool is_cut = false;

	progress_clear();
	printf("%-26s %8s %8s  %s\n", "mutant", "missed", "alarms", "smallest case that it gets wrong");
	for (unsigned i = 0; i < mutant_count(); i++) {
		buf_clear(&line);
		buf_printf(&line, "%-26s %8u %8u  ", mutant_row(i)->name, kills[i].missed, kills[i].alarms);
		killed += kills[i].smallest != NULL;
		if (kills[i].smallest)
			put_smallest(&line, kills[i].smallest);
		else
			buf_printf(&line, "survives: %s", mutant_row(i)->summary);
		is_cut = command_print_cut(&line, wide) || is_cut;
	}
	printf("%u of %u killed\n", killed, mutant_count());
	if (is_cut && !command_quiet())
		fputs("lockdrill: lines are cut at 100 columns; --wide prints them whole\n", stderr);
	buf_free(&line);
	return killed;
}

struct wish {
	const char *level;
	struct filters filters;
	bool wide;
};

static const struct option options[] = {
	OPTION_STANDARD(wish, level),
	FILTERS_OPTIONS(wish, filters),
	OPTION_WIDE(wish, wide),
	{0},
};

static int
run(int argc, char **argv)
{
	struct wish wish = {.level = "standard", .filters = {.seed = 1}};
	struct buf dispute = {0};
	struct arena arena = {0};
	struct walk walk = {0};
	struct kills *kills;
	struct level level = {0};
	struct filter filter;
	struct diag diag;
	unsigned operands;
	int status;

	if (!command_options(&command_mutants, &wish, argc, argv, NULL, &operands, &status))
		return status;
	kills = arena_alloc(&arena, mutant_count() * sizeof *kills);
	if (filters_make(&wish.filters, &filter, &diag) &&
	    level_make(&level, wish.level, &filter, (struct shard){0, 1}, &dispute, &diag)) {
		for (unsigned i = 0; i < level.count; i++) {
			mutant_each(&walk, &level.cases[i], count_answer, &(struct asked){&level.cases[i], kills});
			progress_step(1);
		}
		progress_clear();
		filters_tell(stdout, &level);
		status = print_table(kills, wish.wide) == mutant_count() ? STATUS_FINE : STATUS_FAILED;
	} else {
		status = command_dispute(&diag, &dispute);
	}
	walk_free(&walk);
	level_free(&level);
	arena_free(&arena);
	buf_free(&dispute);
	return status;
}

const struct command command_mutants = {.name = "mutants",
                                        .operands = "",
                                        .summary = "show that a level gives faulty checkers away",
                                        .options = options,
                                        .run = run};
