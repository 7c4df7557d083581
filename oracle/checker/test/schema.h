/* JSON Schema, draft 2020-12, as far as the project's own schemas go: for tests that hold what we print, and
 * what we refuse, against what we publish.
 *
 * A keyword that is not understood is refused when the schema is read, so that no schema says more than is
 * checked.
 */
#ifndef SCHEMA_H
#define SCHEMA_H

#include <stdbool.h>

#include <jansson.h>

#include "buf.h"
#include "diag.h"

struct schema {
	json_t *root; /* owned */
};

/* Reads a schema. False with the message: no such file, not JSON, a keyword, pattern or $ref that is not
 * understood (its place is in the message, as a JSON pointer). */
bool schema_load(struct schema *schema, const char *path, struct diag *diag);
/* The same of text; `name` is for messages. */
bool schema_parse(struct schema *schema, const char *name, const char *text, size_t length,
                  struct diag *diag);
void schema_free(struct schema *schema);

/* Whether a value keeps to the schema at `where`: "#" for all of it, "#/$defs/NAME" for a part. Where it does
 * not, and `why` is not NULL, adds a line with the place in the value and the keyword that it breaks. */
bool schema_valid(const struct schema *schema, const char *where, const json_t *value, struct buf *why);

#endif
