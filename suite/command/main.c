/* lockdrill: the command line. Finds the command, runs it, and sees that its results were written. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "data.h"
#include "help.h"
#include "progress.h"

static const struct command *const all[] = {
#define COMMAND(name) &command_##name,
	COMMANDS(COMMAND)
#undef COMMAND
};

/* What cannot be written fails where it is written, so that files are removed that are not whole. */
static void
ignore_signals(void)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL);
}

/* Whoever reads the results has enough of them. */
static bool
is_pipe_closed(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return poll(&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLHUP));
}

/* Results that could not be written are an error; without a message where nobody wants more of them, as
 * with `| head`. */
static int
finish(int status)
{
	progress_clear();
	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	if (!is_pipe_closed())
		fprintf(stderr, "lockdrill: cannot write the results: %s\n", errno ? strerror(errno) : "write error");
	return STATUS_USAGE;
}

static int
run_command(int argc, char **argv)
{
	const struct command *command = command_find(argv[0]);
	const struct command *nearest = command_nearest(argv[0]);
	struct diag diag;

	if (command)
		return command->run(argc, argv);
	diag_set(&diag, "lockdrill", 0, 0, "%s'%s'%s%s%s (lockdrill help lists all, and the manual)",
	         argv[0][0] == '-' ? "options stand behind the command: unknown command " : "unknown command ",
	         argv[0], nearest ? "; did you mean " : "", nearest ? nearest->name : "", nearest ? "?" : "");
	return command_refuse(&diag);
}

/* Options that stand before any command. */
static const struct {
	const char *option, *command;
	int words; /* of the command and `--version` */
} before[] = {
	{"--help", "help", 1}, {"-h", "help", 1},     {"--version", "help", 2},
	{"-V", "help", 2},     {"--cite", "cite", 1},
};

int
main(int argc, char **argv)
{
	char name[8], version[] = "--version", *words[] = {name, version, NULL};
	const char *path = getenv("LOCKDRILL_PATH");

	command_list = all;
	command_count = sizeof all / sizeof *all;
	ignore_signals();
	if (path && *path && !data_add_directory(path))
		die("cannot read LOCKDRILL_PATH=%s:", path);
	if (argc < 2) {
		help_print_usage(stderr);
		return STATUS_USAGE;
	}
	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		if (!strcmp(argv[1], before[i].option)) {
			snprintf(name, sizeof name, "%s", before[i].command);
			return finish(run_command(before[i].words, words));
		}
	return finish(run_command(argc - 1, argv + 1));
}
