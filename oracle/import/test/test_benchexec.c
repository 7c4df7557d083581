/* benchexec: results answer for the task's case, by one property; what is not known is refused at its place;
 * what is packed is unpacked, up to a limit. */
#include "import_cases.h"

#include <bzlib.h>

#include "benchexec.h"

static struct import import;
static struct benchexec benchexec;
static struct diag diag;

static void
end(void)
{
	import_free(&import);
}

TestSuite(benchexec, .fini = end);

/* Reads results into fresh cases, of which b violates. A text's `'` stand for `"`. */
static bool
read_results(const char *text)
{
	struct buf results = {0};
	bool ok;

	import_free(&import);
	place_cases(&import);
	import.of[1].violates = true;
	benchexec = (struct benchexec){.property = benchexec.property};
	diag = (struct diag){.message = ""};
	for (; *text; text++)
		buf_putc(&results, *text == '\'' ? '"' : *text);
	ok = benchexec_read(&import, &benchexec, "results.xml", buf_string(&results), results.len, &diag);
	buf_free(&results);
	return ok;
}

#define RUN(name, properties, columns) \
	"<run name='" name "' properties='" properties "' files='x'>\n" columns "\n</run>"
#define COLUMN(title, value) "<column title='" title "' value='" value "'/>"
#define STATUS(value)                                                          \
	"<result tool='T' version='1.0'>\n" RUN("c/000000000.yml", "unreach-call", \
	                                        COLUMN("status", value)) "</result>"

Test(benchexec, every_status_has_its_answer)
{
	static const struct {
		const char *results, *states;
	} rows[] = {
		{STATUS("true"), "p...."},
		{STATUS("true(unreach-call)"), "p...."},
		{STATUS("false"), "v...."},
		{STATUS("false(unreach-call)"), "v...."},
		{STATUS("unknown"), "u...."},
		{STATUS("unknown (bound reached)"), "u...."},
		{STATUS("done"), "u...."},
		{STATUS("TIMEOUT"), "t...."},
		{STATUS("TIMEOUT (false(unreach-call))"), "t...."},
		{STATUS("OUT OF MEMORY"), "m...."},
		{STATUS("OUT OF MEMORY (true)"), "m...."},
		{STATUS("ERROR (parse error)"), "c...."},
		{STATUS("KILLED BY SIGNAL 9"), "c...."},
		{STATUS("SEGMENTATION FAULT"), "c...."},
		{STATUS(""), "....."},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_assert(read_results(rows[i].results), "%s: %s", rows[i].results, diag.message);
		cr_expect_str_eq(states_of(&import), rows[i].states, "%s: %s", rows[i].results, states_of(&import));
	}
}

Test(benchexec, a_status_of_the_tools_own_is_what_its_category_says)
{
	cr_assert(
		read_results("<result>" RUN("000000000.yml", "unreach-call",
	                                COLUMN("status", "gave up") COLUMN("category", "unknown")) "</result>"));
	cr_expect_str_eq(states_of(&import), "u....");
	cr_assert(
		read_results("<result>" RUN("000000000.yml", "unreach-call",
	                                COLUMN("category", "error") COLUMN("status", "BROKEN")) "</result>"));
	cr_expect_str_eq(states_of(&import), "c....");
}

Test(benchexec, measures_message_tool_and_categories_are_kept)
{
	struct answer answer;

	cr_assert(
		read_results(
			"<?xml version='1.0'?>\n<!DOCTYPE result PUBLIC 'a' 'b'>\n"
			"<result tool='My\ttool' version='1.0-x &#xe9;' memlimit='1B'><columns><column title='status'/></columns>\n"
			"<systeminfo hostname='h'><cpu cores='2'/></systeminfo>\n" RUN(
				"000000001.yml", "unreach-call",
				COLUMN("status", "false(unreach-call)") COLUMN("walltime", "0.25s") COLUMN("memory", "4096B")
					COLUMN("cputime", "9s") COLUMN("category", "correct"))
				RUN("000000000.yml", "unreach-call", COLUMN("status", "false") COLUMN("category", "wrong"))
					RUN("000000000.yml", "no-lock-violation", COLUMN("status", "true")) "</result>"),
		"%s", diag.message);
	cr_expect_str_eq(states_of(&import), "vv...");
	import_answer(&import, 1, &answer);
	cr_expect_float_eq(answer.seconds, 0.25, 1e-9);
	cr_expect_eq(answer.memory, 4096);
	cr_expect_str_eq(message_of(&import, 1), "false(unreach-call)");
	cr_expect_str_eq(benchexec.tool, "My_tool");
	cr_expect_str_eq(benchexec.version, "1.0-x___");
	cr_expect_eq(benchexec.category[CATEGORY_CORRECT], 1);
	cr_expect_eq(benchexec.category[CATEGORY_WRONG], 1);
	cr_expect_eq(benchexec.others, 1);
}

Test(benchexec, the_property_can_be_another)
{
	const char *both = "<result>" RUN("000000000.yml", "unreach-call", COLUMN("status", "true"))
		RUN("000000000.yml", "no-lock-violation", COLUMN("status", "false")) "</result>";

	cr_assert(read_results(both));
	cr_expect_str_eq(states_of(&import), "p....");
	benchexec.property = "no-lock-violation";
	cr_assert(read_results(both));
	cr_expect_str_eq(states_of(&import), "v....");
}

Test(benchexec, what_a_task_expects_must_be_what_the_suite_says)
{
	cr_expect(read_results(
		"<result><run name='000000001.yml' properties='unreach-call' expectedVerdict='false'/></result>"));
	cr_expect(read_results(
		"<result><run name='000000000.yml' properties='unreach-call' expectedVerdict='true'/></result>"));
	cr_expect_not(read_results(
		"<result><run name='000000000.yml' properties='unreach-call' expectedVerdict='false'/></result>"));
	cr_expect_str_eq(
		diag.message,
		"task '000000000.yml' expects false, and the suite says otherwise: it is of another version");
	cr_expect_not(read_results(
		"<result><run name='000000001.yml' properties='unreach-call' expectedVerdict='true'/></result>"));
}

Test(benchexec, what_is_wrong_is_refused_at_its_place)
{
	static const struct {
		const char *results;
		unsigned line;
		const char *message;
	} rows[] = {
		{"", 1, "no element found"},
		{"<result>", 1, "no element found"},
		{"<SDV/>", 1, "<SDV> is no <result> of BenchExec"},
		{"<result>\n<run properties='unreach-call'/></result>", 2, "a <run> without a name"},
		{"<result>\n<run name='000000000.yml'/></result>", 2, "names no property"},
		{"<result>\n<run name='000000000.yml' properties='unreach-call'><run/></run></result>", 2,
	     "a <run> in a <run>"},
		{"<result>" RUN("000000009.yml", "unreach-call", "") "</result>", 1,
	     "no case for the task '000000009.yml'"},
		{"<result>" RUN("000000002.yml", "unreach-call", "") "</result>", 1,
	     "holds several cases: gen with --pack 1"},
		{STATUS("perhaps"), 4, "status 'perhaps' is none that is known"},
		{"<result>" RUN("000000000.yml", "unreach-call",
	                    COLUMN("status", "true") COLUMN("walltime", "soon")) "</result>",
	     3, "walltime 'soon' is no number of seconds"},
		{"<result>" RUN("000000000.yml", "unreach-call",
	                    COLUMN("status", "true") COLUMN("memory", "-1B")) "</result>",
	     3, "memory '-1B' is no number of bytes"},
		{"<result>" RUN("000000000.yml", "unreach-call",
	                    COLUMN("status", "true") COLUMN("category", "fair")) "</result>",
	     3, "category 'fair' is none of BenchExec's"},
		{"<result>" RUN("000000000.yml", "unreach-call", COLUMN("status", "true")) "\n" RUN(
			 "000000000.yml", "unreach-call", COLUMN("status", "true")) "</result>",
	     4, "has an answer already at line 1"},
		{"<!DOCTYPE result [<!ENTITY a 'b'>]><result/>", 1, "entities of its own"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_expect_not(read_results(rows[i].results), "%s", rows[i].results);
		cr_expect_eq(diag.line, rows[i].line, "%s: line %u", rows[i].results, diag.line);
		cr_expect(strstr(diag.message, rows[i].message), "%s: %s", rows[i].results, diag.message);
	}
}

/* Packs as bzip2 does. */
static void
pack(struct buf *to, const char *text, size_t length)
{
	unsigned room = (unsigned)length + 1000;
	char *packed = malloc(room), *copy = malloc(length + 1);

	cr_assert(packed && copy);
	memcpy(copy, text, length);
	cr_assert_eq(BZ2_bzBuffToBuffCompress(packed, &room, copy, (unsigned)length, 9, 0, 0), BZ_OK);
	buf_add(to, packed, room);
	free(packed);
	free(copy);
}

Test(benchexec, what_is_packed_is_unpacked_up_to_a_limit)
{
	struct buf text = {0};
	char large[300000];

	memset(large, 'x', sizeof large);
	pack(&text, large, sizeof large);
	cr_assert(benchexec_unpack(&text, sizeof large, "r.xml.bz2", &diag), "%s", diag.message);
	cr_expect_eq(text.len, sizeof large);
	cr_expect_eq(memcmp(text.data, large, sizeof large), 0);
	buf_clear(&text);
	pack(&text, large, sizeof large);
	cr_expect_not(benchexec_unpack(&text, 100000, "r.xml.bz2", &diag));
	cr_expect(strstr(diag.message, "once it is unpacked"), "%s", diag.message);
	text.len -= 3;
	cr_expect_not(benchexec_unpack(&text, sizeof large, "r.xml.bz2", &diag));
	cr_expect(strstr(diag.message, "damaged or not whole"), "%s", diag.message);
	buf_clear(&text);
	pack(&text, large, 100);
	buf_puts(&text, "more");
	cr_expect_not(benchexec_unpack(&text, sizeof large, "r.xml.bz2", &diag));
	buf_clear(&text);
	buf_puts(&text, "<result/>");
	cr_expect(benchexec_unpack(&text, sizeof large, "r.xml", &diag));
	cr_expect_str_eq(text.data, "<result/>");
	buf_free(&text);
}
