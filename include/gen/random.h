/* random: seeded numbers that are the same on every machine (splitmix64: Steele, Lea, Flood 2014). */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdint.h>

struct random {
	uint64_t state; /* the seed */
};

static inline uint64_t
random_next(struct random *random)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	return z ^ z >> 31;
}

/* From 0 to limit - 1; limit is not 0. */
static inline unsigned
random_below(struct random *random, unsigned limit)
{
	return (unsigned)(random_next(random) % limit);
}

/* Fisher and Yates: a permutation of 0 .. count - 1. */
static inline void
random_permutation(struct random *random, unsigned *place, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		unsigned other = random_below(random, i + 1);

		place[i] = place[other];
		place[other] = i;
	}
}

#endif
