/* What is wrong with an input, and where. See diag.h. */
#include "diag.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "buf.h"

static void FAIL_PRINTF(5, 0) diag_fill(struct diag *diag, const char *file, unsigned line, unsigned column,
                                        const char *format, va_list args)
{
	char message[sizeof diag->message];

	fail_escape(diag->file, sizeof diag->file, file);
	diag->line = line;
	diag->column = column;
	diag->excerpt[0] = 0;
	diag->caret = 0;
	diag->more[0] = 0;
	vsnprintf(message, sizeof message, format, args);
	fail_escape(diag->message, sizeof diag->message, message);
}

void
diag_set(struct diag *diag, const char *file, unsigned line, unsigned column, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	diag_fill(diag, file, line, column, format, args);
	va_end(args);
}

static const char gap[] = "...";

/* Whether a byte continues a character of UTF-8. */
static bool
diag_is_inner(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* Copies a line, or of a long one what stands around the caret, between gaps; control characters become
 * blanks, so that the caret fits. */
static void
diag_keep_line(struct diag *diag, const char *line, size_t length, size_t caret)
{
	enum { GAP = sizeof gap - 1, MOST = DIAG_WIDTH - 2 * GAP };
	size_t begin = 0, end = length, at;

	if (length > DIAG_WIDTH) {
		begin = caret > MOST / 2 ? caret - MOST / 2 : 0;
		begin = begin > length - MOST ? length - MOST : begin;
		end = begin + MOST;
		while (begin && begin < caret && diag_is_inner(line[begin]))
			begin++;
		while (end < length && end > caret && diag_is_inner(line[end]))
			end--;
	}
	snprintf(diag->excerpt, sizeof diag->excerpt, "%s", begin ? gap : "");
	for (at = begin ? GAP : 0; begin < end; at++, begin++) {
		unsigned char c = (unsigned char)line[begin];

		if (begin == caret)
			diag->caret = (unsigned)at;
		diag->excerpt[at] = c < ' ' || c == 127 ? ' ' : (char)c;
	}
	if (caret >= end)
		diag->caret = (unsigned)at;
	snprintf(diag->excerpt + at, sizeof diag->excerpt - at, "%s", end < length ? gap : "");
	assert(strlen(diag->excerpt) <= DIAG_WIDTH);
}

void
diag_at(struct diag *diag, const char *file, const char *text, size_t length, size_t offset,
        const char *format, ...)
{
	unsigned line = 1;
	size_t start = 0;
	const char *end;
	va_list args;

	if (offset > length)
		offset = length;
	for (size_t i = 0; i < offset; i++)
		if (text[i] == '\n') {
			line++;
			start = i + 1;
		}
	va_start(args, format);
	diag_fill(diag, file, line, (unsigned)(offset - start) + 1, format, args);
	va_end(args);
	end = memchr(text + start, '\n', length - start);
	end = end ? end : text + length;
	while (end > text + start && (unsigned char)end[-1] <= ' ')
		end--;
	diag_keep_line(diag, text + start, (size_t)(end - (text + start)), offset - start);
}

/* file:line:column: error: message */
static void
put_line(struct buf *out, const struct diag *diag)
{
	buf_puts(out, diag->file[0] ? diag->file : "lockdrill");
	if (diag->line)
		buf_printf(out, ":%u", diag->line);
	if (diag->line && diag->column)
		buf_printf(out, ":%u", diag->column);
	buf_printf(out, ": error: %s\n", diag->message);
}

void
diag_add(struct diag *diag, const struct diag *further)
{
	static const char and_more[] = "and more\n";
	size_t used = strlen(diag->more);
	struct buf line = {0};

	put_line(&line, further);
	if (used + line.len + sizeof and_more <= sizeof diag->more)
		memcpy(diag->more + used, line.data, line.len + 1);
	else if (used < sizeof and_more || strcmp(diag->more + used - (sizeof and_more - 1), and_more) != 0)
		memcpy(diag->more + used, and_more, sizeof and_more);
	buf_free(&line);
}

void
diag_print(FILE *stream, const struct diag *diag)
{
	struct buf line = {0};

	put_line(&line, diag);
	fputs(line.data, stream);
	buf_free(&line);
	if (diag->excerpt[0])
		fprintf(stream, "    %s\n    %*s\n", diag->excerpt, (int)diag->caret + 1, "^");
	fputs(diag->more, stream);
}
