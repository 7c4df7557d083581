/* native: the third road to a verdict: the emitted C text itself, compiled and run over all choices.
 *
 * Every unknown is a choice; a path is a list of choices; all paths are run by re-execution on a choice
 * prefix, depth first. The lock calls are recorded and judged by one function a built-in reading, written by
 * hand, without rule data. The rules of a user are judged by their table.
 */
#ifndef NATIVE_H
#define NATIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "diag.h"
#include "rule.h"
#include "verdict.h"

/* One body in a pack of the native world. */
struct native_case {
	const struct rule *rule;
	unsigned role;
	unsigned cap;          /* for counters, as seq_cap gives it */
	uint32_t first_line;   /* of the body in the pack */
	uint32_t end_line;     /* of the routine's closing brace in the body */
	uint32_t helpers_line; /* of the body's second part in the pack; 0 where it has none */
	unsigned sites;        /* as prog_sites gives it */
	uint64_t effort;       /* situations compared and choices made, at the most; 0: a few seconds' worth */
	unsigned handles;      /* bit set of queue handles that the text names; a helper may have its own */
	const char *const *handle_name; /* RULE_LOCKS names of queue handles in the text; NULL: it has none */
};

struct native_result {
	struct verdict verdict[RULE_READINGS]; /* lines of the body, no statements */
	uint64_t paths;
	const char *limit; /* which limit was reached, so that nothing is known; else NULL */
};

struct native_pack {
	const char *text;
	const struct native_case *cases;
	unsigned count;
};

/* Compiles the text of a pack, with libtcc or the command line `compiler` as compile_pack says, and runs each
 * case. False where it does not compile: with libtcc our mistake (the message says where). Results live in
 * the arena. The pack runs in this process: code that crashes ends it, and gives no verdict. */
bool native_judge_pack(const struct native_pack *pack, const char *compiler, struct arena *arena,
                       struct native_result *results, struct diag *diag);
/* The same with libtcc. */
bool native_judge(const char *text, const struct native_case *cases, unsigned count, struct arena *arena,
                  struct native_result *results, struct diag *diag);

/* What a recorded event is judged by; for the test that holds tables and functions against each other.
 * Returns false where the path ends, with a finding in *kind and *lock unless it is undecided. */
struct judge {
	bool over, undecided;
	uint16_t by; /* which function judges: judge_begin finds it */
	int16_t count[RULE_LOCKS]; /* held bits or counts: of locks, of handles, or [0] of all */
};

struct judge_event {
	enum event event;
	unsigned lock;   /* EVENT_RELEASE of a handle that is not in use: the handle's letter */
	unsigned handle; /* equal to lock in rules without handles */
	bool in_use;     /* false: a release through a handle that is not in use */
	unsigned call;   /* of the rule */
	bool misordered; /* an acquire while a lock with a later letter is held */
	bool wrong;      /* a release of a held lock by a call that does not give back what the acquire took */
};

/* What a held lock remembers of the call that took it, as a release asks: by hand for a built-in rule, else
 * by its table. */
uint16_t judge_givers(const struct rule *rule, unsigned call);
/* Whether a release by a call gives back a lock that remembers this. */
bool judge_gives_back(const struct rule *rule, unsigned call, uint16_t givers);

void judge_begin(struct judge *judge, const struct rule *rule, unsigned reading, uint32_t held);
bool judge_event(struct judge *judge, const struct rule *rule, unsigned reading, unsigned cap,
                 const struct judge_event *event, enum kind *kind, unsigned *lock);
/* How things stand at the routine's end. */
struct judge_end {
	unsigned locks, handles; /* bit sets: those that the text names or that are held at entry */
	const uint8_t *owner;    /* of each handle: 0 not in use, else 1 + the lock that it took */
};

/* An event of the rule's own, of which several automata may be told: one that names no lock (RULE_LOCKS), for
 * those that exist, or one of a lock in a rule with queue handles. Returns false where the path ends, with
 * what is reported as below unless it is undecided. Only the rules of users have such events. */
struct judge_own {
	unsigned call, lock;
};
bool judge_occur(struct judge *judge, const struct rule *rule, unsigned reading, unsigned cap,
                 const struct judge_own *own, const struct judge_end *end, uint8_t reported[KIND_COUNT]);

/* For each kind: bit l for each lock l that is reported, bit LOCK_ALL for all together. The judge is not
 * over. */
void judge_end(const struct judge *judge, const struct rule *rule, unsigned reading,
               const struct judge_end *end, uint8_t reported[KIND_COUNT]);

#endif
