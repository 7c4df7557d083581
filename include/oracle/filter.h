/* filter: a part of one level, by what is known of its cases. It never changes what a level holds: a filtered
 * level is the whole level without the pairs that do not fit.
 *
 * Twins stay together: a pair fits where one of its twins fits in every respect.
 */
#ifndef FILTER_H
#define FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "case.h"

enum { FILTER_WORDS = 256 };

/* Words of one kind; a case fits where it fits one of them. None: every case fits. */
struct filter_words {
	unsigned count;
	const char *word[FILTER_WORDS]; /* not owned */
};

/* Zeroed: everything fits. */
struct filter {
	struct filter_words rules, roles, ladder; /* names */
	struct filter_words shapes; /* "place=heap"; of several of one dimension one fits, of each dimension */
	struct filter_words cases;  /* beginnings of ids */
	unsigned sample;            /* so many cases, in whole pairs; 0: all */
	uint64_t seed;              /* of the sample */
};

/* What a filter asks of a case, where it comes from a database. */
struct filter_case {
	const char *rule, *role, *ladder, *id;
	const char *shapes; /* JSON, as the store keeps it: {"place":"heap",...} */
};

/* Whether anything is left out. */
bool filter_is_set(const struct filter *filter);
/* Whether a case fits, sample aside. */
bool filter_fits(const struct filter *filter, const struct filter_case *of);
bool filter_fits_case(const struct filter *filter, const struct suite_case *of);
/* The place of a pair in the order in which a seed takes pairs into its sample: those with the smallest
 * numbers, below 2^63. The same whichever twin comes first. */
uint64_t filter_rank(uint64_t seed, const char *id, const char *twin_id);
/* "rule SpinlockRelease; shape place=heap; 100 cases drawn by seed 7"; "none". */
void filter_print(struct buf *out, const struct filter *filter);

#endif
