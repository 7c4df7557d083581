/* launch: the order that starts a program. See launch.h.
 *
 * How it works: an order's strings stand one behind the other: the directory, the settings of the
 * environment, the arguments. bubblewrap, where wanted, is put in front of the program's arguments; it runs
 * below the supervisor like any program.
 */
#include "launch.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A string of an order, with its NUL. */
static void
put(struct buf *strings, const char *string)
{
	buf_add(strings, string, strlen(string) + 1);
}

static void
put_setting(struct buf *strings, const char *name, const char *value)
{
	buf_printf(strings, "%s=%s", name, value);
	buf_putc(strings, 0);
}

static unsigned
put_settings(struct buf *strings, const char *directory)
{
	const char *path = getenv("PATH");

	put_setting(strings, "PATH", path ? path : "/usr/bin:/bin");
	put_setting(strings, "HOME", directory);
	put_setting(strings, "TMPDIR", directory);
	put_setting(strings, "LC_ALL", "C");
	put_setting(strings, "TZ", "UTC");
	return 5;
}

/* What stands below /tmp would be hidden by the private one. */
static unsigned
put_visible(struct buf *strings, const char *path)
{
	if (strncmp(path, "/tmp/", 5))
		return 0;
	put(strings, "--ro-bind-try");
	put(strings, path);
	put(strings, path);
	return 3;
}

/* The run's directory and the two programs can be read; the process's directory comes last, for it may lie in
 * the run's. */
static unsigned
put_bubblewrap(struct buf *strings, const struct lane *lane, const struct process_command *command)
{
	static const char *const fixed[] = {"--unshare-net",
	                                    "--unshare-pid",
	                                    "--unshare-ipc",
	                                    "--unshare-uts",
	                                    "--die-with-parent",
	                                    "--cap-drop",
	                                    "ALL",
	                                    "--ro-bind",
	                                    "/",
	                                    "/",
	                                    "--dev",
	                                    "/dev",
	                                    "--proc",
	                                    "/proc",
	                                    "--tmpfs",
	                                    "/tmp"};
	const char *const last[] = {"--bind",  command->directory, command->directory,
	                            "--chdir", command->directory, "--"};
	unsigned count = 1;

	put(strings, lane->bubblewrap.data);
	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++, count++)
		put(strings, fixed[i]);
	count += put_visible(strings, lane->options.root);
	count += put_visible(strings, command->argv[0]);
	count += put_visible(strings, lane->options.self);
	for (size_t i = 0; i < sizeof last / sizeof *last; i++, count++)
		put(strings, last[i]);
	return count;
}

bool
launch_is_possible(const struct process_command *command)
{
	struct stat status;

	if (stat(command->directory, &status))
		return false;
	if (!S_ISDIR(status.st_mode))
		errno = ENOTDIR;
	return S_ISDIR(status.st_mode) && !access(command->argv[0], X_OK);
}

void
launch_order(struct order *order, struct buf *strings, const struct lane *lane,
             const struct process_command *command)
{
	assert(command->argv[0] && command->directory[0] == '/');
	*order = (struct order){
		.kind = ORDER_RUN,
		.talks = command->talks,
		.contained = lane->options.containment == CONTAIN_BUBBLEWRAP,
		.limits = command->limits,
	};
	put(strings, command->directory);
	order->settings = put_settings(strings, command->directory);
	if (order->contained)
		order->arguments = put_bubblewrap(strings, lane, command);
	for (const char *const *argument = command->argv; *argument; argument++, order->arguments++)
		put(strings, *argument);
}
