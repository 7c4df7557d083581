/* run_command: the command line of a step, from what its adapter says and where a pack's files are. See
 * run_state.h.
 */
#include <stdio.h>
#include <string.h>

#include "run_state.h"

struct run_places
run_places(const struct running *r, const struct pack *pack)
{
	return (struct run_places){.file = pack->path[PACK_TEXT],
	                           .helpers = pack->two_files ? pack->path[PACK_HELPERS] : NULL,
	                           .spans = pack->path[PACK_SPANS],
	                           .directory = pack->work,
	                           .include = r->headers.directory};
}

void
run_arguments(const struct running *r, struct arena *arena, unsigned step, const struct run_places *places,
              const char **argv)
{
	const struct adapter_step *of = &r->options->adapter->step[step];
	char repeat[16];
	const char *const values[] = {
		"exe",    r->options->exe, "self",  r->options->self,     "file",    places->file,
		"spans",  places->spans,   "dir",   places->directory,    "include", places->include,
		"repeat", repeat,          "entry", "LockdrillHarness_0", NULL};
	unsigned count = 0;

	snprintf(repeat, sizeof repeat, "%u", r->options->repeat + 1);
	for (unsigned i = 0; i < of->arguments; i++) {
		bool files = !strcmp(of->argument[i], "{files}");

		argv[count++] = files ? places->file : adapter_argument(arena, of->argument[i], values);
		if (files && places->helpers)
			argv[count++] = places->helpers;
	}
	argv[count] = NULL;
}
