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
#include "text.h"

enum {
	IMPORT_BYTES = 256 << 20, /* of one output */
	IMPORT_LINES = 1 << 30,   /* no line of a file has a higher number */
	/* beside the kinds, in a struct import_meaning: the result says nothing */
	IMPORT_IGNORED = KIND_COUNT + 1,
};

#define IMPORT_NONE UINT32_MAX           /* no case, no file */
#define IMPORT_MEMORY (INT64_C(1) << 53) /* bytes, at the most; a double holds each number below */

/* What a result means that has this rule's id, or this text in its message: --kind, --message. */
struct import_meaning {
	const char *text;
	size_t length;
	bool of_message;
	uint8_t kind; /* enum kind; KIND_COUNT: a finding without a kind; IMPORT_IGNORED */
};

/* What is known of one case. */
struct import_case {
	const char *id;                  /* NULL until it has a place */
	const char *file, *helpers_file; /* of the manifest; the latter NULL where there is none */
	struct text_span span;
	enum answer_state state; /* so far */
	unsigned findings;
	struct answer_finding *finding; /* unique */
	double seconds;
	uint64_t memory;
	const char *covered_by;  /* the first output of which a run covers it; or NULL */
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

/* The file that a path means, or IMPORT_NONE: its end is the file's whole path, or it is the file's base name
 * alone. Of several ends the longest counts. Both slashes separate. */
uint32_t import_find_file(const struct import *import, const char *path);
/* The file whose base name is this stem and an ending of its own, or IMPORT_NONE. */
uint32_t import_find_stem(const struct import *import, const char *stem, size_t length);
/* The case of that id, or IMPORT_NONE. */
uint32_t import_find_id(const struct import *import, const char *id);
/* The case whose body holds the line, with the line as answers have it, or IMPORT_NONE. */
uint32_t import_find_line(const struct import *import, uint32_t file, uint32_t line, uint32_t *of_body);
/* A line of the case's file, or of its helpers' file, as answers have it; 0 where it is none of the body's.
 */
uint32_t import_line(const struct import_case *of, uint32_t line, bool in_helpers);

/* A run of the output `name` covers a file: it found nothing in it so far (ANSWER_PASS), failed
 * (ANSWER_CRASH), or computed nothing (ANSWER_NOT_RUN). Of a second file only a failure counts: what helps a
 * case is no answer to it. */
void import_cover(struct import *import, uint32_t file, enum answer_state state, const char *name);
/* The same for one case. */
void import_cover_case(struct import *import, uint32_t of, enum answer_state state, const char *name);
/* A finding: the case is a violation, unless a run that covers it failed. Line as in struct answer_finding.
 */
void import_say(struct import *import, uint32_t of, uint8_t kind, uint32_t line);

/* A record of its own, from line `line` of the output `name`, which is compared by address. With `again` an
 * output may have several of one case if their states are the same. False where there is another. */
bool import_record(struct import *import, uint32_t of, enum answer_state state, bool again, const char *name,
                   unsigned line, struct diag *diag);

/* All outputs are read. False where a case was both recorded and covered. */
bool import_end(struct import *import, struct diag *diag);
/* After import_end; findings live as long as the import. */
void import_answer(const struct import *import, uint32_t of, struct answer *answer);

/* What a result with this rule and message means: the first meaning that fits, by message before by rule; a
 * rule that is called as a kind is that kind; else KIND_COUNT. A hierarchical id (`a/b`) also is its
 * beginnings (`a`). */
uint8_t import_meaning(const struct import_meaning *meaning, unsigned count, const char *rule,
                       const char *message);
/* Reads TEXT=KIND, where KIND is a kind, `none` or `ignore`; the text is not copied. */
bool import_read_meaning(struct import_meaning *meaning, const char *option, bool of_message,
                         struct diag *diag);

#endif
