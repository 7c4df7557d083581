/* The judges of the native road: one function a built-in reading, written by hand from the rules' pages. See
 * native.h.
 *
 * Nothing here looks at a transition table, except judge_table, which serves the rules of users. A test holds
 * these functions against the tables on all event strings up to length 8 over two locks.
 */
#include "native.h"

#include <assert.h>
#include <string.h>

typedef bool judge_function(struct judge *judge, unsigned cap, const struct judge_event *event,
                            enum kind *kind, unsigned *lock);
/* Whether the call with this name is one that the reading looks at. */
typedef bool watch_function(const char *call);
/* What was not given back: bit l for each lock l, bit LOCK_ALL for all together. */
typedef unsigned end_function(const struct judge *judge, const uint8_t *owner);

static bool
refuse(enum kind *kind, unsigned *lock, enum kind what, unsigned which)
{
	*kind = what;
	*lock = which;
	return false;
}

/* Each lock by itself: acquire and release take turns. */
static bool
alternate(struct judge *judge, unsigned cap, const struct judge_event *event, enum kind *kind, unsigned *lock)
{
	int16_t *held = &judge->count[event->lock];

	(void)cap;
	if (event->event == EVENT_ACQUIRE && *held)
		return refuse(kind, lock, KIND_DOUBLE_ACQUIRE, event->lock);
	if (event->event == EVENT_RELEASE && (!event->in_use || !*held))
		return refuse(kind, lock, KIND_RELEASE_WITHOUT_ACQUIRE, event->lock);
	*held = event->event == EVENT_ACQUIRE;
	return true;
}

/* The same, and each lock is given back by the call that goes with the one that took it. */
static bool
matched(struct judge *judge, unsigned cap, const struct judge_event *event, enum kind *kind, unsigned *lock)
{
	if (event->wrong)
		return refuse(kind, lock, KIND_WRONG_CALL, event->lock);
	return alternate(judge, cap, event, kind, lock);
}

/* A lock that is held at the end was not given back. */
static unsigned
held_at_end(const struct judge *judge, const uint8_t *owner)
{
	unsigned locks = 0;

	(void)owner;
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		locks |= judge->count[i] > 0 ? 1U << i : 0;
	return locks;
}

/* Each queue handle by itself. */
static bool
handle(struct judge *judge, unsigned cap, const struct judge_event *event, enum kind *kind, unsigned *lock)
{
	int16_t *held = &judge->count[event->handle];

	(void)cap;
	if (event->event == EVENT_ACQUIRE && *held)
		return refuse(kind, lock, KIND_DOUBLE_ACQUIRE, event->lock);
	if (event->event == EVENT_RELEASE && !*held)
		return refuse(kind, lock, KIND_RELEASE_WITHOUT_ACQUIRE, event->lock);
	*held = event->event == EVENT_ACQUIRE;
	return true;
}

static unsigned
handle_at_end(const struct judge *judge, const uint8_t *owner)
{
	unsigned locks = 0;

	for (unsigned i = 0; i < RULE_LOCKS; i++)
		if (judge->count[i]) {
			assert(owner[i]);
			locks |= 1U << (owner[i] - 1);
		}
	return locks;
}

/* All locks together are one. */
static bool
global(struct judge *judge, unsigned cap, const struct judge_event *event, enum kind *kind, unsigned *lock)
{
	(void)cap;
	if (event->event == EVENT_ACQUIRE && judge->count[0])
		return refuse(kind, lock, KIND_DOUBLE_ACQUIRE, event->lock);
	if (event->event == EVENT_RELEASE && !judge->count[0])
		return refuse(kind, lock, KIND_RELEASE_WITHOUT_ACQUIRE, event->lock);
	judge->count[0] = event->event == EVENT_ACQUIRE;
	return true;
}

static unsigned
global_at_end(const struct judge *judge, const uint8_t *owner)
{
	(void)owner;
	return judge->count[0] ? 1U << LOCK_ALL : 0;
}

/* As many releases as acquires of each lock, and never more. */
static bool
balanced(struct judge *judge, unsigned cap, const struct judge_event *event, enum kind *kind, unsigned *lock)
{
	int16_t *count = &judge->count[event->lock];

	if (event->event == EVENT_RELEASE && !*count)
		return refuse(kind, lock, KIND_RELEASE_WITHOUT_ACQUIRE, event->lock);
	*count = (int16_t)(*count + (event->event == EVENT_ACQUIRE ? 1 : -1));
	judge->undecided = *count >= (int)cap;
	return !judge->undecided;
}

/* Only a lock that is held may be released; taking it again changes nothing. */
static bool
release(struct judge *judge, unsigned cap, const struct judge_event *event, enum kind *kind, unsigned *lock)
{
	(void)cap;
	if (event->event == EVENT_RELEASE && !judge->count[event->lock])
		return refuse(kind, lock, KIND_RELEASE_WITHOUT_ACQUIRE, event->lock);
	judge->count[event->lock] = event->event == EVENT_ACQUIRE;
	return true;
}

static unsigned
nothing_at_end(const struct judge *judge, const uint8_t *owner)
{
	(void)judge, (void)owner;
	return 0;
}

/* One number for all locks, looked at only at the end. */
static bool
depth(struct judge *judge, unsigned cap, const struct judge_event *event, enum kind *kind, unsigned *lock)
{
	(void)kind, (void)lock;
	judge->count[0] = (int16_t)(judge->count[0] + (event->event == EVENT_ACQUIRE ? 1 : -1));
	judge->undecided = judge->count[0] >= (int)cap || judge->count[0] <= -(int)cap;
	return !judge->undecided;
}

static bool
every_call(const char *call)
{
	(void)call;
	return true;
}

/* Those that the page of SpinlockRelease lists under "Applies to". */
static bool
on_the_page(const char *call)
{
	return !strcmp(call, "KeAcquireSpinLock") || !strcmp(call, "KeAcquireSpinLockRaiseToDpc") ||
	       !strcmp(call, "KeReleaseSpinLock") || !strcmp(call, "KeTryToAcquireSpinLockAtDpcLevel");
}

static const struct {
	const char *rule; /* NULL: any */
	const char *reading;
	judge_function *event;
	end_function *end;
	watch_function *watches;
} judges[] = {
	{"CancelSpinlockRelease", "slic7600", release, nothing_at_end, every_call},
	{NULL, "alternate", alternate, held_at_end, every_call},
	{NULL, "matched", matched, held_at_end, every_call},
	{NULL, "page", alternate, held_at_end, on_the_page},
	{NULL, "handle", handle, handle_at_end, every_call},
	{NULL, "global", global, global_at_end, every_call},
	{NULL, "balanced", balanced, held_at_end, every_call},
	{NULL, "release", release, held_at_end, every_call},
	{NULL, "strict", release, nothing_at_end, every_call},
	{NULL, "slic7600", depth, global_at_end, every_call},
};

/* Which calls keep the IRQL where, as their own pages have it: a lock that one took is given back by one of
 * the same family. All calls of the other rules are of one family. */
enum { FAMILY_PLAIN = 1, FAMILY_AT_DPC_LEVEL = 2 };

static uint16_t
family(const char *call)
{
	static const char ending[] = "DpcLevel";
	size_t length = strlen(call), most = sizeof ending - 1;

	return length > most && !memcmp(call + length - most, ending, most) ? FAMILY_AT_DPC_LEVEL : FAMILY_PLAIN;
}

uint16_t
judge_givers(const struct rule *rule, unsigned call)
{
	return rule->built_in ? family(rule->call[call].name) : (uint16_t)rule->call[call].releases;
}

bool
judge_gives_back(const struct rule *rule, unsigned call, uint16_t givers)
{
	return rule->built_in ? family(rule->call[call].name) == givers : givers >> call & 1;
}

enum { JUDGES = sizeof judges / sizeof *judges };

static unsigned
judge_find(const struct rule *rule, unsigned reading)
{
	for (unsigned i = 0; rule->built_in && i < JUDGES; i++)
		if (!strcmp(judges[i].reading, rule->reading[reading].name) &&
		    (!judges[i].rule || !strcmp(judges[i].rule, rule->name)))
			return i;
	if (rule->built_in)
		bug("no judge for reading %s of %s", rule->reading[reading].name, rule->name);
	return JUDGES;
}

/* a user's rule: its own table */

static const struct rule_cell *
table_cell(const struct rule_reading *reading, int value, unsigned column)
{
	unsigned row = reading->counts ? value < 0 ? COUNTER_BELOW
	                                 : value   ? COUNTER_ABOVE
	                                           : COUNTER_ZERO
	                               : (unsigned)value;

	return &reading->cell[row][column];
}

static unsigned
table_column(const struct rule *rule, const struct judge_event *event)
{
	return event->wrong        ? (unsigned)COLUMN_WRONG_RELEASE
	       : event->misordered ? (unsigned)COLUMN_MISORDERED
	                           : rule_column(&rule->call[event->call]);
}

static bool
judge_table(struct judge *judge, const struct rule *rule, const struct rule_reading *reading, unsigned cap,
            const struct judge_event *event, enum kind *kind, unsigned *lock)
{
	int16_t fresh = reading->counts ? 0 : reading->initial;
	int16_t *value = reading->scope == SCOPE_ALL      ? &judge->count[0]
	                 : reading->scope == SCOPE_HANDLE ? &judge->count[event->handle]
	                 : event->in_use                  ? &judge->count[event->lock]
	                                                  : &fresh;
	const struct rule_cell *cell = table_cell(reading, *value, table_column(rule, event));

	if (cell->violates)
		return refuse(kind, lock, cell->kind, event->lock);
	*value = reading->counts ? (int16_t)(*value + cell->step) : cell->next;
	judge->undecided = reading->counts && (*value >= (int)cap || *value <= -(int)cap);
	return !judge->undecided;
}

/* The automata that exist at the end: one for all, else those of the locks or queue handles that the text
 * names or that are held at entry. A handle that is not in use goes by its own letter. */
static void
table_at_end(const struct judge *judge, const struct rule_reading *reading, const struct judge_end *end,
             uint8_t reported[KIND_COUNT])
{
	unsigned automata = reading->scope == SCOPE_ALL      ? 1
	                    : reading->scope == SCOPE_HANDLE ? end->handles
	                                                     : end->locks;

	for (unsigned i = 0; i < RULE_LOCKS; i++) {
		const struct rule_cell *cell = table_cell(reading, judge->count[i], EVENT_END);
		unsigned letter = i;

		if (!(automata >> i & 1) || !cell->violates)
			continue;
		if (reading->scope == SCOPE_ALL)
			letter = LOCK_ALL;
		else if (reading->scope == SCOPE_HANDLE && end->owner[i])
			letter = end->owner[i] - 1U;
		reported[cell->kind] |= (uint8_t)(1U << letter);
	}
}

void
judge_begin(struct judge *judge, const struct rule *rule, unsigned reading, uint32_t held)
{
	const struct rule_reading *of = &rule->reading[reading];
	bool is_one = of->scope == SCOPE_ALL; /* one for all locks: held when any of them is, or their number */

	*judge = (struct judge){.by = (uint16_t)judge_find(rule, reading)};
	for (unsigned i = 0; i < (is_one ? 1U : RULE_LOCKS); i++) {
		bool is_held = is_one ? held != 0 : held >> i & 1;

		if (is_one && of->counts)
			judge->count[i] = (int16_t)((held & 1) + (held >> 1 & 1) + (held >> 2 & 1));
		else if (rule->built_in || of->counts)
			judge->count[i] = is_held;
		else
			judge->count[i] = is_held ? of->initial_held : of->initial;
	}
}

bool
judge_event(struct judge *judge, const struct rule *rule, unsigned reading, unsigned cap,
            const struct judge_event *event, enum kind *kind, unsigned *lock)
{
	unsigned which = judge->by;

	assert(event->lock < RULE_LOCKS && event->handle < RULE_LOCKS && event->event != EVENT_END);
	*kind = KIND_COUNT;
	if (which == JUDGES ? !(rule->reading[reading].watches >> event->call & 1)
	                    : !judges[which].watches(rule->call[event->call].name))
		return true;
	judge->over = which == JUDGES ? !judge_table(judge, rule, &rule->reading[reading], cap, event, kind, lock)
	                              : !judges[which].event(judge, cap, event, kind, lock);
	return !judge->over;
}

/* The automata that an event of the rule's own is for, as a bit set. */
static unsigned
automata_of(const struct rule_reading *of, unsigned lock, const struct judge_end *end)
{
	unsigned holders = 0;

	if (of->scope == SCOPE_ALL)
		return 1;
	if (lock == RULE_LOCKS)
		return of->scope == SCOPE_HANDLE ? end->handles : end->locks;
	if (of->scope == SCOPE_LOCK)
		return 1U << lock;
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		if (end->owner[i] == 1 + lock)
			holders |= 1U << i;
	return holders;
}

bool
judge_occur(struct judge *judge, const struct rule *rule, unsigned reading, unsigned cap,
            const struct judge_own *own, const struct judge_end *end, uint8_t reported[KIND_COUNT])
{
	const struct rule_reading *of = &rule->reading[reading];
	unsigned column = rule_column(&rule->call[own->call]), automata = automata_of(of, own->lock, end);
	int16_t fresh = of->counts ? 0 : of->initial;

	assert(!rule->built_in && !judge->over);
	memset(reported, 0, KIND_COUNT);
	for (unsigned i = 0; of->watches >> own->call & 1 && i < RULE_LOCKS; i++) {
		bool nobody = !automata && i == 0; /* a lock that no handle holds */
		int16_t *count = nobody ? &fresh : &judge->count[i];
		const struct rule_cell *cell = table_cell(of, *count, column);
		unsigned letter = own->lock < RULE_LOCKS                       ? own->lock
		                  : of->scope == SCOPE_ALL                     ? (unsigned)LOCK_ALL
		                  : of->scope == SCOPE_HANDLE && end->owner[i] ? end->owner[i] - 1U
		                                                               : i;

		if (!(automata >> i & 1) && !(nobody && own->lock < RULE_LOCKS))
			continue;
		if (cell->violates) {
			reported[cell->kind] |= (uint8_t)(1U << letter);
			judge->over = true;
			continue;
		}
		*count = of->counts ? (int16_t)(*count + cell->step) : cell->next;
		judge->undecided |= of->counts && (*count >= (int)cap || *count <= -(int)cap);
	}
	judge->undecided &= !judge->over;
	judge->over |= judge->undecided;
	return !judge->over;
}

void
judge_end(const struct judge *judge, const struct rule *rule, unsigned reading, const struct judge_end *end,
          uint8_t reported[KIND_COUNT])
{
	assert(!judge->over);
	memset(reported, 0, KIND_COUNT);
	if (judge->by == JUDGES)
		table_at_end(judge, &rule->reading[reading], end, reported);
	else
		reported[KIND_MISSING_RELEASE] = (uint8_t)judges[judge->by].end(judge, end->owner);
}
