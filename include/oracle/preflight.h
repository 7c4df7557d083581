/* What must be right with the machine before a long run. */
#ifndef PREFLIGHT_H
#define PREFLIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "diag.h"

/* Whether `null` ("/dev/null") is a character device, and each of the directories (ended by NULL) can be
 * written and has `bytes` free. False with the message. */
bool preflight_check(const char *null, const char *const *directories, uint64_t bytes, struct diag *diag);
/* Whether `proc` ("/proc") tells of this process: what a checker leaves running is found there. False with
 * the message. */
bool preflight_proc(const char *proc, struct diag *diag);

#endif
