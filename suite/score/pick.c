/* pick: wrong answers that a page tells of. See pick.h.
 *
 * How to read it: once over all wrong answers for the smallest of each cell; once more for how many cells a
 * pair could serve; once more to choose. All three go by the same walk, visit().
 */
#include "pick.h"

#include <stdlib.h>
#include <string.h>

/* What is known of one pair. */
struct serving {
	uint32_t number; /* of one of its twins */
	unsigned size;  /* of its smallest case that is picked */
	unsigned cells; /* that it could serve; then, that it serves */
	const char *id; /* of that case */
	bool told;
};

struct picking {
	struct picks *picks;
	struct serving *serving; /* [pair] */
	unsigned cells;
};

static struct serving *
pair_of(const struct picking *picking, const struct cause_case *of)
{
	return &picking->serving[of->pair];
}

/* Calls `each` for every wrong answer of every checker and every cell that it is in, smallest first. */
static void
visit(struct picking *picking,
      void (*each)(struct picking *picking, struct pick *pick, const struct cause_case *of))
{
	const struct causes *causes = picking->picks->causes;
	unsigned checkers = causes->stored->checkers;

	for (unsigned c = 0; c < checkers; c++)
		for (unsigned i = 0; i < causes->checker[c].wrong; i++) {
			const struct cause_case *of = &causes->checker[c].of[i];

			for (unsigned f = 0; f < of->factors; f++)
				each(picking, &picking->picks->cell[of->factor[f] * checkers + c][of->mistake], of);
		}
}

static void
find_smallest(struct picking *picking, struct pick *pick, const struct cause_case *of)
{
	(void)picking;
	if (!pick->of)
		pick->of = of;
}

static void
count_cells(struct picking *picking, struct pick *pick, const struct cause_case *of)
{
	if (of->size == pick->of->size)
		pair_of(picking, of)->cells++;
}

static void
choose(struct picking *picking, struct pick *pick, const struct cause_case *of)
{
	const struct serving *now = pair_of(picking, pick->of);

	if (of->size == pick->of->size && pair_of(picking, of)->cells > now->cells)
		pick->of = of;
}

static void
replace(struct picking *picking, struct pick *pick, const struct cause_case *of)
{
	if (!pick->told && pair_of(picking, of)->told)
		*pick = (struct pick){of, true};
}

/* Those that serve most cells first; of equal ones the smaller. */
static int
compare_serving(const void *one, const void *two)
{
	const struct serving *a = *(const struct serving *const *)one, *b = *(const struct serving *const *)two;

	if (a->cells != b->cells)
		return a->cells > b->cells ? -1 : 1;
	return a->size != b->size ? (a->size < b->size ? -1 : 1) : strcmp(a->id, b->id);
}

static int
compare_size(const void *one, const void *two)
{
	const struct serving *a = *(const struct serving *const *)one, *b = *(const struct serving *const *)two;

	return a->size != b->size ? (a->size < b->size ? -1 : 1) : strcmp(a->id, b->id);
}

/* Counts what each pair serves now. */
static unsigned
count_serving(struct picking *picking)
{
	unsigned used = 0;

	for (unsigned i = 0; i < picking->picks->causes->pairs; i++)
		picking->serving[i].cells = 0;
	for (unsigned i = 0; i < picking->cells * PICK_MISTAKES; i++) {
		const struct pick *pick = &picking->picks->cell[i / PICK_MISTAKES][i % PICK_MISTAKES];
		struct serving *serving = pick->of ? pair_of(picking, pick->of) : NULL;

		if (!serving)
			continue;
		if (!serving->cells++) {
			*serving = (struct serving){pick->of->number, pick->of->size, 1, pick->of->id, false};
			used++;
		}
		if (pick->of->size < serving->size) {
			serving->size = pick->of->size;
			serving->id = pick->of->id;
		}
	}
	return used;
}

/* The pairs that are shown, smallest first. */
static void
tell_pairs(struct picking *picking, unsigned most, struct arena *arena)
{
	struct picks *picks = picking->picks;
	unsigned used = count_serving(picking), found = 0;
	struct serving **serving = arena_alloc(arena, (used + 1U) * sizeof *serving);

	for (unsigned i = 0; i < picks->causes->pairs; i++)
		if (picking->serving[i].cells)
			serving[found++] = &picking->serving[i];
	qsort(serving, found, sizeof *serving, compare_serving);
	picks->pairs = found < most ? found : most;
	qsort(serving, picks->pairs, sizeof *serving, compare_size);
	picks->pair = arena_alloc(arena, (picks->pairs + 1U) * sizeof *picks->pair);
	for (unsigned i = 0; i < picks->pairs; i++) {
		serving[i]->told = true;
		picks->pair[i] = serving[i]->number;
	}
	for (unsigned i = 0; i < picking->cells * PICK_MISTAKES; i++) {
		struct pick *pick = &picks->cell[i / PICK_MISTAKES][i % PICK_MISTAKES];

		pick->told = pick->of && pair_of(picking, pick->of)->told;
	}
}

void
picks_make(struct picks *picks, unsigned most, struct arena *arena)
{
	const struct causes *causes = picks->causes;
	struct picking picking = {.picks = picks, .cells = causes->factors * causes->stored->checkers};

	picks->cell = arena_alloc(arena, (picking.cells + 1U) * sizeof *picks->cell);
	picking.serving = arena_alloc(arena, (causes->pairs + 1U) * sizeof *picking.serving);
	visit(&picking, find_smallest);
	visit(&picking, count_cells);
	visit(&picking, choose);
	tell_pairs(&picking, most, arena);
	visit(&picking, replace);
}

const struct pick *
picks_of(const struct picks *picks, unsigned factor, unsigned checker)
{
	return picks->cell[factor * picks->causes->stored->checkers + checker];
}
