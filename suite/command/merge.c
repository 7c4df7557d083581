/* lockdrill merge: one database from those of all shards of a level. */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "store.h"

static int
run(int argc, char **argv)
{
	const char **operand = calloc((size_t)argc + 1, sizeof *operand);
	unsigned operands;
	struct diag diag;
	int status;

	if (!operand)
		die("out of memory");
	if (command_options(&command_merge, NULL, argc, argv, operand, &operands, &status)) {
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

const struct command command_merge = {.name = "merge",
                                      .operands = "OUT.db PART.db...",
                                      .summary = "one database from those of all shards of a level",
                                      .operands_most = COMMAND_ANY,
                                      .words = WORDS_FILE,
                                      .run = run};
