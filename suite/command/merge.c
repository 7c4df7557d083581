/* lockdrill merge: one database from those of all shards of a level. */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "store.h"

int
command_merge(int argc, char **argv)
{
	const struct option options[] = {{0}};
	const char **operand = calloc((size_t)argc + 1, sizeof *operand);
	unsigned operands;
	struct diag diag;
	int status;

	if (!operand)
		die("out of memory");
	if (command_options(options, argc, argv, operand, (unsigned)argc, &operands, &status)) {
		if (operands < 2) {
			diag_set(&diag, "merge", 0, 0, "give the result's name, and the databases of a level's shards");
			status = command_refuse(&diag);
		} else if (!store_merge(operand[0], operand + 1, operands - 1, &diag)) {
			status = command_refuse(&diag);
		}
	}
	free(operand);
	return status;
}
