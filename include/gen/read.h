/* Reading a sequence: its text form (seq.h), and a check of the paths through it. */
#ifndef READ_H
#define READ_H

#include "seq.h"

/* seq_parse, then seq_check. */
bool seq_read(struct seq *seq, struct arena *arena, const struct rule *rule, unsigned role, const char *name,
              const char *text, size_t length, struct diag *diag);

/* Refuses, on any feasible path (flags keep their value; events go on behind a violation):
 * a queue handle that is in use taken for another lock; a release through a handle that spells another lock
 * than the handle holds. */
bool seq_check(const struct seq *seq, const struct rule *rule, unsigned role, const char *name,
               const char *text, size_t length, struct diag *diag);

#endif
