/* lesson_check: the file of a solution: what it may not hold. See lesson_check.h.
 *
 * Nothing here makes a solution right or wrong; it keeps those out that would talk to what judges them, and
 * not do what the exercise asks. What gets round it runs under limits all the same.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "lesson_check.h"

enum { FILE_MOST = 1 << 20 };

/* Without a byte order mark, and lines ended by a newline alone. */
static void
end_lines(struct buf *text)
{
	size_t from = !strncmp(buf_string(text), "\xef\xbb\xbf", 3) ? 3 : 0, to = 0;

	for (; from < text->len; from++)
		if (text->data[from] != '\r' || text->data[from + 1] != '\n')
			text->data[to++] = text->data[from];
	if (text->data)
		text->data[to] = 0;
	text->len = to;
}

bool
lesson_check_read(struct checking *c, struct diag *diag)
{
	if (!buf_read_file(&c->file, c->path, FILE_MOST)) {
		diag_set(diag, c->path, 0, 0, "cannot read: %s", strerror(errno));
		return false;
	}
	if (strlen(buf_string(&c->file)) != c->file.len) {
		diag_set(diag, c->path, 0, 0, "this is no text: it holds a zero byte");
		return false;
	}
	end_lines(&c->file);
	return true;
}

/* Names of the recording model, and what gets round it. */
static bool
is_forbidden(const char *word, size_t length)
{
	static const char *const begins[] = {"native_", "lockdrill_", "Lockdrill", "LK_", "Lk", "__asm"};

	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		if (length >= strlen(begins[i]) && !memcmp(word, begins[i], strlen(begins[i])))
			return true;
	return length == 3 && !memcmp(word, "asm", 3);
}

static bool
is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The headers that a case may have stand before it already. */
static bool
blank_include(struct checking *c, char *line, struct diag *diag)
{
	static const char *const known[] = {"<ntddk.h>", "<wdf.h>", "<storport.h>"};
	size_t length = strcspn(line, "\n");
	char *name = line + 1 + strspn(line + 1, " \t");

	name += strlen("include");
	name += strspn(name, " \t");
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!strncmp(name, known[i], strlen(known[i]))) {
			memset(line, ' ', length);
			return true;
		}
	diag_at(diag, c->path, c->file.data, c->file.len, (size_t)(name - c->file.data),
	        "an exercise includes <ntddk.h>, <wdf.h> and <storport.h>, and nothing else");
	return false;
}

/* Signs by which a word could be made that the text does not hold. */
static size_t
making_words(const char *at)
{
	static const char *const signs[] = {"##", "%:", "\?\?"};

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (!strncmp(at, signs[i], strlen(signs[i])))
			return strlen(signs[i]);
	return at[0] == '\\' && at[1] == '\n' && is_name(at[2]) ? 1 : 0;
}

static bool
refuse(const struct checking *c, const char *at, size_t length, struct diag *diag)
{
	diag_at(diag, c->path, c->file.data, c->file.len, (size_t)(at - c->file.data),
	        "'%.*s' has no place in a solution: it belongs to what judges it, or gets round it", (int)length,
	        at);
	return false;
}

/* The words of the text, comments and strings too: who has to write these has another way to say it. False
 * with what a solution may not hold. */
bool
lesson_check_look(struct checking *c, struct diag *diag)
{
	bool begins_line = true;

	for (char *at = c->file.data; at && *at; at++) {
		size_t length = 0, making = making_words(at);

		if (making)
			return refuse(c, at, making, diag);
		if (begins_line && *at == '#' && !strncmp(at + 1 + strspn(at + 1, " \t"), "include", 7) &&
		    !blank_include(c, at, diag))
			return false;
		begins_line = *at == '\n' || (begins_line && isblank((unsigned char)*at));
		while (is_name(at[length]))
			length++;
		if (is_forbidden(at, length))
			return refuse(c, at, length, diag);
		at += length ? length - 1 : 0;
	}
	return true;
}
