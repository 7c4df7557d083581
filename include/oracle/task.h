/* A case as a task of software verification in the conventions of SV-COMP: its text, and the definition that
 * says what holds of it.
 *
 * The text is that of the model world, with a reach_error that has a body. Every unknown is one call of
 * __VERIFIER_nondet_int.
 */
#ifndef TASK_H
#define TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "case.h"
#include "diag.h"
#include "text.h"

/* What a task may be asked: TASK_PROPERTY(id, file, what is written in it). */
#define TASK_PROPERTIES(PROPERTY)                                                                     \
	PROPERTY(PROPERTY_UNREACH, "unreach-call", "CHECK( init(main()), LTL(G ! call(reach_error())) )") \
	PROPERTY(PROPERTY_LOCKS, "no-lock-violation", "CHECK( init(main()), LTL(G no-lock-violation) )")  \
	PROPERTY(PROPERTY_DEADLOCK, "no-self-deadlock", "CHECK( init(main()), LTL(G no-self-deadlock) )")

enum task_property {
#define PROPERTY(id, name, text) id,
	TASK_PROPERTIES(PROPERTY)
#undef PROPERTY
		TASK_PROPERTY_COUNT
};

enum task_model { TASK_ILP32, TASK_LP64, TASK_MODELS };

enum { TASK_NAME = 64 };

/* The text of a task. */
struct task {
	char name[TASK_NAME]; /* of its file: "000000012.c" */
	struct buf text;      /* owned */
	struct text_span span;
	uint32_t end_line; /* of the routine's closing brace */
	struct prog prog;  /* what was printed, with the lines of its nodes */
};

const char *task_property_name(enum task_property property);
/* The one line of its file. */
const char *task_property_text(enum task_property property);
const char *task_model_name(enum task_model model);
bool task_find_model(const char *name, enum task_model *model);

/* Prints the text of a case whose rule, role, sequence and shapes are set. The program lives in the arena.
 * Call task_free in every case. */
bool task_make(struct task *task, struct arena *arena, const struct suite_case *of, const char *name,
               struct diag *diag);
void task_free(struct task *task);
/* A line of a body, as its nodes and findings have it, as one of the task's file. */
uint32_t task_line(const struct task *task, uint32_t line);
/* The line on which a task's text begins to differ from what comes before every one: that of its table. */
uint32_t task_head(size_t *length);

/* Whether the property holds of a case that is judged. */
bool task_holds(const struct suite_case *of, enum task_property property);
/* The definition: properties with what is expected, and what the case is. `twin` may be NULL. */
void task_print(struct buf *out, const struct suite_case *of, const char *name, enum task_model model,
                const struct suite_case *twin);

/* What a definition says. */
struct task_said {
	const char *input_file;
	enum task_model model;
	bool asked[TASK_PROPERTY_COUNT], holds[TASK_PROPERTY_COUNT];
	struct suite_case of; /* rule, role, sequence, shapes and id */
	struct rule rule;
};

/* Reads a definition that task_print made. All lives in the arena. False with the place of what is wrong, or
 * where the id is not that of the rest. */
bool task_read(struct task_said *said, struct arena *arena, const char *name, const char *text, size_t length,
               struct diag *diag);

#endif
