/* rates: the formulas: from counts over a set of cases to proportions and scores. suite/manual/results.md has
 * them in words, with their sources.
 *
 * Rates are over all that was asked, so that silence earns nothing; those over answered cases only are a
 * second view. Plain proportions carry Wilson's 95 % interval (Wilson 1927); what is compared or ranked gets
 * its interval from a bootstrap over families (suite/score/bootstrap.h).
 */
#ifndef RATES_H
#define RATES_H

#include <stdbool.h>
#include <stdint.h>

#include "answer.h"

enum { RATES_UNIT = 720720 }; /* what 1 to 16 divide */

struct measure {
	bool defined; /* false where there is nothing to divide by */
	double value, low, high;
};

/* Counts over a set of cases. Violation is the positive class. */
struct cells {
	unsigned tp, fn, fp, tn;
	unsigned no_answer[2][ANSWER_COUNT]; /* [1]: of violations; by reason, the first two never used */
	unsigned pairs, pairs_right;         /* that differ in the reading; both twins answered rightly */
	/* of tp, by what its findings say: */
	unsigned kind_given, line_given; /* a kind, a line */
	/* In units of RATES_UNIT a case: the share of its findings with a right kind, on a right line, with both.
	 * A finding more that is wrong makes it less, so that naming everything earns little. */
	uint64_t kind_right, line_right, both_right;
};

struct rates {
	struct measure answered;                 /* share with pass or violation */
	struct measure recall, false_alarm_rate; /* violations, correct cases reported, of those asked */
	struct measure youden_j;                 /* recall - false alarm rate */
	struct measure discrimination;           /* share of pairs with both twins answered rightly */
	/* shares of tp; undefined where no kind, no line is ever given */
	struct measure kind_right, line_right, both_right;
	struct measure precision; /* violations among what is reported */
	/* over answered cases only */
	struct measure answered_recall, answered_false_alarm_rate, answered_youden_j;
	/* without interval */
	struct measure f1;  /* harmonic mean of precision and recall */
	struct measure mcc; /* Matthews (1975): reported or not against violation or not */
	/* of SV-COMP (Beyer 2024): +2 passed rightly, +1 reported rightly, -16 reported, -32 passed wrongly */
	int64_t points, points_most;
};

/* All of them; J and discrimination with the interval of independent cases (Newcombe 1998, method 10;
 * Wilson). */
struct rates rates_of(const struct cells *cells);

struct measure wilson(unsigned successes, unsigned trials);
/* The difference of two independent proportions: Newcombe (1998), method 10. */
struct measure rates_difference(struct measure one, struct measure two);
/* The probability, under the hypothesis that both are right equally often and that cases are independent,
 * that of `one` + `two` cases on which just one of two checkers is right the split is as uneven as this or
 * more: McNemar's test, exact (binomial, two-sided). */
double rates_mcnemar(unsigned one, unsigned two);

unsigned cells_no_answer(const struct cells *cells);
unsigned cells_unanswered(const struct cells *cells,
                          bool violations); /* of violations, or of correct cases */
/* The same of one reason. */
unsigned cells_reason(const struct cells *cells, enum answer_state reason);
unsigned cells_violations(const struct cells *cells); /* asked */
unsigned cells_correct(const struct cells *cells);    /* asked */
unsigned cells_cases(const struct cells *cells);

#endif
