/* report: all numbers of a checker in a line: as a wide table of text, and, with the narrow one and the one
 * by groups, as tables of GitHub-flavoured Markdown. See report.h.
 */
#include <stdio.h>

#include "bootstrap.h"
#include "column.h"
#include "quote.h"
#include "report_parts.h"

/* A column as it is shown: its head, its width (negative: left-aligned), and what its value is multiplied by;
 * shares are not. */
struct shown {
	enum column_id id;
	int width;
	const char *head;
	double scale;
};

static const struct shown wide[] = {
	{COLUMN_CHECKER, -20, "checker", 0},
	{COLUMN_TP, 6, "TP", 0},
	{COLUMN_FN, 6, "FN", 0},
	{COLUMN_FP, 6, "FP", 0},
	{COLUMN_TN, 6, "TN", 0},
	{COLUMN_UNANSWERED, 6, "none", 0},
	{COLUMN_ANSWERED, 8, "answered", 0},
	{COLUMN_RECALL, 6, "recall", 0},
	{COLUMN_OWN_RECALL, 6, "own", 1},
	{COLUMN_ALARM, 6, "alarm", 0},
	{COLUMN_J, 6, "J", 0},
	{COLUMN_DISCRIMINATION, 6, "pairs", 0},
	{COLUMN_PRECISION, 6, "prec.", 0},
	{COLUMN_F1, 6, "F1", 0},
	{COLUMN_MCC, 6, "MCC", 0},
	{COLUMN_POINTS, 8, "points", 0},
	{COLUMN_KIND, 6, "kind", 0},
	{COLUMN_LINE, 6, "line", 0},
	{COLUMN_BOTH, 6, "both", 0},
	{COLUMN_SECONDS_MEDIAN, 9, "ms median", 1e3},
	{COLUMN_SECONDS_95, 9, "ms 95 %", 1e3},
	{COLUMN_MEMORY_MOST, 7, "MB most", 1e-6},
	{COLUMN_VERSION, 0, "version", 0},
};

/* What the narrow table has; the interval follows J. */
static const struct shown narrow[] = {
	{COLUMN_CHECKER, -1, "checker", 0},     {COLUMN_VERSION, -1, "version", 0},
	{COLUMN_ANSWERED, 1, "answered", 0},    {COLUMN_RECALL, 1, "recall", 0},
	{COLUMN_ALARM, 1, "alarm", 0},          {COLUMN_J, 1, "J", 0},
	{COLUMN_DISCRIMINATION, 1, "pairs", 0}, {COLUMN_KIND, 1, "right kind", 0},
	{COLUMN_LINE, 1, "right line", 0},
};

enum { WIDE_COUNT = sizeof wide / sizeof *wide, NARROW_COUNT = sizeof narrow / sizeof *narrow };

/* The value as it is shown: three decimals, "-" for none. */
static void
put_value(struct buf *out, const struct shown *shown, const struct column_row *row)
{
	struct column_value value = column_value(shown->id, row);
	char share[16];

	switch (value.type) {
	case VALUE_NONE:
		buf_putc(out, '-');
		break;
	case VALUE_WORD:
		buf_puts(out, value.word);
		break;
	case VALUE_WHOLE:
		buf_printf(out, "%lld", (long long)value.whole);
		break;
	case VALUE_REAL:
		buf_printf(out, "%.3f", value.real * shown->scale);
		break;
	case VALUE_MEASURE:
		report_print_share(share, value.measure.value);
		buf_puts(out, share);
		break;
	}
}

static struct column_row
row_of(const struct report *report, const struct ranked *ranked)
{
	struct column_row row = column_total(report, ranked->score, NULL);

	row.rates = &ranked->rates;
	return row;
}

/* text */

static void
put_cell(struct buf *out, const struct shown *shown, const char *text)
{
	buf_printf(out, "%s%*s", shown == wide ? "" : " ", shown->width, text);
}

void
report_wide(struct buf *out, const struct report *report, struct arena *arena)
{
	struct ranked *ranked = report_rank(report, arena);
	struct buf text = {0};

	report_head(out, report);
	buf_printf(out, "reading: %s%s\n\n", report_reading_meaning(report),
	           report->answered_only ? "; recall, alarm and J over answered cases only" : "");
	for (unsigned c = 0; c < WIDE_COUNT; c++)
		put_cell(out, &wide[c], wide[c].head);
	buf_putc(out, '\n');
	for (unsigned i = 0; i < report->stored->checkers; i++) {
		const struct column_row row = row_of(report, &ranked[i]);

		for (unsigned c = 0; c < WIDE_COUNT; c++) {
			buf_clear(&text);
			put_value(&text, &wide[c], &row);
			put_cell(out, &wide[c], buf_string(&text));
		}
		buf_putc(out, '\n');
	}
	buf_putc(out, '\n');
	report_notes(out, report);
	buf_free(&text);
}

/* Markdown */

/* Lines as a list; those that begin with a blank go on. */
static void
put_list(struct buf *out, const char *lines)
{
	struct buf line = {0};

	for (const char *end; *lines; lines = end + (*end == '\n')) {
		end = lines + strcspn(lines, "\n");
		buf_clear(&line);
		buf_add(&line, lines, (size_t)(end - lines));
		buf_puts(out, *lines == ' ' ? "  " : "- ");
		quote_markdown(out, line.data + strspn(line.data, " "));
		buf_putc(out, '\n');
	}
	buf_free(&line);
}

static void
put_markdown_head(struct buf *out, const struct report *report)
{
	struct buf head = {0};

	report_head(&head, report);
	head.data[--head.len] = 0;
	quote_markdown(out, head.data);
	buf_printf(out, "; reading: ");
	quote_markdown(out, report_reading_meaning(report));
	buf_printf(out, "%s\n\n", report->answered_only ? "; recall, alarm and J over answered cases only" : "");
	buf_free(&head);
}

static void
put_markdown_notes(struct buf *out, const struct report *report)
{
	struct buf notes = {0};

	report_counted(&notes, report);
	buf_printf(&notes, "intervals of 95 %%: bootstrap over families, %d replicates, seed %d\n",
	           BOOTSTRAP_REPLICATES, BOOTSTRAP_SEED);
	report_notes(&notes, report);
	buf_putc(out, '\n');
	put_list(out, buf_string(&notes));
	buf_free(&notes);
}

static void
put_markdown_cell(struct buf *out, const char *text)
{
	buf_puts(out, " ");
	quote_markdown(out, text);
	buf_puts(out, " |");
}

/* " [.456,.651] |" */
static void
put_markdown_interval(struct buf *out, struct measure measure)
{
	struct buf text = {0};

	report_interval(&text, 0, measure);
	buf_printf(out, " %s |", measure.defined ? text.data + 1 : "-");
	buf_free(&text);
}

void
report_markdown(struct buf *out, const struct report *report, bool is_wide, struct arena *arena)
{
	const struct shown *shown = is_wide ? wide : narrow;
	unsigned count = is_wide ? WIDE_COUNT : NARROW_COUNT;
	struct ranked *ranked = report_rank(report, arena);
	struct buf text = {0};

	put_markdown_head(out, report);
	for (unsigned line = 0; line < 2; line++) {
		buf_putc(out, '|');
		for (unsigned c = 0; c < count; c++) {
			buf_printf(out, line ? "%s|" : " %s |",
			           line ? shown[c].width > 0 ? "---:" : "---" : shown[c].head);
			if (!is_wide && shown[c].id == COLUMN_J)
				buf_puts(out, line ? "---|" : " 95 % |");
		}
		buf_putc(out, '\n');
	}
	for (unsigned i = 0; i < report->stored->checkers; i++) {
		const struct column_row row = row_of(report, &ranked[i]);

		buf_putc(out, '|');
		for (unsigned c = 0; c < count; c++) {
			buf_clear(&text);
			put_value(&text, &shown[c], &row);
			put_markdown_cell(out, buf_string(&text));
			if (!is_wide && shown[c].id == COLUMN_J)
				put_markdown_interval(out, row.rates->youden_j);
		}
		buf_putc(out, '\n');
	}
	put_markdown_notes(out, report);
	buf_free(&text);
}

void
report_markdown_by(struct buf *out, const struct report *report, enum score_by by, struct arena *arena)
{
	struct ranked *ranked = report_rank(report, arena);
	unsigned checkers = report->stored->checkers, groups = checkers ? ranked[0].score->groups[by] : 0;
	char share[16];

	put_markdown_head(out, report);
	buf_puts(out, "| Youden's J | cases |");
	for (unsigned i = 0; i < checkers; i++)
		put_markdown_cell(out, ranked[i].score->checker->name);
	buf_puts(out, "\n|---|---:|");
	for (unsigned i = 0; i < checkers; i++)
		buf_puts(out, "---:|");
	buf_putc(out, '\n');
	for (unsigned j = 0; j < groups; j++) {
		const struct score_group *group = &ranked[0].score->group[by][j];

		buf_putc(out, '|');
		put_markdown_cell(out, group->name);
		buf_printf(out, " %u |", cells_cases(&group->cells));
		for (unsigned i = 0; i < checkers; i++) {
			struct measure measure = ranked[i].score->group[by][j].rates.youden_j;

			if (measure.defined)
				report_print_share(share, measure.value);
			buf_printf(out, " %s |", measure.defined ? share : "-");
		}
		buf_putc(out, '\n');
	}
	put_markdown_notes(out, report);
}
