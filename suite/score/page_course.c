/* page: recall against depth, locks and size of sequences. See page_parts.h.
 *
 * Depths and numbers of locks are few; sizes are put together so that each step has some cases.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"
#include "page_parts.h"

enum { COURSE_STEPS = 9 };

/* The last of each step; UINT_MAX ends a list. */
static const unsigned size_ends[] = {2, 4, 6, 8, 10, 14, 20, 30, ~0U}, few_ends[] = {0, 1, 2, 3, ~0U};

static void
put_label(char label[16], unsigned from, unsigned to)
{
	if (to == ~0U)
		snprintf(label, 16, "%u+", from);
	else if (from == to)
		snprintf(label, 16, "%u", from);
	else
		snprintf(label, 16, "%u-%u", from, to);
}

/* How many steps there are. */
static unsigned
make_steps(struct chart_step step[COURSE_STEPS], const struct score *score, enum score_by by)
{
	const unsigned *end = by == BY_SIZE ? size_ends : few_ends;
	unsigned count = 0;

	for (unsigned from = 0, i = 0;; from = end[i++] + 1) {
		unsigned tp = 0, violations = 0, cases = 0;

		for (unsigned g = 0; g < score->groups[by]; g++) {
			const struct score_group *group = &score->group[by][g];
			unsigned number = (unsigned)strtoul(group->name, NULL, 10);

			if (number < from || number > end[i])
				continue;
			tp += group->cells.tp;
			violations += cells_violations(&group->cells);
			cases += cells_cases(&group->cells);
		}
		if (cases) {
			put_label(step[count].label, from, end[i]);
			step[count].cases = cases;
			step[count++].share = wilson(tp, violations);
		}
		if (end[i] == ~0U)
			return count;
	}
}

static void
put_drawing(struct buf *out, const struct score *score, enum score_by by, const char *what)
{
	struct chart_step step[COURSE_STEPS];
	unsigned count = make_steps(step, score, by);
	struct buf title = {0};

	buf_printf(&title, "Recall of %s against %s, with intervals of 95 %%; the table below has the numbers",
	           score->checker->name, what);
	html_mixed(out, "<figure><figcaption>", score->checker->name, "</figcaption>\n", NULL);
	chart_course(out, buf_string(&title), step, count);
	buf_puts(out, "</figure>\n");
	buf_free(&title);
}

static void
put_table(struct buf *out, const struct page *page, enum score_by by, const char *what)
{
	unsigned checkers = page->of->report->stored->checkers;
	struct chart_step step[COURSE_STEPS];
	unsigned count = make_steps(step, page->ranked[0].score, by);

	html_mixed(out, "<table><caption>Recall by ", what, "</caption>\n<thead><tr><th scope=\"col\">", what,
	           "</th>", NULL);
	for (unsigned i = 0; i < count; i++)
		buf_printf(out, "<th scope=\"col\">%s</th>", step[i].label);
	buf_puts(out, "</tr></thead>\n<tbody>\n<tr><th scope=\"row\">cases</th>");
	for (unsigned i = 0; i < count; i++)
		buf_printf(out, "<td>%u</td>", step[i].cases);
	buf_puts(out, "</tr>\n");
	for (unsigned c = 0; c < checkers; c++) {
		if (score_why_not(page->ranked[c].score->checker))
			continue;
		count = make_steps(step, page->ranked[c].score, by);
		html_mixed(out, "<tr><th scope=\"row\">", page->ranked[c].score->checker->name, "</th>", NULL);
		for (unsigned i = 0; i < count; i++) {
			buf_puts(out, "<td>");
			page_share(out, step[i].share);
			buf_puts(out, "</td>");
		}
		buf_puts(out, "</tr>\n");
	}
	buf_puts(out, "</tbody></table>\n");
}

void
page_courses(struct buf *out, const struct page *page, enum score_by by, const char *what)
{
	unsigned checkers = page->of->report->stored->checkers;

	if (!checkers)
		return;
	buf_puts(out, "<div class=\"courses\">\n");
	for (unsigned i = 0; i < checkers; i++)
		if (!score_why_not(page->ranked[i].score->checker))
			put_drawing(out, page->ranked[i].score, by, what);
	html_mixed(out, "</div>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Recall by ",
	           what, "\">\n", NULL);
	put_table(out, page, by, what);
	buf_puts(out, "</div>\n");
}
