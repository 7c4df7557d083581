/* Bytes as a trace: it is refused, or is read within its bounds and printed as it was. */
#include <stdint.h>
#include <string.h>

#include "trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	const char *line = arena_copy(&arena, (const char *)data, size);
	struct trace trace, again;
	struct buf out = {0};

	if (trace_parse(&trace, &arena, line)) {
		for (unsigned i = 0; i < trace.steps; i++)
			if (trace.step[i].what >= STEP_KINDS || strchr(trace.step[i].name, ' '))
				bug("step %u is none", i);
		trace_print(&out, &trace);
		if (!trace_parse(&again, &arena, out.data) || again.steps != trace.steps)
			bug("printed otherwise");
	}
	buf_free(&out);
	arena_free(&arena);
	return 0;
}
