/* The manifest: one JSON object a case, as it stands in manifest.jsonl. */
#ifndef MANIFEST_H
#define MANIFEST_H

#include "buf.h"
#include "case.h"
#include "text.h"

/* Adds the line of one case, with its newline. `file`, and `helpers_file` for a body whose second part stands in a file of
 * its own (else NULL), are relative to the manifest; `span` tells where in them the body stands, so that lines are those
 * of the files: a finding's `line` is of the helpers' file where `in_helpers` is true, its `lines` are always of `file`.
 * `twin` is NULL for a case without one. */
void manifest_print(struct buf *out, const struct suite_case *of, const char *file, const char *helpers_file,
                    const struct text_span *span, const struct suite_case *twin);

#endif
