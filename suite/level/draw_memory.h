/* draw_memory: what the files of draw share. Only suite/level/draw*.c use it. */
#ifndef DRAW_MEMORY_H
#define DRAW_MEMORY_H

#include "buf.h"
#include "draw.h"
#include "random.h"
#include "space.h"

enum { DRAW_SMALLEST = 3, DRAW_LARGEST = 7, DEALT_SMALLEST = 7, DEALT_LARGEST = 8 }; /* sizes */
enum { DRAW_SPACES = 2 * (DEALT_LARGEST + 1), DRAW_ROLES = 64, DRAW_VARIANTS = 8 };

/* The canonical spaces of a role, and of all others that have the same. */
struct role_spaces {
	struct role_spaces *next;
	const struct rule *rule;
	unsigned role, count;
	unsigned drawn; /* how many of them, from the first, sequences are drawn from: the smaller ones */
	unsigned dealt; /* the first of those that families are dealt from: the larger ones */
	struct space space[DRAW_SPACES];
};

struct draw_memory {
	struct draw *draw;
	const struct level_plan *plan;
	struct truth *truth;
	struct arena *arena;  /* of what is kept */
	struct arena scratch; /* of one sequence */
	struct random random;
	const struct rule *rule; /* at hand */
	unsigned role;
	unsigned room;
	unsigned made[EDIT_COUNT];                           /* pairs by edit */
	unsigned cell[DRAW_ROLES][KIND_COUNT][LADDER_COUNT]; /* families by the rule's index */
	uint64_t *seen; /* hashes of cases and of families in cells: open addressing, 0 is empty */
	size_t seen_count, seen_room;
	struct cover cover;
	unsigned first[SHAPE_COUNT + 1]; /* shape of each dimension */
	unsigned long family_number;     /* 1 + number of the family below; 0: none */
	struct draw_pair family[DRAW_VARIANTS];
	struct arena family_arena;
	struct buf text; /* of a case that may be dealt */
	unsigned roles;
	struct role_spaces *spaces; /* made when first needed */
};

/* Never 0. Of a sequence in the rule and role at hand; with shapes, of a case. */
uint64_t draw_hash(const struct draw_memory *m, const struct seq *seq, const struct shapes *shapes);
uint64_t draw_hash_bytes(uint64_t hash, const void *bytes, size_t length);
/* Sets the rule and role of an index over all roles of all rules. */
void draw_use_role(struct draw_memory *m, unsigned index);

/* Passes or violates under the headline as wanted, decided under every reading, without a deadlock. */
bool draw_judges_as(struct draw_memory *m, const struct seq *seq, enum outcome wanted);
/* Whether the sequence may be the correct half of a pair; the violating one. */
bool draw_may_pass(struct draw_memory *m, const struct seq *seq);
bool draw_may_violate(struct draw_memory *m, const struct seq *seq);
unsigned draw_events(const struct seq *seq);
/* Shapes that change something in both twins, and tell nothing of which is which. */
bool draw_fits(struct draw_memory *m, const struct seq *right, const struct seq *wrong,
               const struct shapes *shapes);
/* Draws shapes of ladder steps up to `most`. */
struct shapes draw_shapes(struct draw_memory *m, const struct seq *right, const struct seq *wrong,
                          enum ladder most);
/* One row of the covering array (suite/level/draw_cover.c): the dimensions in `decided` keep what `begin`
 * says. */
struct shapes draw_row(struct draw_memory *m, const struct draw_pair *pair, const struct shapes *begin,
                       unsigned decided, enum ladder most);

/* Whether a sequence that an edit made violates, and may be the twin. */
bool draw_are_twins(struct draw_memory *m, const struct seq *right, const struct seq *wrong);
/* A violating twin by this edit, at a place drawn at random, in the scratch memory. */
bool draw_twin(struct draw_memory *m, const struct seq *right, enum edit edit, struct seq *wrong);
/* Edits in the order in which they were used least. */
void draw_order_edits(struct draw_memory *m, unsigned order[EDIT_COUNT]);
/* A pair with its correct half only. */
struct draw_pair draw_pair_of(const struct draw_memory *m, const struct seq *right);
struct seq draw_copy(struct arena *arena, const struct seq *seq);
/* Neither half was kept before. */
bool draw_is_new(struct draw_memory *m, const struct draw_pair *pair);
void draw_keep(struct draw_memory *m, const struct draw_pair *pair);
/* How many of the cells that the pair belongs to still want its family; counts it there when told so. */
unsigned draw_count_cells(struct draw_memory *m, const struct seq *wrong, const struct shapes *shapes,
                          uint64_t family, bool take);
unsigned draw_rule_index(const struct draw_memory *m);

/* The spaces of the role at hand. */
struct role_spaces *draw_spaces_of_role(struct draw_memory *m);
/* A sequence drawn uniformly from one of the smaller spaces, in the space's memory; NULL where too little of
 * it are lock events. */
const struct seq *draw_sequence(struct draw_memory *m);

/* A sequence with state from a plain one, in the scratch memory; false where nothing of it can have any. */
bool draw_state(struct draw_memory *m, const struct seq *plain, struct seq *seq);
/* Takes the random numbers that draw_state takes, for a sequence of which it is known that it will not do. */
void draw_no_state(struct draw_memory *m);

/* Adds pairs until no combination of shapes that can exist is missing. */
void draw_cover_level(struct draw_memory *m);
/* Takes pairs of what fuzzing promoted. */
bool draw_corpus(struct draw_memory *m, struct diag *diag);
/* What becomes of a pair that was read, with rule and role at hand; its sequences stand in the arena that
 * draw_rows has. */
typedef bool draw_take(struct draw_memory *m, const struct draw_pair *pair, const char *name,
                       struct diag *diag);
/* Reads each row of a list that names a rule of the level; the text ends with a NUL that is not counted.
 * False with the line that is no pair, or that was not taken. */
bool draw_rows(struct draw_memory *m, const char *name, const char *text, size_t length, struct arena *arena,
               draw_take *take, struct diag *diag);
/* Takes the rows of a plan, from this place in its file on. */
bool draw_plan_rows(struct draw *draw, const struct data_file *file, const char *rows, struct diag *diag);
/* Takes the pairs of a list. */
bool draw_chosen_parse(struct draw_memory *m, const char *name, const char *text, size_t length,
                       struct diag *diag);
/* Takes the pairs that the plan's file lists. */
bool draw_chosen(struct draw_memory *m, struct diag *diag);
/* The same of reports; pairs that are there already are left out. */
bool draw_reports(struct draw_memory *m, struct diag *diag);

#endif
