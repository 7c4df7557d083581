/* Bytes as records, JSON lines or CSV, which the first byte chooses: they are read, or refused with a message
 * of one line; every case then has one answer that can be. */
#include "fuzz_import.h"

#include "records.h"

static const char *const words[] = {
	" {\"id\":\"0\",\"verdict\":\"pass\"}\n",
	"{\"file\":\"cases/1.c\",\"verdict\":\"violation\",\"findings\":[{\"line\":4}]}\n",
	"{\"kind\":\"double-acquire\",\"line\":3,\"in_helpers\":true}",
	"\"findings\":[]",
	"\"seconds\":1.5",
	"\"memory\":7",
	"\"id\":\"3\"",
	"\"file\":\"2.c\"",
	"\"verdict\":\"timeout\"",
	"\"violation\"",
	"\"in_helpers\":false",
	"null",
	"-1",
	"file,verdict,kind,line,in_helpers\n",
	"id,seconds,verdict,memory\r\n",
	"4,1,violation,2\n",
	"cases/1.c,violation,missing-release,4,true\n",
	"\"2\n\"",
	"\"\"\"\"",
	"id",
	"verdict",
	"pass",
	"\xef\xbb\xbf",
	NULL,
};

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed)
{
	return fuzz_mutate(data, size, room, seed, words);
}

static void
check_case(const struct import *import, uint32_t of)
{
	struct answer answer;

	import_answer(import, of, &answer);
	fuzz_check(&import->of[of], &answer);
	if (!import->of[of].recorded_by && answer.state != ANSWER_NOT_RUN)
		bug("%s without a record", answer_name(answer.state));
	if (answer.state != ANSWER_VIOLATION && import->of[of].findings)
		bug("%s with a finding", answer_name(answer.state));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag diag = {.message = ""};
	struct import import;
	bool ok;

	if (!size)
		return 0;
	fuzz_place(&import);
	ok = (data[0] & 1 ? records_read_csv : records_read_json)(&import, "fuzz", (const char *)data + 1,
	                                                          size - 1, &diag);
	if (!ok && (!diag.message[0] || strchr(diag.message, '\n')))
		bug("refused without a message of one line");
	if (ok && !import_end(&import, &diag))
		bug("a log where there is none: %s", diag.message);
	for (uint32_t i = 0; ok && i < FUZZ_CASES; i++)
		check_case(&import, i);
	import_free(&import);
	return 0;
}
