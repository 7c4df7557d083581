/* Bytes as a pattern of an adapter and as what a checker printed: the pattern is refused, or what it matches
 * is said of a case of the pack and of a line of its body. The pattern ends at the first NUL; both streams
 * are what stands behind it. */
#include <jansson.h>
#include <stdint.h>
#include <string.h>

#include "prog.h"
#include "said.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CASES = 3, LINES = 10 };

/* A scalar in single quotes, in which they are doubled. */
static void
put_quoted(struct buf *out, const char *text)
{
	buf_putc(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			buf_putc(out, '\'');
		buf_putc(out, *text);
	}
	buf_putc(out, '\'');
}

static bool
parse(struct adapter *adapter, struct arena *arena, const char *pattern)
{
	struct buf text = {0};
	struct diag diag;
	bool ok;

	buf_puts(
		&text,
		"name: fuzz\ntitle: t\nurl: u\nworld: plain\nexe: [sh]\nsteps: [['{exe}', '{files}']]\nexit: [0]\n"
		"complete: {pattern: '^done$'}\npack: 3\nseconds: 1\nseconds-case: 0\noutput: 65536\nfindings:\n"
		"  - {pattern: '^(?<file>[^:]+):(?<line>[0-9]+): bad', kind: none}\n  - {kind: double-acquire, pattern: ");
	put_quoted(&text, pattern);
	buf_puts(&text, "}\n");
	ok = adapter_parse(adapter, arena, "fuzz", arena_copy(arena, text.data, text.len), text.len, &diag);
	if (!ok && (!diag.message[0] || strchr(diag.message, '\n')))
		bug("refused without a message of one line");
	buf_free(&text);
	return ok;
}

/* A message stands where there is something to say, and can be shown. */
static void
check_message(const struct said *said, struct arena *arena)
{
	const char *message = message_text(&said->message, arena);
	json_t *string = json_string(message);

	if (message && (!said->violates && !said->unknown))
		bug("a message on nothing");
	if (message && (strlen(message) > MESSAGE_MOST || !string))
		bug("a message that is too long, or not UTF-8");
	json_decref(string);
}

static void
check_said(const struct said *said, const struct text_span *span)
{
	if (said->count && !said->violates)
		bug("a finding, and no guilt");
	for (unsigned i = 0; i < said->count; i++) {
		uint32_t line = said->finding[i].line;

		if (said->finding[i].kind > KIND_COUNT)
			bug("kind %u", said->finding[i].kind);
		if (line > LINE_SECOND ? line - LINE_SECOND > span->helpers_lines : line > span->lines)
			bug("line %u is not of the body", (unsigned)line);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text_span span[CASES + 1];
	static char directory[] = "/tmp/run/1", text[] = "/tmp/run/1/pack.c", helpers[] = "/tmp/run/1/helpers.c";
	static const struct suite_case cases[CASES] = {{.number = 0}, {.number = 17}, {.number = 4000000000}};
	const struct suite_case *all[CASES] = {&cases[0], &cases[1], &cases[2]};
	struct pack pack = {.cases = all,
	                    .count = CASES,
	                    .span = span,
	                    .spans = CASES + 1,
	                    .two_files = true,
	                    .directory = directory,
	                    .path = {text, helpers}};
	struct process process = {.exited = true};
	const uint8_t *end = memchr(data, 0, size);
	struct arena arena = {0};
	struct adapter adapter;
	struct buf why = {0};
	struct said *said;

	if (!end)
		return 0;
	for (unsigned i = 0; i <= CASES; i++)
		span[i] = (struct text_span){3 + (LINES + 2) * i, LINES, 2 + LINES * i, LINES / 2};
	if (parse(&adapter, &arena, (const char *)data)) {
		size_t rest = size - (size_t)(end + 1 - data);

		buf_add(&process.stdout_text, (const char *)end + 1, rest / 2);
		buf_add(&process.stderr_text, (const char *)end + 1 + rest / 2, rest - rest / 2);
		if (said_read(&adapter, &pack, &process, NULL, &said, &why) == ANSWER_PASS)
			for (unsigned i = 0; i <= CASES; i++)
				check_said(&said[i], &span[i]), check_message(&said[i], &arena);
		buf_free(&why);
		buf_free(&process.stdout_text);
		buf_free(&process.stderr_text);
		arena_free(&pack.arena);
		adapter_free(&adapter);
	}
	arena_free(&arena);
	return 0;
}
