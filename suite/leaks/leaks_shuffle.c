/* The leak audit's chance: what a statistic is worth when verdicts are dealt at random.
 *
 * A level is pairs, and its null hypothesis is that nothing but the locks tells which twin violates: then
 * either twin of a pair may have either verdict. So the twins of each pair swap verdicts, or not, by a fair
 * coin; the statistic is taken again, LEAKS_SHUFFLES times (a permutation test: Good, Permutation, Parametric
 * and Bootstrap Tests of Hypotheses, 3; for what learners gain: Ojala and Garriga, JMLR 11, 2010, test 1).
 * p counts the verdicts as they are as one shuffle more, so it is never 0. Texts, places, families and the
 * number of violations stay what they are.
 */
#include <assert.h>
#include <stdlib.h>

#include "leaks.h"
#include "random.h"

static int
compare_doubles(const void *one, const void *two)
{
	double a = *(const double *)one, b = *(const double *)two;

	return a < b ? -1 : a > b;
}

static void
swap_some(struct level *level, struct random *random)
{
	for (uint32_t i = 0; i < level->count; i++) {
		struct document *document = &level->document[i], *twin = &level->document[document->twin];

		assert(document->violation != twin->violation && twin->twin == i);
		if (document->twin < i || random_next(random) >> 63)
			continue;
		document->violation = !document->violation;
		twin->violation = !twin->violation;
	}
}

struct score
shuffle_score(struct level *level, statistic *of, const void *context)
{
	bool *verdict = leaks_allocate(level->count, sizeof *verdict);
	struct random random = {LEAKS_SEED};
	double shuffled[LEAKS_SHUFFLES];
	struct score score = {.j = of(level, context)};
	unsigned reached = 1;

	for (uint32_t i = 0; i < level->count; i++)
		verdict[i] = level->document[i].violation;
	for (unsigned s = 0; s < LEAKS_SHUFFLES; s++) {
		swap_some(level, &random);
		shuffled[s] = of(level, context);
		reached += shuffled[s] >= score.j - 1e-12;
	}
	for (uint32_t i = 0; i < level->count; i++)
		level->document[i].violation = verdict[i];
	free(verdict);
	qsort(shuffled, LEAKS_SHUFFLES, sizeof *shuffled, compare_doubles);
	score.chance = shuffled[LEAKS_SHUFFLES - LEAKS_SHUFFLES / 20 - 1];
	score.p = (double)reached / (LEAKS_SHUFFLES + 1);
	return score;
}
