/* Runs a command, and prints the peak of the memory of its largest process, also of those that it started and
 * waited for, in kB, on descriptor 3: for ci/test_memory.sh and measurements by hand. Its exit status is the
 * command's.
 *
 *   peak COMMAND [ARGUMENT]... 3> FILE
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { USAGE = 2, CANNOT = 127, KILLED = 128 };

int
main(int argc, char **argv)
{
	struct rusage used;
	pid_t child;
	int status;

	if (argc < 2) {
		fputs("usage: peak COMMAND [ARGUMENT]... 3> FILE\n", stderr);
		return USAGE;
	}
	child = fork();
	if (!child) {
		execvp(argv[1], argv + 1);
		perror(argv[1]);
		_exit(CANNOT);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || getrusage(RUSAGE_CHILDREN, &used)) {
		perror("peak");
		return USAGE;
	}
	dprintf(3, "%ld\n", used.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : KILLED + WTERMSIG(status);
}
