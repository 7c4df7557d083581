/* What a misspelt word may have meant: the distance of Levenshtein (Binary codes capable of correcting
 * deletions, insertions and reversals, 1966), a row at a time. */
#include "likeness.h"

#include <string.h>

enum { WORD_MOST = 32 };

static unsigned
least(unsigned one, unsigned two)
{
	return one < two ? one : two;
}

unsigned
likeness_distance(const char *given, size_t length, const char *known)
{
	size_t known_length = strlen(known), longer = length > known_length ? length : known_length;
	unsigned row[WORD_MOST + 1]; /* from given[0..i) to known[0..j) */

	if (longer > WORD_MOST)
		return LIKENESS_FAR;
	for (unsigned j = 0; j <= known_length; j++)
		row[j] = j;
	for (unsigned i = 0; i < length; i++) {
		unsigned diagonal = row[0];

		row[0] = i + 1;
		for (unsigned j = 0; j < known_length; j++) {
			unsigned changed = diagonal + (given[i] != known[j]);

			diagonal = row[j + 1];
			row[j + 1] = least(changed, least(row[j], row[j + 1]) + 1);
		}
	}
	return row[known_length] < LIKENESS_FAR && 2 * row[known_length] < longer ? row[known_length]
	                                                                          : LIKENESS_FAR;
}

void
likeness_try(struct likeness *likeness, const char *given, size_t length, const char *known, const void *what)
{
	unsigned distance = likeness_distance(given, length, known);

	if (distance >= likeness->distance)
		return;
	likeness->distance = distance;
	likeness->best = what;
}
