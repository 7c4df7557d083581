/* Sets of small numbers as the bits of a word: bit i says that i is a member. */
#ifndef BITS_H
#define BITS_H

#include <stdbool.h>
#include <stdint.h>

enum { BITS_END = 64 };

/* The lowest member of a set that is not empty. */
static inline unsigned
bits_lowest(uint64_t set)
{
#if defined(__GNUC__)
	return (unsigned)__builtin_ctzll(set);
#else
	unsigned bit = 0;

	while (!(set >> bit & 1))
		bit++;
	return bit;
#endif
}

/* The lowest member from `from` on, or BITS_END. */
static inline unsigned
bits_next(uint64_t set, unsigned from)
{
	set = from < BITS_END ? set >> from << from : 0;
	return set ? bits_lowest(set) : (unsigned)BITS_END;
}

/* Each member of a set, from the lowest; the set is looked at anew for each, so members may come and go
 * meanwhile. */
#define bits_each(bit, set) \
	for (unsigned bit = bits_next((set), 0); bit < BITS_END; bit = bits_next((set), bit + 1))

static inline unsigned
bits_count(uint64_t set)
{
	unsigned count = 0;

	for (; set; set &= set - 1)
		count++;
	return count;
}

static inline bool
bits_has(uint64_t set, unsigned bit)
{
	return bit < BITS_END && (set >> bit & 1);
}

#endif
