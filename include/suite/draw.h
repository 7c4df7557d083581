/* draw: pairs of sequences, and the shapes they wear, for a level.
 *
 * A pair is a correct sequence and a violating one, one edit apart, in the same rule, role and shapes.
 * Everything is drawn from seeded numbers: the same level and rules give the same pairs.
 */
#ifndef DRAW_H
#define DRAW_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "cover.h"
#include "data.h"
#include "diag.h"
#include "edit.h"
#include "rule.h"
#include "seq.h"
#include "shapes.h"
#include "truth.h"

/* What a level's file says: suite/levels/NAME.yaml. */
struct level_plan {
	const char *name, *summary;
	unsigned long deal;  /* pairs that are each drawn from their number; 0: the level is drawn as a whole */
	unsigned pairs;      /* of each role */
	unsigned twins;      /* pairs of one family at the most, under different shapes */
	unsigned listed;     /* pairs of each role from families.txt at the most */
	unsigned cell;       /* families for each rule, kind and ladder step */
	unsigned cover;      /* strength of the covering array over shapes: 2, 3; 0: none */
	const char *chosen;  /* data file that lists pairs one by one, or NULL */
	const char *reports; /* the same, of pairs that may be among the chosen ones; or NULL */
	bool corpus;         /* promoted sequences */
};

bool level_plan_parse(struct level_plan *plan, struct arena *arena, const char *name, const char *where,
                      const char *text, size_t length, struct diag *diag);
/* level_plan_parse of the level's data file. */
bool level_plan_load(struct level_plan *plan, struct arena *arena, const char *name, struct diag *diag);

struct draw_pair {
	const struct rule *rule;
	unsigned role;
	struct seq half[2]; /* correct, violating */
	struct shapes shapes;
	enum edit edit;
	uint64_t family;     /* number of the correct sequence in its rule and role */
	unsigned long place; /* its line in a list, or its number where it is dealt */
};

/* Pairs in the making. */
struct draw {
	unsigned rules;
	const struct rule *const *rule;
	struct draw_pair *pair; /* `pairs`, in the arena */
	unsigned pairs;
	const char *planned;        /* the file that lists the pairs; NULL: they were drawn. In the arena */
	struct draw_memory *memory; /* owned */
};

/* Draws a whole level; sequences live in the arena. False where data is missing or broken. Call draw_free in
 * every case. */
bool draw_level(struct draw *draw, const struct level_plan *plan, const struct rule *const *rules,
                unsigned count, struct truth *truth, struct arena *arena, struct diag *diag);
/* Takes the pairs of the level's plan, levels/NAME.plan, behind draw_begin. *counts is false where there is
 * none, or where it was drawn from other data. False where it is broken, with its place. Whether its pairs
 * are pairs is not asked. */
bool draw_planned(struct draw *draw, const struct level_plan *plan, bool *counts, struct diag *diag);
/* draw_planned of a file. */
bool draw_plan_parse(struct draw *draw, const struct level_plan *plan, const struct data_file *file,
                     bool *counts, struct diag *diag);
/* One line of a list or plan. */
void draw_row_print(struct buf *out, const struct draw_pair *pair);
/* The plan of what was drawn. */
void draw_plan_print(struct buf *out, const struct draw *draw, const struct level_plan *plan);

/* Makes ready to deal pairs of these rules; they live in the arena until it is reset. */
void draw_begin(struct draw *draw, const struct rule *const *rules, unsigned count, struct truth *truth,
                struct arena *arena);
/* The pair of a number: the same whatever was dealt before. False, with the reason, where none was found in a
 * bounded search. */
bool draw_deal(struct draw *draw, unsigned long number, struct draw_pair *pair, struct diag *diag);
/* The combinations that a drawn level holds. */
const struct cover *draw_cover(const struct draw *draw);
void draw_free(struct draw *draw);

#endif
