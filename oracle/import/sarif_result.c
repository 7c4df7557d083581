/* The results of a SARIF run: what each is taken for, and where it is. See sarif_state.h.
 *
 * How to read it: a result's own properties say whether it is a finding, undecided or neither (read_weight);
 * what its rule and message mean (import.h) says of what kind; then it becomes a struct sarif_finding at each
 * of its locations.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "sarif_state.h"

enum { KEPT = 2 * MESSAGE_MOST }; /* bytes of a message: more than a case keeps */

/* All of them accepted, which one without a status is. */
static bool
read_suppressed(struct sarif *s, const json_t *result, bool *suppressed)
{
	const json_t *suppressions, *suppression;
	size_t i, before;

	if (!sarif_take(s, result, "suppressions", JSON_ARRAY, &suppressions))
		return false;
	before = sarif_enter(s, "suppressions");
	*suppressed = json_array_size(suppressions) > 0;
	json_array_foreach(suppressions, i, suppression)
	{
		const char *status;

		if (!sarif_take_string(s, suppression, "status", "accepted", &status))
			return false;
		*suppressed = *suppressed && !strcmp(status, "accepted");
	}
	sarif_leave(s, before);
	return true;
}

/* What results are by the word of a property: a word that the standard does not know could mean anything. */
struct weight {
	const char *word;
	uint8_t taken; /* KINDLESS: a finding, unless something else says that it is none */
};

static const struct weight kinds[] = {
	{"fail", IMPORT_KINDLESS},  {"open", IMPORT_UNDECIDED},        {"review", IMPORT_UNDECIDED},
	{"pass", IMPORT_NOTHING},   {"informational", IMPORT_NOTHING}, {"notApplicable", IMPORT_NOTHING},
	{NULL, IMPORT_TAKEN_COUNT},
};

static const struct weight states[] = {
	{"new", IMPORT_KINDLESS},   {"unchanged", IMPORT_KINDLESS}, {"updated", IMPORT_KINDLESS},
	{"absent", IMPORT_NOTHING}, {NULL, IMPORT_TAKEN_COUNT},
};

static bool
read_word(struct sarif *s, const json_t *result, const char *key, const char *otherwise,
          const struct weight *known, uint8_t *taken)
{
	const char *word;

	if (!sarif_take_string(s, result, key, otherwise, &word))
		return false;
	while (known->word && strcmp(known->word, word) != 0)
		known++;
	*taken = known->taken;
	return known->word || sarif_refuse(s, "%s '%.80s' is none of SARIF's", key, word);
}

/* Whether the result's kind, level, suppression and baseline make it a finding (IMPORT_KINDLESS), undecided
 * or nothing. */
static bool
read_weight(struct sarif *s, const json_t *result, const struct sarif_rule *rule, uint8_t *taken)
{
	const json_t *provenance, *invocations, *invocation;
	const char *level;
	uint8_t baseline;
	bool suppressed;

	if (!read_word(s, result, "kind", "fail", kinds, taken) ||
	    !read_word(s, result, "baselineState", "new", states, &baseline) ||
	    !read_suppressed(s, result, &suppressed) ||
	    !sarif_take(s, result, "provenance", JSON_OBJECT, &provenance) ||
	    !sarif_take(s, s->run, "invocations", JSON_ARRAY, &invocations) ||
	    !sarif_take_index(s, provenance, "invocationIndex", invocations, &invocation) ||
	    !sarif_find_level(s, result, rule, invocation, "ruleConfigurationOverrides", &level))
		return false;
	if (suppressed || baseline == IMPORT_NOTHING ||
	    (*taken == IMPORT_KINDLESS && (!strcmp(level, "none") || !strcmp(level, "note"))))
		*taken = IMPORT_NOTHING;
	return true;
}

/* A result on its way to its locations. */
struct placing {
	struct sarif_finding finding;
	bool counts; /* as a finding or undecided; else it only names files */
	bool placed; /* it has a location with a file */
};

static bool
read_location(struct sarif *s, const json_t *location, size_t index, void *context)
{
	struct placing *at = context;
	struct sarif_finding finding = at->finding;

	(void)index;
	if (!sarif_find_place(s, location, at->counts, &finding.file, &finding.line))
		return false;
	if (finding.file == IMPORT_NONE)
		return true;
	at->placed = true;
	if (finding.file == SARIF_NOBODY) {
		s->import->strays += at->counts;
		return true;
	}
	s->named[finding.file] = true;
	if (at->counts)
		*array_add(NULL, s->finding, s->findings, s->room) = finding;
	return true;
}

/* As much of it as a case may keep. */
static const char *
keep_message(struct sarif *s, const char *text)
{
	size_t length = strlen(text);

	return arena_copy(&s->import->arena, text, length < KEPT ? length : KEPT);
}

static bool
read_result(struct sarif *s, const json_t *result, size_t index, void *context)
{
	struct placing at = {.finding = {.file = IMPORT_NONE, .result = index}};
	struct sarif_rule rule;
	const char *message;
	uint8_t taken, meaning;

	(void)context;
	if (!sarif_find_result_rule(s, result, &rule) || !sarif_find_message(s, result, &rule, &message) ||
	    !read_weight(s, result, &rule, &taken))
		return false;
	meaning = import_meaning(s->options->meaning, s->options->meanings, s->tool->name, rule.id, message);
	if (taken != IMPORT_NOTHING && (meaning == IMPORT_IGNORED || taken == IMPORT_KINDLESS))
		taken = meaning;
	import_count(s->import, rule.id, taken);
	at.finding.taken = taken;
	at.counts = taken <= IMPORT_KINDLESS || taken == IMPORT_UNDECIDED;
	at.finding.message = at.counts ? keep_message(s, message) : "";
	if (!sarif_each(s, result, "locations", read_location, &at))
		return false;
	if (at.counts && !at.placed)
		*array_add(NULL, s->finding, s->findings, s->room) = at.finding;
	return true;
}

bool
sarif_read_results(struct sarif *s)
{
	s->findings = 0;
	return sarif_each(s, s->run, "results", read_result, NULL);
}
