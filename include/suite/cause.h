/* cause: what the wrong answers of a checker have in common: how often it is wrong at each ladder step and
 * under each shape, and which of these most likely explains a wrong answer.
 *
 * A factor is a step ("ladder=helpers") or a choice of a shape ("place=heap"). A case has one of each
 * dimension. Wrong is an answer whose verdict is, or that is none (mistake.h); asked are the cases that count
 * in the view.
 */
#ifndef CAUSE_H
#define CAUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "mistake.h"
#include "rates.h"
#include "score.h"
#include "store.h"

#define CAUSE_NONE UINT16_MAX

/* A wrong answer. */
struct cause_case {
	const char *id;
	uint32_t number;
	unsigned pair; /* how many pairs were counted before its own */
	unsigned size; /* of the case: mistake_size */
	enum mistake mistake;
	enum answer_state state;
	unsigned factors;
	const uint16_t *factor; /* indices; the pair's */
	uint16_t cause;         /* one of them, or CAUSE_NONE; behind causes_end */
};

struct cause_count {
	unsigned asked, wrong;
	unsigned caused;            /* wrong answers that it is the cause of; behind causes_end */
	struct cause_case smallest; /* of the wrong ones, where there are any */
};

struct cause_factor {
	const char *name;
	struct cause_count *of; /* one a checker */
};

struct cause_checker {
	unsigned asked, wrong, room;
	unsigned mistakes[MISTAKE_COUNT]; /* of `wrong` */
	struct cause_case *of;            /* `wrong` of them; behind causes_end smallest first */
};

struct causes {
	const struct stored *stored;
	const struct score_options *options;
	struct arena *arena;
	unsigned pairs; /* counted */
	unsigned factors, room;
	struct cause_factor *factor;
	struct cause_checker *checker; /* in the order of stored->checker */
};

/* `stored`, with the checkers that it has now, and `options` outlive the causes; the rest is in the arena. */
void causes_begin(struct causes *causes, const struct stored *stored, const struct score_options *options,
                  struct arena *arena);
/* Counts a pair. */
void causes_add(struct causes *causes, const struct stored_pair *pair);
/* Sorts the wrong answers by size and id, and finds the cause of each: of its factors under which the checker
 * is wrong more often than on average, beyond doubt (the average lies below Wilson's interval of 95 %), the
 * one with the largest share; of equal ones the first that was met. CAUSE_NONE where there is no such factor.
 */
void causes_end(struct causes *causes);

/* The share of wrong answers under a factor, with its interval. */
struct measure cause_rate(const struct causes *causes, unsigned checker, unsigned factor);
/* The same of all other cases; undefined where there are none. */
struct measure cause_rest(const struct causes *causes, unsigned checker, unsigned factor);
/* The share under a factor through that of all cases: how many times as often it is wrong. 0 where nothing
 * is. */
double cause_lift(const struct causes *causes, unsigned checker, unsigned factor);
/* Wrong answers beyond those that there would be if the checker were wrong under the factor as often as on
 * all other cases; may be negative; 0 where there are no others. */
double cause_explained(const struct causes *causes, unsigned checker, unsigned factor);
/* Indices of the factors, those that explain most wrong answers first; of equal ones by lift, then by name.
 * In the arena. */
const unsigned *causes_ranked(const struct causes *causes, unsigned checker);

#endif
