/* column: what there is to say of a checker's answers to a set of cases: one table, from which the
 * formats take names and numbers, and which suite/manual/results.md repeats.
 *
 * A row is a checker and a set of cases: all of them, or a group. A value is a word, a whole number, a
 * number, or a measure, which has an interval; or there is none, and then a field is empty.
 */
#ifndef COLUMN_H
#define COLUMN_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"

/* UNIT(identifier, word) */
#define COLUMN_UNITS(UNIT)            \
	UNIT(UNIT_WORD, "text")           \
	UNIT(UNIT_TRUTH, "true or false") \
	UNIT(UNIT_COUNT, "count")         \
	UNIT(UNIT_POINTS, "points")       \
	UNIT(UNIT_SHARE, "0 to 1")        \
	UNIT(UNIT_DIFFERENCE, "-1 to 1")  \
	UNIT(UNIT_SECONDS, "seconds")     \
	UNIT(UNIT_BYTES, "bytes")

enum column_unit {
#define UNIT(id, word) id,
	COLUMN_UNITS(UNIT)
#undef UNIT
		UNIT_COLUMN_COUNT
};

/* What a column depends on. */
enum column_part {
	PART_KEY,   /* on what was scored, and who by whom */
	PART_COUNT, /* on the row's counts; a key of the JSON report's cells */
	PART_REASON,
	PART_RATE,     /* on the row's rates; a key of the JSON report's cells, with an interval */
	PART_ESTIMATE, /* the same, and in CSV without an interval */
	PART_POINTS,
	PART_RUN, /* on the checker's whole run: only in its row of all cases */
};

/* COLUMN(identifier, name, part, unit, value of `row`, meaning): the columns of CSV in their order; a
 * PART_RATE is followed by NAME_low and NAME_high. */
/* clang-format off */
#define COLUMNS(COLUMN) \
	COLUMN(COLUMN_SUITE, "suite", PART_KEY, UNIT_WORD, word(row->report->stored->suite), \
	       "version of the suite") \
	COLUMN(COLUMN_LEVEL, "level", PART_KEY, UNIT_WORD, word(row->report->stored->level), \
	       "level whose cases were asked") \
	COLUMN(COLUMN_FILTERS, "filters", PART_KEY, UNIT_WORD, word(row->filters), \
	       "what was left out of the level, or none") \
	COLUMN(COLUMN_VIEW, "view", PART_KEY, UNIT_WORD, \
	       word(report_view_name(row->report->options->view)), \
	       "headline, declared, settled, or named for that of --reading") \
	COLUMN(COLUMN_READING, "reading", PART_KEY, UNIT_WORD, word(report_reading_name(row->report)), \
	       "headline, declared, or the one of --reading") \
	COLUMN(COLUMN_CHECKER, "checker", PART_KEY, UNIT_WORD, word(row->score->checker->name), \
	       "name of the checker") \
	COLUMN(COLUMN_VERSION, "version", PART_KEY, UNIT_WORD, word(row->score->checker->version), \
	       "its version; empty where it is not known") \
	COLUMN(COLUMN_WHY_NOT, "why_not", PART_KEY, UNIT_WORD, word(row->score->checker->why_not), \
	       "why its verdicts are worth nothing; empty where they count") \
	COLUMN(COLUMN_FINISHED, "finished", PART_KEY, UNIT_TRUTH, truth(row->score->checker->finished), \
	       "whether its run came to the end") \
	COLUMN(COLUMN_CONTAINMENT, "containment", PART_KEY, UNIT_WORD, word(row->score->checker->containment), \
	       "none, or what kept the checker from the machine") \
	COLUMN(COLUMN_REPEATS, "repeats", PART_KEY, UNIT_COUNT, count(row->score->checker->repeats), \
	       "answers to a case, of which the first is scored") \
	COLUMN(COLUMN_BY, "by", PART_KEY, UNIT_WORD, word(row->by), \
	       "what the cases are grouped by: total, rules, kinds, ladder, shapes, depths, locks or sizes") \
	COLUMN(COLUMN_GROUP, "group", PART_KEY, UNIT_WORD, word(row->group), \
	       "name of the group; all for the total") \
	COLUMN(COLUMN_CASES, "cases", PART_COUNT, UNIT_COUNT, count(cells_cases(row->cells)), \
	       "cases asked that count in the view") \
	COLUMN(COLUMN_VIOLATIONS, "violations", PART_COUNT, UNIT_COUNT, count(cells_violations(row->cells)), \
	       "violating cases of them") \
	COLUMN(COLUMN_CORRECT, "correct", PART_COUNT, UNIT_COUNT, count(cells_correct(row->cells)), \
	       "correct cases of them") \
	COLUMN(COLUMN_TP, "tp", PART_COUNT, UNIT_COUNT, count(row->cells->tp), "violating cases reported") \
	COLUMN(COLUMN_FN, "fn", PART_COUNT, UNIT_COUNT, count(row->cells->fn), "violating cases passed") \
	COLUMN(COLUMN_FP, "fp", PART_COUNT, UNIT_COUNT, count(row->cells->fp), "correct cases reported") \
	COLUMN(COLUMN_TN, "tn", PART_COUNT, UNIT_COUNT, count(row->cells->tn), "correct cases passed") \
	COLUMN(COLUMN_UNANSWERED, "unanswered", PART_COUNT, UNIT_COUNT, count(cells_no_answer(row->cells)), \
	       "cases with neither pass nor violation as answer") \
	COLUMN(COLUMN_UNANSWERED_VIOLATIONS, "unanswered_violations", PART_COUNT, UNIT_COUNT, \
	       count(cells_unanswered(row->cells, true)), "violating cases of them") \
	COLUMN(COLUMN_UNANSWERED_CORRECT, "unanswered_correct", PART_COUNT, UNIT_COUNT, \
	       count(cells_unanswered(row->cells, false)), "correct cases of them") \
	COLUMN(COLUMN_UNKNOWN, "unknown", PART_REASON, UNIT_COUNT, reason(ANSWER_UNKNOWN), \
	       "unanswered: the checker said that it does not know") \
	COLUMN(COLUMN_UNSUPPORTED, "unsupported", PART_REASON, UNIT_COUNT, reason(ANSWER_UNSUPPORTED), \
	       "unanswered: the checker said that it cannot") \
	COLUMN(COLUMN_TIMEOUT, "timeout", PART_REASON, UNIT_COUNT, reason(ANSWER_TIMEOUT), \
	       "unanswered: it took too long") \
	COLUMN(COLUMN_MEMORY, "out_of_memory", PART_REASON, UNIT_COUNT, reason(ANSWER_MEMORY), \
	       "unanswered: it took too much memory") \
	COLUMN(COLUMN_CRASH, "crash", PART_REASON, UNIT_COUNT, reason(ANSWER_CRASH), \
	       "unanswered: it ended as no checker should") \
	COLUMN(COLUMN_GARBLED, "garbled", PART_REASON, UNIT_COUNT, reason(ANSWER_GARBLED), \
	       "unanswered: what it said is no answer") \
	COLUMN(COLUMN_NOT_RUN, "not_run", PART_REASON, UNIT_COUNT, reason(ANSWER_NOT_RUN), \
	       "unanswered: it was not asked, or its answers do not count") \
	COLUMN(COLUMN_PAIRS, "pairs", PART_COUNT, UNIT_COUNT, count(row->cells->pairs), \
	       "pairs whose verdicts differ") \
	COLUMN(COLUMN_PAIRS_RIGHT, "pairs_right", PART_COUNT, UNIT_COUNT, count(row->cells->pairs_right), \
	       "pairs with both twins answered rightly") \
	COLUMN(COLUMN_ANSWERED, "answered", PART_RATE, UNIT_SHARE, measure(row->rates->answered), \
	       "share of cases with pass or violation") \
	COLUMN(COLUMN_RECALL, "recall", PART_RATE, UNIT_SHARE, measure(row->rates->recall), \
	       "tp / violations") \
	COLUMN(COLUMN_ALARM, "false_alarm_rate", PART_RATE, UNIT_SHARE, measure(row->rates->false_alarm_rate), \
	       "fp / correct") \
	COLUMN(COLUMN_J, "youden_j", PART_RATE, UNIT_DIFFERENCE, measure(row->rates->youden_j), \
	       "recall - false_alarm_rate") \
	COLUMN(COLUMN_DISCRIMINATION, "discrimination", PART_RATE, UNIT_SHARE, \
	       measure(row->rates->discrimination), "pairs_right / pairs") \
	COLUMN(COLUMN_KIND, "right_kind", PART_RATE, UNIT_SHARE, measure(row->rates->kind_right), \
	       "mean over tp: share of findings with a right kind, where kinds are given") \
	COLUMN(COLUMN_LINE, "right_line", PART_RATE, UNIT_SHARE, measure(row->rates->line_right), \
	       "mean over tp: share of findings on a right line, where lines are given") \
	COLUMN(COLUMN_BOTH, "right_kind_and_line", PART_RATE, UNIT_SHARE, measure(row->rates->both_right), \
	       "mean over tp: share of findings with both") \
	COLUMN(COLUMN_PRECISION, "precision", PART_RATE, UNIT_SHARE, measure(row->rates->precision), \
	       "tp / (tp + fp)") \
	COLUMN(COLUMN_ANSWERED_RECALL, "answered_recall", PART_RATE, UNIT_SHARE, \
	       measure(row->rates->answered_recall), "recall over answered cases only") \
	COLUMN(COLUMN_ANSWERED_ALARM, "answered_false_alarm_rate", PART_RATE, UNIT_SHARE, \
	       measure(row->rates->answered_false_alarm_rate), "false_alarm_rate over answered cases only") \
	COLUMN(COLUMN_ANSWERED_J, "answered_youden_j", PART_RATE, UNIT_DIFFERENCE, \
	       measure(row->rates->answered_youden_j), "youden_j over answered cases only") \
	COLUMN(COLUMN_F1, "f1", PART_ESTIMATE, UNIT_SHARE, measure(row->rates->f1), \
	       "harmonic mean of precision and recall") \
	COLUMN(COLUMN_MCC, "mcc", PART_ESTIMATE, UNIT_DIFFERENCE, measure(row->rates->mcc), \
	       "Matthews' correlation of reported or not with violating or not") \
	COLUMN(COLUMN_POINTS, "svcomp_points", PART_POINTS, UNIT_POINTS, \
	       points(row->rates->points), "2 tn + tp - 16 fp - 32 fn") \
	COLUMN(COLUMN_POINTS_MOST, "svcomp_points_most", PART_POINTS, UNIT_POINTS, \
	       points(row->rates->points_most), "points that there are to be had") \
	COLUMN(COLUMN_FAMILIES, "families", PART_RUN, UNIT_COUNT, count(row->report->stored->families), \
	       "families that the cases come from") \
	COLUMN(COLUMN_DETECTION, "detection", PART_RUN, UNIT_SHARE, detection(row), \
	       "mean share of a violating case's repeats that report it") \
	COLUMN(COLUMN_FLAKY, "flaky", PART_RUN, UNIT_COUNT, count(row->score->flaky_cases), \
	       "cases whose repeats differ") \
	COLUMN(COLUMN_REUSED, "reused", PART_RUN, UNIT_COUNT, count(row->score->reused), \
	       "answers kept from an earlier run") \
	COLUMN(COLUMN_RETRIED, "retried", PART_RUN, UNIT_COUNT, count(row->score->retried), \
	       "answers given at the second try") \
	COLUMN(COLUMN_SECONDS_MEDIAN, "seconds_median", PART_RUN, UNIT_SECONDS, \
	       spent(spread_quantile(&row->score->seconds, 0.5)), "median time a case, to 1 %") \
	COLUMN(COLUMN_SECONDS_95, "seconds_95", PART_RUN, UNIT_SECONDS, \
	       spent(spread_quantile(&row->score->seconds, 0.95)), \
	       "time that 95 % of the cases do not exceed, to 1 %") \
	COLUMN(COLUMN_MEMORY_MEDIAN, "memory_median", PART_RUN, UNIT_BYTES, \
	       spent(spread_quantile(&row->score->memory, 0.5)), "median memory of a process tree, to 1 %") \
	COLUMN(COLUMN_MEMORY_MOST, "memory_most", PART_RUN, UNIT_BYTES, spent(row->score->memory.most), \
	       "memory of the process tree that took most") \
	COLUMN(COLUMN_OWN_RECALL, "own_kinds_recall", PART_RUN, UNIT_SHARE, own_recall(row->score), \
	       "recall over cases of the kinds that the adapter declares")
/* clang-format on */

enum column_id {
#define COLUMN(id, name, part, unit, value, meaning) id,
	COLUMNS(COLUMN)
#undef COLUMN
		COLUMN_COUNT
};

struct column {
	const char *name, *meaning;
	enum column_part part;
	enum column_unit unit;
};

struct column_row {
	const struct report *report;
	const struct score *score;
	const char *filters;    /* as report_filters prints */
	const char *by, *group; /* "total" and "all", or a word of --by and one of its groups */
	bool is_total;
	const struct cells *cells;
	const struct rates *rates;
};

struct column_value {
	enum { VALUE_NONE, VALUE_WORD, VALUE_WHOLE, VALUE_REAL, VALUE_MEASURE } type;
	const char *word;
	int64_t whole;
	double real;
	struct measure measure; /* defined */
};

const struct column *column_of(enum column_id id);
const char *column_unit_word(enum column_unit unit);
struct column_value column_value(enum column_id id, const struct column_row *row);

/* The row of all cases of a checker. */
struct column_row column_total(const struct report *report, const struct score *score, const char *filters);

#endif
