/* spread: see spread.h. Bucket i holds the values from 1e-7 * 1.01^i to 1.01 times that. */
#include "spread.h"

#include <assert.h>
#include <math.h>

#define LEAST 1e-7
#define STEP 1.01

void
spread_add(struct spread *spread, double value)
{
	double place = value > LEAST ? log(value / LEAST) / log(STEP) : 0;

	spread->count++;
	spread->most = fmax(spread->most, value);
	spread->bucket[place < SPREAD_BUCKETS - 1 ? (unsigned)place : SPREAD_BUCKETS - 1]++;
}

double
spread_quantile(const struct spread *spread, double share)
{
	double below = 0;

	assert(share >= 0 && share <= 1);
	for (unsigned i = 0; spread->count && i < SPREAD_BUCKETS; i++) {
		below += spread->bucket[i];
		if (below >= share * spread->count)
			return fmin(spread->most, LEAST * pow(STEP, i + 0.5)); /* the middle of the bucket */
	}
	return 0;
}
