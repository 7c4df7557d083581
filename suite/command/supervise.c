/* lockdrill supervise FD: supervises the programs of one lane; FD is the supervisor's end of a socket pair.
 * See command.h and supervisor.h. */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "supervisor.h"

enum { DIGITS_MOST = 6 };

static int
run(int argc, char **argv)
{
	char *end = NULL;
	long number = argc == 2 ? strtol(argv[1], &end, 10) : -1;

	if (number > 0 && !*end && end - argv[1] <= DIGITS_MOST && !supervisor_run((int)number))
		return STATUS_FINE;
	fputs("lockdrill: supervise: this command is lockdrill's own: it starts its supervisors by it\n", stderr);
	return STATUS_USAGE;
}

const struct command command_supervise = {.name = "supervise", .run = run};
