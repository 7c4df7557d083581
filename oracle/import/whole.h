/* Whole numbers of JSON, as JSON Schema has them: 10 and 10.0 are the same integer. */
#ifndef WHOLE_H
#define WHOLE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

/* False where the value is no whole number. What 64 bits do not hold becomes the nearest that they do. */
static inline bool
whole_number(const json_t *value, int64_t *number)
{
	const double limit = 9223372036854775808.0;
	double real = json_is_real(value) ? json_real_value(value) : 0;

	*number = json_is_integer(value) ? json_integer_value(value)
	          : real >= limit        ? INT64_MAX
	          : real <= -limit       ? INT64_MIN
	                                 : (int64_t)real;
	return json_is_integer(value) || (json_is_real(value) && real == floor(real));
}

#endif
