/* All canonical sequences of one size: count, walk through, rank, unrank.
 *
 * Canonical: blocks are not empty; nothing stands behind return, stop, break or continue in a block; a flag's
 * first use is positive; flags, and locks of one type, are named in order of first use (the cancel lock is
 * never renamed); no :api, no handles; no flag is set to itself. What a flag is set to is read behind it. The
 * order is lexicographic in nodes, in the order of enum seq_op, then of lock, flag, value, source, negation
 * and event, with tries of what is the rule's own behind all others, so that an index names a sequence of an
 * alphabet for good.
 */
#ifndef SPACE_H
#define SPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "rule.h"
#include "seq.h"

enum { SPACE_MAX_SIZE = 13 }; /* counts fit 64 bits up to here */

/* Which statements there are. */
enum space_alphabet {
	SPACE_PLAIN, /* what levels are drawn from: a flag keeps its value */
	SPACE_STATE, /* all: with p = ..., tries without blocks, forever, stop and the rule's own events */
};

struct space_tables;

struct space {
	const struct rule *rule;
	unsigned role;
	enum space_alphabet alphabet;
	unsigned locks; /* at most so many, of whatever types, and at most the rule's */
	unsigned size;
	struct seq seq;              /* the current sequence; owned by the space */
	struct space_tables *tables; /* owned */
};

/* False when size exceeds SPACE_MAX_SIZE or the count exceeds 64 bits. */
bool space_init(struct space *space, const struct rule *rule, unsigned role, enum space_alphabet alphabet,
                unsigned size, unsigned locks);
void space_free(struct space *space);
/* Whether two roles have the same plain sequences: their rules have as many locks of each type, and what may
 * be tried in the one may be in the other. */
bool space_have_same(const struct rule *one, unsigned role_of_one, const struct rule *two,
                     unsigned role_of_two);

/* How many there are: from a recurrence over sizes that shares nothing with space_next. */
uint64_t space_count(const struct space *space);

/* The first, then each next sequence into space->seq; false when there is no more. Constant memory. */
bool space_first(struct space *space);
bool space_next(struct space *space);

/* Sequence number `index` into space->seq; index < space_count. space_next goes on from there. */
void space_unrank(struct space *space, uint64_t index);
/* The same for who wants so many lock events at least: false, with nothing to go on from, as soon as it is
 * known that the sequence has fewer. */
bool space_unrank_with(struct space *space, uint64_t index, unsigned events);
/* The index of a canonical sequence of this size; false when `seq` is none. */
bool space_rank(struct space *space, const struct seq *seq, uint64_t *index);

#endif
