/* walk_state: what the files of walk share. Only oracle/walk/walk*.c use it. */
#ifndef WALK_STATE_H
#define WALK_STATE_H

#include "flatten.h"
#include "walk.h"

enum { WALK_DEPTH = 6, WALK_LINES = 100 };
enum { WALK_FURTHER = 1 << 18 };                 /* states that are looked at where the cap is reached */
enum { UNSET = 0xff };                           /* a value that is not known */
enum { VALUE_UNKNOWN, VALUE_FALSE, VALUE_TRUE }; /* of a flag, a status, an AGAIN */

_Static_assert(PROG_PARAMETERS % 2 == 1, "frames are compared as bytes and must have no padding");

struct walk_frame {
	uint16_t back;                         /* instruction of the call */
	uint8_t argument[PROG_PARAMETERS + 1]; /* one more: 1 + the variable of a KIRQL */
};

struct walk_state {
	uint16_t at; /* instruction */
	uint8_t depth;
	uint8_t irql;
	uint8_t held;    /* bit a lock */
	uint8_t shared;  /* those of them that others may hold too */
	uint8_t ready;   /* locks that need no initialisation, or no more; spare ones in the upper half */
	uint8_t tainted; /* a held lock was taken without a violation: the IRQL is judged no more */
	uint8_t owner[RULE_LOCKS]; /* a handle: 0 not in use, else 1 + lock */
	uint8_t kept[RULE_LOCKS];  /* what the lock or its handle keeps: an IRQL; 1 + the variable that has it */
	int16_t automaton[RULE_LOCKS]; /* state or count of a lock, a handle, or [0] of all */
	uint16_t taken[RULE_LOCKS];    /* 1 + instruction that took the lock, while it is held */
	uint16_t site[RULE_LOCKS];     /* and of the call in the main function that led there */
	uint16_t givers[RULE_LOCKS];   /* calls that give it back, while it is held; 0 where nobody asks */
	uint16_t left;                 /* 1 + return of the function that does the routine's work */
	uint8_t exit;                  /* number of the shared clean-up's exit that was taken; 0: none */
	uint8_t result;                /* what the last function returned, until it is looked at */
	uint8_t outer;                 /* 1 + IRQL at which the outer lock was taken, while it is held */
	uint8_t inner[RULE_LOCKS];     /* of rules with handles: bit set of locks taken since this one */
	struct walk_frame frame[WALK_DEPTH];
	uint8_t var[PROG_VARS];
};

struct walk_found {
	struct finding finding;
	uint32_t state;    /* in which it happens */
	unsigned function; /* in which its line stands */
	unsigned lines;
	uint32_t line[WALK_LINES];
};

struct walk_memory {
	struct flat flat;
	struct walk_state *state;
	uint32_t *from; /* index of the state before */
	uint32_t states, state_room;
	uint32_t *slot; /* hash table: 1 + index of a state, or 0 */
	uint32_t slots; /* a power of two */
	struct walk_found *found;
	uint32_t founds, found_room;
};

struct walk_hook;

struct walking {
	struct walk_memory *m;
	const struct prog *prog;
	const struct rule *rule;
	const struct rule_role *role;
	const struct rule_reading *reading;
	int cap;
	const struct walk_hook *hook; /* NULL: none, as in every walk of the reference */
	bool undecided;               /* a path reached the cap, and ended there */
	bool gave_up;                 /* then there were too many states */
	bool deadlock, judges_irql;
	uint8_t before[RULE_LOCKS]; /* bit set of locks that were held when this one was taken, on any path */
	const char *defect;
	uint32_t defect_line;
	uint32_t current; /* the state that is being executed */
};

/* Adds a state where it is new. */
void walk_add_state(struct walking *w, struct walk_state *state);
/* Goes on at an instruction. */
void walk_go(struct walking *w, struct walk_state *state, uint32_t at);
/* Executes one instruction in one state. */
void walk_step(struct walking *w, uint32_t index);

/* oracle/walk/walk_find.c */
struct walk_found *walk_add_finding(struct walking *w, enum kind kind, unsigned statement, unsigned lock,
                                    uint32_t line);
/* Another line that a good checker may name. */
void walk_add_line(struct walk_found *found, uint32_t line);
/* A finding at a call. */
void walk_report(struct walking *w, const struct walk_state *state, const struct prog_node *node,
                 enum kind kind, unsigned lock);
/* Another defect than the rule's, before the first violation: of the IRQL, which is judged where it can be
 * legal; and of any other kind, under each reading. */
void walk_defect(struct walking *w, const struct walk_state *state, const struct prog_node *node,
                 const char *what);
void walk_always_defect(struct walking *w, const struct prog_node *node, const char *what);
/* The line on which a node of the present function stands: of a macro, its caller's. */
uint32_t walk_line(const struct walking *w, const struct walk_state *state, const struct prog_node *node);
/* The function that is running, and not a macro. */
unsigned walk_function(const struct walking *w, const struct walk_state *state);

/* oracle/walk/walk_trace.c */
void walk_collect(struct walking *w, bool with_paths, struct arena *arena, struct walk_result *result);

/* oracle/walk/walk_call.c */
uint8_t walk_value(const struct walk_state *state, struct prog_expr value);
/* The variable that a call saves the IRQL in: a parameter holds its index. */
unsigned walk_saved_in(const struct walk_state *state, struct prog_expr irql);
unsigned walk_lock(const struct walking *w, const struct walk_state *state, const struct prog_node *node);
/* Calls that are open while the function with the routine's statements runs. */
unsigned walk_main_depth(const struct walking *w);
/* The lowest IRQL that the caller may have entered the routine with. */
enum irql walk_entry_irql(const struct walking *w);
/* 1 + the variable that a KIRQL's value is read from, here or by a caller; 0: none. */
unsigned walk_saved_source(const struct walk_state *state, struct prog_expr irql);
/* Whether a call waits for a lock that its own path holds. */
bool walk_waits(const struct walk_state *state, const struct rule_call *call, unsigned lock);
/* Execute a call that happens. False when the path ends. */
bool walk_acquire(struct walking *w, struct walk_state *state, const struct prog_node *node);
bool walk_release(struct walking *w, struct walk_state *state, const struct prog_node *node);
/* The locks that are ready at entry; one becomes so. */
unsigned walk_ready(const struct prog *prog);
void walk_initialise(struct walking *w, struct walk_state *state, const struct prog_node *node);
/* Any call of the rule. */
bool walk_call(struct walking *w, struct walk_state *state, const struct prog_node *node);
/* The routine's end; `leave` is the return, or NULL. */
void walk_leave(struct walking *w, const struct walk_state *state, const struct prog_node *leave);

#endif
