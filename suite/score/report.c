/* report: scores as a table and as JSON. See report.h. */
#include "report.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION_WIDTH = 12, LINE_MOST = 110 };

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
put_groups(struct buf *out, const struct report *report, const char *title, enum score_by by,
           struct arena *arena)
{
	struct ranked *ranked = rank(report, report->view, arena);

	buf_printf(out, "\n%s\n%-20s", title, "checker");
	for (unsigned i = 0; i < report->stored->checkers; i++) {
		const struct score *score = ranked[i].score;
		const struct score_group *group = score->group[by];
		unsigned groups = score->groups[by];

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
	const struct score_group *group = checkers ? ranked[0].score->group[by] : NULL;
	unsigned groups = checkers ? ranked[0].score->groups[by] : 0;

	buf_printf(out, "%-26s %6s", "Youden's J", "cases");
	for (unsigned i = 0; i < checkers; i++)
		buf_printf(out, " %*s", column_width(ranked[i].score), ranked[i].score->checker->name);
	buf_putc(out, '\n');
	for (unsigned j = 0; j < groups; j++) {
		buf_printf(out, "%-26s %6u", group[j].name, cells_cases(&group[j].cells));
		for (unsigned i = 0; i < checkers; i++) {
			struct measure measure = score_rates(&ranked[i].score->group[by][j].cells).youden_j;

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
		else if (!score->checker->finished)
			buf_puts(out, " (the run was broken off: lockdrill run --resume)");
	}
}

/* Mean share of repeats that report a violating case. */
static bool
detection(const struct score *score, double *rate)
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

		if (score->checker->repeats == 1 || !detection(score, &rate))
			continue;
		buf_printf(out, "\n%s, each case %u times: detection rate %.3f; flaky cases: %u%s",
		           score->checker->name, score->checker->repeats, rate, score->flaky_cases,
		           score->flaky_cases ? " (`lockdrill score FILE --flaky` names them)" : "");
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
report_table(struct buf *out, const struct report *report, struct arena *arena)
{
	const struct stored *stored = report->stored;

	buf_printf(out, "lockdrill suite %s, level %s%s%s: %u cases in pairs, from %u families\n", stored->suite,
	           stored->level, stored->rule ? ", rule " : "", stored->rule ? stored->rule : "", stored->cases,
	           stored->families);
	put_containment(out, stored);
	if (report->view == VIEW_NAMED) {
		put_view(out, report, VIEW_NAMED, arena);
	} else {
		put_view(out, report, VIEW_DECLARED, arena);
		put_view(out, report, VIEW_SETTLED, arena);
		put_view(out, report, VIEW_HEADLINE, arena);
	}
	put_groups(out, report, "Youden's J by rule", BY_RULE, arena);
	put_groups(out, report, "Youden's J by ladder step", BY_LADDER, arena);
	put_reasons(out, report);
	put_repeats(out, report);
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

	for (unsigned i = ANSWER_VIOLATION + 1; i < ANSWER_COUNT; i++)
		json_object_set_new(reasons, answer_name((enum answer_state)i), json_integer(cells->no_answer[i]));
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

static json_t *
json_text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *
json_detection(const struct score *score)
{
	double rate;

	return detection(score, &rate) ? json_real(rate) : json_null();
}

static json_t *
json_flaky(const struct score *score)
{
	json_t *all = json_array();

	for (unsigned i = 0; i < score->flaky_cases; i++) {
		const struct score_flaky *flaky = &score->flaky[i];

		json_array_append_new(all,
		                      json_pack("{s:s, s:s, s:s, s:i, s:i}", "id", flaky->id, "rule", flaky->rule,
		                                "expected", outcome_name(flaky->expected), "detected",
		                                (int)flaky->detected, "repeats", (int)score->checker->repeats));
	}
	return all;
}

static json_t *
json_checker(const struct score *score, enum score_view view)
{
	const struct stored_checker *checker = score->checker;
	json_t *object =
		json_pack("{s:s, s:s, s:o, s:b, s:s, s:i, s:I, s:I, s:o, s:o}", "checker", checker->name, "version",
	              checker->version, "why_not", json_text_or_null(checker->why_not), "finished",
	              checker->finished, "containment", checker->containment, "repeats", (int)checker->repeats,
	              "reused", (json_int_t)score->reused, "retried", (json_int_t)score->retried, "detection",
	              json_detection(score), "total", json_cells(&score->total[view]));

	for (unsigned by = 0; by < BY_COUNT; by++)
		json_object_set_new(object, score_by_name((enum score_by)by),
		                    json_groups(score->group[by], score->groups[by]));
	json_object_set_new(object, "declared", json_cells(&score->total[VIEW_DECLARED]));
	json_object_set_new(object, "settled", json_cells(&score->total[VIEW_SETTLED]));
	json_object_set_new(object, "flaky", json_flaky(score));
	return object;
}

bool
report_json(struct buf *out, const struct report *report, struct diag *diag)
{
	json_t *checkers = json_array(), *all;
	char *text = NULL;
	bool ok = true;

	for (unsigned i = 0; i < report->stored->checkers; i++)
		ok = !json_array_append_new(checkers, json_checker(&report->score[i], report->view)) && ok;
	all = json_pack("{s:s, s:s, s:s, s:o}", "suite", report->stored->suite, "level", report->stored->level,
	                "reading", report->reading ? report->reading : "headline", "checkers", checkers);
	if (ok && all)
		text = json_dumps(all, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
	if (text) {
		buf_puts(out, text);
		buf_putc(out, '\n');
	} else {
		diag_set(diag, "--format", 0, 0,
		         "a text in the database is not UTF-8, and cannot be written as JSON");
	}
	free(text);
	json_decref(all);
	return text != NULL;
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
