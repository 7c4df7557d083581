/* Bytes as results of BenchExec: they are unpacked where they are packed, and read, or refused with a message
 * of one line; every case then has one answer that can be. */
#include "fuzz_import.h"

#include "benchexec.h"

static const char *const words[] = {
	"<result tool=\"t\" version=\"1\"><run name=\"0.yml\" properties=\"unreach-call\">"
	"<column title=\"status\" value=\"true\"/></run></result>",
	"<run name=\"1.yml\" properties=\"unreach-call\" expectedVerdict=\"false\">",
	"<run name=\"4.yml\" properties=\"other\">",
	"</run>",
	"<column title=\"status\" value=\"false(unreach-call)\"/>",
	"<column title=\"status\" value=\"TIMEOUT\"/>",
	"<column title=\"walltime\" value=\"1.5s\"/>",
	"<column title=\"memory\" value=\"1e99B\"/>",
	"<column title=\"category\" value=\"correct-unconfirmed\"/>",
	"</result>",
	"<!DOCTYPE result [<!ENTITY a \"b\">]>",
	"&a;",
	"&#32;",
	"BZh9",
	NULL,
};

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed)
{
	return fuzz_insert(data, size, room, seed, words);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct benchexec benchexec = {.property = NULL};
	struct diag diag = {.message = ""};
	struct import import;
	struct buf text = {0};
	bool ok;

	fuzz_place(&import);
	import.of[1].violates = true;
	buf_add(&text, (const char *)data, size);
	ok = benchexec_unpack(&text, 1 << 20, "fuzz", &diag) &&
	     benchexec_read(&import, &benchexec, "fuzz", buf_string(&text), text.len, &diag);
	if (!ok && (!diag.message[0] || strchr(diag.message, '\n')))
		bug("refused without a message of one line");
	if (ok && !import_end(&import, &diag))
		bug("two answers where one is read: %s", diag.message);
	for (uint32_t i = 0; ok && i < FUZZ_CASES; i++) {
		struct answer answer;

		import_answer(&import, i, &answer);
		fuzz_check(&import.of[i], &answer);
	}
	buf_free(&text);
	import_free(&import);
	return 0;
}
