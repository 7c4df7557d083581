/* Fuzz target: any bytes as a rule file. What loads must be consistent enough to judge a sequence. */
#include <stdint.h>

#include "reach.h"
#include "read.h"
#include "rule.h"
#include "seq.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char text[] = "acq a; if ? { rel a }; loop { acq a; rel a }";
	struct arena arena = {0};
	char *copy = arena_copy(&arena, (const char *)data, size);
	struct rule rule;
	struct diag diag;
	struct seq seq;

	if (rule_parse(&rule, &arena, "fuzz", copy, size, &diag) &&
	    seq_read(&seq, &arena, &rule, 0, "fuzz", text, sizeof text - 1, &diag)) {
		struct verdict verdict;
		struct reach reach;

		reach_init(&reach, &rule, 0, rule.headline);
		reach_judge(&reach, &seq, seq_cap(&seq, &rule, 0), &arena, &verdict);
		reach_free(&reach);
	}
	arena_free(&arena);
	return 0;
}
