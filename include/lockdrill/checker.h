/* lockdrill: the C ABI for checkers, version 1.
 *
 * A checker that is a shared object defines one function, lockdrill_checker, which returns its description.
 * lockdrill loads it with dlopen in a process of its own, a worker, and asks it about one case after the
 * other; there may be several workers at once. A crash costs one answer, and the next case is asked of a
 * fresh worker.
 *
 * Order of calls, all on the worker's one thread:
 *
 *   lockdrill_checker(LOCKDRILL_ABI)     once
 *   create(host)                         once
 *   check(state, host, of)         once a case; calls host->finding and host->log before it returns
 *   destroy(state)                       once, when there are no more cases; not after a crash or time-out
 *
 * What may be relied on: strings are UTF-8 and end with NUL. Standard input is empty; what is written to
 * standard output goes to standard error, which is kept as a log. The worker runs in an empty directory of
 * its own, with HOME and TMPDIR there.
 *
 * How this can grow: structs have their size first, and fields are added at their ends only. A side that is
 * given a smaller struct than it knows does not touch what is missing; one that is given a larger struct
 * ignores the rest. A struct smaller than that of version 1 is refused. Constants keep their numbers.
 *
 *   cc -shared -fPIC $(pkg-config --cflags lockdrill) -o mine.so mine.c
 */
#ifndef LOCKDRILL_CHECKER_H
#define LOCKDRILL_CHECKER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LOCKDRILL_ABI 1u

#if defined(__GNUC__)
#define LOCKDRILL_EXPORT __attribute__((visibility("default")))
#else
#define LOCKDRILL_EXPORT
#endif

/* What check returns. Anything else counts as garbled; 0 is none, so that a forgotten verdict is not a
 * pass. */
enum lockdrill_verdict {
	LOCKDRILL_PASS = 1,          /* findings besides count as garbled */
	LOCKDRILL_VIOLATION = 2,     /* findings are welcome, and not needed */
	LOCKDRILL_UNKNOWN = 3,       /* the checker gave up */
	LOCKDRILL_UNSUPPORTED = 4,   /* it is not made for such a case */
	LOCKDRILL_OUT_OF_MEMORY = 5, /* it noticed itself */
	LOCKDRILL_TIMEOUT = 6        /* the same */
};

/* How a rule is broken. */
enum lockdrill_kind {
	LOCKDRILL_NO_KIND = 0, /* the checker does not say */
	LOCKDRILL_DOUBLE_ACQUIRE = 1,
	LOCKDRILL_MISSING_RELEASE = 2,
	LOCKDRILL_RELEASE_WITHOUT_ACQUIRE = 3
};

/* Where a finding's line is. */
enum lockdrill_place {
	LOCKDRILL_IN_FILE = 0,
	LOCKDRILL_IN_HELPERS = 1 /* the second file */
};

/* One question. All of it is the host's, and valid until check returns. */
struct lockdrill_case {
	size_t size;       /* of this struct, as the host knows it */
	const char *rule;  /* the one to check: "SpinlockRelease" */
	const char *model; /* its driver model: "wdm" */
	const char *role;  /* what kind of routine it is: "dispatch", "cancel", "dpc", ... */
	const char *file;  /* path of the case */
	const char
		*helpers; /* path of its second file, with functions that the first one calls; NULL: there is none */
	const char *include;      /* directory of the headers that they include */
	const char *text;         /* contents of `file` */
	size_t text_length;       /* in bytes, without the NUL */
	const char *helpers_text; /* contents of `helpers`, or NULL */
	size_t helpers_length;
	double seconds;  /* the answer is waited for this long */
	uint64_t memory; /* bytes that the worker may use; 0: not limited */
};

/* What the checker may call. It is the host's, and valid until destroy returns. */
struct lockdrill_host {
	size_t size;      /* of this struct, as the host knows it */
	const char *name; /* "lockdrill 0.1.0" */
	/* Within check only: one finding, of enum lockdrill_kind, at a line from 1 (0: the checker does not say),
	 * in a file of enum lockdrill_place. Other numbers make the answer garbled. At most 4096 to one case. */
	void (*finding)(const struct lockdrill_host *host, int kind, uint32_t line, int place);
	/* At any time: a line for the log. */
	void (*log)(const struct lockdrill_host *host, const char *message);
	/* Within check only: a line or more for people on the case at hand, kept with its answer unless that is a
	 * pass: up to 512 bytes of all that is said of one case. NULL and "" say nothing. Not there where
	 * `size` is too small for it. */
	void (*message)(const struct lockdrill_host *host, const char *text);
};

/* A checker's description. It is the checker's, and stays valid as long as the shared object is loaded; so
 * does all that it points to. Set `size` to sizeof (struct lockdrill_checker). */
struct lockdrill_checker {
	size_t size;
	const char *name;    /* small letters, digits and -; answers are filed under it */
	const char *version; /* not empty */
	const char *world;   /* the headers that it wants its cases with; NULL: "plain" */
	/* Names of the rules that it can check, ended by NULL; NULL: all. Others are not asked, and count as
	 * unsupported. */
	const char *const *rules;
	/* Pairs of rule and the reading that it implements, ended by a NULL rule; NULL: the headline of each. */
	const char *const (*readings)[2];
	/* Makes what check wants to keep from case to case; it is the checker's. NULL is a failure: the worker
	 * ends. May be NULL itself; the state is then NULL. */
	void *(*create)(const struct lockdrill_host *host);
	/* Answers one case with a number of enum lockdrill_verdict. */
	int (*check)(void *state, const struct lockdrill_host *host, const struct lockdrill_case *of);
	/* Frees what create made. May be NULL. */
	void (*destroy)(void *state);
};

/* The one symbol that a checker defines. `abi` is the host's LOCKDRILL_ABI, as a number; every one is
 * compatible with those before. NULL where the checker cannot work with it. */
LOCKDRILL_EXPORT const struct lockdrill_checker *lockdrill_checker(uint32_t abi);

#ifdef __cplusplus
}
#endif

#endif
