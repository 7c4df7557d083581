/* adapter: built-in files load, broken ones are refused at their place, and their twins load. */
#include <criterion/criterion.h>

#include "adapter.h"
#include "answer.h"
#include "data.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(adapter, .fini = end);

/* A small adapter that loads: each test row replaces one of its lines. */
static const char *const sound[] = {
	"name: mine",
	"title: a checker of mine",
	"url: https://example.org/",
	"world: plain",
	"exe: [mine, '{self}', /opt/mine]",
	"version: {argv: ['{exe}', --version], pattern: '^(?<version>\\S+)$'}",
	"steps: [['{exe}', -o, '{dir}/out', '-I{include}', '{files}', '{spans}'], ['{self}', '{x-}']]",
	"exit: [0, 255]",
	"complete: {pattern: '^done$'}",
	"findings: [{pattern: '^(?<file>[^:]+):(?<line>[0-9]+): twice', kind: double-acquire}]",
	"ignore: ['lock order']",
	"unknown: ['case (?<case>[0-9]+): timeout']",
	"pack: 200",
	"seconds: 20",
	"seconds-case: 0.25",
	"output: 8388608",
	"readings: {SpinlockRelease: slic7600}",
};

enum { SOUND_LINES = sizeof sound / sizeof *sound };

/* Line `number` (from 1; 0: none) is `line`; parses it all. */
static bool
parse_with(struct adapter *adapter, unsigned number, const char *line, struct diag *diag)
{
	struct buf text = {0};
	bool parsed;

	for (unsigned i = 0; i < SOUND_LINES; i++)
		buf_printf(&text, "%s\n", i + 1 == number ? line : sound[i]);
	parsed = adapter_parse(adapter, &arena, "mine.yaml", text.data, text.len, diag);
	buf_free(&text);
	return parsed;
}

Test(adapter, sound_is_read)
{
	struct adapter adapter;
	struct diag diag;

	cr_assert(parse_with(&adapter, 0, NULL, &diag), "%u:%u: %s", diag.line, diag.column, diag.message);
	cr_assert_str_eq(adapter.name, "mine");
	cr_assert_str_eq(adapter.world->name, "plain");
	cr_assert_eq(adapter.exes, 3);
	cr_assert_eq(adapter.version.arguments, 2);
	cr_assert_eq(adapter.steps, 2);
	cr_assert_eq(adapter.step[0].arguments, 6);
	cr_assert_str_eq(adapter.step[0].argument[3], "-I{include}");
	cr_assert_str_eq(adapter.step[0].argument[4], "{files}");
	cr_assert(adapter.exits == 2 && adapter.exit[1].status == 255 && !adapter.exit_is_verdict);
	cr_assert(adapter.complete == COMPLETE_PATTERN && adapter.complete_pattern);
	cr_assert_eq(adapter.patterns, 3);
	cr_assert(adapter.pattern[0].ignores && adapter.pattern[0].kind == KIND_COUNT);
	cr_assert(adapter.pattern[1].says_unknown && !adapter.pattern[1].ignores);
	cr_assert(adapter.pattern[2].kind == KIND_DOUBLE_ACQUIRE && !adapter.pattern[2].says_unknown);
	cr_assert(adapter.pack == 200 && adapter.output == 8388608);
	cr_assert(adapter.seconds == 20 && adapter.seconds_case == 0.25);
	cr_assert_eq(strlen(adapter.bytes), adapter.length);
	adapter_free(&adapter);
}

struct row {
	unsigned number; /* of the line that is replaced */
	const char *line;
	unsigned at_line, at_column; /* 0: it loads */
	const char *message;         /* that the message holds */
};

static const struct row broken[] = {
	{1, "name: Mine", 1, 7, "small letters"},
	{1, "name: ''", 1, 7, "small letters"},
	{1, "nam: mine", 1, 1, "'name' is missing"},
	{2, "title: one\ntitle: two", 3, 1, "'title' is there already"},
	{2, "title: &a one", 2, 8, "anchors"},
	{3, "url: *a", 3, 6, "aliases"},
	{3, "url: !!str one", 3, 6, "tags"},
	{4, "world: plane", 4, 8, "no world 'plane'"},
	{4, "world: [plain]", 4, 8, "expected a word"},
	{4, "world: \"two\\nlines\"", 4, 8, "no world 'two lines'"},
	{5, "exe: []", 5, 6, "1 to 4 programs"},
	{5, "exe: [a, b, c, d, e]", 5, 6, "1 to 4 programs"},
	{5, "exe: [bin/mine]", 5, 7, "path from the root"},
	{6, "version: {argv: ['{exe}'], pattern: '^(.*)$'}", 6, 37, "(?<version>...)"},
	{6, "version: {argv: ['{exe}', '{file}'], pattern: '(?<version>.)'}", 6, 27, "no {file} here"},
	{6, "version: {argv: ['{exe}', '{repeat}'], pattern: '(?<version>.)'}", 6, 27, "no {repeat} here"},
	{6, "version: {argv: ['{exe}', '{files}'], pattern: '(?<version>.)'}", 6, 27, "no {files} here"},
	{6, "version: {argv: ['{exe}'], pattern: '(?<version>.)', more: 1}", 6, 54, "unknown key 'more'"},
	{6, "version: {argv: ['{exe}']}", 6, 10, "'pattern' is missing"},
	{7, "steps: [['{exe}', '-I{inc}', '{file}']]", 7, 19, "no {inc} here"},
	{7, "steps: [['{exe}', '-c{files}']]", 7, 19, "{files} is several arguments"},
	{7, "steps: [['{exe}', '{files}', '{file-s}', '{filess}']]", 7, 42, "no {filess} here"},
	{7, "steps: [['{exe}', '{entry}']]", 7, 8, "harness of one case"},
	{7, "steps: [['{exe}'], []]", 7, 20, "list of 1 to 48 arguments"},
	{7, "steps: [[['{exe}']]]", 7, 10, "expected an argument"},
	{7, "steps: ['{exe}']", 7, 9, "expected a list"},
	{7, "steps: [['{exe}'], [cat, '{file}']]", 7, 21, "path of a program"},
	{7, "steps: [['', '{file}']]", 7, 10, "path of a program"},
	{8, "exit: [0, 256]", 8, 11, "0 to 255"},
	{8, "exit: [-1]", 8, 8, "0 to 255"},
	{8, "exit: []", 8, 7, "1 to 8 exit"},
	{8, "exit: 0", 8, 7, "1 to 8 exit"},
	{8, "exit: {0: pass, 10: violation}", 13, 7, "whole number from 1 to 1"}, /* pack: 200 */
	{8, "exit: {0: pass, ten: violation}", 8, 22, "0 to 255"},
	{8, "exit: {0: pass, 10: violated}", 8, 21, "expected one of: pass, violation, unknown"},
	{8, "exit: {0: [pass]}", 8, 11, "expected one of: pass, violation, unknown"},
	{9, "complete: always", 9, 11, "canary, exit"},
	{9, "complete: {pattern: 'done('}", 9, 27, "bad pattern"},
	{9, "complete: {pattern: a)b}", 9, 22, "bad pattern"},
	{9, "complete: {pattern: done[}", 9, 25, "not YAML"},
	{10, "findings: []", 10, 11, "at least one"},
	{10, "findings: [{pattern: 'x(?<line>[0-9]+', kind: none}]", 10, 38, "bad pattern"},
	{10, "findings: [{pattern: '[0-9]+', kind: none}]", 10, 22, "one of the groups"},
	{10, "findings: [{pattern: '(?<line>.)(?<case>.)', kind: none}]", 10, 22, "one of the groups"},
	{10, "findings: [{pattern: '(?<line>.)', kind: none}]", 10, 22, "the group (?<file>...) too"},
	{10, "findings: [{pattern: '(?<case>.)', kind: twice}]", 10, 42, "expected one of: double-acquire"},
	{10, "findings: [{pattern: '(?<line>.)'}]", 10, 12, "'kind' is missing"},
	{11, "ignore: 'lock order'", 11, 9, "expected a list"},
	{11, "ignore: ['']", 11, 10, "expected a pattern"},
	{11, "ignore: ['a', 'b**)']", 11, 18, "bad pattern"},
	{12, "unknown: ['(?<line>.)(?<case>.)']", 12, 11, "one of the groups"},
	{12, "unknown: ['(?<line>.)']", 12, 11, "the group (?<file>...) too"},
	{13, "pack: 0", 13, 7, "whole number from 1"},
	{13, "pack: 12x", 13, 7, "whole number from 1"},
	{13, "packs: 12", 13, 1, "unknown key 'packs'; did you mean 'pack'?"},
	{14, "seconds: 1e9", 14, 10, "seconds from 0.1"},
	{14, "seconds: nan", 14, 10, "seconds from 0.1"},
	{14, "seconds: 0", 14, 10, "seconds from 0.1"},
	{15, "seconds-case: -1", 15, 15, "seconds from 0"},
	{15, "seconds-case: 1.", 15, 15, "seconds from 0"},
	{16, "output: 1", 16, 9, "whole number from 4096"},
	{17, "readings: [slic7600]", 17, 11, "keys with values"},
	{17, "readings: {SpinlockRelease: [a]}", 17, 29, "name of a reading"},
	{17, "kinds: []", 17, 8, "1 to 13"},
	{17, "kinds: missing-release", 17, 8, "expected a list"},
	{17, "kinds: [double-acquire, none]", 17, 25, "expected one of: double-acquire"},
	{17, "kinds: [missing-release]", 10, 70, "'double-acquire' is none of the adapter's `kinds`"},
	{17, "files: {a: [b]}", 17, 12, "text of the file"},
	{17, "files: {../a: b}", 17, 15, "a file's name has letters"},
	{17, "files: {.a: b}", 17, 13, "a file's name has letters"},
	{17, "files: {'': b}", 17, 13, "a file's name has letters"},
	{17, "files: {a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9}", 17, 8, "more than 8 files"},
	{17, "colour: red", 17, 1, "unknown key 'colour'"},
	{17, "a: [[[[[[[[]]]]]]]]", 17, 11, "nested too deep"},
	{17, "--- {}", 17, 1, "second document"},
};

static const struct row twins[] = {
	{3, "# no url", 0, 0, NULL},
	{13, "# no pack", 0, 0, NULL},
	{14, "# no seconds", 0, 0, NULL},
	{15, "# no seconds-case", 0, 0, NULL},
	{16, "# no output", 0, 0, NULL},
	{1, "name: 'mine-2'", 0, 0, NULL},
	{4, "world: pthread", 0, 0, NULL},
	{5, "exe: [a, b, c, d]", 0, 0, NULL},
	{6, "# no version", 0, 0, NULL},
	{7, "steps: [['{exe}', '{}', '{x', '{ file }', '{include}{file}']]", 0, 0, NULL},
	{7, "steps: [['{exe}'], ['{dir}/made'], [./made], [/bin/cat, '{file}']]", 0, 0, NULL},
	{7, "steps: [['{exe}', '{files}', '{file}', '{files}']]", 0, 0, NULL},
	{8, "exit: [0, 1, 2, 3, 4, 5, 6, 007]", 0, 0, NULL},
	{9, "complete: canary", 0, 0, NULL},
	{9, "complete: exit", 0, 0, NULL},
	{10, "findings: [{pattern: \"(?<case>\\\\d+)\", kind: none}]", 0, 0, NULL},
	{11, "ignore: []", 0, 0, NULL},
	{12, "unknown: ['timeout']", 0, 0, NULL}, /* on the whole file */
	{14, "seconds: 0.1", 0, 0, NULL},
	{15, "seconds-case: 0", 0, 0, NULL},
	{17, "readings: {}", 0, 0, NULL},
	{17, "files: {locks.h: '', a-b_c.d: 'int main(void);'}", 0, 0, NULL},
	{17, "", 0, 0, NULL},
};

Test(adapter, broken_are_refused_at_their_place)
{
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		const struct row *row = &broken[i];
		struct adapter adapter;
		struct diag diag;

		cr_assert(!parse_with(&adapter, row->number, row->line, &diag), "%s", row->line);
		cr_expect(diag.line == row->at_line && diag.column == row->at_column &&
		              strstr(diag.message, row->message),
		          "%s: %u:%u: %s", row->line, diag.line, diag.column, diag.message);
		cr_expect_str_eq(diag.file, "mine.yaml");
		cr_expect(diag.excerpt[0], "%s: no excerpt", row->line);
	}
}

Test(adapter, all_that_is_wrong_is_told_at_once)
{
	static const char *const wrong[] = {
		"mine.yaml:2:1: error: unknown key 'titel'; did you mean 'title'?",
		"mine.yaml:3:8: error: there is no world 'moon'",
		"mine.yaml:5:19: error: there is no {flies} here",
		"mine.yaml:7:36: error: bad pattern: ",
		"mine.yaml:8:45: error: expected one of: double-acquire",
		"mine.yaml:9:9: error: expected a whole number from 4096",
	};
	static const char text[] =
		"name: Mine\ntitel: t\nworld: moon\nexe: [mine]\nsteps: [['{exe}', '{flies}']]\n"
		"findings:\n  - {pattern: 'case ((?<case>[0-9]+', kind: none}\n"
		"  - {pattern: 'case (?<case>[0-9]+)', kind: twice}\noutput: 1\n";
	struct adapter adapter;
	struct diag diag;

	cr_assert(!adapter_parse(&adapter, &arena, "mine.yaml", text, sizeof text - 1, &diag));
	cr_expect(diag.line == 1 && strstr(diag.message, "the key 'title'"), "%s", diag.message);
	cr_expect(strstr(diag.more, "mine.yaml:1:7: error: a name has small letters"), "%s", diag.more);
	cr_expect(strstr(diag.more, "mine.yaml:1:1: error: the keys 'exit' and 'complete'"), "%s", diag.more);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		cr_expect(strstr(diag.more, wrong[i]), "%s is not told:\n%s", wrong[i], diag.more);
}

Test(adapter, twins_load)
{
	for (size_t i = 0; i < sizeof twins / sizeof *twins; i++) {
		struct adapter adapter;
		struct diag diag;

		cr_assert(parse_with(&adapter, twins[i].number, twins[i].line, &diag), "%s: %u:%u: %s", twins[i].line,
		          diag.line, diag.column, diag.message);
		adapter_free(&adapter);
	}
}

/* An adapter whose exit status is its verdict; `more` are further lines. */
static bool
parse_verdict(struct adapter *adapter, const char *more, struct diag *diag)
{
	struct buf text = {0};
	bool parsed;

	buf_printf(&text,
	           "name: mine\ntitle: mine\nurl: u\nworld: model\nexe: [mine]\nseconds: 1\n"
	           "steps: [['{exe}', --function, '{entry}', '{file}', '{include}/stop.c']]\n"
	           "exit: {0: pass, 10: violation, 6: unknown}\nfiles: {stop.c: 'void stop(void) {}'}\n%s\n",
	           more);
	parsed = adapter_parse(adapter, &arena, "mine.yaml", text.data, text.len, diag);
	buf_free(&text);
	return parsed;
}

Test(adapter, an_exit_status_may_be_a_verdict)
{
	struct adapter adapter;
	struct diag diag;

	cr_assert(parse_verdict(&adapter, "", &diag), "%u:%u: %s", diag.line, diag.column, diag.message);
	cr_assert(adapter.exit_is_verdict && adapter.exits == 3 && adapter.pack == 1);
	cr_assert(adapter.exit[1].status == 10 && adapter.exit[1].says == SAYS_VIOLATION);
	cr_assert(adapter.exit[2].status == 6 && adapter.exit[2].says == SAYS_UNKNOWN);
	cr_assert(adapter.complete == COMPLETE_EXIT && adapter.files == 1);
	cr_assert_str_eq(adapter.file[0].text, "void stop(void) {}");
	adapter_free(&adapter);
	cr_assert(parse_verdict(&adapter, "complete: {pattern: '^done'}\npack: 1", &diag), "%s", diag.message);
	adapter_free(&adapter);
	cr_assert(!parse_verdict(&adapter, "complete: canary", &diag));
	cr_assert(diag.line == 10 && strstr(diag.message, "no canary stands"), "%s", diag.message);
}

Test(adapter, kinds_that_it_knows_are_read_and_read_back)
{
	static const char junk[] = "exe_hash: x", half[] = "kinds: [order, nonsense, [double-acquire]]",
					  none[] = "- kinds";
	struct adapter adapter;
	struct diag diag;

	cr_assert(parse_with(&adapter, 17, "kinds: [missing-release, double-acquire]", &diag), "%s",
	          diag.message);
	cr_expect_eq(adapter.kinds, 1U << KIND_MISSING_RELEASE | 1U << KIND_DOUBLE_ACQUIRE);
	cr_expect_eq(adapter_kinds(adapter.bytes, adapter.length), adapter.kinds);
	adapter_free(&adapter);
	cr_assert(parse_with(&adapter, 0, NULL, &diag));
	cr_expect(!adapter.kinds && !adapter_kinds(adapter.bytes, adapter.length));
	adapter_free(&adapter);
	cr_expect_eq(adapter_kinds(junk, sizeof junk - 1), 0);
	cr_expect_eq(adapter_kinds(none, sizeof none - 1), 0);
	cr_expect_eq(adapter_kinds(half, sizeof half - 1), 1U << KIND_ORDER);
}

Test(adapter, large_files_are_refused)
{
	struct buf text = {0};
	struct adapter adapter;
	struct diag diag;

	for (unsigned i = 0; i < SOUND_LINES; i++)
		buf_printf(&text, "%s\n", sound[i]);
	while (text.len < 64 * 1024)
		buf_putc(&text, '#');
	cr_assert(adapter_parse(&adapter, &arena, "mine.yaml", text.data, text.len, &diag));
	adapter_free(&adapter);
	buf_putc(&text, '#');
	cr_assert(!adapter_parse(&adapter, &arena, "mine.yaml", text.data, text.len, &diag));
	cr_assert(strstr(diag.message, "65536"));
	buf_free(&text);
}

Test(adapter, built_in_load)
{
	const char **names;
	size_t count = adapter_list(&arena, &names);

	cr_assert(count >= 8);
	for (size_t i = 0; i < count; i++) {
		struct adapter adapter;
		struct diag diag;

		cr_assert(adapter_load(&adapter, &arena, names[i], &diag), "%s: %u:%u: %s", diag.file, diag.line,
		          diag.column, diag.message);
		cr_assert(!i || strcmp(names[i - 1], names[i]) < 0);
		adapter_free(&adapter);
	}
}

Test(adapter, declared_readings_exist)
{
	const char **names, **rules;
	size_t count = adapter_list(&arena, &names), known = rule_list(&arena, &rules);

	for (size_t i = 0; i < count; i++) {
		struct adapter adapter;
		struct diag diag;

		cr_assert(adapter_load(&adapter, &arena, names[i], &diag));
		for (unsigned j = 0; j < adapter.readings; j++) {
			struct rule rule;
			unsigned index;

			cr_assert(rule_load(&rule, &arena, adapter.reading[j].rule, &diag), "%s", diag.message);
			cr_assert(rule_find_reading(&rule, adapter.reading[j].reading, &index), "%s: %s", names[i],
			          adapter.reading[j].reading);
			cr_assert_eq(adapter_reading(&adapter, &rule), index);
		}
		for (size_t j = 0; j < known && !adapter.readings; j++) {
			struct rule rule;

			cr_assert(rule_load(&rule, &arena, rules[j], &diag));
			cr_assert_eq(adapter_reading(&adapter, &rule), rule.headline);
		}
		adapter_free(&adapter);
	}
}

Test(adapter, unknown_name_lists_the_known)
{
	struct adapter adapter;
	struct diag diag;

	cr_assert(!adapter_load(&adapter, &arena, "spares", &diag));
	cr_assert(strstr(diag.message, "'spares'") && strstr(diag.message, "but 'sparse' is one"));
	cr_assert(!adapter_load(&adapter, &arena, "../rules/SpinlockRelease", &diag));
	adapter_free(&adapter);
}

Test(adapter, exe_is_looked_up)
{
	struct adapter adapter;
	struct diag diag;
	const char *path;

	cr_assert(parse_with(&adapter, 5, "exe: [no-such-program-here, sh]", &diag));
	cr_assert(adapter_find_exe(&adapter, "/self", &arena, &path));
	cr_assert(path[0] == '/' && !strcmp(strrchr(path, '/'), "/sh"), "%s", path);
	adapter_free(&adapter);
	cr_assert(parse_with(&adapter, 5, "exe: [no-such-program-here, '{self}']", &diag));
	cr_assert(adapter_find_exe(&adapter, "/self", &arena, &path));
	cr_assert_str_eq(path, "/self");
	adapter_free(&adapter);
	cr_assert(parse_with(&adapter, 5, "exe: [no-such-program-here, /no/such]", &diag));
	cr_assert(!adapter_find_exe(&adapter, "/self", &arena, &path));
	cr_assert_null(path);
	adapter_free(&adapter);
}

Test(adapter, answers_have_names)
{
	for (unsigned i = 0; i < ANSWER_COUNT; i++)
		cr_assert_eq(answer_find(answer_name((enum answer_state)i)), i);
	cr_assert_eq(answer_find("perhaps"), ANSWER_COUNT);
}

Test(adapter, placeholders_of_an_argument_are_filled_in_and_others_stay)
{
	static const char *const values[] = {"exe", "/bin/it", "dir", "/tmp/{exe}", NULL};
	static const char *const rows[][2] = {
		{"{exe}", "/bin/it"},
		{"-o{dir}/out", "-o/tmp/{exe}/out"},
		{"{exe}{exe}", "/bin/it/bin/it"},
		{"{{exe}}", "{/bin/it}"},
		{"{file} {ex {exe {}", "{file} {ex {exe {}"},
		{"", ""},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_assert_str_eq(adapter_argument(&arena, rows[i][0], values), rows[i][1]);
}
