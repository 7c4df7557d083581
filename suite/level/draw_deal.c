/* draw: pairs that are each dealt from their number. See draw.h.
 *
 * Numbers are dealt to families of DRAW_VARIANTS pairs. A family's correct sequence is the first that has a
 * twin among DEAL_TRIES of one of the larger canonical spaces; those places belong to the family alone, for
 * they are the images of its own numbers under a permutation of the space. So no correct sequence is dealt
 * twice. Half of the families have state (draw_state.c).
 */
#include <string.h>

#include "draw_memory.h"
#include "handles.h"
#include "make.h"
#include "text.h"

enum { DEAL_TRIES = 4096, PAIR_TRIES = 4096 };

/* A permutation of 0 .. count - 1: a Feistel network over the next even number of bits, walked until it falls
 * below count (Black and Rogaway 2002). */
static uint64_t
permute(uint64_t number, uint64_t count)
{
	unsigned half = 1;

	while (half < 31 && (uint64_t)1 << 2 * half < count)
		half++;
	do {
		uint64_t mask = ((uint64_t)1 << half) - 1, left = number >> half, right = number & mask;

		for (uint64_t round = 1; round <= 4; round++) {
			struct random mix = {right * 8 + round};
			uint64_t next = left ^ (random_next(&mix) & mask);

			left = right;
			right = next;
		}
		number = left << half | right;
	} while (number >= count);
	return number;
}

/* Whether the drawn sequence, with handles of its own, is the correct half of a pair: a copy of it stands in
 * the family's memory then. */
static bool
take_sequence(struct draw_memory *m, const struct seq *drawn, bool state, struct seq *right)
{
	struct seq own, wrong, with;

	if (state && !draw_state(m, drawn, &with))
		return false;
	own = handles_own(state ? &with : drawn, &m->scratch, m->rule, m->role);
	if (draw_events(&own) * 3 < own.size || !draw_may_pass(m, &own))
		return false;
	for (unsigned edit = 0; edit < EDIT_COUNT; edit++)
		if (draw_twin(m, &own, (enum edit)edit, &wrong)) {
			*right = draw_copy(&m->family_arena, &own);
			return true;
		}
	return false;
}

/* The correct sequence of a family; false where none of its places has one. State adds statements and no lock
 * events, so one with too few of these is passed over. */
static bool
deal_sequence(struct draw_memory *m, uint64_t family, struct seq *right)
{
	struct role_spaces *spaces = draw_spaces_of_role(m);
	unsigned large = spaces->count - spaces->dealt;
	struct space *space = &spaces->space[spaces->dealt + family % large];
	bool state = family / large % 2; /* where one of its places has a sequence that can have it */

	for (uint64_t try = 0; try < (state ? 2 : 1) * DEAL_TRIES; try++) {
		uint64_t place = (family / large * DEAL_TRIES + try % DEAL_TRIES) % space_count(space);
		bool stated = state && try < DEAL_TRIES;

		if (!space_unrank_with(space, permute(place, space_count(space)), (space->size + 2) / 3)) {
			if (stated)
				draw_no_state(m);
			continue;
		}
		if (take_sequence(m, &space->seq, stated, right))
			return true;
		arena_reset(&m->scratch);
	}
	return false;
}

/* Whether the third road can follow the case, and its text is as a level's are. */
static bool
is_fine(struct draw_memory *m, const struct draw_pair *pair, unsigned half)
{
	struct text_plain text;
	struct prog prog;
	struct diag diag;

	prog_make(&prog, &m->scratch, pair->rule, pair->role, &pair->half[half], &pair->shapes);
	if (prog_has_many_paths(&prog))
		return false;
	buf_clear(&m->text);
	if (!text_body(&m->text, NULL, &prog, -1, &diag))
		return true; /* whoever prints it says why */
	text = (struct text_plain){.bytes = m->text.data, .length = m->text.len};
	hash_bytes(text.bytes, text.length, text.hash);
	return !hygiene_guilt(truth_hygiene(m->truth, pair->rule, &text));
}

/* What is known of a family's correct sequence: which edits make a twin of it, and where. */
enum family_place { TWIN_UNKNOWN, TWIN_NONE, TWIN_HERE };

struct family {
	struct seq right;
	uint8_t *place[EDIT_COUNT]; /* of each edit: enum family_place by node */
};

static void
family_begin(struct draw_memory *m, struct family *family)
{
	for (unsigned edit = 0; edit < EDIT_COUNT; edit++)
		family->place[edit] = arena_alloc(&m->family_arena, family->right.count);
}

/* draw_twin, which asks each place of the sequence once a family. */
static bool
family_twin(struct draw_memory *m, struct family *family, enum edit edit, struct seq *wrong)
{
	const struct seq *right = &family->right;
	unsigned start = random_below(&m->random, right->count);

	for (unsigned i = 0; i < right->count; i++) {
		unsigned at = (start + i) % right->count;
		uint8_t *place = &family->place[edit][at];
		bool fits = *place != TWIN_NONE && edit_make(wrong, &m->scratch, right, m->rule, edit, at);

		if (*place == TWIN_UNKNOWN)
			*place = fits && draw_are_twins(m, right, wrong) ? TWIN_HERE : TWIN_NONE;
		if (*place == TWIN_HERE)
			return true;
	}
	return false;
}

/* Another pair of the family, with other shapes than those before it. False where none was found. */
static bool
deal_pair(struct draw_memory *m, struct family *family, struct draw_pair *pairs, unsigned count)
{
	struct draw_pair *pair = &pairs[count];
	bool fresh = false;

	for (unsigned try = 0; try < PAIR_TRIES && !fresh; try++) {
		unsigned first = random_below(&m->random, EDIT_COUNT);

		*pair = draw_pair_of(m, &family->right);
		bool keeps = random_below(&m->random, 8) > 0; /* the calls in number, where it can */

		for (unsigned i = 0; i < 2 * EDIT_COUNT; i++) {
			pair->edit = (enum edit)((first + i) % EDIT_COUNT);
			if ((i >= EDIT_COUNT || edit_keeps_calls(pair->edit) == keeps) &&
			    family_twin(m, family, pair->edit, &pair->half[1]))
				break;
		}
		pair->shapes = draw_shapes(m, &pair->half[0], &pair->half[1], LADDER_COUNT);
		fresh = true;
		for (unsigned i = 0; i < count && fresh; i++)
			fresh = memcmp(&pairs[i].shapes, &pair->shapes, sizeof pair->shapes) != 0;
		fresh = fresh && is_fine(m, pair, 0) && is_fine(m, pair, 1);
	}
	if (!fresh)
		return false;
	for (unsigned i = 0; i < 2; i++)
		pair->half[i] = draw_copy(&m->family_arena, &pair->half[i]);
	return true;
}

static bool
refuse_family(const struct draw_memory *m, struct diag *diag)
{
	diag_set(diag, m->rule->name, 0, 0,
	         "role %s: no pair of a correct case and a violating one was found among %d sequences",
	         m->rule->role[m->role].name, DEAL_TRIES);
	return false;
}

static bool
deal_family(struct draw_memory *m, unsigned long family, struct diag *diag)
{
	struct family of;

	arena_reset(&m->family_arena);
	m->random.state = draw_hash_bytes(0xcbf29ce484222325U, &family, sizeof family);
	draw_use_role(m, (unsigned)(family % m->roles));
	m->family_number = 0;
	if (!deal_sequence(m, family / m->roles, &of.right))
		return refuse_family(m, diag);
	family_begin(m, &of);
	for (unsigned i = 0; i < DRAW_VARIANTS; i++) {
		if (!deal_pair(m, &of, m->family, i))
			return refuse_family(m, diag);
		arena_reset(&m->scratch);
	}
	m->family_number = family + 1;
	return true;
}

bool
draw_deal(struct draw *draw, unsigned long number, struct draw_pair *pair, struct diag *diag)
{
	struct draw_memory *m = draw->memory;

	if (m->family_number != number / DRAW_VARIANTS + 1 && !deal_family(m, number / DRAW_VARIANTS, diag))
		return false;
	*pair = m->family[number % DRAW_VARIANTS];
	for (unsigned i = 0; i < 2; i++)
		pair->half[i] = draw_copy(m->arena, &pair->half[i]);
	return true;
}
