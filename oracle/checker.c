/* What can be learnt of a checker's program before it runs. See checker.h. */
#include "checker.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "process.h"

enum { VERSION_SECONDS = 10, VERSION_OUTPUT = 65536, WAIT = 100, PATH_MOST = 4096 };

const char *
checker_argument(struct arena *arena, const char *argument, const char *const *values)
{
	struct buf out = {0};
	const char *filled;

	while (*argument) {
		const char *const *value = values;
		size_t length = 0;

		for (; argument[0] == '{' && *value; value += 2) {
			length = strlen(*value);
			if (!strncmp(argument + 1, *value, length) && argument[1 + length] == '}')
				break;
		}
		if (argument[0] == '{' && *value) {
			buf_puts(&out, value[1]);
			argument += length + 2;
		} else {
			buf_putc(&out, *argument++);
		}
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
	int group = pcre2_substring_number_from_name(adapter->version_pattern, (PCRE2_SPTR) "version");
	const char *version = NULL;

	if (!match)
		die("out of memory");
	for (const char *end; *text && !version; text = *end ? end + 1 : end) {
		const PCRE2_SIZE *at = pcre2_get_ovector_pointer(match);

		end = text + strcspn(text, "\n");
		if (pcre2_match(adapter->version_pattern, (PCRE2_SPTR)text, (size_t)(end - text), 0, 0, match, NULL) >
		        group &&
		    at[2 * group] != PCRE2_UNSET)
			version = arena_copy(arena, text + at[2 * group], at[2 * group + 1] - at[2 * group]);
	}
	pcre2_match_data_free(match);
	return version;
}

const char *
checker_version(const struct adapter *adapter, const char *exe, struct arena *arena)
{
	const struct process_limits limits = {VERSION_SECONDS, VERSION_OUTPUT};
	const char *const values[] = {"exe", exe, "self", exe, NULL};
	const char *argv[ADAPTER_ARGUMENTS + 1] = {NULL}, *version = NULL;
	struct process process = {0}, *const all[] = {&process};
	unsigned ended;

	if (!adapter->version.arguments || !adapter->version_pattern)
		return "";
	for (unsigned i = 0; i < adapter->version.arguments; i++)
		argv[i] = checker_argument(arena, adapter->version.argument[i], values);
	if (!process_start(&process, argv, "/", &limits))
		return "";
	while (!process_wait(all, 1, WAIT, &ended))
		;
	if (process.exited && !process.timed_out && !process.flooded) {
		version = match_version(adapter, arena, buf_string(&process.stdout_text));
		if (!version)
			version = match_version(adapter, arena, buf_string(&process.stderr_text));
	}
	process_free(&process);
	return version ? version : "";
}

void
checker_hash(const char *exe, char hash[HASH_TEXT])
{
	XXH3_state_t *state = XXH3_createState();
	FILE *stream = fopen(exe, "rb");
	unsigned char chunk[65536];
	XXH128_hash_t sum;
	size_t got;

	hash[0] = 0;
	if (stream && state && XXH3_128bits_reset(state) == XXH_OK) {
		while ((got = fread(chunk, 1, sizeof chunk, stream)))
			XXH3_128bits_update(state, chunk, got);
		sum = XXH3_128bits_digest(state);
		snprintf(hash, HASH_TEXT, "%016llx%016llx", (unsigned long long)sum.high64,
		         (unsigned long long)sum.low64);
	}
	if (stream)
		fclose(stream);
	XXH3_freeState(state);
}

const char *
checker_self(struct arena *arena)
{
	char path[PATH_MOST];
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);

	return length > 0 ? arena_copy(arena, path, (size_t)length) : "lockdrill";
}
