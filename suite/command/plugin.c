/* lockdrill plugin FILE: the worker of a checker in a shared object: answers what is asked on standard
 * input, by the line protocol. See command.h.
 *
 * The plug-in gets neither of the two streams: what it prints goes to standard error.
 */
#include "command.h"
#include "plugin.h"

static int
run(int argc, char **argv)
{
	const struct lockdrill_checker *checker;
	struct diag diag;
	int in, out;

	if (argc != 2) {
		diag_set(&diag, "plugin", 0, 0, "expected FILE, a shared object that defines lockdrill_checker");
		return command_refuse(&diag);
	}
	if (!plugin_take_streams(&in, &out))
		die("cannot set up the streams of a plug-in:");
	checker = plugin_load(argv[1], &diag);
	if (!checker || !plugin_serve(checker, argv[1], in, out, &diag))
		return command_refuse(&diag);
	return STATUS_FINE;
}

const struct command command_plugin = {.name = "plugin", .run = run};
