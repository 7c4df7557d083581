/* Ending the process: for mains and process code (die), and for our own mistakes (bug). */
#ifndef FAIL_H
#define FAIL_H

#include <stddef.h>

#if defined(__GNUC__)
#define FAIL_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define FAIL_NORETURN __attribute__((noreturn))
#else
#define FAIL_PRINTF(f, a)
#define FAIL_NORETURN
#endif

/* Copies what a message says, which may quote bad input, so that it stays one line and does nothing to a
 * terminal: a line break or tab becomes a blank, any other control byte \xNN. What does not fit is cut. */
void fail_escape(char *out, size_t size, const char *text);

/* Prints "lockdrill: " and the message to stderr and exits with status 2. A format that ends in a
 * colon gets the text of errno. Only for what the outside world does to us: never in library code
 * that judges or parses. */
FAIL_NORETURN void die(const char *format, ...) FAIL_PRINTF(1, 2);

/* Prints the place and aborts: an invariant of ours does not hold, and a verdict must not follow. */
#define bug(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
FAIL_NORETURN void bug_at(const char *file, int line, const char *format, ...) FAIL_PRINTF(3, 4);

#endif
