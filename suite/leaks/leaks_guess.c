/* The leak audit's guesses: naive Bayes, which learns from one half of the families and is tried on the
 * other, each feature alone, at its best threshold, and the order of files. Each gives a statistic on the
 * scale of Youden's J.
 *
 * There are as many violations as correct cases, since all stand in pairs; so J is the number of guilty
 * violations less that of guilty correct cases, by the number of pairs.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "leaks.h"

/* ---- naive Bayes ---- */

/* weight[feature] = log of how much likelier it makes a violation. `seen` has room for two counts a
 * feature. */
static void
train(const struct level *level, const struct features *features, bool half, double *seen, double *weight)
{
	double sum[2] = {0};

	memset(seen, 0, 2 * features->used * sizeof *seen);
	for (uint32_t i = 0; i < level->count; i++) {
		const struct document *document = &level->document[i];

		if (document->half != half)
			continue;
		for (uint32_t e = 0; e < document->entries; e++) {
			const struct entry *entry = &document->entry[e];

			if (features->feature[entry->feature].measure)
				continue;
			seen[2 * entry->feature + document->violation] += entry->count;
			sum[document->violation] += entry->count;
		}
	}
	for (uint32_t f = 0; f < features->used; f++)
		weight[f] = features->feature[f].measure ? 0
		                                         : log((seen[2 * f + 1] + 1) / (sum[1] + features->used)) -
		                                               log((seen[2 * f] + 1) / (sum[0] + features->used));
}

static void
try_half(const struct level *level, bool half, const double *weight, bool *guilty)
{
	for (uint32_t i = 0; i < level->count; i++) {
		const struct document *document = &level->document[i];
		double score = 0;

		if (document->half != half)
			continue;
		for (uint32_t e = 0; e < document->entries; e++)
			score += weight[document->entry[e].feature] * document->entry[e].count;
		guilty[i] = score > 0;
	}
}

void
guess_bayes(const struct level *level, const struct features *features, bool *guilty)
{
	double *weight = leaks_allocate(features->used, sizeof *weight);
	double *seen = leaks_allocate(2 * features->used, sizeof *seen);

	for (unsigned half = 0; half < 2; half++) {
		train(level, features, half, seen, weight);
		try_half(level, !half, weight, guilty);
	}
	free(weight);
	free(seen);
}

/* ---- what guesses are worth ---- */

static void
halves_j(const struct level *level, const bool *guilty, double j[2])
{
	int sum[2] = {0};

	for (uint32_t i = 0; i < level->count; i++)
		if (guilty[i])
			sum[level->document[i].half] += level->document[i].violation ? 1 : -1;
	for (unsigned half = 0; half < 2; half++)
		j[half] = sum[half] / (level->documents[half] / 2.0);
}

double
guess_larger_j(const struct level *level, const void *guilty)
{
	double j[2];

	halves_j(level, guilty, j);
	return fmax(j[0], j[1]);
}

double
guess_overall_j(const struct level *level, const void *guilty)
{
	double j[2];

	halves_j(level, guilty, j);
	return (j[0] * level->documents[0] + j[1] * level->documents[1]) / level->count;
}

double
guess_bayes_anew(const struct level *level, const void *features)
{
	bool *guilty = leaks_allocate(level->count, sizeof *guilty);
	double j[2];

	guess_bayes(level, features, guilty);
	halves_j(level, guilty, j);
	free(guilty);
	return fmax(fabs(j[0]), fabs(j[1]));
}

/* ---- order ---- */

double
order_in_pairs(const struct level *level, const void *context)
{
	int first = 0;

	(void)context;
	for (uint32_t i = 0; i < level->count; i++)
		if (level->document[i].twin > i)
			first += level->document[i].violation ? 1 : -1;
	return fabs(first / (level->count / 2.0));
}

/* By the sum of the violations' ranks (Mann and Whitney 1947). */
double
order_along(const struct level *level, const void *context)
{
	double pairs = level->count / 2.0, ranks = 0, area;

	(void)context;
	for (uint32_t i = 0; i < level->count; i++)
		if (level->document[i].violation)
			ranks += i;
	area = (ranks - pairs * (pairs - 1) / 2) / (pairs * pairs);
	return fabs(2 * area - 1);
}

double
order_of_neighbours(const struct level *level, const void *context)
{
	int differ = 0;

	(void)context;
	for (uint32_t i = 0; i + 1 < level->count; i += 2)
		differ += level->document[i].violation != level->document[i + 1].violation ? 1 : -1;
	return fabs(differ / (level->count / 2.0));
}

/* ---- each feature alone ---- */

struct occurrence {
	uint32_t feature, count, document;
};

struct occurrences {
	struct occurrence *at;
	size_t count;
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
best_threshold(const struct level *level, const struct occurrences *all, size_t at, struct single *best)
{
	uint32_t feature = all->at[at].feature;
	int sum = 0, most = 0;

	best->threshold = all->at[at].count;
	for (; at < all->count && all->at[at].feature == feature; at++) {
		sum += level->document[all->at[at].document].violation ? 1 : -1;
		if (at + 1 < all->count && all->at[at + 1].feature == feature &&
		    all->at[at + 1].count == all->at[at].count)
			continue;
		if (abs(sum) >= abs(most)) {
			most = sum;
			best->threshold = all->at[at].count;
		}
	}
	best->j = most / (level->count / 2.0);
	return at;
}

/* What the document has more or less often than its twin. What both have equally often adds nothing to J,
 * whatever their verdicts. `count` holds zeros before and after. */
static void
list_document(const struct level *level, uint32_t number, uint32_t *count, struct occurrences *all)
{
	const struct document *document = &level->document[number], *twin = &level->document[document->twin];

	for (uint32_t e = 0; e < twin->entries; e++)
		count[twin->entry[e].feature] = twin->entry[e].count;
	for (uint32_t e = 0; e < document->entries; e++)
		if (document->entry[e].count != count[document->entry[e].feature])
			all->at[all->count++] =
				(struct occurrence){document->entry[e].feature, document->entry[e].count, number};
	for (uint32_t e = 0; e < twin->entries; e++)
		count[twin->entry[e].feature] = 0;
}

static struct occurrences
list_occurrences(const struct level *level, const struct features *features)
{
	uint32_t *count = leaks_allocate(features->used, sizeof *count);
	struct occurrences all = {0};
	size_t most = 0;

	for (uint32_t i = 0; i < level->count; i++)
		most += level->document[i].entries;
	all.at = leaks_allocate(most, sizeof *all.at);
	for (uint32_t i = 0; i < level->count; i++)
		list_document(level, i, count, &all);
	assert(all.count <= most);
	qsort(all.at, all.count, sizeof *all.at, compare_occurrences);
	free(count);
	return all;
}

static double
largest_alone(const struct level *level, const void *context)
{
	const struct occurrences *all = context;
	double largest = 0;

	for (size_t at = 0; at < all->count;) {
		struct single single;

		at = best_threshold(level, all, at, &single);
		largest = fmax(largest, fabs(single.j));
	}
	return largest;
}

struct score
guess_alone(struct level *level, const struct features *features, const char *set,
            struct single worst[LEAKS_WORST], struct arena *names)
{
	struct occurrences all = list_occurrences(level, features);
	struct score score = shuffle_score(level, largest_alone, &all);

	for (size_t at = 0; at < all.count;) {
		const char *name = features->feature[all.at[at].feature].name;
		struct single single = {.set = set};

		at = best_threshold(level, &all, at, &single);
		if (fabs(single.j) <= fabs(worst[LEAKS_WORST - 1].j))
			continue;
		single.name = arena_string(names, name);
		keep_worst(worst, &single);
	}
	free(all.at);
	return score;
}
