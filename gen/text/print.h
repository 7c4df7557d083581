/* print: the statements, helpers and end of a program's body as C. The inner half of text: only gen/text/text.c uses it. */
#ifndef PRINT_H
#define PRINT_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "prog.h"
#include "template.h"

enum { PRINT_SUFFIX_MOST = 16 };

/* A body in the making. It counts the lines it writes, so that each node learns its own. */
struct printer {
	struct buf *out;
	struct prog *prog;
	const struct template *template;                  /* of the role; not read here */
	const char *extension, *extension_type, *request; /* names, see templates/README.md */
	const char *returns;                              /* NULL for a VOID routine */
	const char *locals, *setup;           /* lines for the function that does the routine's work */
	char suffix[PRINT_SUFFIX_MOST];       /* of file-scope names: "_17", or "" */
	uint32_t line;                        /* of the body, as a node's: the one that the next byte stands on */
	unsigned depth;                       /* tabs */
	bool chained;                         /* the next `if` stands behind an `else` */
	const struct prog_function *function; /* that is being printed */
};

extern const char *const print_flag_names[SEQ_FLAGS];
extern const char *const print_flag_words[SEQ_FLAGS];

/* The outer lock of the noise shape is the cancel lock, else a spin lock of the device extension. */
bool print_outer_is_cancel(const struct prog *prog);
/* The routine looks at its request. */
bool print_uses_request(const struct prog *prog);

/* gen/text/print_value.c */
void print_newline(struct printer *p);
/* "Queue" + what, "SpareQueue" + what */
void print_stem(struct printer *p, unsigned lock, bool spare, const char *what);
/* Where the lock object stands in the device extension, or its global name: QueueLock, Locks.QueueLock, LockTable[0] */
void print_lock_name(struct printer *p, unsigned lock, bool spare);
/* The expression that points to a lock object: &Extension->QueueLock */
void print_lock(struct printer *p, unsigned lock, bool spare);
/* The bare name of a KIRQL or a queue handle: QueueIrql, OldIrql, QueueHandle */
void print_saved_name(struct printer *p, const struct prog_var *var);
void print_extension(struct printer *p);
void print_variable(struct printer *p, const struct prog_var *var);
void print_call(struct printer *p, const struct prog_node *node);
void print_function_name(struct printer *p, unsigned index);
const char *print_parameter_name(const struct printer *p, enum prog_type type);
void print_helper_call(struct printer *p, const struct prog_node *node);
void print_flag(struct printer *p, unsigned flag, bool negated, bool other_words);
void print_register(struct printer *p, const struct prog_condition *condition, const char *test);
/* What a condition looks at as a truth value, negated once more if so wanted. */
void print_condition(struct printer *p, const struct prog_node *node, bool negate);

/* gen/text/print.c */
/* The helpers that are defined before the routine (and prototypes of the others), or those behind it, each with an empty
 * line. */
void print_functions(struct printer *p, bool before);
/* The helpers that a second file defines, with an empty line between two. */
void print_second_file(struct printer *p);
/* The routine's statements and its closing brace; sets the lines of the nodes and the program's end line. */
void print_routine(struct printer *p);

#endif
