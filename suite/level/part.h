/* part: which pairs of a level a filter takes. Only suite/level uses it.
 *
 * Rules, roles, steps, shapes and whole ids are asked of a pair alone. A sample and the beginning of an id
 * are not: which pairs have the smallest ranks, and whether an id has one case, is known when all pairs of
 * the level were surveyed.
 */
#ifndef PART_H
#define PART_H

#include <stdbool.h>
#include <stdint.h>

#include "case.h"
#include "diag.h"
#include "filter.h"

/* Where a pair stands in the order of a sample. */
struct part_place {
	uint64_t rank;
	unsigned long pair;
};

/* What the beginning of an id, one of the filter's, has met. */
struct part_word {
	unsigned pairs;
	char id[2][HASH_TEXT]; /* of the first two pairs */
};

struct part {
	const struct filter *filter;
	struct part_word word[FILTER_WORDS];
	struct part_place *heap; /* the smallest so far, the largest of them first; owned */
	unsigned count, room;
	unsigned most; /* pairs of the sample; 0: there is none */
};

void part_begin(struct part *part, const struct filter *filter);
/* Whether each pair of the level must be surveyed before part_has is asked. */
bool part_wants_survey(const struct part *part);
/* Takes note of a pair, by its number in the level; its twins have ids. */
void part_survey(struct part *part, const struct suite_case *twins, unsigned long pair);
/* Ends the survey. False for the beginning of an id that no case has, or cases of several pairs. */
bool part_settle(const struct part *part, const char *level, struct diag *diag);
/* Whether the pair is wanted; its twins have ids. */
bool part_has(const struct part *part, const struct suite_case *twins, unsigned long pair);
void part_free(struct part *part);

#endif
