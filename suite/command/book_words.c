/* book_words: contents and glossary, which is the page of the manual. See book.h. */
#include <ctype.h>
#include <string.h>

#include "book.h"
#include "markdown.h"
#include "page.h"

/* contents */

static void
put_rules(struct buf *out, const struct book *book)
{
	for (unsigned i = 0; i < book->rules; i++) {
		const struct rule *rule = book->rule[i];
		unsigned pairs = 0;

		for (unsigned j = 0; j < book->core.pairs; j++)
			pairs += !strcmp(book->core.pair[j].rule->name, rule->name);
		html_mixed(out, "<tr><th scope=\"row\"><a href=\"", rule->name, ".html\">", rule->name,
		           "</a></th><td>", rule->model, "</td><td class=\"words\">", rule->summary, "</td>", NULL);
		buf_printf(out, "<td>%u</td></tr>\n", pairs);
	}
}

static void
put_steps(struct buf *out)
{
	for (unsigned step = 0; step < LADDER_COUNT; step++) {
		buf_printf(out, "<li><a href=\"step-%u.html\">", step + 1);
		html_mixed(out, "", ladder_name((enum ladder)step), "</a></li>\n", NULL);
	}
}

static bool
add_contents(struct book *book)
{
	struct buf rules = {0}, steps = {0}, subject = {0};
	bool ok;

	put_rules(&rules, book);
	put_steps(&steps);
	buf_printf(&subject, "%u rules, %u pairs of correct and wrong code, a course and a quiz.", book->rules,
	           book->pairs);
	ok = book_add_page(book, &(struct book_page){"index.html", "index",
	                                             "Spin locks, used correctly and wrongly", &subject,
	                                             (struct template_slot[]){
													 html_slot("rules", &rules),
													 html_slot("steps", &steps),
												 },
	                                             2});
	buf_free(&rules);
	buf_free(&steps);
	buf_free(&subject);
	return ok;
}

/* glossary */

static void
put_html(struct buf *out, const char **at, const char *end, bool is_code)
{
	char byte[2] = {**at, 0};

	(void)end;
	(void)is_code;
	if (strchr("<>&\"'", byte[0]))
		html_text(out, byte);
	else
		buf_putc(out, byte[0]);
	(*at)++;
}

static const struct style html_style = {"<code>", "</code>", "<strong>", "</strong>", put_html};

/* The id of an item: its first words in bold, "deadly-embrace". */
static void
put_id(struct buf *out, const struct block *block)
{
	const char *at = block->begin;

	if (block->end - at < 2 || strncmp(at, "**", 2) != 0)
		return;
	buf_puts(out, " id=\"");
	for (at += 2; at < block->end && *at != '*'; at++)
		if (isalnum((unsigned char)*at))
			buf_putc(out, (char)tolower((unsigned char)*at));
		else if (*at == ' ')
			buf_putc(out, '-');
	buf_puts(out, "\"");
}

/* A paragraph that is all bold heads what follows. */
static bool
is_head(const struct block *block)
{
	size_t length = (size_t)(block->end - block->begin);

	while (length && isspace((unsigned char)block->begin[length - 1]))
		length--;
	return block->kind == BLOCK_TEXT && length > 4 && !strncmp(block->begin, "**", 2) &&
	       !strncmp(block->begin + length - 2, "**", 2);
}

static void
put_block(struct buf *out, const struct block *block, bool *in_list)
{
	bool item = block->kind == BLOCK_ITEM;

	if (item != *in_list)
		buf_puts(out, item ? "<ul class=\"words\">\n" : "</ul>\n");
	*in_list = item;
	if (item) {
		buf_puts(out, "<li");
		put_id(out, block);
		buf_putc(out, '>');
		markdown_put(out, block->begin, block->end, &html_style);
		buf_puts(out, "</li>\n");
	} else if (is_head(block)) {
		const struct style plain = {"", "", "", "", put_html};

		buf_puts(out, "<h2>");
		markdown_put(out, block->begin, block->end, &plain);
		buf_puts(out, "</h2>\n");
	} else if (block->kind == BLOCK_TEXT) {
		buf_puts(out, "<p>");
		markdown_put(out, block->begin, block->end, &html_style);
		buf_puts(out, "</p>\n");
	}
}

static bool
add_glossary(struct book *book)
{
	struct buf words = {0}, subject = {0};
	struct data_file file;
	struct block block;
	const char *at, *end;
	bool in_list = false, ok = page_find(&book->arena, "glossary", &file);

	if (!ok) {
		diag_set(book->diag, "manual/glossary.md", 0, 0, "there is no such page");
		return false;
	}
	html_mixed(&subject, "", page_summary(&book->arena, "glossary"), ".", NULL);
	at = file.bytes;
	end = at + file.length;
	for (bool first = true; markdown_next(&at, end, &block);) {
		if (first && block.kind == BLOCK_TEXT)
			first = false; /* the subject */
		else
			put_block(&words, &block, &in_list);
	}
	buf_puts(&words, in_list ? "</ul>\n" : "");
	ok = book_add_page(book, &(struct book_page){"glossary.html", "glossary", "Glossary", &subject,
	                                             (struct template_slot[]){html_slot("words", &words)}, 1});
	buf_free(&words);
	buf_free(&subject);
	return ok;
}

bool
book_word_pages(struct book *book)
{
	return add_contents(book) && add_glossary(book);
}
