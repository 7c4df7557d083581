/* pick: which wrong answers a page tells of: of each checker under each step and shape the smallest case that
 * it misses, the smallest that it reports wrongly, and the smallest that it has no answer to.
 *
 * Of cases that are as small that one is taken whose pair serves most others, so that few pairs are shown.
 * Only suite/score/ uses it.
 */
#ifndef PICK_H
#define PICK_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "cause.h"

enum { PICK_MISTAKES = MISTAKE_SILENCE + 1 };

struct pick {
	const struct cause_case *of; /* NULL: there is none */
	bool told;                   /* its pair is among those that are shown */
};

/* A pair that some pick is about. */
struct picked_pair {
	uint32_t number; /* of one of its twins */
	unsigned size;   /* of its smallest case that is picked */
	const char *id;  /* of that case */
	unsigned cells;  /* that it serves */
	unsigned gain;   /* cells that it would serve and no pair ranked before it does */
	unsigned noted, room;
	unsigned *cell; /* `noted`: in which it has a wrong case of any size */
	bool told;      /* it is shown */
};

struct picks {
	const struct causes *causes;
	struct arena *arena;
	struct pick (*cell)[PICK_MISTAKES]; /* [factor * checkers + checker] */
	struct picked_pair *known;          /* [pair], as cause_case.pair counts */
	unsigned pairs;
	struct picked_pair **pair;
};

/* The causes are ended. Picks, and lists the pairs that they are about: first those by which, if few are
 * shown, most cells have one; then those that most picks are about. */
void picks_make(struct picks *picks, struct arena *arena);
/* Shows the first `count` pairs, lists them alone and smallest first; a pick whose pair is not among them
 * gives way to the smallest such case whose pair is. */
void picks_keep(struct picks *picks, unsigned count);
/* The pick of a factor. */
const struct pick *picks_of(const struct picks *picks, unsigned factor, unsigned checker);

#endif
