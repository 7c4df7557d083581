/* A rule: the calls it watches, the roles it applies to, its readings. Read from suite/rules/NAME.yaml.
 *
 * A struct rule is complete and consistent once rule_parse has returned true: every index is in range, every
 * cell of every reading is filled, exactly one reading is the headline, role 0 is the default.
 *
 * What a reading says of a path, in every road:
 *
 * - It sets up automata. Scope `lock`: one for each lock that the sequence names or that is held at entry.
 *   Scope `handle`: one for each queue handle that it names. Scope `all`: one, whatever is named, so also for
 *   a sequence without events. A lock is named by its letter in an event, reached or not; where there are
 *   queue handles, by an acquire only, for a release names the handle.
 * - An automaton begins in `initial`, or in `initial-held` where its lock is held at entry (scope `all`:
 *   where any is). A counter begins at the number of its locks that are held at entry.
 * - An acquire, and a try that succeeds, feeds `acquire` to the automaton of its lock, of its handle, or to
 *   the one; a release feeds `release`. A release through a handle that is not in use feeds, under scope
 *   `lock`, an automaton of its own in `initial`, which is forgotten again: no lock is concerned. A cell that
 *   violates ends the path; the finding names the event's statement and its lock (of a handle that is not in
 *   use: the handle's letter). Any other cell gives the next state, or is added to the counter.
 * - At the routine's end, a return or the end of the sequence, `end` is looked up for every automaton that
 *   was set up, also for one that met no event on this path. Each that violates is a finding at statement 0
 *   with the automaton's letter: of its lock; of the lock that its handle holds, or the handle's own while
 *   it is not in use; `*` under scope `all`. Where `end` goes, or what it adds, is of no consequence.
 *   `stop` ends a path without it.
 * - A reading never changes which paths there are. A lock is held from an acquire to a release, however its
 *   automata stand: one bit a lock, also in a reading that counts. A try fails while the bit is set, and may
 *   do both otherwise. An acquire that meets the bit without violating makes the verdict a deadlock.
 * - A counter that reaches the cap (seq_cap) in either direction makes the case undecided.
 */
#ifndef RULE_H
#define RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "diag.h"

enum {
	RULE_LOCKS = 3, /* a b c */
	RULE_CALLS = 16,
	RULE_ARGUMENTS = 4,
	RULE_ROLES = 8,
	RULE_READINGS = 8,
	RULE_STATES = 8, /* states of one automaton; a counter has three: below, zero, above */
	RULE_CLAUSES = 16,
};

/* What a call does to a lock. A try that succeeds is an acquire; one that fails is no event. */
enum event { EVENT_ACQUIRE, EVENT_RELEASE, EVENT_END, EVENT_COUNT };

/* KIND(identifier, text): every way to break a rule. A new kind is one row. */
#define KINDS(KIND)                               \
	KIND(KIND_DOUBLE_ACQUIRE, "double-acquire")   \
	KIND(KIND_MISSING_RELEASE, "missing-release") \
	KIND(KIND_RELEASE_WITHOUT_ACQUIRE, "release-without-acquire")

enum kind {
#define KIND(id, text) id,
	KINDS(KIND)
#undef KIND
		KIND_COUNT
};

const char *kind_name(enum kind kind);
/* KIND_COUNT when no kind has that name. */
enum kind kind_find(const char *name);

/* Numbers are those of the DDK. */
enum irql { IRQL_PASSIVE = 0, IRQL_APC = 1, IRQL_DISPATCH = 2 };

/* What one argument of a call is. */
enum rule_argument {
	ARGUMENT_LOCK,      /* address of the lock, or the lock handle itself (KMDF) */
	ARGUMENT_SAVE_IRQL, /* address of the KIRQL that receives the previous IRQL */
	ARGUMENT_IRQL,      /* the KIRQL given back */
	ARGUMENT_HANDLE,    /* address of the queue handle, which keeps the previous IRQL itself */
};

enum rule_result {
	RESULT_NONE,
	RESULT_SAVED_IRQL, /* the call returns the previous IRQL */
	RESULT_SUCCESS,    /* a try: TRUE when the lock was taken */
};

/* Where the previous IRQL of an acquire is kept, and so what a release lowers to. */
enum rule_keep {
	KEEP_NONE,   /* the IRQL is not changed (AtDpcLevel) */
	KEEP_KIRQL,  /* in a KIRQL of the caller */
	KEEP_HANDLE, /* in the queue handle */
	KEEP_LOCK,   /* in the lock object (KMDF) */
};

struct rule_call {
	const char *name;
	enum event event; /* EVENT_ACQUIRE or EVENT_RELEASE */
	bool is_try;      /* an acquire that may fail: result is RESULT_SUCCESS */
	unsigned arguments;
	enum rule_argument argument[RULE_ARGUMENTS];
	enum rule_result result;
	enum rule_keep keep;
	enum irql irql_min, irql_max; /* legal IRQL at the call */
	uint32_t releases;            /* acquire: bit i set when call i releases what this one took */
};

struct rule_role {
	const char *name;
	const char *template_name; /* "wdm-dispatch": templates/DIALECT/wdm-dispatch.c */
	enum irql irql;            /* at entry: the level a caller may use that is hardest for the routine */
	uint32_t held;             /* bit l: lock l is held at entry */
	bool allows_try;
	unsigned acquire, release, try_call; /* index of the call that a plain acq, rel, try stands for */
};

/* One automaton for: each lock, each queue handle, or all locks together. */
enum rule_scope { SCOPE_LOCK, SCOPE_HANDLE, SCOPE_ALL };

/* One cell of a transition table. */
struct rule_cell {
	bool violates;
	enum kind kind; /* where it violates */
	uint8_t next;   /* automaton of states: the next state */
	int8_t step;    /* counter: what is added */
	uint8_t clause; /* number of the sentence that is judged here; 0 where none is */
};

/* states of a counter */
enum { COUNTER_BELOW, COUNTER_ZERO, COUNTER_ABOVE, COUNTER_STATES };

struct rule_reading {
	const char *name;
	const char *summary; /* one sentence */
	bool headline;
	enum rule_scope scope;
	bool counts;     /* a whole number with a table over its sign, instead of states */
	unsigned states; /* COUNTER_STATES when it counts */
	const char *state_name[RULE_STATES];
	uint8_t initial;      /* state of a lock that is free at entry (a counter starts at 0) */
	uint8_t initial_held; /* state of a lock that is held at entry (a counter: how many are) */
	struct rule_cell cell[RULE_STATES][EVENT_COUNT];
};

struct rule_clause {
	unsigned number;  /* from 1 */
	const char *text; /* what the page promises, in our own words */
};

struct rule {
	const char *name;    /* "SpinlockRelease" */
	const char *also;    /* another name that it answers to, as its page writes it; NULL for none */
	const char *dialect; /* of its templates and worlds: "windows" */
	const char *model;   /* "wdm", "kmdf", "storport" */
	const char *source;  /* address of the page */
	const char *summary;
	const char *bugcheck;  /* "0xC4/0x4000B", or NULL */
	const char *lock_type; /* C type: "KSPIN_LOCK", "WDFSPINLOCK"; "" for the cancel lock */
	/* C type of what a call is given for a lock; NULL: the lock type where that is a handle, else what the
	 * dialect says. */
	const char *lock_pointer;
	const char *initialise; /* C function that makes a lock; NULL: texts do not show it */
	bool lock_is_handle;    /* a variable of the lock type names a lock (KMDF), else it is one */
	unsigned locks;         /* 1 for the cancel lock, else RULE_LOCKS */
	bool has_handles;       /* acquires and releases go through queue handles */
	unsigned clauses, calls, roles, readings;
	struct rule_clause clause[RULE_CLAUSES];
	struct rule_call call[RULE_CALLS];
	struct rule_role role[RULE_ROLES];
	struct rule_reading reading[RULE_READINGS];
	unsigned headline; /* index of the headline reading */
	bool built_in;     /* the bytes are those compiled in: native judges by its own functions */
};

/* Reads a rule from YAML 1.1 (libyaml). Everything the rule points to lives in the arena. `name` is what
 * diagnostics call the input. Refuses aliases, more than 256 KiB, nesting deeper than 16, unknown and
 * repeated keys, missing keys, empty or doubly filled cells. */
bool rule_parse(struct rule *rule, struct arena *arena, const char *name, const char *text, size_t length,
                struct diag *diag);

/* Reads rules/NAME.yaml from the data, or the rule that answers to the name also; false also when there is no
 * such rule (message lists them). */
bool rule_load(struct rule *rule, struct arena *arena, const char *name, struct diag *diag);
/* Names of all rules, in the order of design: sorted by strcmp. */
size_t rule_list(struct arena *arena, const char ***names);
/* The name of the rule that answers to `name`: `name` itself where no rule does. */
const char *rule_proper_name(struct arena *arena, const char *name);

/* Index of a role, reading or call by name; false when there is none. */
bool rule_find_role(const struct rule *rule, const char *name, unsigned *index);
bool rule_find_reading(const struct rule *rule, const char *name, unsigned *index);
bool rule_find_call(const struct rule *rule, const char *name, unsigned *index);

#endif
