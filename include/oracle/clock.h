/* The clock by which limits and durations are measured. */
#ifndef CLOCK_H
#define CLOCK_H

/* Seconds since some moment in the past; never set back. */
double clock_now(void);

#endif
