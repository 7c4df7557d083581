/* present: cases as text for people, on stdout: what they are made of, their C text with the findings under
 * carets, the path to each finding; and twins side by side. Lines are numbered as in the file of a world, or
 * as a manifest says. */
#ifndef PRESENT_H
#define PRESENT_H

#include <stdbool.h>

#include "arena.h"
#include "case.h"
#include "diag.h"
#include "source.h"
#include "world.h"

/* Case, file, twin, rule, sequence, shapes, step, verdicts. */
void present_head(const struct source *source);
/* Its file's name, where one is known: "standard: cases/000000123.c". */
void present_places(struct buf *out, const struct source *source, unsigned half);
/* Text, findings and paths, numbered as in the world's file. False where a template is broken. */
bool present_text(struct source *source, const struct world *world, struct diag *diag);
/* The text alone, with the findings or without. */
bool present_code(struct source *source, const struct world *world, bool with_findings, struct diag *diag);
/* The whole file, and the second one. */
bool present_file(const struct source *source, const struct world *world, struct diag *diag);
/* Correct and violating twin side by side; lines are cut to PAGE_WIDTH unless `wide`. */
bool present_twins(struct source *source, const struct world *world, bool wide, struct diag *diag);
/* From the correct twin to the violating one: the lines that differ, with some around them. */
bool present_diff(struct source *source, const struct world *world, struct diag *diag);

#endif
