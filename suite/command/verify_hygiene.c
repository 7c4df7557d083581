/* verify_hygiene: how many cases have what beside their locks. See verify_hygiene.h. */
#include "verify_hygiene.h"

#include <stdio.h>

void
verify_hygiene(const struct truth *truth, bool all)
{
	printf("  hygiene: %llu of %llu cases are guilty of %d kinds\n", (unsigned long long)truth->guilty,
	       (unsigned long long)truth->cases, HYGIENE_KINDS);
	for (int kind = 0; kind < HYGIENE_KINDS; kind++) {
		unsigned long long pass = truth->hygiene[kind].pass, violation = truth->hygiene[kind].violation;

		if (!pass && !violation && !all)
			continue;
		printf("    %-18s %6llu pass, %6llu violation", hygiene_name((enum hygiene_kind)kind), pass,
		       violation);
		if (!hygiene_guilt(1U << kind))
			printf(", a remark");
		if (pass || violation)
			printf(", first %.8s", truth->hygiene[kind].first);
		if (all)
			printf(": %s", hygiene_meaning((enum hygiene_kind)kind));
		putchar('\n');
	}
}
