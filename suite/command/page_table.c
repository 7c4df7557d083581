/* Tables of the pages, as text. See page.h.
 *
 * How to read it: a row's cells as text; how wide each column is; a row as lines. A table that fits has
 * columns as wide as their widest cell. In one that does not, the columns that are narrower than an equal
 * share keep their width, the others share what is left, and their cells are filled into several lines.
 */
#include "page.h"

#include <assert.h>
#include <string.h>

#include "markdown.h"

enum { COLUMNS_MOST = 8, GAP = 2 };

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
		markdown_put(cell, buf_string(&raw), buf_string(&raw) + raw.len, &page_text_style);
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

/* The columns of a table. */
struct layout {
	unsigned columns;
	size_t widest[COLUMNS_MOST]; /* its widest cell */
	size_t word[COLUMNS_MOST];   /* its longest word */
	size_t width[COLUMNS_MOST];  /* that it gets */
};

static void
grow(size_t *most, size_t width)
{
	if (*most < width)
		*most = width;
}

static void
measure(struct layout *layout, const struct row *row)
{
	if (layout->columns < row->cells)
		layout->columns = row->cells;
	for (unsigned i = 0; i < row->cells; i++) {
		const char *text = buf_string(&row->cell[i]);

		grow(&layout->widest[i], page_columns(text, strlen(text)));
		for (size_t length; *text; text += length + strspn(text + length, " ")) {
			length = strcspn(text, " ");
			grow(&layout->word[i], page_columns(text, length));
		}
	}
}

/* Gives each column its width. One that has it takes it from the rest, so that the share of the others
 * changes; so all are looked at again until none is left that fits its share, or whose word does not. */
static void
share(struct layout *layout, size_t width)
{
	size_t gaps = layout->columns ? GAP * (layout->columns - 1U) : 0, rest = width > gaps ? width - gaps : 0;
	unsigned open = layout->columns;

	for (bool changed = true; changed && open;) {
		changed = false;
		for (unsigned i = 0; i < layout->columns && open; i++) {
			size_t part = rest / open;

			if (layout->width[i] || (layout->widest[i] > part && layout->word[i] <= part))
				continue;
			layout->width[i] = layout->widest[i] > part ? layout->word[i] : layout->widest[i];
			grow(&layout->width[i], 1);
			rest -= layout->width[i] < rest ? layout->width[i] : rest;
			open--;
			changed = true;
		}
	}
	for (unsigned i = 0; i < layout->columns; i++)
		if (!layout->width[i])
			layout->width[i] = rest / open;
}

/* Takes a line out of a cell that is filled; false when none is left. */
static bool
take_line(const char **at, const char **line, size_t *length)
{
	*line = *at;
	*length = strcspn(*at, "\n");
	*at += *length + ((*at)[*length] == '\n');
	return *length > 0;
}

static void
put_row(struct buf *out, const struct row *row, const struct layout *layout)
{
	struct buf filled[COLUMNS_MOST] = {0};
	const char *at[COLUMNS_MOST];

	for (unsigned i = 0; i < row->cells; i++) {
		page_fill(&filled[i], buf_string(&row->cell[i]), 0, 0, layout->width[i]);
		at[i] = buf_string(&filled[i]);
	}
	for (bool more = true; more;) {
		size_t behind = 0; /* blanks that are due before the next text */

		more = false;
		for (unsigned i = 0; i < row->cells; i++) {
			const char *line;
			size_t length, wide = 0;

			if (take_line(&at[i], &line, &length)) {
				buf_printf(out, "%*s%.*s", (int)behind, "", (int)length, line);
				wide = page_columns(line, length);
				behind = 0;
			}
			assert(wide <= layout->width[i]);
			behind += layout->width[i] - wide + GAP;
			more |= *at[i] != 0;
		}
		buf_putc(out, '\n');
	}
	for (unsigned i = 0; i < row->cells; i++)
		buf_free(&filled[i]);
}

void
page_put_table(struct buf *out, const struct block *block, size_t width)
{
	struct layout layout = {0};
	struct row row = {0};

	for (const char *at = block->begin, *end; at < block->end; at = end + 1) {
		end = markdown_line_end(at, block->end);
		read_row(&row, at, end);
		if (!is_rule(&row))
			measure(&layout, &row);
	}
	share(&layout, width);
	for (const char *at = block->begin, *end; at < block->end; at = end + 1) {
		end = markdown_line_end(at, block->end);
		read_row(&row, at, end);
		if (!is_rule(&row))
			put_row(out, &row, &layout);
	}
	free_row(&row);
}
