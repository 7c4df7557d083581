/* page: what became of the answers between two runs, as a page. See report_page.h.
 *
 * How to read it: the changes that are shown are the first of each kind. Their pairs are shown once each, in
 * the order in which they are met, as long as there is room; then the lists, which link to them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"
#include "page_parts.h"
#include "report_compare.h"

enum { COMPARE_MOST = REPORT_PAGE_MOST * 3 / 4 }; /* bytes of cases */

/* A change that is listed. */
struct shown {
	const struct compare_case *of;
	bool told; /* its pair is shown */
};

struct comparing {
	const struct report_page_compare *page;
	const struct comparison *of;
	struct shown *shown;
	unsigned count, pairs;
	struct places places;
	struct arena *arena;
	struct diag *diag;
};

static const struct stored *
stored_of(const struct comparing *c)
{
	return c->of->stored[1];
}

static void
find_shown(struct comparing *c)
{
	unsigned long long of_change[COMPARE_CHANGE_COUNT] = {0};

	c->shown = arena_alloc(c->arena, (c->of->cases + 1U) * sizeof *c->shown);
	for (unsigned i = 0; i < c->of->cases; i++)
		if (of_change[c->of->of[i].change]++ < c->page->limit)
			c->shown[c->count++].of = &c->of->of[i];
}

/* counts */

static void
put_counts(struct buf *out, const struct comparing *c)
{
	for (unsigned i = 0; i < stored_of(c)->checkers; i++) {
		html_mixed(out, "<tr><th scope=\"row\">", stored_of(c)->checker[i].name, "</th><td>",
		           report_version(&c->of->stored[0]->checker[i]), "</td><td>",
		           report_version(&stored_of(c)->checker[i]), "</td>", NULL);
		for (unsigned change = 0; change < COMPARE_CHANGE_COUNT; change++)
			buf_printf(out, "<td>%u</td>", c->of->count[i][change]);
		buf_printf(out, "<td>%u</td><td>%u</td><td>%.3g</td></tr>\n", c->of->still[i], c->of->asked[i],
		           rates_mcnemar(c->of->wrong[i], c->of->right[i]));
	}
}

static void
put_heads(struct buf *out)
{
	for (unsigned change = 0; change < COMPARE_CHANGE_COUNT; change++)
		html_mixed(out, "<th scope=\"col\">", compare_word((enum compare_change)change), "</th>", NULL);
}

static void
put_balances(struct buf *out, const struct comparing *c)
{
	unsigned checkers = stored_of(c)->checkers;
	struct chart_balance *balance = arena_alloc(c->arena, (checkers + 1U) * sizeof *balance);

	for (unsigned i = 0; i < checkers; i++)
		balance[i] = (struct chart_balance){stored_of(c)->checker[i].name, c->of->count[i][COMPARE_WRONG],
		                                    c->of->count[i][COMPARE_RIGHT]};
	chart_balances(out, "Cases that became wrong and right, by checker; the table has the numbers",
	               "became wrong", "became right", balance, checkers);
}

/* cases */

static void
put_said(struct buf *out, struct comparing *c, const struct compare_case *of, unsigned side)
{
	struct buf text = {0};

	report_compare_answer(&text, c->of, of, side, &c->places);
	html_mixed(out, side ? "; now: " : " before: ", buf_string(&text), "", NULL);
	buf_free(&text);
}

static void
put_message(struct buf *out, const struct comparing *c, const struct compare_case *of, unsigned side)
{
	struct buf text = {0};

	report_compare_message(&text, c->of, of, side, "");
	if (text.len)
		html_mixed(out, side ? "<blockquote>now: " : "<blockquote>before: ", text.data, "</blockquote>",
		           NULL);
	buf_free(&text);
}

static void
put_change(struct buf *out, struct comparing *c, const struct compare_case *of)
{
	html_mixed(out, "<li><strong>", stored_of(c)->checker[of->checker].name, "</strong> (",
	           compare_word(of->change), "):", NULL);
	put_said(out, c, of, 0);
	put_said(out, c, of, 1);
	put_message(out, c, of, 0);
	put_message(out, c, of, 1);
	buf_puts(out, "</li>\n");
}

/* All changes of one twin. */
static void
put_twin(struct buf *out, struct comparing *c, const struct stored_case *twin)
{
	struct buf changes = {0}, again = {0}, expected = {0};

	for (unsigned i = 0; i < c->count; i++) {
		const struct compare_case *of = c->shown[i].of;

		if (of->number != twin->number)
			continue;
		c->shown[i].told = true;
		put_change(&changes, c, of);
		if (!expected.len)
			report_compare_expected(&expected, c->of, of, &c->places);
		if (c->page->ask[of->checker])
			buf_all(&again, " ", c->page->ask[of->checker]);
	}
	if (changes.len) {
		buf_printf(out, "<h4 id=\"c%u\">", twin->number);
		html_mixed(out, "", twin->id, ": expected ", buf_string(&expected), "</h4>\n<ul>\n", NULL);
		buf_all(out, changes.data, "</ul>\n");
		page_commands(out, twin->id, c->page->path, c->page->level, buf_string(&again));
	}
	buf_free(&changes);
	buf_free(&again);
	buf_free(&expected);
}

static bool
put_pair(struct buf *out, struct comparing *c, const struct template *template, const struct compare_case *of)
{
	struct page_pair pair = {.reading = of->reading->name};
	struct buf answers = {0};
	bool ok = store_pair_of(c->of->store[1], stored_of(c), of->number, &pair.pair, c->diag);

	if (ok) {
		pair.answers = &answers;
		snprintf(pair.id, sizeof pair.id, "p%u", of->number);
		for (unsigned half = 0; half < pair.pair->cases; half++)
			put_twin(&answers, c, &pair.pair->of[half]);
		ok = page_pair(out, template, &pair, &c->places, c->diag);
	}
	c->pairs += ok;
	buf_free(&answers);
	return ok;
}

/* Of those that do not fit none is begun. */
static bool
put_cases(struct buf *out, struct comparing *c)
{
	struct template template;
	bool ok = html_load(&template, c->arena, "report/pair.html", c->diag);

	for (unsigned i = 0; ok && i < c->count && out->len < COMPARE_MOST; i++)
		if (!c->shown[i].told)
			ok = put_pair(out, c, &template, c->shown[i].of);
	return ok;
}

/* lists */

static void
put_list(struct buf *out, const struct comparing *c, enum compare_change change)
{
	unsigned listed = 0, all = 0;

	for (unsigned i = 0; i < stored_of(c)->checkers; i++)
		all += c->of->count[i][change];
	if (!all)
		return;
	html_mixed(out, "<section><h3>", compare_word(change), "</h3>\n<ul>\n", NULL);
	for (unsigned i = 0; i < c->count; i++) {
		const struct shown *shown = &c->shown[i];

		if (shown->of->change != change)
			continue;
		listed++;
		html_mixed(out, "<li>", stored_of(c)->checker[shown->of->checker].name, ", ", shown->of->rule, ": ",
		           NULL);
		if (shown->told)
			buf_printf(out, "<a href=\"#c%u\"><code>%.*s</code></a></li>\n", shown->of->number, PAGE_ID,
			           shown->of->id);
		else
			buf_printf(out, "<code>%.*s</code></li>\n", PAGE_ID, shown->of->id);
	}
	buf_puts(out, "</ul>\n");
	if (listed < all)
		buf_printf(out, "<p>%u more, as large or larger</p>\n", all - listed);
	buf_puts(out, "</section>\n");
}

static void
put_lists(struct buf *out, const struct comparing *c)
{
	for (unsigned change = 0; change < COMPARE_CHANGE_COUNT; change++)
		put_list(out, c, (enum compare_change)change);
	if (!c->count)
		buf_puts(out, "<p>Nothing changed.</p>\n");
}

/* all of it */

static void
put_subject(struct buf *out, const struct comparing *c)
{
	struct buf text = {0};

	buf_printf(&text, "lockdrill suite %s, level %s, %u cases; view: %s", stored_of(c)->suite,
	           stored_of(c)->level, stored_of(c)->cases, report_view_name(c->of->options->view));
	html_text(out, text.data);
	buf_free(&text);
}

/* The parts of the page, as the template calls them. */
enum part {
	PART_TITLE,
	PART_SUBJECT,
	PART_HEADS,
	PART_COUNTS,
	PART_BALANCES,
	PART_LISTS,
	PART_CASES,
	PART_NUMBER,
	PARTS,
};

static const char *const part_name[PARTS] = {"title",    "subject", "heads", "counts",
                                             "balances", "lists",   "cases", "number"};

bool
report_page_compare(struct buf *out, const struct report_page_compare *of, struct arena *arena,
                    struct diag *diag)
{
	struct comparing c = {.page = of, .of = of->comparison, .arena = arena, .diag = diag};
	struct template_slot slot[PARTS];
	struct buf part[PARTS] = {{0}};
	bool ok;

	places_begin(&c.places, stored_of(&c)->suite);
	find_shown(&c);
	html_mixed(&part[PART_TITLE], "lockdrill: two runs on ", stored_of(&c)->level, "", NULL);
	put_subject(&part[PART_SUBJECT], &c);
	put_heads(&part[PART_HEADS]);
	put_counts(&part[PART_COUNTS], &c);
	put_balances(&part[PART_BALANCES], &c);
	ok = put_cases(&part[PART_CASES], &c);
	put_lists(&part[PART_LISTS], &c);
	buf_printf(&part[PART_NUMBER], "%u", c.pairs);
	for (unsigned i = 0; i < PARTS; i++)
		slot[i] = html_slot(part_name[i], &part[i]);
	ok = ok && page_print(out, "report/compare.html", part[PART_TITLE].data, &part[PART_SUBJECT], slot, PARTS,
	                      arena, diag);
	for (unsigned i = 0; i < PARTS; i++)
		buf_free(&part[i]);
	places_end(&c.places);
	return ok;
}
