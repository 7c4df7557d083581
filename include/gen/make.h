/* Making a program of a sequence, and what a choice of shapes changes in it. */
#ifndef MAKE_H
#define MAKE_H

#include "live.h"
#include "prog.h"

/* What is known of a sequence whatever its shapes: for who makes many programs of one. */
struct prog_study {
	const struct rule *rule;
	unsigned role;
	struct seq seq;             /* its nodes stay the caller's */
	struct live live;           /* of its flags and paths */
	uint8_t *candidates;        /* by statement: bit l: lock l's KIRQL holds the level needed on all paths */
	uint8_t *guarded;           /* by statement: bit l: lock l is held on all paths */
	uint8_t before[RULE_LOCKS]; /* bit set of the locks that were held when this one was taken */
	bool ordered;               /* no lock is taken both before another and behind it */
	bool illegal;               /* a call is made at an IRQL that it does not allow */
	bool crossed;               /* a queued lock is given back before one that was taken later */
	bool mismatched;            /* a release by a call that does not give back what the acquire took */
	bool overlaps, leaks;       /* as in struct prog */
};

/* Its memory is the arena's. */
void prog_study(struct prog_study *study, struct arena *arena, const struct rule *rule, unsigned role,
                const struct seq *seq);
/* prog_make of a sequence that was studied. */
void prog_make_studied(struct prog *prog, struct arena *arena, const struct prog_study *study,
                       const struct shapes *shapes);

/* Lowers a sequence to its plainest program, then applies the shapes. Everything lives in the arena. A shape
 * that does not fit the sequence changes nothing, and its bit in `effects` stays clear. */
void prog_make(struct prog *prog, struct arena *arena, const struct rule *rule, unsigned role,
               const struct seq *seq, const struct shapes *shapes);

/* Bit set of the dimensions whose choice changes the program of this sequence; defaults always count. */
unsigned shape_effects(const struct seq *seq, const struct rule *rule, unsigned role,
                       const struct shapes *shapes);
/* Whether the choice, added to the other ones, changes the program of this sequence, and they still do. */
bool shape_applies(enum shape_id id, const struct seq *seq, const struct rule *rule, unsigned role,
                   const struct shapes *shapes);

#endif
