/* score: what stored answers are worth, taken over the whole manifest: a case without an answer is counted, too.
 *
 * Proportions carry Wilson's 95 % interval (Wilson 1927); Youden's J that of Newcombe (1998), method 10, for a difference
 * of two independent proportions.
 */
#ifndef SCORE_H
#define SCORE_H

#include <stdbool.h>

#include "answer.h"
#include "arena.h"
#include "rule.h"
#include "shape.h"
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

struct score {
	const struct stored_checker *checker;
	struct cells total[VIEW_COUNT];
	unsigned rules, kinds, ladders, shapes; /* groups, in the view asked for */
	struct score_group *rule, *kind, *ladder, *shape;
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

/* The groups of a score, in an order that is the same for all checkers; returns their number. */
unsigned score_groups(const struct score *score, enum score_by by, const struct score_group **groups);
unsigned cells_cases(const struct cells *cells);

struct measure wilson(unsigned successes, unsigned trials);
struct rates score_rates(const struct cells *cells);
unsigned cells_no_answer(const struct cells *cells);

/* Leaves only the named checkers, of which there are `count`. False, with those there are, for one that has no answers. */
bool score_keep_checkers(struct stored *stored, const char *const *names, unsigned count, struct diag *diag);
/* Leaves only the cases of one rule, numbered anew, and the answers to them. False where it has none. */
bool score_keep_rule(struct stored *stored, const char *rule, struct arena *arena);

/* Scores one checker. Groups are taken in `view`; `reading` is for VIEW_NAMED. Everything lives in the arena. */
void score_checker(struct score *score, const struct stored *stored, const struct stored_checker *checker,
                   enum score_view view, const char *reading, struct arena *arena);

#endif
