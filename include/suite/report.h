/* report: scores as tables for people and as JSON for programs. */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include "arena.h"
#include "buf.h"
#include "diag.h"
#include "score.h"
#include "store.h"

struct report {
	const struct stored *stored;
	const struct score_options *options;
	const struct score *score; /* one a checker, in the order of stored->checker */
	bool answered_only;        /* recall, alarm and J over answered cases only */
};

/* One line a checker within 80 columns, best J first, those whose answers count for nothing last; below, what
 * it is about. */
void report_table(struct buf *out, const struct report *report, struct arena *arena);
/* The same checkers with all counts and scores, time and memory: wider than 100 columns. */
void report_wide(struct buf *out, const struct report *report, struct arena *arena);
/* J with a row for each group and a column for each checker; with intervals as long as they fit in 100
 * columns. */
void report_by(struct buf *out, const struct report *report, enum score_by by, struct arena *arena);
/* The same two, and the first by groups, as tables of GitHub-flavoured Markdown, with what is to be known of
 * them as a list. */
void report_markdown(struct buf *out, const struct report *report, bool wide, struct arena *arena);
void report_markdown_by(struct buf *out, const struct report *report, enum score_by by, struct arena *arena);
/* Names of columns, then a line for each checker and set of cases: all, then each group; always the same
 * columns, an empty field where there is no value, fields quoted as RFC 4180 has it. */
void report_csv(struct buf *out, const struct report *report);
/* The cases themselves, read once more from the store that the report was made from, which is still open: as
 * JUnit XML, a suite a checker, a test a case; and the wrong and missing answers as SARIF 2.1.0, a run a
 * checker. Written to `file` as they come. False where the store cannot be read. */
bool report_junit(FILE *file, struct store *store, const struct report *report, struct diag *diag);
bool report_sarif(FILE *file, struct store *store, const struct report *report, struct diag *diag);
/* Two checkers on the same cases. */
void report_versus(struct buf *out, const struct report *report, const struct score_versus *versus);
/* One object, keys in a fixed order, as include/lockdrill/score.schema.json says. False where a text is not
 * UTF-8. */
bool report_json(struct buf *out, const struct report *report, struct diag *diag);
/* A tab-separated line for each case whose repeats differ, below one with the names of the columns. */
void report_flaky(struct buf *out, const struct report *report);

struct causes;
/* For each checker the steps and shapes that explain its wrong answers, most first and no more than `most`;
 * behind causes_end. `path` is that of the database, for the commands that show more. */
void report_causes(struct buf *out, const struct report *report, const struct causes *causes, unsigned most,
                   const char *path);

/* "headline", "declared", "settled", "named": a word for --view, and in JSON. */
const char *report_view_name(enum score_view view);
/* VIEW_COUNT where there is none of that name. */
enum score_view report_view_find(const char *name);
/* "headline", "declared", or the one of --reading. */
const char *report_reading_name(const struct report *report);
/* What was left out of the level, in the database and in reading it; "none". */
void report_filters(struct buf *out, const struct stored *stored);
/* Mean share of repeats that report a violating case; false where it is not known. */
bool report_detection(const struct score *score, double *rate);

/* Of one answer so many findings are told where people read; JSON lines of wrong have all of them. */
enum { REPORT_FINDINGS = 12 };

#endif
