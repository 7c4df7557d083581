/* lockdrill manifest: what a level holds, one line a case: id, hash of its text, verdict of the headline
 * reading; sorted by id. Kept under version control it shows each change of a label or a text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "filters.h"
#include "level.h"
#include "progress.h"

static int
compare_ids(const void *one, const void *two)
{
	const struct suite_case *const *a = one, *const *b = two;

	return strcmp((*a)->id, (*b)->id);
}

static void
print_lines(const struct level *level)
{
	const struct suite_case **sorted = malloc((level->count + 1U) * sizeof *sorted);

	progress_clear();
	if (!sorted)
		die("out of memory");
	for (unsigned i = 0; i < level->count; i++)
		sorted[i] = &level->cases[i];
	qsort(sorted, level->count, sizeof *sorted, compare_ids);
	for (unsigned i = 0; i < level->count; i++)
		printf("%s %s %s\n", sorted[i]->id, sorted[i]->text_hash,
		       outcome_name(sorted[i]->verdict[sorted[i]->rule->headline].outcome));
	free(sorted);
}

struct wish {
	const char *level;
	struct filters filters;
};

static const struct option options[] = {
	OPTION_LEVEL(wish, level, true),
	FILTERS_OPTIONS(wish, filters),
	{0},
};

static int
run(int argc, char **argv)
{
	struct wish wish = {.filters = {.seed = 1}};
	struct buf dispute = {0};
	struct level level = {0};
	struct filter filter;
	struct diag diag;
	unsigned operands;
	int status;

	if (!command_options(&command_manifest, &wish, argc, argv, NULL, &operands, &status))
		return status;
	if (filters_make(&wish.filters, &filter, &diag) &&
	    level_make(&level, wish.level, &filter, (struct shard){0, 1}, &dispute, &diag)) {
		progress_clear();
		if (!command_quiet())
			filters_tell(stderr, &level);
		print_lines(&level);
	} else {
		status = command_dispute(&diag, &dispute);
	}
	level_free(&level);
	buf_free(&dispute);
	return status;
}

const struct command command_manifest = {.name = "manifest",
                                         .operands = "",
                                         .summary = "one line for each case of a level: id, hash, verdict",
                                         .options = options,
                                         .run = run};
