/* Levels: finding single cases, with the numbers that they have in the whole level. See level.h.
 *
 * A number is known when it is known which pairs the level holds. Of a plan it holds all; what was drawn
 * without one is judged before. Of a dealt level all dealt pairs are held: draw_deal takes no others than
 * those that every reading decides, whose IRQLs are legal under their shapes, and of which none deadlocks.
 * So two cases are judged by who looks for them, and not a thousand.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "level_work.h"

/* Cases of pairs at hand, which have ids and numbers. */
struct looked {
	const struct suite_case *cases;
	unsigned pairs;
	const char *beginning; /* of the id; NULL: `number` is looked for */
	uint32_t number;
	struct arena *arena; /* of what is found */
};

static bool
is_looked_for(const struct looked *looked, const struct suite_case *of)
{
	return looked->beginning ? !strncmp(of->id, looked->beginning, strlen(looked->beginning))
	                         : of->number == looked->number;
}

/* A copy of a case that is not judged yet. */
static void
keep_case(struct suite_case *copy, struct arena *arena, const struct suite_case *of)
{
	struct seq_node *node = arena_alloc(arena, (of->seq.count + 1U) * sizeof *node);

	memcpy(node, of->seq.node, of->seq.count * sizeof *node);
	*copy = *of;
	copy->seq.node = node;
	copy->sequence = arena_string(arena, of->sequence);
}

static void
add_found(const struct looked *looked, unsigned at, struct level_found *found, unsigned *count, unsigned most)
{
	struct level_found *one = &found[*count];

	for (unsigned i = 0; i < *count; i++)
		if (!strcmp(found[i].twins[found[i].half].id, looked->cases[at].id))
			return;
	if (*count == most)
		return;
	for (unsigned half = 0; half < 2; half++)
		keep_case(&one->twins[half], looked->arena, &looked->cases[at / 2 * 2 + half]);
	one->half = at % 2;
	++*count;
}

static void
look(const struct looked *looked, struct level_found *found, unsigned *count, unsigned most)
{
	for (unsigned i = 0; i < 2 * looked->pairs; i++)
		if (is_looked_for(looked, &looked->cases[i]))
			add_found(looked, i, found, count, most);
}

static bool
has_any(const struct looked *looked)
{
	for (unsigned i = 0; i < 2 * looked->pairs; i++)
		if (is_looked_for(looked, &looked->cases[i]))
			return true;
	return false;
}

/* All pairs of a drawn level, with ids and numbers; where none is looked for, maybe not those. */
static bool
take_drawn(struct level *level, struct looked *looked, struct buf *dispute, struct diag *diag)
{
	struct random random = {ORDER_SEED};
	struct suite_case *cases;
	unsigned n;

	if (!level_take_pairs(level, diag))
		return false;
	n = level->draw.pairs;
	cases = arena_alloc(&level->arena, (2U * n + 1) * sizeof *cases);
	level_fill_cases(level->draw.pair, n, cases);
	level_identify_pairs(cases, n, &level->arena);
	*looked = (struct looked){cases, n, looked->beginning, looked->number, looked->arena};
	if (!level->draw.planned && (!looked->beginning || has_any(looked)) &&
	    !level_judge_pairs(level, level->draw.pair, cases, &n, &level->arena, dispute, diag))
		return false;
	level_number_cases(level, cases, n, &random);
	looked->pairs = n;
	return true;
}

bool
level_find(struct level *level, const char *beginning, struct level_found *found, unsigned *count,
           unsigned most, struct buf *dispute, struct diag *diag)
{
	struct looked looked = {.beginning = beginning, .arena = &level->arena};

	assert(!level->plan.deal && *count <= most);
	if (!take_drawn(level, &looked, dispute, diag))
		return false;
	look(&looked, found, count, most);
	return true;
}

/* One batch of a dealt level. */
static bool
find_dealt(struct level *level, unsigned batch, struct looked *looked, struct level_found *found,
           unsigned *count, unsigned most, struct diag *diag)
{
	struct random random = {batch};
	struct dealt *dealt = dealt_begin();
	bool ok = level_deal_pairs(level, batch, dealt, diag);

	if (ok) {
		level->first = 2 * LEVEL_BATCH * batch;
		level_identify_pairs(dealt->cases, dealt->count, &level->batch);
		level_number_cases(level, dealt->cases, dealt->count, &random);
		looked->cases = dealt->cases;
		looked->pairs = dealt->count;
		look(looked, found, count, most);
	}
	free(dealt);
	arena_reset(&level->batch);
	return ok;
}

bool
level_find_pair(struct level *level, unsigned long pair, const char *beginning, struct level_found *found,
                unsigned *count, unsigned most, struct diag *diag)
{
	struct looked looked = {.beginning = beginning, .arena = &level->arena};

	assert(pair < level->plan.deal && *count <= most);
	return find_dealt(level, (unsigned)(pair / LEVEL_BATCH), &looked, found, count, most, diag);
}

bool
level_find_number(struct level *level, uint32_t number, struct level_found *found, unsigned *count,
                  unsigned most, struct buf *dispute, struct diag *diag)
{
	struct looked looked = {.number = number, .arena = &level->arena};

	assert(*count <= most);
	if (level->plan.deal)
		return number >= 2 * level->plan.deal ||
		       find_dealt(level, number / (2 * LEVEL_BATCH), &looked, found, count, most, diag);
	if (!take_drawn(level, &looked, dispute, diag))
		return false;
	look(&looked, found, count, most);
	return true;
}
