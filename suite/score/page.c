/* page: a page of scores, put together. See report_page.h.
 *
 * How to read it: each part of the page is printed into a buffer of its own, and templates/report/scores.html
 * says where it stands. What is wrong is picked first (pick.h), since the maps link to it.
 */
#include <stdio.h>
#include <string.h>

#include "bootstrap.h"
#include "chart.h"
#include "page_parts.h"

/* the table */

/* A cell with a number: three decimals, and the value itself to sort by. */
static void
put_number(struct buf *out, struct measure measure)
{
	char text[16];

	if (!measure.defined) {
		buf_puts(out, "<td>-</td>");
		return;
	}
	report_print_share(text, measure.value);
	buf_printf(out, "<td>%s</td>", text);
}

static void
put_interval(struct buf *out, struct measure measure)
{
	struct buf text = {0};

	report_interval(&text, 0, measure);
	buf_printf(out, "<td>%s</td>", buf_string(&text) + strspn(buf_string(&text), " "));
	buf_free(&text);
}

static void
put_milliseconds(struct buf *out, double seconds)
{
	if (seconds > 0)
		buf_printf(out, seconds < 0.01 ? "<td>%.2g</td>" : "<td>%.0f</td>", 1000 * seconds);
	else
		buf_puts(out, "<td>-</td>");
}

static void
put_scores(struct buf *out, const struct page *page)
{
	const struct stored *stored = page->of->report->stored;
	enum score_view view = page->of->report->options->view;

	for (unsigned i = 0; i < stored->checkers; i++) {
		const struct ranked *ranked = &page->ranked[i];
		const struct score *score = ranked->score;

		html_mixed(out, "<tr><th scope=\"row\">", score->checker->name, "</th><td>",
		           report_version(score->checker), "</td>", NULL);
		put_number(out, score->rates[view].answered);
		put_number(out, ranked->rates.recall);
		put_number(out, ranked->rates.false_alarm_rate);
		put_number(out, ranked->rates.youden_j);
		put_interval(out, ranked->rates.youden_j);
		put_number(out, ranked->rates.discrimination);
		put_number(out, ranked->rates.kind_right);
		put_number(out, ranked->rates.line_right);
		put_milliseconds(out, spread_quantile(&score->seconds, 0.5));
		put_milliseconds(out, spread_quantile(&score->seconds, 0.95));
		buf_puts(out, "</tr>\n");
	}
}

/* drawings */

static void
put_points(struct buf *out, const struct page *page)
{
	unsigned checkers = page->of->report->stored->checkers;
	struct chart_point *point = arena_alloc(page->arena, (checkers + 1U) * sizeof *point);

	for (unsigned i = 0; i < checkers; i++)
		point[i] = (struct chart_point){page->ranked[i].score->checker->name,
		                                page->ranked[i].rates.false_alarm_rate, page->ranked[i].rates.recall};
	chart_points(
		out, "Recall against alarms of each checker, with intervals of 95 %; the table has the numbers",
		"alarms: correct cases that are reported", "recall: violations that are reported", point, checkers);
}

static void
put_times(struct buf *out, const struct page *page)
{
	unsigned checkers = page->of->report->stored->checkers;
	struct chart_span *span = arena_alloc(page->arena, (checkers + 1U) * sizeof *span);

	for (unsigned i = 0; i < checkers; i++) {
		const struct score *score = page->ranked[i].score;

		span[i] = (struct chart_span){score->checker->name, 1000 * spread_quantile(&score->seconds, 0.5),
		                              1000 * spread_quantile(&score->seconds, 0.95)};
	}
	chart_spans(out, "Milliseconds a case of each checker, median and 95 %; the table has the numbers", "ms",
	            span, checkers);
}

/* all of it */

static void
put_notes(struct buf *out, const struct page *page)
{
	const struct report *report = page->of->report;
	struct buf text = {0};

	report_counted(&text, report);
	for (unsigned i = 0; i < report->stored->checkers; i++)
		if (score_why_not(&report->stored->checker[i]))
			html_mixed(out, "<li>", report->stored->checker[i].name,
			           " is worth nothing: ", score_why_not(&report->stored->checker[i]), "</li>\n", NULL);
	buf_printf(&text,
	           "intervals of 95 %%: bootstrap over %u families, %d replicates, seed %d; boxes of the "
	           "drawings: Wilson\n",
	           report->stored->families, BOOTSTRAP_REPLICATES, BOOTSTRAP_SEED);
	report_notes(&text, report);
	page_lines(out, buf_string(&text));
	buf_free(&text);
}

static void
put_subject(struct buf *out, const struct page *page)
{
	struct buf text = {0};

	report_head(&text, page->of->report);
	text.data[--text.len] = 0;
	buf_printf(&text, "; reading: %s", report_reading_meaning(page->of->report));
	html_text(out, buf_string(&text));
	buf_free(&text);
}

/* The parts of the page, as the template calls them. */
enum part {
	PART_TITLE,
	PART_SUBJECT,
	PART_NOTES,
	PART_SCORES,
	PART_POINTS,
	PART_LADDER,
	PART_SHAPES,
	PART_DEPTHS,
	PART_LOCKS,
	PART_SIZES,
	PART_TIMES,
	PART_LISTS,
	PART_CASES,
	PART_NUMBER,
	PARTS,
};

static const char *const part_name[PARTS] = {"title",  "subject", "notes",  "scores", "points",
                                             "ladder", "shapes",  "depths", "locks",  "sizes",
                                             "times",  "lists",   "cases",  "number"};

static bool
put_parts(struct buf part[PARTS], struct page *page)
{
	const struct stored *stored = page->of->report->stored;
	size_t length = 0;
	bool ok;

	html_mixed(&part[PART_TITLE], "", "lockdrill: scores on ", "", stored->level, "", NULL);
	put_subject(&part[PART_SUBJECT], page);
	put_notes(&part[PART_NOTES], page);
	put_scores(&part[PART_SCORES], page);
	put_points(&part[PART_POINTS], page);
	page_map(&part[PART_LADDER], page, BY_LADDER, "ladder step");
	page_map(&part[PART_SHAPES], page, BY_SHAPE, "shape");
	page_courses(&part[PART_DEPTHS], page, BY_DEPTH, "nesting depth");
	page_courses(&part[PART_LOCKS], page, BY_LOCKS, "number of locks");
	page_courses(&part[PART_SIZES], page, BY_SIZE, "statements of the sequence");
	put_times(&part[PART_TIMES], page);
	/* Lists are no longer when some pairs are not shown. */
	page_lists(&part[PART_LISTS], page);
	for (unsigned i = 0; i < PARTS; i++)
		length += part[i].len;
	ok = page_cases(&part[PART_CASES], page, length < REPORT_PAGE_MOST ? REPORT_PAGE_MOST - length : 0);
	buf_clear(&part[PART_LISTS]);
	page_lists(&part[PART_LISTS], page);
	buf_printf(&part[PART_NUMBER], "%u", page->picks.pairs);
	return ok;
}

bool
report_page_scores(struct buf *out, const struct report_page *of, struct arena *arena, struct diag *diag)
{
	struct page page = {.of = of,
	                    .ranked = report_rank(of->report, arena),
	                    .picks = {.causes = of->causes},
	                    .arena = arena,
	                    .diag = diag};
	struct buf part[PARTS] = {{0}};
	struct template_slot slot[PARTS];
	bool ok;

	places_begin(&page.places, of->report->stored->suite);
	picks_make(&page.picks, arena);
	ok = put_parts(part, &page);
	for (unsigned i = 0; i < PARTS; i++)
		slot[i] = html_slot(part_name[i], &part[i]);
	ok = ok && page_print(out, "report/scores.html", part[PART_TITLE].data, &part[PART_SUBJECT], slot, PARTS,
	                      arena, diag);
	for (unsigned i = 0; i < PARTS; i++)
		buf_free(&part[i]);
	places_end(&page.places);
	return ok;
}
