/* A case: rule, role, sequence and shapes, with everything that is known about it. */
#ifndef CASE_H
#define CASE_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "diag.h"
#include "hash.h"
#include "rule.h"
#include "seq.h"
#include "shapes.h"
#include "text.h"
#include "verdict.h"
#include "world.h"

/* Lines beside finding.line that a good checker may name for the same finding. */
struct case_lines {
	unsigned count;
	const uint32_t *line; /* of the body, from 1, ascending; never of its second part */
	unsigned function;    /* of the program in which finding.line stands; 0: the routine */
	const char *name;     /* of that function */
};

#define CASE_CANARY UINT32_MAX

struct suite_case {
	const struct rule *rule; /* outlives the case */
	unsigned role;
	struct seq seq;
	struct shapes shapes;
	char id[HASH_TEXT];
	char text_hash[HASH_TEXT]; /* of the body */
	const char *sequence;      /* canonical text */
	enum ladder ladder;
	uint64_t family; /* number of the sequence skeleton it comes from */
	uint32_t number; /* place in its level, from 0: names the file NNNNNNNNN.c; CASE_CANARY in none */
	uint32_t twin;   /* number of the other case of the pair */
	const char
		*edit; /* what turns the correct twin into the violating one: "drop-release"; "" without a twin */
	/* One verdict a reading of the rule, with statements and lines; lines count from 1 at the first line of
	 * the body. */
	struct verdict verdict[RULE_READINGS];
	/* For each finding of each reading: verdict[r].finding[i] has lines[r][i]. */
	const struct case_lines *lines[RULE_READINGS];
	const char *function; /* name of the routine */
	bool contested;       /* the readings disagree on pass or violation */
	bool deadlock;        /* under the headline reading, see struct verdict */
};

/* Every `count`th part, from `index` (from 0): of the batches of a dealt level, of the pairs of a drawn
 * one. Numbers are those of the whole level. */
struct shard {
	unsigned index, count;
};

/* Fills id, sequence and ladder of a case whose rule, role, seq and shapes are set. The id is a hash of
 * rule, role, canonical sequence and the shapes that differ from their default: so it survives new
 * dimensions. */
void case_identify(struct suite_case *of, struct arena *arena);
enum { CASE_FILE_NAME = 32 };

/* The name of the file of a case: 000000123.c, of its helpers: 000000123-helpers.c, of a canary: canary.c. */
void case_file_name(char name[CASE_FILE_NAME], uint32_t number, bool helpers);
/* A copy of a judged case that lives in the arena. */
void case_copy(struct suite_case *copy, struct arena *arena, const struct suite_case *of);

/* Prints one file with `count` cases of one driver model (of one rule in the model world). With `packed`
 * names carry the suffix of their place in `cases`, else count is 1. `helpers` and `reading` as in a pack.
 * Fills span[count]. */
bool case_file(struct buf *out, struct buf *helpers, const struct world *world,
               const struct suite_case *const *cases, unsigned count, bool packed, unsigned reading,
               struct text_span *span, struct diag *diag);
/* The same with what a driver does to register each of them, in `registrations`. */
bool case_file_registered(struct buf *out, struct buf *helpers, struct buf *registrations,
                          const struct world *world, const struct suite_case *const *cases, unsigned count,
                          bool packed, unsigned reading, struct text_span *span, struct diag *diag);

#endif
