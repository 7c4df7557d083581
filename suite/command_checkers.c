/* lockdrill checkers: which checkers there are, and which of them are here, with their versions. See command.h.
 *
 * A checker whose version cannot be read is here all the same: the version is then a hyphen. An adapter that is broken is
 * reported, and the others are listed.
 */
#include <stdio.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "adapter.h"
#include "command.h"
#include "process.h"

enum { VERSION_SECONDS = 10, VERSION_OUTPUT = 65536, VERSION_WAIT = 100, NAME_WIDTH = 22, WORLD_WIDTH = 15 };

/* {exe} and {self} stand alone or within an argument; both are the path here, since {self} is asked of nobody else. */
static const char *
fill_argument(struct arena *arena, const char *argument, const char *exe)
{
	struct buf out = {0};
	const char *filled;

	while (*argument) {
		size_t word = !strncmp(argument, "{exe}", 5) ? 5 : !strncmp(argument, "{self}", 6) ? 6 : 0;

		if (word)
			buf_puts(&out, exe);
		else
			buf_putc(&out, *argument);
		argument += word ? word : 1;
	}
	filled = arena_string(arena, buf_string(&out));
	buf_free(&out);
	return filled;
}

/* The group `version` of the first line that matches. */
static const char *
match_version(const struct adapter *adapter, struct arena *arena, const char *text)
{
	pcre2_match_data *match = pcre2_match_data_create_from_pattern(adapter->version_pattern, NULL);
	int group = pcre2_substring_number_from_name(adapter->version_pattern, (PCRE2_SPTR)"version");
	const char *version = NULL;

	if (!match)
		die("out of memory");
	for (const char *end; *text && !version; text = *end ? end + 1 : end) {
		const PCRE2_SIZE *at = pcre2_get_ovector_pointer(match);

		end = text + strcspn(text, "\n");
		if (pcre2_match(adapter->version_pattern, (PCRE2_SPTR)text, (size_t)(end - text), 0, 0, match,
		                NULL) > group && at[2 * group] != PCRE2_UNSET)
			version = arena_copy(arena, text + at[2 * group], at[2 * group + 1] - at[2 * group]);
	}
	pcre2_match_data_free(match);
	return version;
}

/* NULL where the program does not say. */
static const char *
ask_version(const struct adapter *adapter, struct arena *arena, const char *exe)
{
	const struct process_limits limits = {VERSION_SECONDS, VERSION_OUTPUT};
	const char *argv[ADAPTER_ARGUMENTS + 1] = {NULL}, *version = NULL;
	struct process process = {0}, *const all[] = {&process};
	unsigned ended;

	if (!adapter->version.arguments)
		return NULL;
	for (unsigned i = 0; i < adapter->version.arguments; i++)
		argv[i] = fill_argument(arena, adapter->version.argument[i], exe);
	if (!process_start(&process, argv, "/", &limits))
		return NULL;
	while (!process_wait(all, 1, VERSION_WAIT, &ended))
		continue;
	if (process.exited && !process.timed_out && !process.flooded) {
		version = match_version(adapter, arena, buf_string(&process.stdout_text));
		if (!version)
			version = match_version(adapter, arena, buf_string(&process.stderr_text));
	}
	process_free(&process);
	return version;
}

static bool
print_checker(struct arena *arena, const char *name, const char *self)
{
	struct adapter adapter;
	struct diag diag;
	const char *exe, *version = NULL;
	bool here;

	if (!adapter_load(&adapter, arena, name, &diag)) {
		diag_print(stderr, &diag);
		return false;
	}
	/* our own binary is here; what it is called does not matter */
	here = adapter_find_exe(&adapter, self, arena, &exe);
	if (here)
		version = exe == self ? "built in" : ask_version(&adapter, arena, exe);
	printf("%-*s %-*s %-5s %s\n", NAME_WIDTH, name, WORLD_WIDTH, adapter.world->name,
	       here ? "yes" : "no", version ? version : "-");
	adapter_free(&adapter);
	return true;
}

int
command_checkers(int argc, char **argv)
{
	const struct option options[] = {{.name = NULL}};
	const char *operand[1], **names;
	struct arena arena = {0};
	unsigned operands;
	size_t count;
	int status;

	if (!command_options(options, argc, argv, operand, 0, &operands, &status))
		return status;
	count = adapter_list(&arena, &names);
	printf("%-*s %-*s %-5s %s\n", NAME_WIDTH, "CHECKER", WORLD_WIDTH, "WORLD", "HERE", "VERSION");
	for (size_t i = 0; i < count; i++)
		if (!print_checker(&arena, names[i], argv[0]))
			status = STATUS_USAGE;
	arena_free(&arena);
	return status;
}
