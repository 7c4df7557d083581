/* The pages of the manual, in the little Markdown that they are written in: headings, paragraphs, lists,
 * tables, code. */
#ifndef PAGE_H
#define PAGE_H

#include "arena.h"
#include "buf.h"
#include "data.h"

struct block;
struct style;

enum { PAGE_WIDTH = 100 };

/* Names of all pages, sorted; returns their number. */
size_t page_list(struct arena *arena, const char ***names);
/* False when there is none. */
bool page_find(struct arena *arena, const char *name, struct data_file *file);
/* Its first paragraph in one line, without a full stop; "" where it has none. */
const char *page_summary(struct arena *arena, const char *name);
/* As text: paragraphs and list items filled to PAGE_WIDTH columns, all else as it stands. */
void page_print_text(struct buf *out, const char *text, size_t length);
/* How marks become text. */
extern const struct style page_text_style;
/* Columns that a text fills; a character of UTF-8 fills one. */
size_t page_columns(const char *text, size_t length);
/* Words, from `column` on, filled up to `width` columns; further lines are indented. Ends with a newline. */
void page_fill(struct buf *out, const char *text, size_t column, size_t indent, size_t width);
/* A table of at most `width` columns, unless its longest words are wider. */
void page_put_table(struct buf *out, const struct block *block, size_t width);
/* One line, as roff prints it. */
void page_put_roff(struct buf *out, const char *text);
/* As the body of a man page (man macros), without its .TH. */
void page_print_man(struct buf *out, const char *text, size_t length);

#endif
