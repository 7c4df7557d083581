/* named: cases that a user names by --case, found before their level is made, so that no more of it is made
 * than they are.
 */
#ifndef NAMED_H
#define NAMED_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "diag.h"
#include "filters.h"
#include "hash.h"
#include "level.h"
#include "option.h"

/* Zeroed: none. */
struct named {
	unsigned count;
	char id[OPTION_LIST_MOST][HASH_TEXT];
	uint32_t number[OPTION_LIST_MOST];
	const char *level; /* that they are of */
	struct arena arena;
};

/* Makes the filter as filters_make does; its cases are found first, each of which is an id, its beginning, or
 * the name of a file, as lockdrill show takes them, and the filter then has their whole ids, which are owned
 * here. `level` NULL: wherever they are, but all in one level. False with the message, as source_find. Call
 * named_free when the filter is no longer used, in every case. */
bool named_filter(struct named *named, const struct filters *filters, const char *level,
                  struct filter *filter, struct buf *dispute, struct diag *diag);
/* Says to the level, behind level_open, that nothing else is wanted of it; of none, nothing. */
void named_only(const struct named *named, struct level *level);
void named_free(struct named *named);

#endif
