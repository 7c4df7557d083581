/* draw: shapes until a level holds every combination of them that can exist. See draw.h and cover.h.
 *
 * One row at a time, greedily: each dimension takes the choice that adds most combinations to those held
 * (after Cohen et al. 1997, AETG). What no row came to is then tried directly, on the pairs with the longest
 * sequences.
 */
#include <string.h>

#include "draw_memory.h"

enum { COVER_MISSES = 20, CANDIDATES = 8, GAIN_LEAST = 4, DIRECTED_TRIES = 500 };

/* One row of the covering array: dimensions in any order, each with the choice of a ladder step up to `most`
 * that adds most combinations. Those in the bit set `decided` keep what `begin` says (NULL: the defaults). */
struct shapes
draw_row(struct draw_memory *m, const struct draw_pair *pair, const struct shapes *begin, unsigned decided,
         enum ladder most)
{
	struct shapes shapes = begin ? *begin : shapes_default();
	unsigned order[SHAPE_COUNT];

	random_permutation(&m->random, order, SHAPE_COUNT);
	for (unsigned i = 0; i < SHAPE_COUNT; i++) {
		unsigned d = order[i], first = m->first[d], count = m->first[d + 1] - first, best = 0;
		unsigned char kept = shapes.choice[d];

		if (decided >> d & 1)
			continue;
		unsigned start = random_below(&m->random, count);

		for (unsigned j = 0; j < count; j++) {
			unsigned id = first + (start + j) % count;
			unsigned gain = cover_gain(&m->cover, &shapes, decided, (enum shape_id)id);
			unsigned char before = shapes.choice[d];

			if (gain < best || (j && gain == best) || shape_row((enum shape_id)id)->step > most)
				continue;
			shapes.choice[d] = (unsigned char)id;
			if (draw_fits(m, &pair->half[0], &pair->half[1], &shapes)) {
				best = gain;
				kept = (unsigned char)id;
			} else {
				shapes.choice[d] = before;
			}
		}
		shapes.choice[d] = kept;
		decided |= 1U << d;
	}
	return shapes;
}

/* cover */

static void
use_pair(struct draw_memory *m, const struct draw_pair *pair)
{
	m->rule = pair->rule;
	m->role = pair->role;
}

/* Pairs that further shapes are tried on. */
struct directed {
	struct draw_memory *m;
	unsigned pairs;
	unsigned pair[DIRECTED_TRIES]; /* those with the longest sequences */
};

static void
find_longest(struct directed *directed, const struct draw *draw)
{
	for (unsigned size = SEQ_MAX_STATEMENTS; size > 0; size--)
		for (unsigned i = 0; i < draw->pairs; i++)
			if (draw->pair[i].half[0].size == size && directed->pairs < DIRECTED_TRIES)
				directed->pair[directed->pairs++] = i;
}

static unsigned
gain_of(const struct draw_memory *m, const struct shapes *shapes)
{
	unsigned gain = 0;

	for (unsigned d = 0; d < SHAPE_COUNT; d++)
		gain += cover_gain(&m->cover, shapes, SHAPE_ALL, (enum shape_id)shapes->choice[d]);
	return gain / m->cover.strength;
}

/* The best of some rows, on pair after pair from number *at on; what it adds. */
static unsigned
find_row(struct directed *directed, unsigned *at, struct draw_pair *best)
{
	struct draw_memory *m = directed->m;
	unsigned most = 0;

	for (unsigned i = 0; i < CANDIDATES; i++) {
		struct draw_pair pair = m->draw->pair[directed->pair[*at]];
		unsigned gain;

		*at = (*at + 1) % directed->pairs;
		use_pair(m, &pair);
		pair.shapes = draw_row(m, &pair, NULL, 0, LADDER_COUNT);
		gain = gain_of(m, &pair.shapes);
		if (gain > most && draw_is_new(m, &pair)) {
			most = gain;
			*best = pair;
		}
		arena_reset(&m->scratch);
	}
	return most;
}

/* Gives pairs that are there already further shapes while that adds combinations: those with the longest
 * sequences, which most shapes fit at once. */
static void
cover_pairs(struct directed *directed)
{
	unsigned missed = 0, at = 0; /* rows that add little */

	while (missed < COVER_MISSES) {
		struct draw_pair best;

		if (find_row(directed, &at, &best) < GAIN_LEAST) {
			missed++;
			continue;
		}
		use_pair(directed->m, &best);
		draw_keep(directed->m, &best);
		arena_reset(&directed->m->scratch);
		missed = 0;
	}
}

/* Choices that have no effect without another one get it. `helper` is for those that need a helper. */
static void
add_needs(struct shapes *shapes, enum shape_id helper, unsigned decided)
{
	unsigned char *choice = shapes->choice;

	if ((choice[SHAPE_ARGUMENT] == ARGUMENT_BY_INDEX || choice[SHAPE_ALIAS] == ALIAS_MOVING_INDEX ||
	     choice[SHAPE_ALIAS] == ALIAS_ELEMENT) &&
	    choice[SHAPE_PLACE] == PLACE_EXTENSION)
		choice[SHAPE_PLACE] = PLACE_ARRAY;
	if ((choice[SHAPE_ARGUMENT] != ARGUMENT_BY_LOCK || choice[SHAPE_CALL] != CALL_STATIC ||
	     choice[SHAPE_RESULT] != RESULT_IN_PLACE) &&
	    choice[SHAPE_HELPER] == HELPER_NONE && !(decided >> SHAPE_HELPER & 1))
		choice[SHAPE_HELPER] = (unsigned char)helper;
	bool tries = choice[SHAPE_RESULT] != RESULT_IN_PLACE && choice[SHAPE_HELPER] != HELPER_CONDITIONAL &&
	             choice[SHAPE_HELPER] != HELPER_FALLIBLE; /* mostly where no IRQL is saved */

	if (choice[SHAPE_LOOP] == LOOP_RECURSION && !tries && !(decided >> SHAPE_SAVED & 1))
		choice[SHAPE_SAVED] = SAVED_EXTENSION;
}

static bool
has_all(const struct shapes *shapes, const enum shape_id combination[3])
{
	for (unsigned i = 0; i < 3; i++)
		if (shapes->choice[shape_row(combination[i])->dimension] != combination[i])
			return false;
	return true;
}

/* Tries these shapes on pair after pair; the dimensions that are not decided take what adds most. */
static bool
cover_directed(struct directed *directed, const struct shapes *shapes, unsigned decided)
{
	struct draw_memory *m = directed->m;
	unsigned start = random_below(&m->random, directed->pairs);
	bool found = false;

	for (unsigned i = 0; i < directed->pairs && !found; i++) {
		struct draw_pair pair = m->draw->pair[directed->pair[(start + i) % directed->pairs]];

		use_pair(m, &pair);
		if (draw_fits(m, &pair.half[0], &pair.half[1], shapes)) {
			pair.shapes = draw_row(m, &pair, shapes, decided, LADDER_COUNT);
			found = draw_is_new(m, &pair);
		}
		if (found)
			draw_keep(m, &pair);
		arena_reset(&m->scratch);
	}
	return found;
}

static bool
cover_missing(void *context, const enum shape_id combination[3])
{
	static const enum shape_id helpers[] = {HELPER_BOTH, HELPER_RELEASE, HELPER_ACQUIRE, HELPER_CONDITIONAL};
	unsigned decided = 0;
	bool found = cover_why_not(combination) != NULL;

	for (unsigned i = 0; i < 3; i++)
		decided |= 1U << shape_row(combination[i])->dimension;
	for (unsigned h = 0; h < sizeof helpers / sizeof *helpers && !found; h++) {
		struct shapes shapes = shapes_default();

		for (unsigned i = 0; i < 3; i++)
			shapes.choice[shape_row(combination[i])->dimension] = (unsigned char)combination[i];
		add_needs(&shapes, helpers[h], decided);
		if (has_all(&shapes, combination))
			found = cover_directed(context, &shapes, decided);
	}
	return true;
}

void
draw_cover_level(struct draw_memory *m)
{
	struct directed directed = {.m = m};

	find_longest(&directed, m->draw);
	cover_pairs(&directed);
	if (m->cover.strength == 3)
		cover_each_missing(&m->cover, cover_missing, &directed);
}
