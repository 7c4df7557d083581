/* Bytes as an adapter: it is read within its limits, or refused with a message of one line; nothing leaks. */
#include <stdint.h>
#include <string.h>

#include "adapter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
fuzz_read(const struct adapter *adapter)
{
	const bool is_output = adapter->way == WAY_OUTPUT;

	if (!adapter->name[0] || !adapter->world || !adapter->exes || adapter->exes > ADAPTER_EXES)
		bug("head is not complete");
	if (!adapter->steps || adapter->steps > ADAPTER_STEPS || !adapter->exits == is_output ||
	    adapter->exits > ADAPTER_EXITS || adapter->readings > ADAPTER_READINGS ||
	    adapter->files > ADAPTER_FILES)
		bug("a count is out of range");
	if (adapter->patterns > ADAPTER_PATTERNS ||
	    (!adapter->patterns && is_output && !adapter->exit_is_verdict))
		bug("%u patterns", adapter->patterns);
	for (unsigned i = 0; i < adapter->exits; i++)
		if ((adapter->exit[i].says == SAYS_RAN) == adapter->exit_is_verdict)
			bug("exit status %d says half", adapter->exit[i].status);
	for (unsigned i = 0; i < adapter->patterns; i++)
		if (adapter->kinds && adapter->pattern[i].kind < KIND_COUNT &&
		    !(adapter->kinds >> adapter->pattern[i].kind & 1))
			bug("pattern %u is of a kind that is not declared", i);
	if (adapter_kinds(adapter->bytes, adapter->length) != adapter->kinds)
		bug("kinds are read back otherwise");
	if (adapter->exit_is_verdict && (adapter->pack != 1 || adapter->complete == COMPLETE_CANARY))
		bug("a verdict of more than one case");
	for (unsigned i = 0; i < adapter->files; i++)
		if (!adapter->file[i].name[0] || strchr(adapter->file[i].name, '/') || !adapter->file[i].text)
			bug("file %u is not complete", i);
	for (unsigned i = 0; i < adapter->patterns; i++)
		if (!adapter->pattern[i].code || adapter->pattern[i].kind > KIND_COUNT)
			bug("pattern %u is not complete", i);
	for (unsigned i = 0; i < adapter->steps; i++)
		if (!adapter->step[i].arguments || !adapter->step[i].argument[0][0])
			bug("step %u has no program", i);
	if ((adapter->complete == COMPLETE_PATTERN) != (adapter->complete_pattern != NULL))
		bug("what completes a run is not clear");
	if (!(adapter->seconds > 0) || !(adapter->seconds_case >= 0) || !adapter->pack || !adapter->output)
		bug("a limit is missing");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct adapter adapter;
	struct diag diag = {.message = ""};

	if (adapter_parse(&adapter, &arena, "fuzz", (const char *)data, size, &diag)) {
		fuzz_read(&adapter);
		adapter_free(&adapter);
	} else if (!diag.message[0] || strchr(diag.message, '\n')) {
		bug("refused without a message of one line");
	}
	arena_free(&arena);
	return 0;
}
