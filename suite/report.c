/* report: scores as a table and as JSON. See report.h. */
#include "report.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION_WIDTH = 12 };

static const char *const view_titles[VIEW_COUNT] = {
	[VIEW_HEADLINE] = "Headline reading of each rule",
	[VIEW_DECLARED] = "The reading that each checker declares (headline where it declares none)",
	[VIEW_SETTLED] = "Settled cases only: all readings of the rule agree",
	[VIEW_NAMED] = "Reading",
};

/* order */

struct ranked {
	const struct score *score;
	double j;
};

static int
compare_ranked(const void *one, const void *two)
{
	const struct ranked *a = one, *b = two;

	if (a->j != b->j)
		return a->j > b->j ? -1 : 1;
	return strcmp(a->score->checker->name, b->score->checker->name);
}

static struct ranked *
rank(const struct report *report, enum score_view view, struct arena *arena)
{
	unsigned count = report->stored->checkers;
	struct ranked *ranked = arena_alloc(arena, (count + 1U) * sizeof *ranked);

	for (unsigned i = 0; i < count; i++) {
		struct measure j = score_rates(&report->score[i].total[view]).youden_j;

		ranked[i] = (struct ranked){&report->score[i], j.defined ? j.value : -2};
	}
	if (count)
		qsort(ranked, count, sizeof *ranked, compare_ranked);
	return ranked;
}

/* table */

static void
put_rate(struct buf *out, struct measure measure, bool with_interval)
{
	if (!measure.defined) {
		buf_printf(out, with_interval ? "      n/a               " : "   n/a");
		return;
	}
	buf_printf(out, " %5.3f", measure.value);
	if (with_interval)
		buf_printf(out, " [%6.3f, %6.3f]", measure.low, measure.high);
}

static void
put_row(struct buf *out, const struct score *score, enum score_view view)
{
	const struct cells *cells = &score->total[view];
	struct rates rates = score_rates(cells);

	buf_printf(out, "%-20s %-*.*s %5u %5u %5u %5u %5u ", score->checker->name, VERSION_WIDTH, VERSION_WIDTH,
	           score->checker->version[0] ? score->checker->version : "-", cells->tp, cells->fn, cells->fp,
	           cells->tn, cells_no_answer(cells));
	put_rate(out, rates.recall, false);
	put_rate(out, rates.false_alarm_rate, false);
	put_rate(out, rates.youden_j, true);
	put_rate(out, rates.discrimination, false);
	buf_putc(out, '\n');
}

static void
put_view(struct buf *out, const struct report *report, enum score_view view, struct arena *arena)
{
	struct ranked *ranked = rank(report, view, arena);

	buf_printf(out, "\n%s%s%s\n", view_titles[view], view == VIEW_NAMED ? " " : "",
	           view == VIEW_NAMED ? report->reading : "");
	buf_printf(out, "%-20s %-*s %5s %5s %5s %5s %5s %6s %5s %-22s %6s\n", "checker", VERSION_WIDTH, "version",
	           "TP", "FN", "FP", "TN", "none", "recall", "alarm", " J [95 % interval]", "pairs");
	for (unsigned i = 0; i < report->stored->checkers; i++)
		put_row(out, ranked[i].score, view);
}

/* Column width of a group: its name, or a number. */
static int
group_width(const struct score_group *group)
{
	return strlen(group->name) > 6 ? (int)strlen(group->name) : 6;
}

static int
column_width(const struct score *score)
{
	return strlen(score->checker->name) > 6 ? (int)strlen(score->checker->name) : 6;
}

/* Youden's J of each rule, or of each ladder step. */
static void
put_groups(struct buf *out, const struct report *report, const char *title, bool by_ladder,
           struct arena *arena)
{
	struct ranked *ranked = rank(report, report->view, arena);

	buf_printf(out, "\n%s\n%-20s", title, "checker");
	for (unsigned i = 0; i < report->stored->checkers; i++) {
		const struct score *score = ranked[i].score;
		const struct score_group *group = by_ladder ? score->ladder : score->rule;
		unsigned groups = by_ladder ? score->ladders : score->rules;

		for (unsigned j = 0; !i && j < groups; j++)
			buf_printf(out, " %*s", group_width(&group[j]), group[j].name);
		buf_printf(out, "%s%-20s", i ? "" : "\n", score->checker->name);
		for (unsigned j = 0; j < groups; j++) {
			struct measure measure = score_rates(&group[j].cells).youden_j;

			if (measure.defined)
				buf_printf(out, " %*.3f", group_width(&group[j]), measure.value);
			else
				buf_printf(out, " %*s", group_width(&group[j]), "n/a");
		}
		buf_putc(out, '\n');
	}
}

/* One row a group, one column a checker: J, and in the first column the number of cases. */
void
report_by(struct buf *out, const struct report *report, enum score_by by, struct arena *arena)
{
	struct ranked *ranked = rank(report, report->view, arena);
	unsigned checkers = report->stored->checkers;
	const struct score_group *group;
	unsigned groups = checkers ? score_groups(ranked[0].score, by, &group) : 0;

	buf_printf(out, "%-26s %6s", "Youden's J", "cases");
	for (unsigned i = 0; i < checkers; i++)
		buf_printf(out, " %*s", column_width(ranked[i].score), ranked[i].score->checker->name);
	buf_putc(out, '\n');
	for (unsigned j = 0; j < groups; j++) {
		buf_printf(out, "%-26s %6u", group[j].name, cells_cases(&group[j].cells));
		for (unsigned i = 0; i < checkers; i++) {
			const struct score_group *own;
			struct measure measure;

			score_groups(ranked[i].score, by, &own);
			measure = score_rates(&own[j].cells).youden_j;
			if (measure.defined)
				buf_printf(out, " %*.3f", column_width(ranked[i].score), measure.value);
			else
				buf_printf(out, " %*s", column_width(ranked[i].score), "n/a");
		}
		buf_putc(out, '\n');
	}
}

static void
put_reasons(struct buf *out, const struct report *report)
{
	for (unsigned i = 0; i < report->stored->checkers; i++) {
		const struct score *score = &report->score[i];
		const struct cells *cells = &score->total[report->view];

		if (!cells_no_answer(cells))
			continue;
		buf_printf(out, "\nNo answer from %s:", score->checker->name);
		for (unsigned r = 0; r < ANSWER_COUNT; r++)
			if (cells->no_answer[r])
				buf_printf(out, " %s %u", answer_name((enum answer_state)r), cells->no_answer[r]);
		if (score->checker->why_not)
			buf_printf(out, " (%s)", score->checker->why_not);
	}
}

static unsigned
count_families(const struct stored *stored)
{
	unsigned families = 0;

	/* Few thousand cases: each is compared with those before it of the same rule's families. */
	for (unsigned i = 0; i < stored->cases; i++) {
		unsigned j = 0;

		while (stored->stored_case[j].family != stored->stored_case[i].family)
			j++;
		families += j == i;
	}
	return families;
}

void
report_table(struct buf *out, const struct report *report, struct arena *arena)
{
	const struct stored *stored = report->stored;

	buf_printf(out, "lockdrill suite %s, level %s%s%s: %u cases in pairs, from %u families\n", stored->suite,
	           stored->level, report->rule ? ", rule " : "", report->rule ? report->rule : "", stored->cases,
	           count_families(stored));
	if (report->view == VIEW_NAMED) {
		put_view(out, report, VIEW_NAMED, arena);
	} else {
		put_view(out, report, VIEW_DECLARED, arena);
		put_view(out, report, VIEW_SETTLED, arena);
		put_view(out, report, VIEW_HEADLINE, arena);
	}
	put_groups(out, report, "Youden's J by rule", false, arena);
	put_groups(out, report, "Youden's J by ladder step", true, arena);
	put_reasons(out, report);
	buf_puts(
		out,
		"\nTP, FN: violations reported, missed; FP, TN: correct cases reported, passed; none: no answer.\n"
		"recall = TP/(TP+FN); alarm = FP/(FP+TN); J = recall - alarm: 1 is perfect, 0 is worth nothing;\n"
		"pairs: share of pairs on which both twins are answered rightly.\n");
}

/* JSON */

static json_t *
json_measure(struct measure measure)
{
	if (!measure.defined)
		return json_null();
	return json_pack("{s:f, s:f, s:f}", "value", measure.value, "low", measure.low, "high", measure.high);
}

static json_t *
json_cells(const struct cells *cells)
{
	struct rates rates = score_rates(cells);
	json_t *reasons = json_object();

	for (unsigned i = 0; i < ANSWER_COUNT; i++)
		if (cells->no_answer[i])
			json_object_set_new(reasons, answer_name((enum answer_state)i),
			                    json_integer(cells->no_answer[i]));
	return json_pack("{s:i, s:i, s:i, s:i, s:o, s:o, s:o, s:o, s:o}", "tp", (int)cells->tp, "fp",
	                 (int)cells->fp, "tn", (int)cells->tn, "fn", (int)cells->fn, "no_answer", reasons,
	                 "recall", json_measure(rates.recall), "false_alarm_rate",
	                 json_measure(rates.false_alarm_rate), "youden_j", json_measure(rates.youden_j),
	                 "discrimination", json_measure(rates.discrimination));
}

static json_t *
json_groups(const struct score_group *group, unsigned count)
{
	json_t *object = json_object();

	for (unsigned i = 0; i < count; i++)
		json_object_set_new(object, group[i].name, json_cells(&group[i].cells));
	return object;
}

void
report_json(struct buf *out, const struct report *report)
{
	json_t *checkers = json_array(), *all;
	char *text;

	for (unsigned i = 0; i < report->stored->checkers; i++) {
		const struct score *score = &report->score[i];

		json_array_append_new(checkers, json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "checker",
		                                          score->checker->name, "version", score->checker->version,
		                                          "total", json_cells(&score->total[report->view]), "rules",
		                                          json_groups(score->rule, score->rules), "kinds",
		                                          json_groups(score->kind, score->kinds), "ladder",
		                                          json_groups(score->ladder, score->ladders), "shapes",
		                                          json_groups(score->shape, score->shapes), "declared",
		                                          json_cells(&score->total[VIEW_DECLARED]), "settled",
		                                          json_cells(&score->total[VIEW_SETTLED])));
	}
	all = json_pack("{s:s, s:s, s:s, s:o}", "suite", report->stored->suite, "level", report->stored->level,
	                "reading", report->reading ? report->reading : "headline", "checkers", checkers);
	text = all ? json_dumps(all, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) : NULL;
	if (!text)
		die("out of memory");
	buf_puts(out, text);
	buf_putc(out, '\n');
	free(text);
	json_decref(all);
}
