/* Places in a text, as the printer of cases lays it out: a function's name and its braces begin lines. See
 * place.h. */
#include "place.h"

#include <ctype.h>
#include <string.h>

void
lines_make(struct lines *lines, struct arena *arena, const char *text)
{
	uint32_t *offset, count = 1;

	for (const char *at = text; *at; at++)
		count += *at == '\n';
	offset = arena_alloc(arena, (count + 1) * sizeof *offset);
	*lines = (struct lines){text, 0, offset};
	for (const char *at = text; *at; at = *at ? at + 1 : at) {
		offset[lines->count++] = (uint32_t)(at - text);
		at += strcspn(at, "\n");
	}
	offset[lines->count] = (uint32_t)strlen(text);
}

const char *
lines_at(const struct lines *lines, uint32_t line, uint32_t column)
{
	if (!line || !column || line > lines->count || column > lines->offset[line] - lines->offset[line - 1])
		return NULL;
	return lines->text + lines->offset[line - 1] + column - 1;
}

uint32_t
lines_indent(const struct lines *lines, uint32_t line)
{
	return 1 + (uint32_t)strspn(lines->text + lines->offset[line - 1], " \t");
}

void
lines_place(const struct lines *lines, const char *at, uint32_t *line, uint32_t *column)
{
	uint32_t offset = (uint32_t)(at - lines->text), low = 0, high = lines->count;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (lines->offset[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	*line = low + 1;
	*column = offset - lines->offset[low] + 1;
}

/* "Dispatch(" at the beginning of a line: the name's length, or 0. */
static size_t
heading(const char *line)
{
	size_t length = 0;

	while (isalnum((unsigned char)line[length]) || line[length] == '_')
		length++;
	return line[length] == '(' ? length : 0;
}

const char *
lines_function(const struct lines *lines, uint32_t line, struct arena *arena)
{
	uint32_t brace = line;

	if (!line || line > lines->count)
		return NULL;
	for (; brace && lines->text[lines->offset[brace - 1]] != '{'; brace--)
		if (brace < line && lines->text[lines->offset[brace - 1]] == '}')
			return NULL;
	for (; brace; brace--) {
		const char *at = lines->text + lines->offset[brace - 1];
		size_t length = heading(at);

		if (length)
			return arena_copy(arena, at, length);
	}
	return NULL;
}

uint32_t
lines_function_end(const struct lines *lines, const char *name)
{
	size_t length = strlen(name);

	for (uint32_t line = 1; line <= lines->count; line++) {
		const char *at = lines->text + lines->offset[line - 1];
		uint32_t next = line;

		if (heading(at) != length || strncmp(at, name, length))
			continue;
		while (next <= lines->count && !strchr("{;", lines->text[lines->offset[next - 1]]))
			next++;
		while (next <= lines->count && lines->text[lines->offset[next - 1]] != '}')
			next++;
		return next <= lines->count ? next : 0;
	}
	return 0;
}

const char *
behind_bracket(const char *at, char open, char close)
{
	unsigned depth = 0;

	for (; *at; at++) {
		depth += *at == open;
		if (*at == close && depth && !--depth)
			return at + 1;
	}
	return NULL;
}

bool
starts_word(const char *at, const char *word)
{
	size_t length = strlen(word);

	return !strncmp(at, word, length) && !isalnum((unsigned char)at[length]) && at[length] != '_';
}
