/* headers: the headers of a world, and files of the adapter's own, as files that all processes of a run
 * include, and that none may change.
 */
#ifndef HEADERS_H
#define HEADERS_H

#include <stdbool.h>

#include "adapter.h"
#include "answer.h"
#include "diag.h"
#include "world.h"

struct headers {
	char *directory;       /* owned */
	char looks[HASH_TEXT]; /* hash of names, sizes, times and numbers of all files below */
};

/* Makes the directory and writes them. False with the message. */
bool headers_write(struct headers *headers, const struct adapter *adapter, const char *directory,
                   struct diag *diag);
/* Whether they look as they were written; costs a look at each file, not its reading. */
bool headers_are_whole(const struct headers *headers);
void headers_free(struct headers *headers);

/* Hash of what a world puts around a case's text, as it stands in the data files: with the text, all that a
 * checker reads. */
void headers_world_hash(const struct world *world, char hash[HASH_TEXT]);

#endif
