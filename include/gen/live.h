/* live: which values of flags anyone reads, and which statements any path comes to. */
#ifndef LIVE_H
#define LIVE_H

#include "seq.h"

/* Over paths as compilers see them: a branch may go either way, whatever its flag is. */
struct live {
	unsigned fresh; /* bit set of flags (bit f for flag 1 + f) that are set before anyone reads them */
	unsigned sure;  /* of those: also for who takes a stop for a call that returns */
	unsigned lost;  /* of those that are set somewhere to what nobody reads */
	/* In sequences that have a stop or a forever: */
	bool dead;    /* no path comes to one of the statements */
	bool endless; /* no path comes to the end, or to a return */
};

struct live live_look(const struct seq *seq);

#endif
