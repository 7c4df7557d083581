/* bootstrap: intervals that do not take twins, or cases of one family, for independent.
 *
 * A cluster bootstrap over families (Davison and Hinkley 1997, 3.8), in the form in which each family counts
 * as often as a Poisson number of mean 1 says (Hanley and MacGibbon 2006; Chamandy and others 2012): a
 * family's numbers come from its own number and the seed, so neither the order of the cases nor what other
 * families there are changes them, and memory is constant.
 */
#ifndef BOOTSTRAP_H
#define BOOTSTRAP_H

#include <stdbool.h>
#include <stdint.h>

#include "rates.h"

enum { BOOTSTRAP_REPLICATES = 1000, BOOTSTRAP_SEED = 1 };

/* How often a family counts in each replicate. */
struct bootstrap_weights {
	uint64_t family;
	bool known;
	uint16_t weight[BOOTSTRAP_REPLICATES];
};

/* Sums of weights in each replicate. */
struct bootstrap {
	uint32_t violations[BOOTSTRAP_REPLICATES], tp[BOOTSTRAP_REPLICATES]; /* violations asked, and reported */
	uint32_t correct[BOOTSTRAP_REPLICATES], fp[BOOTSTRAP_REPLICATES]; /* correct cases asked, and reported */
	uint32_t pairs[BOOTSTRAP_REPLICATES], pairs_right[BOOTSTRAP_REPLICATES];
	uint32_t passed_violations[BOOTSTRAP_REPLICATES], passed_correct[BOOTSTRAP_REPLICATES];
};

/* Makes the weights of a family, if they are not there. */
void bootstrap_family(struct bootstrap_weights *weights, uint64_t family);
/* Adds the weights to one of the sums. */
void bootstrap_add(uint32_t *sum, const struct bootstrap_weights *weights);

/* Sets the 95 % intervals of J, discrimination and J over answered cases, of cases that were counted in
 * `cells`, by percentiles of the replicates in which they are defined. Where hardly any case is answered
 * wrongly, or rightly, replicates say little of what was not drawn: then the interval holds that of as many
 * independent cases, too, as there are families in effect. */
void bootstrap_intervals(struct rates *rates, const struct bootstrap *of, const struct cells *cells);
/* The difference of J between two checkers that were asked the same, defined where both are; *p is the
 * probability of one as far from 0 if they are worth the same, by the spread of the replicates (normal,
 * two-sided). */
struct measure bootstrap_difference(const struct rates *one_rates, const struct bootstrap *one,
                                    const struct rates *two_rates, const struct bootstrap *two, double *p);

#endif
