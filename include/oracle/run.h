/* run: gives cases to a checker and delivers exactly one answer for each.
 *
 * Cases go in packs. A pack ends with a canary that must be reported; where a run is not complete nothing in
 * the pack is answered, and it is halved until the culprit stands alone with the reason. A checker that talks
 * the line protocol is given one case at a time, and one that breaks is tried once more, started anew.
 *
 * Every run begins and ends with two canaries of each rule, a correct one and a violating one. Where they are
 * not answered rightly, or the checker's program changes, the run is void. Is it so before the first case,
 * then no case is asked, and each gets not-run with the reason; later the answers are delivered all the same.
 */
#ifndef RUN_H
#define RUN_H

#include <stdbool.h>

#include "adapter.h"
#include "answer.h"
#include "case.h"
#include "diag.h"
#include "containment.h"
#include "message.h"

struct keep;

struct run_options {
	const struct adapter *adapter;
	const char *exe;      /* path of the checker's program */
	const char *exe_hash; /* of what is hashed for it: the program, or the plug-in; NULL: changes are not
	                         looked for */
	const char *version;  /* what it said of itself, "" where it says nothing */
	const char *self;     /* path of our own binary */
	unsigned jobs;        /* processes at once, at least 1 */
	enum containment containment;
	struct keep *keep;  /* NULL, or where all that a checker is given and says is kept, as keep.h says */
	struct buf *record; /* NULL, or takes complete packs as a recording; canaries apart are none */
	struct buf *tell;   /* NULL, or takes, for people, each start and question and what came of it */
	bool progress;      /* a line on stderr, where that is a terminal */
	unsigned pack;      /* cases a process; 0 for the adapter's own */
	unsigned repeat;    /* number of this run among repeats of the same cases, from 0 */
	unsigned rules;     /* whose canaries are asked, as far as the checker has them */
	const struct rule *const *rule;
	/* A settled case of the rule with that verdict. */
	const struct suite_case *(*canary)(void *context, const struct rule *rule, enum outcome outcome);
	/* Takes one answer; false stops the run (a full disk). */
	bool (*answer)(void *context, const struct suite_case *of, const struct answer *answer);
	/* NULL, or called when the run turns out to be worth nothing, at the latest before the next answer. */
	bool (*voided)(void *context, const char *why);
	/* NULL, or called when all answers that came together have been taken; false stops the run. */
	bool (*delivered)(void *context);
	void *context;
	/* NULL, or changes the text of a pack before it is written: for tests that poison one. */
	void (*tamper)(void *context, struct buf *text);
};

/* What is known of a run beside its answers. */
struct run_report {
	char why_void[512]; /* "" where the run is worth something */
	unsigned retried;   /* cases that were tried twice */
	unsigned strays;    /* findings of no case, those beside canaries too: lines where patterns read them */
	char stray[MESSAGE_MOST + 1]; /* what was said there first; "": not known */
};

enum { RUN_JOBS = 64 }; /* at the most */

/* Where cases come from, one by one: so that no more of them are in memory than packs that are being filled
 * and asked. */
struct run_source {
	unsigned count; /* about as many, for the line of progress */
	bool stay;      /* they outlive the run; else the next may take the place of the one before */
	/* The next case, or NULL behind the last, and from then on. False with the message. */
	bool (*next)(void *context, const struct suite_case **of, struct diag *diag);
	void *context;
};

/* Runs all cases, also none: then canaries only. Where they do not stay, `answer` is given a copy that has
 * what a checker is asked with and what names the case, no verdicts. Returns false with a message where the
 * outside world fails (temporary directory, template, what is kept), or when a callback returned false
 * (message empty), or on SIGINT, SIGTERM or SIGHUP (message "interrupted"); cases not answered by then get
 * none. */
bool run_stream(const struct run_options *options, const struct run_source *source, struct run_report *report,
                struct diag *diag);
/* The same with cases that are all there. */
bool run_cases(const struct run_options *options, const struct suite_case *const *cases, unsigned count,
               struct run_report *report, struct diag *diag);

#endif
