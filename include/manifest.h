/* The manifest: one JSON object a case, as it stands in manifest.jsonl. */
#ifndef MANIFEST_H
#define MANIFEST_H

#include "buf.h"
#include "case.h"

/* Adds the line of one case, with its newline. `file` is relative to the manifest; `offset` is added to each line of a
 * finding: the lines of the file above the body's first. `twin` is NULL for a case without one. */
void manifest_print(struct buf *out, const struct suite_case *of, const char *file, uint32_t offset,
                    const struct suite_case *twin);

#endif
