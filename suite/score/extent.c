/* extent: size, depth and locks of a sequence. See extent.h.
 *
 * The text is canonical, so that no rule is needed to read it: statements stand between `;`, `{` and `}`,
 * `else` is none, and a lock is a word of one letter from a to c that no `/` stands before. Where there are
 * handles, a release names one of them.
 */
#include "extent.h"

#include <stdbool.h>
#include <string.h>

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* Bit set of the locks in a statement. */
static unsigned
locks_of(const char *statement, size_t length)
{
	unsigned locks = 0;

	for (size_t i = 0; i < length; i++)
		if (statement[i] >= 'a' && statement[i] <= 'c' && i && statement[i - 1] == ' ' &&
		    (i + 1 == length || !is_word(statement[i + 1])))
			locks |= 1U << (statement[i] - 'a');
	return locks;
}

struct extent
extent_of(const char *sequence)
{
	struct extent extent = {0};
	unsigned depth = 0, locks = 0;
	bool has_handles = strchr(sequence, '/') != NULL;

	for (const char *at = sequence; *at;) {
		size_t length;

		at += strspn(at, " ;");
		length = strcspn(at, ";{}");
		if (length && strncmp(at, "else", 4) != 0) {
			extent.size++;
			if (!has_handles || strncmp(at, "rel ", 4) != 0)
				locks |= locks_of(at, length);
		}
		at += length;
		depth += *at == '{';
		depth -= *at == '}' && depth;
		extent.depth = depth > extent.depth ? depth : extent.depth;
		at += *at == '{' || *at == '}';
	}
	for (; locks; locks &= locks - 1)
		extent.locks++;
	return extent;
}
