/* How a program is kept from the rest of the machine. */
#ifndef CONTAINMENT_H
#define CONTAINMENT_H

#include <stdbool.h>

#include "buf.h"
#include "diag.h"

enum containment {
	CONTAIN_NOT,
	CONTAIN_BUBBLEWRAP, /* no network, no other process, all read-only but its directory, its own /tmp */
};

/* Whether bubblewrap is here and works, which some kernels forbid; `version` (may be NULL) gets its name and
 * version. */
bool containment_works(struct buf *version, struct diag *diag);

#endif
