/* bootstrap: see bootstrap.h.
 *
 * A Poisson number is found from 16 uniform bits by counting how many thresholds they reach: threshold k is
 * 2^16 times the probability of at most k. Four numbers come from each 64-bit word of splitmix64, begun at
 * the family's number and the seed. All of it is integer arithmetic, so intervals are the same on every
 * machine.
 */
#include "bootstrap.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "random.h"

/* 2^16 * P(X <= k) of a Poisson number X of mean 1, rounded; the last stands for 8 and all above. */
static const uint16_t threshold[] = {24109, 48219, 60273, 64292, 65296, 65497, 65531, 65535};

enum { RARE = 10 }; /* cases */

enum { THRESHOLDS = sizeof threshold / sizeof *threshold };

_Static_assert(BOOTSTRAP_REPLICATES % 4 == 0, "four weights come from one word");

static uint16_t
poisson(uint16_t bits)
{
	uint16_t number = 0;

	for (unsigned k = 0; k < THRESHOLDS; k++)
		number = (uint16_t)(number + (bits >= threshold[k]));
	return number;
}

void
bootstrap_family(struct bootstrap_weights *weights, uint64_t family)
{
	struct random seed = {family ^ BOOTSTRAP_SEED};
	struct random random;

	if (weights->known && weights->family == family)
		return;
	weights->known = true;
	weights->family = family;
	random.state = random_next(&seed);
	for (unsigned i = 0; i < BOOTSTRAP_REPLICATES; i += 4) {
		uint64_t word = random_next(&random);

		for (unsigned j = 0; j < 4; j++)
			weights->weight[i + j] = poisson((uint16_t)(word >> 16 * j));
	}
}

void
bootstrap_add(uint32_t *sum, const struct bootstrap_weights *weights)
{
	assert(weights->known);
	for (unsigned i = 0; i < BOOTSTRAP_REPLICATES; i++)
		sum[i] += weights->weight[i];
}

/* Replicates of a statistic, those in which it is defined. */
struct replicates {
	unsigned count;
	double value[BOOTSTRAP_REPLICATES];
};

static int
compare_doubles(const void *one, const void *two)
{
	double a = *(const double *)one, b = *(const double *)two;

	return a < b ? -1 : a > b;
}

/* False where all are equal, or none is there. */
static bool
set_interval(struct measure *measure, struct replicates *of)
{
	unsigned tail = of->count * 25 / 1000; /* of each side */

	if (!of->count)
		return false;
	qsort(of->value, of->count, sizeof *of->value, compare_doubles);
	if (of->value[0] == of->value[of->count - 1])
		return false;
	measure->low = fmin(measure->value, of->value[tail]);
	measure->high = fmax(measure->value, of->value[of->count - 1 - tail]);
	return true;
}

/* As many families of one size as vary like these: the square of the sum of their sizes through the sum of
 * the squares, both seen in how the replicates of a sum spread (a Poisson number's variance is its mean). */
static unsigned
families_in_effect(const uint32_t *sum)
{
	double mean = 0, variance = 0;

	for (unsigned i = 0; i < BOOTSTRAP_REPLICATES; i++)
		mean += (double)sum[i] / BOOTSTRAP_REPLICATES;
	for (unsigned i = 0; i < BOOTSTRAP_REPLICATES; i++)
		variance += (sum[i] - mean) * (sum[i] - mean) / BOOTSTRAP_REPLICATES;
	return variance > 0 ? (unsigned)fmax(1, mean * mean / variance + 0.5) : 1;
}

static struct measure
scaled(struct measure measure, unsigned trials)
{
	return wilson((unsigned)(measure.value * trials + 0.5), trials);
}

/* One difference of two shares: recall and false alarms, over what was asked or over what was answered. */
struct shares {
	const uint32_t *tp, *violations, *fp, *correct;
};

static bool
replicate_of_j(const struct shares *of, unsigned i, double *j)
{
	if (!of->violations[i] || !of->correct[i])
		return false;
	*j = (double)of->tp[i] / of->violations[i] - (double)of->fp[i] / of->correct[i];
	return true;
}

/* Makes the interval hold another one, too. */
static void
widen(struct measure *measure, struct measure by)
{
	measure->low = fmin(measure->low, fmin(measure->value, by.low));
	measure->high = fmax(measure->high, fmax(measure->value, by.high));
}

/* Whether so few of the trials succeed, or fail, that their families are few at the most. */
static bool
is_rare(unsigned successes, unsigned trials)
{
	return successes < RARE || trials - successes < RARE;
}

static void
interval_of_j(struct measure *j, struct measure recall, struct measure alarm, const struct shares *of,
              bool rare)
{
	struct replicates replicates = {0};

	if (!j->defined)
		return;
	for (unsigned i = 0; i < BOOTSTRAP_REPLICATES; i++)
		replicates.count += replicate_of_j(of, i, &replicates.value[replicates.count]);
	if (!set_interval(j, &replicates))
		j->low = j->high = j->value;
	if (rare || j->low == j->high)
		widen(j, rates_difference(scaled(recall, families_in_effect(of->violations)),
		                          scaled(alarm, families_in_effect(of->correct))));
}

static void
interval_of_pairs(struct measure *pairs, const struct bootstrap *of, const struct cells *cells)
{
	struct replicates replicates = {0};

	if (!pairs->defined)
		return;
	for (unsigned i = 0; i < BOOTSTRAP_REPLICATES; i++)
		if (of->pairs[i])
			replicates.value[replicates.count++] = (double)of->pairs_right[i] / of->pairs[i];
	if (!set_interval(pairs, &replicates))
		pairs->low = pairs->high = pairs->value;
	if (is_rare(cells->pairs_right, cells->pairs) || pairs->low == pairs->high)
		widen(pairs, scaled(*pairs, families_in_effect(of->pairs)));
}

void
bootstrap_intervals(struct rates *rates, const struct bootstrap *of, const struct cells *cells)
{
	uint32_t violations[BOOTSTRAP_REPLICATES], correct[BOOTSTRAP_REPLICATES];
	const struct shares asked = {of->tp, of->violations, of->fp, of->correct};
	const struct shares answered = {of->tp, violations, of->fp, correct};

	for (unsigned i = 0; i < BOOTSTRAP_REPLICATES; i++) {
		violations[i] = of->tp[i] + of->passed_violations[i];
		correct[i] = of->fp[i] + of->passed_correct[i];
	}
	interval_of_j(&rates->youden_j, rates->recall, rates->false_alarm_rate, &asked,
	              is_rare(cells->tp, cells_violations(cells)) && is_rare(cells->fp, cells_correct(cells)));
	interval_of_j(&rates->answered_youden_j, rates->answered_recall, rates->answered_false_alarm_rate,
	              &answered,
	              is_rare(cells->tp, cells->tp + cells->fn) && is_rare(cells->fp, cells->fp + cells->tn));
	interval_of_pairs(&rates->discrimination, of, cells);
}

/* How often a normal number is as far from 0 as the value is, in standard deviations of the replicates. */
static double
probability(double value, const struct replicates *of)
{
	double mean = 0, variance = 0;

	for (unsigned i = 0; i < of->count; i++)
		mean += of->value[i] / of->count;
	for (unsigned i = 0; i < of->count; i++)
		variance += (of->value[i] - mean) * (of->value[i] - mean) / of->count;
	return variance > 0 ? erfc(fabs(value) / sqrt(2 * variance)) : value == 0;
}

struct measure
bootstrap_difference(const struct rates *one_rates, const struct bootstrap *one,
                     const struct rates *two_rates, const struct bootstrap *two, double *p)
{
	const struct shares first = {one->tp, one->violations, one->fp, one->correct};
	const struct shares second = {two->tp, two->violations, two->fp, two->correct};
	struct measure difference = {.defined = one_rates->youden_j.defined && two_rates->youden_j.defined};
	struct replicates replicates = {0};
	double none;

	*p = 1;
	if (!difference.defined)
		return difference;
	difference.value = one_rates->youden_j.value - two_rates->youden_j.value;
	for (unsigned i = 0; i < BOOTSTRAP_REPLICATES; i++) {
		double a, b;

		if (replicate_of_j(&first, i, &a) && replicate_of_j(&second, i, &b))
			replicates.value[replicates.count++] = a - b;
	}
	*p = probability(difference.value, &replicates);
	if (set_interval(&difference, &replicates))
		return difference;
	none = wilson(0, families_in_effect(one->violations)).high;
	difference.low = fmax(-2, difference.value - none);
	difference.high = fmin(2, difference.value + none);
	return difference;
}
