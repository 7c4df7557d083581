/* The manifest: one JSON object a case, as it stands in manifest.jsonl. */
#ifndef MANIFEST_H
#define MANIFEST_H

#include <stdbool.h>

#include "arena.h"
#include "buf.h"
#include "case.h"
#include "diag.h"
#include "text.h"

/* The files of a case, relative to the manifest. */
struct manifest_files {
	const char *file, *helpers_file; /* the latter for a body whose second part stands in a file of its own */
	const char *unsupported;         /* the shape that its world lacks, or NULL */
};

/* Adds the line of one case, with its newline. `span` tells where in its files the body stands, so that lines
 * are those of the files: a finding's `line` is of the helpers' file where `in_helpers` is true, its `lines`
 * are always of `file`. `twin` is NULL for a case without one. */
void manifest_print(struct buf *out, const struct suite_case *of, const struct manifest_files *files,
                    const struct text_span *span, const struct suite_case *twin);

/* What finding a case again in its files needs of a manifest's line. */
struct manifest_place {
	const char *id, *text_hash;
	const char *file, *helpers_file; /* the latter NULL where the second part, if any, stands in `file` */
	const char *unsupported;         /* NULL: its world can compile it */
	struct text_span span;
};

/* Reads one line, of `length` bytes, `number` (from 1) of the manifest `name`; strings live in the arena.
 * False with the place. A body has at least one line and fewer than LINE_SECOND, and a second file holds
 * lines of it. */
bool manifest_read(struct manifest_place *place, struct arena *arena, const char *name, unsigned number,
                   const char *text, size_t length, struct diag *diag);

#endif
