/* What became wrong between two runs, as text, as JSON, as Markdown and as JUnit XML. */
#ifndef REPORT_COMPARE_H
#define REPORT_COMPARE_H

#include <stdio.h>

#include "buf.h"
#include "compare.h"
#include "diag.h"

/* "violation (double-acquire, no kind)": the old answer (side 0) or the new one. */
void report_compare_answer(struct buf *out, const struct compare_case *of, unsigned side);
/* One object, as include/lockdrill/compare.schema.json says, all changes in it. False where a text is not
 * UTF-8. */
bool report_compare_json(struct buf *out, const struct comparison *comparison, struct diag *diag);
/* GitHub-flavoured: the counts as a table, and `limit` cases of each change that is no xfail as lists. */
void report_compare_markdown(struct buf *out, const struct comparison *comparison, unsigned long long limit);
/* A suite a checker, a test each case that counts, read once more from the store of the new run: what became
 * wrong is a failure, and with `strict` what is accepted and right; what is wrong as before or accepted is
 * skipped; what is right passes. Sorts comparison->of by number. False where the store cannot be read. */
bool report_compare_junit(FILE *file, struct store *now, struct comparison *comparison, bool strict,
                          struct diag *diag);

#endif
