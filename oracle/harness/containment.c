/* containment: whether bubblewrap works here. See containment.h, and launch.c for how a program is put into
 * it.
 *
 * How it works: a kernel may forbid what bubblewrap needs, so it is tried: it runs `bwrap --version` within
 * itself.
 */
#include "containment.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lane_state.h"
#include "process.h"
#include "tree.h"

enum { VERSION_SECONDS = 10, VERSION_OUTPUT = 65536, WAIT = 1000 };

static bool
run_version(struct process *process, struct lane *lane, const char *directory)
{
	const char *const argv[] = {lane->bubblewrap.data, "--version", NULL};
	const struct process_command command = {
		.argv = argv,
		.directory = directory,
		.limits = {.seconds = VERSION_SECONDS, .output = VERSION_OUTPUT},
	};
	unsigned which;

	if (!process_start(process, lane, &command))
		return false;
	while (process->runs)
		process_wait(&process, 1, WAIT, &which);
	return process->end == END_OWN && process->exited && !process->status;
}

bool
containment_works(struct buf *version, struct diag *diag)
{
	const struct lane_options options = {.containment = CONTAIN_BUBBLEWRAP, .watch = true};
	struct process process = {0};
	char *directory = tree_temporary(diag);
	struct lane *lane = directory ? lane_start(&options, diag) : NULL;
	const char *text;
	bool ok = lane && run_version(&process, lane, directory);

	assert(!lane || lane_is_free(lane));
	text = buf_string(ok ? &process.stdout_text : &process.stderr_text);
	if (ok && version)
		buf_add(version, text, strcspn(text, "\n"));
	if (lane && !ok)
		diag_set(diag, lane->bubblewrap.data, 0, 0, "does not work here: %.*s", (int)strcspn(text, "\n"),
		         text);
	process_free(&process);
	lane_end(lane);
	if (directory)
		tree_remove(directory);
	free(directory);
	return ok;
}
