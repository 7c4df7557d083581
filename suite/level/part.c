/* part: which pairs of a level a filter takes. See part.h.
 *
 * A sample of N pairs is those with the N smallest places. They are kept in a heap with the largest on top
 * (Floyd 1964), so that the memory is that of the sample, however large the level is. Of equal ranks (a
 * violating case that two pairs share) the pair that comes first in the level is the smaller.
 */
#include "part.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"

void
part_begin(struct part *part, const struct filter *filter)
{
	*part = (struct part){.filter = filter, .most = filter->sample / 2 + filter->sample % 2};
}

/* Whether a word is the beginning of an id, and not all of it. */
static bool
is_beginning(const char *word)
{
	return strlen(word) < HASH_TEXT - 1;
}

bool
part_wants_survey(const struct part *part)
{
	const struct filter_words *cases = &part->filter->cases;
	bool wants = part->most > 0;

	for (unsigned i = 0; i < cases->count; i++)
		wants = wants || is_beginning(cases->word[i]);
	return wants;
}

/* the sample */

static bool
is_before(const struct part_place *one, const struct part_place *two)
{
	return one->rank != two->rank ? one->rank < two->rank : one->pair < two->pair;
}

static void
exchange(struct part_place *one, struct part_place *two)
{
	struct part_place keep = *one;

	*one = *two;
	*two = keep;
}

static void
sift_up(struct part_place *heap, unsigned at)
{
	for (; at && is_before(&heap[(at - 1) / 2], &heap[at]); at = (at - 1) / 2)
		exchange(&heap[(at - 1) / 2], &heap[at]);
}

static void
sift_down(struct part_place *heap, unsigned count)
{
	for (unsigned at = 0, child; (child = 2 * at + 1) < count; at = child) {
		if (child + 1 < count && is_before(&heap[child], &heap[child + 1]))
			child++;
		if (!is_before(&heap[at], &heap[child]))
			return;
		exchange(&heap[at], &heap[child]);
	}
}

static void
take_place(struct part *part, const struct part_place *place)
{
	assert(part->count <= part->most);
	if (part->count < part->most) {
		*array_add(NULL, part->heap, part->count, part->room) = *place;
		sift_up(part->heap, part->count - 1);
	} else if (is_before(place, &part->heap[0])) {
		part->heap[0] = *place;
		sift_down(part->heap, part->count);
	}
}

static struct part_place
place_of(const struct part *part, const struct suite_case *twins, unsigned long pair)
{
	return (struct part_place){filter_rank(part->filter->seed, twins[0].id, twins[1].id), pair};
}

/* all of it */

static bool
fits(const struct part *part, const struct suite_case *twins)
{
	return filter_fits_case(part->filter, &twins[0]) || filter_fits_case(part->filter, &twins[1]);
}

void
part_survey(struct part *part, const struct suite_case *twins, unsigned long pair)
{
	const struct filter_words *cases = &part->filter->cases;

	assert(twins[0].id[0] && twins[1].id[0]);
	for (unsigned i = 0; i < cases->count; i++) {
		size_t length = strlen(cases->word[i]);
		bool first = !strncmp(twins[0].id, cases->word[i], length);

		if (!first && strncmp(twins[1].id, cases->word[i], length) != 0)
			continue;
		if (part->word[i].pairs < 2)
			memcpy(part->word[i].id[part->word[i].pairs], twins[!first].id, HASH_TEXT);
		part->word[i].pairs++;
	}
	if (part->most && fits(part, twins)) {
		struct part_place place = place_of(part, twins, pair);

		take_place(part, &place);
	}
}

bool
part_settle(const struct part *part, const char *level, struct diag *diag)
{
	for (unsigned i = 0; i < part->filter->cases.count; i++) {
		const struct part_word *word = &part->word[i];
		const char *text = part->filter->cases.word[i];

		if (word->pairs && (word->pairs == 1 || !is_beginning(text)))
			continue;
		if (!word->pairs)
			diag_set(diag, "--case", 0, 0, "no case of level %s has an id that begins with '%s'", level,
			         text);
		else
			diag_set(diag, "--case", 0, 0, "'%s' begins the ids of %u pairs of level %s: %s, %s%s", text,
			         word->pairs, level, word->id[0], word->id[1], word->pairs > 2 ? ", ..." : "");
		return false;
	}
	return true;
}

bool
part_has(const struct part *part, const struct suite_case *twins, unsigned long pair)
{
	struct part_place place;

	if (!fits(part, twins))
		return false;
	if (!part->most)
		return true;
	place = place_of(part, twins, pair);
	return part->count && !is_before(&part->heap[0], &place);
}

void
part_free(struct part *part)
{
	free(part->heap);
	part->heap = NULL;
}
