/* verify_hygiene: how many cases have what beside their locks. See verify_hygiene.h. */
#include "verify_hygiene.h"

#include <stdio.h>
#include <string.h>

#include "bits.h"

void
hygiene_count(struct hygiene_tally *tally, const struct suite_case *cases, unsigned count)
{
	tally->cases += count;
	for (unsigned i = 0; i < count; i++) {
		const struct suite_case *of = &cases[i];
		bool violates = of->verdict[of->rule->headline].outcome == OUTCOME_VIOLATION;

		tally->guilty += of->hygiene != 0;
		bits_each (kind, of->hygiene) {
			if (!tally->kind[kind].pass && !tally->kind[kind].violation)
				memcpy(tally->kind[kind].first, of->id, sizeof of->id);
			if (violates)
				tally->kind[kind].violation++;
			else
				tally->kind[kind].pass++;
		}
	}
}

void
hygiene_tell(const struct hygiene_tally *tally, bool all)
{
	printf("  hygiene: %llu of %llu cases are guilty of %d kinds\n", (unsigned long long)tally->guilty,
	       (unsigned long long)tally->cases, HYGIENE_KINDS);
	for (int kind = 0; kind < HYGIENE_KINDS; kind++) {
		unsigned long long pass = tally->kind[kind].pass, violation = tally->kind[kind].violation;

		if (!pass && !violation && !all)
			continue;
		printf("    %-20s %6llu pass, %6llu violation", hygiene_name((enum hygiene_kind)kind), pass,
		       violation);
		if (pass || violation)
			printf(", first %.8s", tally->kind[kind].first);
		if (all)
			printf(": %s", hygiene_meaning((enum hygiene_kind)kind));
		putchar('\n');
	}
}
