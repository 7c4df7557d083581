/* keep: a directory that keeps what checkers were given and what they said, for whoever wants to look.
 *
 * One process writes it: names in it are given one after the other, so that what ran at once is never one
 * file. What a file holds is told by README in the directory (keep.c), and written by run_keep.c.
 */
#ifndef KEEP_H
#define KEEP_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "diag.h"

enum { KEEP_MOST = 1 << 20 }; /* bytes that are kept of what a process wrote on one stream */

struct keep {
	char *directory;          /* owned */
	char *checker;            /* directory of the checker at hand; owned; NULL before the first */
	unsigned long long packs; /* number of its last pack */
};

/* Makes the directory, or takes one that is empty; with `resume` also one that has been kept to. Refuses what
 * else is there. False with the message. Call keep_free in every case. */
bool keep_open(struct keep *keep, const char *directory, bool resume, struct diag *diag);
/* What is kept from here on is of this checker; its packs are numbered on. False with the message. */
bool keep_checker(struct keep *keep, const char *name, struct diag *diag);
/* Makes a directory below the checker's, with those above it; one that is there is fine. False with the
 * message. */
bool keep_directory(const struct keep *keep, const char *name, struct diag *diag);
/* Writes a file below the checker's directory: all of it, or the first `most` bytes. False with the message.
 */
bool keep_file(const struct keep *keep, const char *name, const struct buf *bytes, size_t most,
               struct diag *diag);
/* Makes a link below the checker's directory that leads to `target`. False with the message. */
bool keep_link(const struct keep *keep, const char *name, const char *target, struct diag *diag);
/* Whether such a name is there below the checker's directory. */
bool keep_has(const struct keep *keep, const char *name);
void keep_free(struct keep *keep);

#endif
