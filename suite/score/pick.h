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

struct picks {
	const struct causes *causes;
	struct pick (*cell)[PICK_MISTAKES]; /* [factor * checkers + checker] */
	unsigned pairs;
	uint32_t *pair; /* number of one of its twins; smallest first */
};

/* The causes are ended. At most `most` pairs; a pick whose pair is not among them gives way to the smallest
 * such case whose pair is. */
void picks_make(struct picks *picks, unsigned most, struct arena *arena);
/* The pick of a factor. */
const struct pick *picks_of(const struct picks *picks, unsigned factor, unsigned checker);

#endif
