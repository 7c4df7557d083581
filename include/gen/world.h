/* Worlds: the headers, prologue and epilogue in which a body is compiled. A world is a row of
 * templates/DIALECT/dialect.yaml and a directory below include/world/DIALECT/. */
#ifndef WORLD_H
#define WORLD_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "buf.h"
#include "diag.h"
#include "rule.h"
#include "shapes.h"

#define WORLD_DIALECT "windows" /* of worlds that are named where no rule is at hand */

enum { WORLD_LACKS = 8 };

/* What stands behind the last body of a self-contained file. */
enum world_end {
	WORLD_ENDS_WITH_NOTHING,
	WORLD_ENDS_WITH_MAIN,      /* main runs the harness; of a pack: a table of such functions */
	WORLD_ENDS_WITH_HARNESSES, /* a table of the harnesses */
};

struct world {
	const char *dialect; /* "windows" */
	const char
		*name; /* "plain", "sparse", "thread-safety", "pthread", "model", "native", "windows-project" */
	const char *summary;
	bool self_contained; /* headers are pasted into the file, which includes nothing */
	bool harness;        /* each body is followed by a function that runs it */
	bool annotated;      /* what helpers say of locks stands behind their parameters, which it may name */
	bool table;          /* the file begins with a reading's table, which it judges: it holds one rule */
	bool sequences;         /* its files are models of sequences in Promela, and not C */
	enum world_end end;
	bool project;                    /* its files are parts of driver projects; headers are not ours */
	const char *prologue, *epilogue; /* text before the first include and behind the last body, or NULL */
	const char *lack[WORLD_LACKS];   /* shapes that its compiler does not know: "exit=finally" */
	unsigned lacks;
};

/* NULL, with all names in the message, when the dialect has none of that name. */
const struct world *world_find(const char *dialect, const char *name, struct diag *diag);
/* All worlds of a dialect, ended by a NULL name; NULL, with the message, where its file is broken. They live
 * as long as the process. */
const struct world *world_list(const char *dialect, struct diag *diag);
/* The first of the shapes that the world lacks, "exit=finally", or NULL. */
const char *world_lacks(const struct world *world, const struct shapes *shapes);
/* Names of a world's headers as data files, sorted: those of its dialect's common directory and its own.
 * Returns their number. */
size_t world_headers(const struct world *world, struct arena *arena, const char ***names);
/* Whether a header of the world has this word. */
bool world_declares(const struct world *world, const char *word);
/* Writes the headers of a world into a directory that exists. False with errno set. */
bool world_write_headers(const struct world *world, const char *directory);

/* What stands before the first body: `header` is what the role's template includes. The model world judges
 * `reading`. */
bool world_prologue(struct buf *out, const struct world *world, const struct rule *rule, unsigned reading,
                    const char *header, struct diag *diag);
/* What stands behind the last of `count` bodies: nothing, a main, or a table of functions. */
void world_epilogue(struct buf *out, const struct world *world, unsigned count, bool packed);

#endif
