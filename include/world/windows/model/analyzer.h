/* For an analyzer that reads the model world's text without running it: an unknown changes no lock. Licence: 0BSD. */
#ifndef LOCKDRILL_ANALYZER_H
#define LOCKDRILL_ANALYZER_H

#include "fresh.h"

static int
__VERIFIER_nondet_int(void)
{
	return LockdrillFresh();
}

#endif
