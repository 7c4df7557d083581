/* Runs a command, and prints on descriptor 3 what it and all processes that it waited for have used: the peak
 * of the memory of the largest in kB, seconds of a processor, and seconds from beginning to end. For
 * ci/test_memory.sh, ci/growth.sh and measurements by hand. Its exit status is the command's.
 *
 *   peak COMMAND [ARGUMENT]... 3> FILE
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { USAGE = 2, CANNOT = 127, KILLED = 128 };

static double
seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

int
main(int argc, char **argv)
{
	struct timeval begin, end;
	struct rusage used;
	pid_t child;
	int status;

	if (argc < 2) {
		fputs("usage: peak COMMAND [ARGUMENT]... 3> FILE\n", stderr);
		return USAGE;
	}
	gettimeofday(&begin, NULL);
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
	gettimeofday(&end, NULL);
	dprintf(3, "%ld %.3f %.3f\n", used.ru_maxrss, seconds(used.ru_utime) + seconds(used.ru_stime),
	        seconds(end) - seconds(begin));
	return WIFEXITED(status) ? WEXITSTATUS(status) : KILLED + WTERMSIG(status);
}
