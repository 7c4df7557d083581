/* report: scores as tables. See report.h; the JSON report is report_json.c.
 *
 * Every table begins with a line that says what was scored and what was left out. A checker's line is put
 * together from its rates in the view asked for; the answered-only view takes other fields of the same rates.
 */
#include "report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bootstrap.h"

enum { NAME_WIDTH = 19, VERSION_WIDTH = 7, LINE_MOST = 100 };

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

static const char *
reading_of(const struct report *report)
{
	const struct score_options *options = report->options;

	return options->view == VIEW_NAMED ? options->reading : views[options->view].meaning;
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

static void
put_filter(struct buf *out, const struct stored *stored)
{
	buf_puts(out, "filters: ");
	report_filters(out, stored);
}

/* The line that every table begins with. */
static void
put_head(struct buf *out, const struct report *report)
{
	const struct stored *stored = report->stored;

	buf_printf(out, "lockdrill suite %s, level %s, %u of its %u cases; ", stored->suite, stored->level,
	           stored->cases, stored->all);
	put_filter(out, stored);
	buf_putc(out, '\n');
}

/* order */

struct ranked {
	const struct score *score;
	struct rates rates; /* recall, false_alarm_rate and youden_j are those that are shown */
	double j;
};

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

static struct ranked *
rank(const struct report *report, struct arena *arena)
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

/* Three decimals of a share or a difference of two; what is not 1, -1 or 0 is not rounded to it. */
static void
print_share(char text[16], double value)
{
	double rounded = value;

	if (fabs(value) < 1 && fabs(value) > 0.999)
		rounded = value > 0 ? 0.999 : -0.999;
	if (value != 0 && fabs(value) < 0.001)
		rounded = value > 0 ? 0.001 : -0.001;
	snprintf(text, 16, "%.3f", rounded);
}

/* "0.833", right-aligned; "-" for what is not defined. */
static void
put_rate(struct buf *out, int width, struct measure measure)
{
	char text[16] = "-";

	if (measure.defined)
		print_share(text, measure.value);
	buf_printf(out, " %*s", width, text);
}

/* ".833", "-.002", "1.00" */
static void
put_short(struct buf *out, double value)
{
	char text[16];
	unsigned sign;

	print_share(text, value);
	sign = text[0] == '-';
	if (text[sign] == '0')
		buf_printf(out, "%.*s%s", (int)sign, text, text + sign + 1);
	else
		buf_printf(out, "%.*s", (int)sign + 4, text);
}

/* Takes the blanks from a line's end, and ends it. */
static void
end_line(struct buf *out)
{
	while (out->len && out->data[out->len - 1] == ' ')
		out->len--;
	buf_putc(out, '\n');
}

/* "[.823,.842]" */
static void
put_interval(struct buf *out, int width, struct measure measure)
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

/* The same alone, right-aligned; "-" for what is not defined. */
static void
put_share(struct buf *out, int width, struct measure measure)
{
	struct buf text = {0};

	if (measure.defined)
		put_short(&text, measure.value);
	buf_printf(out, " %*s", width, measure.defined ? text.data : "-");
	buf_free(&text);
}

/* Whole percents, rounded down: 100 only where nothing is missing. */
static void
put_answered(struct buf *out, const struct score *score, enum score_view view)
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

/* the table */

/* Widths of the first two columns. Versions are never cut: where they do not fit they have lines of their
 * own. */
struct widths {
	int name, version; /* version 0: no column */
};

static struct widths
widths_of(const struct stored *stored)
{
	struct widths widths = {NAME_WIDTH, VERSION_WIDTH};
	int name = 0, version = 1;

	for (unsigned i = 0; i < stored->checkers; i++) {
		int length = (int)strlen(stored->checker[i].name);

		name = length > name ? length : name;
		length = (int)strlen(stored->checker[i].version);
		version = length > version ? length : version;
	}
	if (name + version > NAME_WIDTH + VERSION_WIDTH)
		return (struct widths){name > NAME_WIDTH + VERSION_WIDTH ? name : NAME_WIDTH + VERSION_WIDTH, 0};
	if (version > VERSION_WIDTH)
		widths = (struct widths){NAME_WIDTH + VERSION_WIDTH - version, version};
	else if (name > NAME_WIDTH)
		widths = (struct widths){name, NAME_WIDTH + VERSION_WIDTH - name};
	return widths;
}

static const char *
version_of(const struct stored_checker *checker)
{
	return checker->version[0] ? checker->version : "-";
}

static void
put_names(struct buf *out, const struct widths *widths, const char *name, const char *version)
{
	buf_printf(out, "%-*s", widths->name, name);
	if (widths->version)
		buf_printf(out, " %-*s", widths->version, version);
}

static void
put_row(struct buf *out, const struct widths *widths, const struct ranked *row, enum score_view view)
{
	const struct rates *rates = &row->rates;

	put_names(out, widths, row->score->checker->name, version_of(row->score->checker));
	put_answered(out, row->score, view);
	put_share(out, 6, rates->recall);
	put_share(out, 5, rates->false_alarm_rate);
	put_share(out, 5, rates->youden_j);
	put_interval(out, 12, rates->youden_j);
	put_share(out, 5, rates->discrimination);
	put_share(out, 4, rates->kind_right);
	put_share(out, 4, rates->line_right);
	buf_putc(out, '\n');
}

static void
put_versions(struct buf *out, const struct widths *widths, const struct stored *stored)
{
	for (unsigned i = 0; i < stored->checkers && !widths->version; i++)
		buf_printf(out, "version of %s: %s\n", stored->checker[i].name, version_of(&stored->checker[i]));
}

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

/* Where not all cases that were asked count in the view. */
static void
put_counted(struct buf *out, const struct report *report)
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

/* What is to be known of any table of scores. */
static void
put_notes(struct buf *out, const struct report *report)
{
	put_reasons(out, report);
	put_reused(out, report);
	put_repeats(out, report);
	put_containment(out, report->stored);
}

static const char legend[] =
	"answ.: share with a verdict; recall, alarm: violations, correct cases that are reported, of all\n"
	"asked; J = recall - alarm: 1 is perfect, 0 is worth nothing; pairs: both twins answered rightly;\n"
	"right kind, right line: of the violations that are reported.\n";

void
report_table(struct buf *out, const struct report *report, struct arena *arena)
{
	const struct stored *stored = report->stored;
	struct ranked *ranked = rank(report, arena);
	struct widths widths = widths_of(stored);

	put_head(out, report);
	buf_printf(out, "\n%*s %30s%26s\n", widths.name + (widths.version ? widths.version + 1 : 0), "", "95 %",
	           "right");
	put_names(out, &widths, "checker", "version");
	buf_printf(out, " %4s %6s %5s %5s %-12s %5s %4s %4s\n", "answ", "recall", "alarm", "J", "interval",
	           "pairs", "kind", "line");
	for (unsigned i = 0; i < stored->checkers; i++)
		put_row(out, &widths, &ranked[i], report->options->view);
	buf_printf(out, "\nlevel %s, ", stored->level);
	put_filter(out, stored);
	buf_printf(out, "; %u cases in %u families; reading: %s%s\n", stored->cases, stored->families,
	           reading_of(report), report->answered_only ? "; answered cases only" : "");
	put_counted(out, report);
	buf_printf(out, "intervals: bootstrap over families, %d replicates, seed %d\n", BOOTSTRAP_REPLICATES,
	           BOOTSTRAP_SEED);
	put_versions(out, &widths, stored);
	put_notes(out, report);
	buf_puts(out, legend);
	buf_puts(out,
	         "more: --view declared, --view settled, --reading Y, --by rules|kinds|ladder|shapes,\n"
	         "--answered-only, --wide, --versus A B, --flaky, --format json; filters: lockdrill score -h\n");
}

/* wide */

/* Time or memory; "-" where nothing is known. */
static void
put_spent(struct buf *out, int width, double value)
{
	if (value > 0)
		buf_printf(out, " %*.3f", width, value);
	else
		buf_printf(out, " %*s", width, "-");
}

static void
put_wide_row(struct buf *out, const struct ranked *row, enum score_view view)
{
	const struct cells *cells = &row->score->total[view];
	const struct rates *rates = &row->rates;

	buf_printf(out, "%-20s %6u %6u %6u %6u %6u", row->score->checker->name, cells->tp, cells->fn, cells->fp,
	           cells->tn, cells_no_answer(cells));
	put_rate(out, 8, rates->answered);
	put_rate(out, 6, rates->recall);
	put_rate(out, 6, rates->false_alarm_rate);
	put_rate(out, 6, rates->youden_j);
	put_rate(out, 6, rates->discrimination);
	put_rate(out, 6, rates->precision);
	put_rate(out, 6, rates->f1);
	put_rate(out, 6, rates->mcc);
	if (rates->answered.defined)
		buf_printf(out, " %8lld", (long long)rates->points);
	else
		buf_printf(out, " %8s", "-");
	put_rate(out, 6, rates->kind_right);
	put_rate(out, 6, rates->line_right);
	put_rate(out, 6, rates->both_right);
	put_spent(out, 9, spread_quantile(&row->score->seconds, 0.5) * 1e3);
	put_spent(out, 9, spread_quantile(&row->score->seconds, 0.95) * 1e3);
	put_spent(out, 7, row->score->memory.most / 1e6);
	buf_printf(out, " %s\n", version_of(row->score->checker));
}

void
report_wide(struct buf *out, const struct report *report, struct arena *arena)
{
	struct ranked *ranked = rank(report, arena);

	put_head(out, report);
	buf_printf(out, "reading: %s%s\n\n", reading_of(report),
	           report->answered_only ? "; recall, alarm and J over answered cases only" : "");
	buf_printf(
		out, "%-20s %6s %6s %6s %6s %6s %8s %6s %6s %6s %6s %6s %6s %6s %8s %6s %6s %6s %9s %9s %7s %s\n",
		"checker", "TP", "FN", "FP", "TN", "none", "answered", "recall", "alarm", "J", "pairs", "prec.", "F1",
		"MCC", "points", "kind", "line", "both", "ms median", "ms 95 %", "MB most", "version");
	for (unsigned i = 0; i < report->stored->checkers; i++)
		put_wide_row(out, &ranked[i], report->options->view);
	buf_putc(out, '\n');
	put_notes(out, report);
}

/* groups */

enum { GROUP_WIDTH = 26, INTERVAL_WIDTH = 12 };

static int
column_width(const struct score *score, bool intervals)
{
	int width = (int)strlen(score->checker->name);
	int least = intervals ? 7 + INTERVAL_WIDTH : 6;

	return width > least ? width : least;
}

static bool
intervals_fit(const struct report *report)
{
	int width = GROUP_WIDTH + 7;

	for (unsigned i = 0; i < report->stored->checkers; i++)
		width += 1 + column_width(&report->score[i], true);
	return width <= LINE_MOST && report->options->group_intervals;
}

static void
put_group_cell(struct buf *out, const struct score_group *group, int width, bool intervals)
{
	put_rate(out, intervals ? width - INTERVAL_WIDTH - 1 : width, group->rates.youden_j);
	if (intervals)
		put_interval(out, INTERVAL_WIDTH, group->rates.youden_j);
}

void
report_by(struct buf *out, const struct report *report, enum score_by by, struct arena *arena)
{
	struct ranked *ranked = rank(report, arena);
	unsigned checkers = report->stored->checkers;
	const struct score_group *group = checkers ? ranked[0].score->group[by] : NULL;
	unsigned groups = checkers ? ranked[0].score->groups[by] : 0;
	bool intervals = intervals_fit(report);

	put_head(out, report);
	buf_printf(out, "reading: %s\n\n%-*s %6s", reading_of(report), GROUP_WIDTH, "Youden's J", "cases");
	for (unsigned i = 0; i < checkers; i++)
		buf_printf(out, " %*s", column_width(ranked[i].score, intervals), ranked[i].score->checker->name);
	buf_putc(out, '\n');
	for (unsigned j = 0; j < groups; j++) {
		buf_printf(out, "%-*s %6u", GROUP_WIDTH, group[j].name, cells_cases(&group[j].cells));
		for (unsigned i = 0; i < checkers; i++)
			put_group_cell(out, &ranked[i].score->group[by][j], column_width(ranked[i].score, intervals),
			               intervals);
		end_line(out);
	}
	if (!intervals && checkers)
		buf_puts(out, "\nintervals are shown where they fit: choose with --checker\n");
	buf_putc(out, '\n');
	put_notes(out, report);
}

/* two checkers */

static void
put_probability(struct buf *out, double p)
{
	if (p < 1e-300)
		buf_puts(out, "p < 1e-300\n");
	else
		buf_printf(out, "p = %.3g\n", p);
}

void
report_versus(struct buf *out, const struct report *report, const struct score_versus *versus)
{
	const struct score *one = &report->score[0], *two = &report->score[1];
	enum score_view view = report->options->view;
	unsigned differ = versus->only_one + versus->only_two;

	put_head(out, report);
	buf_printf(out, "reading: %s\n\n", reading_of(report));
	for (unsigned i = 0; i < 2; i++) {
		const struct score *score = i ? two : one;

		buf_printf(out, "%-20s J", score->checker->name);
		put_rate(out, 6, score->rates[view].youden_j);
		put_interval(out, INTERVAL_WIDTH, score->rates[view].youden_j);
		buf_printf(out, " right alone on %u cases\n", i ? versus->only_two : versus->only_one);
	}
	buf_printf(out, "%-20s  ", "difference");
	put_rate(out, 6, versus->difference);
	put_interval(out, INTERVAL_WIDTH, versus->difference);
	buf_puts(out, " paired, by families: ");
	put_probability(out, versus->p);
	buf_printf(out,
	           "McNemar's exact test over the %u cases on which just one is right, which takes cases for\n"
	           "independent: ",
	           differ);
	put_probability(out, versus->mcnemar);
	put_notes(out, report);
}

void
report_flaky(struct buf *out, const struct report *report)
{
	buf_puts(out, "checker\tid\trule\texpected\tdetection\tanswers\n");
	for (unsigned i = 0; i < report->stored->checkers; i++) {
		const struct score *score = &report->score[i];
		unsigned repeats = score->checker->repeats;

		for (unsigned j = 0; j < score->flaky_cases; j++) {
			const struct score_flaky *flaky = &score->flaky[j];

			buf_printf(out, "%s\t%s\t%s\t%s\t%u/%u\t", score->checker->name, flaky->id, flaky->rule,
			           outcome_name(flaky->expected), flaky->detected, repeats);
			for (unsigned r = 0; r < repeats; r++)
				buf_printf(out, "%s%s", r ? "," : "", answer_name((enum answer_state)flaky->state[r]));
			buf_putc(out, '\n');
		}
	}
}
