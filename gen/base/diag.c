/* What is wrong with an input, and where. See diag.h. */
#include "diag.h"

#include <stdarg.h>
#include <string.h>

/* A message may quote its input, line breaks and all; it stays one line and does nothing to a terminal. */
static void
diag_make_line(char *message)
{
	for (; *message; message++)
		if ((unsigned char)*message < ' ' || *message == 127)
			*message = ' ';
}

static void FAIL_PRINTF(5, 0) diag_fill(struct diag *diag, const char *file, unsigned line, unsigned column,
                                        const char *format, va_list args)
{
	snprintf(diag->file, sizeof diag->file, "%s", file);
	diag->line = line;
	diag->column = column;
	diag->excerpt[0] = 0;
	vsnprintf(diag->message, sizeof diag->message, format, args);
	diag_make_line(diag->message);
}

void
diag_set(struct diag *diag, const char *file, unsigned line, unsigned column, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	diag_fill(diag, file, line, column, format, args);
	va_end(args);
}

/* Copies the line that starts at `begin`; control characters become blanks, so that the caret fits. */
static void
diag_keep_line(struct diag *diag, const char *begin, const char *end)
{
	size_t n = 0;

	while (begin < end && *begin != '\n' && n + 1 < sizeof diag->excerpt) {
		unsigned char c = (unsigned char)*begin++;

		diag->excerpt[n++] = c < ' ' || c == 127 ? ' ' : (char)c;
	}
	while (n && diag->excerpt[n - 1] == ' ')
		n--;
	diag->excerpt[n] = 0;
}

void
diag_at(struct diag *diag, const char *file, const char *text, size_t length, size_t offset,
        const char *format, ...)
{
	unsigned line = 1;
	size_t start = 0;
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
	diag_keep_line(diag, text + start, text + length);
}

void
diag_print(FILE *stream, const struct diag *diag)
{
	fputs(diag->file, stream);
	if (diag->line)
		fprintf(stream, ":%u", diag->line);
	if (diag->line && diag->column)
		fprintf(stream, ":%u", diag->column);
	fprintf(stream, ": error: %s\n", diag->message);
	if (diag->excerpt[0])
		fprintf(stream, "    %s\n    %*s\n", diag->excerpt, (int)diag->column, "^");
}
