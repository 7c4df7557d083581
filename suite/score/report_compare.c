/* report: what became wrong between two runs. See report_compare.h.
 *
 * Text, JSON and Markdown are made from the changes. JUnit XML lists every case, since a suite without tests
 * is an error to many services: cases are read once more, and each looked for among the changes.
 */
#include "report_compare.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "place.h"
#include "line.h"
#include "quote.h"
#include "report.h"
#include "report_junit.h"

/* A case as the reports of one run have it. */
static struct report_case
case_of(const struct comparison *c, const struct compare_case *of, unsigned side, struct places *places)
{
	struct report_case at = {.store = c->store[side],
	                         .checker = &c->stored[side]->checker[of->checker],
	                         .of = of->words,
	                         .expected = of->reading,
	                         .answer = of->answer[side]};

	if (places)
		places_find(places, of->words, &at.place);
	return at;
}

void
report_compare_expected(struct buf *out, const struct comparison *c, const struct compare_case *of,
                        struct places *places)
{
	const struct report_case at = case_of(c, of, 1, places);

	report_expected(out, &at);
}

void
report_compare_answer(struct buf *out, const struct comparison *c, const struct compare_case *of,
                      unsigned side, struct places *places)
{
	const struct report_case at = case_of(c, of, side, places);

	report_said(out, &at);
}

void
report_compare_message(struct buf *out, const struct comparison *c, const struct compare_case *of,
                       unsigned side, const char *before)
{
	const struct report_case at = case_of(c, of, side, NULL);

	report_message(out, &at, before);
}

static const char *
version_of(const struct comparison *c, unsigned side, unsigned checker)
{
	return c->stored[side]->checker[checker].version;
}

/* JSON */

static json_t *
json_checkers(const struct comparison *c)
{
	json_t *checkers = json_array();

	for (unsigned i = 0; i < c->stored[1]->checkers; i++) {
		json_t *one = json_pack("{s:s, s:s, s:s, s:i, s:i}", "checker", c->stored[1]->checker[i].name, "old",
		                        version_of(c, 0, i), "new", version_of(c, 1, i), "cases", (int)c->asked[i],
		                        "still-wrong", (int)c->still[i]);

		for (unsigned change = 0; one && change < COMPARE_CHANGE_COUNT; change++)
			json_object_set_new(one, compare_word((enum compare_change)change),
			                    json_integer(c->count[i][change]));
		if (one)
			json_object_set_new(one, "mcnemar", json_real(rates_mcnemar(c->wrong[i], c->right[i])));
		json_array_append_new(checkers, one);
	}
	return checkers;
}

static json_t *
json_kinds(unsigned kinds)
{
	json_t *names = json_array();

	for (unsigned kind = 0; kind < KIND_COUNT; kind++)
		if (kinds >> kind & 1)
			json_array_append_new(names, json_string(kind_name((enum kind)kind)));
	return names;
}

/* As lockdrill wrong --json has them: kind and line of the file in the plain world, null where they are not
 * there. */
static void
add_finding(json_t *findings, const struct place *place, unsigned kind, uint32_t line)
{
	json_array_append_new(
		findings, json_pack("{s:o, s:o, s:b}", "kind",
	                        kind < KIND_COUNT ? json_string(kind_name((enum kind)kind)) : json_null(), "line",
	                        line && place->has_lines ? json_integer(place_line(place, line)) : json_null(),
	                        "in_helpers", line > LINE_SECOND));
}

static json_t *
json_expected(const struct compare_case *of, const struct place *place)
{
	json_t *findings = json_array();

	for (unsigned i = 0; i < of->reading->findings; i++)
		add_finding(findings, place, of->reading->finding[i].kind, of->reading->finding[i].line);
	return findings;
}

static json_t *
json_findings(const struct compare_case *of, unsigned side, const struct place *place)
{
	const struct stored_answer *answer = of->answer[side];
	json_t *findings = json_array();

	for (unsigned i = 0; i < answer->findings; i++)
		add_finding(findings, place, answer->finding[i].kind, answer->finding[i].line);
	return findings;
}

static json_t *
json_changes(const struct comparison *c)
{
	json_t *changes = json_array();
	struct places places;

	places_begin(&places, c->stored[1]->suite);
	for (unsigned i = 0; i < c->cases; i++) {
		const struct compare_case *of = &c->of[i];
		struct place place;

		places_find(&places, of->words, &place);
		json_array_append_new(
			changes, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:s, s:o, s:o, s:o}", "change",
		                       compare_word(of->change), "id", of->id, "checker",
		                       c->stored[1]->checker[of->checker].name, "rule", of->rule, "expected",
		                       outcome_name(of->expected), "old", answer_name(of->state[0]), "new",
		                       answer_name(of->state[1]), "old_kinds", json_kinds(of->kinds[0]), "new_kinds",
		                       json_kinds(of->kinds[1]), "file", place.file, "expected_findings",
		                       json_expected(of, &place), "old_findings", json_findings(of, 0, &place),
		                       "new_findings", json_findings(of, 1, &place)));
	}
	places_end(&places);
	return changes;
}

bool
report_compare_json(struct buf *out, const struct comparison *c, struct diag *diag)
{
	const struct stored *stored = c->stored[1];
	json_t *checkers = json_checkers(c), *changes = json_changes(c), *all = NULL;
	char *text = NULL;

	if (json_array_size(checkers) == stored->checkers && json_array_size(changes) == c->cases)
		all = json_pack("{s:s, s:s, s:s, s:i, s:s, s:O, s:O}", "suite", stored->suite, "level", stored->level,
		                "filters", stored->holds ? stored->holds : "none", "cases", (int)stored->cases,
		                "view", report_view_name(c->options->view), "checkers", checkers, "changes", changes);
	if (all)
		text = json_dumps(all, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
	if (text)
		buf_all(out, text, "\n");
	else
		diag_set(diag, "--format", 0, 0,
		         "a text in the database is not UTF-8, and cannot be written as JSON");
	free(text);
	json_decref(all);
	json_decref(checkers);
	json_decref(changes);
	return text != NULL;
}

/* Markdown */

static void
put_cell(struct buf *out, const char *text)
{
	buf_putc(out, ' ');
	quote_markdown(out, *text ? text : "-");
	buf_puts(out, " |");
}

static void
put_counts(struct buf *out, const struct comparison *c)
{
	buf_puts(out, "| checker | old | new |");
	for (unsigned change = 0; change < COMPARE_CHANGE_COUNT; change++)
		put_cell(out, compare_word((enum compare_change)change));
	buf_puts(out, " p |\n|---|---|---|");
	for (unsigned change = 0; change <= COMPARE_CHANGE_COUNT; change++)
		buf_puts(out, "---:|");
	buf_putc(out, '\n');
	for (unsigned i = 0; i < c->stored[1]->checkers; i++) {
		buf_putc(out, '|');
		put_cell(out, c->stored[1]->checker[i].name);
		put_cell(out, version_of(c, 0, i));
		put_cell(out, version_of(c, 1, i));
		for (unsigned change = 0; change < COMPARE_CHANGE_COUNT; change++)
			buf_printf(out, " %u |", c->count[i][change]);
		buf_printf(out, " %.3g |\n", rates_mcnemar(c->wrong[i], c->right[i]));
	}
}

/* An item of a list. */
static void
put_change(struct buf *out, const struct comparison *c, const struct compare_case *of, struct places *places)
{
	struct buf text = {0};

	buf_printf(&text, "%s, %s: expected ", c->stored[1]->checker[of->checker].name, of->rule);
	report_compare_expected(&text, c, of, places);
	buf_puts(&text, "; before: ");
	report_compare_answer(&text, c, of, 0, places);
	buf_puts(&text, "; now: ");
	report_compare_answer(&text, c, of, 1, places);
	buf_printf(out, "- `%s` ", of->id);
	quote_markdown(out, buf_string(&text));
	buf_putc(out, '\n');
	buf_free(&text);
}

void
report_compare_markdown(struct buf *out, const struct comparison *c, unsigned long long limit)
{
	const struct stored *stored = c->stored[1];
	unsigned long long shown[COMPARE_CHANGE_COUNT] = {0};
	struct places places;

	buf_printf(out, "lockdrill suite %s, level %s, %u cases; view: %s\n\n", stored->suite, stored->level,
	           stored->cases, report_view_name(c->options->view));
	put_counts(out, c);
	places_begin(&places, stored->suite);
	for (unsigned i = 0; i < c->cases; i++) {
		const struct compare_case *of = &c->of[i];

		if (of->change == COMPARE_XFAIL || shown[of->change]++ >= limit)
			continue;
		if (shown[of->change] == 1)
			buf_printf(out, "\n%s, smallest first:\n\n", compare_word(of->change));
		put_change(out, c, of, &places);
	}
	places_end(&places);
}

/* JUnit XML */

struct listing {
	const struct comparison *c;
	unsigned checker;
	bool strict;
};

static int
compare_places(const void *one, const void *two)
{
	const struct compare_case *a = one, *b = two;

	if (a->checker != b->checker)
		return a->checker < b->checker ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

static const struct compare_case *
find_change(const struct comparison *c, unsigned checker, uint32_t number)
{
	const struct compare_case key = {.checker = checker, .number = number};

	return c->cases ? bsearch(&key, c->of, c->cases, sizeof *c->of, compare_places) : NULL;
}

static void
put_case(void *context, const struct report_case *at)
{
	struct junit *junit = context;
	const struct listing *listing = junit->context;
	const struct compare_case *found = find_change(listing->c, listing->checker, at->of->number);
	bool fails =
		found && (found->change == COMPARE_WRONG || (listing->strict && found->change == COMPARE_XPASS));
	struct report_case before;
	struct buf message = {0};

	if (!fails && mistake_spares_verdict(at->mistake)) {
		junit_test(junit, at, NULL, NULL, NULL);
		return;
	}
	buf_printf(&message, "%s: expected ",
	           fails || (found && found->change == COMPARE_XFAIL) ? compare_word(found->change)
	                                                              : "wrong as before");
	report_expected(&message, at);
	if (found) {
		buf_puts(&message, "; before: ");
		before = case_of(listing->c, found, 0, NULL);
		before.place = at->place;
		report_said(&message, &before);
	}
	buf_puts(&message, "; now: ");
	report_said(&message, at);
	junit_test(junit, at, fails ? "failure" : "skipped", fails ? compare_word(found->change) : NULL,
	           message.data);
	buf_free(&message);
}

static unsigned
failures_of(const struct comparison *c, unsigned checker, bool strict)
{
	return c->count[checker][COMPARE_WRONG] + (strict ? c->count[checker][COMPARE_XPASS] : 0);
}

bool
report_compare_junit(FILE *file, struct store *now, struct comparison *c, bool strict, struct diag *diag)
{
	const struct report report = {.stored = c->stored[1], .options = c->options};
	struct listing listing = {.c = c, .strict = strict};
	unsigned tests = 0, failures = 0;
	struct junit junit;
	bool ok = true;

	if (c->cases)
		qsort(c->of, c->cases, sizeof *c->of, compare_places);
	for (unsigned i = 0; i < c->stored[1]->checkers; i++) {
		tests += c->asked[i];
		failures += failures_of(c, i, strict);
	}
	junit_begin(&junit, file, tests, failures, 0);
	junit.context = &listing;
	for (unsigned i = 0; ok && i < c->stored[1]->checkers; i++) {
		listing.checker = i;
		junit_suite(&junit.out, c->stored[1]->checker[i].name, c->asked[i], failures_of(c, i, strict), 0,
		            c->still[i] + c->count[i][COMPARE_XFAIL]);
		ok = report_each_case(now, &report, i, put_case, &junit, diag);
		buf_puts(&junit.out, "  </testsuite>\n");
	}
	junit_end(&junit);
	return ok;
}
