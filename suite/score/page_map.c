/* page: maps of steps and shapes by checkers, and the lists of wrong cases that their cells link to. See
 * page_parts.h.
 *
 * A cell is J of a checker in a group, and its class the colour. The list of a cell says how often the
 * checker is wrong there, and links to the smallest cases, each once.
 */
#include <stdio.h>
#include <string.h>

#include "page_parts.h"

/* A group of scores is a factor of causes: "loops" is "ladder=loops". -1: no case of it counts. */
static int
find_factor(const struct page *page, enum score_by by, const char *group)
{
	const struct causes *causes = page->of->causes;
	static const char step[] = "ladder=";
	size_t skip = by == BY_LADDER ? sizeof step - 1 : 0;

	for (unsigned i = 0; i < causes->factors; i++)
		if (!strncmp(causes->factor[i].name, step, skip) && !strcmp(causes->factor[i].name + skip, group))
			return (int)i;
	return -1;
}

/* From 0, worse than guessing, to 6, perfect. Who guesses is a little below 0 as often as above. */
static unsigned
colour(double j)
{
	if (j >= 1)
		return 6;
	if (j < -0.05)
		return 0;
	return j < 0 ? 1 : 1 + (unsigned)(j * 5 < 4 ? j * 5 : 4);
}

static void
put_cell(struct buf *out, const struct page *page, const struct score_group *group, int factor,
         unsigned checker)
{
	struct measure j = group->rates.youden_j;
	bool wrong = factor >= 0 && page->of->causes->factor[factor].of[checker].wrong;

	if (j.defined)
		buf_printf(out, "<td class=\"h%u\">", colour(j.value));
	else
		buf_puts(out, "<td>");
	if (wrong)
		buf_printf(out, "<a href=\"#f%d-%u\">", factor, checker);
	page_share(out, j);
	buf_puts(out, wrong ? "</a></td>" : "</td>");
}

static void
put_row(struct buf *out, const struct page *page, enum score_by by, unsigned group)
{
	unsigned checkers = page->of->report->stored->checkers;
	const struct score_group *first = &page->ranked[0].score->group[by][group];
	int factor = find_factor(page, by, first->name);

	html_mixed(out, "<tr><th scope=\"row\">", first->name, "</th>", NULL);
	buf_printf(out, "<td>%u</td>", cells_cases(&first->cells));
	for (unsigned i = 0; i < checkers; i++)
		put_cell(out, page, &page->ranked[i].score->group[by][group], factor, page_checker(page, i));
	buf_puts(out, "</tr>\n");
}

void
page_map(struct buf *out, const struct page *page, enum score_by by, const char *caption)
{
	unsigned checkers = page->of->report->stored->checkers;

	html_mixed(out, "<caption>J by ", caption, " and checker</caption>\n<thead><tr><th scope=\"col\">",
	           caption, "</th><th scope=\"col\">cases</th>", NULL);
	for (unsigned i = 0; i < checkers; i++)
		html_mixed(out, "<th scope=\"col\" class=\"up\">", page->ranked[i].score->checker->name, "</th>",
		           NULL);
	buf_puts(out, "</tr></thead>\n<tbody>\n");
	for (unsigned group = 0; checkers && group < page->ranked[0].score->groups[by]; group++)
		put_row(out, page, by, group);
	buf_puts(out, "</tbody>\n");
}

/* lists */

static const char *const mistake_words[PICK_MISTAKES] = {
	[MISTAKE_MISSED] = "missed", [MISTAKE_ALARM] = "alarm", [MISTAKE_SILENCE] = "no answer"};

static void
put_item(struct buf *out, const struct page *page, unsigned factor, unsigned checker)
{
	const struct cause_count *count = &page->of->causes->factor[factor].of[checker];
	const struct pick *pick = picks_of(&page->picks, factor, checker);

	buf_printf(out, "<li id=\"f%u-%u\">", factor, checker);
	html_mixed(out, "", page->of->report->stored->checker[checker].name, "", NULL);
	buf_printf(out, ": %u of %u wrong;", count->wrong, count->asked);
	for (unsigned i = 0; i < PICK_MISTAKES; i++) {
		if (!pick[i].of)
			continue;
		if (pick[i].told)
			buf_printf(out, " <a href=\"#c%u\">%s</a>", pick[i].of->number, mistake_words[i]);
		else
			buf_printf(out, " %s <code>%.*s</code>", mistake_words[i], PAGE_ID, pick[i].of->id);
	}
	buf_puts(out, "</li>\n");
}

static void
put_list(struct buf *out, const struct page *page, unsigned factor)
{
	unsigned checkers = page->of->report->stored->checkers;

	html_mixed(out, "<section><h3>", page->of->causes->factor[factor].name, "</h3>\n<ul>\n", NULL);
	for (unsigned i = 0; i < checkers; i++)
		if (page->of->causes->factor[factor].of[page_checker(page, i)].wrong)
			put_item(out, page, factor, page_checker(page, i));
	buf_puts(out, "</ul></section>\n");
}

static bool
is_anyone_wrong(const struct page *page, unsigned factor)
{
	for (unsigned i = 0; i < page->of->report->stored->checkers; i++)
		if (page->of->causes->factor[factor].of[i].wrong)
			return true;
	return false;
}

/* In the order of the maps. */
void
page_lists(struct buf *out, const struct page *page)
{
	static const enum score_by maps[] = {BY_LADDER, BY_SHAPE};

	for (unsigned m = 0; page->of->report->stored->checkers && m < 2; m++)
		for (unsigned i = 0; i < page->ranked[0].score->groups[maps[m]]; i++) {
			int factor = find_factor(page, maps[m], page->ranked[0].score->group[maps[m]][i].name);

			if (factor >= 0 && is_anyone_wrong(page, (unsigned)factor))
				put_list(out, page, (unsigned)factor);
		}
}
