/* cover: combinations of shapes. See cover.h.
 *
 * What cannot exist stands in the table `exclusions`, each with its reason: it is never asked for, and a test
 * holds it against every case of the level, so that a reason that is none is found out.
 */
#include "cover.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"

enum { IDS = SHAPE_ID_COUNT + 1 }; /* and one for: no third */

void
cover_init(struct cover *cover, unsigned strength)
{
	cover->strength = strength;
	cover->count = 0;
	cover->held = calloc((size_t)IDS * IDS * IDS, 1);
	if (!cover->held)
		die("out of memory");
}

void
cover_free(struct cover *cover)
{
	free(cover->held);
	cover->held = NULL;
}

/* Identifiers of a later dimension are larger, so three of a row have one order. */
static uint8_t *
place_of(const struct cover *cover, unsigned one, unsigned two, unsigned three)
{
	unsigned keep;

	if (one > two)
		keep = one, one = two, two = keep;
	if (two > three)
		keep = two, two = three, three = keep;
	if (one > two)
		keep = one, one = two, two = keep;
	return &cover->held[((size_t)one * IDS + two) * IDS + three];
}

unsigned
cover_gain(const struct cover *cover, const struct shapes *shapes, unsigned decided, enum shape_id id)
{
	unsigned own = shape_row(id)->dimension, gain = 0;

	decided &= ~(1U << own);
	for (unsigned i = 0; i < SHAPE_COUNT; i++) {
		if (!(decided >> i & 1))
			continue;
		if (cover->strength == 2)
			gain += !*place_of(cover, id, shapes->choice[i], SHAPE_ID_COUNT);
		for (unsigned j = i + 1; j < SHAPE_COUNT && cover->strength == 3; j++)
			gain += decided >> j & 1 && !*place_of(cover, id, shapes->choice[i], shapes->choice[j]);
	}
	return gain;
}

static void
take(struct cover *cover, unsigned one, unsigned two, unsigned three)
{
	uint8_t *held = place_of(cover, one, two, three);

	cover->count += !*held;
	*held = 1;
}

unsigned
cover_take(struct cover *cover, const struct shapes *shapes)
{
	const unsigned char *choice = shapes->choice;
	unsigned before = cover->count;

	for (unsigned i = 0; i < SHAPE_COUNT; i++)
		for (unsigned j = i + 1; j < SHAPE_COUNT; j++) {
			if (cover->strength == 2)
				take(cover, choice[i], choice[j], SHAPE_ID_COUNT);
			for (unsigned k = j + 1; k < SHAPE_COUNT && cover->strength == 3; k++)
				take(cover, choice[i], choice[j], choice[k]);
		}
	return cover->count - before;
}

bool
cover_has(const struct cover *cover, enum shape_id one, enum shape_id two, enum shape_id three)
{
	return *place_of(cover, one, two, three);
}

void
cover_each_missing(const struct cover *cover,
                   bool (*visit)(void *context, const enum shape_id combination[3]), void *context)
{
	for (unsigned i = 0; i < SHAPE_ID_COUNT; i++)
		for (unsigned j = i + 1; j < SHAPE_ID_COUNT; j++)
			for (unsigned k = j + 1; k < SHAPE_ID_COUNT; k++) {
				enum shape_id combination[3] = {(enum shape_id)i, (enum shape_id)j, (enum shape_id)k};

				if (shape_row(combination[0])->dimension == shape_row(combination[1])->dimension ||
				    shape_row(combination[1])->dimension == shape_row(combination[2])->dimension ||
				    *place_of(cover, i, j, k))
					continue;
				if (!visit(context, combination))
					return;
			}
}

/* what cannot exist */

/* A row stands for every choice from `one` to `one_to` with every choice from `two` to `two_to`; the third
 * range, where there is one, must be met too. */
static const struct exclusion {
	enum shape_id one, one_to, two, two_to;
	enum shape_id three, three_to; /* both 0: any */
	const char *why;
} exclusions[] = {
	{HELPER_NONE, HELPER_NONE, ARGUMENT_BY_EXTENSION, ARGUMENT_BY_INDEX, 0, 0,
     "there is no helper to take arguments"},
	{HELPER_NONE, HELPER_NONE, CALL_INLINE, CALL_FILE, 0, 0, "there is no helper to be called"},
	{HELPER_GUARD, HELPER_GUARD_LEFT, ARGUMENT_BY_EXTENSION, ARGUMENT_BY_INDEX, 0, 0,
     "a guard is no function"},
	{HELPER_GUARD, HELPER_GUARD_LEFT, CALL_INLINE, CALL_FILE, 0, 0, "a guard is no function"},
	{HELPER_CONDITIONAL, HELPER_FALLIBLE, CALL_MACRO, CALL_MACRO, 0, 0,
     "a macro that is an expression has no branches"},
	{HELPER_CONDITIONAL, HELPER_FALLIBLE, CALL_FILE, CALL_FILE, 0, 0,
     "what the decision depends on is declared in the first file"},
	{HELPER_BALANCED, HELPER_BALANCED, CALL_MACRO, CALL_MACRO, 0, 0,
     "a macro that is an expression has no variables"},
	{HELPER_BALANCED, HELPER_RETAKEN, CALL_FILE, CALL_FILE, 0, 0,
     "the device extension is declared in the first file"},
	{HELPER_ACCESSOR, HELPER_ACCESSOR, CALL_MACRO, CALL_MACRO, 0, 0,
     "a macro that is an expression has no branches"},
	{HELPER_ACCESSOR, HELPER_ACCESSOR, CALL_FILE, CALL_FILE, 0, 0,
     "the request's fields are declared in the first file"},
	{HELPER_ACCESSOR, HELPER_ACCESSOR, ARGUMENT_BY_EXTENSION, ARGUMENT_BY_INDEX, 0, 0,
     "an accessor is given the request"},
	{HELPER_ACCESSOR, HELPER_ACCESSOR, FLAG_LOCAL, FLAG_COUNTER, 0, 0,
     "an accessor reads and writes a field of the request"},
	{HELPER_DIRECTION_ENUM, HELPER_DIRECTION_ENUM, CALL_FILE, CALL_FILE, 0, 0,
     "the enumeration is declared in the first file"},
	{ARGUMENT_BY_EXTENSION, ARGUMENT_BY_INDEX, CALL_FILE, CALL_FILE, 0, 0,
     "the device extension is declared in the first file"},
	{PLACE_EXTENSION, PLACE_NESTED, ARGUMENT_BY_INDEX, ARGUMENT_BY_INDEX, 0, 0, "only arrays have indices"},
	{PLACE_GLOBAL, PLACE_LOCAL, ARGUMENT_BY_INDEX, ARGUMENT_BY_INDEX, 0, 0, "only arrays have indices"},
	{PLACE_EXTENSION, PLACE_NESTED, ALIAS_MOVING_INDEX, ALIAS_ELEMENT, 0, 0, "only arrays have indices"},
	{PLACE_GLOBAL, PLACE_LOCAL, ALIAS_MOVING_INDEX, ALIAS_ELEMENT, 0, 0, "only arrays have indices"},
	{PLACE_LOCAL, PLACE_LOCAL, ARGUMENT_BY_EXTENSION, ARGUMENT_BY_EXTENSION, 0, 0,
     "no local of the routine is found from the device extension"},
	{PLACE_LOCAL, PLACE_LOCAL, SAVED_EXTENSION, SAVED_EXTENSION, 0, 0,
     "what holders of different locks save stands in one field"},
	{PLACE_LOCAL, PLACE_LOCAL, LOOP_RECURSION, LOOP_RECURSION, 0, 0,
     "the loop's function sees no local of the routine"},
	{PLACE_LOCAL, PLACE_LOCAL, ALIAS_RETURNED, ALIAS_RETURNED, 0, 0,
     "a function finds no local of the routine"},
	{ALIAS_POINTER, ALIAS_KEPT, LOOP_RECURSION, LOOP_RECURSION, 0, 0,
     "the loop's function does not see the routine's pointers"},
	{SAVED_SHARED, SAVED_SHARED, LOOP_RECURSION, LOOP_RECURSION, 0, 0,
     "the loop's function does not see the routine's KIRQL"},
	{ALIAS_MOVING, ALIAS_MOVING_INDEX, BRANCH_COMPUTED, BRANCH_COMPUTED, 0, 0,
     "compilers lead each computed goto to every label, and see a pointer without value"},
	{ALIAS_CHOSEN, ALIAS_CHOSEN, SAVED_EXTENSION, SAVED_EXTENSION, 0, 0,
     "holders of either lock would write to one field"},
	{ALIAS_CHOSEN, ALIAS_CHOSEN, ARGUMENT_BY_EXTENSION, ARGUMENT_BY_INDEX, 0, 0,
     "the helper would find the other lock"},
	{ALIAS_TWO, ALIAS_TWO, HELPER_RELEASE, HELPER_RELEASE, ARGUMENT_BY_EXTENSION, ARGUMENT_BY_INDEX,
     "no release is left that takes a pointer"},
	{ALIAS_TWO, ALIAS_TWO, HELPER_BOTH, HELPER_BOTH, ARGUMENT_BY_EXTENSION, ARGUMENT_BY_INDEX,
     "no release is left that takes a pointer"},
	{ALIAS_TWO, ALIAS_TWO, HELPER_DIRECTION, HELPER_DIRECTION_ENUM, ARGUMENT_BY_EXTENSION, ARGUMENT_BY_INDEX,
     "no release is left that takes a pointer"},
	{ALIAS_KEPT, ALIAS_KEPT, HELPER_RELEASE, HELPER_RELEASE, ARGUMENT_BY_EXTENSION, ARGUMENT_BY_INDEX,
     "no release is left that takes a pointer"},
	{ALIAS_KEPT, ALIAS_KEPT, HELPER_BOTH, HELPER_BOTH, ARGUMENT_BY_EXTENSION, ARGUMENT_BY_INDEX,
     "no release is left that takes a pointer"},
	{ALIAS_KEPT, ALIAS_KEPT, HELPER_DIRECTION, HELPER_DIRECTION_ENUM, ARGUMENT_BY_EXTENSION,
     ARGUMENT_BY_INDEX, "no release is left that takes a pointer"},
};

static bool
in_range(enum shape_id id, enum shape_id from, enum shape_id to)
{
	return id >= from && id <= to;
}

/* Whether one of the three is in the range. */
static bool
has_range(const enum shape_id combination[3], enum shape_id from, enum shape_id to)
{
	return in_range(combination[0], from, to) || in_range(combination[1], from, to) ||
	       in_range(combination[2], from, to);
}

const char *
cover_why_not(const enum shape_id combination[3])
{
	for (size_t i = 0; i < sizeof exclusions / sizeof *exclusions; i++) {
		const struct exclusion *row = &exclusions[i];

		if (has_range(combination, row->one, row->one_to) && has_range(combination, row->two, row->two_to) &&
		    (!row->three || has_range(combination, row->three, row->three_to)))
			return row->why;
	}
	return NULL;
}
