/* lockdrill: the command line. Finds the command, runs it, and sees that its results were written. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "data.h"
#include "help.h"
#include "progress.h"

static const struct command *const all[] = {
#define COMMAND(name) &command_##name,
	COMMANDS(COMMAND)
#undef COMMAND
};

/* A closed pipe or a full disk is an error to report, not a reason to die silently. */
static void
ignore_signals(void)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL);
}

static int
finish(int status)
{
	progress_clear();
	errno = 0;
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "lockdrill: cannot write the results: %s\n", errno ? strerror(errno) : "write error");
		return STATUS_USAGE;
	}
	return status;
}

static int
run_command(int argc, char **argv)
{
	const struct command *command = command_find(argv[0]);

	if (command)
		return command->run(argc, argv);
	fprintf(stderr, "lockdrill: unknown command '%s'; did you mean %s? (--help lists all)\n", argv[0],
	        command_nearest(argv[0])->name);
	return STATUS_USAGE;
}

/* Options that stand before any command. */
static const struct {
	const char *option;
	int words; /* of `help --version` */
} before[] = {
	{"--help", 1},
	{"-h", 1},
	{"--version", 2},
	{"-V", 2},
};

int
main(int argc, char **argv)
{
	char help[] = "help", version[] = "--version", *words[] = {help, version, NULL};
	const char *path = getenv("LOCKDRILL_PATH");

	command_list = all;
	command_count = sizeof all / sizeof *all;
	ignore_signals();
	if (path && !data_add_directory(path))
		die("cannot read LOCKDRILL_PATH=%s:", path);
	if (argc < 2) {
		help_print_usage(stderr);
		return STATUS_USAGE;
	}
	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		if (!strcmp(argv[1], before[i].option))
			return finish(run_command(before[i].words, words));
	return finish(run_command(argc - 1, argv + 1));
}
