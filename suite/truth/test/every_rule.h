/* The rules that are built in, as the tests of verdicts go through them. */
#ifndef EVERY_RULE_H
#define EVERY_RULE_H

#include <criterion/criterion.h>

#include "rule.h"

enum { RULES = 16 }; /* room for them */

/* Loads all into the arena; how many there are. */
static inline unsigned
load_rules(const struct rule *rules[RULES], struct arena *arena)
{
	const char **names;
	size_t count = rule_list(arena, &names);

	cr_assert_leq(count, (size_t)RULES);
	for (size_t i = 0; i < count; i++) {
		struct rule *rule = arena_alloc(arena, sizeof *rule);
		struct diag diag;

		cr_assert(rule_load(rule, arena, names[i], &diag), "%s", diag.message);
		rules[i] = rule;
	}
	return (unsigned)count;
}

#endif
