/* The store: an experiment's SQLite database: what was asked, of whom, and what was answered. Schema version 1.
 *
 * The whole manifest of a level is stored before a run begins, so that a score is taken over what was asked. Lines are those of
 * bodies, as LINE_SECOND says.
 */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "adapter.h"
#include "answer.h"
#include "case.h"
#include "diag.h"
#include "level.h"

enum { STORE_VERSION = 1 };

struct store; /* an open database */

/* Opens or makes a database. NULL with a message that names the path: not a database, another schema version, no such
 * directory, read-only. With `only_read` it must exist. */
struct store *store_open(const char *path, bool only_read, struct diag *diag);
void store_close(struct store *store);

/* Stores the level's manifest (rules, cases, expectations, findings), or checks that it is the one stored. */
bool store_level(struct store *store, const struct level *level, struct diag *diag);
/* Begins a run of a checker; its answers replace those of the checker's earlier run on the level. `why_not` is NULL, or why the
 * checker could not be run. *run is the run's number. */
bool store_begin_run(struct store *store, const struct adapter *adapter, const char *version,
                     const char *exe_hash, const char *why_not, int64_t *run, struct diag *diag);
bool store_answer(struct store *store, int64_t run, const struct suite_case *of, const struct answer *answer,
                  struct diag *diag);
bool store_end_run(struct store *store, int64_t run, struct diag *diag);
/* Makes answers so far durable. */
bool store_commit(struct store *store, struct diag *diag);

/* What the score is taken from. */
struct stored_case {
	const char *id, *rule, *ladder;
	uint32_t number, twin;
	const char *shapes; /* JSON object */
	uint64_t family;
	bool contested;
	unsigned readings; /* of its rule */
	struct {
		const char *name;
		enum outcome outcome;
	} reading[RULE_READINGS];
	unsigned headline;
	/* kinds of the headline's findings: bit k for enum kind k */
	unsigned kinds;
};

struct stored_checker {
	const char *name, *version; /* version "" where it is not known */
	const char *why_not;        /* NULL, or why it was not run */
	enum answer_state *answer;  /* by case number; ANSWER_NOT_RUN where there is none */
	const char *(*declared)[2]; /* `declareds` pairs rule, reading */
	unsigned declareds;
};

struct stored {
	const char *level, *suite; /* name, version */
	unsigned cases, checkers;
	struct stored_case *stored_case; /* by number */
	struct stored_checker *checker;  /* sorted by name */
};

/* Reads it all into the arena. */
bool store_read(struct store *store, struct stored *stored, struct arena *arena, struct diag *diag);

#endif
