/* source: a case that a user names, found wherever it may be: in the levels, in the core, in a database,
 * in a manifest. */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "case.h"
#include "core.h"
#include "diag.h"
#include "level.h"
#include "store.h"
#include "text.h"
#include "truth.h"

enum { SOURCE_LEVELS = 16, SOURCE_PLACE = 64 };

/* Where a twin stands as a file. */
struct source_place {
	const char *level;        /* NULL: a file of a manifest */
	const char *file[2];      /* of each twin, relative to the manifest; NULL where it is not known */
	const char *helpers[2];   /* second files, of a manifest; else NULL */
	struct text_span span[2]; /* of a manifest; else no lines */
};

/* A case and its twin, judged. */
struct source {
	struct suite_case twins[2];
	unsigned half; /* the one that was asked for */
	bool has_twin;
	const char *reason; /* of a pair of the core, the sentence on it; else NULL */
	unsigned places;
	struct source_place place[SOURCE_LEVELS];
	/* what it lives in */
	struct level *level; /* `levels`, in the arena */
	unsigned levels;
	struct rule rule; /* where it was made from words */
	struct truth truth;
	struct arena arena, arena_of_core;
};

/* Where to look. The id may be its beginning; a name like 000000123.c, or a path to one, is the file of a
 * case, and SpinlockRelease/001-a is one of suite/core, where neither level nor database nor manifest is
 * given. */
struct source_wish {
	const char *name;
	const char *level;         /* NULL: ids in all levels; files in standard */
	const char *db, *manifest; /* at most one of them; NULL: the levels */
};

/* Finds and judges it. False with the message: nothing or several cases are named so, or they cannot be
 * made; where roads disagree, with *dispute. Call source_free in every case. */
bool source_find(struct source *source, const struct source_wish *wish, struct buf *dispute,
                 struct diag *diag);
/* The same from what a store keeps of a case and its twin. */
bool source_make(struct source *source, const char *where, const struct stored_source *of,
                 const struct stored_source *twin, struct buf *dispute, struct diag *diag);
/* Puts one of the core's pairs into a source that is zeroed, or in which nothing was found: `pair` from 0.
 * Its cases, which core_judge has judged, outlive the source. Lines are those of its files in suite/core. */
bool source_core(struct source *source, const struct core *core, const struct suite_case *cases,
                 unsigned pair, unsigned half, struct diag *diag);
/* Where the text of the half that is looked at stands in its file. */
bool source_span(const struct source *source, struct text_span *span, struct diag *diag);
void source_free(struct source *source);

#endif
