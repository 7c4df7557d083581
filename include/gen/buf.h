/* A growing byte string.
 *
 * Invariants: `data` is NULL or holds `cap` > `len` bytes, and data[len] is 0. A zeroed struct buf is
 * empty and ready. Running out of memory ends the process (die).
 */
#ifndef BUF_H
#define BUF_H

#include <stddef.h>
#include <string.h>

#include "fail.h"

struct buf {
	char *data; /* owned; NULL while nothing was added */
	size_t len; /* bytes in use */
	size_t cap; /* bytes allocated */
};

/* Makes room for `more` bytes and the NUL. */
void buf_grow(struct buf *buf, size_t more);
void buf_printf(struct buf *buf, const char *format, ...) FAIL_PRINTF(2, 3);
/* Reads a whole stream or file; false with errno set when that fails or exceeds `limit` bytes (EFBIG). */
int buf_read_file(struct buf *buf, const char *path, size_t limit);
void buf_number(struct buf *buf, unsigned long long number);
void buf_free(struct buf *buf);
/* How many newlines there are among so many bytes. */
size_t buf_newlines(const char *bytes, size_t length);

static inline void
buf_add(struct buf *buf, const char *bytes, size_t len)
{
	if (buf->cap - buf->len <= len || !buf->data)
		buf_grow(buf, len);
	memcpy(buf->data + buf->len, bytes, len);
	buf->len += len;
	buf->data[buf->len] = 0;
}

/* memcpy for what is mostly a word or two, where a call costs more than the copying: up to 32 bytes go as two
 * words, which overlap where they have to. */
static inline void
buf_copy(char *to, const char *from, size_t len)
{
	if (__builtin_constant_p(len) || len > 32) {
		memcpy(to, from, len);
	} else if (len >= 16) {
		memcpy(to, from, 16);
		memcpy(to + len - 16, from + len - 16, 16);
	} else if (len >= 8) {
		memcpy(to, from, 8);
		memcpy(to + len - 8, from + len - 8, 8);
	} else if (len >= 4) {
		memcpy(to, from, 4);
		memcpy(to + len - 4, from + len - 4, 4);
	} else {
		for (; len; len--)
			*to++ = *from++;
	}
}

/* As buf_add, of any length, but made for such bytes. */
static inline void
buf_add_word(struct buf *buf, const char *bytes, size_t len)
{
	if (buf->cap - buf->len <= len)
		buf_grow(buf, len);
	buf_copy(buf->data + buf->len, bytes, len);
	buf->len += len;
	buf->data[buf->len] = 0;
}

static inline void
buf_puts(struct buf *buf, const char *string)
{
	buf_add(buf, string, strlen(string));
}

/* Adds strings, of which the last is followed by NULL: several times as fast as buf_printf with %s. */
void buf_strings(struct buf *buf, ...);
#define buf_all(buf, ...) buf_strings((buf), __VA_ARGS__, (const char *)NULL)

static inline void
buf_putc(struct buf *buf, char c)
{
	if (buf->cap - buf->len <= 1)
		buf_grow(buf, 1);
	buf->data[buf->len++] = c;
	buf->data[buf->len] = 0;
}

static inline void
buf_clear(struct buf *buf)
{
	buf->len = 0;
	if (buf->data)
		buf->data[0] = 0;
}

/* The content as a string, "" where nothing was added. */
static inline const char *
buf_string(const struct buf *buf)
{
	return buf->data ? buf->data : "";
}

#endif
