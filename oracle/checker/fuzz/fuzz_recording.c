/* Bytes as a recording: it is read within its limits, or refused with a message of one line; an adapter can
 * be held against what was read. */
#include <stdint.h>
#include <string.h>

#include "recording.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char adapter_text[] =
	"name: fuzz\ntitle: t\nurl: u\nworld: plain\nexe: [sh]\nsteps: [['{exe}', '{files}']]\nexit: [0]\n"
	"complete: exit\npack: 3\nseconds: 1\nseconds-case: 0\noutput: 65536\nunknown: ['gave up']\nfindings:\n"
	"  - {pattern: '(?<file>[^:]+):(?<line>[0-9]+)', kind: double-acquire}\n"
	"  - {pattern: 'case (?<case>[0-9]+)', kind: none}\n";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct adapter adapter;
	struct recording recording;
	struct diag diag = {.message = ""};

	if (!adapter_parse(&adapter, &arena, "fuzz", adapter_text, sizeof adapter_text - 1, &diag))
		bug("%s", diag.message);
	if (recording_parse(&recording, &arena, "fuzz", (const char *)data, size, &diag)) {
		if (!recording.packs || !recording.cases)
			bug("an empty recording was read");
		if (!recording_holds(&recording, &adapter, &diag) && (!diag.message[0] || strchr(diag.message, '\n')))
			bug("a difference without a message of one line");
	} else if (!diag.message[0] || strchr(diag.message, '\n')) {
		bug("refused without a message of one line");
	}
	adapter_free(&adapter);
	arena_free(&arena);
	return 0;
}
