/* A level: a named set of pairs, each case judged by all three roads when the level is made.
 *
 * What a level holds is data: suite/levels/NAME.yaml. Most levels are drawn as a whole. A dealt level comes
 * in batches of BATCH pairs, each batch from its number alone: it streams, in constant memory, and a shard
 * needs nothing of the others.
 */
#ifndef LEVEL_H
#define LEVEL_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "case.h"
#include "diag.h"
#include "draw.h"
#include "filter.h"
#include "rule.h"
#include "truth.h"

enum { LEVEL_BATCH = 1000 };  /* pairs of a dealt level that are made together */
enum { LEVEL_KEPT = 200000 }; /* cases of a dealt level that level_make keeps at the most */

struct part;

/* What a checker's canaries are like: by kinds that it knows alone, in the reading that it implements. */
struct canary_wish {
	unsigned kinds; /* bit set; 0: any, settled */
	unsigned reading;
};

struct level {
	const char *name;
	struct level_plan plan;
	unsigned drawn_rules;
	const struct rule *
		*drawn_rule; /* all that there are, in the order of rule_list: what the level is drawn from */
	unsigned rules;
	const struct rule **rule; /* those that the filter names; where it names none, all */
	struct filter filter;     /* with the rules' proper names */
	unsigned count;
	struct suite_case *cases; /* in file order */
	uint32_t first;    /* number of cases[0]; numbers ascend, and have gaps where pairs were left out */
	unsigned families; /* of a drawn level */
	struct suite_case *canary; /* two for each rule, settled: a correct one, then a violating one; without a
	                              rule where it has none. Number is UINT32_MAX */
	bool chosen;               /* the canaries are as a checker wants them */
	struct truth truth;
	struct arena arena;
	struct shard shard;
	struct part *part; /* the filter at work */
	bool surveyed;     /* the whole of a dealt level, for the filter's sake */
	bool given;        /* level_next gave a case */
	bool unfitting;    /* level_next was refused for no case fits the filter */
	unsigned *only; /* the batches in which all is that the filter takes, ascending; NULL: it is not known */
	unsigned onlies;
	struct draw draw;    /* of a dealt level */
	struct arena batch;  /* of the cases of a dealt level */
	unsigned next, step; /* batch, and how many on the one behind it is */
	unsigned parts;      /* of which this one is dealt; 0: it is not shared */
	uint64_t *ids;       /* of the kept cases of a dealt level: open addressing, 0 is empty; else NULL */
	unsigned id_slots;   /* a power of two */
};

/* NULL-ended, from small to large; they live in the arena. */
const char *const *level_names(struct arena *arena);

/* Loads the plan and all rules. The filter (NULL: none) says which of the level's cases are wanted: those
 * have the same numbers, names and twins as in the whole level. False for an unknown level, rule or role.
 * Call level_free in every case. */
bool level_open(struct level *level, const char *name, const struct filter *filter, struct shard shard,
                struct diag *diag);
/* Says, behind level_open, which numbers the wanted cases of a dealt level have, so that no other batch is
 * dealt. */
void level_only(struct level *level, const uint32_t *number, unsigned count);
/* Makes the next batch of cases in place of the one before; all of a drawn level is one batch. *more is false
 * behind the last. False where no case fits the filter, where the
 * beginning of an id fits several pairs, or where roads disagree: then *dispute, which the caller frees,
 * holds the three verdicts. */
bool level_next(struct level *level, bool *more, struct buf *dispute, struct diag *diag);

/* Goes through the whole of a dealt level where the filter asks for that, as level_next does by itself: for
 * who then shares it. False where the beginning of an id fits several pairs. */
bool level_survey(struct level *level, struct diag *diag);
/* Leaves of the batches of a dealt level every `parts`th, from this one (from 0), behind level_open: whoever
 * shares it with others. A part in which nothing fits the filter is not refused. */
void level_take_part(struct level *level, unsigned part, unsigned parts);
/* Says that no case fits the filter; false. */
bool level_refuse_unfitting(struct level *level, struct diag *diag);

/* level_next for all cases at once, behind level_open. Refuses more than LEVEL_KEPT cases of a dealt level:
 * give a shard. */
bool level_fill(struct level *level, struct buf *dispute, struct diag *diag);
/* level_open and level_fill. The same names give the same cases, whatever machine. */
bool level_make(struct level *level, const char *name, const struct filter *filter, struct shard shard,
                struct buf *dispute, struct diag *diag);
/* A case that was looked for, with its twin: not judged, with their numbers in the level. */
struct level_found {
	struct suite_case twins[2];
	unsigned half; /* which of them it is */
};

/* Three ways to look, behind level_open, for cases that are added behind those that `found` holds, each id
 * once, until there are `most`; they live as long as the level. In a drawn level: whose ids begin so. */
bool level_find(struct level *level, const char *beginning, struct level_found *found, unsigned *count,
                unsigned most, struct buf *dispute, struct diag *diag);
/* In any level: that has the number. */
bool level_find_number(struct level *level, uint32_t number, struct level_found *found, unsigned *count,
                       unsigned most, struct buf *dispute, struct diag *diag);
/* In a dealt level: among the twins of a pair, whose ids begin so. */
bool level_find_pair(struct level *level, unsigned long pair, const char *beginning,
                     struct level_found *found, unsigned *count, unsigned most, struct diag *diag);
const struct suite_case *level_twin(const struct level *level, const struct suite_case *of);
/* Makes the canaries that level_fill makes, for who takes a dealt level batch by batch. */
bool level_make_canaries(struct level *level, struct buf *dispute, struct diag *diag);
/* Refuses where a rule has no canaries, without which a run cannot tell a checker that answers nothing. */
bool level_has_canaries(const struct level *level, struct diag *diag);
/* Makes the canaries anew: `wish` has one a rule of the level; NULL: settled ones of any kind, as level_fill
 * makes them. False where a wish cannot be met. */
bool level_choose_canaries(struct level *level, const struct canary_wish *wish, struct buf *dispute,
                           struct diag *diag);
const struct suite_case *level_canary(const struct level *level, const struct rule *rule,
                                      enum outcome outcome);
void level_free(struct level *level);

#endif
