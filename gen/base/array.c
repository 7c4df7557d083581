/* Arrays that double when they are full. See array.h.
 *
 * How to read it: array_grow is all there is. In an arena nothing can be given back, so the elements are
 * copied behind what is there; the old copies add up to no more than the new one.
 */
#include "array.h"

#include <assert.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "fail.h"

enum { ARRAY_FIRST = 16 };

void *
array_grow(struct arena *arena, void *data, unsigned count, unsigned *room, unsigned need, size_t size)
{
	unsigned more = *room < ARRAY_FIRST / 2 ? ARRAY_FIRST : *room > UINT_MAX / 2 ? UINT_MAX : 2 * *room;
	void *grown;

	assert(count <= *room && need > *room && size);
	more = more < need ? need : more;
	if (more > SIZE_MAX / 4 / size)
		die("out of memory (%u elements of %zu bytes)", more, size);
	if (arena) {
		grown = arena_alloc(arena, more * size);
		if (count)
			memcpy(grown, data, count * size);
	} else {
		grown = realloc(data, more * size);
		if (!grown)
			die("out of memory (%zu bytes)", more * size);
	}
	*room = more;
	return grown;
}
