/* Bytes as a list of accepted failures: it is read and printed, and what was printed reads and prints alike;
 * or it is refused with a place and a message of one line. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "known.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_list(const struct known *known, struct arena *arena)
{
	struct buf out = {0}, again = {0};
	struct known second;
	struct diag diag;

	known_print(&out, known);
	if (!known_parse(&second, arena, "fuzz", out.data, out.len, &diag))
		bug("what was printed is refused: %s", diag.message);
	known_print(&again, &second);
	if (out.len != again.len || memcmp(out.data, again.data, out.len) != 0)
		bug("what was printed does not come back");
	for (unsigned i = 0; i < known->count; i++)
		if (known_find(known, known->row[i].id, known->row[i].checker) != &known->row[i])
			bug("row %u is not found", i);
	buf_free(&out);
	buf_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag diag = {.message = ""};
	struct arena arena = {0};
	struct known known;
	char *text = malloc(size + 1);

	if (!text)
		die("out of memory");
	if (size)
		memcpy(text, data, size);
	text[size] = 0;
	if (known_parse(&known, &arena, "fuzz", text, size, &diag))
		check_list(&known, &arena);
	else if (!diag.message[0] || strchr(diag.message, '\n') || !diag.line || !diag.column)
		bug("refused without a place or a message of one line");
	free(text);
	arena_free(&arena);
	return 0;
}
