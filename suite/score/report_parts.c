/* report: what the reports share: what was scored, the order of checkers, numbers as text, and the notes that
 * belong to every table. See report_parts.h. */
#include "report_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MOST = 100 };

/* what was scored */

static const struct {
	const char *name, *meaning;
} views[VIEW_COUNT] = {
	[VIEW_HEADLINE] = {"headline", "headline"},
	[VIEW_DECLARED] = {"declared", "declared by each checker, else headline"},
	[VIEW_SETTLED] = {"settled", "headline, settled cases only"},
	[VIEW_NAMED] = {"named", NULL},
};

const char *
report_view_name(enum score_view view)
{
	return views[view].name;
}

enum score_view
report_view_find(const char *name)
{
	unsigned view = 0;

	while (view < VIEW_COUNT && strcmp(views[view].name, name))
		view++;
	return (enum score_view)view;
}

const char *
report_reading_meaning(const struct report *report)
{
	const struct score_options *options = report->options;

	return options->view == VIEW_NAMED ? options->reading : views[options->view].meaning;
}

const char *
report_reading_name(const struct report *report)
{
	const struct score_options *options = report->options;

	if (options->view == VIEW_NAMED)
		return options->reading;
	return options->view == VIEW_DECLARED ? "declared" : "headline";
}

const char *
report_version(const struct stored_checker *checker)
{
	return checker->version[0] ? checker->version : "-";
}

void
report_filters(struct buf *out, const struct stored *stored)
{
	bool is_part = stored->holds && strcmp(stored->holds, "none");
	bool reads = stored->filter && filter_is_set(stored->filter);

	if (is_part)
		buf_printf(out, "the database holds %s", stored->holds);
	if (is_part && reads)
		buf_puts(out, "; of these ");
	if (reads)
		filter_print(out, stored->filter);
	if (!is_part && !reads)
		buf_puts(out, "none");
}

void
report_filter_words(struct buf *out, const struct stored *stored)
{
	buf_puts(out, "filters: ");
	report_filters(out, stored);
}

void
report_head(struct buf *out, const struct report *report)
{
	const struct stored *stored = report->stored;

	buf_printf(out, "lockdrill suite %s, level %s, %u of its %u cases; ", stored->suite, stored->level,
	           stored->cases, stored->all);
	report_filter_words(out, stored);
	buf_putc(out, '\n');
}

/* order */

static int
compare_ranked(const void *one, const void *two)
{
	const struct ranked *a = one, *b = two;

	if (a->j != b->j)
		return a->j > b->j ? -1 : 1;
	if (a->rates.discrimination.value != b->rates.discrimination.value)
		return a->rates.discrimination.value > b->rates.discrimination.value ? -1 : 1;
	if (a->rates.answered.value != b->rates.answered.value)
		return a->rates.answered.value > b->rates.answered.value ? -1 : 1;
	return strcmp(a->score->checker->name, b->score->checker->name);
}

struct ranked *
report_rank(const struct report *report, struct arena *arena)
{
	unsigned count = report->stored->checkers;
	struct ranked *ranked = arena_alloc(arena, (count + 1U) * sizeof *ranked);

	for (unsigned i = 0; i < count; i++) {
		const struct score *score = &report->score[i];
		struct rates rates = score->rates[report->options->view];

		if (report->answered_only) {
			rates.recall = rates.answered_recall;
			rates.false_alarm_rate = rates.answered_false_alarm_rate;
			rates.youden_j = rates.answered_youden_j;
		}
		ranked[i] = (struct ranked){score, rates, rates.youden_j.defined ? rates.youden_j.value : -2};
	}
	if (count)
		qsort(ranked, count, sizeof *ranked, compare_ranked);
	return ranked;
}

/* numbers */

void
report_print_share(char text[16], double value)
{
	double rounded = value;

	if (fabs(value) < 1 && fabs(value) > 0.999)
		rounded = value > 0 ? 0.999 : -0.999;
	if (value != 0 && fabs(value) < 0.001)
		rounded = value > 0 ? 0.001 : -0.001;
	snprintf(text, 16, "%.3f", rounded);
}

void
report_rate(struct buf *out, int width, struct measure measure)
{
	char text[16] = "-";

	if (measure.defined)
		report_print_share(text, measure.value);
	buf_printf(out, " %*s", width, text);
}

/* ".833", "-.002", "1.00" */
static void
put_short(struct buf *out, double value)
{
	char text[16];
	unsigned sign;

	report_print_share(text, value);
	sign = text[0] == '-';
	if (text[sign] == '0')
		buf_printf(out, "%.*s%s", (int)sign, text, text + sign + 1);
	else
		buf_printf(out, "%.*s", (int)sign + 4, text);
}

void
report_end_line(struct buf *out)
{
	while (out->len && out->data[out->len - 1] == ' ')
		out->len--;
	buf_putc(out, '\n');
}

void
report_interval(struct buf *out, int width, struct measure measure)
{
	struct buf text = {0};

	if (measure.defined) {
		buf_putc(&text, '[');
		put_short(&text, measure.low);
		buf_putc(&text, ',');
		put_short(&text, measure.high);
		buf_putc(&text, ']');
	}
	buf_printf(out, " %-*s", width, buf_string(&text));
	buf_free(&text);
}

void
report_share(struct buf *out, int width, struct measure measure)
{
	struct buf text = {0};

	if (measure.defined)
		put_short(&text, measure.value);
	buf_printf(out, " %*s", width, measure.defined ? text.data : "-");
	buf_free(&text);
}

void
report_answered(struct buf *out, const struct score *score, enum score_view view)
{
	const struct cells *cells = &score->total[view];
	unsigned cases = cells_cases(cells);

	if (score->checker->why_not)
		buf_printf(out, " %4s", strncmp(score->checker->why_not, "void", 4) ? "none" : "void");
	else if (cases)
		buf_printf(out, " %3u%%", (unsigned)((uint64_t)(cases - cells_no_answer(cells)) * 100 / cases));
	else
		buf_puts(out, "    -");
}

/* notes */

/* Why cases have no answer; those that violate and those that are correct are told apart, since silence on
 * the former costs recall and silence on the latter costs nothing but pairs. */
static void
put_reasons(struct buf *out, const struct report *report)
{
	for (unsigned i = 0; i < report->stored->checkers; i++) {
		const struct score *score = &report->score[i];
		const struct cells *cells = &score->total[report->options->view];

		if (!score->checker->why_not && !score->checker->finished)
			buf_printf(out, "%s was broken off: lockdrill run --resume\n", score->checker->name);
		if (!cells_no_answer(cells))
			continue;
		buf_printf(out, "no answer from %s to %u violations, %u correct cases:", score->checker->name,
		           cells_unanswered(cells, true), cells_unanswered(cells, false));
		for (unsigned r = 0; r < ANSWER_COUNT; r++)
			if (cells_reason(cells, (enum answer_state)r))
				buf_printf(out, " %s %u", answer_name((enum answer_state)r),
				           cells_reason(cells, (enum answer_state)r));
		if (score->checker->why_not)
			buf_printf(out, "\n  (%s)", score->checker->why_not);
		buf_putc(out, '\n');
	}
}

bool
report_detection(const struct score *score, double *rate)
{
	if (score->checker->why_not || !score->violating)
		return false;
	*rate = score->detected / score->violating;
	return true;
}

/* What more repeats would add: a column for each number of them. */
static void
put_withins(struct buf *out, const struct score *score, const struct cells *cells)
{
	const struct score_within *within = score->within;

	buf_puts(out, "  in the first ");
	for (unsigned i = 0; i < score->withins; i++)
		buf_printf(out, " %5u", within[i].repeats);
	buf_puts(out, "\n  violations   ");
	for (unsigned i = 0; i < score->withins; i++)
		report_share(out, 5, wilson(within[i].violations, cells_violations(cells)));
	buf_puts(out, "\n  correct cases");
	for (unsigned i = 0; i < score->withins; i++)
		report_share(out, 5, wilson(within[i].correct, cells_correct(cells)));
	buf_putc(out, '\n');
}

static void
put_repeats(struct buf *out, const struct report *report)
{
	for (unsigned i = 0; i < report->stored->checkers; i++) {
		const struct score *score = &report->score[i];
		double rate;

		if (score->checker->repeats == 1 || !report_detection(score, &rate))
			continue;
		buf_printf(out, "%s, each case %u times: detection rate %.3f; flaky cases: %u%s\n",
		           score->checker->name, score->checker->repeats, rate, score->flaky_cases,
		           score->flaky_cases ? " (--flaky names them)" : "");
		put_withins(out, score, &score->total[report->options->view]);
	}
}

/* Answers that were not asked for in this run. */
static void
put_reused(struct buf *out, const struct report *report)
{
	for (unsigned i = 0; i < report->stored->checkers; i++) {
		const struct score *score = &report->score[i];

		if (score->reused)
			buf_printf(out, "%s: %llu answers are kept from an earlier run\n", score->checker->name,
			           (unsigned long long)score->reused);
	}
}

/* A line, or more where it would be too long, for each containment there is. */
static void
put_containment(struct buf *out, const struct stored *stored)
{
	for (unsigned i = 0; i < stored->checkers; i++) {
		const char *containment = stored->checker[i].containment;
		size_t line = out->len;
		unsigned first = 0;

		while (strcmp(stored->checker[first].containment, containment))
			first++;
		if (first < i || !strcmp(containment, "none"))
			continue;
		buf_printf(out, "contained by %s:", containment);
		for (unsigned j = i; j < stored->checkers; j++) {
			const char *name = stored->checker[j].name;

			if (strcmp(stored->checker[j].containment, containment))
				continue;
			if (j > i)
				buf_putc(out, ',');
			if (j > i && out->len - line + strlen(name) > LINE_MOST - 2) {
				buf_puts(out, "\n ");
				line = out->len - 1;
			}
			buf_printf(out, " %s", name);
		}
		buf_putc(out, '\n');
	}
}

void
report_counted(struct buf *out, const struct report *report)
{
	for (unsigned i = 0; i < report->stored->checkers; i++) {
		unsigned counted = cells_cases(&report->score[i].total[report->options->view]);

		if (counted == report->stored->cases)
			continue;
		buf_printf(out, "%u of these cases count in this view", counted);
		if (report->options->view == VIEW_DECLARED)
			buf_printf(out, " for %s", report->score[i].checker->name);
		buf_putc(out, '\n');
		if (report->options->view != VIEW_DECLARED)
			return;
	}
}

void
report_notes(struct buf *out, const struct report *report)
{
	put_reasons(out, report);
	put_reused(out, report);
	put_repeats(out, report);
	put_containment(out, report->stored);
}
