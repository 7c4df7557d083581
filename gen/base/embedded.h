/* The table that the build writes: every data file as bytes. See gen/base/embed.c and gen/base/data.c. */
#ifndef EMBEDDED_H
#define EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *name;
	const unsigned char *bytes; /* `length` bytes and a NUL */
	size_t length;
};

extern const struct embedded_file embedded_files[]; /* sorted by name */
extern const size_t embedded_count;

#endif
