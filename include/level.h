/* A level: a named set of pairs, each case judged by all three roads when the level is made. */
#ifndef LEVEL_H
#define LEVEL_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "case.h"
#include "diag.h"
#include "rule.h"
#include "truth.h"

#define SUITE_VERSION "1"

struct level {
	const char *name;
	unsigned rules;
	const struct rule **rule; /* in the order of rule_list */
	unsigned count;
	struct suite_case *cases; /* in file order: cases[i].number == i; all in the arena */
	unsigned families;
	struct suite_case *canary; /* one for each rule: violating in every reading; number is UINT32_MAX */
	struct truth truth;
	struct arena arena;
};

/* NULL-ended. */
const char *const *level_names(void);

/* Makes a level of the named rules (all where rules is 0). The same names give the same cases, whatever machine. False
 * for an unknown level or rule, and where roads disagree: then *dispute, which the caller frees, holds the three
 * verdicts. Call level_free in every case. */
bool level_make(struct level *level, const char *name, const char *const *rules, unsigned count,
                struct buf *dispute, struct diag *diag);
const struct suite_case *level_canary(const struct level *level, const struct rule *rule);
void level_free(struct level *level);

#endif
