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

/* What a template says with @set; "" where it does not. */
static const char *
value_of(const struct template *template, const char *key)
{
	const char *value = template_value(template, key);

	return value ? value : "";
}

bool
page_print(struct buf *out, const char *name, const char *title, const struct buf *subject,
           const struct template_slot *slots, size_t count, struct arena *arena, struct diag *diag)
{
	struct template template;
	struct buf style = {0}, script = {0}, links = {0}, parts = {0};
	bool ok = html_load(&template, arena, name, diag) &&
	          html_add_file(&style, arena, "report/style.css", diag) &&
	          html_add_file(&script, arena, "report/table.js", diag) &&
	          html_fill(&links, &template, "links", slots, count, diag) &&
	          html_fill(&parts, &template, "parts", slots, count, diag);

	if (ok) {
		const struct html_page page = {.title = title,
		                               .heading = value_of(&template, "heading"),
		                               .skip = value_of(&template, "skip"),
		                               .skip_words = value_of(&template, "skip_words"),
		                               .foot = value_of(&template, "foot"),
		                               .subject = subject,
		                               .links = &links,
		                               .parts = &parts,
		                               .style = &style,
		                               .script = &script};

		ok = html_page(out, &page, arena, diag);
	}
	buf_free(&style);
	buf_free(&script);
	buf_free(&links);
	buf_free(&parts);
	return ok;
}
