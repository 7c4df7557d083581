/* core: the pairs that are chosen by hand, for teaching and for review.
 *
 * suite/core/cases.txt holds one pair a paragraph: lines of a field and its value, in any order, `#`
 * begins a comment line.
 *
 *   name       early-return                       of the files; unlike any other, case aside
 *   rule       SpinlockRelease
 *   role       dispatch
 *   shapes     exit=goto-cleanup                  may be missing; only what differs from the default
 *   correct    acq a; if ? { rel a; return }; rel a
 *   violating  acq a; if ? { return }; rel a
 *   reason     An early return is a way out too.  one sentence
 */
#ifndef CORE_H
#define CORE_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "buf.h"
#include "case.h"
#include "diag.h"
#include "rule.h"
#include "seq.h"
#include "shapes.h"
#include "truth.h"

enum { CORE_NAME_MOST = 48 }; /* characters of a name */

struct core_pair {
	const char *name, *reason;
	const struct rule *rule;
	unsigned role;
	struct shapes shapes;
	struct seq half[2]; /* correct, violating */
	size_t offset[2];   /* of their text, for messages */
};

struct core {
	const char *name, *text; /* of the input, for messages; not owned */
	size_t length;
	unsigned pairs;
	struct core_pair *pair; /* in the order of the input */
};

/* Reads pairs; everything lives in the arena. False, with its place, for a field that is unknown, missing,
 * empty or given twice, for what rule, role and sequences refuse, a shape that is a default or changes
 * nothing in one of the twins, and a name that was taken. */
bool core_parse(struct core *core, struct arena *arena, const char *name, const char *text, size_t length,
                struct diag *diag);
/* core_parse of the data file core/cases.txt. */
bool core_load(struct core *core, struct arena *arena, struct diag *diag);
/* The files of suite/core: the twins of pair `number`, which counts from 1, are RULE/NNN-a.c and
 * RULE/NNN-b.c, and NNN-a-helpers.c is a second file. Which one is correct is a coin's that the name of
 * the pair throws. */
enum { CORE_FILE = 32 };
/* Which half of the pair file `letter` (0 is a) holds: 0 is the correct one. */
unsigned core_half(const struct core_pair *pair, unsigned letter);
void core_file_name(char name[CORE_FILE], unsigned number, unsigned letter, bool helpers);
/* Reads such a name, with or without ".c" and directories above RULE: pair, from 0, and half. False where
 * it is none of a pair that is there. */
bool core_find(const struct core *core, const char *name, unsigned *pair, unsigned *half);
/* The comment that such a file begins with: one line. */
void core_put_head(struct buf *out, const struct core_pair *pair, unsigned number, unsigned letter);
/* Judges all pairs by all three roads: cases[2 * i] is the correct half of pair i, the next one its twin.
 * False, with the place of the sequence, where a half has the wrong verdict in the headline reading, is
 * undecided, deadlocks, or has another defect; as truth_judge where roads disagree. */
bool core_judge(const struct core *core, struct truth *truth, struct suite_case *cases, struct arena *arena,
                struct buf *dispute, struct diag *diag);

#endif
