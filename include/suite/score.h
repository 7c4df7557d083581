/* score: what stored answers are worth, taken over the whole manifest: a case without an answer is counted, too.
 *
 * Proportions carry Wilson's 95 % interval (Wilson 1927); Youden's J that of Newcombe (1998), method 10, for a difference
 * of two independent proportions. Of a run that asks each case several times the first answers are scored, as any other
 * checker's; the share of repeats that report a violating case stands beside it.
 */
#ifndef SCORE_H
#define SCORE_H

#include <stdbool.h>

#include "answer.h"
#include "arena.h"
#include "rule.h"
#include "shapes.h"
#include "store.h"

struct measure {
	bool defined; /* false where there is nothing to divide by */
	double value, low, high;
};

/* Counts over a set of cases. Violation is the positive class. */
struct cells {
	unsigned tp, fn, fp, tn;
	unsigned no_answer[ANSWER_COUNT]; /* by reason; the first two are never used */
	unsigned pairs, pairs_right;      /* whose verdicts differ in the reading; both twins answered rightly */
};

struct rates {
	struct measure recall, false_alarm_rate, youden_j, discrimination;
};

/* Which verdict answers are compared with. */
enum score_view {
	VIEW_HEADLINE,
	VIEW_DECLARED, /* the reading that the adapter declares for the rule */
	VIEW_SETTLED,  /* the headline, on cases on which all readings agree */
	VIEW_NAMED,    /* one reading by name; rules without it are left out */
	VIEW_COUNT,
};

/* A subset of the cases: those of one rule, step, shape or kind. */
struct score_group {
	const char *name;
	struct cells cells;
};

/* A case whose repeats differ in their answers. */
struct score_flaky {
	const char *id, *rule;
	uint32_t number;
	enum outcome expected;
	unsigned detected;    /* repeats that say violation */
	const uint8_t *state; /* enum answer_state of each repeat */
};

/* SCORE_BY(identifier, text): the ways to group cases. */
#define SCORE_BYS(SCORE_BY)       \
	SCORE_BY(BY_RULE, "rules")    \
	SCORE_BY(BY_KIND, "kinds")    \
	SCORE_BY(BY_LADDER, "ladder") \
	SCORE_BY(BY_SHAPE, "shapes")

enum score_by {
#define SCORE_BY(id, text) id,
	SCORE_BYS(SCORE_BY)
#undef SCORE_BY
		BY_COUNT
};

/* "rules", ...: a key of the JSON report, and a word for --by; find: BY_COUNT for a word that is none. */
const char *score_by_name(enum score_by by);
enum score_by score_by_find(const char *word);

struct score {
	const struct stored_checker *checker;
	struct cells total[VIEW_COUNT];
	/* in the view asked for: */
	unsigned groups[BY_COUNT]; /* in an order that is the same for all checkers */
	struct score_group *group[BY_COUNT];
	unsigned violating; /* cases */
	double detected;    /* sum of their detection rates: the shares of repeats that say violation */
	unsigned flaky_cases;
	struct score_flaky *flaky; /* by number */
	/* over all cases: */
	unsigned answered;        /* with pass or violation, at the first try */
	uint64_t reused, retried; /* answers */
};

/* Scores all checkers of `stored` in one pass over its pairs, given in any order; `reading` is for VIEW_NAMED. Memory grows with the
 * number of groups and of flaky cases. Everything lives in the arena. */
struct scorer;
struct scorer *score_begin(const struct stored *stored, enum score_view view, const char *reading,
                           struct arena *arena);
void score_add(struct scorer *scorer, const struct stored_pair *pair);
/* One score a checker, in the order of stored->checker. */
const struct score *score_end(struct scorer *scorer);

struct measure wilson(unsigned successes, unsigned trials);
struct rates score_rates(const struct cells *cells);
unsigned cells_no_answer(const struct cells *cells);
unsigned cells_cases(const struct cells *cells);

/* Leaves only the named checkers, of which there are `count`. False, with those there are, for one that has no answers. */
bool score_keep_checkers(struct stored *stored, const char *const *names, unsigned count, struct diag *diag);

#endif
