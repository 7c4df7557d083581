/* message: what a checker said of one case, in its own words, as a text of bounded length that can be shown.
 *
 * Lines with newlines between them, none behind the last, in UTF-8; what is none is '?', and so is a control
 * character that is no tab. A message has MESSAGE_MOST bytes at the most: what is longer is cut between two
 * characters, and says so: it ends, or begins where its end is kept, with MESSAGE_CUT.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"

enum { MESSAGE_MOST = 512, MESSAGE_PATHS = 4 };

#define MESSAGE_CUT "[cut]"

/* What stands for paths that are of no use to a reader: those of a run's own directory. */
struct message_path {
	const char *path; /* "": none */
	const char *name;
};

/* Zeroed: empty. */
struct message {
	char *bytes; /* in the arena */
	size_t length, room;
	bool cut; /* nothing more is taken */
};

/* Adds text behind what is there, as a line or several of its own. Blank text adds nothing. `path` has
 * MESSAGE_PATHS rows of which the first that fits counts, or is NULL. */
void message_add(struct message *message, struct arena *arena, const char *text, size_t length,
                 const struct message_path *path);
/* The whole message; NULL where it is empty. */
const char *message_text(const struct message *message, struct arena *arena);
/* A message of the end of a long text, where what is wrong stands last. NULL where it is blank. */
const char *message_end(struct arena *arena, const char *text, size_t length,
                        const struct message_path *path);

#endif
