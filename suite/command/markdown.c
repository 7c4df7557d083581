/* Markdown as blocks. See markdown.h.
 *
 * A block begins where its first line says so, and ends before a line that is empty or begins another one;
 * code and tables end by rules of their own. Within a line there are four marks: `code`, **bold**,
 * [text](address) and ![text](picture).
 */
#include "markdown.h"

#include <assert.h>
#include <string.h>

const char *
markdown_line_end(const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));

	return newline ? newline : end;
}

const char *
markdown_skip_blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at;
}

/* Length of "- ", "* " or "12. " at this place; 0 where there is none. */
static unsigned
item_mark(const char *at, const char *end)
{
	const char *c = at;

	if (end - at > 1 && (*at == '-' || *at == '*') && at[1] == ' ')
		return 2;
	while (c < end && *c >= '0' && *c <= '9')
		c++;
	return c > at && end - c > 1 && c[0] == '.' && c[1] == ' ' ? (unsigned)(c - at) + 2 : 0;
}

/* Whether a paragraph or item ends before this line. */
static bool
begins_block(const char *line, const char *end)
{
	const char *at = markdown_skip_blanks(line, end);

	return at == end || *at == '\n' || *at == '|' || *line == '#' || item_mark(at, end) ||
	       (end - at > 2 && !strncmp(at, "```", 3));
}

/* All lines from `at` on that hold the predicate's answer; the byte behind the last one. */
static const char *
take_lines(const char *at, const char *end, bool (*stops)(const char *line, const char *end))
{
	while (at < end && !stops(at, end)) {
		at = markdown_line_end(at, end);
		at += at < end;
	}
	return at;
}

static bool
ends_table(const char *line, const char *end)
{
	return line == end || *line != '|';
}

static bool
ends_code(const char *line, const char *end)
{
	return end - line > 2 && !strncmp(line, "```", 3);
}

/* ```LANGUAGE FILE begins the text of a file. */
static void
find_file_name(struct block *block, const char *line)
{
	const char *end = markdown_line_end(line, block->begin), *at = line;

	while (at < end && *at != ' ')
		at++;
	block->mark = markdown_skip_blanks(at, end);
	block->mark_length = (unsigned)(end - block->mark);
}

bool
markdown_next(const char **at, const char *end, struct block *block)
{
	const char *line = *at, *text;

	while (line < end &&
	       (text = markdown_skip_blanks(line, end), text == end || *text == '\n' || *text == '\r'))
		line = text < end ? markdown_line_end(text, end) + 1 : end;
	if (line >= end)
		return false;
	text = markdown_skip_blanks(line, end);
	*block = (struct block){.kind = BLOCK_TEXT, .begin = line, .level = (unsigned)(text - line)};
	if (ends_code(line, end)) {
		block->kind = BLOCK_CODE;
		block->begin = markdown_line_end(line, end);
		block->begin += block->begin < end;
		find_file_name(block, line);
		block->end = take_lines(block->begin, end, ends_code);
		*at = markdown_line_end(block->end, end);
	} else if (*line == '#') {
		block->kind = BLOCK_HEADING;
		block->level = (unsigned)strspn(line, "#");
		block->begin = markdown_skip_blanks(line + block->level, end);
		block->end = *at = markdown_line_end(line, end);
	} else if (*line == '|') {
		block->kind = BLOCK_TABLE;
		block->end = *at = take_lines(line, end, ends_table);
	} else {
		block->mark_length = item_mark(text, end);
		block->kind = block->mark_length ? BLOCK_ITEM : BLOCK_TEXT;
		block->mark = text;
		block->begin = text + block->mark_length;
		text = markdown_line_end(text, end);
		block->end = *at = take_lines(text < end ? text + 1 : end, end, begins_block);
	}
	assert(block->begin <= block->end && *at > line);
	return true;
}

/* marks within a line */

/* The link's text is [begin, *close); returns the byte behind the link, or NULL where none begins here. */
static const char *
find_link(const char *at, const char *end, const char **close)
{
	const char *closing = memchr(at, ']', (size_t)(end - at)), *behind;

	if (*at != '[' || !closing || closing + 1 >= end || closing[1] != '(')
		return NULL;
	behind = memchr(closing, ')', (size_t)(end - closing));
	*close = closing;
	return behind ? behind + 1 : NULL;
}

void
markdown_put(struct buf *out, const char *at, const char *end, const struct style *style)
{
	const char *close = NULL, *behind = NULL, *found;
	bool is_code = false, is_bold = false;

	while (at < end) {
		if (*at == '`') {
			is_code = !is_code;
			buf_puts(out, is_code ? style->code_on : style->code_off);
			at++;
		} else if (!is_code && end - at > 1 && at[0] == '*' && at[1] == '*') {
			is_bold = !is_bold;
			buf_puts(out, is_bold ? style->bold_on : style->bold_off);
			at += 2;
		} else if (!is_code && !behind && (found = find_link(at, end, &close))) {
			behind = found;
			at++;
		} else if (!is_code && !behind && end - at > 1 && *at == '!' && find_link(at + 1, end, &close)) {
			at++; /* of a picture its text is left */
		} else if (behind && at == close) {
			at = behind;
			behind = NULL;
		} else if (*at == '\n' || *at == '\r') {
			at = markdown_skip_blanks(at + 1, end);
			if (at < end && *at != '\n' && out->len && out->data[out->len - 1] != ' ')
				buf_putc(out, ' ');
		} else {
			style->put(out, &at, end, is_code);
		}
	}
	if (is_code)
		buf_puts(out, style->code_off);
	if (is_bold)
		buf_puts(out, style->bold_off);
}
