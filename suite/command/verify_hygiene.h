/* verify_hygiene: how many cases have what beside their locks. */
#ifndef VERIFY_HYGIENE_H
#define VERIFY_HYGIENE_H

#include <stdbool.h>
#include <stdint.h>

#include "case.h"
#include "hygiene.h"

struct hygiene_tally {
	uint64_t cases, guilty;
	struct {
		uint64_t pass, violation; /* cases by the headline's verdict */
		char first[HASH_TEXT];    /* the id of the first of these */
	} kind[HYGIENE_KINDS];
};

void hygiene_count(struct hygiene_tally *tally, const struct suite_case *cases, unsigned count);
/* One line, and one a kind that some case has; with `all` one a kind, and what it means. */
void hygiene_tell(const struct hygiene_tally *tally, bool all);

#endif
