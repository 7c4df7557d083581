/* Command-line options of one command, from a table. */
#ifndef OPTION_H
#define OPTION_H

#include <stdbool.h>

#include "diag.h"

enum option_kind {
	OPTION_FLAG,   /* --quiet: sets *flag */
	OPTION_STRING, /* --rule NAME: sets *string, last one wins */
	OPTION_LIST,   /* --rule NAME, may be repeated: adds to *list */
	OPTION_NUMBER, /* --size N: decimal, no sign, at most `limit`: sets *number */
};

enum { OPTION_LIST_MOST = 64 }; /* one more is an error */

struct option_list {
	unsigned count;
	const char *item[OPTION_LIST_MOST];
};

struct option {
	const char *name; /* "rule" for --rule; a single letter for -j */
	enum option_kind kind;
	union {
		bool *flag;
		const char **string;
		struct option_list *list;
		unsigned long long *number;
	} to;
	unsigned long long limit; /* OPTION_NUMBER */
	const char *help;         /* what it does, with the argument's name first: "N  jobs at once" */
};

/* Takes the options out of argv (in any order among the operands; `--name VALUE`, `--name=VALUE`, `-j N`,
 * `-jN`; `--` ends them; `-` alone is an operand) and leaves the operands in operand[0..*operands-1]. `options` ends with a
 * NULL name. argv[0] is the command's name. False with a message for an unknown option (with the nearest
 * known one), a missing or unwanted value, a number that is none or too large, or more than `max` operands. */
bool option_parse(const struct option *options, int argc, char *const *argv, const char **operand,
                  unsigned max, unsigned *operands, struct diag *diag);

#endif
