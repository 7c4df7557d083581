/* Tasks of software verification: what gen writes with --tasks, beside texts and manifest.
 *
 * cases/NNNNNNNNN.c is a task's text, NNNNNNNNN.yml its definition, NNNNNNNNN.PROPERTY.witness.yml evidence
 * for what the definition expects. properties/ holds what is asked, sets/ the definitions by rule and by
 * ladder step; the rest of the folder is what a set of tasks has by SV-COMP's custom.
 */
#ifndef TASKS_H
#define TASKS_H

#include <stdbool.h>

#include "arena.h"
#include "buf.h"
#include "case.h"
#include "diag.h"
#include "output.h"
#include "rule.h"
#include "shapes.h"
#include "task.h"
#include "tasks_file.h"
#include "walk.h"

enum { TASKS_RULES = 64 };

struct tasks {
	enum task_model model;
	struct walk walk;
	struct arena arena;
	struct buf text;
	unsigned rules;
	const struct rule *rule[TASKS_RULES]; /* not owned */
	struct buf rule_set[TASKS_RULES], ladder_set[LADDER_COUNT];
	unsigned long unwitnessed; /* correct ones of whose locks there is nothing to say */
};

/* Directories of a folder of tasks, ended by NULL. */
extern const char *const tasks_directories[];

/* Writes the files of one case, and tells where its body stands. */
bool tasks_add(struct tasks *tasks, struct output *output, const struct suite_case *of,
               const struct suite_case *twin, struct text_span *span, struct diag *diag);
/* Writes what is one for all of them. */
void tasks_end(struct tasks *tasks, struct output *output);
void tasks_free(struct tasks *tasks);

#endif
