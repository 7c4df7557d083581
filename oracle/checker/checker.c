/* checker: the program behind an adapter. See checker.h.
 *
 * How to read it: checker_load and checker_of_program find out what the checker is and whether its program is
 * here, without starting it. checker_meet starts it once, to learn its version: a program whose output is
 * read prints it, one that talks says a hello. What a hello says is put into the adapter, so that a run needs
 * to know nothing else.
 */
#include "checker.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "lane.h"
#include "lookup.h"
#include "process.h"
#include "tree.h"
#include "worker.h"

enum { VERSION_SECONDS = 30, VERSION_OUTPUT = 65536, WAIT = 100, PATH_MOST = 4096 };

/* The group `version` of the first line that matches. */
static const char *
match_version(const struct adapter *adapter, struct arena *arena, const char *text)
{
	pcre2_match_data *match = pcre2_match_data_create_from_pattern(adapter->version_pattern, NULL);
	int group = pcre2_substring_number_from_name(adapter->version_pattern, (PCRE2_SPTR) "version");
	const char *version = NULL;

	if (!match)
		die("out of memory");
	for (const char *end; *text && !version; text = *end ? end + 1 : end) {
		const PCRE2_SIZE *at = pcre2_get_ovector_pointer(match);

		end = text + strcspn(text, "\r\n");
		if (pcre2_match(adapter->version_pattern, (PCRE2_SPTR)text, (size_t)(end - text), 0, 0, match, NULL) >
		        group &&
		    at[2 * group] != PCRE2_UNSET)
			version = arena_copy(arena, text + at[2 * group], at[2 * group + 1] - at[2 * group]);
	}
	pcre2_match_data_free(match);
	return version;
}

/* loading */

/* Where it is not here, `exe` stays NULL. A program that may be run and not read has no hash. */
static void
look_for_program(struct checker *checker, struct arena *arena)
{
	checker->version = "";
	if (!adapter_find_exe(&checker->adapter, lookup_self(arena), arena, &checker->exe))
		return;
	if (checker->adapter.plugin && access(checker->adapter.plugin, R_OK))
		checker->exe = NULL;
	else
		hash_file(checker->adapter.plugin ? checker->adapter.plugin : checker->exe, checker->hash);
}

bool
checker_load(struct checker *checker, struct arena *arena, const char *name, struct diag *diag)
{
	*checker = (struct checker){0};
	if (!adapter_load(&checker->adapter, arena, name, diag))
		return false;
	look_for_program(checker, arena);
	return true;
}

/* The file's name as that of an adapter. */
static void
put_name(struct buf *out, const char *path)
{
	const char *base = strrchr(path, '/');

	for (base = base ? base + 1 : path; *base && *base != '.'; base++) {
		char c = *base >= 'A' && *base <= 'Z' ? (char)(*base - 'A' + 'a') : *base;

		buf_putc(out, (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-');
	}
	if (!out->len)
		buf_puts(out, "checker");
}

/* A string of YAML, in single quotes. */
static void
put_quoted(struct buf *out, const char *text)
{
	buf_putc(out, '\'');
	for (; *text; text++)
		buf_puts(out, *text == '\'' ? "\'\'" : (char[2]){*text, 0});
	buf_putc(out, '\'');
}

bool
checker_of_program(struct checker *checker, struct arena *arena, const char *path, bool is_plugin,
                   struct diag *diag)
{
	char here[PATH_MOST] = "";
	struct buf whole = {0}, text = {0};
	bool ok;

	*checker = (struct checker){.is_nameless = true};
	if (path[strcspn(path, "\n\r\t")]) {
		diag_set(diag, "--program", 0, 0, "a path with such characters cannot be written down");
		return false;
	}
	if (access(path, is_plugin ? R_OK : X_OK) || (path[0] != '/' && !getcwd(here, sizeof here))) {
		diag_set(diag, path, 0, 0, "cannot be %s: %s", is_plugin ? "read" : "run", strerror(errno));
		return false;
	}
	buf_printf(&whole, "%s%s%s", here, here[0] ? "/" : "", path);
	buf_puts(&text, "name: ");
	put_name(&text, path);
	buf_puts(&text, "\ntitle: " ADAPTER_OF_COMMAND_LINE "\nurl: ''\nworld: plain\nseconds: 10\n");
	buf_puts(&text, is_plugin ? "plugin: " : "protocol: 1\nsteps: [['{exe}']]\nexe: [");
	put_quoted(&text, whole.data);
	buf_puts(&text, is_plugin ? "\n" : "]\n");
	ok =
		adapter_parse(&checker->adapter, arena, path, arena_copy(arena, text.data, text.len), text.len, diag);
	if (ok)
		look_for_program(checker, arena);
	buf_free(&text);
	buf_free(&whole);
	return ok;
}

void
checker_free(struct checker *checker)
{
	adapter_free(&checker->adapter);
}

bool
checker_is_here(const struct checker *checker, struct diag *diag)
{
	const struct adapter *adapter = &checker->adapter;

	if (checker->exe)
		return true;
	if (adapter->plugin)
		diag_set(diag, adapter->name, 0, 0, "this checker is not here: cannot read %s", adapter->plugin);
	else
		diag_set(diag, adapter->name, 0, 0, "this checker is not here: %s %s",
		         adapter->exe[0][0] == '/' ? "cannot run" : "PATH has no", adapter->exe[0]);
	return false;
}

bool
checker_has_readings(const struct checker *checker, const struct rule *const *rule, unsigned rules,
                     struct diag *diag)
{
	const struct adapter *adapter = &checker->adapter;

	for (unsigned i = 0; i < adapter->readings; i++)
		for (unsigned j = 0; j < rules; j++) {
			unsigned index;

			if (strcmp(rule[j]->name, adapter->reading[i].rule) ||
			    rule_find_reading(rule[j], adapter->reading[i].reading, &index))
				continue;
			diag_set(diag, adapter->name, 0, 0, "declares the reading '%s', which rule %s has not",
			         adapter->reading[i].reading, rule[j]->name);
			return false;
		}
	return true;
}

/* what is hashed */

static bool
is_native(const char *path)
{
	char magic[4] = "";
	FILE *file = fopen(path, "rb");
	bool ok = file && fread(magic, 1, sizeof magic, file) == sizeof magic;

	if (file)
		fclose(file);
	return ok && !memcmp(magic, "\177ELF", sizeof magic);
}

/* By its name, without a version. */
static bool
is_interpreter(const char *path)
{
	static const char *const names[] = {"sh",   "bash", "dash", "ksh",  "zsh",  "busybox", "env",   "python",
	                                    "perl", "ruby", "node", "java", "php",  "lua",     "tclsh", "guile",
	                                    "awk",  "gawk", "mawk", "sbcl", "mono", "dotnet",  "wine"};
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	size_t length = strcspn(base, "0123456789.-");

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i]) == length && !memcmp(names[i], base, length))
			return true;
	return false;
}

/* A program that is run beside the checker's, or a path of a file in an argument. What stands in braces is
 * ours, or made by the checker. */
static bool
names_file(const char *argument)
{
	const char *at = strchr(argument, '/');
	struct stat status;

	return at && !memchr(argument, '{', (size_t)(at - argument)) && !stat(at, &status) &&
	       S_ISREG(status.st_mode);
}

bool
checker_is_hashed(const struct checker *checker)
{
	const struct adapter *adapter = &checker->adapter;

	if (adapter->plugin)
		return checker->hash[0] && is_native(adapter->plugin);
	if (checker->is_nameless || !checker->hash[0] || !is_native(checker->exe) || is_interpreter(checker->exe))
		return false;
	for (unsigned i = 0; i < adapter->steps; i++)
		for (unsigned j = 0; j < adapter->step[i].arguments; j++)
			if (names_file(adapter->step[i].argument[j]))
				return false;
	return true;
}

/* meeting */

/* Runs the program that prints its version to its end, in a directory that goes while a supervisor is there
 * to go on with it, should we be killed; false where it prints none. */
static bool
run_version(const struct checker *checker, struct process *process, struct arena *arena)
{
	const struct adapter *adapter = &checker->adapter;
	struct diag diag;
	char *root = tree_temporary(&diag);
	const char *self = lookup_self(arena), *argv[ADAPTER_ARGUMENTS + 1] = {NULL};
	const char *const values[] = {"exe", checker->exe, "self", self, NULL};
	const struct process_command command = {
		.argv = argv,
		.directory = root,
		.limits = {.seconds = VERSION_SECONDS, .output = VERSION_OUTPUT},
	};
	const struct lane_options options = {.self = self, .root = root, .containment = checker->containment};
	struct process *const all[] = {process};
	struct lane *lane;
	unsigned which;
	bool ok;

	for (unsigned i = 0; i < adapter->version.arguments; i++)
		argv[i] = adapter_argument(arena, adapter->version.argument[i], values);
	lane = root ? lane_start(&options, &diag) : NULL;
	ok = lane && process_start(process, lane, &command);
	while (ok && !process_wait(all, 1, WAIT, &which))
		;
	if (root)
		tree_remove(root);
	lane_end(lane);
	free(root);
	return ok && process->exited && process->end == END_OWN;
}

const char *
checker_version(const struct checker *checker, struct arena *arena)
{
	struct process process = {0};
	const char *version = NULL;

	if (!checker->adapter.version.arguments)
		return "";
	if (run_version(checker, &process, arena)) {
		version = match_version(&checker->adapter, arena, buf_string(&process.stdout_text));
		if (!version)
			version = match_version(&checker->adapter, arena, buf_string(&process.stderr_text));
		if (!version)
			version = "";
	}
	process_free(&process);
	return version;
}

/* What a hello says counts for more than the adapter. */
static bool
take_hello(struct checker *checker, const struct protocol_checker *said, struct diag *diag)
{
	struct adapter *adapter = &checker->adapter;

	if (checker->is_nameless || strcmp(said->world, "plain")) /* which it also is where nothing is said */
		adapter->world = world_find(WORLD_DIALECT, said->world, diag);
	if (adapter->world && adapter->world->project)
		adapter->world = NULL; /* without headers of ours */
	if (!adapter->world || said->rules.count > ADAPTER_RULES || said->readings.count > ADAPTER_READINGS) {
		diag_set(diag, adapter->name, 0, 0,
		         adapter->world ? "its hello has too many rules or readings"
		                        : "its hello asks for a world '%s', which there is not",
		         said->world);
		return false;
	}
	checker->version = said->version;
	if (checker->is_nameless && adapter_is_name(said->name))
		adapter->name = said->name;
	if (said->rules.item) {
		memcpy(adapter->rule, said->rules.item, said->rules.count * sizeof *adapter->rule);
		adapter->rules = said->rules.count;
	}
	for (unsigned i = 0; i < said->readings.count; i++) {
		adapter->reading[i].rule = said->readings.pair[i][0];
		adapter->reading[i].reading = said->readings.pair[i][1];
		adapter->readings = i + 1;
	}
	return true;
}

bool
checker_meet(struct checker *checker, struct arena *arena, struct diag *diag)
{
	struct worker_options options = {.adapter = &checker->adapter, .exe = checker->exe};
	struct protocol_checker said;

	assert(checker->exe);
	if (checker->adapter.way == WAY_OUTPUT) {
		checker->version = checker_version(checker, arena);
		if (checker->version)
			return true;
		checker->version = "";
		diag_set(diag, checker->adapter.name, 0, 0, "cannot be asked for its version (within %d s): %s",
		         VERSION_SECONDS, checker->exe);
		return false;
	}
	options.self = lookup_self(arena);
	return worker_hello(&options, checker->containment, &said, arena, diag) &&
	       take_hello(checker, &said, diag);
}

/* printing */

void
checker_print_arguments(struct buf *out, const struct checker *checker)
{
	for (unsigned i = 0; i < checker->adapter.steps; i++) {
		const struct adapter_step *step = &checker->adapter.step[i];

		for (unsigned j = 0; j < step->arguments; j++)
			buf_printf(out, "%s%s",
			           j   ? " "
			           : i ? "\n"
			               : "",
			           strcmp(step->argument[j], "{exe}") ? step->argument[j] : checker->exe);
	}
	if (checker->adapter.way == WAY_OUTPUT)
		return;
	/* What a hello says, and no file. */
	for (unsigned i = 0; i < checker->adapter.rules; i++)
		buf_printf(out, "\nrule %s", checker->adapter.rule[i]);
	for (unsigned i = 0; i < checker->adapter.readings; i++)
		buf_printf(out, "\nreading %s of %s", checker->adapter.reading[i].reading,
		           checker->adapter.reading[i].rule);
}

void
checker_print_limits(struct buf *out, const struct adapter *adapter)
{
	buf_printf(out,
	           "%g s and %g s a case, %g times that of processor time, %zu bytes of memory, %zu of output",
	           adapter->seconds, adapter->seconds_case, adapter->cpu, adapter->memory, adapter->output);
}
