/* report: scores as JSON. See report.h and include/lockdrill/score.schema.json. */
#include <jansson.h>
#include <stdlib.h>

#include "bits.h"
#include "bootstrap.h"
#include "column.h"
#include "report.h"

static json_t *
json_value(struct column_value value)
{
	if (value.type == VALUE_WHOLE)
		return json_integer(value.whole);
	if (value.type != VALUE_MEASURE)
		return json_null();
	return json_pack("{s:f, s:f, s:f}", "value", value.measure.value, "low", value.measure.low, "high",
	                 value.measure.high);
}

static json_t *
json_reasons(const struct cells *cells)
{
	json_t *reasons = json_object();

	for (unsigned i = ANSWER_VIOLATION + 1; i < ANSWER_COUNT; i++)
		json_object_set_new(reasons, answer_name((enum answer_state)i),
		                    json_integer(cells_reason(cells, (enum answer_state)i)));
	return reasons;
}

static json_t *
json_cells(const struct cells *cells, const struct rates *rates)
{
	const struct column_row row = {.cells = cells, .rates = rates};
	json_t *object = json_object();

	for (unsigned id = 0; id < COLUMN_COUNT; id++) {
		const struct column *column = column_of((enum column_id)id);

		if (column->part == PART_COUNT || column->part == PART_RATE || column->part == PART_ESTIMATE)
			json_object_set_new(object, column->name, json_value(column_value((enum column_id)id, &row)));
	}
	json_object_set_new(object, "no_answer", json_reasons(cells));
	json_object_set_new(object, "svcomp_points", json_integer(rates->points));
	json_object_set_new(object, "svcomp_points_most", json_integer(rates->points_most));
	return object;
}

static json_t *
json_groups(const struct score_group *group, unsigned count)
{
	json_t *object = json_object();

	for (unsigned i = 0; i < count; i++)
		json_object_set_new(object, group[i].name, json_cells(&group[i].cells, &group[i].rates));
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

	return report_detection(score, &rate) ? json_real(rate) : json_null();
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
json_within(const struct score *score)
{
	json_t *all = json_array();

	for (unsigned i = 0; i < score->withins; i++) {
		const struct score_within *within = &score->within[i];

		json_array_append_new(all, json_pack("{s:i, s:i, s:i}", "repeats", (int)within->repeats, "violations",
		                                     (int)within->violations, "correct", (int)within->correct));
	}
	return all;
}

static json_t *
json_known(double value)
{
	return value > 0 ? json_real(value) : json_null();
}

static json_t *
json_spent(const struct score *score)
{
	return json_pack(
		"{s:o, s:o, s:o, s:o}", "seconds_median", json_known(spread_quantile(&score->seconds, 0.5)),
		"seconds_95", json_known(spread_quantile(&score->seconds, 0.95)), "memory_median",
		json_known(spread_quantile(&score->memory, 0.5)), "memory_most", json_known(score->memory.most));
}

/* null where the checker declares no kinds. */
static json_t *
json_own_kinds(const struct score *score)
{
	json_t *kinds;

	if (!score->checker->kinds)
		return json_null();
	kinds = json_array();
	bits_each (kind, score->checker->kinds)
		json_array_append_new(kinds, json_string(kind_name((enum kind)kind)));
	return json_pack("{s:o, s:o}", "kinds", kinds, "total", json_cells(&score->own, &score->own_rates));
}

static json_t *
json_checker(const struct score *score, enum score_view view)
{
	const struct stored_checker *checker = score->checker;
	json_t *object = json_pack(
		"{s:s, s:s, s:o, s:b, s:s, s:i, s:I, s:I, s:o, s:o, s:o}", "checker", checker->name, "version",
		checker->version, "why_not", json_text_or_null(checker->why_not), "finished", checker->finished,
		"containment", checker->containment, "repeats", (int)checker->repeats, "reused",
		(json_int_t)score->reused, "retried", (json_int_t)score->retried, "detection", json_detection(score),
		"spent", json_spent(score), "total", json_cells(&score->total[view], &score->rates[view]));

	for (unsigned by = 0; by < BY_COUNT; by++)
		json_object_set_new(object, score_by_name((enum score_by)by),
		                    json_groups(score->group[by], score->groups[by]));
	json_object_set_new(object, "declared",
	                    json_cells(&score->total[VIEW_DECLARED], &score->rates[VIEW_DECLARED]));
	json_object_set_new(object, "settled",
	                    json_cells(&score->total[VIEW_SETTLED], &score->rates[VIEW_SETTLED]));
	json_object_set_new(object, "own_kinds", json_own_kinds(score));
	json_object_set_new(object, "within", json_within(score));
	json_object_set_new(object, "flaky", json_flaky(score));
	return object;
}

bool
report_json(struct buf *out, const struct report *report, struct diag *diag)
{
	const struct score_options *options = report->options;
	const struct stored *stored = report->stored;
	json_t *checkers = json_array(), *all;
	struct buf filters = {0};
	char *text = NULL;
	bool ok = true;

	for (unsigned i = 0; i < stored->checkers; i++)
		ok = !json_array_append_new(checkers, json_checker(&report->score[i], options->view)) && ok;
	report_filters(&filters, stored);
	all = json_pack("{s:s, s:s, s:s, s:i, s:i, s:s, s:s, s:i, s:i, s:o}", "suite", stored->suite, "level",
	                stored->level, "filters", filters.data, "cases", (int)stored->cases, "families",
	                (int)stored->families, "view", report_view_name(options->view), "reading",
	                report_reading_name(report), "replicates", BOOTSTRAP_REPLICATES, "seed", BOOTSTRAP_SEED,
	                "checkers", checkers);
	if (ok && all)
		text = json_dumps(all, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
	if (text) {
		buf_puts(out, text);
		buf_putc(out, '\n');
	} else {
		diag_set(diag, "--format", 0, 0,
		         "a text in the database is not UTF-8, and cannot be written as JSON");
	}
	free(text);
	buf_free(&filters);
	json_decref(all);
	return text != NULL;
}
