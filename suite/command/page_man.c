/* The pages of the manual as man pages. See page.h.
 *
 * Headings become sections, items indented paragraphs, code and tables lines that roff does not fill.
 * Whatever roff would take for a request or an escape is escaped, one character at a time.
 */
#include <string.h>

#include "markdown.h"
#include "page.h"

enum { MAN_WIDTH = 66 }; /* of 80, without the indents of man and of ours */

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
		next = markdown_line_end(at, end);
		if (at < next && (*at == '.' || *at == '\''))
			buf_puts(out, "\\&");
		while (at < next)
			put_roff(out, &at, next, true);
		buf_putc(out, '\n');
	}
	buf_puts(out, ".RE\n.fi\n");
}

static void
put_file_name(struct buf *out, const struct block *block)
{
	const char *at = block->mark, *end = block->mark + block->mark_length;

	buf_puts(out, ".PP\n\\fB");
	while (at < end)
		put_roff(out, &at, end, true);
	buf_puts(out, "\\fR:\n");
}

void
page_print_man(struct buf *out, const char *text, size_t length)
{
	const char *at = text, *end = text + length;
	struct buf words = {0};
	struct block block;

	while (markdown_next(&at, end, &block)) {
		buf_clear(&words);
		if (block.kind == BLOCK_HEADING && block.level == 1) {
			buf_puts(out, ".SH DESCRIPTION\n");
			continue;
		}
		if (block.kind == BLOCK_TABLE) {
			page_put_table(&words, &block, MAN_WIDTH);
			put_lines(out, buf_string(&words), buf_string(&words) + words.len);
			continue;
		}
		if (block.kind == BLOCK_CODE) {
			if (block.mark_length)
				put_file_name(out, &block);
			put_lines(out, block.begin, block.end);
			continue;
		}
		markdown_put(&words, block.begin, block.end, &man_style);
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
