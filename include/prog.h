/* A program: a sequence after its shapes: what is printed and what is walked.
 *
 * A tree of statements in the style of C. Function 0 is the routine, the others are its helpers. Locks are named by their
 * letter's index wherever they live; pointers hold such an index. Invariants are what prog_check verifies.
 */
#ifndef PROG_H
#define PROG_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "rule.h"
#include "seq.h"
#include "shape.h"

enum {
	PROG_VARS = 24,
	PROG_PARAMETERS = 3,
	PROG_FUNCTIONS = 8,
	PROG_LABELS = 64,
	PROG_NONE = 0xff, /* no variable, no lock */
};

enum prog_type {
	TYPE_LOCK,      /* pointer to a lock */
	TYPE_KIRQL,     /* saved IRQL */
	TYPE_HANDLE,    /* queue handle; a parameter is a pointer to one */
	TYPE_FLAG,      /* BOOLEAN, an unknown that is fixed for the routine */
	TYPE_STATUS,    /* NTSTATUS: success or failure */
	TYPE_EXTENSION, /* pointer to the device extension: parameters only */
};

struct prog_var {
	enum prog_type type;
	uint8_t index;   /* lock, handle or flag that it stands for */
	bool in_request; /* a flag: a field of the request; else a local */
};

/* A value: of what kind is known from where it stands. */
enum prog_expr_kind { EXPR_NONE, EXPR_LOCK, EXPR_VAR, EXPR_PARAMETER, EXPR_EXTENSION };

struct prog_expr {
	uint8_t kind;  /* enum prog_expr_kind */
	uint8_t index; /* lock, variable or parameter */
};

enum prog_op {
	PROG_CALL,   /* one call of the rule: call(lock, handle, irql) */
	PROG_HELPER, /* function(argument...) */
	PROG_TRY,    /* if (call(lock)) body else other */
	PROG_IF,     /* if (condition) body else other */
	PROG_SWITCH, /* the same as a switch over the condition's value */
	PROG_WHILE,  /* while (condition) body */
	PROG_FOR,    /* the same as a for with a counter that nobody reads */
	PROG_DO,     /* if (condition) do body while (condition) */
	PROG_BREAK,
	PROG_CONTINUE,
	PROG_RETURN,
	PROG_GOTO,  /* goto label */
	PROG_LABEL, /* label: */
	PROG_FAIL,  /* variable (a status) = a failure */
	PROG_WORK,  /* something that does not matter */
};

enum prog_condition_kind { CONDITION_UNKNOWN, CONDITION_FLAG, CONDITION_STATUS };

/* Holds when the guard, if any, is a success and the kind's own test holds; the guard is tested first. */
struct prog_condition {
	uint8_t kind;     /* enum prog_condition_kind */
	uint8_t variable; /* the flag or status */
	uint8_t guard;    /* a status variable, or PROG_NONE */
	bool negated;     /* of the flag */
};

struct prog_node {
	struct prog_node *next;  /* in the same block */
	struct prog_node *body;  /* first of the inner block, or NULL */
	struct prog_node *other; /* first of the else block, or NULL */
	uint8_t op;              /* enum prog_op */
	uint8_t call;            /* CALL, TRY: index into rule.call */
	uint8_t function;        /* HELPER */
	uint8_t variable;        /* FAIL */
	uint16_t statement;      /* of the sequence; 0 where a shape added the node */
	uint16_t label;          /* GOTO, LABEL */
	struct prog_expr lock, handle, irql;
	struct prog_expr argument[PROG_PARAMETERS];
	struct prog_condition condition;
	uint32_t line; /* of the body, from 1; set when it is printed */
};

struct prog_function {
	struct prog_node *body;
	unsigned parameters;
	enum prog_type parameter[PROG_PARAMETERS];
	uint8_t lock; /* a helper that serves one lock: its index; else PROG_NONE */
};

struct prog {
	const struct rule *rule;
	unsigned role;
	struct shapes shapes;
	unsigned locks; /* bit set of locks in use */
	unsigned flags; /* bit set of flags in use */
	unsigned vars, functions, labels;
	struct prog_var var[PROG_VARS];
	struct prog_function function[PROG_FUNCTIONS];
	bool clean;        /* a KIRQL could be chosen for every release: the IRQL stays legal */
	uint32_t end_line; /* of the routine's closing brace; set when it is printed */
};

/* Lowers a sequence to its plainest program, then applies the shapes in the order of their dimensions. Everything
 * lives in the arena. Shapes that do not apply must have been refused before (shape_applies). */
void prog_make(struct prog *prog, struct arena *arena, const struct rule *rule, unsigned role,
               const struct seq *seq, const struct shapes *shapes);

/* Ends the process when an invariant does not hold: it is our mistake. Called between rewritings in test builds. */
void prog_check(const struct prog *prog);

/* A node at the front of the arena's memory, zeroed, with no variables. */
struct prog_node *prog_node(struct arena *arena, enum prog_op op, unsigned statement);
/* Adds a variable; its index. */
unsigned prog_var(struct prog *prog, enum prog_type type, unsigned index);
/* Index of the variable of that type and index, or PROG_NONE. */
unsigned prog_find_var(const struct prog *prog, enum prog_type type, unsigned index);

/* Rewrites the plain program by the prog's shapes (gen/shape.c). */
void shape_apply(struct prog *prog, struct arena *arena);

#endif
