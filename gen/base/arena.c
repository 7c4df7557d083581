/* Memory that is given back all at once. See arena.h.
 *
 * A chain of blocks, newest first; allocation bumps an offset in the newest. Each block is at least
 * as large as its predecessor, so that a long life costs few of them.
 */
#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ALONE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ALONE 1
#endif
#endif
#ifndef ARENA_ALONE
#define ARENA_ALONE 0
#endif

enum { ARENA_FIRST = 16 * 1024, ARENA_ALIGN = 16 };

struct arena_block {
	struct arena_block *older;
	size_t size; /* bytes behind the header */
	_Alignas(ARENA_ALIGN) unsigned char bytes[];
};

static void
arena_add_block(struct arena *arena, size_t size)
{
	struct arena_block *block = malloc(sizeof *block + size);

	if (!block)
		die("out of memory (%zu bytes)", size);
	block->older = arena->block;
	block->size = size;
	arena->block = block;
	arena->used = 0;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	void *result;

	if (size > SIZE_MAX / 4)
		die("out of memory (%zu bytes)", size);
	if (ARENA_ALONE) {
		arena_add_block(arena, size);
	} else {
		size = (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
		if (!arena->block || arena->block->size - arena->used < size) {
			size_t next = arena->block ? arena->block->size * 2 : ARENA_FIRST;

			arena_add_block(arena, next < size ? size : next);
		}
	}
	result = arena->block->bytes + arena->used;
	arena->used += size;
	return memset(result, 0, size);
}

char *
arena_copy(struct arena *arena, const char *bytes, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	if (length) /* else there may be no bytes */
		memcpy(copy, bytes, length);
	return copy;
}

char *
arena_string(struct arena *arena, const char *string)
{
	return arena_copy(arena, string, strlen(string));
}

static void
arena_drop(struct arena_block *block)
{
	while (block) {
		struct arena_block *older = block->older;

		free(block);
		block = older;
	}
}

void
arena_reset(struct arena *arena)
{
	if (ARENA_ALONE) {
		arena_free(arena);
		return;
	}
	if (arena->block) {
		arena_drop(arena->block->older);
		arena->block->older = NULL;
	}
	arena->used = 0;
}

void
arena_free(struct arena *arena)
{
	arena_drop(arena->block);
	arena->block = NULL;
	arena->used = 0;
}
