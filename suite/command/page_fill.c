/* Lines of pages as text: marks taken out, words filled up to a width. See page.h.
 *
 * What a reader sees is counted in columns, of which a character of UTF-8 fills one.
 */
#include "page.h"

#include <string.h>

#include "markdown.h"

/* marks within a line */

static void
put_plain(struct buf *out, const char **at, const char *end, bool is_code)
{
	(void)end;
	(void)is_code;
	buf_putc(out, *(*at)++);
}

const struct style page_text_style = {"`", "`", "", "", put_plain};

size_t
page_columns(const char *text, size_t length)
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
		size_t length = strcspn(text, " "), wide = page_columns(text, length);

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
