/* quote: any text within another language. See quote.h.
 *
 * How to read it: one character at a time, as its bytes: valid UTF-8 (The Unicode Standard, table 3-7) or its
 * replacement; then what each language does with an ASCII character. All else is added as it is.
 */
#include "quote.h"

#include <ctype.h>
#include <stdbool.h>

/* The bytes of the character at `at`; 0 where they are no UTF-8. */
static size_t
character(const unsigned char *at)
{
	size_t length = *at < 0x80 ? 1 : *at < 0xc2 ? 0 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : *at < 0xf5 ? 4 : 0;

	for (size_t i = 1; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	if ((*at == 0xe0 && at[1] < 0xa0) || (*at == 0xed && at[1] > 0x9f) || (*at == 0xf0 && at[1] < 0x90) ||
	    (*at == 0xf4 && at[1] > 0x8f))
		return 0;
	return length;
}

static void
add_replacement(struct buf *out)
{
	buf_puts(out, "\xef\xbf\xbd");
}

/* Adds the character at *text where it is no ASCII character, and steps over it; else returns it. */
static char
take(struct buf *out, const char **text)
{
	size_t length = character((const unsigned char *)*text);
	const char *at = *text;

	*text += length ? length : 1;
	if (length == 1)
		return *at;
	if (length)
		buf_add(out, at, length);
	else
		add_replacement(out);
	return 0;
}

void
quote_csv(struct buf *out, const char *text)
{
	size_t length = strlen(text);
	bool quotes = strpbrk(text, ",\"\r\n") ||
	              (length && (isblank((unsigned char)*text) || isblank((unsigned char)text[length - 1])));

	if (quotes)
		buf_putc(out, '"');
	while (*text) {
		char c = take(out, &text);

		if (c == '"')
			buf_putc(out, '"');
		if (c)
			buf_putc(out, c);
	}
	if (quotes)
		buf_putc(out, '"');
}

void
quote_markdown(struct buf *out, const char *text)
{
	while (*text) {
		const char *at = text;
		char c = take(out, &text);

		if (!c)
			continue;
		if (strchr("\\`*_[]<>|~&#", c)) {
			buf_putc(out, '\\');
			buf_putc(out, c);
		} else if (isspace((unsigned char)c)) {
			buf_putc(out, ' ');
		} else if (iscntrl((unsigned char)*at)) {
			add_replacement(out);
		} else {
			buf_putc(out, c);
		}
	}
}

static void
put_xml(struct buf *out, const char *text, bool in_attribute)
{
	while (*text) {
		const unsigned char *at = (const unsigned char *)text;
		char c;

		/* U+FFFE and U+FFFF */
		if (at[0] == 0xef && at[1] == 0xbf && at[2] >= 0xbe && character(at)) {
			add_replacement(out);
			text += 3;
			continue;
		}
		c = take(out, &text);
		if (c == '&')
			buf_puts(out, "&amp;");
		else if (c == '<')
			buf_puts(out, "&lt;");
		else if (c == '>')
			buf_puts(out, "&gt;");
		else if (c == '"')
			buf_puts(out, "&quot;");
		else if (c == '\r' || (in_attribute && (c == '\n' || c == '\t')))
			buf_printf(out, "&#%d;", c);
		else if (c && (unsigned char)c < ' ' && c != '\n' && c != '\t')
			add_replacement(out);
		else if (c)
			buf_putc(out, c);
	}
}

void
quote_xml(struct buf *out, const char *text)
{
	put_xml(out, text, false);
}

void
quote_xml_attribute(struct buf *out, const char *text)
{
	put_xml(out, text, true);
}

void
quote_json(struct buf *out, const char *text)
{
	buf_putc(out, '"');
	while (*text) {
		char c = take(out, &text);

		if (c == '"' || c == '\\') {
			buf_putc(out, '\\');
			buf_putc(out, c);
		} else if (c == '\n') {
			buf_puts(out, "\\n");
		} else if (c && (unsigned char)c < ' ') {
			buf_printf(out, "\\u%04x", (unsigned)c);
		} else if (c) {
			buf_putc(out, c);
		}
	}
	buf_putc(out, '"');
}
