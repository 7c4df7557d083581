/* The leak audit: can a level's verdicts be guessed from what its texts look like, without understanding
 * locks?
 *
 *   DIR/manifest.jsonl, DIR/cases/ ──> documents ──> counted features of a set ──> guesses ──> Youden's J
 *                                                                     verdicts swapped ──> chance, p
 *
 * The features of a set (the table `sets`) are judged together, by learners that are trained on one half of
 * the families and tried on the other, and the other way round, where the larger J counts: multinomial naive
 * Bayes with Laplace's one (Manning, Raghavan, Schuetze: Introduction to Information Retrieval, 13.2), and a
 * random forest, which sees features that tell something only together. And alone, over all documents:
 * guilty, or innocent, where the count is at least t, for the best t from 1. What the sets hold:
 *
 * - surface: all of the text. Every token, none left out: names, numbers, punctuation, lock calls, control
 *   words, marks and words of comments; every blank space between two tokens, so indentation too; of each
 *   line its width in tens; of the text its bytes, lines, tokens, widest and deepest line, in bins (together)
 *   or as they are (alone).
 * - pairs: two tokens in a row after the names of lock calls and helpers and the control words are taken out
 *   (their parentheses and arguments stay).
 * - n-grams: one, two and three tokens in a row, nothing taken out.
 *
 * The order of files has statistics of its own: what naive Bayes gains from the place in the manifest, in
 * bins and modulo powers of two, and the characters of the file's name, whichever way round; which twin of a
 * pair stands first; whether violations stand early or late; and whether the cases at places 2k and 2k + 1
 * have opposite verdicts, which a level has by its making, so that it is published only: the place of one
 * case alone tells nothing by it.
 *
 * Looks have limits of J; where a limit would forbid what cases must differ in, the row is published without
 * one. Order must tell nothing at all, so its limit is one of p: it fails where none of 1,000 shuffles of the
 * verdicts reaches what is seen, which an innocent order does once in 1,001 levels. What J an innocent order
 * has is noise, so that no limit of J is right for it.
 *
 * `--plant` adds a word to the texts and a digit to the file names of all violating cases: the audit must
 * then fail.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "leaks.h"

enum { NO_LIMIT = 2 /* more than any J */ };

#define ORDER_LIMIT 0.001 /* of p */

typedef void put_features(struct features *features, const struct document *document);

static const struct {
	const char *name, *title;
	put_features *put;
	double bayes, forest, alone; /* limits of J; NO_LIMIT: published only; alone 0: not judged alone */
} sets[] = {
	{"surface", "surface: tokens, lengths, layout", features_put_surface, 0.15, NO_LIMIT, 0.10},
	{"pairs", "pairs of tokens, no calls, no control", features_put_pairs, 0.15, NO_LIMIT, 0.10},
	{"n-grams", "n-grams: runs of 1 to 3 tokens", features_put_ngrams, NO_LIMIT, NO_LIMIT, 0},
};

static const struct {
	const char *how;
	statistic *of;
} orders[] = {
	{"naive Bayes", guess_bayes_anew},
	{"within pairs", order_in_pairs},
	{"along the file", order_along},
	{"two neighbours", order_of_neighbours},
};

static void
print_numbers(const char *title, const char *how, struct score score)
{
	printf("%-38s %-14s %7.3f %7.3f  %.6f  ", title, how, score.j, score.chance, score.p);
}

/* Prints a row; false where the limit of J is broken. */
static bool
print_row(const char *title, const char *how, struct score score, double limit)
{
	print_numbers(title, how, score);
	if (limit > 1)
		printf("-        published\n");
	else
		printf("J %5.3f  %s\n", limit, score.j < limit ? "ok" : "TOO HIGH");
	return score.j < limit;
}

static bool
print_order(const char *how, struct score score)
{
	bool low = score.p < ORDER_LIMIT;

	print_numbers("position: place and name of the file", how, score);
	printf("p %5.3f  %s\n", ORDER_LIMIT, low ? "TOO LOW" : "ok");
	return !low;
}

static void
count_features(struct level *level, struct features *features, put_features *put)
{
	features_init(features);
	for (uint32_t i = 0; i < level->count; i++) {
		put(features, &level->document[i]);
		features_store(features, &level->document[i]);
	}
}

/* What a learner's guesses are worth. */
static struct score
learn(struct level *level, const struct features *features, learner *guess)
{
	bool *guilty = leaks_allocate(level->count, sizeof *guilty);
	struct score score;

	guess(level, features, guilty);
	score = shuffle_score(level, guess_larger_j, guilty);
	free(guilty);
	return score;
}

static bool
judge_set(struct level *level, size_t set, struct single worst[LEAKS_WORST], struct arena *names)
{
	const char *title = sets[set].title;
	struct features features;
	bool good;

	count_features(level, &features, sets[set].put);
	good = print_row(title, "naive Bayes", learn(level, &features, guess_bayes), sets[set].bayes);
	good &= print_row(title, "forest", learn(level, &features, guess_forest), sets[set].forest);
	if (sets[set].alone > 0)
		good &= print_row(title, "worst alone", guess_alone(level, &features, sets[set].name, worst, names),
		                  sets[set].alone);
	features_free(&features);
	return good;
}

static bool
judge_order(struct level *level)
{
	struct features features;
	bool good = true;

	count_features(level, &features, features_put_position);
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
		good &= print_order(orders[i].how, shuffle_score(level, orders[i].of, &features));
	features_free(&features);
	return good;
}

/* Guilty where acquires and releases differ in number. */
static void
judge_counting(struct level *level)
{
	bool *guilty = leaks_allocate(level->count, sizeof *guilty);

	for (uint32_t i = 0; i < level->count; i++)
		guilty[i] = features_calls_differ(&level->document[i]);
	print_row("acquires and releases differ in number", "alone",
	          shuffle_score(level, guess_overall_j, guilty), NO_LIMIT);
	free(guilty);
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
	printf("%-38s %-14s %7s %7s  %-8s  %s\n", "guessed by", "how", "J", "chance", "p", "limit");
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
		good &= judge_set(&level, i, worst, &names);
	judge_counting(&level);
	good &= judge_order(&level);
	printf("%u cases in pairs; %u shuffles, seed %u; chance: what one of them in twenty exceeds\n",
	       level.count, LEAKS_SHUFFLES, LEAKS_SEED);
	print_worst(worst);
	arena_free(&names);
	free(level.document);
	arena_free(&level.arena);
	return !good;
}
