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
 *   queue handles, not by a release, which names the handle.
 * - An automaton begins in `initial`, or in `initial-held` where its lock is held at entry (scope `all`:
 *   where any is). A counter begins at the number of its locks that are held at entry.
 * - An acquire, and a try that succeeds, feeds `acquire` to the automaton of its lock, of its handle, or to
 *   the one; a release feeds `release`, or `wrong-release` where the lock is held by a call that this one
 *   does not give back. A call that the reading does not watch feeds nothing. A release through a handle
 *   that is not in use feeds, under scope `lock`, an automaton of its own in `initial`, which is forgotten
 *   again: no lock is concerned. A cell that violates ends the path; the finding names the event's
 *   statement and its lock (of a handle that is not in use: the handle's letter). Any other cell gives the
 *   next state, or is added to the counter.
 * - An event of the rule's own that names a lock feeds its column to the automaton of that lock, or to the
 *   one; so does a try of it that succeeds. Under scope `handle` it feeds those of all handles that hold the
 *   lock; where none does, one in `initial`, which is forgotten again. One that names none feeds it to every
 *   automaton that was set up; each that violates is a finding, with the letter that it has at the end, and
 *   then the path ends. An acquire of a lock while one with a later
 *   letter is held feeds `misordered`.
 * - At the routine's end, a return or the end of the sequence, `end` is looked up for every automaton that
 *   was set up, also for one that met no event on this path. Each that violates is a finding at statement 0
 *   with the automaton's letter: of its lock; of the lock that its handle holds, or the handle's own while
 *   it is not in use; `*` under scope `all`. Where `end` goes, or what it adds, is of no consequence.
 *   `stop` ends a path without it.
 * - A reading never changes which paths there are. A lock is held from an acquire to a release, however its
 *   automata stand: one bit a lock, also in a reading that counts. A try fails while the bit is set, and may
 *   do both otherwise; one that would share succeeds or fails also where others share already. An acquire
 *   that meets the bit without violating makes the verdict a deadlock; sharing what is held shared is none.
 *   What initialises or destroys a lock clears the bit, and no handle is in use for it any more.
 * - A path on which a counter reaches the cap (seq_cap) in either direction ends there. Findings of other
 *   paths stand, perhaps not all; without any the case is undecided.
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
	RULE_EVENTS = 8,         /* of its own, beside acq, rel and try */
	RULE_TYPES = RULE_LOCKS, /* of locks */
};

/* What a call does to a lock. A try that succeeds is an acquire; one that fails is no event. */
enum event {
	EVENT_ACQUIRE,
	EVENT_RELEASE,
	EVENT_END,
	EVENT_COUNT,
	EVENT_OWN = EVENT_COUNT, /* of a call: one that the rule lists under `events` */
};

/* What an event does to the lock that it names, as far as every reading sees it. */
enum rule_effect {
	EFFECT_TAKE,       /* held, by nobody else */
	EFFECT_DROP,       /* free, however it was held */
	EFFECT_SHARE,      /* held, with others */
	EFFECT_UNSHARE,    /* free, however it was held */
	EFFECT_NONE,       /* nothing */
	EFFECT_INITIALISE, /* a new lock, which is free */
	EFFECT_DESTROY,    /* no lock, so not held */
};

/* An event of the rule's own. */
struct rule_event {
	const char *word; /* in sequences and tables: "init", "block" */
	bool names_lock;  /* else it is fed to all automata that were set up */
	enum rule_effect effect;
	/* By lock type, what the plain word stands for: the first one of the file; RULE_CALLS: none. What names
	 * no lock has the first entry. */
	unsigned call[RULE_TYPES];
	const char *try_word; /* of what may fail, and is this event where it succeeds: "trys"; NULL for none */
	unsigned try_call[RULE_TYPES]; /* that this word stands for */
};

/* KIND(identifier, text): every way to break a rule. A new kind is one row at the end. */
#define KINDS(KIND)                                               \
	KIND(KIND_DOUBLE_ACQUIRE, "double-acquire")                   \
	KIND(KIND_MISSING_RELEASE, "missing-release")                 \
	KIND(KIND_RELEASE_WITHOUT_ACQUIRE, "release-without-acquire") \
	KIND(KIND_DESTROY_WHILE_HELD, "destroy-while-held")           \
	KIND(KIND_DOUBLE_INIT, "double-init")                         \
	KIND(KIND_HELD_AT_CALL, "held-at-call")                       \
	KIND(KIND_MISSING_DESTROY, "missing-destroy")                 \
	KIND(KIND_MODE_MISMATCH, "mode-mismatch")                     \
	KIND(KIND_NOT_HELD_AT_CALL, "not-held-at-call")               \
	KIND(KIND_ORDER, "order")                                     \
	KIND(KIND_USE_AFTER_DESTROY, "use-after-destroy")             \
	KIND(KIND_USE_BEFORE_INIT, "use-before-init")                 \
	KIND(KIND_WRONG_CALL, "wrong-call")

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
	enum event event; /* EVENT_ACQUIRE, EVENT_RELEASE or EVENT_OWN */
	unsigned own;     /* EVENT_OWN: index of the event */
	bool is_try;      /* an acquire that may fail: result is RESULT_SUCCESS */
	unsigned arguments;
	enum rule_argument argument[RULE_ARGUMENTS];
	enum rule_result result;
	enum rule_keep keep;
	enum irql irql_min, irql_max; /* legal IRQL at the call */
	enum rule_effect effect;
	unsigned type;     /* of the locks that it serves; 0 where it names none */
	uint32_t releases; /* one that takes or shares: bit i set when call i releases what this one took */
};

struct rule_role {
	const char *name;
	const char *template_name; /* "wdm-dispatch": templates/DIALECT/wdm-dispatch.c */
	enum irql irql;            /* at entry: the level a caller may use that is hardest for the routine */
	uint32_t held;             /* bit l: lock l is held at entry */
	bool allows_try;           /* of some lock type */
	/* By lock type: index of the call that a plain acq, rel, try stands for; of a try RULE_CALLS: none. */
	unsigned acquire[RULE_TYPES], release[RULE_TYPES], try_call[RULE_TYPES];
};

/* Columns of a table: the events, and a circumstance of an event that a reading may tell apart. Where it does
 * not, the column is that of the event. */
enum rule_column {
	COLUMN_WRONG_RELEASE =
		EVENT_COUNT,   /* a release by a call that does not give back what the acquire took */
	COLUMN_MISORDERED, /* an acquire while a lock with a later letter is held */
	COLUMN_OWN,        /* events of the rule's own */
	RULE_COLUMNS = COLUMN_OWN + RULE_EVENTS
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
	uint32_t watches;     /* bit i: call i is an event of its automata; another one moves the lock only */
	bool tells_wrong;     /* it has rows of its own for COLUMN_WRONG_RELEASE */
	bool tells_order;     /* and for COLUMN_MISORDERED */
	struct rule_cell cell[RULE_STATES][RULE_COLUMNS];
};

/* Locks that one C type is for. */
struct rule_lock_type {
	const char *name; /* C type: "KSPIN_LOCK", "WDFSPINLOCK"; "" for the cancel lock */
	/* C type of what a call is given for a lock; NULL: the lock type where that is a handle, else what the
	 * dialect says. */
	const char *pointer;
	const char *initialise; /* C function that makes a lock; NULL: texts do not show it */
	bool is_handle;         /* a variable of the type names a lock (KMDF), else it is one */
	uint32_t letters;       /* bit l: lock l is one of them */
	bool binds_irql;        /* the IRQL stays at DISPATCH while one is held; not so of a mutex */
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
	const char *bugcheck; /* "0xC4/0x4000B", or NULL */
	unsigned types;
	struct rule_lock_type type[RULE_TYPES]; /* the locks of one can stand for each other, others cannot */
	uint8_t type_of[RULE_LOCKS];            /* of each lock */
	unsigned locks;                         /* 1 for the cancel lock, else RULE_LOCKS */
	bool has_handles;                       /* acquires and releases go through queue handles */
	unsigned events, clauses, calls, roles, readings;
	struct rule_event event[RULE_EVENTS];
	const char *column[RULE_COLUMNS]; /* names of columns in tables: COLUMN_OWN + events of them */
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

/* The column of a table that a call feeds where nothing is told apart. */
static inline unsigned
rule_column(const struct rule_call *call)
{
	return call->event == EVENT_OWN ? COLUMN_OWN + call->own : call->event;
}

/* Whether calls name their locks, which are objects; else there is one lock without a name. */
static inline bool
rule_names_locks(const struct rule *rule)
{
	return rule->type[0].name[0];
}

static inline const struct rule_lock_type *
rule_lock_type(const struct rule *rule, unsigned lock)
{
	return &rule->type[rule->type_of[lock]];
}

/* Of a bit set of locks that are held, whether one keeps the IRQL at DISPATCH. */
static inline bool
rule_bind_irql(const struct rule *rule, unsigned held)
{
	for (unsigned lock = 0; lock < RULE_LOCKS; lock++)
		if (held >> lock & 1 && rule_lock_type(rule, lock)->binds_irql)
			return true;
	return false;
}

/* The calls of a role that a plain acq and rel of a lock stand for. */
static inline unsigned
rule_acquire(const struct rule *rule, unsigned role, unsigned lock)
{
	return rule->role[role].acquire[rule->type_of[lock]];
}

static inline unsigned
rule_release(const struct rule *rule, unsigned role, unsigned lock)
{
	return rule->role[role].release[rule->type_of[lock]];
}

/* Whether a reading watches each call. */
static inline bool
rule_watches_all(const struct rule *rule, const struct rule_reading *reading)
{
	return reading->watches + 1 == 1U << rule->calls;
}

/* Whether it matters to a reading which call makes an event. */
static inline bool
rule_tells_calls(const struct rule *rule, const struct rule_reading *reading)
{
	return reading->tells_wrong || !rule_watches_all(rule, reading);
}

/* Whether a call leaves its lock held; whether it gives one back. */
static inline bool
rule_takes(const struct rule_call *call)
{
	return call->effect == EFFECT_TAKE || call->effect == EFFECT_SHARE;
}

static inline bool
rule_gives(const struct rule_call *call)
{
	return call->effect == EFFECT_DROP || call->effect == EFFECT_UNSHARE;
}

/* Index of a role, reading or call by name; false when there is none. */
bool rule_find_role(const struct rule *rule, const char *name, unsigned *index);
bool rule_find_reading(const struct rule *rule, const char *name, unsigned *index);
bool rule_find_call(const struct rule *rule, const char *name, unsigned *index);

#endif
