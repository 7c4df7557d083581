/* The leak audit's guesses: naive Bayes, which learns from one half of the families and is tried on the
 * other, and each feature alone, at its best threshold. Either gives Youden's J, with the two standard errors
 * that a fair coin would have.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "leaks.h"

/* Two standard errors of J for a guess by a fair coin. */
static double
chance_of(double correct, double violations)
{
	return 2 * sqrt(0.25 / correct + 0.25 / violations);
}

struct score
guess_score(const struct guesses *guesses)
{
	double correct = (double)guesses->of[0][0] + guesses->of[0][1];
	double violations = (double)guesses->of[1][0] + guesses->of[1][1];

	return (struct score){guesses->of[1][1] / violations - guesses->of[0][1] / correct,
	                      chance_of(correct, violations)};
}

/* weight[feature] = log of how much likelier it makes a violation; returns that of the verdicts
 * themselves. */
static double
train(const struct level *level, const struct features *features, bool half, double *weight)
{
	double *seen[2] = {leaks_allocate(FEATURE_SLOTS, sizeof **seen),
	                   leaks_allocate(FEATURE_SLOTS, sizeof **seen)};
	double sum[2] = {0}, documents[2] = {0};

	for (uint32_t i = 0; i < level->count; i++) {
		const struct document *document = &level->document[i];

		if (document->half != half)
			continue;
		documents[document->violation]++;
		for (uint32_t e = 0; e < document->entries; e++) {
			const struct entry *entry = &document->entry[e];

			if (features->slot[entry->feature].measure)
				continue;
			seen[document->violation][entry->feature] += entry->count;
			sum[document->violation] += entry->count;
		}
	}
	for (uint32_t f = 0; f < FEATURE_SLOTS; f++)
		weight[f] = features->slot[f].measure ? 0
		                                      : log((seen[1][f] + 1) / (sum[1] + features->used)) -
		                                            log((seen[0][f] + 1) / (sum[0] + features->used));
	free(seen[0]);
	free(seen[1]);
	return log(documents[1] / documents[0]);
}

static void
try_half(const struct level *level, bool half, const double *weight, double prior, struct guesses *guesses)
{
	memset(guesses, 0, sizeof *guesses);
	for (uint32_t i = 0; i < level->count; i++) {
		const struct document *document = &level->document[i];
		double score = prior;

		if (document->half != half)
			continue;
		for (uint32_t e = 0; e < document->entries; e++)
			score += weight[document->entry[e].feature] * document->entry[e].count;
		guesses->of[document->violation][score > 0]++;
	}
}

/* Naive Bayes, both ways: the larger J, with either_sign the one further from zero, without its sign. */
struct score
guess_together(const struct level *level, const struct features *features, bool either_sign)
{
	double *weight = leaks_allocate(FEATURE_SLOTS, sizeof *weight);
	struct score score[2];

	for (unsigned half = 0; half < 2; half++) {
		struct guesses guesses;
		double prior = train(level, features, half, weight);

		try_half(level, !half, weight, prior, &guesses);
		score[half] = guess_score(&guesses);
		if (either_sign)
			score[half].j = fabs(score[half].j);
	}
	free(weight);
	return score[score[1].j > score[0].j];
}

struct occurrence {
	uint32_t feature, count;
	bool violation;
};

/* By feature, the highest count first. */
static int
compare_occurrences(const void *one, const void *two)
{
	const struct occurrence *a = one, *b = two;

	if (a->feature != b->feature)
		return a->feature < b->feature ? -1 : 1;
	return a->count > b->count ? -1 : a->count < b->count;
}

static void
keep_worst(struct single worst[LEAKS_WORST], const struct single *single)
{
	unsigned at = LEAKS_WORST;

	while (at && fabs(single->j) > fabs(worst[at - 1].j))
		at--;
	if (at == LEAKS_WORST)
		return;
	memmove(&worst[at + 1], &worst[at], (LEAKS_WORST - at - 1) * sizeof *worst);
	worst[at] = *single;
}

/* The best threshold of the feature whose occurrences begin at `at`; returns where the next one's begin. */
static size_t
best_threshold(const struct occurrence *occurrences, size_t count, size_t at, const uint32_t documents[2],
               struct single *best)
{
	uint32_t feature = occurrences[at].feature, reached[2] = {0};

	best->j = 0;
	for (; at < count && occurrences[at].feature == feature; at++) {
		double j;

		reached[occurrences[at].violation]++;
		if (at + 1 < count && occurrences[at + 1].feature == feature &&
		    occurrences[at + 1].count == occurrences[at].count)
			continue;
		j = (double)reached[1] / documents[1] - (double)reached[0] / documents[0];
		if (fabs(j) >= fabs(best->j)) {
			best->j = j;
			best->threshold = occurrences[at].count;
		}
	}
	return at;
}

static struct occurrence *
list_occurrences(const struct level *level, size_t *count)
{
	size_t all = 0;
	struct occurrence *occurrences;

	for (uint32_t i = 0; i < level->count; i++)
		all += level->document[i].entries;
	occurrences = leaks_allocate(all, sizeof *occurrences);
	all = 0;
	for (uint32_t i = 0; i < level->count; i++)
		for (uint32_t e = 0; e < level->document[i].entries; e++)
			occurrences[all++] =
				(struct occurrence){level->document[i].entry[e].feature, level->document[i].entry[e].count,
			                        level->document[i].violation};
	qsort(occurrences, all, sizeof *occurrences, compare_occurrences);
	*count = all;
	return occurrences;
}

/* Every feature by itself, the largest J without its sign; the names of the worst are copied to `names`. */
struct score
guess_alone(const struct level *level, const struct features *features, const char *set,
            struct single worst[LEAKS_WORST], struct arena *names)
{
	uint32_t documents[2] = {0};
	size_t count;
	struct occurrence *occurrences = list_occurrences(level, &count);
	struct score score = {0};

	for (uint32_t i = 0; i < level->count; i++)
		documents[level->document[i].violation]++;
	score.chance = chance_of(documents[0], documents[1]);
	for (size_t at = 0; at < count;) {
		const char *name = features->slot[occurrences[at].feature].name;
		struct single single = {.set = set};

		at = best_threshold(occurrences, count, at, documents, &single);
		score.j = fmax(score.j, fabs(single.j));
		if (fabs(single.j) <= fabs(worst[LEAKS_WORST - 1].j))
			continue;
		single.name = arena_string(names, name);
		keep_worst(worst, &single);
	}
	free(occurrences);
	return score;
}
