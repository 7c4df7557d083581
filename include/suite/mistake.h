/* mistake: in which way an answer is wrong, if it is: what cases are listed by. */
#ifndef MISTAKE_H
#define MISTAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "score.h"
#include "store.h"

/* MISTAKE(identifier, word, whether the verdict is right all the same, meaning), the worst first. */
#define MISTAKES(MISTAKE)                                                                                   \
	MISTAKE(MISTAKE_MISSED, "missed-violation", false, "a violating case is passed")                        \
	MISTAKE(MISTAKE_ALARM, "false-alarm", false, "a correct case is reported")                              \
	MISTAKE(MISTAKE_SILENCE, "no-answer", false, "a case has neither pass nor violation as its answer")     \
	MISTAKE(MISTAKE_KIND, "wrong-kind", true, "a violation is reported, with kinds of which none is right") \
	MISTAKE(MISTAKE_PLACE, "wrong-place", true, "a violation is reported, with lines of which none is right")

enum mistake {
#define MISTAKE(id, word, is_right, meaning) id,
	MISTAKES(MISTAKE)
#undef MISTAKE
		MISTAKE_COUNT /* the answer is right in all that it says */
};

const char *mistake_word(enum mistake mistake);
const char *mistake_meaning(enum mistake mistake);
bool mistake_spares_verdict(enum mistake mistake);
/* Of the first answer, against the reading that counts (score_expected). */
enum mistake mistake_of(const struct stored_answer *answer, const struct stored_reading *expected);

/* How large a case is where the smallest comes first: as its sequence is long, in bytes. */
unsigned mistake_size(const char *sequence);

/* What a report of a violation says beside that there is one. */
struct hits {
	bool kind_given, line_given;
	uint64_t kind_right, line_right, both_right; /* in units of RATES_UNIT: shares of its findings */
};

struct hits hits_of(const struct stored_answer *answer, const struct stored_reading *expected);

#endif
