/* How a sequence is clothed in C: one choice a dimension.
 *
 * SHAPE_DIMENSIONS and SHAPES are the table: a dimension is a row of the first, a choice a row of the second. The
 * first choice of a dimension is its default; gen/shape.c has one function a choice, which rewrites a plain program
 * without changing its verdict.
 */
#ifndef SHAPE_H
#define SHAPE_H

#include <stdbool.h>

#include "buf.h"
#include "diag.h"
#include "rule.h"
#include "seq.h"

/* Ability steps, from easy to hard; a case stands on the hardest step that it needs. */
#define LADDER(STEP)                                 \
	STEP(LADDER_STRAIGHT, "straight")                \
	STEP(LADDER_BRANCHES, "branches")                \
	STEP(LADDER_LOOPS, "loops")                      \
	STEP(LADDER_LOCKS, "several-locks")              \
	STEP(LADDER_HELPERS, "helpers")                  \
	STEP(LADDER_CONDITIONS, "correlated-conditions") \
	STEP(LADDER_ALIASES, "aliases")

enum ladder {
#define STEP(id, text) id,
	LADDER(STEP)
#undef STEP
		LADDER_COUNT
};

const char *ladder_name(enum ladder step);

/* DIMENSION(identifier, text) */
#define SHAPE_DIMENSIONS(DIMENSION)    \
	DIMENSION(SHAPE_PLACE, "place")    \
	DIMENSION(SHAPE_ALIAS, "alias")    \
	DIMENSION(SHAPE_HELPER, "release") \
	DIMENSION(SHAPE_EXIT, "exit")      \
	DIMENSION(SHAPE_BRANCH, "branch")  \
	DIMENSION(SHAPE_LOOP, "loop")      \
	DIMENSION(SHAPE_FLAG, "flag")

enum shape_dimension {
#define DIMENSION(id, text) id,
	SHAPE_DIMENSIONS(DIMENSION)
#undef DIMENSION
		SHAPE_COUNT
};

/* SHAPE(identifier, dimension, text, ladder step); the first row of a dimension is its default. */
#define SHAPES(SHAPE)                                                         \
	SHAPE(PLACE_EXTENSION, SHAPE_PLACE, "extension", LADDER_STRAIGHT)         \
	SHAPE(PLACE_GLOBAL, SHAPE_PLACE, "global", LADDER_STRAIGHT)               \
	SHAPE(ALIAS_DIRECT, SHAPE_ALIAS, "direct", LADDER_STRAIGHT)               \
	SHAPE(ALIAS_POINTER, SHAPE_ALIAS, "local-pointer", LADDER_ALIASES)        \
	SHAPE(HELPER_NONE, SHAPE_HELPER, "in-place", LADDER_STRAIGHT)             \
	SHAPE(HELPER_LOCK, SHAPE_HELPER, "helper-lock", LADDER_HELPERS)           \
	SHAPE(HELPER_EXTENSION, SHAPE_HELPER, "helper-extension", LADDER_HELPERS) \
	SHAPE(EXIT_RETURN, SHAPE_EXIT, "early-return", LADDER_STRAIGHT)           \
	SHAPE(EXIT_GOTO, SHAPE_EXIT, "goto-cleanup", LADDER_BRANCHES)             \
	SHAPE(EXIT_STATUS, SHAPE_EXIT, "single-exit", LADDER_CONDITIONS)          \
	SHAPE(BRANCH_IF, SHAPE_BRANCH, "if", LADDER_STRAIGHT)                     \
	SHAPE(BRANCH_SWITCH, SHAPE_BRANCH, "switch", LADDER_BRANCHES)             \
	SHAPE(LOOP_WHILE, SHAPE_LOOP, "while", LADDER_STRAIGHT)                   \
	SHAPE(LOOP_FOR, SHAPE_LOOP, "for", LADDER_LOOPS)                          \
	SHAPE(LOOP_DO, SHAPE_LOOP, "do", LADDER_LOOPS)                            \
	SHAPE(FLAG_REQUEST, SHAPE_FLAG, "request-field", LADDER_STRAIGHT)         \
	SHAPE(FLAG_LOCAL, SHAPE_FLAG, "local", LADDER_STRAIGHT)

enum shape_id {
#define SHAPE(id, dimension, text, step) id,
	SHAPES(SHAPE)
#undef SHAPE
		SHAPE_ID_COUNT
};

/* One choice a dimension. */
struct shapes {
	unsigned char choice[SHAPE_COUNT]; /* enum shape_id */
};

struct shape_row {
	enum shape_dimension dimension;
	const char *name;
	enum ladder step;
};

const struct shape_row *shape_row(enum shape_id id);
const char *shape_dimension_name(enum shape_dimension dimension);
struct shapes shapes_default(void);
/* Sets one choice from "DIMENSION=CHOICE"; false, with the choices that exist, for anything else. */
bool shapes_set(struct shapes *shapes, const char *assignment, struct diag *diag);
/* Whether the choice changes the program of this sequence and keeps its verdict there. Defaults always apply. */
bool shape_applies(enum shape_id id, const struct seq *seq, const struct rule *rule, unsigned role,
                   const struct shapes *shapes);
/* The ladder step of a sequence under shapes. */
enum ladder shape_ladder(const struct seq *seq, const struct rule *rule, const struct shapes *shapes);

#endif
