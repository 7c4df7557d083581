/* A verification witness in the YAML format 2.0 of SV-COMP: evidence for a verdict that whoever doubts it can
 * follow. One entry a file: the unknowns on a path to a violation, or invariants of a correct program.
 */
#ifndef WITNESS_H
#define WITNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "diag.h"

enum { WITNESS_MOST = 1 << 20 };         /* bytes of a file */
enum { WITNESS_WAYPOINTS_MOST = 10000 }; /* or invariants of one */
enum { WITNESS_HASH = 65 };              /* SHA-256 as hexadecimal digits and a NUL */

/* A place in the program, and in the witness for messages. */
struct witness_place {
	uint32_t line, column; /* from 1; column 0: not told */
	const char *function;  /* NULL: not told */
	const char *file;
	unsigned at_line, at_column; /* of the place in the witness; 0 in one that was not read */
};

enum waypoint_kind { WAYPOINT_RETURN, WAYPOINT_TARGET };
enum witness_relation { RELATION_EQUAL, RELATION_UNEQUAL };

/* Where a path comes along: an unknown with what it is, and last the violation. */
struct waypoint {
	enum waypoint_kind kind;
	struct witness_place place;
	enum witness_relation relation; /* of RETURN, whose call returned what is, or is not, the value */
	int32_t value;
};

struct invariant {
	bool loop; /* holds whenever the loop's condition is asked; else before the statement */
	struct witness_place place;
	const char *value; /* a C expression */
};

struct witness {
	bool violation; /* else correctness */
	const char *uuid, *created, *producer, *version;
	const char *input_file, *input_hash;
	const char *specification, *data_model;
	unsigned count; /* of the waypoints, or of the invariants */
	struct waypoint *waypoint;
	struct invariant *invariant;
};

/* Reads a file of one entry. What is in it lives in the arena. False with the place of what is no such
 * witness, or has what no replay here follows. */
bool witness_read(struct witness *witness, struct arena *arena, const char *name, const char *text,
                  size_t length, struct diag *diag);
void witness_print(struct buf *out, const struct witness *witness);
/* SHA-256, as witnesses name files. */
void witness_hash(const void *bytes, size_t length, char hash[WITNESS_HASH]);
/* Whether a text is an expression without effects: names, members, elements, numbers, comparisons, + & % !
 * && || and parentheses. */
bool witness_is_harmless(const char *expression);

#endif
