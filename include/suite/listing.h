/* listing: twins as one text in HTML: a diff with all lines, on which the findings are marked and a path to
 * the first one is laid out. */
#ifndef LISTING_H
#define LISTING_H

#include <stdbool.h>

#include "arena.h"
#include "buf.h"
#include "diag.h"
#include "place.h"
#include "store.h"

/* Twins, in the order in which their lines are told: first the correct one. */
struct listing {
	const struct stored_case *of[2]; /* of[0]: NULL for a case without a twin */
	const char *reading;             /* whose findings are marked */
};

/* Which of the twins violates in a reading; 1 where both do, or neither. */
unsigned listing_violating(const struct stored_pair *pair, const char *reading);
/* Adds the lines, for a <pre>: number in the first file, number in the second one, `-` or `+`, `>` on the
 * path, and the line. A <mark> is a line with a finding, and behind it a line says which; <b> is on the path.
 * Adds to `trails` one paragraph a finding with its path in words. False with the message where the case is
 * another here, or a template is broken. */
bool listing_print(struct buf *out, struct buf *trails, const struct listing *listing, struct places *places,
                   struct arena *arena, struct diag *diag);

#endif
