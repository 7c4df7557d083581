/* report_page: scores, and what became of them between two runs, as one page of HTML that needs nothing else:
 * drawings, maps of steps and shapes by checkers, and the smallest wrong cases in full. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "arena.h"
#include "buf.h"
#include "cause.h"
#include "compare.h"
#include "diag.h"
#include "report.h"

/* Pairs are shown in full as long as a page has no more bytes. */
enum { REPORT_PAGE_MOST = 960000 };

struct report_page {
	const struct report *report;
	const struct causes *causes; /* of the same checkers; ended */
	struct store *store;         /* that the report was made from; open */
	/* words of a shell, for commands: */
	const char *path;       /* of the database */
	const char *level;      /* its name */
	const char *const *ask; /* of each checker, options of run that ask it again; NULL: it cannot be */
};

/* False with the message where the store cannot be read, or a template is broken. */
bool report_page_scores(struct buf *out, const struct report_page *page, struct arena *arena,
                        struct diag *diag);
/* Of all changes the first `limit` of each kind are shown. The words are those of the new run. */
struct report_page_compare {
	const struct comparison *comparison;
	unsigned long long limit;
	const char *path, *level;
	const char *const *ask;
};
bool report_page_compare(struct buf *out, const struct report_page_compare *page, struct arena *arena,
                         struct diag *diag);

#endif
