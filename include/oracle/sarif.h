/* SARIF 2.1.0 logs as answers.
 *
 * A run whose invocation failed, a run without results and a run with no results in its list are three
 * different things: its cases get `crash`, nothing, and `pass`. An error of the tool that names a file is a
 * crash of that file's cases. A result is a finding when its kind is `fail`, its level warning or error, and
 * it is neither suppressed nor absent; of kind `open` or `review` it makes its case unknown. Of several runs
 * in one log each answers for what it names, and for nothing else.
 */
#ifndef SARIF_H
#define SARIF_H

#include <stdbool.h>
#include <stddef.h>

#include "import.h"

struct sarif_options {
	struct import_meaning *meaning; /* their matches are marked */
	unsigned meanings;
	bool alone; /* it is the only log: where it has one run that does not say what it covers, that is all
	               files */
	bool any_version; /* runs may be of different versions of the tool */
};

/* What logs say of the tool; in the import's arena, printable ASCII. "" until a log says it. */
struct sarif_tool {
	const char *name, *version;
	unsigned guessed; /* runs that cover no more than the files that their results name */
	unsigned whole;   /* runs that are taken to cover all files */
};

/* Reads one log; `name` is that of its file. False with the place: line and column where it is not JSON, else
 * a JSON pointer. */
bool sarif_read(struct import *import, struct sarif_tool *tool, const char *name, const char *text,
                size_t length, const struct sarif_options *options, struct diag *diag);

#endif
