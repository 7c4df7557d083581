/* Directories as trees of files. */
#ifndef TREE_H
#define TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "diag.h"

/* Removes a file or a directory with all below it, however deep and whatever its modes; does not follow
 * links. A missing one is fine. False with errno. */
bool tree_remove(const char *path);
/* Removes all below a directory, which stays; not where a link leads. False with errno. */
bool tree_empty(const char *path);
/* Makes what is there an empty directory that is ours alone; one that is, is kept. False with errno. */
bool tree_fresh(const char *path);
/* Whether it is such a directory, empty or not. */
bool tree_is_ours(const char *path);
/* Writes a whole file. False with errno; what was written of it is then removed. */
bool tree_write(const char *path, const void *bytes, size_t length);
/* Makes a directory of our own below TMPDIR, or /tmp; the caller frees its path. NULL with the message. */
char *tree_temporary(struct diag *diag);

#endif
