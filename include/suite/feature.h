/* feature: which parts of the rules' meaning a set of cases exercises.
 *
 * A feature is a cell of the headline's table (state class, event) that some path of a case enters, in a
 * control context, under a group of shapes; and, on its own, the cell in each role of each rule. A cell that
 * violates counts where a finding of the verdict stands on it. Others count where a path that forgets flags
 * and other locks enters it: a little more than is feasible.
 */
#ifndef FEATURE_H
#define FEATURE_H

#include <stdint.h>

#include "rule.h"
#include "seq.h"
#include "shapes.h"
#include "verdict.h"

/* CONTEXT(identifier, text): where in the control flow; a statement has the first that fits. */
#define CONTEXTS(CONTEXT)                                        \
	CONTEXT(CONTEXT_TAKE_KEPT, "kept try")                       \
	CONTEXT(CONTEXT_TAKE_IGNORED, "ignored try")                 \
	CONTEXT(CONTEXT_SET_FLAG_IN_LOOP, "set flag in loop")        \
	CONTEXT(CONTEXT_SET_FLAG, "set flag")                        \
	CONTEXT(CONTEXT_FLAG_AGAIN_IN_LOOP, "repeated flag in loop") \
	CONTEXT(CONTEXT_FLAG_AGAIN, "repeated flag")                 \
	CONTEXT(CONTEXT_TRY_IN_LOOP, "try in loop")                  \
	CONTEXT(CONTEXT_TRY, "try")                                  \
	CONTEXT(CONTEXT_TRY_ELSE, "try failed")                      \
	CONTEXT(CONTEXT_FOREVER, "endless loop")                     \
	CONTEXT(CONTEXT_NESTED_LOOP, "loop in loop")                 \
	CONTEXT(CONTEXT_LOOP_IN_ELSE, "loop in else")                \
	CONTEXT(CONTEXT_LOOP_IN_THEN, "loop in then")                \
	CONTEXT(CONTEXT_ELSE_IN_LOOP, "else in loop")                \
	CONTEXT(CONTEXT_THEN_IN_LOOP, "then in loop")                \
	CONTEXT(CONTEXT_LOOP_AFTER_JUMP, "loop, behind a jump")      \
	CONTEXT(CONTEXT_LOOP, "loop")                                \
	CONTEXT(CONTEXT_ELSE, "else")                                \
	CONTEXT(CONTEXT_THEN, "then")                                \
	CONTEXT(CONTEXT_AFTER_STOP, "behind a stop")                 \
	CONTEXT(CONTEXT_AFTER_TRY, "behind a try")                   \
	CONTEXT(CONTEXT_TOP, "top")

enum context {
#define CONTEXT(id, text) id,
	CONTEXTS(CONTEXT)
#undef CONTEXT
		CONTEXT_COUNT
};

enum {
	FEATURE_CLASSES = 3, /* of states: those from the third on share one */
	FEATURE_CELLS = FEATURE_CLASSES * EVENT_COUNT,
	FEATURE_GROUPS = 1 + SHAPE_COUNT, /* plain, or shaped in a dimension */
	FEATURE_PARTS = 32,               /* roles of rules; more share them */
	FEATURE_IN_CONTEXT = FEATURE_GROUPS * CONTEXT_COUNT * FEATURE_CELLS,
	FEATURE_SIZE = FEATURE_IN_CONTEXT + FEATURE_PARTS * FEATURE_CELLS,
	FEATURE_STATEMENTS = 64, /* features of statements behind these are not seen */
};

const char *context_name(enum context context);

/* Sets the bytes of the features of a case to 1 and leaves the others. `part` numbers its rule and role; the
 * verdict is that of the headline. */
void feature_case(uint8_t feature[FEATURE_SIZE], unsigned part, const struct rule *rule, unsigned role,
                  const struct seq *seq, const struct shapes *shapes, const struct verdict *verdict);

#endif
