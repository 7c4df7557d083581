/* verify_hygiene: how many cases have what beside their locks. */
#ifndef VERIFY_HYGIENE_H
#define VERIFY_HYGIENE_H

#include <stdbool.h>

#include "truth.h"

/* One line, and one a kind that some case has; with `all` one a kind, and what it means. */
void verify_hygiene(const struct truth *truth, bool all);

#endif
