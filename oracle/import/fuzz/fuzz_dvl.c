/* Bytes as a log of Static Driver Verifier: it is read, or refused with a message of one line; every case
 * then has one answer that can be. The first byte chooses the driver that the log is named after, and
 * whether a meaning names a rule. */
#include "fuzz_import.h"

#include "dvl.h"

static const char *const words[] = {
	" <SDV><Rules><Rule Name=\"R\" Result=\"Pass\"/></Rules></SDV>",
	"<Rule Name=\"R\" Result=\"Defect\"/>",
	"<Rule RuleName=\"r\" Status=\"Not Applicable\" Category=\"x\"/>",
	"<Defects><Defect RuleName=\"R\" SdvDefectPath=\"x\"/></Defects>",
	"<DVL Version=\"1\">",
	"</DVL>",
	"<SDV Driver=\"0\" Version=\"1\">",
	"</SDV>",
	"<Rules>",
	"</Rules>",
	" Result=\"Timeout\"",
	" Result=\"spaceout\"",
	" Result=\"Tool error\"",
	" xmlns=\"u\" xsi:x=\"y\"",
	"<?xml version=\"1.0\" encoding=\"utf-8\"?>",
	"<!DOCTYPE SDV [<!ENTITY a \"b\">]>",
	"<!-- c -->",
	"<?p i?>",
	"<![CDATA[ ]]>",
	"&lt;",
	"&a;",
	"&#32;",
	"\xef\xbb\xbf",
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
	static const char *const names[] = {"0.dvl.xml", "1.dvl.xml", "2.dvl.xml", "4/SDV/SDV.DVL.xml"};
	struct import_meaning meaning = {.text = "S", .length = 1, .kind = KIND_MISSING_RELEASE};
	struct diag diag = {.message = ""};
	struct import import;
	bool ok;

	if (!size)
		return 0;
	fuzz_place(&import);
	for (uint32_t i = 0; i < FUZZ_CASES; i++)
		import.of[i].rule = "R";
	ok = dvl_read(&import, names[data[0] & 3], (const char *)data + 1, size - 1, &meaning, data[0] >> 2 & 1,
	              &diag);
	if (!ok && (!diag.message[0] || strchr(diag.message, '\n')))
		bug("refused without a message of one line");
	if (ok && !import_end(&import, &diag))
		bug("a record where there is none: %s", diag.message);
	for (uint32_t i = 0; ok && i < FUZZ_CASES; i++) {
		struct answer answer;

		import_answer(&import, i, &answer);
		fuzz_check(&import.of[i], &answer);
	}
	import_free(&import);
	return 0;
}
