/* certificate: how far a checker climbs the ladder. See certificate.h. */
#include "certificate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "html.h"
#include "mistake.h"
#include "report_parts.h"

void
certificates_begin(struct certificates *certificates, const struct stored *stored,
                   const struct score_options *options, struct arena *arena)
{
	*certificates = (struct certificates){.stored = stored, .options = options, .arena = arena};
	certificates->of = arena_alloc(arena, (stored->checkers + 1U) * sizeof *certificates->of);
	for (unsigned i = 0; i < stored->checkers; i++)
		certificates->of[i].checker = &stored->checker[i];
}

static struct certificate_rule *
find_rule(struct certificates *certificates, struct certificate *of, const char *name)
{
	struct certificate_rule *rule;

	for (unsigned i = 0; i < of->rules; i++)
		if (!strcmp(of->rule[i].name, name))
			return &of->rule[i];
	rule = array_add(certificates->arena, of->rule, of->rules, of->room);
	rule->name = arena_string(certificates->arena, name);
	return rule;
}

static void
add_case(struct certificates *certificates, const struct stored_case *of, const struct stored_answer *answer)
{
	unsigned step = 0;

	while (step < LADDER_COUNT && strcmp(ladder_name((enum ladder)step), of->ladder))
		step++;
	for (unsigned i = 0; step < LADDER_COUNT && i < certificates->stored->checkers; i++) {
		const struct stored_reading *expected = score_expected(
			certificates->options, certificates->of[i].checker, of, certificates->options->view);
		struct certificate_rule *rule;

		if (!expected)
			continue;
		rule = find_rule(certificates, &certificates->of[i], of->rule);
		rule->asked[step]++;
		rule->wrong[step] += !mistake_spares_verdict(mistake_of(&answer[i], expected));
	}
}

void
certificates_add(struct certificates *certificates, const struct stored_pair *pair)
{
	for (unsigned half = 0; half < pair->cases; half++)
		add_case(certificates, &pair->of[half], pair->answer[half]);
}

static int
compare_rules(const void *one, const void *two)
{
	const struct certificate_rule *a = one, *b = two;

	return strcmp(a->name, b->name);
}

void
certificates_end(struct certificates *certificates)
{
	for (unsigned i = 0; i < certificates->stored->checkers; i++)
		if (certificates->of[i].rules)
			qsort(certificates->of[i].rule, certificates->of[i].rules, sizeof *certificates->of[i].rule,
			      compare_rules);
}

enum ladder
certificate_step(const struct certificate_rule *rule)
{
	enum ladder highest = LADDER_COUNT;

	for (unsigned step = 0; step < LADDER_COUNT && !rule->wrong[step]; step++)
		if (rule->asked[step])
			highest = (enum ladder)step;
	return highest;
}

static const char *
step_word(const struct certificate_rule *rule)
{
	enum ladder step = certificate_step(rule);

	return step == LADDER_COUNT ? "none" : ladder_name(step);
}

/* What the certificate is of: "suite 4, level standard, 19778 of its 19778 cases, filters: none, reading:
 * headline". */
static void
put_subject(struct buf *out, const struct report *report)
{
	const struct stored *stored = report->stored;

	buf_printf(out, "suite %s, level %s, %u of its %u cases, ", stored->suite, stored->level, stored->cases,
	           stored->all);
	report_filter_words(out, stored);
	buf_printf(out, ", reading: %s", report_reading_meaning(report));
}

void
certificates_print(struct buf *out, const struct certificates *certificates, const struct report *report)
{
	for (unsigned i = 0; i < certificates->stored->checkers; i++) {
		const struct certificate *of = &certificates->of[i];
		const char *why_not = score_why_not(of->checker);

		buf_printf(out, "%s%s%s: ", of->checker->name, of->checker->version[0] ? " " : "",
		           of->checker->version);
		for (unsigned j = 0; !why_not && j < of->rules; j++)
			buf_printf(out, "%s%s %s", j ? ", " : "", of->rule[j].name, step_word(&of->rule[j]));
		if (why_not)
			buf_printf(out, "none: %s", why_not);
		buf_puts(out, "; ");
		put_subject(out, report);
		buf_putc(out, '\n');
	}
}

/* the drawing */

enum {
	BADGE_TOP = 46,
	BADGE_ROW = 18,
	BADGE_BOX = 12,
	BADGE_BOXES = 168,
	BADGE_WORDS = 268,
	BADGE_HEAD = 44
};

/* A box a step, full up to the highest. */
static void
put_row(struct buf *out, const struct certificate_rule *rule, unsigned row)
{
	enum ladder step = certificate_step(rule);
	unsigned y = BADGE_TOP + row * BADGE_ROW;

	buf_printf(out, "<text x=\"10\" y=\"%u\">", y + 11);
	html_mixed(out, "", rule->name, "</text>\n", NULL);
	for (unsigned i = 0; i < LADDER_COUNT; i++)
		buf_printf(out, "<rect class=\"%s\" x=\"%u.5\" y=\"%u.5\" width=\"9\" height=\"11\"/>\n",
		           step != LADDER_COUNT && i <= (unsigned)step ? "full" : "open", BADGE_BOXES + i * BADGE_BOX,
		           y);
	buf_printf(out, "<text x=\"%d\" y=\"%u\">", BADGE_WORDS, y + 11);
	html_mixed(out, "", step_word(rule), "</text>\n", NULL);
}

/* What is wider than the badge ends in dots; its title has all of it. */
static void
put_short(struct buf *out, const char *text)
{
	struct buf words = {0};

	buf_puts(&words, text);
	if (words.len > BADGE_HEAD) {
		words.len = BADGE_HEAD;
		words.data[words.len] = 0;
		buf_puts(&words, "...");
	}
	html_text(out, buf_string(&words));
	buf_free(&words);
}

bool
certificate_badge(struct buf *out, const struct certificate *certificate, const struct report *report,
                  struct arena *arena, struct diag *diag)
{
	struct template template;
	struct buf checker = {0}, head = {0}, subject = {0}, title = {0}, rows = {0}, words = {0}, height = {0};
	bool ok = html_load(&template, arena, "report/badge.svg", diag);

	if (ok) {
		buf_printf(&words, "%s %s", certificate->checker->name, certificate->checker->version);
		html_text(&checker, words.data);
		put_short(&head, words.data);
		buf_clear(&words);
		put_subject(&words, report);
		html_text(&title, words.data);
		html_mixed(&subject, "suite ", report->stored->suite, ", level ", report->stored->level, "", NULL);
		for (unsigned i = 0; i < certificate->rules; i++)
			put_row(&rows, &certificate->rule[i], i);
		buf_printf(&height, "%u", BADGE_TOP + certificate->rules * BADGE_ROW + 8);
		ok = html_fill(out, &template, "badge",
		               (struct template_slot[]){
						   html_slot("checker", &checker),
						   html_slot("head", &head),
						   html_slot("subject", &subject),
						   html_slot("title", &title),
						   html_slot("rows", &rows),
						   html_slot("height", &height),
					   },
		               6, diag);
	}
	buf_free(&checker);
	buf_free(&head);
	buf_free(&subject);
	buf_free(&title);
	buf_free(&rows);
	buf_free(&words);
	buf_free(&height);
	return ok;
}
