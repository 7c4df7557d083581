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
	OUTCOME_UNDECIDED, /* a path reached the cap of a counter */
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
};

const char *outcome_name(enum outcome outcome);
/* The order of findings, for qsort: statement with 0 last, kind, lock, line. */
int verdict_order(const void *one, const void *two);
/* Sorts, drops repetitions and sets the outcome (undecided where told so, and then without findings). */
void verdict_finish(struct verdict *verdict, bool undecided);
/* Equal outcome, deadlock aside, and equal (kind, statement, lock) or (kind, line, lock). Lists may have
 * repetitions in the coordinates compared. */
bool verdict_same_statements(const struct verdict *one, const struct verdict *two);
bool verdict_same_lines(const struct verdict *one, const struct verdict *two);
/* `pass` or `violation`, then one tab-separated line a finding: kind, statement, lock. */
void verdict_print(struct buf *out, const struct verdict *verdict);
/* 'a', 'b', 'c' or '*'. */
char lock_letter(unsigned lock);

#endif
