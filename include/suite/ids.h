/* ids: which pair of a dealt level has a case of some id.
 *
 * An id is a hash, and says nothing of the place: whoever has only an id must go through the level once. So
 * what was found is kept in a file, IDS_BYTES a pair, and later look-ups read a few of its words. The file
 * may be removed at any time.
 */
#ifndef IDS_H
#define IDS_H

#include <stdbool.h>

#include "diag.h"
#include "level.h"

enum { IDS_BYTES = 16 };

/* Finds, behind level_open of a dealt level, pairs that may have a case whose id begins so: at most `most` of
 * them, *count in all. `directory` is where the file is or will be (NULL: nowhere, and the level is gone
 * through); `jobs` processes make it. False where a pair cannot be dealt; a file that cannot be written or
 * read is none. */
bool ids_find(struct level *level, const char *directory, unsigned jobs, const char *beginning,
              unsigned long *pair, unsigned *count, unsigned most, struct diag *diag);
/* Whether the file is there already, so that ids_find is fast. */
bool ids_are_kept(struct level *level, const char *directory, struct diag *diag);

#endif
