/* text: cases as C files.
 *
 * A file is prologue, bodies, epilogue. A body's bytes are the same in all worlds; in a pack its file-scope
 * names end in _0, _1, ... so that they are kept apart. Lines of findings count from the body's first line.
 *
 * A body may have a second part: helpers that a second file defines. All second parts of a pack go to one
 * second file, which is a prologue and these parts; a self-contained world has one file, in which the second
 * part follows the routine.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "diag.h"
#include "hash.h"
#include "prog.h"
#include "world.h"

struct template;
struct text_work;

/* Where a body stands in a file: with the lines of its nodes, the table of all its lines. */
struct text_span {
	uint32_t first; /* line of the file, from 1, on which the body begins */
	uint32_t lines; /* of the body and of what follows it for the same case (its harness) */
	/* Of the second part: in the second file, or in this one where there is no other. No lines: the body has
	 * none. */
	uint32_t helpers_first, helpers_lines;
};

/* A file in the making: bodies of one driver model, one after the other. */
struct text_pack {
	struct buf *out;     /* not owned */
	struct buf *helpers; /* the second file: empty until a body has a second part; not owned; NULL: none */
	struct buf *registrations; /* what makes and registers each body in a driver; NULL: none; not owned */
	const struct world *world;
	bool packed;            /* names carry the suffix of their place; else there is one body */
	unsigned reading;       /* that the model world judges; RULE_READINGS for the first rule's headline */
	unsigned count;         /* bodies so far */
	uint32_t line;          /* that the next one begins on */
	uint32_t helpers_line;  /* the same in the second file */
	struct text_work *work; /* work space, kept from body to body; owned */
};

/* `helpers` may be NULL, and does not count in a self-contained world. */
void text_pack_begin(struct text_pack *pack, struct buf *out, struct buf *helpers, const struct world *world,
                     bool packed, unsigned reading);
/* Prints one body and what its world adds. False where a template is broken; the pack is then over. */
bool text_pack_add(struct text_pack *pack, struct prog *prog, struct text_span *span, struct diag *diag);
/* A body as it is without a suffix. */
struct text_plain {
	const char *bytes;    /* until the next one is added */
	size_t length;        /* with its second part behind it */
	char hash[HASH_TEXT]; /* of these bytes */
};

/* The same in a pack without a second file, and tells of the body without suffix, which is not printed for
 * it. */
bool text_pack_add_hashed(struct text_pack *pack, struct prog *prog, struct text_span *span,
                          struct text_plain *plain, struct diag *diag);
/* A line of a body, as its nodes and findings have it, as one of the file that the span tells of. */
uint32_t text_span_line(const struct text_span *span, uint32_t line);
/* Ends the file and frees what the pack owns; also after a failure. */
void text_pack_end(struct text_pack *pack);

/* The template of a role, which lives as long as the process; NULL, with the message, where it or the dialect
 * is broken. */
const struct template *text_template(const struct rule *rule, unsigned role, struct diag *diag);

/* The name of a function of the program, without suffix; of function 0, the routine's. False as
 * text_template. */
bool text_function_name(struct buf *out, struct prog *prog, unsigned function, struct diag *diag);

/* Names of the queue handles a b c, wherever they stand; NULL, with the message, where the dialect is broken.
 */
const char *const *text_handle_names(const struct rule *rule, struct diag *diag);

/* The lock's object, as an expression of the function with the routine's statements, up to the name of a
 * member: "Extension->QueueLock." False, with nothing printed, where a shape leaves open which object it is.
 */
bool text_lock_member(struct buf *out, struct prog *prog, unsigned lock);
/* The same of what is asked of a flag: whether it is set, or is not, without a call or a macro. False where
 * the text has no such words for it, or nothing is kept there at first. */
bool text_flag_test(struct buf *out, struct prog *prog, unsigned flag, bool value);

/* Prints one body, its second part to `helpers` or, where that is NULL, behind an empty line to `out`.
 * `suffix` is the number that its file-scope names end in, or -1 for none. Sets the lines of the program's
 * nodes and its end line. */
bool text_body(struct buf *out, struct buf *helpers, struct prog *prog, int suffix, struct diag *diag);

#endif
