/* Fuzz target: any bytes as a template; what parses is printed. */
#include <stdint.h>

#include "template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct template_slot slots[] = {{"a", "x", 1}, {"b", "", 0}};
	struct arena arena = {0};
	char *copy = arena_copy(&arena, (const char *)data, size);
	struct template template;
	uint32_t lines = 0;
	struct buf out = {0};
	struct diag diag;

	if (template_parse(&template, &arena, "fuzz", copy, size, &diag))
		for (unsigned i = 0; i < template.sections; i++)
			template_print(&out, &template.section[i], slots, 2, &lines, &diag);
	buf_free(&out);
	arena_free(&arena);
	return 0;
}
