/* The files of driver projects: which there are, as templates. See project.h. */
#ifndef PROJECT_FILE_H
#define PROJECT_FILE_H

#include <stdbool.h>

#include "arena.h"
#include "diag.h"
#include "template.h"

#define PROJECT_DIRECTORY "projects"
#define PROJECT_TEXT "driver_snippet.c"
#define PROJECT_HELPERS "driver_snippet-helpers.c"

enum { PROJECT_FILES = 16 };

/* Reads the templates of a dialect into file[PROJECT_FILES], and tells how many there are. False with the
 * place of what is wrong in one. */
bool project_file_read(struct template *file, unsigned *count, struct arena *arena, const char *dialect,
                       struct diag *diag);
/* A file for each driver; else one for all of them. */
bool project_file_is_of_driver(const struct template *file);
/* Whether gen writes a file of that name for a driver, or for all of them. */
bool project_file_is_known(const char *name, bool of_driver);

#endif
