/* lockdrill keep FD: keeps one slot of a run; FD is the keeper's end of a socket pair. See command.h and keeper.h. */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "keeper.h"

enum { DIGITS_MOST = 6 };

int
command_keep(int argc, char **argv)
{
	char *end = NULL;
	long number = argc == 2 ? strtol(argv[1], &end, 10) : -1;

	if (number > 0 && !*end && end - argv[1] <= DIGITS_MOST && !keeper_run((int)number))
		return STATUS_FINE;
	fputs("lockdrill: keep: this command is lockdrill's own: it starts its keepers by it\n", stderr);
	return STATUS_USAGE;
}
