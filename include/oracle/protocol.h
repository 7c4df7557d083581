/* The line protocol, version 1: how a checker that is a program of its own, in any language, is asked and
 * answers.
 *
 * Each message is one JSON object on a line of its own, in UTF-8. include/lockdrill/protocol.schema.json says
 * which fields there are.
 *
 *   host                                     checker
 *   hello: protocols, worlds, rules    ->
 *                                       <-   hello: name, version, world, rules, readings
 *   run: request, rule, role, file     ->
 *                                       <-   finding: request, kind, line    (any number)
 *                                       <-   done: request, verdict
 *   run ...
 *   (end of file)
 *
 * A checker speaks when it is asked and not before. On both sides a field that is not known is passed over,
 * and null is as good as no field. What the host prints has its `type` first and no blanks between tokens, so
 * that a shell can read it.
 */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "answer.h"
#include "arena.h"
#include "buf.h"
#include "diag.h"
#include "rule.h"

enum {
	PROTOCOL_VERSION = 1,
	PROTOCOL_LINE = 1 << 20,  /* bytes of a checker's line without its newline, at the most */
	PROTOCOL_FINDINGS = 4096, /* to one request, at the most */
	PROTOCOL_WORD = 200,      /* characters of a name, version, rule, ..., at the most */
	PROTOCOL_QUOTE = 80,      /* bytes of a line that a message quotes, at the most */
	PROTOCOL_MESSAGE = 1024,  /* bytes of a message that are kept; answers keep fewer */
};

#define PROTOCOL_REQUEST_MOST 9007199254740991u /* what every language's numbers hold */

/* messages */

enum protocol_side { SIDE_HOST, SIDE_CHECKER };

enum protocol_type {
	PROTOCOL_HOST,    /* the host's hello */
	PROTOCOL_RUN,     /* the host's question */
	PROTOCOL_CHECKER, /* the checker's hello */
	PROTOCOL_FINDING,
	PROTOCOL_DONE,
	PROTOCOL_TYPES
};

struct protocol_list {
	unsigned count;
	const char *const *item; /* NULL: the field is not there */
};

/* Pairs of rule and reading. */
struct protocol_pairs {
	unsigned count;
	const char *(*pair)[2];
};

struct protocol_host {
	uint32_t protocol; /* PROTOCOL_VERSION; in the text a list, of which the checker chooses one */
	const char *host;  /* "lockdrill 0.1.0" */
	struct protocol_list worlds, rules, capabilities;
};

struct protocol_checker {
	uint32_t protocol;
	const char *name, *version;
	const char *world;              /* "plain" where it does not say */
	struct protocol_list rules;     /* not there: all */
	struct protocol_pairs readings; /* the headline for rules that are not there */
	struct protocol_list capabilities;
};

struct protocol_run {
	uint64_t request; /* up to PROTOCOL_REQUEST_MOST */
	const char *rule, *model, *role;
	const char *file;                /* path from the root */
	const char *helpers;             /* path of the second file; NULL: there is none */
	const char *include;             /* directory of the world's headers */
	const char *text, *helpers_text; /* contents of the files for a checker that asked for them; else NULL */
	double seconds;                  /* wall time that the answer may take */
	uint64_t memory;                 /* bytes; 0: not limited */
};

struct protocol_finding {
	uint64_t request;
	uint8_t kind;        /* enum kind; KIND_COUNT where the checker gives none */
	bool in_helpers;     /* the line is of the second file */
	uint32_t line;       /* of the file as it was sent, from 1; 0 where the checker gives none */
	const char *message; /* for whoever reads the finding; NULL: none */
};

struct protocol_done {
	uint64_t request;
	enum answer_state state; /* a verdict of protocol_is_verdict */
	const char *message;     /* on the answer as a whole; NULL: none */
};

struct protocol_message {
	enum protocol_type type;
	union {
		struct protocol_host host;
		struct protocol_run run;
		struct protocol_checker checker;
		struct protocol_finding finding;
		struct protocol_done done;
	} of;
};

/* Whether a checker may give this state as the verdict of `done`: the others are for us to conclude. */
bool protocol_is_verdict(enum answer_state state);
/* Reads one line without its newline, said by `from`. Strings are copied to the arena. False with a message
 * that says what was expected and quotes the line's beginning; diag->file is "host" or "checker", diag->line
 * 0. */
bool protocol_parse(struct protocol_message *message, enum protocol_side from, struct arena *arena,
                    const char *line, size_t length, struct diag *diag);
/* Adds the message with its newline. A state that is no verdict is printed too; it will be refused. False,
 * with nothing added, where a string is not UTF-8. */
bool protocol_print(struct buf *out, const struct protocol_message *message);

/* A line as it was said, to be refused. */
struct protocol_said {
	enum protocol_side from;
	const char *line;
	size_t length;
	struct diag *diag;
};

/* Sets the message, and behind it the beginning of the line as printable ASCII, other bytes as \xNN. Returns
 * false. */
bool protocol_refuse(const struct protocol_said *said, const char *format, ...) FAIL_PRINTF(2, 3);

bool protocol_takes(const struct protocol_checker *checker, const char *rule);
/* NULL where the checker declares none. */
const char *protocol_reading(const struct protocol_checker *checker, const char *rule);
bool protocol_has(const struct protocol_list *list, const char *item);

/* bytes as lines */

struct protocol_lines {
	struct buf bytes;
	size_t begin;        /* of the next line, in `bytes` */
	size_t seen;         /* bytes behind `begin` that hold no newline */
	size_t most;         /* bytes of a line without its newline */
	unsigned long count; /* lines taken */
};

enum protocol_line { LINE_NONE, LINE_WHOLE, LINE_TOO_LONG };

void protocol_lines_add(struct protocol_lines *lines, const char *bytes, size_t length);
/* Takes the next line, without its LF or CR LF; it is valid until bytes are added. Too long: *line is its
 * beginning, `most` bytes, and it is not taken. */
enum protocol_line protocol_lines_next(struct protocol_lines *lines, const char **line, size_t *length);
/* Bytes that are not taken. */
size_t protocol_lines_left(const struct protocol_lines *lines);

#endif
