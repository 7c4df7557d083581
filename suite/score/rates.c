/* rates: formulas over counts. See rates.h.
 *
 * What is asked of the positive class is tp + fn + what has no answer; of the negative class likewise. The
 * same functions serve all that was asked and what was answered: only the denominators differ.
 */
#include "rates.h"

#include <assert.h>
#include <math.h>

#define Z95 1.959963984540054

/* Of a share `p` of n trials, which need be no whole number. */
static struct measure
wilson_share(double p, double n)
{
	struct measure measure = {0};
	double centre, half;

	assert(p >= 0 && p <= 1);
	if (n == 0)
		return measure;
	centre = (p + Z95 * Z95 / (2 * n)) / (1 + Z95 * Z95 / n);
	half = Z95 / (1 + Z95 * Z95 / n) * sqrt(p * (1 - p) / n + Z95 * Z95 / (4 * n * n));
	measure.defined = true;
	measure.value = p;
	measure.low = fmax(0, fmin(p, centre - half));
	measure.high = fmin(1, fmax(p, centre + half));
	return measure;
}

struct measure
wilson(unsigned successes, unsigned trials)
{
	assert(successes <= trials);
	return wilson_share(trials ? (double)successes / trials : 0, trials);
}

struct measure
rates_difference(struct measure one, struct measure two)
{
	struct measure measure = {0};

	if (!one.defined || !two.defined)
		return measure;
	measure.defined = true;
	measure.value = one.value - two.value;
	measure.low = measure.value - hypot(one.value - one.low, two.high - two.value);
	measure.high = measure.value + hypot(one.high - one.value, two.value - two.low);
	return measure;
}

double
rates_mcnemar(unsigned one, unsigned two)
{
	unsigned n = one + two, few = one < two ? one : two;
	double sum = 0;

	for (unsigned i = 0; i <= few; i++)
		sum += exp(lgamma(n + 1.0) - lgamma(i + 1.0) - lgamma(n - i + 1.0) - n * log(2));
	return fmin(1, 2 * sum);
}

/* counts */

unsigned
cells_reason(const struct cells *cells, enum answer_state reason)
{
	return cells->no_answer[0][reason] + cells->no_answer[1][reason];
}

static unsigned
sum_reasons(const unsigned no_answer[ANSWER_COUNT])
{
	unsigned sum = 0;

	for (unsigned i = 0; i < ANSWER_COUNT; i++)
		sum += no_answer[i];
	return sum;
}

unsigned
cells_no_answer(const struct cells *cells)
{
	return sum_reasons(cells->no_answer[0]) + sum_reasons(cells->no_answer[1]);
}

unsigned
cells_unanswered(const struct cells *cells, bool violations)
{
	return sum_reasons(cells->no_answer[violations]);
}

unsigned
cells_violations(const struct cells *cells)
{
	return cells->tp + cells->fn + sum_reasons(cells->no_answer[1]);
}

unsigned
cells_correct(const struct cells *cells)
{
	return cells->fp + cells->tn + sum_reasons(cells->no_answer[0]);
}

unsigned
cells_cases(const struct cells *cells)
{
	return cells_violations(cells) + cells_correct(cells);
}

/* scores */

/* A number without an interval; `bottom` 0: undefined. */
static struct measure
quotient(double top, double bottom)
{
	struct measure measure = {0};

	if (bottom != 0) {
		measure.defined = true;
		measure.value = measure.low = measure.high = top / bottom;
	}
	return measure;
}

static struct measure
matthews(const struct cells *cells)
{
	double tp = cells->tp, fp = cells->fp;
	double fn = cells_violations(cells) - tp, tn = cells_correct(cells) - fp;

	return quotient(tp * tn - fp * fn, sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)));
}

static struct measure
share_of_tp(const struct cells *cells, uint64_t right, unsigned given)
{
	return given ? wilson_share((double)right / RATES_UNIT / cells->tp, cells->tp) : (struct measure){0};
}

struct rates
rates_of(const struct cells *cells)
{
	unsigned violations = cells_violations(cells), correct = cells_correct(cells);
	struct rates rates = {
		.answered = wilson(violations + correct - cells_no_answer(cells), violations + correct),
		.recall = wilson(cells->tp, violations),
		.false_alarm_rate = wilson(cells->fp, correct),
		.discrimination = wilson(cells->pairs_right, cells->pairs),
		.kind_right = share_of_tp(cells, cells->kind_right, cells->kind_given),
		.line_right = share_of_tp(cells, cells->line_right, cells->line_given),
		.both_right = share_of_tp(cells, cells->both_right, cells->kind_given && cells->line_given),
		.precision = wilson(cells->tp, cells->tp + cells->fp),
		.answered_recall = wilson(cells->tp, cells->tp + cells->fn),
		.answered_false_alarm_rate = wilson(cells->fp, cells->fp + cells->tn),
		.f1 = quotient(2.0 * cells->tp, (double)cells->tp + cells->fp + violations),
		.mcc = matthews(cells),
		.points = 2 * (int64_t)cells->tn + cells->tp - 16 * (int64_t)cells->fp - 32 * (int64_t)cells->fn,
		.points_most = 2 * (int64_t)correct + violations,
	};

	rates.youden_j = rates_difference(rates.recall, rates.false_alarm_rate);
	rates.answered_youden_j = rates_difference(rates.answered_recall, rates.answered_false_alarm_rate);
	return rates;
}
