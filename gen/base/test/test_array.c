/* Arrays that double, and sets of bits. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "arena.h"
#include "array.h"
#include "bits.h"

struct element {
	unsigned number;
	char filling[9];
};

static void
fill(struct arena *arena)
{
	struct element *data = NULL;
	unsigned count = 0, room = 0;

	for (unsigned i = 0; i < 5000; i++) {
		struct element *added = array_add(arena, data, count, room);

		cr_assert(!arena || !added->number);
		*added = (struct element){.number = i + 1};
		cr_assert(count == i + 1 && room >= count && room <= 2 * count + 16);
	}
	for (unsigned i = 0; i < count; i++)
		cr_assert_eq(data[i].number, i + 1);
	array_need(arena, data, count, room, 100000);
	cr_assert(room >= 100000 && data[4999].number == 5000);
	if (!arena)
		free(data);
}

Test(array, an_array_keeps_its_elements_while_it_grows)
{
	struct arena arena = {0};

	fill(&arena);
	fill(NULL);
	arena_free(&arena);
}

Test(bits, each_member_of_a_set_comes_once_and_in_order)
{
	uint64_t sets[] = {0, 1, UINT64_C(1) << 63, UINT64_MAX, UINT64_C(0x8000000100010006)};

	for (unsigned s = 0; s < sizeof sets / sizeof *sets; s++) {
		uint64_t seen = 0;

		bits_each (bit, sets[s]) {
			cr_assert(!(seen >> bit), "bit %u of set %u is not behind those before it", bit, s);
			seen |= UINT64_C(1) << bit;
		}
		cr_assert_eq(seen, sets[s]);
		cr_assert(!seen || bits_has(seen, bits_lowest(seen)));
		cr_assert(!bits_has(seen, 64) && bits_next(seen, 64) == BITS_END);
	}
	cr_assert(bits_count(UINT64_MAX) == 64 && !bits_count(0) && bits_count(0x106) == 3);
}
