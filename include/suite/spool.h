/* A spool: the cases of a level that streams, in a file without a name, so that each checker can be asked
 * about them without their being made once more, or kept in memory.
 *
 * Of a case it keeps what a checker is asked with, and what names it: rule, role, sequence, shapes, number,
 * twin and id. The rest of it, verdicts too, is all zero when it comes back.
 */
#ifndef SPOOL_H
#define SPOOL_H

#include <stdbool.h>

#include "case.h"
#include "diag.h"

struct spool;

/* Makes an empty one below TMPDIR, or /tmp, of cases of these rules, which outlive it. NULL with the
 * message. */
struct spool *spool_open(const struct rule *const *rules, unsigned count, struct diag *diag);
/* Adds cases behind the others. False with the message, as where the disk is full. */
bool spool_add(struct spool *spool, const struct suite_case *cases, unsigned count, struct diag *diag);
/* Goes to the first case. False with the message. */
bool spool_rewind(struct spool *spool, struct diag *diag);
/* The next case, behind spool_rewind, which lives until the one behind it is read; *of is NULL behind the
 * last. False with the message. */
bool spool_next(struct spool *spool, const struct suite_case **of, struct diag *diag);
void spool_free(struct spool *spool);

#endif
