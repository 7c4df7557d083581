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

bool
lesson_check_read(struct checking *c, struct diag *diag)
{
	if (!buf_read_file(&c->file, c->path, FILE_MOST)) {
		diag_set(diag, c->path, 0, 0, "cannot read: %s", strerror(errno));
		return false;
	}
	if (strlen(buf_string(&c->file)) == c->file.len)
		return true;
	diag_set(diag, c->path, 0, 0, "this is no text: it holds a zero byte");
	return false;
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

/* The words of the text, comments and strings too: who has to write these has another way to say it. False
 * with what a solution may not hold. */
bool
lesson_check_look(struct checking *c, struct diag *diag)
{
	bool begins_line = true;

	for (char *at = c->file.data; at && *at; at++) {
		size_t length = 0;

		if (begins_line && *at == '#' && !strncmp(at + 1 + strspn(at + 1, " \t"), "include", 7) &&
		    !blank_include(c, at, diag))
			return false;
		begins_line = *at == '\n' || (begins_line && isblank((unsigned char)*at));
		while (is_name(at[length]))
			length++;
		if (is_forbidden(at, length)) {
			diag_at(diag, c->path, c->file.data, c->file.len, (size_t)(at - c->file.data),
			        "'%.*s' has no place in a solution: it belongs to what judges it, or gets round it",
			        (int)length, at);
			return false;
		}
		at += length ? length - 1 : 0;
	}
	return true;
}
