/* A verdict: pass or violation, with findings; what every road to it gives and what an answer is compared
 * with. */
#ifndef VERDICT_H
#define VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "line.h"
#include "rule.h"

enum { LOCK_ALL = RULE_LOCKS }; /* finding.lock of a reading without lock identity: printed * */

enum outcome {
	OUTCOME_PASS,
	OUTCOME_VIOLATION,
	OUTCOME_UNDECIDED, /* a path reached the cap of a counter, and nothing was found below it */
};

/* reach fills statement; native fills line; walk fills both. */
struct finding {
	uint8_t kind;       /* enum kind */
	uint8_t lock;       /* 0..2 or LOCK_ALL */
	uint16_t statement; /* 0: at the routine's end */
	uint32_t line;      /* of the call in the body, from 1; 0 where it is not known */
};

struct verdict {
	enum outcome outcome;
	bool deadlock; /* before its first violation a path takes a lock that it holds */
	unsigned count;
	struct finding *finding; /* `count`, unique, sorted by statement with 0 last, kind, lock, line */
	bool incomplete;         /* a path reached the cap of a counter: there may be more findings */
	bool gave_up;            /* incomplete, and not all that lies below the cap was looked at */
};

const char *outcome_name(enum outcome outcome);
/* The order of findings, for qsort: statement with 0 last, kind, lock, line. */
int verdict_order(const void *one, const void *two);
/* Sorts, drops repetitions and sets the outcome: undecided where a path reached the cap and nothing was
 * found. */
void verdict_finish(struct verdict *verdict, bool incomplete);
/* The same of findings that are in order already, each once. */
void verdict_settle(struct verdict *verdict, bool incomplete);
/* Equal outcome, deadlock aside, and equal (kind, statement, lock) or (kind, line, lock). Lists may have
 * repetitions in the coordinates compared. What one gave up looking for is held against neither. */
bool verdict_same_statements(const struct verdict *one, const struct verdict *two);
bool verdict_same_lines(const struct verdict *one, const struct verdict *two);
/* Whether they agree on a deadlock; nothing is asked of what is undecided or given up. */
bool verdict_same_deadlock(const struct verdict *one, const struct verdict *two);
/* `pass`, `violation` or `undecided`, and behind a tab `incomplete` where there may be more findings; then
 * one tab-separated line a finding: kind, statement, lock. */
void verdict_print(struct buf *out, const struct verdict *verdict);
/* 'a', 'b', 'c' or '*'. */
char lock_letter(unsigned lock);

#endif
