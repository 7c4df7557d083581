/* A growing byte string. See buf.h. */
#include "buf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SHORT = 64 }; /* most of what is printed fits in so many bytes, and is printed once */

void
buf_grow(struct buf *buf, size_t more)
{
	size_t need = buf->len + more + 1;
	size_t cap = buf->cap ? buf->cap : 256;

	if (need < more || need > SIZE_MAX / 4)
		die("out of memory (%zu bytes)", more);
	if (need <= buf->cap)
		return; /* no realloc of the same size: AddressSanitizer copies everything each time */
	while (cap < need)
		cap *= 2;
	buf->data = realloc(buf->data, cap);
	if (!buf->data)
		die("out of memory (%zu bytes)", cap);
	buf->cap = cap;
	buf->data[buf->len] = 0;
}

void
buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args, again;
	size_t room;
	int length;

	buf_grow(buf, SHORT);
	room = buf->cap - buf->len;
	va_start(args, format);
	va_copy(again, args);
	length = vsnprintf(buf->data + buf->len, room, format, args);
	if (length < 0)
		bug("bad format %s", format);
	if ((size_t)length >= room) {
		buf_grow(buf, (size_t)length);
		vsnprintf(buf->data + buf->len, (size_t)length + 1, format, again);
	}
	buf->len += (size_t)length;
	va_end(again);
	va_end(args);
}

void
buf_strings(struct buf *buf, ...)
{
	const char *string;
	va_list args;

	va_start(args, buf);
	while ((string = va_arg(args, const char *)))
		buf_add_word(buf, string, strlen(string));
	va_end(args);
}

void
buf_number(struct buf *buf, unsigned long long number)
{
	char digits[24];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	buf_add(buf, digits + at, sizeof digits - at);
}

int
buf_read_file(struct buf *buf, const char *path, size_t limit)
{
	int file = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : dup(STDIN_FILENO);
	ssize_t got;
	int error;

	if (file < 0)
		return 0;
	do {
		buf_grow(buf, 64 * 1024);
		got = read(file, buf->data + buf->len, 64 * 1024);
		if (got > 0)
			buf->len += (size_t)got;
		if (got < 0 && errno == EINTR)
			continue;
	} while (got > 0 && buf->len <= limit);
	error = got < 0 ? errno : buf->len > limit ? EFBIG : 0;
	buf->data[buf->len] = 0;
	close(file);
	errno = error;
	return !error;
}

void
buf_free(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){0};
}

size_t
buf_newlines(const char *bytes, size_t length)
{
	size_t count = 0;

	for (const char *newline; length && (newline = memchr(bytes, '\n', length)); count++) {
		length -= (size_t)(newline + 1 - bytes);
		bytes = newline + 1;
	}
	return count;
}
