/* said: which lines of an output are kept for which case of a pack, and as what. */
#include <criterion/criterion.h>

#include "prog.h"
#include "said.h"

static struct arena arena;
static struct adapter adapter;

static const char text_of_adapter[] =
	"name: mine\ntitle: t\nurl: u\nworld: plain\nexe: [sh]\nsteps: [['{exe}', '{files}']]\nexit: [0]\n"
	"complete: {pattern: '^done$'}\npack: 3\nseconds: 1\nseconds-case: 0\noutput: 65536\nignore: ['^ignore']\nunknown: ['^(?<file>[^:]+):(?<line>[0-9]+): gave up', '^gave up']\nfindings:\n"
	"  - {pattern: '^(?<file>[^:]+):(?<line>[0-9]+): bad', kind: double-acquire}\n"
	"  - {pattern: '^at (?<line>[0-9]+) in (?<file>[^:]+)', kind: none}\n"
	"  - {pattern: '^case (?<case>[0-9]+): bad', kind: none}\n";

static void
begin(void)
{
	struct diag diag;

	cr_assert(
		adapter_parse(&adapter, &arena, "mine.yaml", text_of_adapter, sizeof text_of_adapter - 1, &diag),
		"%u: %s", diag.line, diag.message);
}

static void
end(void)
{
	adapter_free(&adapter);
	arena_free(&arena);
}

TestSuite(said, .init = begin, .fini = end, .timeout = 10);

enum { CASES = 2 };

static const struct suite_case cases[CASES] = {{.number = 7}, {.number = 12}};

/* A pack of two cases and a canary, ten lines each, of which the second has a second part; or the second
 * alone. */
static struct pack *
make_pack(bool alone)
{
	static const struct suite_case *all[CASES] = {&cases[0], &cases[1]};
	static struct text_span span[CASES + 1] = {{3, 10, 0, 0}, {13, 10, 2, 5}, {23, 10, 0, 0}};
	static struct text_span one = {3, 10, 2, 5};
	static char directory[] = "/tmp/run/4", file[] = "/tmp/run/4/pack.c", helpers[] = "/tmp/run/4/helpers.c";
	struct pack *pack = arena_alloc(&arena, sizeof *pack);

	*pack = (struct pack){.cases = alone ? all + 1 : all,
	                      .count = alone ? 1 : CASES,
	                      .span = alone ? &one : span,
	                      .spans = alone ? 1 : CASES + 1,
	                      .two_files = true,
	                      .directory = directory,
	                      .path = {file, helpers}};
	return pack;
}

/* What is kept for a case of what a checker printed. */
static const char *
message_of(struct pack *pack, const char *printed, unsigned of, enum answer_state *state)
{
	struct process process = {.exited = true};
	struct buf why = {0};
	struct said *said;
	const char *message;

	buf_puts(&process.stdout_text, printed);
	*state = said_read(&adapter, pack, &process, NULL, &said, &why);
	message = message_text(&said[of].message, &arena);
	if (*state == ANSWER_PASS)
		*state = said_state(&said[of]);
	buf_free(&process.stdout_text);
	buf_free(&why);
	arena_free(&pack->arena);
	return message;
}

Test(said, a_line_is_kept_for_its_case_as_if_that_stood_alone)
{
	static const struct {
		const char *printed, *first, *second;
	} rows[] = {
		{"/tmp/run/4/pack.c:5: bad call of Take_0\ndone\n", "000000007.c:5: bad call of Take", NULL},
		{"/tmp/run/4/pack.c:15: bad call of Take_1, not Take_0 or Take_1_2\ndone\n", NULL,
	     "000000012.c:5: bad call of Take, not Take_0 or Take_1_2"},
		{"pack.c:14: bad\ndone\n", NULL, "000000012.c:4: bad"},
		{"/tmp/run/4/helpers.c:3: bad\ndone\n", NULL, "000000012-helpers.c:3: bad"},
		{"at 16 in /tmp/run/4/pack.c: see /tmp/run/4/work/trace\ndone\n", NULL,
	     "at 6 in 000000012.c: see work/trace"},
		{"case 1: bad\ncase 0: bad\ndone\n", "case 000000007.c: bad", "case 000000012.c: bad"},
		{"pack.c:5: bad\nignore this\nother\npack.c:6: bad\ndone\n", "000000007.c:5: bad\n000000007.c:6: bad",
	     NULL},
		{"pack.c:24: bad\ncase 2: bad\n/usr/include/x.h:5: bad\ndone\n", NULL, NULL}, /* canary, header */
		{"pack.c:5: gave up\ndone\n", "000000007.c:5: gave up", NULL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (unsigned of = 0; of < CASES; of++) {
			const char *expected = of ? rows[i].second : rows[i].first;
			enum answer_state state;
			const char *message = message_of(make_pack(false), rows[i].printed, of, &state);

			cr_expect_eq(state == ANSWER_PASS, expected == NULL, "row %zu, case %u", i, of);
			cr_expect(expected ? message && !strcmp(message, expected) : !message, "row %zu, case %u: %s", i,
			          of, message ? message : "-");
		}
}

Test(said, who_gives_up_on_a_case_alone_is_quoted)
{
	enum answer_state state;

	cr_expect_str_eq(message_of(make_pack(true), "gave up at Take_0\ndone\n", 0, &state),
	                 "gave up at Take_0");
	cr_expect_eq(state, ANSWER_UNKNOWN);
}

/* The second case is lines 13 to 22, its second part 18 to 20. */
Test(said, both_parts_of_a_case_in_one_file_have_lines_of_their_own)
{
	static const struct {
		const char *printed, *message;
		uint32_t line;
	} rows[] = {
		{"pack.c:17: bad\ndone\n", "000000012.c:7: bad", 5},
		{"pack.c:18: bad\ndone\n", "000000012.c:8: bad", LINE_SECOND + 1},
		{"pack.c:20: bad\ndone\n", "000000012.c:10: bad", LINE_SECOND + 3},
		{"pack.c:21: bad\ndone\n", "000000012.c:11: bad", 9},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct pack *pack = make_pack(false);
		struct text_span span[CASES + 1] = {{3, 10, 0, 0}, {13, 10, 18, 3}, {23, 10, 0, 0}};
		struct process process = {.exited = true};
		struct buf why = {0};
		struct said *said;

		pack->two_files = false;
		pack->span = span;
		buf_puts(&process.stdout_text, rows[i].printed);
		cr_expect_eq(said_read(&adapter, pack, &process, NULL, &said, &why), ANSWER_PASS);
		cr_assert_eq(said[1].count, 1);
		cr_expect_eq(said[1].finding[0].line, rows[i].line, "row %zu: %u", i, said[1].finding[0].line);
		cr_expect_str_eq(message_text(&said[1].message, &arena), rows[i].message);
		buf_free(&process.stdout_text);
		buf_free(&why);
		arena_free(&pack->arena);
	}
}

Test(said, an_exit_status_that_is_a_verdict_is_the_answer)
{
	static const struct {
		int status;
		const char *printed;
		enum answer_state state;
	} rows[] = {
		{0, "done\n", ANSWER_PASS},
		{10, "done\n", ANSWER_VIOLATION},
		{6, "done\n", ANSWER_UNKNOWN},
		{10, "pack.c:5: bad\ndone\n", ANSWER_VIOLATION},
		{10, "pack.c:5: gave up\ndone\n", ANSWER_VIOLATION},
		{0, "pack.c:5: bad\ndone\n", ANSWER_GARBLED}, /* it contradicts itself */
		{6, "pack.c:5: bad\ndone\n", ANSWER_GARBLED},
		{1, "done\n", ANSWER_GARBLED},
	};
	struct adapter by_status = adapter;

	by_status.exits = 3;
	by_status.exit[0] = (struct adapter_exit){0, SAYS_PASS};
	by_status.exit[1] = (struct adapter_exit){10, SAYS_VIOLATION};
	by_status.exit[2] = (struct adapter_exit){6, SAYS_UNKNOWN};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct process process = {.exited = true, .status = rows[i].status};
		struct pack *pack = make_pack(true);
		struct buf why = {0};
		struct said *said;
		enum answer_state state;

		buf_puts(&process.stdout_text, rows[i].printed);
		state = said_read(&by_status, pack, &process, NULL, &said, &why);
		if (state == ANSWER_PASS)
			state = said_state(&said[0]);
		cr_expect_eq(state, rows[i].state, "row %zu: %s: %s", i, answer_name(state), buf_string(&why));
		buf_free(&process.stdout_text);
		buf_free(&why);
		arena_free(&pack->arena);
	}
}

/* Notes what a listener is told of each line, as a letter: Dropped, Stray, Unread, else a digit: the case. */
static void
note_line(void *context, const struct said_line *line)
{
	struct buf *notes = context;

	if (said_is_stray(line))
		buf_putc(notes, 'S');
	else if (line->has_case)
		buf_printf(notes, "%u:%u ", line->of, line->line);
	else
		buf_putc(notes, line->completes ? 'C' : !line->pattern ? 'U' : line->pattern->ignores ? 'D' : 'G');
}

Test(said, a_listener_is_told_of_each_line_what_is_made_of_it)
{
	struct process process = {.exited = true};
	struct buf notes = {0}, why = {0};
	const struct said_listener listener = {note_line, &notes};
	struct pack *pack = make_pack(false);
	struct said *said;

	buf_puts(&process.stdout_text, "pack.c:5: bad\nother\nignore this: bad\npack.c:24: bad\npack.c:1: bad\n"
	                               "case 3: bad\n/usr/include/x.h:5: bad\r\n\npack.c:14: gave up\ndone\n");
	buf_puts(&process.stderr_text, "helpers.c:3: bad\ngave up\nlast");
	said_read(&adapter, pack, &process, &listener, &said, &why);
	cr_expect_str_eq(buf_string(&notes), "0:3 UD2:2 SSSU1:2 C1:1048578 GU");
	process_free(&process);
	buf_free(&notes);
	buf_free(&why);
	arena_free(&pack->arena);
}
