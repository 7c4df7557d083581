/* Mutants that know the rule badly: what a lock can be, and what is judged.
 *
 * Each rewrites the table of the headline reading. A cell is picked by its state and its event:
 *
 *            acquire   release   end
 *   free     .         X         .          X violates
 *   held     X         .         X
 */
#include <stddef.h>

#include "mutation.h"

static struct rule_reading *
headline(struct rule *rule)
{
	return &rule->reading[rule->headline];
}

/* The event no longer violates: it leaves the lock as it is. */
static void
allow(struct rule *rule, enum event event)
{
	struct rule_reading *reading = headline(rule);

	for (unsigned i = 0; i < reading->states; i++)
		if (reading->cell[i][event].violates)
			reading->cell[i][event] = (struct rule_cell){.next = (uint8_t)i};
}

static void
allow_acquire(struct rule *rule, unsigned role)
{
	(void)role;
	allow(rule, EVENT_ACQUIRE);
}

static void
allow_release(struct rule *rule, unsigned role)
{
	(void)role;
	allow(rule, EVENT_RELEASE);
}

static void
allow_end(struct rule *rule, unsigned role)
{
	(void)role;
	allow(rule, EVENT_END);
}

/* The states become a count that must not fall below zero and ends at zero. */
static void
count(struct rule *rule, unsigned role)
{
	static const struct rule_cell table[COUNTER_STATES][EVENT_COUNT] = {
		[COUNTER_ZERO] = {{.step = 1}, {.violates = true, .kind = KIND_RELEASE_WITHOUT_ACQUIRE}, {0}},
		[COUNTER_ABOVE] = {{.step = 1}, {.step = -1}, {.violates = true, .kind = KIND_MISSING_RELEASE}},
	};
	struct rule_reading *reading = headline(rule);

	(void)role;
	reading->counts = true;
	reading->states = COUNTER_STATES;
	for (unsigned i = 0; i < COUNTER_STATES; i++)
		for (unsigned j = 0; j < EVENT_COUNT; j++)
			reading->cell[i][j] = table[i][j];
}

static void
count_all(struct rule *rule, unsigned role)
{
	count(rule, role);
	headline(rule)->scope = SCOPE_ALL;
}

static void
turn_all(struct rule *rule, unsigned role)
{
	(void)role;
	headline(rule)->scope = SCOPE_ALL;
}

static void
by_handle(struct rule *rule, unsigned role)
{
	(void)role;
	if (rule->has_handles)
		headline(rule)->scope = SCOPE_HANDLE;
}

static void
enter_free(struct rule *rule, unsigned role)
{
	rule->role[role].held = 0;
}

/* One more state: nothing is known of the lock yet, so whatever comes first is fine. */
static void
enter_unknown(struct rule *rule, unsigned role)
{
	struct rule_reading *reading = headline(rule);
	uint8_t unknown = COUNTER_STATES - 1;

	if (reading->counts || reading->states >= unknown + 1U)
		return;
	reading->states = unknown + 1U;
	reading->cell[unknown][EVENT_ACQUIRE].next = reading->initial_held;
	reading->cell[unknown][EVENT_RELEASE].next = reading->initial;
	reading->cell[unknown][EVENT_END].next = unknown;
	reading->initial = unknown;
	(void)role;
}

const struct mutant mutants_rule[] = {
	{.name = "count-all",
     .summary = "One counter for all locks: a wrong lock and a second acquire go unseen; so sparse.",
     .rule = count_all},
	{.name = "turn-all",
     .summary = "One lock-held bit for all locks: a second lock is a second acquire; so resource lists.",
     .rule = turn_all},
	{.name = "count-each",
     .summary = "Locks may be taken again by their holder, as POSIX recursive mutexes may.",
     .rule = count},
	{.name = "acquire-unjudged",
     .summary = "A second acquire is no fault; so the storport rule itself, and leak finders.",
     .rule = allow_acquire},
	{.name = "release-unjudged",
     .summary = "A release of a free lock is no fault; so smatch of today.",
     .rule = allow_release},
	{.name = "end-unjudged",
     .summary = "A lock may be held at the end; so clang's PthreadLock without a harness.",
     .rule = allow_end},
	{.name = "enter-free",
     .summary = "Every routine is entered with all locks free, cancel routines too.",
     .rule = enter_free},
	{.name = "enter-unknown",
     .summary = "What a lock is at entry is unknown, so a first release is fine; so PthreadLock, smatch.",
     .rule = enter_unknown},
	{.name = "handle-is-lock",
     .summary = "The queue handle is what is locked: one lock through two handles is two.",
     .rule = by_handle},
	{0},
};
