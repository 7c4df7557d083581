/* Edits: from a correct sequence to its violating twin by one change. */
#ifndef EDIT_H
#define EDIT_H

#include <stdbool.h>

#include "arena.h"
#include "rule.h"
#include "seq.h"

/* EDIT(identifier, text): one row a kind of change; gen/seq/edit.c has one function for each. */
#define EDITS(EDIT)                          \
	EDIT(EDIT_DROP_RELEASE, "drop-release")  \
	EDIT(EDIT_DROP_ACQUIRE, "drop-acquire")  \
	EDIT(EDIT_ADD_RELEASE, "add-release")    \
	EDIT(EDIT_ADD_ACQUIRE, "add-acquire")    \
	EDIT(EDIT_SWAP, "swap")                  \
	EDIT(EDIT_MOVE_OUT, "move-out")          \
	EDIT(EDIT_MOVE_IN, "move-in")            \
	EDIT(EDIT_WRONG_LOCK, "wrong-lock")      \
	EDIT(EDIT_WRONG_HANDLE, "wrong-handle")  \
	EDIT(EDIT_EARLY_RETURN, "early-return")  \
	EDIT(EDIT_CONTINUE, "continue-over")     \
	EDIT(EDIT_BREAK, "break-over")           \
	EDIT(EDIT_NEGATE, "negate-condition")    \
	EDIT(EDIT_OTHER_FLAG, "other-flag")      \
	EDIT(EDIT_FORGET_FLAG, "forget-flag")    \
	EDIT(EDIT_DROP_SET, "drop-assignment")   \
	EDIT(EDIT_WRONG_VALUE, "wrong-value")    \
	EDIT(EDIT_IGNORE, "forget-result")       \
	EDIT(EDIT_STOP_RETURN, "stop-as-return") \
	EDIT(EDIT_STOP_CALL, "stop-as-call")     \
	EDIT(EDIT_DROP_BREAK, "drop-break")      \
	EDIT(EDIT_DROP_EVENT, "drop-event")      \
	EDIT(EDIT_ADD_EVENT, "add-event")        \
	EDIT(EDIT_OTHER_EVENT, "other-event")

enum edit {
#define EDIT(id, text) id,
	EDITS(EDIT)
#undef EDIT
		EDIT_COUNT
};

const char *edit_name(enum edit edit);
/* Only sequences of a rule with events of its own can have it. */
bool edit_needs_own(enum edit edit);
/* Both twins have the same calls in the same number. */
bool edit_keeps_calls(enum edit edit);

/* The sequence with the edit made at its node number `at` (from 0), in the arena. False where the edit does
 * not fit there: it would leave an empty block or dead code, or changes nothing. */
bool edit_make(struct seq *edited, struct arena *arena, const struct seq *seq, const struct rule *rule,
               enum edit edit, unsigned at);

#endif
