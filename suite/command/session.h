/* A run of checkers: what the user asked for, and the way of one checker from its cases to the store. */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "checker.h"
#include "diag.h"
#include "filters.h"
#include "keep.h"
#include "level.h"
#include "named.h"
#include "option.h"
#include "spool.h"
#include "store.h"

/* What the user asked for. */
struct wish {
	const char *level, *db, *shard, *keep, *record;
	struct filters filters;
	struct option_list checkers, programs, plugins;
	unsigned long long jobs, repeats, seconds, memory; /* the last two 0: the adapter's own */
	bool resume, fresh, reuse, contain;
};

enum { NAMES_MOST = 3 * OPTION_LIST_MOST };

struct session {
	const struct wish *wish;
	struct named named; /* cases that are asked by name; outlives the level */
	struct level level;
	unsigned cases;      /* that are asked for */
	struct spool *spool; /* of a dealt level, which holds no cases; else NULL */
	struct store *store;
	struct keep keep; /* where the user wants one */
	struct diag *diag;
	struct arena arena;
	const char *name[NAMES_MOST]; /* of the checkers met so far */
	unsigned names;
	unsigned ran;       /* checkers that were here */
	unsigned worthless; /* runs that are void */
	/* of the run at hand */
	int64_t run;
	unsigned repeat;
	struct store_wanted wanted; /* in this repeat */
	unsigned next;              /* of the level's cases, where it holds them */
	unsigned answered;
	unsigned not_run;
	struct buf first_why; /* of the first case that the checker failed on, with its id; "" for none */
};

/* Begins the checker's run in the store, gives it the cases that still want an answer, repeat by repeat,
 * and ends the run, void or not. False, with the session's diagnostic, when that failed; what was answered
 * stays. */
bool session_run_checker(struct session *session, const struct checker *checker);
/* A checker that nobody asked for by name may be missing: that is recorded, too, where it has no answers
 * from before. */
bool session_record_missing(struct session *session, const struct checker *checker);

#endif
