/* score: what stored answers are worth, taken over the whole manifest: a case without an answer is counted,
 * too.
 *
 * One pass over the pairs gives each checker's counts in each view and group, and from them rates (rates.h).
 * J and the share of pairs have intervals that do not take the cases of a family for independent. Of a run
 * that asks each case several times the first answers are scored, as any other checker's; the share of
 * repeats that report a violating case stands beside it, and what the first 1, 2, 5 ... report between them.
 */
#ifndef SCORE_H
#define SCORE_H

#include <stdbool.h>

#include "answer.h"
#include "arena.h"
#include "rates.h"
#include "rule.h"
#include "shapes.h"
#include "spread.h"
#include "store.h"

/* Which verdict answers are compared with. */
enum score_view {
	VIEW_HEADLINE,
	VIEW_DECLARED, /* the reading that the adapter declares for the rule */
	VIEW_SETTLED,  /* the headline, on cases on which all readings agree */
	VIEW_NAMED,    /* one reading by name; rules without it are left out */
	VIEW_COUNT,
};

/* A subset of the cases: those of one rule, step, shape or kind, or of one extent (extent.h). */
struct score_group {
	const char *name;
	struct cells cells;
	struct rates rates;
};

struct bootstrap;

/* Two checkers on the same cases, each against the verdict that it is scored by. A case without an answer is
 * answered wrongly. */
struct score_versus {
	unsigned only_one, only_two; /* cases on which just the first, just the second is right */
	struct measure difference;   /* of their J, the first's minus the second's */
	double p;                    /* of that difference, by families */
	double mcnemar;              /* McNemar's exact test, which takes cases for independent */
};

/* A case whose repeats differ in their answers. */
struct score_flaky {
	const char *id, *rule;
	uint32_t number;
	enum outcome expected;
	unsigned detected;    /* repeats that say violation */
	const uint8_t *state; /* enum answer_state of each repeat */
};

/* What the first so many repeats report between them. */
struct score_within {
	unsigned repeats;
	unsigned violations, correct; /* cases that at least one of them calls a violation */
};

/* Of all numbers of repeats those that are told: 1, 2, 5, 10, 20, 50 ..., and the last. */
enum { SCORE_WITHINS = 14 };

/* SCORE_BY(identifier, text): the ways to group cases. */
#define SCORE_BYS(SCORE_BY)       \
	SCORE_BY(BY_RULE, "rules")    \
	SCORE_BY(BY_KIND, "kinds")    \
	SCORE_BY(BY_LADDER, "ladder") \
	SCORE_BY(BY_SHAPE, "shapes")  \
	SCORE_BY(BY_DEPTH, "depths")  \
	SCORE_BY(BY_LOCKS, "locks")   \
	SCORE_BY(BY_SIZE, "sizes")

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
	struct rates rates[VIEW_COUNT];    /* undefined where the run is worth nothing */
	const struct bootstrap *bootstrap; /* of the view asked for */
	/* in the view asked for: */
	unsigned groups[BY_COUNT]; /* in an order that is the same for all checkers */
	struct score_group *group[BY_COUNT];
	struct cells own; /* of cases whose kinds, or whose twin's, are among those that the checker declares */
	struct rates own_rates;
	unsigned violating; /* cases */
	double detected;    /* sum of their detection rates: the shares of repeats that say violation */
	unsigned withins;   /* 0 where the run is worth nothing */
	struct score_within within[SCORE_WITHINS];
	unsigned flaky_cases;
	struct score_flaky *flaky; /* by number */
	/* over all cases: */
	unsigned answered;             /* with pass or violation, at the first try */
	uint64_t reused, retried;      /* answers */
	struct spread seconds, memory; /* bytes; of answers with pass or violation, where they are known */
};

struct score_options {
	enum score_view view;
	const char *reading;  /* for VIEW_NAMED */
	bool group_intervals; /* groups get intervals by bootstrap too, which takes time */
	bool all_views;       /* the other views than the one asked for get intervals by bootstrap, too */
	bool versus;          /* the first two checkers are compared */
};

/* Scores all checkers of `stored` in one pass over its pairs, given in any order. Memory grows with the
 * number of groups and of flaky cases. Everything lives in the arena. `options` outlives the scorer. */
struct scorer;
struct scorer *score_begin(const struct stored *stored, const struct score_options *options,
                           struct arena *arena);
void score_add(struct scorer *scorer, const struct stored_pair *pair);
/* One score a checker, in the order of stored->checker. */
const struct score *score_end(struct scorer *scorer);
/* The value below which a share of a checker's answers lies: seconds a case, bytes; 0 where nothing is
 * known. */
double score_seconds(const struct score *score, double share);
double score_memory(const struct score *score, double share);
/* With options->versus, behind score_end. */
struct score_versus score_compare(const struct scorer *scorer);

/* The reading that a case is judged by in a view; NULL where it does not count. Of the options it reads
 * the reading's name. */
const struct stored_reading *score_expected(const struct score_options *options,
                                            const struct stored_checker *checker,
                                            const struct stored_case *of, enum score_view view);

/* Whether a finding before that one has its kind and line: where no lock is named, two locks that are held at
 * one end read the same. */
bool score_is_repeated(const struct stored_reading *expected, unsigned index);

/* Why the answers of a checker count for nothing: its run is void, or was broken off; NULL where they do
 * count. */
const char *score_why_not(const struct stored_checker *checker);
/* Leaves only the named checkers, of which there are `count`. False, with those there are, for one that has
 * no answers. */
bool score_keep_checkers(struct stored *stored, const char *const *names, unsigned count, struct diag *diag);

#endif
