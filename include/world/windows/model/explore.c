/* Runs every routine of a pack of the model world over all of its unknowns, by plain re-execution: the simplest verifier
 * there is. Compiled together with the pack; prints `case K: pass`, `case K: violation` or `case K: unknown` for each routine,
 * then `done`.
 *
 * A path is a list of answers to __VERIFIER_nondet_int, 0 or 1. A run repeats the answers that it was given and
 * answers 0 behind them; the next path flips the last 0. A place in the code answers 1 at most SITE_MOST times
 * on a path and then 0 for good, which bounds loops; an endless loop goes round so often that ROUND_MOST pauses
 * (round.h) are on a path, which then ends. Licence: 0BSD. */
#include <setjmp.h>
#include <stdio.h>

enum { SITE_MOST = 5, ROUND_MOST = 8, SITES = 256, CHOICES = 4096, PATHS = 3000000 };

enum { PASS, VIOLATION, UNKNOWN };

extern int (*const lockdrill_main[])(void);
extern const unsigned lockdrill_mains;
int __VERIFIER_nondet_int(void);
void reach_error(void);
void abort(void);

static struct {
	const void *address;
	unsigned ones; /* answered on this path */
} site[SITES];
static unsigned sites;

static struct {
	unsigned char answer;
	unsigned char forced; /* no other answer is tried */
} choice[CHOICES];
static unsigned given, taken; /* answers that the run repeats; that it has asked for */
static unsigned rounds;       /* of endless loops, on this path */
static volatile int outcome;
static jmp_buf leave;

static void
stop(int how)
{
	outcome = how;
	longjmp(leave, 1);
}

void
reach_error(void)
{
	stop(VIOLATION);
}

void lockdrill_round(void);

/* An endless loop begins a round. */
void
lockdrill_round(void)
{
	if (rounds++ == ROUND_MOST)
		stop(PASS);
}

/* The end of a path that is no error. */
void
abort(void)
{
	stop(PASS);
}

static unsigned
find_site(const void *address)
{
	unsigned i = 0;

	while (i < sites && site[i].address != address)
		i++;
	if (i == SITES)
		stop(UNKNOWN);
	if (i == sites) {
		site[sites].address = address;
		site[sites++].ones = 0;
	}
	return i;
}

int
__VERIFIER_nondet_int(void)
{
	unsigned here = find_site(__builtin_return_address(0));

	if (taken == CHOICES)
		stop(UNKNOWN);
	if (taken == given) {
		choice[given].answer = 0;
		choice[given++].forced = site[here].ones == SITE_MOST;
	}
	site[here].ones += choice[taken].answer;
	return choice[taken++].answer;
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

static int
explore(int (*routine)(void))
{
	volatile unsigned paths = 0;

	outcome = PASS;
	given = 0;
	do {
		if (paths++ == PATHS)
			return UNKNOWN;
		taken = sites = rounds = 0;
		if (!setjmp(leave))
			routine();
	} while (outcome == PASS && next_path());
	return outcome;
}

int
main(void)
{
	static const char *const words[] = {"pass", "violation", "unknown"};

	for (unsigned i = 0; i < lockdrill_mains; i++)
		printf("case %u: %s\n", i, words[explore(lockdrill_main[i])]);
	puts("done");
	return fflush(stdout) != 0;
}
