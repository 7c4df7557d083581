/* A program: a sequence after its shapes: what is printed and what is walked.
 *
 * A tree of statements in the style of C. Function 0 is the routine, the others are its helpers; the
 * statements of the sequence stand in function `main`, which is the routine unless the locks are passed to a
 * function that does the work. Locks are named by their letter's index wherever they live; pointers hold such
 * an index. Invariants are what prog_check verifies.
 */
#ifndef PROG_H
#define PROG_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "line.h"
#include "rule.h"
#include "seq.h"
#include "shapes.h"

enum {
	PROG_VARS = 32,
	PROG_PARAMETERS = 5,
	PROG_FUNCTIONS = 32,
	PROG_AGAINS = 3,  /* loops that are repeated by a flag of their own */
	PROG_NONE = 0xff, /* no variable, no lock */
};

enum prog_type {
	TYPE_NONE,
	TYPE_LOCK,      /* pointer to a lock */
	TYPE_INDEX,     /* of a lock in its array: parameters only */
	TYPE_KIRQL,     /* saved IRQL */
	TYPE_KIRQL_OUT, /* pointer to one: parameters only */
	TYPE_HANDLE,    /* queue handle; a parameter is a pointer to one */
	TYPE_FLAG,      /* an unknown at entry, which changes only where the routine sets it */
	TYPE_STATUS,    /* NTSTATUS: success or failure */
	TYPE_AGAIN,     /* BOOLEAN that says whether a loop goes on */
	TYPE_RESULT,    /* what a call returned: whether it took the lock; a BOOLEAN, or a status */
	TYPE_EXTENSION, /* pointer to the device extension: parameters only */
	TYPE_REQUEST,   /* pointer to the request's fields: parameters only */
	TYPE_DIRECTION, /* whether to acquire: parameters only */
};

struct prog_var {
	enum prog_type type;
	uint8_t
		index;   /* lock, handle or flag that it stands for; the number of an AGAIN; of a RESULT: 0 a BOOLEAN,
	                * 1 a status; NONE: it moves */
	bool second; /* the second pointer to a lock */
	uint8_t function; /* whose local it is; 0: of the one that does the routine's work */
};

/* A value: of what kind is known from where it stands. */
enum prog_expr_kind {
	EXPR_NONE,
	EXPR_LOCK,
	EXPR_VAR,
	EXPR_PARAMETER,
	EXPR_POINTED, /* what a parameter points to */
	EXPR_EXTENSION,
	EXPR_REQUEST,
	EXPR_CONSTANT, /* of a direction: 1 acquires, 0 releases; of a flag */
};

struct prog_expr {
	uint8_t kind;  /* enum prog_expr_kind */
	uint8_t index; /* lock, variable, parameter or constant */
};

enum prog_op {
	PROG_CALL,    /* one call of the rule: call(lock, handle, irql) */
	PROG_HELPER,  /* function(argument...) */
	PROG_TRY,     /* if (call(lock)) body else other */
	PROG_IF,      /* if (condition) body else other */
	PROG_SWITCH,  /* the same as a switch over the condition's value; with `falls`, body runs on into other */
	PROG_WHILE,   /* while (condition) body */
	PROG_FOR,     /* the same as a for with a counter that nobody reads */
	PROG_DO,      /* if (condition) do body while (condition) */
	PROG_FOREVER, /* for (;;) body; with `pauses`, a round begins with a pause */
	PROG_REPEAT,  /* do body while (variable) */
	PROG_ONCE,    /* do body while (0) */
	PROG_FINALLY, /* body; other, which begins with a label that gotos of body lead to */
	PROG_SCOPE,   /* body, to the end of its function; other, one HELPER: it runs wherever body is left */
	PROG_GUARD,   /* call(lock, handle, irql); body; other, which is one CALL: a macro holds the lock; a break
	                 of body passes other by, a continue leads to it */
	PROG_BREAK,
	PROG_CONTINUE,
	PROG_RETURN, /* of a function that returns something: value */
	PROG_GOTO,   /* goto label */
	PROG_LABEL,  /* label: */
	PROG_SET,    /* variable (STATUS, AGAIN, FLAG) = value */
	PROG_ASSIGN, /* variable (FLAG, RESULT) = condition */
	PROG_TAKE,   /* variable (FLAG, RESULT) = call(lock), a try; PROG_NONE: its result is ignored */
	PROG_POINT,  /* variable (LOCK, INDEX) = lock */
	PROG_INIT,   /* the lock, which is a local of the routine, is initialised; value 1: the spare one of it */
	PROG_WORK,   /* something that does not matter; with a variable (RESULT), this is read by it */
	PROG_ASSERT, /* asserts that the lock, or what the handle took, is held; call: a release of it */
	PROG_NOISE,  /* the same, of the kind that the noise shape says */
	PROG_STOP,   /* the system stops here, and the path */
	PROG_OUTER,  /* a lock that the rule does not watch: taken (value 1) or given back (0) */
};

enum prog_condition_kind {
	CONDITION_UNKNOWN,   /* a fresh one each time */
	CONDITION_FLAG,      /* variable (a FLAG) */
	CONDITION_VAR,       /* variable (STATUS: success; AGAIN; RESULT: the lock was taken) */
	CONDITION_RESULT,    /* function(argument...) of the node returns true, or success */
	CONDITION_PARAMETER, /* variable (the index of a DIRECTION or FLAG parameter): it acquires, is true */
	CONDITION_NEVER,
};

/* Holds when the guard, if any, is a success and the kind's own test holds; the guard is tested first. */
struct prog_condition {
	uint8_t kind;     /* enum prog_condition_kind */
	uint8_t variable; /* the flag or status */
	uint8_t guard;    /* a status variable, or PROG_NONE */
	bool negated;     /* of the kind's own test */
	bool other_words; /* the second spelling, where the flag shape has two */
	uint8_t told;     /* of a TRY, a TAKE, and of kind RESULT: RESULT_NOT_NOT ..., what is done to the call's
	                   * value; 0: nothing. RESULT_ASSIGNED: it is kept in the node's variable */
	bool loops;       /* it decides whether a loop goes on, however that is spelled */
	uint8_t depth;    /* UNKNOWN: how many unknowns of branches stand around it, or of loops if it loops */
};

/* How an IF, TRY or FOREVER is spelled; what it does is the same. */
enum prog_spelling {
	SPELL_PLAIN,
	SPELL_CHAIN,
	SPELL_TERNARY,
	SPELL_AND,
	SPELL_OR,
	SPELL_REQUIRE,    /* of an IF or TRY with a STOP and nothing else: an assertion */
	SPELL_CHOOSE,     /* of the same: ?: with the STOP as an operand */
	SPELL_CAST,       /* the condition through a cast */
	SPELL_ENUMERATOR, /* compared with an enumerator that is 0 */
	SPELL_NONZERO,    /* compared with 0 */
	SPELL_GENERIC,    /* chosen by _Generic */
	SPELL_COMPUTED,   /* of two gotos: one to a computed label */
	SPELL_ASM,        /* of a goto: by inline assembler */
	SPELL_RETURN_IF,  /* a macro with the condition, which returns */
	SPELL_WHILE_TRUE, /* FOREVER: while (TRUE) */
	SPELL_DO_TRUE,    /* FOREVER: do { } while (TRUE) */
};

/* What a label is for, and named after. */
enum prog_label {
	LABEL_EXIT,
	LABEL_RELEASE,
	LABEL_AGAIN,
	LABEL_DONE,
	LABEL_OTHERWISE,
	LABEL_JOIN,
	LABEL_TAKEN,
	LABEL_FINALLY, /* not printed: __leave goes there */
	LABEL_KINDS
};

struct prog_node {
	struct prog_node *next;  /* in the same block */
	struct prog_node *body;  /* first of the inner block, or NULL */
	struct prog_node *other; /* first of the else block, or NULL */
	uint8_t op;              /* enum prog_op */
	uint8_t call;            /* CALL, TRY, TAKE, GUARD: index into rule.call */
	uint8_t function;        /* HELPER, and conditions of kind RESULT; of a STOP the one that stops, or 0 */
	uint8_t variable;        /* SET, ASSIGN, TAKE, POINT, REPEAT, WORK; where told as RESULT_ASSIGNED */
	uint8_t value;           /* SET, RETURN, OUTER */
	uint8_t owner;    /* CALL that releases through a handle: the lock it was last taken for, as one reads */
	uint8_t spelling; /* IF, TRY, FOREVER: enum prog_spelling */
	uint8_t label_kind; /* GOTO, LABEL: enum prog_label */
	bool falls;         /* SWITCH: body runs on into other */
	bool default_first; /* SWITCH: the default stands before the case with a value */
	bool pauses;        /* FOREVER, or LABEL of one: of the sequence, which need have nothing else in it */
	bool tail;          /* HELPER: the last thing its function does */
	bool hidden;        /* RETURN, GOTO: in a macro */
	uint16_t statement; /* of the sequence; 0 where a shape added the node */
	uint16_t event;     /* where a helper is called: statement of the event inside; 0: `statement` */
	uint16_t label;     /* GOTO, LABEL */
	uint8_t exit;       /* GOTO into shared clean-up, CONTINUE to a guard's release, RETURN out of a
	                   * SCOPE: its number, from 1 */
	const uint16_t
		*shared; /* CALL, HELPER in shared clean-up, release of a guard: statement by the number of the exit
	                taken, 0: none; or NULL */
	struct prog_expr lock, handle, irql;
	struct prog_expr argument[PROG_PARAMETERS];
	struct prog_condition condition;
	uint32_t line; /* of the body, from 1, as LINE_SECOND says; set when it is printed */
};

/* What a function is for, and named after. */
enum prog_purpose {
	PURPOSE_ROUTINE,
	PURPOSE_WORK, /* does the routine's work: locks are its parameters */
	PURPOSE_ACQUIRE,
	PURPOSE_RELEASE,
	PURPOSE_CONDITIONAL, /* acquires if it can, and returns whether it did */
	PURPOSE_LOOP,        /* a loop as recursion */
	PURPOSE_DIRECTION,   /* acquires or releases, as its argument says */
	PURPOSE_BALANCED,    /* takes a lock, works, and gives it back */
	PURPOSE_RETAKEN,     /* gives a lock up, works, and takes it again */
	PURPOSE_SETTER,      /* sets a flag to its argument */
	PURPOSE_GETTER,      /* returns what a flag is */
	PURPOSE_STOP,        /* stops the system */
	PURPOSE_ASSERTION,   /* asserts that a lock is held */
	PURPOSE_CLEANUP,     /* releases at the end of a scope: its parameters are fields of one struct */
};

struct prog_function {
	struct prog_node *body;
	unsigned parameters;
	enum prog_type parameter[PROG_PARAMETERS];
	enum prog_type returns; /* NONE, FLAG, STATUS */
	enum prog_purpose purpose;
	uint8_t style;     /* CALL_STATIC ... : enum shape_id */
	uint8_t flag;      /* of a setter or getter: the variable */
	uint8_t lock;      /* a helper that serves one lock: its index; else PROG_NONE */
	uint8_t call;      /* of a helper: index into rule.call; of one for both directions: the acquire */
	bool outer;        /* it only calls another helper */
	uint32_t end_line; /* of its closing brace; set when it is printed */
};

struct prog {
	const struct rule *rule;
	unsigned role;
	struct arena *arena; /* of nodes; not owned */
	struct shapes shapes;
	unsigned locks;    /* bit set of locks in use */
	unsigned chosen;   /* bit set of locks of which there are two, one of them chosen by the request */
	unsigned named;    /* bit set of locks that `main` names without a pointer that it was given */
	unsigned flags;    /* bit set of flags in use */
	unsigned set;      /* bit set of flags that are set: variables of the routine */
	unsigned moving;   /* of those, the ones that change in a loop and are read */
	unsigned fresh;    /* of those, the ones whose value at entry nobody reads */
	unsigned rising;   /* of those, the ones that are set to 1 where they are not known to be 0 */
	unsigned climbing; /* of those, the ones that a loop may set again and again without clearing them */
	unsigned vars, functions, labels, agains;
	unsigned main;    /* function that holds the statements */
	unsigned effects; /* bit set of dimensions whose choice changed something; for defaults always */
	unsigned returns; /* of the sequence */
	unsigned outside; /* statements of the routine before the block at whose end releases run by themselves */
	uint8_t given[RULE_LOCKS][RULE_LOCKS]; /* releases of a lock that give back the KIRQL of a lock */
	bool overlaps;                         /* a path acquires a lock while another is held */
	bool strays; /* a release takes its KIRQL from where a lock saved it that is free by then */
	bool leaks;  /* a path ends with a lock held */
	struct prog_var var[PROG_VARS];
	struct prog_function function[PROG_FUNCTIONS];
	bool clean;        /* the IRQL can stay legal, and locks are taken in one order and given back in turn */
	const char *unfit; /* why no level holds it, exact as its verdict is; NULL: one may */
	uint32_t end_line; /* of the routine's closing brace; set when it is printed */
	uint32_t return_line; /* of a return that no node stands for, at the routine's end; 0: none */
};

/* Ends the process when an invariant does not hold: it is our mistake. */
void prog_check(const struct prog *prog);

/* How often one line of the text can be reached with the same locks and yet have different things to follow:
 * the number of places from which the same unknown is asked for, times the valuations of flags that change in
 * a loop and of results that are kept. */
unsigned prog_sites(const struct prog *prog);

/* How many statements ask for what is unknown (tries, conditions that are new each time), or lead back. */
unsigned prog_asks(const struct prog *prog);

/* Whether there may be more paths than can be followed one by one: where a loop leads back, those that come
 * to no situation twice grow exponentially with the situations. */
bool prog_has_many_paths(const struct prog *prog);

/* A node in the arena, zeroed, with no variables. */
struct prog_node *prog_node(struct arena *arena, enum prog_op op, unsigned statement);
/* Adds a variable; its index. */
unsigned prog_var(struct prog *prog, enum prog_type type, unsigned index);
/* Index of the (first) variable of that type and index, or PROG_NONE. */
unsigned prog_find_var(const struct prog *prog, enum prog_type type, unsigned index);
/* Whether the program has a choice of shape that changed something in it; a default always did. */
bool prog_has_shape(const struct prog *prog, enum shape_id id);
/* Whether a helper that is a macro stands on the line of its caller. */
bool prog_is_macro(const struct prog_function *function);
/* The queue handles that the program names, as a bit set. */
unsigned prog_handles(const struct prog *prog);
/* Whether the locks in use, or held at entry, are all of one type. */
bool prog_has_one_type(const struct prog *prog);
/* Whether a second file defines some of its helpers. */
bool prog_has_second_file(const struct prog *prog);
/* A flag is a local of the routine: by its shape, or since it is set. */
bool prog_flag_is_local(const struct prog *prog, unsigned flag);
/* What is kept of a flag is a truth value; else it is one of two words that its shape has. */
bool prog_flag_is_truth(const struct prog *prog);
/* Whether a function sets or gets a flag. */
bool prog_is_accessor(const struct prog_function *function);
/* Whether a function is a run of the routine's statements. */
bool prog_is_run(const struct prog_function *function);
/* Whether a function does nothing but to serve a lock. */
bool prog_serves(const struct prog_function *function);
/* Whether control never reaches what stands behind the node. */
bool prog_is_jump(const struct prog_node *node);
bool prog_is_loop(const struct prog_node *node);
/* Whether its other block is one call: a guard's release, what a scope ends with. */
bool prog_ends_in_call(const struct prog_node *node);
/* Whether a break in its block leaves it: a loop, a do-once, a guard; not a switch, which lets a continue
 * pass. */
bool prog_is_left_by_break(const struct prog_node *node);
/* Whether the case of a switch that has a value is the one for true; the other is the default. */
bool prog_case_is_true(const struct prog *prog, const struct prog_node *node);
/* Whether what the node calls returns a status; else it is a BOOLEAN. */
bool prog_returns_status(const struct prog *prog, const struct prog_node *node);
/* Whether a call, or the call of a helper, acquires or releases. */
bool prog_does(const struct prog *prog, const struct prog_node *node, enum event event);
/* Whether a break in this block, at any depth short of an inner loop, would leave something around it; the
 * same of continue. */
bool prog_has_break(const struct prog_node *node);
bool prog_has_continue(const struct prog_node *node);
/* Whether such a node, or condition, stands in the block at any depth. */
bool prog_has(const struct prog_node *node, enum prog_op op);
bool prog_has_condition(const struct prog_node *node, enum prog_condition_kind kind);
/* Whether control never reaches the end of a block. */
bool prog_ends_in_jump(const struct prog_node *node);
/* The link behind the last node of a block. */
struct prog_node **prog_end(struct prog_node **link);
/* A GOTO or LABEL node; label 0 makes a new label. */
struct prog_node *prog_jump(struct prog *prog, struct arena *arena, enum prog_op op, enum prog_label kind,
                            unsigned label);

#endif
