/* The leak audit: can a level's verdicts be guessed from what its texts look like, without understanding
 * locks?
 *
 *   DIR/manifest.jsonl, DIR/cases/ ──> documents ──> counted features of a set ──> guesses ──> Youden's J
 *
 * The features of a set (the table `sets`) are judged together, by multinomial naive Bayes with Laplace's one
 * (Manning, Raghavan, Schuetze: Introduction to Information Retrieval, 13.2), trained on one half of the
 * families and tried on the other, and the other way round, where the larger J counts; and alone, over all
 * documents: guilty, or innocent, where the count is at least t, for the best t from 1. What the sets hold:
 *
 * - surface: all of the text. Every token, none left out: names, numbers, punctuation, lock calls, control
 *   words, marks and words of comments; every blank space between two tokens, so indentation too; of each
 *   line its width in tens; of the text its bytes, lines, tokens, widest and deepest line, in bins (together)
 *   or as they are (alone).
 * - pairs: two tokens in a row after the names of lock calls and helpers and the control words are taken out
 *   (their parentheses and arguments stay).
 * - position: the place in the manifest, in bins and modulo powers of two, and the characters of the file's
 *   name.
 * - n-grams: one, two and three tokens in a row, nothing taken out. Published without a limit, as is counting
 *   of calls.
 *
 * The column "chance" is two standard errors of J for a guess that knows nothing. `--plant` adds a word to
 * the texts and a digit to the file names of all violating cases: the audit must then fail.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "leaks.h"

enum { NO_LIMIT = 2 /* more than any J */ };

typedef void put_features(struct features *features, const struct document *document);

static const struct {
	const char *name, *title;
	put_features *put;
	bool either_sign;       /* of J counts when judged together */
	double together, alone; /* limits of J; NO_LIMIT: published only; alone 0: not judged alone */
} sets[] = {
	{"surface", "surface: tokens, lengths, layout", features_put_surface, false, 0.15, 0.10},
	{"pairs", "pairs of tokens, no lock calls, no control", features_put_pairs, false, 0.15, 0.10},
	{"position", "position: place and name of the file", features_put_position, true, 0.02, 0},
	{"n-grams", "n-grams: runs of 1 to 3 tokens", features_put_ngrams, false, NO_LIMIT, 0},
};

/* Prints a row; false where the limit is broken. */
static bool
print_row(const char *title, const char *how, struct score score, double limit)
{
	printf("%-44s %-12s %7.3f %7.3f  ", title, how, score.j, score.chance);
	if (limit > 1)
		printf("%5s  published\n", "-");
	else
		printf("%5.2f  %s\n", limit, score.j < limit ? "ok" : "TOO HIGH");
	return score.j < limit;
}

static bool
judge_set(struct level *level, size_t set, struct single worst[LEAKS_WORST], struct arena *names)
{
	struct features features;
	bool good;

	features_init(&features);
	for (uint32_t i = 0; i < level->count; i++) {
		sets[set].put(&features, &level->document[i]);
		features_store(&features, &level->document[i]);
	}
	good = print_row(sets[set].title, "naive Bayes", guess_together(level, &features, sets[set].either_sign),
	                 sets[set].together);
	if (sets[set].alone > 0)
		good &= print_row(sets[set].title, "worst alone",
		                  guess_alone(level, &features, sets[set].name, worst, names), sets[set].alone);
	features_free(&features);
	return good;
}

/* Guilty where acquires and releases differ in number. */
static void
judge_counting(const struct level *level)
{
	struct guesses guesses = {0};

	for (uint32_t i = 0; i < level->count; i++) {
		const struct document *document = &level->document[i];

		guesses.of[document->violation][features_calls_differ(document)]++;
	}
	print_row("acquires and releases differ in number", "alone", guess_score(&guesses), NO_LIMIT);
}

static void
print_worst(const struct single worst[LEAKS_WORST])
{
	printf("\nworst single features\n%7s  %-8s %-40s %s\n", "J", "set", "feature", "at least");
	for (unsigned i = 0; i < LEAKS_WORST && worst[i].name; i++)
		printf("%+7.3f  %-8s %-40s %u\n", worst[i].j, worst[i].set, worst[i].name, worst[i].threshold);
}

int
main(int argc, char **argv)
{
	bool planted = argc == 3 && !strcmp(argv[1], "--plant"), good = true;
	struct single worst[LEAKS_WORST] = {{0}};
	struct level level = {0};
	struct arena names = {0};

	if (argc != (planted ? 3 : 2) || argv[argc - 1][0] == '-')
		die("usage: leaks [--plant] DIR");
	leaks_read_level(&level, argv[argc - 1]);
	if (planted)
		leaks_plant(&level);
	printf("%-44s %-12s %7s %7s  %5s\n", "guessed by", "how", "J", "chance", "limit");
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
		good &= judge_set(&level, i, worst, &names);
	judge_counting(&level);
	print_worst(worst);
	arena_free(&names);
	free(level.document);
	arena_free(&level.arena);
	return !good;
}
