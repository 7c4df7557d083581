/* What the files of the report share, and nobody else includes. */
#ifndef REPORT_PARTS_H
#define REPORT_PARTS_H

#include <string.h>

#include "arena.h"
#include "buf.h"
#include "report.h"

/* A checker in the order of a report. */
struct ranked {
	const struct score *score;
	struct rates rates; /* recall, false_alarm_rate and youden_j are those that are shown */
	double j;
};

/* Best J first, then pairs, share that is answered, name; in the arena. */
struct ranked *report_rank(const struct report *report, struct arena *arena);

/* what was scored */

/* The line that every table begins with. */
void report_head(struct buf *out, const struct report *report);
/* "filters: none" */
void report_filter_words(struct buf *out, const struct stored *stored);
/* Which verdicts answers are compared with, in words. */
const char *report_reading_meaning(const struct report *report);
/* "-" where it is not known. */
const char *report_version(const struct stored_checker *checker);

/* numbers: a blank, then right-aligned unless said otherwise; "-" for what is not defined */

/* Three decimals of a share or a difference of two; what is not 1, -1 or 0 is not rounded to it. */
void report_print_share(char text[16], double value);
/* "0.833" */
void report_rate(struct buf *out, int width, struct measure measure);
/* ".833", "-.002", "1.00" */
void report_share(struct buf *out, int width, struct measure measure);
/* "[.823,.842]", left-aligned; nothing for what is not defined */
void report_interval(struct buf *out, int width, struct measure measure);
/* Whole percents, rounded down: 100 only where nothing is missing. */
void report_answered(struct buf *out, const struct score *score, enum score_view view);
/* Takes the blanks from a line's end, and ends it. */
void report_end_line(struct buf *out);

/* notes, a line each; a line that begins with blanks goes on with the one above it */

/* Where not all cases that were asked count in the view. */
void report_counted(struct buf *out, const struct report *report);
/* Why cases have no answer, and what else is to be known of any table of scores. */
void report_notes(struct buf *out, const struct report *report);

#endif
