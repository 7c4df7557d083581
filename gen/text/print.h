/* print: a program's statements and functions as C. The inner half of text: nothing outside gen/text uses it.
 *
 * print.c has what all share: lines, phrases of the dialect, types. print_value.c prints names, values,
 * calls and flags, print_condition.c conditions, print_statement.c statements, print_function.c
 * functions and the routine.
 */
#ifndef PRINT_H
#define PRINT_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "dialect.h"
#include "prog.h"
#include "template.h"

enum { PRINT_SUFFIX_MOST = 16 };

/* A body in the making. It counts the lines it writes, so that each node learns its own. */
struct printer {
	struct buf *out;
	struct prog *prog;
	const struct rule *rule; /* the program's */
	unsigned role;           /* the same */
	const struct dialect *dialect;
	const char *const *word;         /* the dialect's, by enum dialect_word */
	const struct phrase *phrase;     /* of the rule's driver model, by enum dialect_phrase */
	const struct template *template; /* of the role; not read here */
	/* Names, see templates/README.md. */
	const char *extension, *extension_type, *request, *request_type;
	const char *returns;            /* NULL for a VOID routine */
	const char *locals, *setup;     /* lines for the function that does the routine's work */
	char suffix[PRINT_SUFFIX_MOST]; /* of file-scope names: "_17", or "" */
	uint32_t line;                  /* of the body, as a node's: the one that the next byte stands on */
	unsigned depth;                 /* tabs */
	bool chained;                   /* the next `if` stands behind an `else` */
	unsigned works;    /* statements that do not matter, so far: each is the next of the dialect's */
	uint16_t *ordinal; /* of labels among those of their purpose, in the order of the text; then how many */
	bool annotated;    /* annotations stand behind parameters */
	bool gives_back;   /* a call that releases is being printed */
	bool plain;        /* a lock is named as an annotation does */
	bool in_macro;     /* arguments of a macro are being printed, whose calls stand on one line: it has one */
	const char *made;  /* what fills a phrase's `lock` */
	const struct prog_function *function; /* that is being printed */
	unsigned lock_type;                   /* index of what fills a phrase's `lock_type` */
};

static inline void
print(struct printer *p, const char *string)
{
	if (*string) /* what is printed in some cases only is "" in the others */
		buf_add_word(p->out, string, strlen(string));
}

/* gen/text/print.c */
void print_newline(struct printer *p);
void print_indent(struct printer *p);
/* The string and a newline. */
void print_end(struct printer *p, const char *string);
/* An indented line from up to three strings. */
void print_line(struct printer *p, const char *one, const char *two, const char *three);
/* A new line, one tab deeper: the statement goes on there. */
void print_deeper(struct printer *p);
/* A new line beneath the parenthesis of `if (`: the condition goes on there. */
void print_beneath(struct printer *p);
/* An operator's sign with its second operand; where the line is wide they begin one of their own. */
void print_operator(struct printer *p, const char *sign, const char *operand);
/* A comma between two of what may be many: the next begins a line of its own where this one is wide. */
void print_comma(struct printer *p);
/* A blank, or a new line where what follows, so many columns, has no room. */
void print_fold(struct printer *p, unsigned room);
/* The expression that points to the device extension. */
void print_extension(struct printer *p);
/* Up to the name of a parameter: "Scope->" where a struct holds them all, else nothing. */
const char *print_scope_prefix(const struct printer *p);
/* What a helper calls a parameter of that type. */
const char *print_parameter_name(const struct printer *p, enum prog_type type);
/* UNREFERENCED_PARAMETER(Lock), of the present function's parameter of that index. */
void print_unreferenced(struct printer *p, unsigned index);
/* The parameter of that index; of two of a type the second has a name of its own. */
void print_parameter(struct printer *p, const struct prog_function *function, unsigned index);
/* The type of a parameter, up to the name that follows; of a lock, with its lock type. */
void print_parameter_type(struct printer *p, enum prog_type type, unsigned lock_type);
void print_phrase(struct printer *p, enum dialect_phrase phrase);
/* The phrase as indented lines; `end` closes the last. */
void print_phrase_lines(struct printer *p, enum dialect_phrase phrase, const char *end);
/* The type of a pointer to a lock of a type of the rule, or of a handle, up to the name that follows:
 * "PKSPIN_LOCK ", "MUTEX *". */
void print_lock_type(struct printer *p, unsigned lock_type);
/* Index of the type of all the program's locks, where they stand in one array. */
unsigned print_array_type(const struct prog *prog);
/* The outer lock of the noise shape is the lock without an object, else one of the device extension. */
bool print_outer_is_global(const struct printer *p);
/* The next of the statements that do not matter, as an expression; in a function that serves a lock, that it
 * does. */
void print_work(struct printer *p);
/* The request's fields up to a field's name: the routine has a copy of them, others a pointer to it. */
void print_request_field(struct printer *p);
/* A pointer to that copy. */
void print_request_pointer(struct printer *p);
/* The request has a field for it: all but a local that is set before anybody looks at it. */
bool print_flag_is_read(const struct prog *prog, unsigned flag);
/* The routine looks at its request. */
bool print_uses_request(const struct prog *prog);

/* gen/text/print_value.c */
/* "Queue" + what, "SpareQueue" + what */
void print_stem(struct printer *p, unsigned lock, bool spare, const char *what);
/* Where the lock object stands in the device extension, or its global name: QueueLock, Locks.QueueLock,
 * LockTable[0] */
void print_lock_name(struct printer *p, unsigned lock, bool spare);
/* The expression that points to a lock object: &Extension->QueueLock */
void print_lock(struct printer *p, unsigned lock, bool spare);
/* The bare name of a KIRQL or a queue handle: QueueIrql, OldIrql, LockHandle */
void print_saved_name(struct printer *p, const struct prog_var *var);
void print_variable(struct printer *p, const struct prog_var *var);
/* A value of a type. `address`: where a pointer to the variable is wanted. */
void print_value(struct printer *p, struct prog_expr value, enum prog_type type, bool address);
void print_call(struct printer *p, const struct prog_node *node);
/* The argument that says whether to acquire. */
void print_direction(struct printer *p, bool acquires);
/* What a parameter of that index, a direction or a flag, says, as a truth value. */
void print_parameter_test(struct printer *p, unsigned parameter, bool negated);
void print_function_name(struct printer *p, unsigned index);
void print_helper_call(struct printer *p, const struct prog_node *node);
void print_flag(struct printer *p, unsigned flag, bool negated, bool other_words);
/* The number that the test of a flag looks at, for a switch. */
void print_flag_number(struct printer *p, unsigned flag, bool other_words);
/* Where a flag is kept, as the left side of an assignment; what is kept there where it is set, or is not. */
void print_flag_place(struct printer *p, unsigned flag);
void print_flag_word(struct printer *p, unsigned flag, bool value);
/* A flag becomes a constant. No semicolon. */
void print_flag_set(struct printer *p, unsigned flag, bool value);
/* The test of a status, up to the status. */
void print_succeeded(struct printer *p, bool negated);

/* gen/text/print_condition.c */
/* A status, or a result that is kept, as a truth value. */
void print_kept(struct printer *p, const struct prog_var *var, bool negated);
/* What the node's call returns as a truth value, as it is told. */
void print_result(struct printer *p, struct prog_node *node, bool negated);
/* The register that an unknown is read from, in that function. */
enum dialect_phrase print_register_phrase(const struct prog_function *function,
                                          const struct prog_condition *condition);
void print_register(struct printer *p, const struct prog_condition *condition, const char *test);
/* What a condition looks at as a truth value, negated once more if so wanted. A node whose call stands on a
 * line of its own learns it. */
void print_condition(struct printer *p, struct prog_node *node, bool negate);
/* The same as a branch spells it: through a cast, or compared. */
void print_test(struct printer *p, struct prog_node *node);
/* A flag becomes what the node says: an unknown, a flag, or a try's result. No semicolon. */
void print_flag_assign(struct printer *p, struct prog_node *node);

/* gen/text/print_annotation.c */
/* The lines before the head of a function that serves lock calls; none for others. */
void print_annotations(struct printer *p, const struct prog_function *function);

/* gen/text/print_guard.c */
/* The definitions of the macros that hold a lock around a block, as lines of a list. */
void print_guard_macros(struct printer *p);
/* The macro with its arguments, up to the block. */
void print_guard(struct printer *p, const struct prog_node *node);

/* gen/text/print_scope.c */
/* The struct that the function at the end of a scope is given, and the empty line behind it. */
void print_scope_type(struct printer *p, const struct prog_function *function);
/* The variable with whose scope the function runs. */
void print_scope_variable(struct printer *p, struct prog_node *node);

/* gen/text/print_statement.c */
/* The statements of a block, one tab further in; sets the lines of the nodes. */
void print_block(struct printer *p, struct prog_node *node);
/* The return of a node, or the routine's own where it is NULL. */
void print_return(struct printer *p, const struct prog_node *node);

/* gen/text/print_function.c */
/* The helpers that are defined before the routine (and prototypes of the others), or those behind it, each
 * with an empty line. */
void print_functions(struct printer *p, bool before);
/* The helpers that a second file defines: prototypes, as a header that both files include has them, and
 * functions, with an empty line between two. */
void print_second_file(struct printer *p);
/* The routine's statements and its closing brace; sets the lines of the nodes and the program's end line. */
void print_routine(struct printer *p);

#endif
