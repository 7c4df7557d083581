/* extent: how large a sequence is, read off its canonical text: what scores are grouped by beside steps and
 * shapes. */
#ifndef EXTENT_H
#define EXTENT_H

struct extent {
	unsigned size;  /* statements */
	unsigned depth; /* of blocks within blocks; 0 where there are none */
	unsigned locks; /* that are named as locks, not as handles */
};

/* Of a text as seq_print gives it. */
struct extent extent_of(const char *sequence);

#endif
