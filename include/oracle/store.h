/* The store: an experiment's SQLite database: what was asked, of whom, and what was answered. Schema
 * version 6. Of version 5, which knows no messages, a database is read, and made one of version 6 when it is
 * opened for writing.
 *
 * The whole manifest of a level is stored before a run begins, so that a score is taken over what was asked.
 * Lines are those of bodies, as LINE_SECOND says. Whatever returns false has filled the diagnostic, and the
 * database is as it was at the last store_commit.
 */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "answer.h"
#include "arena.h"
#include "buf.h"
#include "case.h"
#include "diag.h"
#include "filter.h"

enum { STORE_VERSION = 6, STORE_VERSION_READ = 5 };
enum { STORE_REPEATS = 10000 }; /* of a run, at the most */

struct store; /* an open database */

/* Opens or makes a database. NULL with a message that names the path: not a database, another schema version,
 * no such directory, read-only. With `only_read` it must exist. For writing it is locked as long as it is
 * open, and a second writer is refused; reading goes on meanwhile. A process opens a database for writing
 * once at a time. A database of a schema version before STORE_VERSION_READ is refused: its answers are to be
 * had again. */
struct store *store_open(const char *path, bool only_read, struct diag *diag);
void store_close(struct store *store);
/* store_close; a database that store_open made, and that holds no level, is removed. */
void store_abandon(struct store *store);
/* Makes durable what was written so far. */
bool store_commit(struct store *store, struct diag *diag);

/* The level's manifest (rules, cases, expectations, findings), batch by batch with both twins of a pair in
 * one: stored in one transaction, or checked to be the one stored. A dealt level that streams meets a few
 * cases twice: then the later pair is left out, and no answer to it is wanted. The filter (NULL:
 * none) says which part of the level the cases are; a database holds one part. */
bool store_level_begin(struct store *store, const char *name, struct shard shard, const struct filter *filter,
                       struct diag *diag);
bool store_level_add(struct store *store, const struct suite_case *cases, unsigned count, struct diag *diag);
bool store_level_end(struct store *store, struct diag *diag);
/* All three, for cases that are there at once. */
bool store_level(struct store *store, const char *name, struct shard shard, const struct filter *filter,
                 const struct suite_case *cases, unsigned count, struct diag *diag);

/* Who is asked, and how: with a case's text, all that its answer depends on. Texts are "" where they are not
 * known. */
struct store_run {
	const char *checker; /* name of the adapter, or given to what was imported */
	const char *version, *exe_hash;
	const char *adapter; /* bytes of the adapter file, or what says how it was imported */
	size_t adapter_length;
	const char *arguments; /* command lines */
	const char *limits;
	const char *world_hash;     /* of what stands around a case's text: headers, prologue */
	const char *containment;    /* "none", "bubblewrap" */
	unsigned repeats;           /* answers a case, from 1 to STORE_REPEATS */
	unsigned declareds;         /* which reading the checker implements, by rule; else the headline */
	const char *(*declared)[2]; /* pairs rule, reading */
};

enum store_begin {
	STORE_REUSE,  /* answers of the checker's earlier run count where all of the above is unchanged; else that
	                 run is kept beside this one, if it came to an end and is worth something */
	STORE_FRESH,  /* none do */
	STORE_RESUME, /* as reuse, but it is an error where there is no run at all, or anything of the checker's
	                 is changed */
};

/* Begins a run; *run is its number. Answers that are taken over are marked as reused, *reused of them: never
 * those that say not-run, nor any of a run that was void or whose checker was not there. Until the next
 * store_commit the earlier run stands. */
bool store_begin_run(struct store *store, const struct store_run *of, enum store_begin begin, int64_t *run,
                     uint64_t *reused, struct diag *diag);
/* What became of a checker's earlier run: never begun; broken off; finished; finished, and its answers are
 * worth nothing. */
enum store_earlier { STORE_NEVER, STORE_BROKEN_OFF, STORE_FINISHED, STORE_WORTHLESS };
bool store_earlier(struct store *store, const char *checker, enum store_earlier *earlier, struct diag *diag);
/* Says at once why a run is worth nothing, so that it is known should the run be broken off. Commits. */
bool store_void_run(struct store *store, int64_t run, const char *why_not, struct diag *diag);
/* Cases of the level that still want their answers in a repeat, as one bit a number. All zero: none. */
struct store_wanted {
	unsigned count;
	uint64_t *word; /* from malloc; bit n % 64 of word n / 64 is that of number n */
	unsigned words, room;
};

/* Reads them anew, in place of those before; repeat counts from 0. Free with store_wanted_free. */
bool store_find_wanted(struct store *store, int64_t run, unsigned repeat, struct store_wanted *wanted,
                       struct diag *diag);
bool store_wants(const struct store_wanted *wanted, uint32_t number);
void store_wanted_free(struct store_wanted *wanted);
/* How many cases the level has that is stored; -1 with the message where that cannot be read. */
int64_t store_level_cases(struct store *store, struct diag *diag);
bool store_answer(struct store *store, int64_t run, const struct suite_case *of, unsigned repeat,
                  const struct answer *answer, struct diag *diag);
/* `why_not` is NULL, or why the answers are worth nothing (the checker is not here, or a canary failed:
 * "void: ..."). What has no answer gets one that says not-run, so that there is one record for each case and
 * repeat. `seconds` is added to the run's own. Commits. */
bool store_end_run(struct store *store, int64_t run, const char *why_not, double seconds, struct diag *diag);

/* One database from those of all shards of a level. `out` must not exist; on failure there is none. */
bool store_merge(const char *out, const char *const *parts, unsigned count, struct diag *diag);

/* What a score is taken from. First the head, whose size does not depend on the number of cases: */
struct stored_checker {
	const char *name, *version; /* version "" where it is not known */
	const char *why_not;        /* NULL, or why its verdicts are worth nothing: each counts as not-run */
	bool finished;              /* its run came to its end */
	const char *containment;
	unsigned repeats;
	unsigned declareds;
	const char *(*declared)[2]; /* pairs rule, reading */
	unsigned kinds;             /* bit set of those that its adapter declares; 0: none are declared */
	int64_t run;
};

struct stored {
	const char *level, *suite; /* name, version */
	const char *holds;         /* what the level was filtered by before it was stored: as filter_print says */
	const struct filter *filter; /* which cases are read; NULL: all; not owned */
	unsigned cases, families;    /* that are read */
	unsigned all;                /* cases of the level */
	unsigned checkers;
	struct stored_checker *checker; /* sorted by name */
};

/* then the cases, pair by pair, each with its answers: */
struct stored_finding {
	enum kind kind;
	uint32_t line;
	const char *lines; /* further lines that are right, with blanks between */
};

struct stored_reading {
	const char *name;
	enum outcome outcome;
	unsigned findings, room;
	struct stored_finding *finding;
};

struct stored_case {
	const char *id, *rule, *role, *ladder, *sequence;
	uint32_t number, twin;
	uint64_t family;
	const char *shapes; /* JSON object */
	bool contested;
	unsigned readings; /* of its rule */
	struct stored_reading reading[RULE_READINGS];
	unsigned headline;
};

struct stored_answer {
	uint8_t *state; /* enum answer_state of each repeat; ANSWER_NOT_RUN where there is none */
	/* of the first: */
	unsigned findings;
	const struct answer_finding *finding;
	double seconds;
	uint64_t memory;          /* bytes; 0 where it is not known */
	unsigned reused, retried; /* of them */
};

struct stored_pair {
	unsigned cases; /* 2; 1 for a case without a twin */
	struct stored_case of[2];
	struct stored_answer *answer[2]; /* one a checker, in the order of stored->checker */
};

/* Reads the head into the arena and begins to read pairs: those that fit `filter`, or all where it is NULL.
 * The database stays as it is for the reader until it is closed, whoever writes. */
bool store_read(struct store *store, struct stored *stored, const struct filter *filter, struct arena *arena,
                struct diag *diag);
/* The next pair, valid until the one behind it is read; *pair is NULL behind the last. Checkers may have been
 * left out of `stored`, or changed places, but not after the first pair was read. Refuses what is damaged. */
bool store_next_pair(struct store *store, const struct stored *stored, const struct stored_pair **pair,
                     struct diag *diag);

/* The pair of one case, whether or not the filter has it: of[0] is that case, of[1] its twin.
 * To be called behind the last pair of store_next_pair; valid until the next one is read. Refuses a number
 * that no case has. */
bool store_pair_of(struct store *store, const struct stored *stored, uint32_t number,
                   const struct stored_pair **pair, struct diag *diag);

/* Names that occur among the cases that are read, comma-separated: of rules, roles, ladder steps, or of
 * readings. */
enum store_names { STORE_RULES, STORE_ROLES, STORE_LADDER, STORE_READINGS };
bool store_names(struct store *store, enum store_names what, struct buf *names, struct diag *diag);

/* Makes store_read and what follows it read, instead of each checker's run, the one before it that was run in
 * another way: the last such, or, where `version` is not NULL, the last of that version. */
bool store_use_earlier(struct store *store, const char *version, struct diag *diag);
/* Adds, of the first repeat, why a case has no answer, and what the checker said of it in its own words, each
 * where it is known. */
bool store_said(struct store *store, int64_t run, uint32_t number, struct buf *why, struct buf *message,
                struct diag *diag);

/* Adds the adapter that a run was made with, or what says how it was imported: bytes of struct store_run. */
bool store_adapter(struct store *store, int64_t run, struct buf *adapter, struct diag *diag);

/* What a stored case is made of. Strings live in the arena. */
struct stored_source {
	uint32_t number, twin;
	const char *id, *rule, *role, *sequence, *edit;
	const char *shapes; /* JSON object */
};

/* The first `most` cases, in the order of their ids, whose id begins so; *count of them. */
bool store_find_id(struct store *store, const char *beginning, struct stored_source *found, unsigned *count,
                   unsigned most, struct arena *arena, struct diag *diag);
/* The case of a number; *count is 0 where there is none. */
bool store_find_number(struct store *store, uint32_t number, struct stored_source *found, unsigned *count,
                       struct arena *arena, struct diag *diag);
/* Of the level that is stored, with the suite that it is of; NULL with the message. */
const char *store_level_name(struct store *store, struct arena *arena, const char **suite, struct diag *diag);

#endif
