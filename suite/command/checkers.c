/* lockdrill checkers: which checkers there are, and which of them are here, with their versions. See
 * command.h.
 *
 * A checker whose version cannot be read is here all the same: the version is then a hyphen. An adapter
 * that is broken is reported, and the others are listed.
 */
#include <stdio.h>

#include "checker.h"
#include "command.h"

enum { NAME_WIDTH = 22, WORLD_WIDTH = 15 };

static bool
print_checker(struct arena *arena, const char *name)
{
	struct checker checker;
	const char *version = "";
	struct diag diag;

	if (!checker_load(&checker, arena, name, &diag)) {
		diag_print(stderr, &diag);
		return false;
	}
	if (checker.adapter.degenerate)
		version = "built in";
	else if (checker.exe && checker_meet(&checker, arena, &diag))
		version = checker.version;
	printf("%-*s %-*s %-5s %s\n", NAME_WIDTH, name, WORLD_WIDTH, checker.adapter.world->name,
	       checker.exe ? "yes" : "no", version[0] ? version : "-");
	checker_free(&checker);
	return true;
}

static int
run(int argc, char **argv)
{
	const char **names;
	struct arena arena = {0};
	unsigned operands;
	size_t count;
	int status;

	if (!command_options(&command_checkers, NULL, argc, argv, NULL, &operands, &status))
		return status;
	count = adapter_list(&arena, &names);
	printf("%-*s %-*s %-5s %s\n", NAME_WIDTH, "CHECKER", WORLD_WIDTH, "WORLD", "HERE", "VERSION");
	for (size_t i = 0; i < count; i++)
		if (!print_checker(&arena, names[i]))
			status = STATUS_USAGE;
	arena_free(&arena);
	return status;
}

const struct command command_checkers = {
	.name = "checkers", .operands = "", .summary = "list the checkers and whether each is here", .run = run};
