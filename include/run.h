/* run: gives cases to a checker and delivers exactly one answer for each.
 *
 * Cases go in packs, one process a pack. A pack ends with a canary that must be reported; where a run is not complete nothing in the
 * pack is answered, and it is halved until the culprit stands alone with the reason.
 */
#ifndef RUN_H
#define RUN_H

#include <stdbool.h>

#include "adapter.h"
#include "answer.h"
#include "case.h"
#include "diag.h"

struct run_options {
	const struct adapter *adapter;
	const char *exe;  /* path of the checker's program */
	const char *self; /* path of our own binary */
	unsigned jobs;    /* processes at once, at least 1 */
	bool progress;    /* a line on stderr, where that is a terminal */
	unsigned pack;    /* cases a process; 0 for the adapter's own */
	/* A case of the same rule that every reading reports. */
	const struct suite_case *(*canary)(void *context, const struct rule *rule);
	/* Takes one answer; false stops the run (a full disk). */
	bool (*answer)(void *context, const struct suite_case *of, const struct answer *answer);
	void *context;
	/* NULL, or changes the text of a pack before it is written: for tests that poison one. */
	void (*tamper)(void *context, struct buf *text);
};

/* Runs `count` cases. Returns false with a message where the outside world fails (temporary directory, template), or when answer() returned
 * false (message empty), or on SIGINT (message "interrupted"); cases not answered by then get none. */
bool run_cases(const struct run_options *options, const struct suite_case *const *cases, unsigned count,
               struct diag *diag);

#endif
