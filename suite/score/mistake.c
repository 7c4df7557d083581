/* mistake: how right an answer is. See mistake.h. */
#include "mistake.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *word, *meaning;
	bool spares_verdict;
} mistakes[] = {
#define MISTAKE(id, word, is_right, meaning) [id] = {word, meaning, is_right},
	MISTAKES(MISTAKE)
#undef MISTAKE
};

const char *
mistake_word(enum mistake mistake)
{
	assert(mistake < MISTAKE_COUNT);
	return mistakes[mistake].word;
}

const char *
mistake_meaning(enum mistake mistake)
{
	assert(mistake < MISTAKE_COUNT);
	return mistakes[mistake].meaning;
}

bool
mistake_spares_verdict(enum mistake mistake)
{
	return mistake == MISTAKE_COUNT || mistakes[mistake].spares_verdict;
}

unsigned
mistake_size(const char *sequence)
{
	return (unsigned)strlen(sequence);
}

/* Whether a line is the finding's, or one of those that may be named instead. */
static bool
is_on_line(const struct stored_finding *finding, uint32_t line)
{
	const char *at = finding->lines;
	char *end;

	if (!line || line == finding->line)
		return line != 0;
	for (unsigned long other; (other = strtoul(at, &end, 10)), end != at; at = end)
		if (other == line)
			return true;
	return false;
}

/* How right one finding of an answer is. */
static void
match(const struct answer_finding *said, const struct stored_reading *expected, bool *kind, bool *line,
      bool *both)
{
	*kind = *line = *both = false;
	for (unsigned i = 0; i < expected->findings; i++) {
		bool same_kind = said->kind == expected->finding[i].kind;
		bool same_line = is_on_line(&expected->finding[i], said->line);

		*kind = *kind || same_kind;
		*line = *line || same_line;
		*both = *both || (same_kind && same_line);
	}
}

struct hits
hits_of(const struct stored_answer *answer, const struct stored_reading *expected)
{
	struct hits hits = {0};

	for (unsigned i = 0; i < answer->findings; i++) {
		const struct answer_finding *said = &answer->finding[i];
		bool kind, line, both;

		match(said, expected, &kind, &line, &both);
		hits.kind_given = hits.kind_given || said->kind != KIND_COUNT;
		hits.line_given = hits.line_given || said->line;
		hits.kind_right += kind;
		hits.line_right += line;
		hits.both_right += both;
	}
	if (answer->findings) {
		hits.kind_right = hits.kind_right * RATES_UNIT / answer->findings;
		hits.line_right = hits.line_right * RATES_UNIT / answer->findings;
		hits.both_right = hits.both_right * RATES_UNIT / answer->findings;
	}
	return hits;
}

enum mistake
mistake_of(const struct stored_answer *answer, const struct stored_reading *expected)
{
	enum answer_state state = (enum answer_state)answer->state[0];
	bool violates = expected->outcome == OUTCOME_VIOLATION;
	struct hits hits;

	if (state > ANSWER_VIOLATION)
		return MISTAKE_SILENCE;
	if ((state == ANSWER_VIOLATION) != violates)
		return violates ? MISTAKE_MISSED : MISTAKE_ALARM;
	if (!violates)
		return MISTAKE_COUNT;
	hits = hits_of(answer, expected);
	if (hits.kind_given && !hits.kind_right)
		return MISTAKE_KIND;
	return hits.line_given && !hits.line_right ? MISTAKE_PLACE : MISTAKE_COUNT;
}
