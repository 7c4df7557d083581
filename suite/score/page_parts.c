/* page: what the parts of a page share. See page_parts.h. */
#include "page_parts.h"

#include <stdio.h>
#include <string.h>

unsigned
page_checker(const struct page *page, unsigned rank)
{
	return (unsigned)(page->ranked[rank].score - page->of->report->score);
}

void
page_lines(struct buf *out, const char *text)
{
	struct buf line = {0};

	while (*text) {
		size_t length = strcspn(text, "\n");

		buf_add(&line, text, length);
		text += length + (text[length] != 0);
		if (*text == ' ')
			continue;
		if (line.len)
			html_mixed(out, "<li>", line.data, "</li>\n", NULL);
		buf_clear(&line);
	}
	buf_free(&line);
}

void
page_share(struct buf *out, struct measure measure)
{
	char text[16];
	double value = measure.value;

	if (!measure.defined) {
		buf_puts(out, "-");
		return;
	}
	if (value == 0 || value == 1 || value == -1) {
		buf_printf(out, "%.0f", value);
		return;
	}
	value = value > 0.99 ? 0.99 : value < -0.99 ? -0.99 : value;
	if (value > -0.01 && value < 0.01)
		value = value < 0 ? -0.01 : 0.01;
	snprintf(text, sizeof text, "%.2f", value);
	buf_puts(out, text[0] == '-' ? "-" : "");
	buf_puts(out, strchr(text, '.'));
}

bool
page_print(struct buf *out, const char *template, const struct template_slot *slots, size_t count,
           struct arena *arena, struct diag *diag)
{
	struct template_slot all[PAGE_SLOTS];
	struct template skeleton;
	struct buf style = {0}, script = {0};
	bool ok = html_load(&skeleton, arena, template, diag) &&
	          html_add_file(&style, arena, "style.css", diag) &&
	          html_add_file(&script, arena, "table.js", diag);

	if (ok) {
		memcpy(all, slots, count * sizeof *all);
		all[count++] = html_slot("style", &style);
		all[count++] = html_slot("script", &script);
		ok = html_fill(out, &skeleton, "page", all, count, diag);
	}
	buf_free(&style);
	buf_free(&script);
	return ok;
}
