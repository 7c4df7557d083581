/* certificate: of each rule, the highest step of the ladder up to which a checker answers no case wrongly. */
#ifndef CERTIFICATE_H
#define CERTIFICATE_H

#include <stdbool.h>

#include "arena.h"
#include "buf.h"
#include "diag.h"
#include "report.h"
#include "score.h"
#include "shapes.h"
#include "store.h"

/* Cases of one rule on each step: that count, and of them those that have a wrong answer or none. */
struct certificate_rule {
	const char *name;
	unsigned asked[LADDER_COUNT], wrong[LADDER_COUNT];
};

/* Of one checker. */
struct certificate {
	const struct stored_checker *checker;
	unsigned rules, room;
	struct certificate_rule *rule; /* by name; behind certificates_end */
};

struct certificates {
	const struct stored *stored;
	const struct score_options *options;
	struct arena *arena;
	struct certificate *of; /* one a checker, in the order of stored->checker */
};

/* What is passed in outlives the certificates; the rest is in the arena. */
void certificates_begin(struct certificates *certificates, const struct stored *stored,
                        const struct score_options *options, struct arena *arena);
void certificates_add(struct certificates *certificates, const struct stored_pair *pair);
void certificates_end(struct certificates *certificates);
/* The highest step with cases up to which none is wrong; LADDER_COUNT where there is none. */
enum ladder certificate_step(const struct certificate_rule *rule);

/* A line a checker: "sparse 0.6.4: SpinlockRelease straight, ...; suite 4, level standard". */
void certificates_print(struct buf *out, const struct certificates *certificates,
                        const struct report *report);
/* One checker's as a drawing in SVG, by templates/report/badge.svg. */
bool certificate_badge(struct buf *out, const struct certificate *certificate, const struct report *report,
                       struct arena *arena, struct diag *diag);

#endif
