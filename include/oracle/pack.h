/* A pack: cases that a process is given together, and the files that it finds them in.
 *
 * DIRECTORY/pack.c, DIRECTORY/helpers.c where one of the cases has helpers in a second file, and
 * DIRECTORY/spans; the process runs in DIRECTORY/work, which is its HOME and TMPDIR too. A directory serves
 * one pack after the other, for removing one may cost more than all else: when a pack is written nothing of
 * the one before is left in it.
 */
#ifndef PACK_H
#define PACK_H

#include <stdbool.h>

#include "arena.h"
#include "buf.h"
#include "case.h"
#include "diag.h"
#include "text.h"
#include "world.h"

enum pack_file { PACK_TEXT, PACK_HELPERS, PACK_SPANS, PACK_FILES };

/* Copies of cases, for packs that have them in common; they go with the last of these. */
struct pack_copies {
	unsigned packs;
	struct arena arena;
};

struct pack {
	struct pack *next; /* of those that wait */
	unsigned place;    /* number of its directory */
	const struct suite_case *
		*cases; /* `count`, in the order of the files; a canary behind them is not among them */
	unsigned count, room;
	struct pack_copies *copies; /* NULL: the cases are others', and outlive the pack */
	bool are_canaries;          /* the cases are canaries: their answers are looked at and not stored */
	bool tainted;  /* what it reads was changed by another process: its answers are thrown away */
	bool retried;  /* a worker broke on its case, and another was started */
	unsigned step; /* of the adapter */
	unsigned long long kept,
		from;            /* numbers of it, and of the pack that it was tried in before, where they are kept;
	                         0: none */
	const char *blocked; /* what kept a step from its program: why it is not here; NULL: nothing */
	char *directory, *work, *path[PACK_FILES]; /* NULL until it is written */
	struct buf bytes[PACK_FILES];              /* of the files as they were written; empty: not written */
	struct text_span *span; /* one a case, and the canary's behind them where there is one */
	unsigned spans;         /* of them */
	bool two_files;
	double seconds, cpu; /* of the steps so far */
	uint64_t memory;     /* the most of them, in bytes */
	unsigned strays;     /* findings of no case in what was said of it */
	const char *stray;   /* what was said there first, in the arena; NULL: nothing is known of it */
	struct arena arena;  /* of this try */
};

/* A part of another pack's cases, from that index on, without files. Free with pack_free, which leaves the
 * files. */
struct pack *pack_part(const struct pack *of, unsigned first, unsigned count);
void pack_free(struct pack *pack);

/* Cuts cases into packs of at most `size` that may share a file in the world, in the order of the cases;
 * returns the first of a list. */
struct pack *pack_cut(const struct world *world, const struct suite_case *const *cases, unsigned count,
                      unsigned size);

/* Cuts cases that come one by one. All zero but for the first four: none has come. */
struct pack_cutter {
	const struct world *world;
	unsigned most; /* cases of a pack */
	unsigned size; /* with which one is full; may change, up to `most` */
	bool copies;   /* the cases come and go: packs have copies, with what a checker is asked with */
	struct pack *open;
};

/* Takes a case; the pack that is full with it, or NULL. The pack is the caller's. */
struct pack *pack_cutter_add(struct pack_cutter *cutter, const struct suite_case *of);
/* The packs that are not full, in the order in which they were begun; they are the caller's. */
struct pack *pack_cutter_end(struct pack_cutter *cutter);

/* What pack_write needs beside the pack. */
struct pack_form {
	const struct world *world;
	unsigned reading;          /* that the model world judges */
	bool alone;                /* one case, names without suffix, and no canary */
	unsigned long long number; /* of this pack in its run; in the names of files of a case that is alone */
	/* Stands behind the cases. NULL where `alone`, and for one case whose process is complete without it. */
	const struct suite_case *canary;
	/* NULL, or changes the text before it is written. */
	void (*tamper)(void *context, struct buf *text);
	void *context;
};

/* Makes or empties the directory, and writes the files; also once more. False with the message. */
bool pack_write(struct pack *pack, const char *directory, const struct pack_form *form, struct diag *diag);
/* Whether the files are still those that were written. */
bool pack_is_whole(const struct pack *pack);

#endif
