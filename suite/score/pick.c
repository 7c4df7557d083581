/* pick: wrong answers that a page tells of. See pick.h.
 *
 * How to read it: once over all wrong answers for the smallest of each cell; once more for how many cells a
 * pair could serve; once more to choose; and once for which cells a pair could be shown in. All go by the
 * same walk, visit(). Then pairs are ranked, so that however few are shown, most cells have one.
 */
#include "pick.h"

#include <stdlib.h>
#include <string.h>

#include "array.h"

static struct picked_pair *
pair_of(const struct picks *picks, const struct cause_case *of)
{
	return &picks->known[of->pair];
}

/* Calls `each` for every wrong answer of every checker and every cell that it is in, smallest first. */
static void
visit(struct picks *picks, void (*each)(struct picks *picks, struct pick *pick, const struct cause_case *of))
{
	const struct causes *causes = picks->causes;
	unsigned checkers = causes->stored->checkers;

	for (unsigned c = 0; c < checkers; c++)
		for (unsigned i = 0; i < causes->checker[c].wrong; i++) {
			const struct cause_case *of = &causes->checker[c].of[i];

			for (unsigned f = 0; f < of->factors; f++)
				each(picks, &picks->cell[of->factor[f] * checkers + c][of->mistake], of);
		}
}

static void
find_smallest(struct picks *picks, struct pick *pick, const struct cause_case *of)
{
	(void)picks;
	if (!pick->of)
		pick->of = of;
}

static void
count_cells(struct picks *picks, struct pick *pick, const struct cause_case *of)
{
	if (of->size == pick->of->size)
		pair_of(picks, of)->cells++;
}

static void
choose(struct picks *picks, struct pick *pick, const struct cause_case *of)
{
	const struct picked_pair *now = pair_of(picks, pick->of);

	if (of->size == pick->of->size && pair_of(picks, of)->cells > now->cells)
		pick->of = of;
}

static void
replace(struct picks *picks, struct pick *pick, const struct cause_case *of)
{
	if (!pick->told && pair_of(picks, of)->told)
		*pick = (struct pick){of, true};
}

static int
compare_size(const void *one, const void *two)
{
	const struct picked_pair *a = *(const struct picked_pair *const *)one,
							 *b = *(const struct picked_pair *const *)two;

	return a->size != b->size ? (a->size < b->size ? -1 : 1) : strcmp(a->id, b->id);
}

static unsigned
count_picks(const struct picks *picks)
{
	return picks->causes->factors * picks->causes->stored->checkers * PICK_MISTAKES;
}

static struct pick *
pick_at(const struct picks *picks, unsigned i)
{
	return &picks->cell[i / PICK_MISTAKES][i % PICK_MISTAKES];
}

/* Counts what each pair serves now, and lists those that serve, smallest first. */
static void
list_pairs(struct picks *picks)
{
	for (unsigned i = 0; i < picks->causes->pairs; i++)
		picks->known[i].cells = 0;
	for (unsigned i = 0; i < count_picks(picks); i++) {
		const struct cause_case *of = pick_at(picks, i)->of;
		struct picked_pair *pair = of ? pair_of(picks, of) : NULL;

		if (!pair)
			continue;
		picks->pairs += !pair->cells;
		if (!pair->cells || of->size < pair->size)
			*pair = (struct picked_pair){
				.number = of->number, .size = of->size, .id = of->id, .cells = pair->cells};
		pair->cells++;
	}
	picks->pair = arena_alloc(picks->arena, (picks->pairs + 1U) * sizeof *picks->pair);
	picks->pairs = 0;
	for (unsigned i = 0; i < picks->causes->pairs; i++)
		if (picks->known[i].cells)
			picks->pair[picks->pairs++] = &picks->known[i];
	qsort(picks->pair, picks->pairs, sizeof *picks->pair, compare_size);
}

/* The cells in which a listed pair has a wrong case of any size. */
static void
note_cell(struct picks *picks, struct pick *pick, const struct cause_case *of)
{
	struct picked_pair *pair = pair_of(picks, of);
	unsigned cell = (unsigned)((pick - picks->cell[0]) / PICK_MISTAKES);

	if (pair->cells)
		*array_add(picks->arena, pair->cell, pair->noted, pair->room) = cell;
}

/* What each pair would serve: cells that have nothing shown yet. */
static void
count_gain(struct picks *picks, const bool *served)
{
	for (unsigned i = 0; i < picks->pairs; i++) {
		struct picked_pair *pair = picks->pair[i];

		pair->gain = 0;
		for (unsigned j = 0; j < pair->noted; j++)
			pair->gain += !served[pair->cell[j]];
	}
}

/* Puts in front, one by one, the pair that serves most; when all are served, that whose picks are most. */
static void
rank_pairs(struct picks *picks)
{
	bool *served = arena_alloc(picks->arena, count_picks(picks) / PICK_MISTAKES + 1U);

	for (unsigned rank = 0; rank < picks->pairs; rank++) {
		unsigned best = rank;
		struct picked_pair *found;

		count_gain(picks, served);
		for (unsigned i = rank; i < picks->pairs; i++)
			if (picks->pair[i]->gain > picks->pair[best]->gain ||
			    (picks->pair[i]->gain == picks->pair[best]->gain &&
			     picks->pair[i]->cells > picks->pair[best]->cells))
				best = i;
		found = picks->pair[best];
		memmove(&picks->pair[rank + 1], &picks->pair[rank], (best - rank) * sizeof(struct picked_pair *));
		picks->pair[rank] = found;
		for (unsigned i = 0; i < found->noted; i++)
			served[found->cell[i]] = true;
	}
}

void
picks_make(struct picks *picks, struct arena *arena)
{
	const struct causes *causes = picks->causes;

	picks->arena = arena;
	picks->cell = arena_alloc(arena, (causes->factors * causes->stored->checkers + 1U) * sizeof *picks->cell);
	picks->known = arena_alloc(arena, (causes->pairs + 1U) * sizeof *picks->known);
	visit(picks, find_smallest);
	visit(picks, count_cells);
	visit(picks, choose);
	list_pairs(picks);
	visit(picks, note_cell);
	rank_pairs(picks);
}

void
picks_keep(struct picks *picks, unsigned count)
{
	picks->pairs = count < picks->pairs ? count : picks->pairs;
	for (unsigned i = 0; i < picks->pairs; i++)
		picks->pair[i]->told = true;
	for (unsigned i = 0; i < count_picks(picks); i++) {
		struct pick *pick = pick_at(picks, i);

		pick->told = pick->of && pair_of(picks, pick->of)->told;
	}
	visit(picks, replace);
	qsort(picks->pair, picks->pairs, sizeof *picks->pair, compare_size);
}

const struct pick *
picks_of(const struct picks *picks, unsigned factor, unsigned checker)
{
	return picks->cell[factor * picks->causes->stored->checkers + checker];
}
