/* The data files that are compiled into the binary, and the directory that replaces or adds to them.
 *
 * Names are paths without a leading slash: "rules/SpinlockRelease.yaml", "templates/windows/wdm-dispatch.c",
 * "world/windows/plain/ntddk.h", "adapters/sparse.yaml", "levels/standard.yaml".
 */
#ifndef DATA_H
#define DATA_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"

struct data_file {
	const char *name;  /* as above */
	const char *where; /* what a message calls it: a real path, or "<built in>/" and the name */
	const char *bytes; /* `length` bytes and a NUL; not owned */
	size_t length;
};

/* Puts a directory in front of what is built in (option --data, or LOCKDRILL_PATH: directories with
 * colons between them). False, with errno set, when it cannot be read. */
bool data_add_directory(const char *path);
/* Finds one file; the bytes live as long as the arena. False when there is none, or, with errno set, when it
 * cannot be read. */
bool data_find(struct arena *arena, const char *name, struct data_file *file);
/* The compiled-in file of that name, whatever directories say. */
bool data_built_in(const char *name, struct data_file *file);
/* Names of all files below `prefix` ("rules/"), sorted by strcmp, each once; returns their number. */
size_t data_list(struct arena *arena, const char *prefix, const char ***names);

#endif
