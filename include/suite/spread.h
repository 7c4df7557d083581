/* spread: quantiles of positive numbers over many powers of ten, to 1 % and in constant memory. */
#ifndef SPREAD_H
#define SPREAD_H

enum { SPREAD_BUCKETS = 4500 };

/* Zeroed is ready. */
struct spread {
	unsigned count;
	double most;
	unsigned bucket[SPREAD_BUCKETS];
};

/* From 1e-7 to 1e12; what is below or above goes to the ends. */
void spread_add(struct spread *spread, double value);
/* The value that `share` of the values do not exceed; 0 where there are none. */
double spread_quantile(const struct spread *spread, double share);

#endif
