/* page: pairs of cases in full, with what checkers said of them. See page_parts.h.
 *
 * A pair is shown once, whoever is wrong on it: its twins as one listing, and below it each twin that
 * somebody is wrong on, with all who are, their words, and the commands that show the case and ask again.
 */
#include <stdio.h>
#include <string.h>

#include "listing.h"
#include "page_parts.h"
#include "report_cases.h"

enum { ID_SHOWN = 8 }; /* of the id, in the name of a database */

const char *
page_reading(const struct score_options *options, const struct stored_case *of)
{
	return options->view == VIEW_NAMED ? options->reading : of->reading[of->headline].name;
}

void
page_commands(struct buf *out, const char *id, const char *path, const char *level, const char *ask)
{
	struct buf text = {0};

	buf_printf(&text, "lockdrill show %.*s --db %s\n", PAGE_ID, id, path);
	if (*ask)
		buf_printf(&text, "lockdrill run --level %s%s --case %.*s --db case-%.*s.db\n", level, ask, PAGE_ID,
		           id, ID_SHOWN, id);
	html_mixed(out, "<pre class=\"ask\">", text.data, "</pre>\n", NULL);
	buf_free(&text);
}

/* pairs */

/* {"alias":"direct","call":"helper"} as words: what is default is left out. */
static void
put_shapes(struct buf *out, const char *json)
{
	const struct shapes plain = shapes_default();
	struct buf word = {0};
	struct diag ignored;

	for (const char *at = json, *end; *at && at[1] == '"'; at = end) {
		struct shapes shapes = plain;

		at++;
		end = at + strcspn(at, ",}");
		buf_clear(&word);
		for (const char *c = at; c < end; c++)
			if (*c != '"')
				buf_putc(&word, *c == ':' ? '=' : *c);
		if (shapes_set(&shapes, buf_string(&word), &ignored) && memcmp(&shapes, &plain, sizeof plain))
			buf_printf(out, "%s%s", out->len ? " " : "", word.data);
	}
	buf_free(&word);
}

bool
page_pair(struct buf *out, const struct template *template, const struct page_pair *of, struct places *places,
          struct diag *diag)
{
	unsigned violating = listing_violating(of->pair, of->reading);
	const struct stored_case *shown = &of->pair->of[violating];
	const struct listing listing = {{of->pair->cases > 1 ? &of->pair->of[!violating] : NULL, shown},
	                                of->reading};
	struct buf lines = {0}, trails = {0}, subject = {0}, sequence = {0}, shapes = {0}, words = {0};
	struct arena arena = {0};
	bool ok = listing_print(&lines, &trails, &listing, places, &arena, diag);

	if (ok) {
		html_mixed(&subject, "", shown->rule, ", ", shown->role, ", ", shown->ladder, NULL);
		html_text(&sequence, shown->sequence[0] ? shown->sequence : "(empty)");
		put_shapes(&words, shown->shapes);
		html_text(&shapes, words.len ? words.data : "all default");
		ok = html_fill(out, template, "pair",
		               (struct template_slot[]){
						   html_slot_text("id", of->id),
						   html_slot("subject", &subject),
						   html_slot("sequence", &sequence),
						   html_slot("shapes", &shapes),
						   html_slot_text("reading", of->reading),
						   html_slot("lines", &lines),
						   html_slot("trails", &trails),
						   html_slot("answers", of->answers),
					   },
		               8, diag);
	}
	buf_free(&lines);
	buf_free(&trails);
	buf_free(&subject);
	buf_free(&sequence);
	buf_free(&shapes);
	buf_free(&words);
	arena_free(&arena);
	return ok;
}

/* answers */

/* Answers to one twin in the making. */
struct twin {
	const struct page *page;
	struct buf wrong, right, again;
	unsigned wrongs;
};

static void
put_wrong(struct twin *twin, const struct report_case *at, const char *reading)
{
	struct buf said = {0}, expected = {0};

	report_said(&said, at);
	html_mixed(&twin->wrong, "<li><strong>", at->checker->name, "</strong> (", mistake_word(at->mistake),
	           "): ", buf_string(&said), "", NULL);
	if (strcmp(at->expected->name, reading) != 0) {
		report_expected(&expected, at);
		html_mixed(&twin->wrong, "; in its reading ", at->expected->name, " right is ", buf_string(&expected),
		           "", NULL);
	}
	buf_clear(&said);
	report_message(&said, at, "");
	if (said.len)
		html_mixed(&twin->wrong, "<blockquote>", said.data, "</blockquote>", NULL);
	buf_puts(&twin->wrong, "</li>\n");
	buf_free(&said);
	buf_free(&expected);
}

static void
put_answer(struct twin *twin, struct report_case *at, unsigned checker, const char *reading)
{
	const struct report_page *of = twin->page->of;

	if (score_why_not(at->checker))
		return;
	if (mistake_spares_verdict(at->mistake)) {
		html_mixed(&twin->right, twin->right.len ? ", " : "", at->checker->name, "", NULL);
		return;
	}
	twin->wrongs++;
	put_wrong(twin, at, reading);
	if (of->ask[checker])
		buf_all(&twin->again, " ", of->ask[checker]);
}

static void
put_twin(struct buf *out, struct page *page, const struct stored_pair *pair, unsigned half,
         const char *reading)
{
	const struct report *report = page->of->report;
	const struct stored_case *of = &pair->of[half];
	struct twin twin = {.page = page};
	struct report_case at = {.report = report, .store = page->of->store, .of = of};
	struct buf expected = {0};

	places_find(&page->places, of, &at.place);
	for (unsigned i = 0; i < report->stored->checkers; i++) {
		unsigned checker = page_checker(page, i);

		at.checker = &report->stored->checker[checker];
		at.expected = score_expected(report->options, at.checker, of, report->options->view);
		if (!at.expected)
			continue;
		at.answer = &pair->answer[half][checker];
		at.mistake = mistake_of(at.answer, at.expected);
		if (!expected.len && !strcmp(at.expected->name, reading))
			report_expected(&expected, &at);
		put_answer(&twin, &at, checker, reading);
	}
	if (twin.wrongs) {
		buf_printf(out, "<h4 id=\"c%u\">", of->number);
		html_mixed(out, "", of->id, ": expected ", expected.len ? expected.data : "another reading",
		           "</h4>\n<p>", at.place.file, "", NULL);
		if (twin.right.len)
			buf_all(out, "; right here: ", twin.right.data);
		buf_all(out, "</p>\n<ul>\n", buf_string(&twin.wrong), "</ul>\n");
		page_commands(out, of->id, page->of->path, page->of->level, buf_string(&twin.again));
	}
	buf_free(&twin.wrong);
	buf_free(&twin.right);
	buf_free(&twin.again);
	buf_free(&expected);
}

static bool
put_pair(struct buf *out, struct page *page, const struct template *template,
         const struct picked_pair *picked)
{
	struct page_pair of = {.reading = NULL};
	struct buf answers = {0};
	bool ok = store_pair_of(page->of->store, page->of->report->stored, picked->number, &of.pair, page->diag);

	if (ok) {
		of.reading = page_reading(page->of->report->options, &of.pair->of[0]);
		of.answers = &answers;
		snprintf(of.id, sizeof of.id, "p%u", picked->number);
		for (unsigned half = 0; half < of.pair->cases; half++)
			put_twin(&answers, page, of.pair, half, of.reading);
		ok = page_pair(out, template, &of, &page->places, page->diag);
	}
	buf_free(&answers);
	return ok;
}

/* Those that serve most are made first, and all that fit stand in the order of their size. */
bool
page_cases(struct buf *out, struct page *page, size_t most)
{
	struct picks *picks = &page->picks;
	struct buf *article = arena_alloc(page->arena, (picks->pairs + 1U) * sizeof *article);
	struct picked_pair **made = arena_alloc(page->arena, (picks->pairs + 1U) * sizeof *made);
	struct template template;
	unsigned count = 0, kept = 0;
	size_t length = 0;
	bool ok = html_load(&template, page->arena, "report/pair.html", page->diag);

	while (ok && count < picks->pairs) {
		made[count] = picks->pair[count];
		ok = put_pair(&article[count], page, &template, made[count]);
		length += article[count++].len;
		if (length > most)
			break;
		kept = count;
	}
	picks_keep(picks, kept);
	for (unsigned i = 0; ok && i < picks->pairs; i++)
		for (unsigned j = 0; j < kept; j++)
			if (made[j] == picks->pair[i])
				buf_puts(out, buf_string(&article[j]));
	for (unsigned i = 0; i < count; i++)
		buf_free(&article[i]);
	return ok;
}
