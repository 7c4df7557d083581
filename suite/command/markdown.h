/* The little Markdown that the manual is written in, cut into blocks; the marks within a line. */
#ifndef MARKDOWN_H
#define MARKDOWN_H

#include <stdbool.h>

#include "buf.h"

enum block_kind { BLOCK_HEADING, BLOCK_TEXT, BLOCK_ITEM, BLOCK_CODE, BLOCK_TABLE };

struct block {
	enum block_kind kind;
	unsigned level;          /* of a heading: how many #; of an item: how far it is indented */
	const char *begin, *end; /* without the marks of its kind */
	const char *mark;        /* of an item: "- ", "1. "; of code: the file that it is: mark_length bytes */
	unsigned mark_length;
};

/* What stands for a mark, or for a byte. */
struct style {
	const char *code_on, *code_off, *bold_on, *bold_off;
	void (*put)(struct buf *out, const char **at, const char *end, bool is_code); /* takes one character */
};

/* The next block; false at the end of the page. Moves *at behind it. */
bool markdown_next(const char **at, const char *end, struct block *block);
/* The words of a text, its lines joined, with the style's marks. */
void markdown_put(struct buf *out, const char *at, const char *end, const struct style *style);
/* The end of the line that begins at `at`. */
const char *markdown_line_end(const char *at, const char *end);
const char *markdown_skip_blanks(const char *at, const char *end);

#endif
