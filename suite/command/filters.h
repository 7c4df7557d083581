/* filters: the options that choose a part of a level, the same for every command that takes them. */
#ifndef FILTERS_H
#define FILTERS_H

#include <limits.h>
#include <stdio.h>

#include "filter.h"
#include "level.h"
#include "option.h"
#include "store.h"

/* What the user gave. */
struct filters {
	struct option_list rule, role, ladder, shape, id;
	unsigned long long sample, seed;
};

enum { FILTERS_SAMPLE_MOST = 100000000 };

/* Rows of a command's option table; `filters` is a field of its request. */
#define FILTERS_OPTIONS(request, filters)                                                                    \
	{"rule", OPTION_LIST_AT(request, filters.rule), .value = "NAME", .words = WORDS_RULE,                    \
	 .help = "cases of this rule; may be repeated, as the next four"},                                       \
		{"role", OPTION_LIST_AT(request, filters.role), .value = "NAME", .help = "cases of this role"},      \
		{"ladder", OPTION_LIST_AT(request, filters.ladder), .value = "STEP",                                 \
	     .help = "pairs of this ladder step"},                                                               \
		{"shape", OPTION_LIST_AT(request, filters.shape), .value = "K=V", .words = WORDS_SHAPE,              \
	     .help = "cases of this shape"},                                                                     \
		{"case", OPTION_LIST_AT(request, filters.id), .value = "ID",                                         \
	     .help = "this case and its twin; the beginning of an id will do"},                                  \
		{"sample",                                                                                           \
	     OPTION_NUMBER_AT(request, filters.sample),                                                          \
	     .most = FILTERS_SAMPLE_MOST,                                                                        \
	     .least = 1,                                                                                         \
	     .value = "N",                                                                                       \
	     .help = "so many cases, in whole pairs, drawn by --seed"},                                          \
	{                                                                                                        \
		"seed", OPTION_NUMBER_AT(request, filters.seed), .most = ULLONG_MAX, .value = "S", .with = "sample", \
														 .help = "of --sample (default: 1)"                  \
	}

/* Makes the filter, whose words are the user's. Refuses what can be no ladder step, shape or id; names of
 * rules and roles are the caller's to check. */
bool filters_make(const struct filters *filters, struct filter *filter, struct diag *diag);
/* Whether rules, roles and steps of a filter, and a reading (NULL: none), are in a database; false with those
 * that are. */
bool filters_are_known(struct store *store, const struct filter *filter, const char *reading,
                       struct diag *diag);
/* Where no case fits. */
#define FILTERS_NOTHING "no case here fits what --rule, --role, --ladder, --shape and --case ask"
/* Where a level was filtered: a line on what was left of it. */
void filters_tell(FILE *out, const struct level *level);

#endif
