/* compare: two runs of the same checkers on the same cases: what became wrong, what became right, and what is
 * wrong or right for another reason.
 *
 * A case without an answer is answered wrongly. Accepted failures (known.h) count apart: XFAIL where the new
 * answer is the accepted one, XPASS where the case is right now.
 */
#ifndef COMPARE_H
#define COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "answer.h"
#include "arena.h"
#include "diag.h"
#include "known.h"
#include "score.h"
#include "store.h"

/* CHANGE(identifier, word, meaning) */
#define COMPARE_CHANGES(CHANGE)                                                               \
	CHANGE(COMPARE_WRONG, "newly-wrong", "was right, is wrong")                               \
	CHANGE(COMPARE_RIGHT, "newly-right", "was wrong, is right")                               \
	CHANGE(COMPARE_OTHER, "changed", "another answer, or other kinds, and as right or wrong") \
	CHANGE(COMPARE_XFAIL, "xfail", "wrong as is accepted")                                    \
	CHANGE(COMPARE_XPASS, "xpass", "accepted as wrong, and is right")

enum compare_change {
#define CHANGE(id, word, meaning) id,
	COMPARE_CHANGES(CHANGE)
#undef CHANGE
		COMPARE_CHANGE_COUNT
};

const char *compare_word(enum compare_change change);

struct compare_case {
	const char *id, *rule;
	uint32_t number;
	unsigned checker;
	enum compare_change change;
	enum outcome expected;
	const struct stored_case *words;       /* what it is made of, without its readings */
	const struct stored_reading *reading;  /* that it is compared with */
	const struct stored_answer *answer[2]; /* old, new; of each the first, and no costs */
	enum answer_state state[2];            /* old, new */
	unsigned kinds[2]; /* bit sets of what they name; bit KIND_COUNT: a finding without a kind */
	unsigned size;     /* of its sequence, in bytes: the smallest comes first */
};

struct comparison {
	const struct stored *stored[2]; /* the same checkers in the same order */
	const struct score_options *options;
	const struct known *known; /* NULL: nothing is accepted */
	struct store *store[2];    /* where the answers are from, for their words; NULL: nowhere */
	struct arena *arena;
	unsigned (*count)[COMPARE_CHANGE_COUNT]; /* of each checker */
	unsigned *wrong, *right;                 /* of each checker: for McNemar's test, accepted or not */
	unsigned *asked;                         /* of each checker: cases that count */
	unsigned *still; /* of each checker: cases that are wrong now and neither newly so nor accepted */
	unsigned cases, room;
	struct compare_case *of; /* all that changed, or is accepted */
};

void compare_begin(struct comparison *comparison, struct arena *arena);
/* Refuses heads that cannot be compared: other levels, suites, parts, or cases. */
bool compare_check(const struct stored *old, const struct stored *now, const char *where, struct diag *diag);
/* Refuses checkers, the same in both, that declare other readings than before: what they were asked and what
 * is expected of them is not the same then. */
bool compare_check_readings(const struct stored *old, const struct stored *now, const char *where,
                            struct diag *diag);
/* Both sides of one pair. False where they are not the same cases. */
bool compare_add(struct comparison *comparison, const struct stored_pair *old, const struct stored_pair *now);
/* By change, size and id. */
void compare_sort(struct comparison *comparison);

#endif
