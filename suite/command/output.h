/* Where gen writes: a directory, a tar file, or a tar stream on standard output.
 *
 * Directory and tar file are made under another name beside the one asked for and take its name when they
 * are complete, so that an error leaves nothing half-written; what an earlier gen made is replaced,
 * anything else is refused. What the outside world refuses ends the process, with status 2, when what was
 * made is removed.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "buf.h"

struct output {
	const char *path;
	char *partial;   /* what is made; NULL for standard output. Owned */
	char *inside;    /* a directory that is there, into which what was made moves; or NULL. Owned */
	FILE *tar;       /* NULL for a directory */
	struct buf last; /* of a tar: the file that is added to, since a file's length stands before its bytes */
};

/* Whether gen may write there: nothing is there, or nothing but what an earlier gen made; ends the process
 * where it may not. */
void output_check(const char *path);
/* Makes missing parents, and the directory with its directories below, which a NULL ends. */
void output_begin(struct output *output, const char *path, const char *const *directories);
/* A directory, by its path below the top. */
void output_directory(struct output *output, const char *name);
/* A file, by its path below the top. */
void output_put(struct output *output, const char *name, const void *bytes, size_t length);
/* Adds to the one file that grows. */
void output_append(struct output *output, const char *name, const void *bytes, size_t length);
/* Ends the file `name` that grew, and gives the result its name. */
void output_end(struct output *output, const char *name);
/* Removes what was made. */
void output_drop(struct output *output);

#endif
