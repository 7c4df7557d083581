/* text: cases as C files.
 *
 * A file is prologue, bodies, epilogue. A body's bytes are the same in all worlds; in a pack its file-scope names
 * end in _0, _1, ... so that they are kept apart. Lines of findings count from the body's first line.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "case.h"
#include "diag.h"

/* The headers, prologue and epilogue in which a body is compiled. */
struct world {
	const char *name;    /* "plain", "sparse", "thread-safety", "pthread", "model", "native" */
	const char *summary;
	const char *headers; /* data prefix of its own headers, "world/sparse/"; "" where a file is self-contained */
	bool harness;        /* each body is followed by a function that runs it */
};

/* NULL when there is none of that name. */
const struct world *world_find(const char *name);
/* All worlds, ended by a NULL name. */
const struct world *world_list(void);
/* Writes the headers of a world into a directory that exists. False with errno set. */
bool world_write_headers(const struct world *world, const char *directory);

/* Where a body stands in a file. */
struct text_span {
	uint32_t first; /* line of the file, from 1, on which the body begins */
	uint32_t lines; /* of the body and of what follows it for the same case (its harness) */
};

/* Prints one file with `count` cases of one driver model (rules may differ unless the world is "model"). With
 * `packed` names carry the suffix of their place in `cases`, else count is 1. `reading` selects what the model world judges
 * (ignored elsewhere; RULE_READINGS for each rule's headline). Fills span[count]. False where a template is broken. */
bool text_file(struct buf *out, const struct world *world, const struct suite_case *const *cases,
               unsigned count, bool packed, unsigned reading, struct text_span *span,
               struct diag *diag);

#endif
