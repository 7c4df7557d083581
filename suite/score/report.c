/* report: scores as tables for people. See report.h; wide tables, CSV, JSON and the rest are in
 * files of their own.
 *
 * Every table begins with a line that says what was scored and what was left out. A checker's line is put
 * together from its rates in the view asked for; the answered-only view takes other fields of the same rates.
 */
#include <stdio.h>
#include <string.h>

#include "bootstrap.h"
#include "report_parts.h"

enum { NAME_WIDTH = 19, VERSION_WIDTH = 7, LINE_MOST = 100 };

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

	put_names(out, widths, row->score->checker->name, report_version(row->score->checker));
	report_answered(out, row->score, view);
	report_share(out, 6, rates->recall);
	report_share(out, 5, rates->false_alarm_rate);
	report_share(out, 5, rates->youden_j);
	report_interval(out, 12, rates->youden_j);
	report_share(out, 5, rates->discrimination);
	report_share(out, 4, rates->kind_right);
	report_share(out, 4, rates->line_right);
	buf_putc(out, '\n');
}

static void
put_versions(struct buf *out, const struct widths *widths, const struct stored *stored)
{
	for (unsigned i = 0; i < stored->checkers && !widths->version; i++)
		buf_printf(out, "version of %s: %s\n", stored->checker[i].name, report_version(&stored->checker[i]));
}

static const char legend[] =
	"answ.: share with a verdict; recall, alarm: violations, correct cases that are reported, of all\n"
	"asked; J = recall - alarm: 1 is perfect, 0 is worth nothing; pairs: both twins answered rightly;\n"
	"right kind, right line: of the violations that are reported.\n";

void
report_table(struct buf *out, const struct report *report, struct arena *arena)
{
	const struct stored *stored = report->stored;
	struct ranked *ranked = report_rank(report, arena);
	struct widths widths = widths_of(stored);

	report_head(out, report);
	buf_printf(out, "\n%*s %30s%26s\n", widths.name + (widths.version ? widths.version + 1 : 0), "", "95 %",
	           "right");
	put_names(out, &widths, "checker", "version");
	buf_printf(out, " %4s %6s %5s %5s %-12s %5s %4s %4s\n", "answ", "recall", "alarm", "J", "interval",
	           "pairs", "kind", "line");
	for (unsigned i = 0; i < stored->checkers; i++)
		put_row(out, &widths, &ranked[i], report->options->view);
	buf_printf(out, "\nlevel %s, ", stored->level);
	report_filter_words(out, stored);
	buf_printf(out, "; %u cases in %u families; reading: %s%s\n", stored->cases, stored->families,
	           report_reading_meaning(report), report->answered_only ? "; answered cases only" : "");
	report_counted(out, report);
	buf_printf(out, "intervals: bootstrap over families, %d replicates, seed %d\n", BOOTSTRAP_REPLICATES,
	           BOOTSTRAP_SEED);
	put_versions(out, &widths, stored);
	report_notes(out, report);
	buf_puts(out, legend);
	buf_puts(out, "more: --view declared, --view settled, --reading Y, --answered-only, --wide,\n"
	              "--by rules|kinds|ladder|shapes|depths|locks|sizes, --versus A B, --flaky,\n"
	              "--certificate, --format csv|md|json|html|junit|sarif; filters: lockdrill score -h\n");
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
	report_rate(out, intervals ? width - INTERVAL_WIDTH - 1 : width, group->rates.youden_j);
	if (intervals)
		report_interval(out, INTERVAL_WIDTH, group->rates.youden_j);
}

void
report_by(struct buf *out, const struct report *report, enum score_by by, struct arena *arena)
{
	struct ranked *ranked = report_rank(report, arena);
	unsigned checkers = report->stored->checkers;
	const struct score_group *group = checkers ? ranked[0].score->group[by] : NULL;
	unsigned groups = checkers ? ranked[0].score->groups[by] : 0;
	bool intervals = intervals_fit(report);

	report_head(out, report);
	buf_printf(out, "reading: %s\n\n%-*s %6s", report_reading_meaning(report), GROUP_WIDTH, "Youden's J",
	           "cases");
	for (unsigned i = 0; i < checkers; i++)
		buf_printf(out, " %*s", column_width(ranked[i].score, intervals), ranked[i].score->checker->name);
	buf_putc(out, '\n');
	for (unsigned j = 0; j < groups; j++) {
		buf_printf(out, "%-*s %6u", GROUP_WIDTH, group[j].name, cells_cases(&group[j].cells));
		for (unsigned i = 0; i < checkers; i++)
			put_group_cell(out, &ranked[i].score->group[by][j], column_width(ranked[i].score, intervals),
			               intervals);
		report_end_line(out);
	}
	if (!intervals && checkers)
		buf_puts(out, "\nintervals are shown where they fit: choose with --checker\n");
	buf_putc(out, '\n');
	report_notes(out, report);
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

	report_head(out, report);
	buf_printf(out, "reading: %s\n\n", report_reading_meaning(report));
	for (unsigned i = 0; i < 2; i++) {
		const struct score *score = i ? two : one;

		buf_printf(out, "%-20s J", score->checker->name);
		report_rate(out, 6, score->rates[view].youden_j);
		report_interval(out, INTERVAL_WIDTH, score->rates[view].youden_j);
		buf_printf(out, " right alone on %u cases\n", i ? versus->only_two : versus->only_one);
	}
	buf_printf(out, "%-20s  ", "difference");
	report_rate(out, 6, versus->difference);
	report_interval(out, INTERVAL_WIDTH, versus->difference);
	buf_puts(out, " paired, by families: ");
	put_probability(out, versus->p);
	buf_printf(out,
	           "McNemar's exact test over the %u cases on which just one is right, which takes cases for\n"
	           "independent: ",
	           differ);
	put_probability(out, versus->mcnemar);
	report_notes(out, report);
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
