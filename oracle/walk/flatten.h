/* flatten: a program as a list of instructions with jump targets: what walk executes. */
#ifndef FLATTEN_H
#define FLATTEN_H

#include <stdint.h>

#include "prog.h"

enum insn_op {
	INSN_NODE,   /* what the node does by itself */
	INSN_CALL,   /* calls the node's function */
	INSN_BRANCH, /* goes on when the node's condition holds, else to target */
	INSN_TRY,    /* goes on when the node's call takes the lock, else to target */
	INSN_JUMP,   /* goes to target */
	INSN_RETURN,
	INSN_STOP,   /* the path ends here */
	INSN_FORGET, /* which exit of shared clean-up was taken */
};

struct insn {
	enum insn_op op;
	const struct prog_node *node; /* NULL: the end of a function, or a jump that no node stands for */
	uint32_t target;
};

/* Work space, kept from program to program. Zeroed is ready. */
struct flat {
	struct insn *insn;
	uint32_t insns, insn_room;
	uint32_t entry[PROG_FUNCTIONS];
	uint32_t *label; /* instruction of each label; labels of ours follow those of the program */
	uint32_t labels, label_room;
	const struct prog_node *scope; /* that what is flattened stands in, or NULL */
};

void flatten(struct flat *flat, const struct prog *prog);
void flatten_free(struct flat *flat);

#endif
