/* What the rules of tools mean. See tool_rule.h.
 *
 * A row is a rule that is about locks; all others of its tool are about something else, and would make a
 * violation of every style warning. Kinds stand where the rule's page gives one. Those of MSVC come in pairs:
 * C2616x says of a path that may exist what C2611x says of one that does.
 */
#include "tool_rule.h"

#include <stdbool.h>
#include <string.h>

#include "import.h"

static const struct {
	const char *tool, *rule;
	uint8_t taken;
} rows[] = {
	{"PREfast", "C26110", KIND_RELEASE_WITHOUT_ACQUIRE}, /* the caller does not hold what is given up */
	{"PREfast", "C26111", KIND_DOUBLE_ACQUIRE},          /* the caller still holds what is taken */
	{"PREfast", "C26112", IMPORT_KINDLESS},              /* holds any lock where none may be held */
	{"PREfast", "C26115", KIND_MISSING_RELEASE},         /* the function fails to release */
	{"PREfast", "C26116", IMPORT_KINDLESS},              /* says that it acquires or holds, and does not */
	{"PREfast", "C26117", KIND_RELEASE_WITHOUT_ACQUIRE}, /* releases what is not held */
	{"PREfast", "C26160", KIND_RELEASE_WITHOUT_ACQUIRE},
	{"PREfast", "C26165", KIND_MISSING_RELEASE},
	{"PREfast", "C26166", IMPORT_KINDLESS},
	{"PREfast", "C26167", KIND_RELEASE_WITHOUT_ACQUIRE},
	{"PREfast", "C28103", KIND_MISSING_RELEASE},         /* a resource leaks */
	{"PREfast", "C28104", IMPORT_KINDLESS},              /* was to be acquired, and is not */
	{"PREfast", "C28105", KIND_MISSING_RELEASE},         /* leaks by an exception */
	{"PREfast", "C28106", KIND_DOUBLE_ACQUIRE},          /* holds already what is acquired */
	{"PREfast", "C28107", KIND_RELEASE_WITHOUT_ACQUIRE}, /* must be held when it is given up */
	{"PREfast", "C28108", IMPORT_KINDLESS},              /* a resource of another kind */
	{"PREfast", "C28109", KIND_DOUBLE_ACQUIRE},          /* must not be held when it is taken */
	{"CodeQL", "cpp/twice-locked", KIND_DOUBLE_ACQUIRE},
	{"CodeQL", "cpp/unreleased-lock", KIND_MISSING_RELEASE},
	{"CodeQL", "cpp/lockdrill/double-acquire", KIND_DOUBLE_ACQUIRE}, /* oracle/examples/codeql/ */
	{"CodeQL", "cpp/lockdrill/release-without-acquire", KIND_RELEASE_WITHOUT_ACQUIRE},
	{"CodeQL", "cpp/lockdrill/missing-release", KIND_MISSING_RELEASE},
};

uint8_t
tool_rule_meaning(const char *tool, const char *rule)
{
	bool is_known = false;

	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(rows[i].tool, tool) != 0)
			continue;
		is_known = true;
		if (!strcmp(rows[i].rule, rule))
			return rows[i].taken;
	}
	return is_known ? IMPORT_IGNORED : IMPORT_KINDLESS;
}
