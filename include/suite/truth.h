/* truth: all three roads to the verdict of a case, which must agree.
 *
 * reach and walk agree on the set of (kind, statement, lock), walk and native on the set of (kind, line,
 * lock), for every reading of the rule. Native does so with every compiler that is asked. Where they do not,
 * a label cannot be trusted: that is a bug of ours, and the caller stops.
 */
#ifndef TRUTH_H
#define TRUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "case.h"
#include "diag.h"
#include "hygiene.h"

struct truth_memory;

/* A further compiler of the third road, beside libtcc. */
struct truth_compiler {
	const char *command;   /* as compile_pack takes it */
	uint64_t cases, paths; /* done since the start */
};

/* Cases with one kind of what hygiene finds, by the headline's verdict, and the id of the first. */
struct truth_hygiene {
	uint64_t pass, violation;
	char first[HASH_TEXT];
};

/* Work space: compiled readings, templates, buffers. Zeroed is ready. */
struct truth {
	struct truth_memory *memory; /* owned */
	unsigned compilers;
	struct truth_compiler *compiler; /* not owned; each runs the packs that libtcc runs */
	/* What native may do for one case, in choices made and situations compared. 0: so much that a case beyond
	 * it is an error; else such a case is left as it was. */
	uint64_t effort;
	/* What was done since the start. */
	uint64_t cases, undecided, unclean, paths;
	uint64_t beyond; /* left as they were */
	uint64_t guilty; /* of a defect that hygiene finds: no level may hold them */
	struct truth_hygiene hygiene[HYGIENE_KINDS];
	uint64_t bytes; /* of bodies that native ran */
};

enum { TRUTH_BATCH = 500 }; /* cases a compile: what libtcc likes best */

void truth_free(struct truth *truth);

/* By reach alone, under one reading. */
void truth_reach(struct truth *truth, const struct rule *rule, unsigned role, unsigned reading,
                 const struct seq *seq, struct arena *arena, struct verdict *verdict);

/* What hygiene finds in a text of the rule, as a bit set of enum hygiene_kind; its hash is set. Texts are
 * remembered for a while: who draws cases asks about each before it is judged. */
uint32_t truth_hygiene(struct truth *truth, const struct rule *rule, const struct text_plain *text);

/* Judges `count` cases whose rule, role, seq and shapes are set, and fills id, text_hash, sequence, ladder,
 * verdict, lines, function, contested and deadlock. `clean[i]`, where not NULL, tells whether case i is free
 * of other defects and every reading decides it, so that a level may hold it. Everything lives in the arena.
 * False where roads disagree: `diag` then names the case and holds the three verdicts in `dispute`. */
bool truth_judge(struct truth *truth, struct suite_case *cases, unsigned count, bool *clean,
                 struct arena *arena, struct buf *dispute, struct diag *diag);

#endif
