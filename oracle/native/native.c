/* native: the emitted text, compiled and run over all choices. See native.h.
 *
 * How it works: a pack is compiled by compile.h; run_case runs one harness again and again, each time on a
 * longer list of choices: the first run takes 0 everywhere, the next flips the last 0 to 1 and forgets what
 * came behind it, until no 0 is left. The compiled text calls the functions native_* below; each event goes
 * to the judge of every reading.
 *
 * Why it ends: a path is cut where an unknown is asked for on the same line, with the same locks and judges,
 * for the second time, for whatever follows has been tried from the first time on (what else a program
 * remembers is the same whenever it comes to that line). A line of a helper that is called from n places may
 * mean n things, and with flags that change in a loop as many as these have valuations: there a path is cut
 * the n-th time after the first, when one of them must have come back. Each round of an endless loop is met
 * in the same way, for it need ask for nothing. So a loop body is entered at most once for each state of its
 * head, never more often than there are lock states. Counters have states up to their cap; beyond it a judge
 * gives up (undecided). Any other limit is an error, not a verdict.
 */
#include "native.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compile.h"

enum { MOST_CHOICES = 2000, MOST_FINDINGS = 256, UNJUDGED_MOST = 2, MOST_NAMES = 16 };
enum { MOST_EFFORT = 300000000 }; /* situations compared and choices made for one case: a few seconds */

/* What an unknown's answer depends on: compared as bytes. */
struct situation {
	int line;
	uint8_t held, shared; /* those of them that others may hold too */
	uint8_t owner[RULE_LOCKS];
	uint16_t givers[RULE_LOCKS]; /* of a held lock, where a reading asks: as judge_givers */
	struct judge judge[RULE_READINGS];
};

struct found {
	unsigned count;
	struct finding finding[MOST_FINDINGS];
	bool undecided, deadlock;
};

/* The name of a call in the text, by its address. */
struct known_name {
	const char *name;
	unsigned call; /* RULE_CALLS: none of the rule */
};

struct run {
	const struct native_case *of;
	bool tells_wrong; /* some reading does */
	struct known_name name[MOST_NAMES];
	unsigned names;
	jmp_buf end;
	uint8_t choice[MOST_CHOICES];
	unsigned choices; /* made for this path, or to be replayed */
	unsigned at;      /* choices asked for so far */
	unsigned seen;
	struct situation situation[MOST_CHOICES];
	struct situation now, first; /* as it is; as each path begins */
	const void *lock[RULE_LOCKS];
	const void *spare[RULE_LOCKS]; /* the other object of a lock that the request chooses between */
	const void *used[RULE_LOCKS];  /* the object that was, on this path */
	uint8_t local[2 * RULE_LOCKS]; /* locks that the routine will initialise, in this order */
	unsigned locals, ready;        /* how many; how many it has */
	const void *unjudged[UNJUDGED_MOST];
	unsigned unjudgeds;
	const void *handle[RULE_LOCKS];
	struct found found[RULE_READINGS];
	uint64_t effort;
	const char *limit;
};

/* The compiled text calls plain functions: this is where they find the run. */
static _Thread_local struct run *run;

enum { PATH_DONE = 1 };

/* What the text says that a call is: LK_ACQUIRE and so on of its locks.h. */
enum native_event { NATIVE_ACQUIRE, NATIVE_RELEASE, NATIVE_TRY, NATIVE_OWN };

static void
stop_at(const char *limit)
{
	run->limit = limit;
	longjmp(run->end, PATH_DONE);
}

static void
add_finding(unsigned reading, enum kind kind, unsigned lock, uint32_t line)
{
	struct found *found = &run->found[reading];
	struct finding finding = {(uint8_t)kind, (uint8_t)lock, 0, line};

	for (unsigned i = 0; i < found->count; i++) {
		const struct finding *old = &found->finding[i];

		if (old->kind == kind && old->lock == lock && old->line == line)
			return;
	}
	if (found->count == MOST_FINDINGS)
		stop_at("findings of one case");
	found->finding[found->count++] = finding;
}

/* A line of the pack as one of the body: the second part is the last that makes events. */
static uint32_t
line_in_body(int line)
{
	uint32_t helpers = run->of->helpers_line;

	return helpers && (uint32_t)line >= helpers ? LINE_SECOND + (uint32_t)line + 1 - helpers
	                                            : (uint32_t)line + 1 - run->of->first_line;
}

/* Whether a call waits for a lock that its own path holds. */
static bool
waits(unsigned call, unsigned lock)
{
	enum rule_effect effect = run->of->rule->call[call].effect;
	bool shared = run->now.shared >> lock & 1;

	return run->now.held >> lock & 1 && (effect == EFFECT_TAKE || (effect == EFFECT_SHARE && !shared));
}

/* Gives an event to all judges whose path goes on; ends the path when there is none. */
static void
judge_all(const struct judge_event *event, int line)
{
	const struct rule *rule = run->of->rule;
	bool goes_on = false;

	for (unsigned i = 0; i < rule->readings; i++) {
		struct judge *judge = &run->now.judge[i];
		enum kind kind;
		unsigned lock;

		if (judge->over)
			continue;
		goes_on |= judge_event(judge, rule, i, run->of->cap, event, &kind, &lock);
		if (kind == KIND_COUNT && waits(event->call, event->lock))
			run->found[i].deadlock = true;
		if (!judge->over)
			continue;
		if (kind != KIND_COUNT)
			add_finding(i, kind, lock, line_in_body(line));
		run->found[i].undecided |= judge->undecided;
		*judge = (struct judge){.over = true};
	}
	if (!goes_on)
		longjmp(run->end, PATH_DONE);
}

static unsigned
index_of(const void *const *known, const void *address)
{
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		if (known[i] == address && address)
			return i;
	return RULE_LOCKS;
}

/* Whether the harness told of a lock at this address. */
static bool
is_known(const void *address)
{
	return index_of(run->lock, address) < RULE_LOCKS || index_of(run->spare, address) < RULE_LOCKS;
}

/* The lock at this address, or RULE_LOCKS for one that the rule does not watch. */
static unsigned
lock_at(const void *address, int line)
{
	unsigned index = index_of(run->lock, address);

	if (index == RULE_LOCKS)
		index = index_of(run->spare, address);
	for (unsigned i = 0; i < run->unjudgeds; i++)
		if (run->unjudged[i] == address)
			return RULE_LOCKS;
	if (index == RULE_LOCKS)
		bug("line %d names a lock that nobody made", line);
	if (run->used[index] && run->used[index] != address)
		bug("line %d: one path uses both of two locks that the request chooses between", line);
	run->used[index] = address;
	return index;
}

/* The lock is held by what this call took. */
static void
take(unsigned lock, unsigned call)
{
	const struct rule *rule = run->of->rule;
	uint8_t bit = (uint8_t)(1U << lock);

	if (rule->call[call].effect == EFFECT_TAKE)
		run->now.shared &= (uint8_t)~bit;
	else if (!(run->now.held & bit))
		run->now.shared |= bit;
	run->now.held |= bit;
	if (run->tells_wrong)
		run->now.givers[lock] = judge_givers(rule, call);
}

/* what the text calls */

/* A second lock of the same index is the one that the request may choose instead. */
static void
native_lock(void *lock, int index, int held)
{
	if (index < 0) {
		if (!held && run->unjudgeds < UNJUDGED_MOST)
			run->unjudged[run->unjudgeds++] = lock;
		return;
	}
	*(run->lock[index] && run->lock[index] != lock ? &run->spare[index] : &run->lock[index]) = lock;
	if (!held)
		return;
	take((unsigned)index, rule_acquire(run->of->rule, run->of->role, (unsigned)index));
	run->now.owner[index] = (uint8_t)(1 + index);
}

static void
native_local(int index)
{
	if (run->locals == 2 * RULE_LOCKS)
		bug("more than %d local locks", 2 * RULE_LOCKS);
	run->local[run->locals++] = (uint8_t)index;
}

/* A lock is known from here on, if it is one that the harness told of. */
static void
native_initialise(void *lock)
{
	if (run->ready < run->locals)
		native_lock(lock, run->local[run->ready++], 0);
}

/* Handles are known by the name that they are cleared under: &LockHandle, &Extension.LockHandle. */
static void
native_handle(void *handle, const char *place)
{
	const char *dot = strrchr(place, '.'), *name = dot ? dot + 1 : place + 1;

	if (place[0] != '&')
		bug("not the address of a queue handle: %s", place);
	for (unsigned i = 0; i < RULE_LOCKS && run->of->handle_name; i++)
		if (!strcmp(run->of->handle_name[i], name)) {
			run->handle[i] = handle;
			return;
		}
	bug("an unknown queue handle %s", place);
}

/* The system stops: nothing is judged at the end of this path. */
static void
native_stop(void)
{
	longjmp(run->end, PATH_DONE);
}

/* Cuts the path where nothing new can follow any more. */
static void
pass(int line)
{
	unsigned met = 0;

	if (run->seen == MOST_CHOICES)
		stop_at("choices of one path");
	run->effort += run->seen + 1;
	run->now.line = line;
	for (unsigned i = 0; i < run->seen; i++)
		if (run->situation[i].line == line && !memcmp(&run->situation[i], &run->now, sizeof run->now) &&
		    ++met == run->of->sites)
			longjmp(run->end, PATH_DONE);
	run->situation[run->seen++] = run->now;
}

/* An endless loop begins a round. */
static void
native_round(int line)
{
	pass(line);
}

static int
native_choose(int line)
{
	unsigned at = run->at;

	if (at == MOST_CHOICES)
		stop_at("choices of one path");
	if (line)
		pass(line);
	run->at++;
	if (at == run->choices)
		run->choice[run->choices++] = 0;
	return run->choice[at];
}

static void
acquire(unsigned call, void *lock, void *handle, int line)
{
	struct judge_event event = {.event = EVENT_ACQUIRE, .lock = lock_at(lock, line), .in_use = true};

	if (event.lock == RULE_LOCKS)
		return;
	event.handle = handle ? index_of(run->handle, handle) : event.lock;
	if (event.handle == RULE_LOCKS)
		bug("line %d takes a lock through a handle that nobody made", line);
	event.call = call;
	event.misordered = run->of->rule->call[call].event == EVENT_ACQUIRE && run->now.held >> (event.lock + 1);
	judge_all(&event, line);
	take(event.lock, event.call);
	run->now.owner[event.handle] = (uint8_t)(1 + event.lock);
}

/* Nobody holds the lock any more. */
static void
let_go(unsigned lock)
{
	run->now.held &= (uint8_t) ~(1U << lock);
	run->now.shared &= (uint8_t) ~(1U << lock);
	run->now.givers[lock] = 0;
}

static void
release(unsigned call, void *lock, void *handle, int line)
{
	unsigned index = handle ? index_of(run->handle, handle) : lock_at(lock, line);
	struct judge_event event = {.event = EVENT_RELEASE, .lock = index, .handle = index, .in_use = true};

	if (index == RULE_LOCKS && handle)
		bug("line %d releases a handle that nobody made", line);
	if (index == RULE_LOCKS)
		return;
	if (handle) {
		event.in_use = run->now.owner[index] != 0;
		event.lock = event.in_use ? run->now.owner[index] - 1U : index;
	}
	event.call = call;
	event.wrong = run->of->rule->call[call].event == EVENT_RELEASE && event.in_use &&
	              run->now.held >> event.lock & 1 && run->now.givers[event.lock] &&
	              !judge_gives_back(run->of->rule, event.call, run->now.givers[event.lock]);
	judge_all(&event, line);
	if (!event.in_use)
		return;
	let_go(event.lock);
	run->now.owner[index] = 0;
}

static int
try_to_acquire(unsigned call, void *lock, int line)
{
	if (waits(call, lock_at(lock, line)) || !native_choose(line))
		return 0;
	acquire(call, lock, NULL, line);
	return 1;
}

/* The automata that exist. */
static struct judge_end
ends(void)
{
	uint32_t held = run->of->rule->role[run->of->role].held;
	struct judge_end end = {.locks = held, .handles = held | run->of->handles, .owner = run->now.owner};

	for (unsigned i = 0; i < RULE_LOCKS; i++)
		end.locks |= run->lock[i] ? 1U << i : 0;
	return end;
}

static void
add_reported(unsigned reading, const uint8_t reported[KIND_COUNT], uint32_t line)
{
	for (unsigned kind = 0; kind < KIND_COUNT; kind++)
		for (unsigned lock = 0; lock <= LOCK_ALL; lock++)
			if (reported[kind] >> lock & 1)
				add_finding(reading, (enum kind)kind, lock, line);
}

/* An event of the rule's own that names no lock (RULE_LOCKS), or one of a lock where there are handles. */
static void
occur(unsigned call, unsigned lock, int line)
{
	const struct rule *rule = run->of->rule;
	const struct judge_own own = {call, lock};
	const struct judge_end end = ends();
	bool goes_on = false;

	for (unsigned i = 0; i < rule->readings; i++) {
		struct judge *judge = &run->now.judge[i];
		uint8_t reported[KIND_COUNT];

		if (judge->over)
			continue;
		goes_on |= judge_occur(judge, rule, i, run->of->cap, &own, &end, reported);
		if (!judge->over)
			continue;
		add_reported(i, reported, line_in_body(line));
		run->found[i].undecided |= judge->undecided;
		*judge = (struct judge){.over = true};
	}
	if (!goes_on)
		longjmp(run->end, PATH_DONE);
}

/* One that names a lock, and neither takes it nor gives it back. */
static void
touch(unsigned call, void *lock, int line)
{
	struct judge_event event = {.event = EVENT_OWN, .call = call, .in_use = true};
	enum rule_effect effect = run->of->rule->call[call].effect;

	if (effect != EFFECT_NONE && !is_known(lock))
		return; /* a lock that comes and goes in the text, and that nobody judges */
	event.lock = event.handle = lock_at(lock, line);
	if (event.lock == RULE_LOCKS)
		return;
	if (run->of->rule->has_handles)
		occur(call, event.lock, line);
	else
		judge_all(&event, line);
	if (effect == EFFECT_NONE)
		return;
	let_go(event.lock);
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		if (run->now.owner[i] == 1 + event.lock)
			run->now.owner[i] = 0;
}

/* Any event of the rule's own: what it does stands in its file. */
static void
own_event(unsigned call, void *lock, int line)
{
	const struct rule *rule = run->of->rule;
	const struct rule_call *of = &rule->call[call];

	if (rule_takes(of))
		acquire(call, lock, NULL, line);
	else if (rule_gives(of))
		release(call, lock, NULL, line);
	else if (rule->event[of->own].names_lock)
		touch(call, lock, line);
	else
		occur(call, RULE_LOCKS, line);
}

/* The rule's call of a name in the text, looked up once a case; RULE_CALLS where it has none. */
static unsigned
call_named(const char *name)
{
	struct known_name found = {name, RULE_CALLS};

	for (unsigned i = 0; i < run->names; i++)
		if (run->name[i].name == name)
			return run->name[i].call;
	if (!rule_find_call(run->of->rule, name, &found.call))
		found.call = RULE_CALLS;
	if (run->names < MOST_NAMES)
		run->name[run->names++] = found;
	return found.call;
}

/* The call of the rule that the text names, or that of the role for such a lock where it names none. A lock
 * of another rule has calls of another rule, which nobody looks at. */
static unsigned
call_of(const char *name, enum native_event event, const void *lock)
{
	const struct rule *rule = run->of->rule;
	const struct rule_role *role = &rule->role[run->of->role];
	unsigned index = index_of(run->lock, lock), type;
	unsigned call = name ? call_named(name) : RULE_CALLS;

	if (call != RULE_CALLS)
		return call;
	if (index == RULE_LOCKS)
		index = index_of(run->spare, lock);
	type = index < RULE_LOCKS ? rule->type_of[index] : 0;
	return (event == NATIVE_TRY       ? role->try_call
	        : event == NATIVE_ACQUIRE ? role->acquire
	                                  : role->release)[type];
}

static int
native_event(const char *name, int event, void *lock, void *handle, int line)
{
	unsigned call;

	if (event == NATIVE_OWN) {
		call = call_named(name);
		if (call != RULE_CALLS) /* else it is another rule's */
			own_event(call, lock, line);
		return 1;
	}
	call = call_of(name, (enum native_event)event, lock);
	if (event == NATIVE_TRY)
		return try_to_acquire(call, lock, line);
	if (event == NATIVE_ACQUIRE)
		acquire(call, lock, handle, line);
	else if (event == NATIVE_RELEASE)
		release(call, lock, handle, line);
	else
		bug("line %d: %s does what nobody knows (%d)", line, name, event);
	return 1;
}

static void
native_acquire(void *lock, void *handle, int line)
{
	native_event(NULL, NATIVE_ACQUIRE, lock, handle, line);
}

static void
native_release(void *lock, void *handle, int line)
{
	native_event(NULL, NATIVE_RELEASE, lock, handle, line);
}

static int
native_try(void *lock, int line)
{
	return native_event(NULL, NATIVE_TRY, lock, NULL, line);
}

static void
judge_ends(void)
{
	const struct rule *rule = run->of->rule;
	const struct judge_end end = ends();

	for (unsigned i = 0; i < rule->readings; i++) {
		uint8_t reported[KIND_COUNT];

		if (run->now.judge[i].over)
			continue;
		judge_end(&run->now.judge[i], rule, i, &end, reported);
		add_reported(i, reported, run->of->end_line);
	}
}

/* all paths of one case */

static void
run_path(void (*harness)(void))
{
	run->now = run->first;
	memset(run->lock, 0, sizeof run->lock);
	memset(run->spare, 0, sizeof run->spare);
	memset(run->used, 0, sizeof run->used);
	memset(run->handle, 0, sizeof run->handle);
	run->unjudgeds = run->locals = run->ready = 0;
	run->at = run->seen = 0;
	if (setjmp(run->end))
		return;
	harness();
	judge_ends();
}

/* The next list of choices; false when all were tried. */
static bool
next_path(void)
{
	run->choices = run->at;
	while (run->choices && run->choice[run->choices - 1])
		run->choices--;
	if (!run->choices)
		return false;
	run->choice[run->choices - 1] = 1;
	return true;
}

static void
run_case(void (*harness)(void), const struct native_case *of, struct arena *arena,
         struct native_result *result)
{
	run->of = of;
	run->choices = 0;
	run->limit = NULL;
	run->effort = 0;
	run->names = 0;
	run->tells_wrong = false;
	memset(&run->first, 0, sizeof run->first);
	for (unsigned i = 0; i < of->rule->readings; i++) {
		run->found[i].count = 0;
		run->found[i].undecided = run->found[i].deadlock = false;
		run->tells_wrong |= of->rule->reading[i].tells_wrong;
		judge_begin(&run->first.judge[i], of->rule, i, of->rule->role[of->role].held);
	}
	*result = (struct native_result){0};
	do {
		run_path(harness);
		result->paths++;
		if (run->effort > (run->of->effort ? run->of->effort : MOST_EFFORT))
			run->limit = "paths of one case";
	} while (!run->limit && next_path());
	result->limit = run->limit;
	for (unsigned i = 0; i < of->rule->readings; i++) {
		struct found *found = &run->found[i];
		struct verdict *verdict = &result->verdict[i];

		verdict->count = found->count;
		verdict->deadlock = found->deadlock;
		verdict->finding = arena_alloc(arena, (found->count + 1) * sizeof *verdict->finding);
		memcpy(verdict->finding, found->finding, found->count * sizeof *verdict->finding);
		verdict_finish(verdict, found->undecided);
	}
}

/* a pack */

static const struct compile_calls calls = {
#define CALL(type, give, name, parameters, arguments) .name = native_##name,
	COMPILE_CALLS(CALL)
#undef CALL
};

bool
native_judge_pack(const struct native_pack *pack, const char *compiler, struct arena *arena,
                  struct native_result *results, struct diag *diag)
{
	struct compiled compiled;

	if (!compile_pack(&compiled, compiler, pack->text, &calls, diag))
		return false;
	run = calloc(1, sizeof *run);
	if (!run)
		die("out of memory");
	for (unsigned i = 0; i < pack->count; i++)
		run_case(compiled.harness[i], &pack->cases[i], arena, &results[i]);
	free(run);
	run = NULL;
	compile_free(&compiled);
	return true;
}

bool
native_judge(const char *text, const struct native_case *cases, unsigned count, struct arena *arena,
             struct native_result *results, struct diag *diag)
{
	return native_judge_pack(&(struct native_pack){text, cases, count}, NULL, arena, results, diag);
}
