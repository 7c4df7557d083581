/* lesson_path: a trace as lines of code, with the locks that are held behind each. See lesson.h.
 *
 *   holds  line
 *   -        14 | KeAcquireSpinLock(...)
 */
#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "lesson.h"
#include "verdict.h"

/* "a b", or "-"; the locks that the request may choose in their place are A B C. */
static void
put_held(struct buf *out, uint8_t held)
{
	size_t begin = out->len;

	for (unsigned i = 0; i < TRACE_LOCKS; i++)
		if (held >> i & 1)
			buf_printf(out, "%s%c", out->len > begin ? " " : "",
			           i < RULE_LOCKS ? lock_letter(i) : toupper(lock_letter(i % RULE_LOCKS)));
	if (out->len == begin)
		buf_putc(out, '-');
}

/* The line of the harness that asks for its unknown number `number`, with the answer in its place. */
static void
put_entry(struct buf *out, const char *harness, unsigned number, unsigned value)
{
	static const char unknown[] = "LK_UNKNOWN()";
	const char *at = strstr(harness, unknown), *begin, *end;

	while (at && number--)
		at = strstr(at + 1, unknown);
	if (!at)
		return;
	for (begin = at; begin > harness && begin[-1] != '\n';)
		begin--;
	begin += strspn(begin, "\t ");
	end = at + strcspn(at, "\n");
	buf_add(out, begin, (size_t)(at - begin));
	buf_printf(out, "%u", value);
	at += sizeof unknown - 1;
	buf_add(out, at, (size_t)(end - at));
}

static void
put_code(struct buf *out, const struct lesson_path *path, const struct trace_step *step)
{
	struct lesson_line line = lesson_line(path->body, step->line);

	while (line.length && isspace((unsigned char)*line.text)) {
		line.text++;
		line.length--;
	}
	buf_add(out, line.text, (size_t)line.length);
	if (step->what == STEP_CHOICE)
		buf_printf(out, "  -> %u", step->value);
}

enum { LINE_NAME = 24 };

static void
name_line(char name[LINE_NAME], const struct lesson_path *path, uint32_t line)
{
	const struct lesson_text *text = path->text;

	if (!line)
		snprintf(name, LINE_NAME, "entry");
	else if (path->own_lines)
		snprintf(name, LINE_NAME, "%u", line);
	else if (line > text->lines)
		snprintf(name, LINE_NAME, "second:%u", text_span_line(&text->span, LINE_SECOND + line - text->lines));
	else
		snprintf(name, LINE_NAME, "%u", text_span_line(&text->span, line));
}

void
lesson_path_each(const struct lesson_path *path, const struct trace *trace, unsigned last, const char *end,
                 void (*row)(void *to, const struct lesson_row *row), void *to)
{
	uint8_t *held = calloc(trace->steps + 1U, sizeof *held);
	struct lesson_fault fault;
	struct buf holds = {0}, code = {0};
	unsigned entries = 0;

	if (!held)
		die("out of memory");
	lesson_judge(path->of, trace, &fault, held);
	for (unsigned i = 0; i < trace->steps && i <= last; i++) {
		const struct trace_step *step = &trace->step[i];
		char line[LINE_NAME];

		buf_clear(&holds);
		buf_clear(&code);
		put_held(&holds, held[i]);
		name_line(line, path, step->line);
		if (step->line)
			put_code(&code, path, step);
		else if (step->what == STEP_CHOICE)
			put_entry(&code, buf_string(&path->text->behind), entries++, step->value);
		if (step->line || step->what == STEP_CHOICE)
			row(to, &(struct lesson_row){holds.data, line, buf_string(&code)});
	}
	if (end)
		row(to, &(struct lesson_row){trace->steps ? holds.data : "-", "end", end});
	buf_free(&holds);
	buf_free(&code);
	free(held);
}

const char *
lesson_path_end(const struct trace *trace, const struct lesson_fault *fault)
{
	if (fault->is && fault->step < trace->steps)
		return NULL;
	if (trace->end == TRACE_STOPPED)
		return "the system stops: nothing is judged behind it";
	return trace->end != TRACE_RETURNED ? "and so on" : "the routine has returned";
}

/* on stdout */

/* The next line waits for Enter, where someone sits there. */
static void
wait_for_enter(void)
{
	int c;

	fflush(stdout);
	do {
		c = getchar();
	} while (c != '\n' && c != EOF);
}

static void
print_row(void *to, const struct lesson_row *row)
{
	const struct lesson_path *path = to;
	struct buf text = {0};

	buf_printf(&text, "%-5s %9s | %s", row->held, row->line, row->code);
	if (path->step && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) {
		fputs(text.data, stdout);
		wait_for_enter();
	} else {
		command_print_cut(&text, false);
	}
	buf_free(&text);
}

void
lesson_path_print(const struct lesson_path *path, const struct trace *trace, unsigned last, const char *end)
{
	struct lesson_path mine = *path;

	puts("holds      line");
	lesson_path_each(path, trace, last, end, print_row, &mine);
}
