/* Bytes as a SARIF log: it is read, or refused with a message of one line; every case then has one answer
 * that can be. The first byte says whether it is the only log, and what its file is called. */
#include "fuzz_import.h"

#include "sarif.h"

static const char *const words[] = {
	" {\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"t\"}},\"results\":[]}]}",
	"{\"tool\":{\"driver\":{\"name\":\"t\",\"rules\":[{\"id\":\"a\"}]}},\"results\":[]}",
	"{\"message\":{\"text\":\"b\"},"
	"\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"cases/0.c\"},"
	"\"region\":{\"startLine\":5}}}]}",
	"{\"ruleId\":\"a\",\"locations\":[]}",
	"{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"2.c\"},\"region\":{\"startLine\":14}}}",
	"{\"physicalLocation\":{\"artifactLocation\":{\"index\":0}}}",
	"{\"executionSuccessful\":false}",
	"{\"status\":\"underReview\"}",
	"{\"location\":{\"uri\":\"cases/1.c\"},\"roles\":[\"analysisTarget\"]}",
	"{\"id\":\"a\",\"defaultConfiguration\":{\"level\":\"note\"},"
	"\"messageStrings\":{\"m\":{\"text\":\"c\"}}}",
	"\"invocations\":[{\"executionSuccessful\":true}]",
	"\"artifacts\":[{\"location\":{\"uri\":\"0.c\",\"uriBaseId\":\"R\"},\"roles\":[\"analysisTarget\"]}]",
	"\"originalUriBaseIds\":{\"R\":{\"uri\":\"cases/\",\"uriBaseId\":\"S\"},\"S\":{\"uri\":\"file:///x/\"}}",
	"\"externalPropertyFileReferences\":{\"results\":[]}",
	"\"suppressions\":[{\"kind\":\"external\"}]",
	"\"rule\":{\"index\":0,\"toolComponent\":{\"index\":0}}",
	"\"extensions\":[{\"name\":\"e\",\"rules\":[]}]",
	"{\"level\":\"error\",\"locations\":[]}",
	"{\"descriptor\":{\"id\":\"a\"},\"configuration\":{\"level\":\"note\"}}",
	"\"toolExecutionNotifications\":[{\"level\":\"error\"}]",
	"\"notificationConfigurationOverrides\":[]",
	"\"ruleConfigurationOverrides\":[{\"descriptor\":{\"id\":\"a\"},\"configuration\":{\"level\":\"none\"}}]",
	"\"provenance\":{\"invocationIndex\":0}",
	"\"message\":{\"text\":\"{0}}}{{1}\",\"arguments\":[\"b\",\"c\"]}",
	"\"globalMessageStrings\":{\"m\":{\"text\":\"b{1}\"}}",
	"\"toolComponent\":{\"name\":\"e\"}",
	"\"notifications\":[{\"id\":\"a\"}]",
	"\"kind\":\"open\"",
	"\"uri\":\"file:2.c\"",
	"1.0",
	"\"message\":{\"id\":\"m\"}",
	"\"kind\":\"pass\"",
	"\"level\":\"none\"",
	"\"baselineState\":\"absent\"",
	"\"ruleId\":\"a/1\"",
	"\"ruleIndex\":0",
	"\"uriBaseId\":\"R\"",
	"\"uri\":\"file:///w%41/cases%2F1-helpers.c?x#y\"",
	"\"uri\":\"include/locks.h\"",
	"\"version\":\"1\"",
	"\"startLine\":4",
	"\"index\":-1",
	"\"results\":null",
	"null",
	"[]",
	"{}",
	"true",
	"1",
	"\"\\u0000\"",
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
	if (answer.state == ANSWER_VIOLATION ? !answer.count
	                                     : answer.state != ANSWER_PASS && answer.state != ANSWER_UNKNOWN &&
	                                           answer.state != ANSWER_CRASH && answer.state != ANSWER_NOT_RUN)
		bug("a log cannot answer %s", answer_name(answer.state));
}

/* Sorted, each rule and meaning once, and a violation only where something was taken for one. */
static void
check_tallies(const struct import *import)
{
	bool finding = false, violation = false;

	for (unsigned i = 0; i < import->tallies; i++) {
		const struct import_tally *tally = &import->tally[i];
		int order = i ? strcmp(tally[-1].rule, tally->rule) : -1;

		if (order > 0 || (!order && tally[-1].taken >= tally->taken) || !tally->results)
			bug("tallies are not in order at %u", i);
		finding = finding || tally->taken <= IMPORT_KINDLESS;
	}
	for (uint32_t i = 0; i < FUZZ_CASES; i++)
		violation = violation || import->of[i].state == ANSWER_VIOLATION;
	if (violation && !finding)
		bug("a violation, and no result was taken for one");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct import_meaning meaning[] = {
		{.text = "a", .length = 1, .kind = KIND_DOUBLE_ACQUIRE},
		{.text = "b", .length = 1, .option = IMPORT_MESSAGE, .kind = IMPORT_IGNORED},
		{.text = "c", .length = 1, .option = IMPORT_MESSAGE, .kind = IMPORT_KINDLESS}};
	static const char *const names[] = {"0.sarif", "2.sarif", "all.sarif", "1-helpers.c.sarif"};
	struct sarif_options options = {meaning, 3, false, false};
	struct sarif_tool tool = {0};
	struct diag diag = {.message = ""};
	struct import import;

	if (!size)
		return 0;
	options.alone = data[0] & 4;
	options.any_version = data[0] & 8;
	if (data[0] & 16)
		meaning[0].option = IMPORT_ONLY;
	fuzz_place(&import);
	if (sarif_read(&import, &tool, names[data[0] & 3], (const char *)data + 1, size - 1, &options, &diag)) {
		if (!import_end(&import, &diag))
			bug("a record where there is none: %s", diag.message);
		check_tallies(&import);
		for (uint32_t i = 0; i < FUZZ_CASES; i++)
			check_case(&import, i);
	} else if (!diag.message[0] || strchr(diag.message, '\n')) {
		bug("refused without a message of one line");
	}
	import_free(&import);
	return 0;
}
