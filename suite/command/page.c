/* The pages of the manual: how they are found, and as text. See page.h.
 *
 * markdown.c cuts a page into blocks; one function a kind of block prints it, filled or as it stands.
 * page_fill.c fills lines, page_table.c does tables, page_man.c does the same for man pages.
 */
#include "page.h"

#include <string.h>

#include "markdown.h"

enum { NAME_MOST = 64, CODE_INDENT = 4 };

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
page_summary(struct arena *arena, const char *name)
{
	struct data_file file;
	struct block block;
	struct buf words = {0};
	const char *at, *end, *summary;

	if (!page_find(arena, name, &file))
		return "";
	at = file.bytes;
	end = at + file.length;
	while (markdown_next(&at, end, &block) && block.kind != BLOCK_TEXT)
		;
	if (block.kind == BLOCK_TEXT)
		markdown_put(&words, block.begin, block.end, &page_text_style);
	while (words.len && (words.data[words.len - 1] == '.' || words.data[words.len - 1] == ' '))
		words.len--;
	summary = arena_copy(arena, buf_string(&words), words.len);
	buf_free(&words);
	return summary;
}

/* text */

static void
put_filled(struct buf *out, const struct block *block)
{
	size_t indent = block->kind == BLOCK_ITEM ? block->level + block->mark_length : 0;
	struct buf words = {0};

	markdown_put(&words, block->begin, block->end, &page_text_style);
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
		most = page_columns(at, (size_t)(end - at)) > most ? page_columns(at, (size_t)(end - at)) : most;
	}
	return most;
}

/* Code is set off by as many columns as are left. */
static void
put_code(struct buf *out, const struct block *block)
{
	size_t most = widest(block), room = most < PAGE_WIDTH ? PAGE_WIDTH - most : 0;

	if (block->mark_length)
		buf_printf(out, "%.*s:\n", (int)block->mark_length, block->mark);
	for (const char *at = block->begin, *end; at < block->end; at = end + 1) {
		end = markdown_line_end(at, block->end);
		if (end > at)
			buf_printf(out, "%*s", (int)(room < CODE_INDENT ? room : CODE_INDENT), "");
		buf_printf(out, "%.*s\n", (int)(end - at), at);
	}
}

/* all of it */

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
