/* lockdrill: the command line. Finds the command, runs it, and sees that its results were written. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "data.h"
#include "version.h"

static const struct {
	const char *name, *operands, *summary;
	int (*run)(int argc, char **argv);
} commands[] = {
#define COMMAND(name, operands, summary) {#name, operands, summary, command_##name},
	COMMANDS(COMMAND) HIDDEN_COMMANDS(COMMAND)
#undef COMMAND
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void
print_usage(FILE *stream)
{
	fputs("lockdrill: C programs that use locks correctly and incorrectly, with proved verdicts, "
	      "and scores for lock checkers\n\nusage: lockdrill COMMAND ...\n\n",
	      stream);
	for (unsigned i = 0; i < COMMAND_COUNT; i++)
		if (commands[i].summary)
			fprintf(stream, "  %-9s %s\n", commands[i].name, commands[i].summary);
	fputs("\n`lockdrill COMMAND --help` lists a command's options.\n", stream);
}

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
	const char *best = commands[0].name;
	size_t most = 0;

	for (unsigned i = 0; i < COMMAND_COUNT; i++) {
		size_t same = 0;

		if (!strcmp(commands[i].name, argv[0]))
			return commands[i].run(argc, argv);
		while (argv[0][same] && argv[0][same] == commands[i].name[same])
			same++;
		if (same > most && commands[i].summary) {
			most = same;
			best = commands[i].name;
		}
	}
	fprintf(stderr, "lockdrill: unknown command '%s'; did you mean %s? (--help lists all)\n", argv[0], best);
	return STATUS_USAGE;
}

int
main(int argc, char **argv)
{
	const char *path = getenv("LOCKDRILL_PATH");

	ignore_signals();
	if (path && !data_add_directory(path))
		die("cannot read LOCKDRILL_PATH=%s:", path);
	if (argc < 2) {
		print_usage(stderr);
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help")) {
		print_usage(stdout);
		return finish(STATUS_FINE);
	}
	if (!strcmp(argv[1], "--version")) {
		printf("lockdrill %s\n", LOCKDRILL_VERSION);
		return finish(STATUS_FINE);
	}
	return finish(run_command(argc - 1, argv + 1));
}
