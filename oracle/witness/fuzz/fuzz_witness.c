/* Bytes as a witness: it is refused with a reason, or what is read prints as a witness that reads as the
 * same, and whose expressions have no effect by their looks. */
#include <stdint.h>
#include <string.h>

#include "fail.h"
#include "witness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
read_bytes(struct witness *witness, struct arena *arena, const char *text, size_t length)
{
	struct diag diag = {.message = ""};

	if (witness_read(witness, arena, "fuzz", text, length, &diag))
		return true;
	if (!diag.message[0])
		bug("refused without a reason");
	return false;
}

/* No sign that calls, casts, changes or dereferences. */
static void
check_expression(const char *expression)
{
	for (const char *at = expression; *at; at++) {
		bool equal = *at == '=' && at > expression && (strchr("=!<>", at[-1]) || at[1] == '=');

		if ((*at == '=' && !equal) || strchr(";,*/\"'?:{}\\#", *at))
			bug("an expression that may have an effect: %s", expression);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena arena;
	struct witness witness, again;
	struct buf text = {0}, twice = {0};

	arena_reset(&arena);
	if (!read_bytes(&witness, &arena, (const char *)data, size))
		return 0;
	for (unsigned i = 0; !witness.violation && i < witness.count; i++)
		check_expression(witness.invariant[i].value);
	witness_print(&text, &witness);
	if (read_bytes(&again, &arena, buf_string(&text),
	               text.len)) { /* names may need quotes that ours do not */
		witness_print(&twice, &again);
		if (text.len != twice.len || memcmp(text.data, twice.data, text.len) != 0)
			bug("printed otherwise the second time:\n%s\n%s", text.data, twice.data);
	}
	buf_free(&text);
	buf_free(&twice);
	return 0;
}
