/* Memory that is given back all at once.
 *
 * Invariants: what arena_alloc returns is zeroed, aligned for any type, and valid until the next
 * arena_reset or arena_free. A zeroed struct arena is empty and ready. Running out of memory ends
 * the process (die). Under AddressSanitizer every allocation stands alone, so that overruns show.
 */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *block; /* newest first; owned */
	size_t used;               /* bytes taken from the newest block */
};

void *arena_alloc(struct arena *arena, size_t size);
/* Copies `length` bytes and adds a NUL. */
char *arena_copy(struct arena *arena, const char *bytes, size_t length);
char *arena_string(struct arena *arena, const char *string);
/* Forgets everything; keeps one block for reuse. */
void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);

#endif
