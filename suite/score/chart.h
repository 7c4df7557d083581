/* chart: drawings in SVG for a page of HTML, in the page's colours. Only suite/score/ uses it.
 *
 * Each is an <svg> with its text alternative; the numbers stand in a table beside it, which is the page's.
 */
#ifndef CHART_H
#define CHART_H

#include <stdbool.h>

#include "buf.h"
#include "rates.h"

/* A point of two shares, each with its interval. */
struct chart_point {
	const char *name;
	struct measure x, y;
};

/* Shares from 0 to 1 along and up, a box for both intervals of each, and the line of those that guess: x = y.
 * Points at one place share their label; no two labels lie on each other, and one that stands away from its
 * point has a line to it. */
void chart_points(struct buf *out, const char *title, const char *along, const char *up,
                  const struct chart_point *point, unsigned count);

/* One step of a course. */
struct chart_step {
	char label[16];
	struct measure share;
	unsigned cases;
};

/* A share over steps, with its intervals: a small drawing, many of which stand beside each other. */
void chart_course(struct buf *out, const char *title, const struct chart_step *step, unsigned count);

/* A positive number that has a middle and an upper end; 0 where it is not known. */
struct chart_span {
	const char *name;
	double middle, upper;
};

/* On a scale of powers of ten. `unit` is that of both: "ms". */
void chart_spans(struct buf *out, const char *title, const char *unit, const struct chart_span *span,
                 unsigned count);

/* Two counts against each other. */
struct chart_balance {
	const char *name;
	unsigned left, right;
};

void chart_balances(struct buf *out, const char *title, const char *left, const char *right,
                    const struct chart_balance *balance, unsigned count);

#endif
