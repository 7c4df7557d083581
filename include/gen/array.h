/* Arrays that double when they are full, in an arena or of their own.
 *
 * An array is three variables: `T *data`, `unsigned count` and `unsigned room`, all zero while it is empty;
 * `room` says for how many elements there is memory. With an arena the memory is the arena's, and elements
 * behind `count` are zero; with NULL it comes from malloc and goes by free(data). Growing moves the elements.
 * Running out of memory ends the process (die).
 */
#ifndef ARRAY_H
#define ARRAY_H

#include <stddef.h>

struct arena;

/* Pointer to one more element behind the others, which is counted at once. Reads its arguments more than
 * once. */
#define array_add(arena, data, count, room) \
	(array_need((arena), (data), (count), (room), (count) + 1), &(data)[(count)++])

/* Makes room for `need` elements in all; those up to `count` are kept. */
#define array_need(arena, data, count, room, need) \
	((need) <= (room)                              \
	     ? (void)0                                 \
	     : (void)((data) = array_grow((arena), (data), (count), &(room), (need), sizeof *(data))))

/* What array_need calls: the memory for at least twice the room, and for `need` elements of `size` bytes. */
void *array_grow(struct arena *arena, void *data, unsigned count, unsigned *room, unsigned need, size_t size);

#endif
