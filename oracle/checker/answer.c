/* Names of the states of an answer. See answer.h.
 *
 * How to read it: the list of states in answer.h makes the enumeration and this table.
 */
#include "answer.h"

#include <string.h>

static const char *const answer_names[ANSWER_COUNT] = {
#define ANSWER(id, text) [id] = text,
	ANSWERS(ANSWER)
#undef ANSWER
};

const char *
answer_name(enum answer_state state)
{
	return answer_names[state];
}

enum answer_state
answer_find(const char *name)
{
	unsigned i;

	for (i = 0; i < ANSWER_COUNT; i++)
		if (!strcmp(answer_names[i], name))
			break;
	return (enum answer_state)i;
}
