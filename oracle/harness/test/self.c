/* Our own binary, among the tests, is the tests' binary: started as `SELF supervise FD` it is a supervisor,
 * as lockdrill is. That is seen before main, which belongs to the test framework. */
#include <stdlib.h>
#include <string.h>

#include "supervisor.h"

struct role {
	const char *name;
	int (*run)(const char *operand);
};

static int
supervise(const char *descriptor)
{
	return supervisor_run(atoi(descriptor));
}

static const struct role roles[] = {{"supervise", supervise}};

__attribute__((constructor)) static void
play_role(int argc, char **argv)
{
	for (size_t i = 0; argc == 3 && i < sizeof roles / sizeof *roles; i++)
		if (!strcmp(argv[1], roles[i].name))
			exit(roles[i].run(argv[2]));
}
