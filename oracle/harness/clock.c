/* clock: monotonic seconds. See clock.h.
 *
 * How it works: the wall clock may be set while a run is on its way, so deadlines are taken from the
 * monotonic one, which two processes of one machine share.
 */
#include "clock.h"

#include <time.h>

double
clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
