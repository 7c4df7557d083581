/* native: the emitted text, compiled by libtcc and run over all choices. See native.h.
 *
 * How it works: native_judge compiles a pack; run_case runs one harness again and again, each time on a longer list of choices: the
 * first run takes 0 everywhere, the next flips the last 0 to 1 and forgets what came behind it, until no 0 is left.
 * The compiled text calls the functions native_* below; each event goes to the judge of every reading.
 *
 * Why it ends: a path is cut where an unknown is asked for on the same line, with the same locks and judges, for the second
 * time, for whatever follows has been tried from the first time on (flags keep their value). So a loop body is entered at
 * most once for each state of its head, never more often than there are lock states. Counters have
 * states up to their cap; beyond it a judge gives up (undecided). Any other limit is an error, not a verdict.
 */
#include "native.h"

#include <libtcc.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CHOICES = 2000, MOST_FINDINGS = 256 };
enum { MOST_EFFORT = 300000000 }; /* situations compared and choices made for one case: a few seconds */

/* What an unknown's answer depends on: compared as bytes. */
struct situation {
	int line;
	uint8_t held;
	uint8_t owner[RULE_LOCKS];
	struct judge judge[RULE_READINGS];
};

struct found {
	unsigned count;
	struct finding finding[MOST_FINDINGS];
	bool undecided, deadlock;
};

struct run {
	const struct native_case *of;
	jmp_buf end;
	uint8_t choice[MOST_CHOICES];
	unsigned choices; /* made for this path, or to be replayed */
	unsigned at;      /* choices asked for so far */
	unsigned seen;
	struct situation situation[MOST_CHOICES];
	struct situation now;
	const void *lock[RULE_LOCKS];
	const void *handle[RULE_LOCKS];
	struct found found[RULE_READINGS];
	uint64_t effort;
	const char *limit;
};

/* The compiled text calls plain functions: this is where they find the run. */
static _Thread_local struct run *run;

enum { PATH_DONE = 1 };

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
		if (judge_event(judge, rule, i, run->of->cap, event, &kind, &lock)) {
			goes_on = true;
			if (event->event == EVENT_ACQUIRE && run->now.held >> event->lock & 1)
				run->found[i].deadlock = true;
			continue;
		}
		if (kind != KIND_COUNT)
			add_finding(i, kind, lock, (uint32_t)line + 1 - run->of->first_line);
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

/* what the text calls */

static void
native_lock(void *lock, int index, int held)
{
	if (index < 0)
		return;
	run->lock[index] = lock;
	if (!held)
		return;
	run->now.held |= (uint8_t)(1U << index);
	run->now.owner[index] = (uint8_t)(1 + index);
}

/* Handles are local, so they are known by the name they are cleared under. */
static void
native_handle(void *handle, const char *name)
{
	static const char letters[] = "QSP";
	const char *letter = strchr(letters, name[1]);

	if (name[0] != '&' || !letter)
		bug("an unknown queue handle %s", name);
	run->handle[letter - letters] = handle;
}

static int
native_choose(int line)
{
	unsigned at = run->at++;

	if (at == MOST_CHOICES)
		stop_at("choices of one path");
	run->effort += run->seen + 1;
	if (line) {
		run->now.line = line;
		for (unsigned i = 0; i < run->seen; i++)
			if (!memcmp(&run->situation[i], &run->now, sizeof run->now)) {
				run->at--;
				longjmp(run->end, PATH_DONE);
			}
		run->situation[run->seen++] = run->now;
	}
	if (at == run->choices)
		run->choice[run->choices++] = 0;
	return run->choice[at];
}

static void
native_acquire(void *lock, void *handle, int line)
{
	struct judge_event event = {EVENT_ACQUIRE, index_of(run->lock, lock), 0, true};

	event.handle = handle ? index_of(run->handle, handle) : event.lock;
	if (event.lock == RULE_LOCKS || event.handle == RULE_LOCKS)
		bug("line %d takes a lock or handle that nobody made", line);
	judge_all(&event, line);
	run->now.held |= (uint8_t)(1U << event.lock);
	run->now.owner[event.handle] = (uint8_t)(1 + event.lock);
}

static void
native_release(void *lock, void *handle, int line)
{
	unsigned index = handle ? index_of(run->handle, handle) : index_of(run->lock, lock);
	struct judge_event event = {EVENT_RELEASE, index, index, true};

	if (index == RULE_LOCKS) {
		if (handle || index_of(run->lock, NULL) == 0)
			bug("line %d releases a handle that nobody made", line);
		return; /* a lock that this rule does not watch */
	}
	if (handle) {
		event.in_use = run->now.owner[index] != 0;
		event.lock = event.in_use ? run->now.owner[index] - 1U : index;
	}
	judge_all(&event, line);
	if (!event.in_use)
		return;
	run->now.held &= (uint8_t) ~(1U << event.lock);
	run->now.owner[index] = 0;
}

static int
native_try(void *lock, int line)
{
	if (run->now.held >> index_of(run->lock, lock) & 1 || !native_choose(line))
		return 0;
	native_acquire(lock, NULL, line);
	return 1;
}

static void
judge_ends(void)
{
	const struct rule *rule = run->of->rule;

	for (unsigned i = 0; i < rule->readings; i++) {
		enum kind kind = KIND_COUNT;
		unsigned locks;

		if (run->now.judge[i].over)
			continue;
		locks = judge_end(&run->now.judge[i], rule, i, run->now.owner, &kind);
		for (unsigned lock = 0; lock <= LOCK_ALL; lock++)
			if (locks >> lock & 1)
				add_finding(i, kind, lock, run->of->end_line);
	}
}

/* all paths of one case */

static void
run_path(void (*harness)(void))
{
	const struct rule *rule = run->of->rule;

	memset(&run->now, 0, sizeof run->now);
	for (unsigned i = 0; i < rule->readings; i++)
		judge_begin(&run->now.judge[i], rule, i, rule->role[run->of->role].held);
	memset(run->lock, 0, sizeof run->lock);
	memset(run->handle, 0, sizeof run->handle);
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
	for (unsigned i = 0; i < of->rule->readings; i++) {
		run->found[i].count = 0;
		run->found[i].undecided = run->found[i].deadlock = false;
	}
	*result = (struct native_result){0};
	do {
		run_path(harness);
		result->paths++;
		if (run->effort > MOST_EFFORT)
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

/* compiling */

static void
keep_message(void *opaque, const char *message)
{
	struct diag *diag = opaque;

	if (!diag->message[0])
		diag_set(diag, "<native world>", 0, 0, "%s", message);
}

static const struct {
	const char *name;
	const void *address;
} symbols[] = {
#define SYMBOL(name)                         \
	{                                        \
#name, (const void *)(uintptr_t)name \
	}
	SYMBOL(native_choose), SYMBOL(native_acquire), SYMBOL(native_release), SYMBOL(native_try),
	SYMBOL(native_lock),   SYMBOL(native_handle),  SYMBOL(memset),         SYMBOL(memmove),
#undef SYMBOL
};

bool
native_judge(const char *text, const struct native_case *cases, unsigned count, struct arena *arena,
             struct native_result *results, struct diag *diag)
{
	TCCState *tcc = tcc_new();
	void (**harness)(void) = NULL;
	bool ok;

	if (!tcc)
		die("libtcc does not start");
	diag->message[0] = 0;
	tcc_set_error_func(tcc, diag, keep_message);
	tcc_set_options(tcc, "-nostdlib -nostdinc");
	tcc_set_output_type(tcc, TCC_OUTPUT_MEMORY);
	ok = tcc_compile_string(tcc, text) == 0;
	for (size_t i = 0; ok && i < sizeof symbols / sizeof *symbols; i++)
		ok = tcc_add_symbol(tcc, symbols[i].name, symbols[i].address) == 0;
	ok = ok && tcc_relocate(tcc, TCC_RELOCATE_AUTO) == 0;
	if (ok) {
		void *table = tcc_get_symbol(tcc, "lockdrill_harness");

		memcpy(&harness, &table, sizeof table);
		run = calloc(1, sizeof *run);
		if (!run)
			die("out of memory");
		for (unsigned i = 0; i < count; i++)
			run_case(harness[i], &cases[i], arena, &results[i]);
		free(run);
		run = NULL;
	}
	tcc_delete(tcc);
	return ok;
}
