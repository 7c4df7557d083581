/* corpus: cases in a text file, one a line, without their verdicts.
 *
 *   RULE <tab> ROLE <tab> SEQUENCE [<tab> DIMENSION=CHOICE,...]
 *
 * Dimensions that are not named have their default. Empty lines and lines that begin with # are skipped.
 */
#ifndef CORPUS_H
#define CORPUS_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "buf.h"
#include "bytes.h"
#include "diag.h"

struct corpus {
	struct bytes_case *of; /* `count` of them, in the arena */
	unsigned count;
};

/* Reads a whole file; its rules are among `rules`. Refuses what seq_parse and shapes_set refuse, and shapes
 * that do not apply. */
bool corpus_parse(struct corpus *corpus, struct arena *arena, const struct bytes_rules *rules,
                  const char *name, const char *text, size_t length, struct diag *diag);

/* One line with its newline. */
void corpus_print(struct buf *out, const struct bytes_case *of);

#endif
