/* Driver projects: what gen writes in a world of projects, beside texts and manifest.
 *
 * projects/NNNNNNNNN/ is one driver: driver_snippet.c with the cases of a pack, named by the first of them,
 * and the files that templates/DIALECT/project/ lists for a driver; projects/ holds what that lists for all
 * of them together. The same cases give the same bytes; a driver's GUID follows from its cases' ids.
 */
#ifndef PROJECT_H
#define PROJECT_H

#include <stdbool.h>

#include "arena.h"
#include "buf.h"
#include "case.h"
#include "diag.h"
#include "output.h"
#include "project_file.h"
#include "world.h"

enum { PROJECT_NAME = 16, PROJECT_GUID = 37 };

/* One driver. */
struct project {
	char name[PROJECT_NAME]; /* "000000012" */
	char guid[PROJECT_GUID];
	const char *model;
	unsigned count; /* cases */
	bool helpers;   /* it has a second file */
	bool packed;    /* its cases' names end in _0, _1, ... */
};

struct projects {
	struct arena arena;
	struct template file[PROJECT_FILES]; /* what is written for a driver, and for all */
	unsigned files, count, room;
	struct project *project; /* so far; in the arena */
};

/* Reads the templates of the world's dialect. False with the place of what is wrong in one. */
bool projects_begin(struct projects *projects, const struct world *world, struct diag *diag);
/* Writes the files of one driver beside its texts, in a directory that is there. `registrations` is what its
 * cases' templates gave. */
bool projects_add(struct projects *projects, struct output *output, const struct project *project,
                  const struct buf *registrations, struct diag *diag);
/* Writes the files of all drivers together. */
bool projects_end(struct projects *projects, struct output *output, struct diag *diag);
void projects_free(struct projects *projects);

/* What follows from a driver's cases: its name, GUID and model. */
void project_name(struct project *project, const struct suite_case *const *cases, unsigned count);

#endif
