/* The pages of the manual: Markdown to text and to roff. See page.h.
 *
 * How to read it: next_block cuts a page into blocks, a heading, paragraph, item, table or code each; one function a block and
 * output prints it. Both outputs know the same few marks within a line: `code`, **bold** and [text](address).
 */
#include "page.h"

#include <assert.h>
#include <string.h>

enum { NAME_MOST = 64, COLUMNS_MOST = 8, CODE_INDENT = 4, MAN_WIDTH = 72 };

/* finding pages */

size_t
page_list(struct arena *arena, const char ***names)
{
	static const char prefix[] = "manual/";
	size_t count = data_list(arena, prefix, names), kept = 0;

	for (size_t i = 0; i < count; i++) {
		const char *name = (*names)[i] + sizeof prefix - 1;
		size_t length = strlen(name);

		if (length > 3 && !strcmp(name + length - 3, ".md") && !strchr(name, '/'))
			(*names)[kept++] = arena_copy(arena, name, length - 3);
	}
	return kept;
}

bool
page_find(struct arena *arena, const char *name, struct data_file *file)
{
	struct buf path = {0};
	bool found;

	buf_printf(&path, "manual/%s.md", name);
	found = strlen(name) <= NAME_MOST && data_find(arena, path.data, file);
	buf_free(&path);
	return found;
}

const char *
page_heading(struct arena *arena, const char *name)
{
	struct data_file file;

	if (!page_find(arena, name, &file) || strncmp(file.bytes, "# ", 2))
		return "";
	return arena_copy(arena, file.bytes + 2, strcspn(file.bytes + 2, "\r\n"));
}

/* blocks */

enum block_kind { BLOCK_HEADING, BLOCK_TEXT, BLOCK_ITEM, BLOCK_CODE, BLOCK_TABLE };

struct block {
	enum block_kind kind;
	unsigned level;          /* of a heading: how many #; of an item: how far it is indented */
	const char *begin, *end; /* without the marks of its kind */
	const char *mark;        /* of an item: "- ", "1. ": mark_length bytes */
	unsigned mark_length;
};

static const char *
line_end(const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));

	return newline ? newline : end;
}

static const char *
skip_blanks(const char *at, const char *end)
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
	const char *at = skip_blanks(line, end);

	return at == end || *at == '\n' || *at == '|' || *line == '#' || item_mark(at, end) ||
	       (end - at > 2 && !strncmp(at, "```", 3));
}

/* All lines from `at` on that hold the predicate's answer; the byte behind the last one. */
static const char *
take_lines(const char *at, const char *end, bool (*stops)(const char *line, const char *end))
{
	while (at < end && !stops(at, end)) {
		at = line_end(at, end);
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

/* The next block; false at the end of the page. Moves *at behind it. */
static bool
next_block(const char **at, const char *end, struct block *block)
{
	const char *line = *at, *text;

	while (line < end && (text = skip_blanks(line, end), text == end || *text == '\n' || *text == '\r'))
		line = text < end ? line_end(text, end) + 1 : end;
	if (line >= end)
		return false;
	text = skip_blanks(line, end);
	*block = (struct block){.kind = BLOCK_TEXT, .begin = line, .level = (unsigned)(text - line)};
	if (ends_code(line, end)) {
		block->kind = BLOCK_CODE;
		block->begin = line_end(line, end);
		block->begin += block->begin < end;
		block->end = take_lines(block->begin, end, ends_code);
		*at = line_end(block->end, end);
	} else if (*line == '#') {
		block->kind = BLOCK_HEADING;
		block->level = (unsigned)strspn(line, "#");
		block->begin = skip_blanks(line + block->level, end);
		block->end = *at = line_end(line, end);
	} else if (*line == '|') {
		block->kind = BLOCK_TABLE;
		block->end = *at = take_lines(line, end, ends_table);
	} else {
		block->mark_length = item_mark(text, end);
		block->kind = block->mark_length ? BLOCK_ITEM : BLOCK_TEXT;
		block->mark = text;
		block->begin = text + block->mark_length;
		text = line_end(text, end);
		block->end = *at = take_lines(text < end ? text + 1 : end, end, begins_block);
	}
	assert(block->begin <= block->end && *at > line);
	return true;
}

/* marks within a line */

/* What stands for a mark, or for a byte. */
struct style {
	const char *code_on, *code_off, *bold_on, *bold_off;
	void (*put)(struct buf *out, const char **at, const char *end, bool is_code); /* takes one character */
};

static void
put_plain(struct buf *out, const char **at, const char *end, bool is_code)
{
	(void)end;
	(void)is_code;
	buf_putc(out, *(*at)++);
}

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

/* A block's words, its lines joined. */
static void
put_inline(struct buf *out, const char *at, const char *end, const struct style *style)
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
		} else if (behind && at == close) {
			at = behind;
			behind = NULL;
		} else if (*at == '\n' || *at == '\r') {
			at = skip_blanks(at + 1, end);
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

/* text */

static const struct style text_style = {"`", "`", "", "", put_plain};

/* Columns that a text fills; a character of UTF-8 fills one. */
static size_t
columns(const char *text, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += ((unsigned char)text[i] & 0xC0) != 0x80;
	return count;
}

void
page_fill(struct buf *out, const char *text, size_t column, size_t indent, size_t width)
{
	bool is_first = true;

	while (*text) {
		size_t length = strcspn(text, " "), wide = columns(text, length);

		if (!is_first && column + 1 + wide > width) {
			buf_printf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (!is_first) {
			buf_putc(out, ' ');
			column++;
		}
		buf_add(out, text, length);
		column += wide;
		text += length + strspn(text + length, " ");
		is_first = false;
	}
	buf_putc(out, '\n');
}

static void
put_filled(struct buf *out, const struct block *block)
{
	size_t indent = block->kind == BLOCK_ITEM ? block->level + block->mark_length : 0;
	struct buf words = {0};

	put_inline(&words, block->begin, block->end, &text_style);
	if (block->kind == BLOCK_ITEM)
		buf_printf(out, "%*s%.*s", (int)block->level, "", (int)block->mark_length, block->mark);
	page_fill(out, buf_string(&words), indent, indent, PAGE_WIDTH);
	buf_free(&words);
}

/* The widest of a block's lines. */
static size_t
widest(const struct block *block)
{
	size_t most = 0;

	for (const char *at = block->begin, *end; at < block->end; at = end + 1) {
		end = line_end(at, block->end);
		most = columns(at, (size_t)(end - at)) > most ? columns(at, (size_t)(end - at)) : most;
	}
	return most;
}

/* Code is set off by as many columns as are left. */
static void
put_code(struct buf *out, const struct block *block)
{
	size_t most = widest(block), room = most < PAGE_WIDTH ? PAGE_WIDTH - most : 0;

	for (const char *at = block->begin, *end; at < block->end; at = end + 1) {
		end = line_end(at, block->end);
		if (end > at)
			buf_printf(out, "%*s", (int)(room < CODE_INDENT ? room : CODE_INDENT), "");
		buf_printf(out, "%.*s\n", (int)(end - at), at);
	}
}

/* tables */

struct row {
	unsigned cells;
	struct buf cell[COLUMNS_MOST];
};

/* Takes a line `| a | b |`; a bar within backquotes is a character, and so is `\|`. */
static void
read_row(struct row *row, const char *at, const char *end)
{
	row->cells = 0;
	at++;
	while (at < end && row->cells < COLUMNS_MOST) {
		struct buf raw = {0}, *cell = &row->cell[row->cells];
		bool is_code = false;

		buf_clear(cell);
		for (at = skip_blanks(at, end); at < end && (is_code || *at != '|'); at++) {
			is_code ^= *at == '`';
			if (*at == '\\' && end - at > 1 && at[1] == '|')
				at++;
			buf_putc(&raw, *at);
		}
		put_inline(cell, buf_string(&raw), buf_string(&raw) + raw.len, &text_style);
		while (cell->len && (cell->data[cell->len - 1] == ' ' || cell->data[cell->len - 1] == '\r'))
			cell->data[--cell->len] = 0;
		buf_free(&raw);
		at++;
		row->cells++;
		if (at >= end)
			break;
	}
}

static bool
is_rule(const struct row *row)
{
	const char *text = row->cells ? buf_string(&row->cell[0]) : "";

	return *text && !text[strspn(text, "-:")];
}

static void
free_row(struct row *row)
{
	for (unsigned i = 0; i < COLUMNS_MOST; i++)
		buf_free(&row->cell[i]);
}

/* Columns as wide as their widest cell; the last one is filled into what is left. */
static void
put_table(struct buf *out, const struct block *block, size_t width)
{
	size_t wide[COLUMNS_MOST] = {0};
	struct row row = {0};

	for (const char *at = block->begin, *end; at < block->end; at = end + 1) {
		end = line_end(at, block->end);
		read_row(&row, at, end);
		for (unsigned i = 0; i < row.cells && !is_rule(&row); i++)
			if (columns(buf_string(&row.cell[i]), row.cell[i].len) > wide[i])
				wide[i] = columns(buf_string(&row.cell[i]), row.cell[i].len);
	}
	for (const char *at = block->begin, *end; at < block->end; at = end + 1) {
		size_t column = 0;

		end = line_end(at, block->end);
		read_row(&row, at, end);
		for (unsigned i = 0; i < row.cells && !is_rule(&row); i++) {
			const char *text = buf_string(&row.cell[i]);

			if (i + 1 == row.cells) {
				page_fill(out, text, column, column, width);
				break;
			}
			buf_printf(out, "%s%*s  ", text, (int)(wide[i] - columns(text, row.cell[i].len)), "");
			column += wide[i] + 2;
		}
	}
	free_row(&row);
}

void
page_print_text(struct buf *out, const char *text, size_t length)
{
	const char *at = text, *end = text + length;
	enum block_kind before = BLOCK_HEADING;
	struct block block;

	for (bool first = true; next_block(&at, end, &block); first = false) {
		if (!first && !(block.kind == BLOCK_ITEM && before == BLOCK_ITEM))
			buf_putc(out, '\n');
		before = block.kind;
		if (block.kind == BLOCK_HEADING)
			buf_printf(out, "%.*s %.*s\n", (int)block.level, "######", (int)(block.end - block.begin),
			           block.begin);
		else if (block.kind == BLOCK_CODE)
			put_code(out, &block);
		else if (block.kind == BLOCK_TABLE)
			put_table(out, &block, PAGE_WIDTH);
		else
			put_filled(out, &block);
	}
}

/* man pages */

/* Reads one character of UTF-8 and moves *at behind it; a byte that is none stands for itself. */
static unsigned long
take_character(const char **at, const char *end)
{
	unsigned char lead = (unsigned char)*(*at)++;
	unsigned more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
	unsigned long code = more ? lead & (0x3FU >> more) : lead;

	for (; more && *at < end; more--)
		code = code << 6 | ((unsigned char)*(*at)++ & 0x3F);
	return code;
}

static const struct {
	char character;
	const char *roff;
} escapes[] = {{'\\', "\\e"}, {'^', "\\(ha"}, {'~', "\\(ti"}, {'`', "\\(ga"}, {'\'', "\\(aq"}};

static void
put_roff(struct buf *out, const char **at, const char *end, bool is_code)
{
	unsigned long code = take_character(at, end);

	if (code > 126) {
		buf_printf(out, "\\[u%04lX]", code);
		return;
	}
	for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
		if ((char)code == escapes[i].character) {
			buf_puts(out, escapes[i].roff);
			return;
		}
	buf_puts(out, is_code && code == '-' ? "\\" : !is_code && code == '.' && !out->len ? "\\&" : "");
	buf_putc(out, (char)code);
}

void
page_put_roff(struct buf *out, const char *text)
{
	const char *end = text + strlen(text);

	while (text < end)
		put_roff(out, &text, end, true);
}

static const struct style man_style = {"\\fB", "\\fR", "\\fB", "\\fR", put_roff};

/* Lines that roff leaves alone. */
static void
put_lines(struct buf *out, const char *at, const char *end)
{
	buf_puts(out, ".PP\n.nf\n.RS 4\n");
	for (const char *next; at < end; at = next + 1) {
		next = line_end(at, end);
		if (at < next && (*at == '.' || *at == '\''))
			buf_puts(out, "\\&");
		while (at < next)
			put_roff(out, &at, next, true);
		buf_putc(out, '\n');
	}
	buf_puts(out, ".RE\n.fi\n");
}

void
page_print_man(struct buf *out, const char *text, size_t length)
{
	const char *at = text, *end = text + length;
	struct buf words = {0};
	struct block block;

	while (next_block(&at, end, &block)) {
		buf_clear(&words);
		if (block.kind == BLOCK_HEADING && block.level == 1) {
			buf_puts(out, ".SH DESCRIPTION\n");
			continue;
		}
		if (block.kind == BLOCK_TABLE) {
			put_table(&words, &block, MAN_WIDTH);
			put_lines(out, buf_string(&words), buf_string(&words) + words.len);
			continue;
		}
		if (block.kind == BLOCK_CODE) {
			put_lines(out, block.begin, block.end);
			continue;
		}
		put_inline(&words, block.begin, block.end, &man_style);
		if (block.kind == BLOCK_HEADING)
			buf_printf(out, ".%s ", block.level == 2 ? "SH" : "SS");
		else if (block.kind == BLOCK_ITEM)
			buf_printf(out, ".IP %s 4\n", block.mark_length == 2 ? "\\(bu" : "\\(en");
		else
			buf_puts(out, ".PP\n");
		buf_printf(out, "%s\n", buf_string(&words));
	}
	buf_free(&words);
}
