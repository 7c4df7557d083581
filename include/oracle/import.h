/* import: a checker's finished outputs as answers: from what they say about files and lines to one answer a
 * case.
 *
 * A struct import is filled in three steps: the places of the cases (import_begin, import_place,
 * import_ready), what each output says (sarif.h and records.h, which call import_cover, import_say and
 * import_record), and import_end. Then every case has an answer, whatever was said; `not-run` where nothing
 * was. Cases are named by their index.
 */
#ifndef IMPORT_H
#define IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "answer.h"
#include "arena.h"
#include "diag.h"
#include "message.h"
#include "text.h"

enum {
	IMPORT_BYTES = 256 << 20, /* of one output */
	IMPORT_LINES = 1 << 30,   /* no line of a file has a higher number */
};

/* What a result is taken for: a kind of finding, or one of these. */
enum import_taken {
	IMPORT_KINDLESS = KIND_COUNT, /* a finding, and its kind is not said */
	IMPORT_IGNORED,               /* left out, as the options ask */
	IMPORT_UNDECIDED,             /* the checker could not tell: its case is unknown */
	IMPORT_NOTHING,               /* no finding: it says so itself, or is suppressed or absent */
	IMPORT_TAKEN_COUNT
};

#define IMPORT_NONE UINT32_MAX           /* no case, no file */
#define IMPORT_MEMORY (INT64_C(1) << 53) /* bytes, at the most; a double holds each number below */

/* The options that say what results mean: by the id of their rule, the same as a list of all rules that
 * count, or by a text in their message. */
enum import_option { IMPORT_KIND, IMPORT_ONLY, IMPORT_MESSAGE, IMPORT_OPTION_COUNT };

struct import_meaning {
	const char *text; /* of the rule or in the message; the option, up to its last '=' */
	size_t length;
	enum import_option option;
	uint8_t kind; /* enum kind, IMPORT_KINDLESS or IMPORT_IGNORED */
	bool matched; /* a result, or a rule that the checker has */
};

/* Results of one rule that were taken alike. */
struct import_tally {
	const char *rule; /* "" where a result has none */
	uint8_t taken;    /* enum kind or import_taken */
	unsigned long results;
};

/* What is known of one case. */
struct import_case {
	const char *id;                  /* NULL until it has a place */
	const char *rule;                /* whose case it is; NULL where nobody says */
	bool violates;                   /* what the suite says of it, for outputs that say what they expect */
	const char *file, *helpers_file; /* of the manifest; the latter NULL where there is none */
	struct text_span span;
	enum answer_state state; /* so far */
	bool unsupported;        /* its world cannot compile it: its answer, where no output has one */
	unsigned findings, room;
	struct answer_finding *finding; /* unique */
	struct message message;         /* so far; and once it is all there: */
	const char *words;              /* NULL: none */
	double seconds;
	uint64_t memory;
	const char *covered_by;  /* the first output of which a run covers it; or NULL */
	uint8_t passed;          /* bit 0: its file, bit 1: its second file, where a run found nothing */
	const char *recorded_by; /* the output that holds its record, or NULL; by address */
	unsigned recorded_line;
};

/* A file of the manifest, and its part[parts]: the bodies in it, ascending; a body's second part only in a
 * file of its own. */
struct import_part {
	const char *file;
	uint32_t of, first, lines;
	bool second;
};

struct import_file {
	const char *path, *base; /* base: behind the last separator */
	struct import_part *part;
	unsigned parts;
};

struct import {
	struct arena arena;
	unsigned cases, files, parts;
	struct import_case *of;
	struct import_file *file; /* sorted by base name, then path */
	struct import_part *part; /* sorted by file and first line */
	uint32_t *by_id;          /* cases, sorted by id */
	unsigned long strays;     /* findings outside all bodies */
	struct import_tally *tally;
	unsigned tallies, tally_room;
};

/* `count` cases without a place. */
void import_begin(struct import *import, unsigned count);
/* Gives a case its place; strings are not copied. */
void import_place(struct import *import, uint32_t of, const char *id, const char *file,
                  const char *helpers_file, const struct text_span *span);
/* All cases have a place. False with `manifest` as the place where two of them stand on the same line, or
 * have one id. */
bool import_ready(struct import *import, const char *manifest, struct diag *diag);
void import_free(struct import *import);

/* The checker's world cannot compile the case: it is unsupported, unless an output says more of it. */
void import_unsupported(struct import *import, uint32_t of);

/* The file that a path means, or IMPORT_NONE: its end is the file's whole path, or it is the end of one
 * file's path and of no other's. Of several whole paths the longest counts. Both slashes separate. */
uint32_t import_find_file(const struct import *import, const char *path);
/* The file whose base name is this stem and an ending of its own, or IMPORT_NONE. */
uint32_t import_find_stem(const struct import *import, const char *stem, size_t length);
/* Whether the directory that a file stands in is called that. */
bool import_is_named(const struct import_file *file, const char *name, size_t length);
/* The case of that id, or IMPORT_NONE. */
uint32_t import_find_id(const struct import *import, const char *id);
/* The case whose body holds the line, with the line as answers have it, or IMPORT_NONE. */
uint32_t import_find_line(const struct import *import, uint32_t file, uint32_t line, uint32_t *of_body);
/* A line of the case's file, or of its helpers' file, as answers have it; 0 where it is none of the body's.
 */
uint32_t import_line(const struct import_case *of, uint32_t line, bool in_helpers);

/* A run of the output `name` covers a file: it found nothing in it so far (ANSWER_PASS), could not tell
 * (ANSWER_UNKNOWN, ANSWER_UNSUPPORTED, ANSWER_TIMEOUT, ANSWER_MEMORY), failed (ANSWER_CRASH), or
 * computed nothing (ANSWER_NOT_RUN). A case of two files passes
 * when both are passed. */
void import_cover(struct import *import, uint32_t file, enum answer_state state, const char *name);
/* The same for one case: not for ANSWER_PASS. */
void import_cover_case(struct import *import, uint32_t of, enum answer_state state, const char *name);
/* A finding in the output `name`: the case is a violation, unless a run that covers it failed. Line as in
 * struct answer_finding. */
void import_say(struct import *import, uint32_t of, uint8_t kind, uint32_t line);
/* What the checker says of a case in its own words, added to what it said before; is kept with any answer but
 * a pass. */
void import_message(struct import *import, uint32_t of, const char *text);
/* Counts a result; the rule is copied. */
void import_count(struct import *import, const char *rule, uint8_t taken);

/* A record of its own, from line `line` of the output `name`, which is compared by address. With `again` an
 * output may have several of one case if their states are the same. False where there is another. */
bool import_record(struct import *import, uint32_t of, enum answer_state state, bool again, const char *name,
                   unsigned line, struct diag *diag);

/* All outputs are read; tallies are then sorted by rule, one for each rule and meaning. False where a case
 * was both recorded and covered. */
bool import_end(struct import *import, struct diag *diag);
/* After import_end; findings and message live as long as the import. */
void import_answer(const struct import *import, uint32_t of, struct answer *answer);

/* What a result of the tool with this rule and message means: the first meaning that fits, by message before
 * by rule; a rule that is called as a kind is that kind; else what is known of the tool's rules, which of
 * most tools is nothing: IMPORT_KINDLESS. A hierarchical id (`a/b`) also is its
 * beginnings (`a`). Where any meaning is IMPORT_ONLY, rules that none names are IMPORT_IGNORED. Marks all
 * that fit as matched. */
uint8_t import_meaning(struct import_meaning *meaning, unsigned count, const char *tool, const char *rule,
                       const char *message);
/* The checker has a rule of this id, whether or not a result names it. */
void import_know_rule(struct import_meaning *meaning, unsigned count, const char *rule);
/* After import_end. False where a meaning has matched nothing, with the rules that there are. */
bool import_check_meanings(const struct import *import, const struct import_meaning *meaning, unsigned count,
                           struct diag *diag);
/* "double-acquire", "violation", "ignored" and so on. */
const char *import_taken_name(uint8_t taken);
/* Reads TEXT=KIND, where KIND is a kind, `none` or `ignore`; the text is not copied. */
bool import_read_meaning(struct import_meaning *meaning, const char *text, enum import_option option,
                         struct diag *diag);

#endif
