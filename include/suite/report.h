/* report: scores as a table for people and as JSON for programs. */
#ifndef REPORT_H
#define REPORT_H

#include "arena.h"
#include "buf.h"
#include "score.h"
#include "store.h"

struct report {
	const struct stored *stored;
	enum score_view view;      /* VIEW_HEADLINE, or VIEW_NAMED */
	const char *reading;       /* for VIEW_NAMED, else NULL */
	const struct score *score; /* one a checker, in the order of stored->checker */
};

/* At most 110 columns; checkers by falling Youden J, those that answered nothing last. */
void report_table(struct buf *out, const struct report *report, struct arena *arena);
/* A table with a row for each group. */
void report_by(struct buf *out, const struct report *report, enum score_by by, struct arena *arena);
/* One object, keys in a fixed order, as include/lockdrill/score.schema.json says. False where a text is not UTF-8. */
bool report_json(struct buf *out, const struct report *report, struct diag *diag);
/* A tab-separated line for each case whose repeats differ, below one with the names of the columns. */
void report_flaky(struct buf *out, const struct report *report);

#endif
