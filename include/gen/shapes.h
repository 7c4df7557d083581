/* How a sequence is clothed in C: one choice a dimension.
 *
 * SHAPE_DIMENSIONS and SHAPES are the table: a dimension is a row of the first, a choice a row of the second.
 * The first choice of a dimension is its default; gen/prog/rewrite*.c rewrite a plain program by it without
 * changing its verdict.
 */
#ifndef SHAPES_H
#define SHAPES_H

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

/* DIMENSION(identifier, text): applied in an order of their own, see gen/prog/make.c. */
#define SHAPE_DIMENSIONS(DIMENSION)       \
	DIMENSION(SHAPE_PLACE, "place")       \
	DIMENSION(SHAPE_ALIAS, "alias")       \
	DIMENSION(SHAPE_SAVED, "saved")       \
	DIMENSION(SHAPE_HELPER, "helper")     \
	DIMENSION(SHAPE_ARGUMENT, "argument") \
	DIMENSION(SHAPE_CALL, "call")         \
	DIMENSION(SHAPE_EXIT, "exit")         \
	DIMENSION(SHAPE_BRANCH, "branch")     \
	DIMENSION(SHAPE_LOOP, "loop")         \
	DIMENSION(SHAPE_FLAG, "flag")         \
	DIMENSION(SHAPE_RESULT, "result")     \
	DIMENSION(SHAPE_STOP, "stop")         \
	DIMENSION(SHAPE_NOISE, "noise")

enum shape_dimension {
#define DIMENSION(id, text) id,
	SHAPE_DIMENSIONS(DIMENSION)
#undef DIMENSION
		SHAPE_COUNT
};

enum { SHAPE_ALL = (1 << SHAPE_COUNT) - 1 }; /* bit set of all dimensions */

/* SHAPE(identifier, dimension, text, ladder step, meaning); the first row of a dimension is its default. */
#define SHAPES(SHAPE)                                                                                        \
	SHAPE(PLACE_EXTENSION, SHAPE_PLACE, "extension", LADDER_STRAIGHT, "a field of the device extension")     \
	SHAPE(PLACE_NESTED, SHAPE_PLACE, "nested", LADDER_STRAIGHT,                                              \
	      "a field of a struct in the device extension")                                                     \
	SHAPE(PLACE_ARRAY, SHAPE_PLACE, "array", LADDER_ALIASES, "an array element, by a constant index")        \
	SHAPE(PLACE_INDEX, SHAPE_PLACE, "array-index", LADDER_ALIASES, "an array element, by a variable index")  \
	SHAPE(PLACE_COMPUTED, SHAPE_PLACE, "array-computed", LADDER_ALIASES,                                     \
	      "an array element, by a sum of constants")                                                         \
	SHAPE(PLACE_ACCESSOR, SHAPE_PLACE, "array-accessor", LADDER_ALIASES,                                     \
	      "an array element, by a function or macro that finds it")                                          \
	SHAPE(PLACE_GLOBAL, SHAPE_PLACE, "global", LADDER_STRAIGHT, "a global variable")                         \
	SHAPE(PLACE_STATIC, SHAPE_PLACE, "static", LADDER_STRAIGHT, "a static variable of the file")             \
	SHAPE(PLACE_HEAP, SHAPE_PLACE, "heap", LADDER_STRAIGHT, "a block that the device extension points to")   \
	SHAPE(PLACE_PARAMETER, SHAPE_PLACE, "parameter", LADDER_HELPERS,                                         \
	      "passed to the function that does the work")                                                       \
	SHAPE(PLACE_LOCAL, SHAPE_PLACE, "local", LADDER_STRAIGHT,                                                \
	      "a field of a local struct, which the routine initialises")                                        \
	SHAPE(ALIAS_DIRECT, SHAPE_ALIAS, "direct", LADDER_STRAIGHT, "the lock is named each time")               \
	SHAPE(ALIAS_POINTER, SHAPE_ALIAS, "local-pointer", LADDER_ALIASES, "acquired through a local pointer")   \
	SHAPE(ALIAS_TWO, SHAPE_ALIAS, "two-pointers", LADDER_ALIASES,                                            \
	      "taken through either of two pointers, released through the second")                               \
	SHAPE(ALIAS_INDIRECT, SHAPE_ALIAS, "pointer-to-pointer", LADDER_ALIASES,                                 \
	      "acquired through a pointer to a pointer")                                                         \
	SHAPE(ALIAS_CHOSEN, SHAPE_ALIAS, "chosen-pointer", LADDER_ALIASES,                                       \
	      "one of two locks, chosen by a flag of the request")                                               \
	SHAPE(ALIAS_RETURNED, SHAPE_ALIAS, "returned-pointer", LADDER_ALIASES,                                   \
	      "acquired through a pointer that a function returned")                                             \
	SHAPE(ALIAS_MOVING, SHAPE_ALIAS, "moving-pointer", LADDER_ALIASES,                                       \
	      "one pointer, assigned before each use")                                                           \
	SHAPE(ALIAS_MOVED, SHAPE_ALIAS, "moved-pointer", LADDER_ALIASES,                                         \
	      "one pointer, which a function moves before each use")                                             \
	SHAPE(ALIAS_MOVING_INDEX, SHAPE_ALIAS, "moving-index", LADDER_ALIASES,                                   \
	      "one index of the array, assigned before each use")                                                \
	SHAPE(ALIAS_ELEMENT, SHAPE_ALIAS, "element-pointer", LADDER_ALIASES,                                     \
	      "an array element, acquired through a pointer to the array")                                       \
	SHAPE(ALIAS_KEPT, SHAPE_ALIAS, "kept-pointer", LADDER_ALIASES,                                           \
	      "released through a pointer that a struct keeps across calls")                                     \
	SHAPE(SAVED_OWN, SHAPE_SAVED, "own", LADDER_STRAIGHT,                                                    \
	      "a KIRQL or queue handle of its own for each lock")                                                \
	SHAPE(SAVED_SHARED, SHAPE_SAVED, "shared", LADDER_STRAIGHT,                                              \
	      "one KIRQL for all locks, where that is legal")                                                    \
	SHAPE(SAVED_EXTENSION, SHAPE_SAVED, "extension", LADDER_STRAIGHT, "KIRQLs in the device extension")      \
	SHAPE(HELPER_NONE, SHAPE_HELPER, "none", LADDER_STRAIGHT, "locks are taken and released in place")       \
	SHAPE(HELPER_RELEASE, SHAPE_HELPER, "release", LADDER_HELPERS, "a function releases")                    \
	SHAPE(HELPER_ACQUIRE, SHAPE_HELPER, "acquire", LADDER_HELPERS, "a function acquires")                    \
	SHAPE(HELPER_BOTH, SHAPE_HELPER, "both", LADDER_HELPERS, "functions acquire and release")                \
	SHAPE(HELPER_CONDITIONAL, SHAPE_HELPER, "conditional", LADDER_HELPERS,                                   \
	      "a function returns whether it acquired")                                                          \
	SHAPE(HELPER_FALLIBLE, SHAPE_HELPER, "fallible", LADDER_HELPERS,                                         \
	      "a function acquires or returns a failure status")                                                 \
	SHAPE(HELPER_GUARD, SHAPE_HELPER, "guard", LADDER_HELPERS, "a macro holds the lock around a block")      \
	SHAPE(HELPER_GUARD_LEFT, SHAPE_HELPER, "guard-left", LADDER_HELPERS,                                     \
	      "the same, and a break or continue leaves it")                                                     \
	SHAPE(HELPER_DIRECTION, SHAPE_HELPER, "direction", LADDER_HELPERS,                                       \
	      "one function acquires or releases, as a BOOLEAN says")                                            \
	SHAPE(HELPER_DIRECTION_ENUM, SHAPE_HELPER, "direction-enum", LADDER_HELPERS,                             \
	      "the same, as a value of an enumeration says")                                                     \
	SHAPE(HELPER_BALANCED, SHAPE_HELPER, "balanced", LADDER_HELPERS,                                         \
	      "a function takes the lock, works, and gives it back")                                             \
	SHAPE(HELPER_RETAKEN, SHAPE_HELPER, "retaken", LADDER_HELPERS,                                           \
	      "a function gives the lock up, works, and takes it again")                                         \
	SHAPE(HELPER_ACCESSOR, SHAPE_HELPER, "accessor", LADDER_HELPERS, "functions set and get what a flag is") \
	SHAPE(HELPER_ASSERTS, SHAPE_HELPER, "asserts-held", LADDER_HELPERS,                                      \
	      "a function asserts behind each acquire that the lock is held")                                    \
	SHAPE(ARGUMENT_BY_LOCK, SHAPE_ARGUMENT, "lock", LADDER_STRAIGHT, "helpers take a pointer to the lock")   \
	SHAPE(ARGUMENT_BY_EXTENSION, SHAPE_ARGUMENT, "extension", LADDER_STRAIGHT,                               \
	      "helpers take the device extension")                                                               \
	SHAPE(ARGUMENT_BY_INDEX, SHAPE_ARGUMENT, "index", LADDER_STRAIGHT,                                       \
	      "helpers take the lock's index in its array")                                                      \
	SHAPE(CALL_STATIC, SHAPE_CALL, "static", LADDER_STRAIGHT,                                                \
	      "helpers are static functions before the routine")                                                 \
	SHAPE(CALL_INLINE, SHAPE_CALL, "inline", LADDER_STRAIGHT, "helpers are static inline")                   \
	SHAPE(CALL_AFTER, SHAPE_CALL, "after", LADDER_STRAIGHT, "helpers are defined after the routine")         \
	SHAPE(CALL_NESTED, SHAPE_CALL, "nested", LADDER_HELPERS, "helpers are two levels deep")                  \
	SHAPE(CALL_MACRO, SHAPE_CALL, "macro", LADDER_STRAIGHT, "helpers are macros")                            \
	SHAPE(CALL_POINTER, SHAPE_CALL, "pointer", LADDER_ALIASES,                                               \
	      "helpers are called through function pointers")                                                    \
	SHAPE(CALL_FILE, SHAPE_CALL, "second-file", LADDER_HELPERS, "helpers are defined in a second file")      \
	SHAPE(EXIT_RETURN, SHAPE_EXIT, "early-return", LADDER_STRAIGHT, "return wherever the sequence does")     \
	SHAPE(EXIT_GOTO, SHAPE_EXIT, "goto-cleanup", LADDER_BRANCHES, "goto a label with its own clean-up")      \
	SHAPE(EXIT_LADDER, SHAPE_EXIT, "goto-ladder", LADDER_BRANCHES,                                           \
	      "goto into shared clean-up, a label a lock")                                                       \
	SHAPE(EXIT_STATUS, SHAPE_EXIT, "single-exit", LADDER_CONDITIONS, "one return, guarded by a status")      \
	SHAPE(EXIT_ONCE, SHAPE_EXIT, "do-once", LADDER_BRANCHES, "break out of do { } while (0)")                \
	SHAPE(EXIT_UNREACHABLE, SHAPE_EXIT, "unreachable", LADDER_BRANCHES,                                      \
	      "code behind a return, never reached")                                                             \
	SHAPE(EXIT_ONCE_CONTINUE, SHAPE_EXIT, "do-once-continue", LADDER_BRANCHES,                               \
	      "continue to the end of do { } while (0)")                                                         \
	SHAPE(EXIT_HIDDEN, SHAPE_EXIT, "hidden-return", LADDER_BRANCHES, "a macro that returns")                 \
	SHAPE(EXIT_HIDDEN_GOTO, SHAPE_EXIT, "hidden-goto", LADDER_BRANCHES, "a macro that goes to clean-up")     \
	SHAPE(EXIT_RETURN_IF, SHAPE_EXIT, "return-if", LADDER_BRANCHES, "a macro that tests, and returns")       \
	SHAPE(EXIT_FINALLY, SHAPE_EXIT, "finally", LADDER_BRANCHES,                                              \
	      "__leave out of __try, with the releases in __finally")                                            \
	SHAPE(EXIT_CLEANUP, SHAPE_EXIT, "scope-cleanup", LADDER_BRANCHES,                                        \
	      "a variable whose scope ends with the release")                                                    \
	SHAPE(BRANCH_IF, SHAPE_BRANCH, "if", LADDER_STRAIGHT, "if and else")                                     \
	SHAPE(BRANCH_INVERTED, SHAPE_BRANCH, "inverted", LADDER_BRANCHES,                                        \
	      "the condition negated, the blocks exchanged")                                                     \
	SHAPE(BRANCH_CHAIN, SHAPE_BRANCH, "else-if", LADDER_BRANCHES, "else-if chains")                          \
	SHAPE(BRANCH_SWITCH, SHAPE_BRANCH, "switch", LADDER_BRANCHES, "switch, each case with its break")        \
	SHAPE(BRANCH_FALL, SHAPE_BRANCH, "fall-through", LADDER_BRANCHES,                                        \
	      "switch with a case that falls through")                                                           \
	SHAPE(BRANCH_TERNARY, SHAPE_BRANCH, "ternary", LADDER_BRANCHES, "calls chosen by ?:")                    \
	SHAPE(BRANCH_AND, SHAPE_BRANCH, "and", LADDER_BRANCHES, "nested conditions joined by &&")                \
	SHAPE(BRANCH_OR, SHAPE_BRANCH, "or", LADDER_BRANCHES, "nested conditions joined by ||")                  \
	SHAPE(BRANCH_GOTO, SHAPE_BRANCH, "goto", LADDER_BRANCHES, "goto over the block")                         \
	SHAPE(BRANCH_DEFAULT, SHAPE_BRANCH, "default-first", LADDER_BRANCHES,                                    \
	      "switch whose default stands before its case")                                                     \
	SHAPE(BRANCH_CAST, SHAPE_BRANCH, "cast", LADDER_BRANCHES, "the condition through a cast")                \
	SHAPE(BRANCH_ENUMERATOR, SHAPE_BRANCH, "enumerator", LADDER_BRANCHES,                                    \
	      "the condition compared with an enumerator")                                                       \
	SHAPE(BRANCH_NONZERO, SHAPE_BRANCH, "nonzero", LADDER_BRANCHES, "the condition compared with 0")         \
	SHAPE(BRANCH_GENERIC, SHAPE_BRANCH, "generic", LADDER_BRANCHES, "the condition chosen by _Generic")      \
	SHAPE(BRANCH_COMPUTED, SHAPE_BRANCH, "computed-goto", LADDER_BRANCHES,                                   \
	      "goto to either of two labels' addresses")                                                         \
	SHAPE(BRANCH_ASM, SHAPE_BRANCH, "asm-goto", LADDER_BRANCHES, "asm goto over the block, on an unknown")   \
	SHAPE(LOOP_WHILE, SHAPE_LOOP, "while", LADDER_STRAIGHT, "while")                                         \
	SHAPE(LOOP_FOR, SHAPE_LOOP, "for", LADDER_LOOPS, "for, with a counter")                                  \
	SHAPE(LOOP_DO, SHAPE_LOOP, "do", LADDER_LOOPS, "do-while, behind a guard")                               \
	SHAPE(LOOP_GOTO, SHAPE_LOOP, "goto", LADDER_LOOPS, "goto back")                                          \
	SHAPE(LOOP_BREAK, SHAPE_LOOP, "break", LADDER_LOOPS, "endless, left by break")                           \
	SHAPE(LOOP_CONTINUE, SHAPE_LOOP, "continue", LADDER_LOOPS, "endless, repeated by continue")              \
	SHAPE(LOOP_NESTED, SHAPE_LOOP, "nested", LADDER_LOOPS, "a loop in a loop")                               \
	SHAPE(LOOP_RETRY, SHAPE_LOOP, "retry", LADDER_CONDITIONS, "do-while on a flag that says: again")         \
	SHAPE(LOOP_RECURSION, SHAPE_LOOP, "recursion", LADDER_HELPERS,                                           \
	      "a function that calls itself at its end")                                                         \
	SHAPE(LOOP_WHILE_TRUE, SHAPE_LOOP, "while-true", LADDER_LOOPS, "while (TRUE), left by break")            \
	SHAPE(LOOP_DO_TRUE, SHAPE_LOOP, "do-true", LADDER_LOOPS, "do-while (TRUE), left by break")               \
	SHAPE(LOOP_ONCE, SHAPE_LOOP, "do-once", LADDER_LOOPS, "a round is do { } while (0), left by continue")   \
	SHAPE(FLAG_REQUEST, SHAPE_FLAG, "request-field", LADDER_STRAIGHT, "a BOOLEAN of the request")            \
	SHAPE(FLAG_LOCAL, SHAPE_FLAG, "local", LADDER_STRAIGHT, "a local copy of it")                            \
	SHAPE(FLAG_BIT, SHAPE_FLAG, "bit", LADDER_STRAIGHT, "a bit of a flags word")                             \
	SHAPE(FLAG_ENUM, SHAPE_FLAG, "enum", LADDER_STRAIGHT, "a value of an enumeration")                       \
	SHAPE(FLAG_MEMORY, SHAPE_FLAG, "memory", LADDER_STRAIGHT,                                                \
	      "a copy that the routine put into the request")                                                    \
	SHAPE(FLAG_STATUS, SHAPE_FLAG, "status", LADDER_STRAIGHT, "a status code")                               \
	SHAPE(FLAG_ARITHMETIC, SHAPE_FLAG, "arithmetic", LADDER_STRAIGHT,                                        \
	      "the parity of a number, and of its square")                                                       \
	SHAPE(FLAG_PREDICATE, SHAPE_FLAG, "predicate", LADDER_STRAIGHT, "a function that looks")                 \
	SHAPE(FLAG_RESPELLED, SHAPE_FLAG, "respelled", LADDER_STRAIGHT, "one test, spelled in two ways")         \
	SHAPE(FLAG_COUNTER, SHAPE_FLAG, "counter", LADDER_STRAIGHT,                                              \
	      "a local number that is counted up or cleared")                                                    \
	SHAPE(RESULT_IN_PLACE, SHAPE_RESULT, "in-place", LADDER_STRAIGHT,                                        \
	      "what a try or a helper returns is tested where it is called")                                     \
	SHAPE(RESULT_STORED, SHAPE_RESULT, "stored", LADDER_CONDITIONS, "kept in a variable, which is tested")   \
	SHAPE(RESULT_LATER, SHAPE_RESULT, "tested-later", LADDER_CONDITIONS,                                     \
	      "kept in a variable, and tested behind other work")                                                \
	SHAPE(RESULT_TWICE, SHAPE_RESULT, "tested-twice", LADDER_CONDITIONS,                                     \
	      "kept in a variable, and tested twice")                                                            \
	SHAPE(RESULT_NOT_NOT, SHAPE_RESULT, "negated-twice", LADDER_BRANCHES, "negated, and negated again")      \
	SHAPE(RESULT_COMPARED, SHAPE_RESULT, "compared", LADDER_BRANCHES, "compared with a constant")            \
	SHAPE(RESULT_TERNARY, SHAPE_RESULT, "ternary", LADDER_BRANCHES, "tested by ?: between constants")        \
	SHAPE(RESULT_ASSIGNED, SHAPE_RESULT, "assigned", LADDER_BRANCHES,                                        \
	      "kept in a variable by the expression that tests it")                                              \
	SHAPE(RESULT_CAST, SHAPE_RESULT, "cast", LADDER_BRANCHES, "cast to another type")                        \
	SHAPE(RESULT_ENUMERATOR, SHAPE_RESULT, "enumerator", LADDER_BRANCHES,                                    \
	      "compared with a value of an enumeration")                                                         \
	SHAPE(RESULT_BLOCK, SHAPE_RESULT, "statement-expression", LADDER_BRANCHES,                               \
	      "the value of a statement expression, as gcc and clang have it")                                   \
	SHAPE(STOP_IN_PLACE, SHAPE_STOP, "in-place", LADDER_STRAIGHT, "the call that stops the system")          \
	SHAPE(STOP_ASSERT, SHAPE_STOP, "assert", LADDER_HELPERS,                                                 \
	      "an assertion macro of the driver, which stops")                                                   \
	SHAPE(STOP_FUNCTION, SHAPE_STOP, "function", LADDER_HELPERS,                                             \
	      "a function that says that it never returns")                                                      \
	SHAPE(STOP_UNMARKED, SHAPE_STOP, "unmarked-function", LADDER_HELPERS,                                    \
	      "a function that never returns, and does not say so")                                              \
	SHAPE(STOP_TERNARY, SHAPE_STOP, "ternary", LADDER_BRANCHES, "an operand of ?:")                          \
	SHAPE(NOISE_NONE, SHAPE_NOISE, "none", LADDER_STRAIGHT, "nothing")                                       \
	SHAPE(NOISE_CALL, SHAPE_NOISE, "call", LADDER_STRAIGHT, "calls that do not matter")                      \
	SHAPE(NOISE_LOG, SHAPE_NOISE, "log", LADDER_STRAIGHT, "logging")                                         \
	SHAPE(NOISE_ASSERT, SHAPE_NOISE, "assert", LADDER_STRAIGHT, "asserts")                                   \
	SHAPE(NOISE_ALLOCATE, SHAPE_NOISE, "allocation", LADDER_STRAIGHT,                                        \
	      "memory taken and given back, where that is legal")                                                \
	SHAPE(NOISE_INITIALISE, SHAPE_NOISE, "life-cycle", LADDER_STRAIGHT, "another lock is initialised")       \
	SHAPE(NOISE_DEAD, SHAPE_NOISE, "dead-branch", LADDER_BRANCHES,                                           \
	      "a branch that is never taken, with a release in it")                                              \
	SHAPE(NOISE_STOP, SHAPE_NOISE, "bug-check", LADDER_BRANCHES, "a path on which the system stops")         \
	SHAPE(NOISE_OUTER, SHAPE_NOISE, "outer-lock", LADDER_STRAIGHT,                                           \
	      "a lock that no rule here watches, held correctly around")

enum shape_id {
#define SHAPE(id, dimension, text, step, meaning) id,
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
	const char *meaning; /* a few words */
};

const struct shape_row *shape_row(enum shape_id id);
const char *shape_dimension_name(enum shape_dimension dimension);
struct shapes shapes_default(void);
bool shape_is_default(enum shape_id id);
/* Whether locks are elements of an array. */
bool shapes_in_array(const struct shapes *shapes);
/* Whether one pointer or index, for all locks, is assigned before each use. */
bool shapes_move(const struct shapes *shapes);
/* Sets one choice from "DIMENSION=CHOICE"; false, with the choices that exist, for anything else. */
bool shapes_set(struct shapes *shapes, const char *assignment, struct diag *diag);
/* Sets choices from a list with commas between them, which may be empty. False as shapes_set. */
bool shapes_set_list(struct shapes *shapes, const char *list, struct diag *diag);
/* Prints the choices that differ from their default, "place=heap" and so on, with the separator between them;
 * returns how many those are. */
unsigned shapes_print(struct buf *out, const struct shapes *shapes, char separator);
/* Adds all of them as a JSON object: {"place":"extension",...}, in the order of the dimensions. */
void shapes_json(struct buf *out, const struct shapes *shapes);
/* The ladder step of a sequence under shapes. */
enum ladder shape_ladder(const struct seq *seq, const struct rule *rule, const struct shapes *shapes);

#endif
