/* html: text within HTML, and filling templates in. See html.h. */
#include "html.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "data.h"
#include "quote.h"

/* text */

/* How long the character at `at` is, if it is one that no page should hold though XML could: DEL, the second
 * set of controls, and what embeds, overrides or isolates a direction. */
static size_t
unwanted(const char *at)
{
	const unsigned char *byte = (const unsigned char *)at;

	if (byte[0] == 0x7f)
		return 1;
	if (byte[0] == 0xc2 && byte[1] >= 0x80 && byte[1] < 0xa0)
		return 2;
	if (byte[0] == 0xe2 && byte[1] == 0x80 && byte[2] >= 0xaa && byte[2] <= 0xae)
		return 3;
	return byte[0] == 0xe2 && byte[1] == 0x81 && byte[2] >= 0xa6 && byte[2] <= 0xa9 ? 3 : 0;
}

void
html_text(struct buf *out, const char *text)
{
	struct buf clean = {0};

	while (*text) {
		size_t length = unwanted(text);

		if (length)
			buf_puts(&clean, "\xef\xbf\xbd");
		else if (*text == '\r')
			buf_putc(&clean, text[1] == '\n' ? ' ' : '\n');
		else
			buf_putc(&clean, *text);
		text += length ? length : 1;
	}
	quote_xml(out, buf_string(&clean));
	buf_free(&clean);
}

void
html_mixed(struct buf *out, ...)
{
	const char *part;
	bool is_text = false;
	va_list list;

	va_start(list, out);
	for (; (part = va_arg(list, const char *)); is_text = !is_text)
		if (is_text)
			html_text(out, part);
		else
			buf_puts(out, part);
	va_end(list);
}

/* templates */

struct template_slot
html_slot(const char *name, const struct buf *text)
{
	return (struct template_slot){name, buf_string(text), text->len};
}

struct template_slot
html_slot_text(const char *name, const char *text)
{
	return (struct template_slot){name, text, strlen(text)};
}

static bool
find_file(struct data_file *file, struct arena *arena, const char *name, struct diag *diag)
{
	struct buf path = {0};
	bool ok;

	buf_all(&path, "templates/", name);
	ok = data_find(arena, path.data, file);
	if (!ok)
		diag_set(diag, path.data, 0, 0, "there is no such template");
	buf_free(&path);
	return ok;
}

bool
html_load(struct template *template, struct arena *arena, const char *name, struct diag *diag)
{
	struct data_file file;

	return find_file(&file, arena, name, diag) &&
	       template_parse(template, arena, file.where, file.bytes, file.length, diag);
}

bool
html_add_file(struct buf *out, struct arena *arena, const char *name, struct diag *diag)
{
	struct data_file file;

	if (!find_file(&file, arena, name, diag))
		return false;
	buf_add(out, file.bytes, file.length);
	return true;
}

bool
html_fill(struct buf *out, const struct template *template, const char *section,
          const struct template_slot *slots, size_t count, struct diag *diag)
{
	const struct template_section *found = template_section(template, section);
	uint32_t lines = 0;

	if (found)
		return template_print(out, found, slots, count, &lines, diag);
	diag_set(diag, template->name, 0, 0, "there is no section '%s'", section);
	return false;
}

bool
html_page(struct buf *out, const struct html_page *page, struct arena *arena, struct diag *diag)
{
	static const struct buf none;
	struct template frame;

	assert(!page->style == !page->script);
	return html_load(&frame, arena, "report/frame.html", diag) &&
	       html_fill(out, &frame, "page",
	                 (struct template_slot[]){
						 html_slot_text("title", page->title),
						 html_slot_text("heading", page->heading),
						 html_slot_text("skip", page->skip),
						 html_slot_text("skip_words", page->skip_words),
						 html_slot_text("foot", page->foot),
						 html_slot("subject", page->subject),
						 html_slot("links", page->links),
						 html_slot("parts", page->parts),
						 html_slot("style", page->style ? page->style : &none),
						 html_slot("script", page->script ? page->script : &none),
					 },
	                 10, diag);
}
