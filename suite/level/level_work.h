/* level_work: what the files of level share. Only suite/level/level*.c use it. */
#ifndef LEVEL_WORK_H
#define LEVEL_WORK_H

#include "level.h"
#include "random.h"

enum { ORDER_SEED = 1 }; /* one of those whose order tells the least by chance: see `make leaks` */

/* Pairs of one batch at hand: work space. */
struct dealt {
	unsigned count;
	struct draw_pair pair[LEVEL_BATCH];
	struct suite_case cases[2 * LEVEL_BATCH];
};

/* From malloc. */
struct dealt *dealt_begin(void);
/* Deals the pairs of one batch; they live in the memory of a batch. */
bool level_deal_pairs(struct level *level, unsigned batch, struct dealt *dealt, struct diag *diag);
/* Draws the level, or reads its plan. */
bool level_take_pairs(struct level *level, struct diag *diag);
/* cases[2 * i] and the next are the halves of pair i. */
void level_fill_cases(const struct draw_pair *pairs, unsigned n, struct suite_case *cases);
void level_identify_pairs(struct suite_case *cases, unsigned n, struct arena *arena);
/* Judges both halves of all pairs, and keeps the pairs that a level may hold. Of a plan, which was drawn
 * so, it may hold all: one that it may not is refused at its line. */
bool level_judge_pairs(struct level *level, struct draw_pair *pairs, struct suite_case *cases, unsigned *n,
                       struct arena *arena, struct buf *dispute, struct diag *diag);
/* Gives all cases of a level or batch their numbers, from level->first on. */
void level_number_cases(const struct level *level, struct suite_case *cases, unsigned pairs,
                        struct random *random);

#endif
