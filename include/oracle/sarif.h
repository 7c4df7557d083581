/* SARIF 2.1.0 logs as answers.
 *
 * A run whose invocation failed, a run without results and a run with no results in its list are three
 * different things: its cases get `crash`, nothing, and `pass`. A result is a finding when its kind is
 * `fail`, its level warning or error, and it is neither suppressed nor absent.
 */
#ifndef SARIF_H
#define SARIF_H

#include <stdbool.h>
#include <stddef.h>

#include "import.h"

struct sarif_options {
	const struct import_meaning *meaning;
	unsigned meanings;
	bool alone;       /* it is the only log: where it does not say what it covers, that is all files */
	bool any_version; /* runs may be of different versions of the tool */
};

/* What logs say of the tool; in the import's arena, printable ASCII. "" until a log says it. */
struct sarif_tool {
	const char *name, *version;
	unsigned guessed; /* runs that cover no more than the files that their results name */
};

/* Reads one log; `name` is that of its file. False with the place: line and column where it is not JSON, else
 * a JSON pointer. */
bool sarif_read(struct import *import, struct sarif_tool *tool, const char *name, const char *text,
                size_t length, const struct sarif_options *options, struct diag *diag);

#endif
