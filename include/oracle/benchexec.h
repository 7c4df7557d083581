/* benchexec: BenchExec's results (results.*.xml, and packed by bzip2) as answers.
 *
 * A run of BenchExec is about one task and one property; the task is a task definition that stands beside its
 * case's file and is called like it. Of the runs of a task those of one property count, as the options ask,
 * and others are counted and left out. What a status means follows BenchExec: `true` and `false` are
 * verdicts, whatever stands in brackets behind them, and all else is none. Its categories (correct, wrong,
 * error, unknown, missing) are counted, and no answer follows from them.
 */
#ifndef BENCHEXEC_H
#define BENCHEXEC_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "import.h"

#define BENCHEXEC_PROPERTY "unreach-call" /* by default */

enum { BENCHEXEC_NAME = 64 };

/* CATEGORY(identifier, word): BenchExec's, how a result stands to what the task expects. */
#define BENCHEXEC_CATEGORIES(CATEGORY)                            \
	CATEGORY(CATEGORY_CORRECT, "correct")                         \
	CATEGORY(CATEGORY_CORRECT_UNCONFIRMED, "correct-unconfirmed") \
	CATEGORY(CATEGORY_WRONG, "wrong")                             \
	CATEGORY(CATEGORY_UNKNOWN, "unknown")                         \
	CATEGORY(CATEGORY_ERROR, "error")                             \
	CATEGORY(CATEGORY_MISSING, "missing")

enum benchexec_category {
#define CATEGORY(id, word) id,
	BENCHEXEC_CATEGORIES(CATEGORY)
#undef CATEGORY
		CATEGORY_COUNT
};

const char *benchexec_category_name(enum benchexec_category category);

/* What results say beside answers. */
struct benchexec {
	const char *property;         /* whose runs count; NULL: BENCHEXEC_PROPERTY */
	char tool[BENCHEXEC_NAME];    /* "" until results say it */
	char version[BENCHEXEC_NAME]; /* the same; of several the last */
	unsigned category[CATEGORY_COUNT];
	unsigned others; /* runs of another property */
};

/* Reads one file of results; `name` is its own. False with the place, also where a task expects another
 * verdict than the case has (struct import_case). */
bool benchexec_read(struct import *import, struct benchexec *benchexec, const char *name, const char *text,
                    size_t length, struct diag *diag);

/* Unpacks what begins as a file of bzip2 does, up to `most` bytes. False with the reason; what does not begin
 * so is not changed. */
bool benchexec_unpack(struct buf *text, size_t most, const char *name, struct diag *diag);

#endif
