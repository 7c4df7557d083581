/* mutant: checkers that are wrong on purpose, each in one way that real checkers are wrong in.
 *
 * A suite is strong when each of them gives itself away on it. A mutant is walk on a program, or by a rule,
 * that was rewritten: one row, and a function of a few lines, in one of the files of oracle/mutants.
 */
#ifndef MUTANT_H
#define MUTANT_H

#include "arena.h"
#include "case.h"
#include "prog.h"
#include "rule.h"
#include "verdict.h"
#include "walk.h"

struct mutation;

/* How a lock goes on that two paths bring to one place in different states. */
enum mutant_join {
	JOIN_NEVER,        /* the paths stay apart */
	JOIN_UNION,        /* held when one of them holds it */
	JOIN_INTERSECTION, /* held when both do */
	JOIN_DIFFERENCE,   /* the same, and that they differ is a finding */
};

/* What is not set is left alone; applied in the order of the fields. */
struct mutant {
	const char *name;    /* "loop-never" */
	const char *summary; /* what it gets wrong, and who does too */
	/* Rewrites a copy of the rule. */
	void (*rule)(struct rule *rule, unsigned role);
	/* Rewrites a copy of the program: as a whole. */
	void (*program)(struct mutation *mutation);
	/* The same at each node, inner ones first, and *link is the node; it may be replaced by any number of
	 * others. */
	void (*node)(struct mutation *mutation, struct prog_node **link);
	unsigned parameter; /* of the two above: where several mutants share one function */
	/* What rewriting cannot make wrong: the walk itself. */
	enum mutant_join join;
	unsigned states; /* it gives up after so many; 0: never */
};

unsigned mutant_count(void);
const struct mutant *mutant_row(unsigned index);
/* NULL when no mutant has that name. */
const struct mutant *mutant_find(const char *name);

/* What the mutant says of a program under the rule's headline reading. The program stays as it is; counters
 * are followed up to `cap`. Takes its memory from the arena. */
enum outcome mutant_judge(struct walk *walk, const struct mutant *mutant, const struct prog *prog,
                          unsigned cap, struct arena *arena);

/* Calls visit with the index of each mutant and what it says of a case, unless that is undecided. */
void mutant_each(struct walk *walk, const struct suite_case *of,
                 void (*visit)(void *context, unsigned index, enum outcome answer), void *context);

#endif
