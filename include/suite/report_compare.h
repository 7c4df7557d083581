/* What became wrong between two runs, as text, as JSON, as Markdown and as JUnit XML. */
#ifndef REPORT_COMPARE_H
#define REPORT_COMPARE_H

#include <stdio.h>

#include "buf.h"
#include "compare.h"
#include "diag.h"

struct places;

/* "violation (missing-release on line 31)": what is expected of a case. `places` tells lines of files. */
void report_compare_expected(struct buf *out, const struct comparison *comparison,
                             const struct compare_case *of, struct places *places);
/* The same of the old answer (side 0) or the new one; and why there is none, where that is known. */
void report_compare_answer(struct buf *out, const struct comparison *comparison,
                           const struct compare_case *of, unsigned side, struct places *places);
/* The checker's own words, `before` before them; nothing where they are not known. */
void report_compare_message(struct buf *out, const struct comparison *comparison,
                            const struct compare_case *of, unsigned side, const char *before);
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
