/* checkers --schema: the keys of an adapter file as a table. See adapter_schema.h. */
#include "checkers_schema.h"

#include <stdio.h>

#include "adapter_schema.h"
#include "command.h"

enum { NAME_WIDTH = 14, USUAL_WIDTH = 11, INDENT = 2 + NAME_WIDTH + 1 + USUAL_WIDTH + 1 };

static void
print_key(const struct adapter_key *key)
{
	struct buf text = {0};

	printf("  %-*s %-*s ", NAME_WIDTH, key->name, USUAL_WIDTH, key->usual);
	buf_printf(&text, "%s (%s)", key->about, key->value);
	command_print_filled(&text, INDENT, INDENT);
	buf_free(&text);
}

int
checkers_schema(struct arena *arena)
{
	const char *title;

	printf("  %-*s %-*s %s\n", NAME_WIDTH, "KEY", USUAL_WIDTH, "DEFAULT", "WHAT IT SAYS (WHAT IT MAY BE)");
	for (unsigned table = 0; (title = adapter_schema_table(table)); table++) {
		const struct adapter_key *keys;
		unsigned count = adapter_schema(table, arena, &keys);

		printf("%s\n", title);
		for (unsigned i = 0; i < count; i++)
			print_key(&keys[i]);
	}
	return STATUS_FINE;
}
