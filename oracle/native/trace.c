/* trace: what a text does on given lists of choices. See trace.h; as text: trace_text.c.
 *
 * How it works: compile.h makes code of the text and leads its calls to the functions trace_* here, which
 * write down what is called. A path that is over leaves by longjmp. To explore is to replay an empty list
 * first, and then, again and again, the list of the last path with its last 0 made 1 that may be. An unknown
 * of one line answers 1 at most so often on a path, which bounds loops; how often is found by trying.
 */
#include "trace.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "compile.h"

enum { LINES_MOST = 256, ONES_MOST = 5 };

/* What the text says that a call is: LK_ACQUIRE and so on of its locks.h. */
enum native_event { NATIVE_ACQUIRE, NATIVE_RELEASE, NATIVE_TRY, NATIVE_OWN };

/* How often a line has answered 1 on this path. */
struct asked {
	int line;
	unsigned ones;
};

struct run {
	jmp_buf end;
	enum trace_end how;
	char choice[TRACE_CHOICES + 1];
	bool forced[TRACE_CHOICES]; /* no other answer is tried */
	unsigned given, at;         /* choices to be repeated; asked for so far */
	unsigned ones_most;         /* of a line; 0: any number */
	struct asked asked[LINES_MOST];
	unsigned lines;
	unsigned steps, rounds;
	struct trace_step step[TRACE_STEPS];
	const void *lock[TRACE_LOCKS];
	const void *handle[TRACE_HANDLES];
	const void *unjudged[2];
	uint8_t local[TRACE_LOCKS]; /* locks that the routine will initialise, in this order */
	unsigned locals, ready;
	uint8_t held; /* as the text's calls tell */
};

/* The compiled text calls plain functions: this is where they find the run. */
static struct run *run;

static void
leave(enum trace_end how)
{
	run->how = how;
	longjmp(run->end, 1);
}

static void
add(struct trace_step step)
{
	if (run->steps == TRACE_STEPS)
		leave(TRACE_TOO_LONG);
	run->step[run->steps++] = step;
}

/* locks and handles */

static uint8_t
lock_at(const void *address)
{
	for (uint8_t i = 0; address && i < TRACE_LOCKS; i++)
		if (run->lock[i] == address)
			return i;
	return address ? TRACE_OTHER_LOCK : TRACE_NONE;
}

static bool
is_unjudged(const void *address)
{
	return address && (run->unjudged[0] == address || run->unjudged[1] == address);
}

/* A handle is known from where it is first met. */
static uint8_t
handle_at(const void *address)
{
	for (uint8_t i = 0; address && i < TRACE_HANDLES; i++) {
		if (!run->handle[i])
			run->handle[i] = address;
		if (run->handle[i] == address)
			return i;
	}
	return TRACE_NONE;
}

static void
set_held(uint8_t lock, bool held)
{
	if (lock < TRACE_LOCKS)
		run->held = (uint8_t)(held ? run->held | 1U << lock : run->held & ~(1U << lock));
}

/* what the text calls */

/* A second lock of the same index is the one that the request may choose instead. */
static void
trace_lock(void *lock, int index, int held)
{
	if (index < 0) {
		run->unjudged[run->unjudged[0] && run->unjudged[0] != lock] = lock;
		return;
	}
	if (run->lock[index] && run->lock[index] != lock)
		index += TRACE_LOCKS / 2;
	run->lock[index] = lock;
	set_held((uint8_t)index, held);
}

static void
trace_local(int index)
{
	if (run->locals < TRACE_LOCKS)
		run->local[run->locals++] = (uint8_t)index;
}

static void
trace_initialise(void *lock)
{
	if (run->ready < run->locals)
		trace_lock(lock, run->local[run->ready++], 0);
}

static void
trace_handle(void *handle, const char *place)
{
	(void)place;
	handle_at(handle);
}

static void
trace_stop(void)
{
	leave(TRACE_STOPPED);
}

static void
trace_round(int line)
{
	add((struct trace_step){STEP_ROUND, 0, TRACE_NONE, TRACE_NONE, (uint32_t)line, ""});
	if (++run->rounds == TRACE_ROUNDS)
		leave(TRACE_CUT);
}

/* Whether the line may answer 1 once more. Before the routine each unknown is asked for once. */
static bool
may_be_one(int line)
{
	unsigned i = 0;

	if (!line || !run->ones_most)
		return true;
	while (i < run->lines && run->asked[i].line != line)
		i++;
	return i == run->lines || run->asked[i].ones < run->ones_most;
}

static void
count_one(int line)
{
	unsigned i = 0;

	while (i < run->lines && run->asked[i].line != line)
		i++;
	if (i == LINES_MOST)
		leave(TRACE_TOO_LONG);
	if (i == run->lines)
		run->asked[run->lines++] = (struct asked){line, 0};
	run->asked[i].ones++;
}

static int
trace_choose(int line)
{
	unsigned at = run->at;
	bool one;

	if (at == TRACE_CHOICES)
		leave(TRACE_TOO_LONG);
	if (at >= run->given) {
		run->choice[at] = '0';
		run->forced[at] = !may_be_one(line);
	}
	one = run->choice[at] == '1';
	if (one && run->ones_most)
		count_one(line);
	run->at++;
	add((struct trace_step){STEP_CHOICE, one, TRACE_NONE, TRACE_NONE, (uint32_t)line, ""});
	return one;
}

static void
acquire(const char *name, void *lock, void *handle, int line)
{
	uint8_t index = lock_at(lock);

	add((struct trace_step){STEP_ACQUIRE, 0, index, handle_at(handle), (uint32_t)line, name});
	set_held(index, true);
}

static int
try_to_acquire(const char *name, void *lock, int line)
{
	uint8_t index = lock_at(lock);

	if ((index < TRACE_LOCKS && run->held >> index & 1) || !trace_choose(line))
		return 0;
	acquire(name, lock, NULL, line);
	return 1;
}

static int
trace_event(const char *name, int event, void *lock, void *handle, int line)
{
	name = name ? name : "";
	if (is_unjudged(lock) || (event == NATIVE_OWN && !lock)) {
		add((struct trace_step){STEP_OTHER, 0, TRACE_NONE, TRACE_NONE, (uint32_t)line, name});
		return 1;
	}
	if (event == NATIVE_TRY)
		return try_to_acquire(name, lock, line);
	if (event == NATIVE_ACQUIRE) {
		acquire(name, lock, handle, line);
	} else if (event == NATIVE_RELEASE) {
		add((struct trace_step){STEP_RELEASE, 0, lock_at(lock), handle_at(handle), (uint32_t)line, name});
		set_held(lock_at(lock), false);
	} else {
		add((struct trace_step){STEP_OWN, 0, lock_at(lock), TRACE_NONE, (uint32_t)line, name});
	}
	return 1;
}

static void
trace_acquire(void *lock, void *handle, int line)
{
	trace_event(NULL, NATIVE_ACQUIRE, lock, handle, line);
}

static void
trace_release(void *lock, void *handle, int line)
{
	trace_event(NULL, NATIVE_RELEASE, lock, handle, line);
}

static int
trace_try(void *lock, int line)
{
	return trace_event(NULL, NATIVE_TRY, lock, NULL, line);
}

static const struct compile_calls calls = {
#define CALL(type, give, name, parameters, arguments) .name = trace_##name,
	COMPILE_CALLS(CALL)
#undef CALL
};

/* paths */

static void
forget(void)
{
	run->how = TRACE_RETURNED;
	run->at = run->lines = run->steps = run->rounds = run->locals = run->ready = 0;
	run->held = 0;
	memset(run->lock, 0, sizeof run->lock);
	memset(run->handle, 0, sizeof run->handle);
	memset(run->unjudged, 0, sizeof run->unjudged);
}

/* One path on the choices that are given; what it asks for behind them is added. */
static struct trace
run_path(void (*harness)(void))
{
	forget();
	if (!setjmp(run->end))
		harness();
	run->choice[run->at] = 0;
	return (struct trace){run->steps, run->step, run->at, run->how};
}

/* The next list of choices; false when all were tried. */
static bool
next_path(void)
{
	run->given = run->at;
	while (run->given && (run->choice[run->given - 1] == '1' || run->forced[run->given - 1]))
		run->given--;
	if (!run->given)
		return false;
	run->choice[run->given - 1] = '1';
	return true;
}

/* Whether there are so many paths at most; `take` NULL only counts. */
static bool
explore(void (*harness)(void), unsigned most, trace_take *take, void *to)
{
	unsigned paths = 0;

	run->given = 0;
	do {
		struct trace trace = run_path(harness);

		if (take)
			take(to, &trace, run->choice);
		paths++;
	} while (next_path() && paths < most);
	return !run->given;
}

static void
begin_run(void)
{
	run = calloc(1, sizeof *run);
	if (!run)
		die("out of memory");
}

static void
end_run(struct compiled *compiled)
{
	free(run);
	run = NULL;
	compile_free(compiled);
}

bool
trace_explore(const char *text, trace_take *take, void *to, struct diag *diag)
{
	struct compiled compiled;

	if (!compile_pack(&compiled, NULL, text, &calls, diag))
		return false;
	begin_run();
	run->ones_most = ONES_MOST;
	while (run->ones_most > 1 && !explore(compiled.harness[0], TRACE_PATHS, NULL, NULL))
		run->ones_most--;
	explore(compiled.harness[0], TRACE_PATHS, take, to);
	end_run(&compiled);
	return true;
}

bool
trace_replay(const char *text, const char *const *lists, unsigned count, trace_begin *begin, trace_take *take,
             void *to, struct diag *diag)
{
	struct compiled compiled;

	if (!compile_pack(&compiled, NULL, text, &calls, diag))
		return false;
	begin_run();
	for (unsigned i = 0; i < count; i++) {
		struct trace trace;

		run->given = (unsigned)strlen(lists[i]);
		if (run->given > TRACE_CHOICES)
			bug("a list of %u choices", run->given);
		memcpy(run->choice, lists[i], run->given);
		if (begin)
			begin(to, i);
		trace = run_path(compiled.harness[0]);
		take(to, &trace, run->choice);
	}
	end_run(&compiled);
	return true;
}
