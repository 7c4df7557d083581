/* cover: which two-way or three-way combinations of shapes a level holds.
 *
 * A combination of strength t is t choices of t dimensions. A row is a case's shapes: one choice a dimension,
 * so it holds C(SHAPE_COUNT, t) combinations. A level that holds all that can exist is a covering array of
 * that strength.
 */
#ifndef COVER_H
#define COVER_H

#include <stdbool.h>
#include <stdint.h>

#include "shapes.h"

struct cover {
	unsigned strength; /* 2 or 3 */
	uint8_t *held;     /* a byte a combination; of two: the third is SHAPE_ID_COUNT */
	unsigned count;    /* held */
};

void cover_init(struct cover *cover, unsigned strength);
void cover_free(struct cover *cover);

/* Combinations of one choice with others of the dimensions in the bit set `decided` that are not yet held. */
unsigned cover_gain(const struct cover *cover, const struct shapes *shapes, unsigned decided,
                    enum shape_id id);
/* Holds all of a row from now on; returns how many are new. */
unsigned cover_take(struct cover *cover, const struct shapes *shapes);
bool cover_has(const struct cover *cover, enum shape_id one, enum shape_id two, enum shape_id three);

/* Of strength 3: calls visit for each combination that is not held, until it returns false. */
void cover_each_missing(const struct cover *cover,
                        bool (*visit)(void *context, const enum shape_id combination[3]), void *context);

/* Why a combination cannot exist: of two of its choices, or of all three; NULL where nothing forbids it. */
const char *cover_why_not(const enum shape_id combination[3]);

#endif
