/* Runs every routine of a pack under a checker of running programs (valgrind, ThreadSanitizer), over many of its paths, as a
 * test bench would: compiled with -DLOCKDRILL_PACK='"pack.c"', which it includes. Prints `LINE: KIND` for the first call of
 * a case during which the checker said something, and `done` at the end; what it said stands above.
 *
 * A path is a list of answers to lockdrill_choose, 0 or 1: a run repeats those that it was given and answers 0 behind
 * them; the next path flips the last 0. A line answers 1 at most LINE_MOST times on a path, an endless loop goes round
 * ROUND_MOST times, and PATHS paths of a case are run: what is behind that is not seen. Mutexes are of the type that
 * refuses a second lock by its owner, so that a path goes on behind it. Licence: 0BSD. */
#define _GNU_SOURCE
#include LOCKDRILL_PACK

#include <setjmp.h>
#include <stdio.h>

enum { LINE_MOST = 2, ROUND_MOST = 4, CHOICES = 1024, LINES = 64, MUTEXES = 64, LOCALS = 8, PATHS = 300 };

#if defined(__SANITIZE_THREAD__)
#define LOCKDRILL_TSAN
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LOCKDRILL_TSAN
#endif
#endif

#ifdef LOCKDRILL_TSAN
static unsigned reports;
void __tsan_on_report(void *report);

void
__tsan_on_report(void *report)
{
	(void)report;
	reports++;
}
#define REPORTS() reports
#else
#include <valgrind/valgrind.h>
#define REPORTS() ((unsigned)VALGRIND_COUNT_ERRORS)
#endif

static struct {
	int line;
	unsigned ones; /* answered on this path */
} line_of[LINES];
static unsigned lines;

static struct {
	unsigned char answer, forced; /* forced: no other answer is tried */
} choice[CHOICES];
static unsigned given, taken; /* answers that the run repeats; that it has asked for */
static unsigned rounds;

static struct {
	pthread_mutex_t *mutex;
	unsigned held;
} known[MUTEXES];
static unsigned knowns;
static pthread_mutex_t *local[LOCALS];
static int next_local; /* number of the next that is made; -1: none */

static unsigned before; /* reports when the path began */
static int violates;
static jmp_buf leave;

static int
find(const pthread_mutex_t *mutex)
{
	for (unsigned i = 0; i < knowns; i++)
		if (known[i].mutex == mutex)
			return (int)i;
	return -1;
}

void
lockdrill_stop(void)
{
	longjmp(leave, 1);
}

static void
look(int line, const char *kind)
{
	if (REPORTS() == before)
		return;
	printf("%d: %s\n", line, kind);
	violates = 1;
	lockdrill_stop();
}

void
lockdrill_init(pthread_mutex_t *mutex)
{
	pthread_mutexattr_t attributes;
	int i = find(mutex);

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(mutex, &attributes);
	pthread_mutexattr_destroy(&attributes);
	if (i < 0 && knowns < MUTEXES)
		known[knowns++].mutex = mutex;
	if (next_local >= 0 && next_local < LOCALS)
		local[next_local++] = mutex;
}

void
lockdrill_take(pthread_mutex_t *mutex, int line)
{
	int i = find(mutex);

	if (!pthread_mutex_lock(mutex) && i >= 0)
		known[i].held++;
	look(line, "double-acquire");
}

void
lockdrill_give(pthread_mutex_t *mutex, int line)
{
	int i = find(mutex);

	if (!pthread_mutex_unlock(mutex) && i >= 0)
		known[i].held = 0;
	look(line, "release-without-acquire");
}

int
lockdrill_try(pthread_mutex_t *mutex, int line)
{
	int i = find(mutex), free = lockdrill_choose(line) && !pthread_mutex_trylock(mutex);

	if (free && i >= 0)
		known[i].held++;
	look(line, "double-acquire");
	return free;
}

/* What has returned leaves its mutexes behind, where the stack of a call would stand: between the two there is a gap. */
enum { GAP = 1 << 20 };

__attribute__((noinline)) static void
destroy_below(pthread_mutex_t *mutex)
{
	volatile char gap[GAP];

	gap[0] = 0;
	pthread_mutex_destroy(mutex);
	gap[1] = 0;
}

__attribute__((noinline)) static void
run_below(void (*harness)(void))
{
	volatile char gap[GAP];

	gap[0] = 0;
	harness();
	gap[1] = 0;
}

void
lockdrill_gone(pthread_mutex_t *mutex, int line)
{
	int i = find(mutex);

	destroy_below(mutex);
	if (i >= 0)
		known[i] = known[--knowns];
	look(line, "missing-release");
}

void
lockdrill_local(int number)
{
	if (!number)
		next_local = 0;
}

void
lockdrill_local_gone(int number, int line)
{
	if (number < LOCALS && local[number])
		lockdrill_gone(local[number], line);
}

int
lockdrill_choose(int line)
{
	unsigned i = 0;

	while (i < lines && line_of[i].line != line)
		i++;
	if (i == LINES || taken == CHOICES)
		lockdrill_stop();
	if (i == lines) {
		line_of[lines].line = line;
		line_of[lines++].ones = 0;
	}
	if (taken == given) {
		choice[given].answer = 0;
		choice[given++].forced = line_of[i].ones == LINE_MOST;
	}
	line_of[i].ones += choice[taken].answer;
	return choice[taken++].answer;
}

void
lockdrill_round(void)
{
	if (rounds++ == ROUND_MOST)
		lockdrill_stop();
}

/* So that the next path, whose mutexes stand where these do, begins with new ones. */
static void
clean_up(void)
{
	for (unsigned i = 0; i < knowns; i++) {
		if (known[i].held)
			pthread_mutex_unlock(known[i].mutex);
		pthread_mutex_destroy(known[i].mutex);
		known[i].held = 0;
	}
	knowns = 0;
}

/* Flips the last answer that has another; false when there is none. */
static int
next_path(void)
{
	given = taken;
	while (given && (choice[given - 1].answer || choice[given - 1].forced))
		given--;
	if (!given)
		return 0;
	choice[given - 1].answer = 1;
	return 1;
}

static void
run(void (*harness)(void))
{
	volatile unsigned paths = 0;

	violates = 0;
	given = 0;
	do {
		taken = lines = rounds = knowns = 0;
		next_local = -1;
		for (unsigned i = 0; i < LOCALS; i++)
			local[i] = 0;
		before = REPORTS();
		if (!setjmp(leave))
			run_below(harness);
		clean_up();
	} while (!violates && ++paths < PATHS && next_path());
}

int
main(void)
{
	for (unsigned i = 0; i < sizeof lockdrill_harness / sizeof *lockdrill_harness; i++)
		run(lockdrill_harness[i]);
	puts("done");
	return fflush(stdout) != 0;
}
