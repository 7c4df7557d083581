/* What reports as JUnit XML share. Only suite/score/report_*.c use it. */
#ifndef REPORT_JUNIT_H
#define REPORT_JUNIT_H

#include "report_cases.h"

enum { JUNIT_FLUSH = 1 << 16 };

struct junit {
	FILE *file;
	struct buf out, text; /* `text` is work space */
	void *context;        /* of who prints tests */
};

/* The line of XML and <testsuites>; ends what it begins. */
void junit_begin(struct junit *junit, FILE *file, unsigned tests, unsigned failures, unsigned errors);
void junit_end(struct junit *junit);
/* ` name="value"` */
void junit_attribute(struct buf *out, const char *name, const char *value);
/* `  <testsuite ...>` with all its totals; </testsuite> is the caller's. */
void junit_suite(struct buf *out, const char *name, unsigned tests, unsigned failures, unsigned errors,
                 unsigned skipped);
/* A whole <testcase>; in it the element ("failure", "error", "skipped"), unless NULL, with the message. */
void junit_test(struct junit *junit, const struct report_case *at, const char *element, const char *type,
                const char *message);

#endif
