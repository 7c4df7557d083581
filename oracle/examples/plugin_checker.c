/* A checker for lockdrill's C ABI: counts the calls that acquire and release, by their names. Where the
 * numbers differ it reports the last call of which there is one too many.
 *
 *   cc -shared -fPIC $(pkg-config --cflags lockdrill) -o plugin_checker.so plugin_checker.c
 */
#include <ctype.h>
#include <lockdrill/checker.h>
#include <string.h>

struct place {
	uint32_t line;
	int file;
};

/* Adds the calls of a text to *held: names with SpinLock, and Acquire or Release, before a parenthesis. */
static void
count_calls(const char *text, int file, int *held, struct place last[2])
{
	static const char *const verbs[] = {"Acquire", "Release"};
	struct place place = {1, file};

	for (const char *at = text, *name = text; at && *at; at++) {
		place.line += *at == '\n';
		for (int i = 0; *at == '(' && i < 2; i++) {
			const char *verb = strstr(name, verbs[i]), *lock = strstr(name, "SpinLock");

			if (verb && verb < at && lock && lock < at) {
				*held += i ? -1 : 1;
				last[i] = place;
			}
		}
		if (!isalpha((unsigned char)*at))
			name = at + 1;
	}
}

static int
check(void *state, const struct lockdrill_host *host, const struct lockdrill_case *of)
{
	int held = !strcmp(of->rule, "CancelSpinlockRelease") && !strcmp(of->role, "cancel");
	struct place last[2] = {{0, 0}, {0, 0}};

	(void)state;
	count_calls(of->text, LOCKDRILL_IN_FILE, &held, last);
	count_calls(of->helpers_text, LOCKDRILL_IN_HELPERS, &held, last);
	if (held > 0)
		host->finding(host, LOCKDRILL_MISSING_RELEASE, last[0].line, last[0].file);
	if (held < 0)
		host->finding(host, LOCKDRILL_RELEASE_WITHOUT_ACQUIRE, last[1].line, last[1].file);
	return held ? LOCKDRILL_VIOLATION : LOCKDRILL_PASS;
}

const struct lockdrill_checker *
lockdrill_checker(uint32_t abi)
{
	static const struct lockdrill_checker checker = {sizeof checker, "plugin-checker", "1", .check = check};

	return abi >= LOCKDRILL_ABI ? &checker : NULL;
}
