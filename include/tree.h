/* Directories as trees of files. */
#ifndef TREE_H
#define TREE_H

#include <stdbool.h>
#include <stddef.h>

/* Removes a file or a directory with all below it; does not follow links. A missing one is fine. False with errno. */
bool tree_remove(const char *path);
/* Writes a whole file. False with errno; what was written of it is then removed. */
bool tree_write(const char *path, const void *bytes, size_t length);

#endif
