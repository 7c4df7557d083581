/* dvl: a log of Static Driver Verifier answers for the driver that it is named after, by the rule of its
 * case; what is not known is refused at its place. */
#include "import_drivers.h"

#include "dvl.h"

static struct import import;
static struct diag diag;

static void
begin(void)
{
	place_drivers(&import);
}

static void
end(void)
{
	import_free(&import);
}

TestSuite(dvl, .init = begin, .fini = end);

/* Reads one log into fresh cases. A text's `'` stand for `"`. */
static bool
read_log(const char *name, const char *text, struct import_meaning *meaning, unsigned meanings)
{
	struct buf log = {0};
	bool ok;

	import_free(&import);
	place_drivers(&import);
	diag = (struct diag){.message = ""};
	for (; *text; text++)
		buf_putc(&log, *text == '\'' ? '"' : *text);
	ok = dvl_read(&import, name, buf_string(&log), log.len, meaning, meanings, &diag);
	buf_free(&log);
	return ok;
}

static void
expect_states(const char *name, const char *text, const char *states)
{
	cr_expect(read_log(name, text, NULL, 0), "%s: %s", text, diag.message);
	cr_expect_str_eq(states_of(&import), states, "%s: %s", text, states_of(&import));
}

#define OWN(result) "<SDV><Rules><Rule Name='SpinlockRelease' Result='" result "'/></Rules></SDV>"

Test(dvl, the_rule_of_the_case_counts_and_the_log_is_named_after_its_driver)
{
	expect_states("000000000.dvl.xml", OWN("Pass"), "p...s");
	expect_states("x/000000000.DVL.xml", OWN("Defect"), "v...s");
	expect_states("projects/000000000/SDV/SDV.DVL.xml", OWN("Defect"), "v...s");
	expect_states("C:\\projects\\000000001\\SDV\\SDV.DVL.XML", OWN("Defect"), ".v..s");
	expect_states("000000001.dvl.xml", OWN("Pass"), ".p..s"); /* both files of the case */
	expect_states("000000004.dvl.xml", OWN("Pass"), "....p");
	expect_states("000000000.dvl.xml", "<SDV><Rule Name='SPINLOCKRELEASE' Result='pass'/></SDV>", "p...s");
	expect_states("000000000.dvl.xml", "<SDV><Rule Name='SpinLock' Result='Defect'/></SDV>", "....s");
	expect_states("000000000.dvl.xml", "<DVL Version='1'><SDV/></DVL>", "....s");
}

Test(dvl, every_result_of_SDV_has_its_answer)
{
	static const struct {
		const char *log, *states;
	} rows[] = {
		{OWN("Completed"), "p...s"},  {OWN("Not Applicable"), "s...s"}, {OWN("NotApplicable"), "s...s"},
		{OWN("Timeout"), "t...s"},    {OWN("Spaceout"), "m...s"},       {OWN("Uncertain"), "u...s"},
		{OWN("Tool error"), "c...s"}, {OWN("FAIL"), "v...s"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		expect_states("000000000.dvl.xml", rows[i].log, rows[i].states);
	}
}

Test(dvl, a_defect_alone_is_one_and_meanings_name_other_rules)
{
	struct import_meaning meanings[] = {
		{.text = "SpinLock", .length = 8, .option = IMPORT_ONLY, .kind = KIND_DOUBLE_ACQUIRE}};
	static const char both[] = "<SDV><Rule Name='SpinLock' Status='Fail'/>"
							   "<Defects><Defect RuleName='SpinlockRelease'/></Defects></SDV>";

	expect_states("000000000.dvl.xml", both, "v...s");
	cr_expect_str_eq(findings_of(&import, 0), "- 0");
	cr_assert(read_log("000000000.dvl.xml", both, meanings, 1), "%s", diag.message);
	cr_expect_str_eq(findings_of(&import, 0), "double-acquire 0");
	cr_expect(meanings[0].matched);
}

Test(dvl, a_log_in_the_form_that_is_known_is_taken_for_what_it_says)
{
	struct buf text = {0};

	cr_assert(buf_read_file(&text, "oracle/import/test/dvl/000000000.dvl.xml", DVL_BYTES));
	cr_assert(dvl_read(&import, "000000000.dvl.xml", text.data, text.len, NULL, 0, &diag), "%s",
	          diag.message);
	cr_expect_str_eq(states_of(&import), "v...s");
	buf_free(&text);
}

Test(dvl, what_is_not_known_is_refused_at_its_place)
{
	static const struct {
		const char *name, *text, *message;
		unsigned line, column;
	} rows[] = {
		{"0.dvl.xml", "", "empty, no log of SDV", 1, 1},
		{"0.dvl.xml", "hello", "syntax error", 1, 1},
		{"0.dvl.xml", "<SDV>", "no element found", 1, 6},
		{"0.dvl.xml", "<Log/>", "<Log> is not known as a log", 1, 1},
		{"0.dvl.xml", "<Rule/>", "<Rule> is not known as a log", 1, 1},
		{"0.dvl.xml", "<SDV>\n <Results/>\n</SDV>", "<Results> is not known in <SDV>", 2, 2},
		{"0.dvl.xml", "<SDV><Rules><Defect RuleName='a'/></Rules></SDV>", "<Defect> is not known in <Rules>",
	     1, 13},
		{"0.dvl.xml", "<SDV Colour='red'/>", "<SDV> has no attribute 'Colour'", 1, 1},
		{"0.dvl.xml", "<SDV>\nx</SDV>", "text where elements are expected", 2, 1},
		{"0.dvl.xml", "<SDV>\n\n<Rule Name='a'/></SDV>", "rule 'a' has no result", 3, 1},
		{"0.dvl.xml", "<SDV><Rule Result='Pass'/></SDV>", "<Rule> names no rule", 1, 6},
		{"0.dvl.xml", "<SDV><Defect/></SDV>", "<Defect> names no rule", 1, 6},
		{"0.dvl.xml", "<SDV><Rule Name='a' Result='Perhaps'/></SDV>", "'Perhaps', which is none of SDV's", 1,
	     6},
		{"0.dvl.xml", "<SDV><Rule Name='a' RuleName='b' Result='Pass'/></SDV>", "beside another", 1, 6},
		{"0.dvl.xml", "<!DOCTYPE SDV [<!ENTITY a 'b'>]><SDV>&a;</SDV>", "a document type", 1, 15},
		{"0.dvl.xml", "<!DOCTYPE SDV SYSTEM 'http://x/y'><SDV/>", "a document type", 1, 34},
		{"0.dvl.xml", "<SDV>&a;</SDV>", "undefined entity", 1, 6},
		{"0.dvl.xml", "<SDV/><SDV/>", "junk after document element", 1, 7},
		{"7.dvl.xml", OWN("Pass"), "the manifest has no driver '7'", 0, 0},
		{"2.dvl.xml", OWN("Pass"), "driver '000000002' is of several cases", 0, 0},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char name[32];

		snprintf(name, sizeof name, "%s%s", rows[i].name[0] == '7' ? "" : "00000000", rows[i].name);
		cr_expect_not(read_log(name, rows[i].text, NULL, 0), "%s", rows[i].text);
		cr_expect(strstr(diag.message, rows[i].message), "%s: %s", rows[i].text, diag.message);
		cr_expect(diag.line == rows[i].line && diag.column == rows[i].column, "%s: %u:%u", rows[i].text,
		          diag.line, diag.column);
		cr_expect_str_eq(states_of(&import), "....s", "%s", rows[i].text);
	}
}

Test(dvl, no_part_of_a_log_passes_for_one)
{
	static const char whole[] = OWN("Pass");

	for (size_t length = 0; length + 1 < sizeof whole; length++) {
		char *part = strndup(whole, length);

		cr_expect_not(read_log("000000000.dvl.xml", part, NULL, 0), "%s", part);
		free(part);
	}
}
