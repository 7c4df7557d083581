/* print: the statements, helpers and end of a program's body as C. The inner half of text: only gen/text.c uses it. */
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
	char suffix[PRINT_SUFFIX_MOST];                   /* of file-scope names: "_17", or "" */
	uint32_t line;                        /* of the body, from 1: the one that the next byte stands on */
	unsigned depth;                       /* tabs */
	const struct prog_function *function; /* that is being printed */
};

/* Names by lock, and by flag. */
extern const char *const print_lock_names[RULE_LOCKS];
extern const char *const print_global_names[RULE_LOCKS];
extern const char *const print_pointer_names[RULE_LOCKS];
extern const char *const print_handle_names[RULE_LOCKS];
extern const char *const print_flag_names[SEQ_FLAGS];
/* Of the KIRQL of a lock. */
const char *print_irql_name(const struct prog *prog, unsigned lock);
/* Locks are passed as handles (KMDF), else by address. */
bool print_by_handle(const struct rule *rule);

void print_newline(struct printer *p);
/* The expression that names a lock object: &Extension->QueueLock */
void print_lock(struct printer *p, unsigned lock);
/* The helpers, each followed by an empty line. */
void print_helpers(struct printer *p);
/* The routine's statements and its closing brace; sets the lines of the nodes and the program's end line. */
void print_routine(struct printer *p);

#endif
