/* An adapter: the file that says how to run one checker and how to read it. From oracle/adapters/NAME.yaml.
 *
 * A struct adapter is complete once adapter_parse has returned true; its patterns are compiled.
 */
#ifndef ADAPTER_H
#define ADAPTER_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "diag.h"
#include "rule.h"
#include "world.h"

enum {
	ADAPTER_ARGUMENTS = 48,
	ADAPTER_STEPS = 4,
	ADAPTER_EXES = 4,
	ADAPTER_PATTERNS = 16,
	ADAPTER_READINGS = 16,
	ADAPTER_EXITS = 8,
	ADAPTER_RULES = 32,
	ADAPTER_FILES = 8,
};

/* How the checker is spoken to. */
enum adapter_way {
	WAY_OUTPUT,   /* run on packs; its output is read by patterns */
	WAY_PROTOCOL, /* keeps running and talks the line protocol */
	WAY_PLUGIN,   /* a shared object, which a worker of ours loads; the worker talks the line protocol */
};

/* When a run counts as complete, beside one of the exit statuses listed. */
enum adapter_complete {
	COMPLETE_CANARY,  /* the canary at the end of the pack was reported */
	COMPLETE_PATTERN, /* a line matches `complete_pattern` */
	COMPLETE_EXIT,    /* the exit status is enough */
};

/* SAYS(identifier, word): what an exit status of the last step means. */
#define ADAPTER_SAYINGS(SAYS)                                                         \
	SAYS(SAYS_RAN, "ran")   /* it came to its end; what it printed says the rest */   \
	SAYS(SAYS_PASS, "pass") /* the verdict on the only case of the pack, from here */ \
	SAYS(SAYS_VIOLATION, "violation")                                                 \
	SAYS(SAYS_UNKNOWN, "unknown")

enum adapter_says {
#define SAYS(id, word) id,
	ADAPTER_SAYINGS(SAYS)
#undef SAYS
		SAYS_COUNT
};

struct adapter_exit {
	int status;
	enum adapter_says says;
};

/* A file of the adapter's own, beside the world's headers. */
struct adapter_file {
	const char *name, *text;
};

/* WHEN(identifier, word): when a run takes the checker. */
#define ADAPTER_WHENS(WHEN)                                          \
	WHEN(WHEN_ALWAYS, "always") /* also where no checker is named */ \
	WHEN(WHEN_NAMED, "named")   /* only by name */                   \
	WHEN(WHEN_SAMPLE, "sample") /* only by name, and so slow that a part of a level serves it better */

enum adapter_when {
#define WHEN(id, word) id,
	ADAPTER_WHENS(WHEN)
#undef WHEN
		WHEN_COUNT
};

struct adapter_pattern {
	void *code; /* pcre2_code *, owned by the adapter */
	const char *text;
	bool ignores;      /* a match is dropped, whatever matches after it */
	enum kind kind;    /* KIND_COUNT where the checker gives none */
	bool says_unknown; /* a match means that the checker gave up on the case; on all, where it names none */
};

/* argv of one step; each string may hold {exe} {self} {file} {spans} {include} {dir} {repeat} {entry}, or be
 * {files}: one argument a file, the first and, where a case of the pack has helpers in a second one, that. */
struct adapter_step {
	unsigned arguments;
	const char *argument[ADAPTER_ARGUMENTS];
};

/* Title of an adapter that checker_of_program makes. */
#define ADAPTER_OF_COMMAND_LINE "named on the command line"

struct adapter {
	const char *name, *title, *url;
	const struct world *world;
	enum adapter_way way;
	enum adapter_when when;
	unsigned protocol;  /* version of the line protocol; 0 where none is talked */
	const char *plugin; /* path of the shared object, or NULL */
	unsigned exes;
	const char *exe[ADAPTER_EXES]; /* candidates on PATH; the first found wins; "{self}": our own binary */
	struct adapter_step version;   /* prints the version; no arguments: the binary's hash is all there is */
	void *version_pattern;         /* pcre2_code * with a group `version`; owned; or NULL */
	unsigned steps;
	struct adapter_step step[ADAPTER_STEPS]; /* run one after the other in the private directory */
	unsigned exits;
	struct adapter_exit exit[ADAPTER_EXITS]; /* of the last step, where it ran (earlier steps: 0) */
	bool exit_is_verdict;                    /* each says one */
	unsigned files;
	struct adapter_file file[ADAPTER_FILES]; /* one with the name of a header stands in its place */
	enum adapter_complete complete;
	void *complete_pattern; /* pcre2_code *; owned; or NULL */
	unsigned patterns;
	struct adapter_pattern
		pattern[ADAPTER_PATTERNS]; /* tried in order on each line of stdout and stderr; named
	                                       groups: `line` (of the file, which `file` names; without it, of
	                                       the first) or `case` (index in the pack) */
	unsigned pack;                 /* cases a process */
	double seconds, seconds_case;  /* time limit: seconds + cases * seconds_case */
	double cpu;                    /* processor time, as a multiple of the time limit; 0: none */
	size_t memory;                 /* bytes of memory of all that the checker starts; 0: no limit */
	size_t output;                 /* bytes of output that are read; more is garbled */
	bool degenerate;               /* reads next to nothing of a case: canaries say nothing of it */
	unsigned kinds;                /* bit set of those that the checker knows; 0: nobody says */
	unsigned rules;                /* that the checker has; 0: all */
	const char *rule[ADAPTER_RULES];
	unsigned readings; /* which reading the checker implements, by rule; else the headline */
	struct {
		const char *rule, *reading;
	} reading[ADAPTER_READINGS];
	const char *bytes; /* the adapter file itself, for its hash */
	size_t length;
};

/* What is not said has these values; `seconds-case` of one whose output is read is 0.1. */
extern const struct adapter adapter_usual;

struct conf_field;
/* The tables that read an adapter: 0 has the keys of all, the others what else one has whose output is read,
 * whose exit status is its verdict, that talks the protocol, that is a plug-in. NULL behind the last. */
const struct conf_field *adapter_fields(unsigned table, unsigned *count);

/* Everything it points to lives in the arena but the compiled patterns. False with the place. */
bool adapter_parse(struct adapter *adapter, struct arena *arena, const char *name, const char *text,
                   size_t length, struct diag *diag);
bool adapter_load(struct adapter *adapter, struct arena *arena, const char *name, struct diag *diag);
void adapter_free(struct adapter *adapter);
/* Whether a checker may be called that. */
bool adapter_is_name(const char *name);
/* Names of all adapters, sorted. */
size_t adapter_list(struct arena *arena, const char ***names);
/* Path of the checker's program, looked up on PATH (`self` for {self}); false when none of the candidates is
 * here. */
bool adapter_find_exe(const struct adapter *adapter, const char *self, struct arena *arena,
                      const char **path);
/* The bit set that an adapter's text declares, whatever else stands in it; 0 where it declares none or is no
 * adapter's. */
unsigned adapter_kinds(const char *text, size_t length);
/* The words for them. */
const char *adapter_when(enum adapter_when when);
const char *adapter_says(enum adapter_says says);
/* Whether the checker has the rule. */
bool adapter_has_rule(const struct adapter *adapter, const struct rule *rule);
/* Index of the reading that the adapter declares for a rule; the headline where it declares none. */
unsigned adapter_reading(const struct adapter *adapter, const struct rule *rule);
/* An argument with its {placeholders} filled in, in the arena. `values` are pairs of name and value, ended by
 * NULL; what is none of them stays. */
const char *adapter_argument(struct arena *arena, const char *argument, const char *const *values);

#endif
