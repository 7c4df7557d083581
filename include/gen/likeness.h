/* What a misspelt word may have meant. */
#ifndef LIKENESS_H
#define LIKENESS_H

#include <stddef.h>

enum { LIKENESS_FAR = 3 }; /* any distance that is no misspelling */

/* How many letters must be put in, left out or changed to make `known` of the first `length` bytes of
 * `given`: at most 2, and fewer than half of the longer word; otherwise LIKENESS_FAR. */
unsigned likeness_distance(const char *given, size_t length, const char *known);

/* The best of several; begins as {LIKENESS_FAR, NULL}. */
struct likeness {
	unsigned distance;
	const void *best; /* what was tried with it; NULL: nothing was near enough */
};

/* Tries another word, which stands for `what`. Of equals the first stays. */
void likeness_try(struct likeness *likeness, const char *given, size_t length, const char *known,
                  const void *what);

#endif
