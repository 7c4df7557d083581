/* judged: a database as those commands read it that look at single answers: which part of its cases, which
 * checkers, and which verdict counts. */
#ifndef JUDGED_H
#define JUDGED_H

#include <stdbool.h>

#include "arena.h"
#include "diag.h"
#include "filters.h"
#include "option.h"
#include "score.h"
#include "store.h"

/* What the user gave. */
struct judged_wish {
	const char *path, *view, *reading; /* reading: NULL where not given */
	struct option_list checkers;
	struct filters filters;
};

#define JUDGED_WISH                            \
	{                                          \
		.view = "headline", .filters.seed = 1, \
	}

/* Rows of a command's option table; `judged` is a field of its request. */
#define JUDGED_OPTIONS(request, judged)                                         \
	{"view",                                                                    \
	 OPTION_STRING_AT(request, judged.view),                                    \
	 .value = "NAME",                                                           \
	 .words = WORDS_CHOICE,                                                     \
	 .without = "reading",                                                      \
	 .choices = "headline declared settled",                                    \
	 .help = "headline (default), declared or settled"},                        \
		{"reading", OPTION_STRING_AT(request, judged.reading), .value = "NAME", \
	     .help = "what is wrong in this reading, where rules have it"},         \
		FILTERS_OPTIONS(request, judged.filters)

struct judged {
	struct store *store;
	struct filter filter;
	struct score_options options;
	struct stored stored; /* of the checkers that were asked for, or of all */
	struct arena arena;
};

/* Opens it, and reads the head. False with the message: no such database, or a broken one; names that are not
 * in it; no case that fits. Call judged_close in every case. */
bool judged_open(struct judged *judged, const struct judged_wish *wish, struct diag *diag);
/* Refuses a checker whose answers count for nothing. */
bool judged_check_run(const struct stored_checker *checker, const char *path, struct diag *diag);
void judged_close(struct judged *judged);
/* Which steps and shapes explain the wrong answers of its checkers, as lockdrill why prints it (why.c): at
 * most `most` of each, by default JUDGED_EXPLAINED. False with the message: answers that count for nothing, a
 * broken database. */
enum { JUDGED_EXPLAINED = 15 };
bool judged_explain(struct buf *out, struct judged *judged, const struct judged_wish *wish, unsigned most,
                    struct diag *diag);
/* What was read: suite, level, cases, filters, and the verdict that counts. */
void judged_head(struct buf *out, const struct judged *judged);

#endif
