/* The cases of a report, one by one, for the formats that list them. Only suite/score/report_*.c use it. */
#ifndef REPORT_CASES_H
#define REPORT_CASES_H

#include <stdbool.h>
#include <stdio.h>

#include "mistake.h"
#include "place.h"
#include "report.h"

/* A case that counts in the view, as one checker answers it. Valid during one call. */
struct report_case {
	const struct report *report;
	struct store *store;
	const struct stored_checker *checker;
	const struct stored_case *of;
	const struct stored_reading *expected;
	const struct stored_answer *answer;
	enum mistake mistake;
	struct place place; /* with lines only where there is a mistake */
};

/* Calls `each` for every case of the level that counts, in the order of pairs, with what `context` points to.
 * Reads anew what the report was made from. False where that cannot be read. */
bool report_each_case(struct store *store, const struct report *report, unsigned checker,
                      void (*each)(void *context, const struct report_case *at), void *context,
                      struct diag *diag);

/* "pass", "violation (missing-release on line 31)"; what reads the same is said once. */
void report_expected(struct buf *out, const struct report_case *at);
/* The same, or "timeout: no end in 5 s" */
void report_said(struct buf *out, const struct report_case *at);
/* The checker's own words with `before` before them; nothing where they are not known. */
void report_message(struct buf *out, const struct report_case *at, const char *before);

/* Writes what is in the buffer, and empties it: each time where `most` is 0, else only if it is longer. */
void report_flush(FILE *file, struct buf *out, size_t most);

#endif
