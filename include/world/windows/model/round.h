/* Included before a pack that explore.c runs: endless loops tell it of their rounds. Licence: 0BSD. */
#ifndef LOCKDRILL_ROUND_H
#define LOCKDRILL_ROUND_H

void lockdrill_round(void);
#define YieldProcessor() lockdrill_round()

#endif
