/* Fuzz target: any bytes as a dialect's file; what parses has all its words and its phrases in whole pieces.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dialect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct phrase *phrase)
{
	for (unsigned i = 0; i < PHRASE_COUNT; i++)
		for (unsigned j = 0; j < phrase[i].count; j++)
			if (memchr(phrase[i].piece[j].bytes, '\n', phrase[i].piece[j].length))
				abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	char *copy = arena_copy(&arena, (const char *)data, size);
	struct dialect dialect;
	struct diag diag;

	if (dialect_parse(&dialect, &arena, "windows", "fuzz", copy, size, &diag)) {
		for (unsigned i = 0; i < WORD_COUNT; i++)
			if (!dialect.word[i])
				abort();
		check(dialect.phrase);
		for (unsigned i = 0; i < dialect.models; i++)
			check(dialect.model[i].phrase);
	} else if (!diag.message[0]) {
		abort();
	}
	arena_free(&arena);
	return 0;
}
