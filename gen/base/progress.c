/* Progress on a terminal. See progress.h.
 *
 * The clock is read at each step, which is a case or more. The first line comes after two seconds, further
 * ones twice a second.
 */
#include "progress.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static const double first_after = 2, then_every = 0.5;

static struct {
	const char *what; /* NULL: nothing is said */
	uint64_t done;
	double begun, told; /* seconds */
	bool is_shown;
} line;

static double
seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void
progress_begin(const char *what)
{
	assert(what);
	if (!isatty(STDERR_FILENO))
		return;
	line.what = what;
	line.done = 0;
	line.begun = line.told = seconds_now();
}

void
progress_step(uint64_t cases)
{
	double now, spent;

	line.done += cases;
	if (!line.what)
		return;
	now = seconds_now();
	spent = now - line.begun;
	if (spent < first_after || now - line.told < then_every)
		return;
	line.told = now;
	line.is_shown = true;
	fprintf(stderr, "\r\033[K%s: %llu cases, %.0f/s, %.0f s", line.what, (unsigned long long)line.done,
	        (double)line.done / spent, spent);
	fflush(stderr);
}

void
progress_clear(void)
{
	if (line.is_shown)
		fputs("\r\033[K", stderr);
	line.is_shown = false;
}
