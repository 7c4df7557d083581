/* The pages of the manual: how they are found, and as text. See page.h.
 *
 * markdown.c cuts a page into blocks; one function a kind of block prints it, filled or as it stands.
 * page_man.c does the same for man pages.
 */
#include "page.h"

#include <string.h>

#include "markdown.h"

enum { NAME_MOST = 64, COLUMNS_MOST = 8, CODE_INDENT = 4 };

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

/* text */

static void
put_plain(struct buf *out, const char **at, const char *end, bool is_code)
{
	(void)end;
	(void)is_code;
	buf_putc(out, *(*at)++);
}

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

	markdown_put(&words, block->begin, block->end, &text_style);
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
		end = markdown_line_end(at, block->end);
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
		end = markdown_line_end(at, block->end);
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
		for (at = markdown_skip_blanks(at, end); at < end && (is_code || *at != '|'); at++) {
			is_code ^= *at == '`';
			if (*at == '\\' && end - at > 1 && at[1] == '|')
				at++;
			buf_putc(&raw, *at);
		}
		markdown_put(cell, buf_string(&raw), buf_string(&raw) + raw.len, &text_style);
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
void
page_put_table(struct buf *out, const struct block *block, size_t width)
{
	size_t wide[COLUMNS_MOST] = {0};
	struct row row = {0};

	for (const char *at = block->begin, *end; at < block->end; at = end + 1) {
		end = markdown_line_end(at, block->end);
		read_row(&row, at, end);
		for (unsigned i = 0; i < row.cells && !is_rule(&row); i++)
			if (columns(buf_string(&row.cell[i]), row.cell[i].len) > wide[i])
				wide[i] = columns(buf_string(&row.cell[i]), row.cell[i].len);
	}
	for (const char *at = block->begin, *end; at < block->end; at = end + 1) {
		size_t column = 0;

		end = markdown_line_end(at, block->end);
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

	for (bool first = true; markdown_next(&at, end, &block); first = false) {
		if (!first && !(block.kind == BLOCK_ITEM && before == BLOCK_ITEM))
			buf_putc(out, '\n');
		before = block.kind;
		if (block.kind == BLOCK_HEADING)
			buf_printf(out, "%.*s %.*s\n", (int)block.level, "######", (int)(block.end - block.begin),
			           block.begin);
		else if (block.kind == BLOCK_CODE)
			put_code(out, &block);
		else if (block.kind == BLOCK_TABLE)
			page_put_table(out, &block, PAGE_WIDTH);
		else
			put_filled(out, &block);
	}
}
