/* dvl: logs of Static Driver Verifier, SDV.DVL.xml, as answers.
 *
 * A log is about one driver, which is that of the directory or file that the log is named after, and the
 * driver must be of one case. SDV gives a verdict a rule: the rule that is called as the case's own counts,
 * in any case of letters; others do where a meaning names them, and are else counted and left out.
 *
 * Microsoft publishes no schema of these logs, so what is read is a list of elements and attributes; anything
 * else is refused with its line and column, and never passed over.
 */
#ifndef DVL_H
#define DVL_H

#include <stdbool.h>
#include <stddef.h>

#include "import.h"

enum { DVL_BYTES = 16 << 20 }; /* of one log */

/* Reads one log; `name` is that of its file; what meanings match is marked. False with the place. */
bool dvl_read(struct import *import, const char *name, const char *text, size_t length,
              struct import_meaning *meaning, unsigned meanings, struct diag *diag);

#endif
