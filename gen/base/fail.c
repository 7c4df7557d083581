/* Ending the process. See fail.h. */
#include "fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
fail_escape(char *out, size_t size, const char *text)
{
	size_t at = 0;

	/* Four bytes are the longest that one becomes. */
	for (; *text && at + 4 < size; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '\n' || c == '\r' || c == '\t')
			out[at++] = ' ';
		else if (c < ' ' || c == 127)
			at += (size_t)snprintf(out + at, size - at, "\\x%02x", c);
		else
			out[at++] = *text;
	}
	out[at] = 0;
}

void
die(const char *format, ...)
{
	char message[4096], escaped[4096];
	int error = errno;
	size_t length = strlen(format);
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	fail_escape(escaped, sizeof escaped, message);
	fprintf(stderr, "lockdrill: %s", escaped);
	if (length && format[length - 1] == ':')
		fprintf(stderr, " %s", strerror(error));
	fputc('\n', stderr);
	exit(2);
}

void
bug_at(const char *file, int line, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "lockdrill: bug at %s:%d: ", file, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}
