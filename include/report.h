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
	const char *rule;          /* the one rule whose cases these are; NULL for those of all */
	const struct score *score; /* one a checker, in the order of stored->checker */
};

/* At most 110 columns; checkers by falling Youden J, those that answered nothing last. */
void report_table(struct buf *out, const struct report *report, struct arena *arena);
/* One object, keys in a fixed order; see README.md. */
/* A table with a row for each group. */
void report_by(struct buf *out, const struct report *report, enum score_by by, struct arena *arena);
void report_json(struct buf *out, const struct report *report);

#endif
