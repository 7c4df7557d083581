/* protocol_lines: bytes as lines. See protocol.h.
 *
 * How it works: the bytes of lines that were taken stay in front of `begin` until others are added, so that a
 * line is valid as long as its caller needs it. `seen` bytes behind `begin` are known to hold no newline, so
 * that a long line that comes in pieces is looked through once.
 *
 * A line may end in CR LF, as on other systems: the CR is no part of it.
 *
 *   bytes:  [taken lines][begin: a line that is not whole, `seen` of it][added]
 */
#include <assert.h>

#include "protocol.h"

void
protocol_lines_add(struct protocol_lines *lines, const char *added, size_t length)
{
	size_t left = protocol_lines_left(lines);

	if (lines->begin) {
		memmove(lines->bytes.data, lines->bytes.data + lines->begin, left);
		lines->bytes.len = left;
		lines->begin = 0;
	}
	buf_add(&lines->bytes, added, length);
}

enum protocol_line
protocol_lines_next(struct protocol_lines *lines, const char **line, size_t *length)
{
	size_t left = protocol_lines_left(lines);
	const char *begin = buf_string(&lines->bytes) + lines->begin;
	const char *newline = left ? memchr(begin + lines->seen, '\n', left - lines->seen) : NULL;
	size_t own = newline ? (size_t)(newline - begin) : left;

	assert(lines->seen <= left && lines->most);
	*line = begin;
	*length = own < lines->most ? own : lines->most;
	lines->seen = own;
	if (own > lines->most)
		return LINE_TOO_LONG;
	if (!newline)
		return LINE_NONE;
	if (own && begin[own - 1] == '\r')
		*length = own - 1;
	lines->begin += own + 1;
	lines->seen = 0;
	lines->count++;
	return LINE_WHOLE;
}

size_t
protocol_lines_left(const struct protocol_lines *lines)
{
	assert(lines->begin <= lines->bytes.len);
	return lines->bytes.len - lines->begin;
}
