/* What tests of logs about drivers share: a driver of one case, one with a second file, one of two cases,
 * and a case that no driver holds. Their states are a word of five letters, as in import_cases.h. */
#ifndef IMPORT_DRIVERS_H
#define IMPORT_DRIVERS_H

#include "import_cases.h"

static inline void
place_drivers(struct import *import)
{
	static const struct {
		const char *id, *file, *helpers_file;
		struct text_span span;
	} places[CASES] = {
		{"a", "projects/000000000/driver_snippet.c", NULL, {3, 10, 0, 0}},
		{"b",
	     "projects/000000001/driver_snippet.c",
	     "projects/000000001/driver_snippet-helpers.c",
	     {3, 10, 2, 5}},
		{"c", "projects/000000002/driver_snippet.c", NULL, {3, 10, 0, 0}},
		{"d", "projects/000000002/driver_snippet.c", NULL, {13, 10, 0, 0}},
		{"e", "cases/000000004.c", NULL, {3, 20, 15, 4}},
	};
	struct diag diag;

	import_begin(import, CASES);
	for (uint32_t i = 0; i < CASES; i++) {
		import_place(import, i, places[i].id, places[i].file, places[i].helpers_file, &places[i].span);
		import->of[i].rule = "SpinlockRelease";
	}
	import_unsupported(import, 4);
	cr_assert(import_ready(import, "manifest.jsonl", &diag), "%s", diag.message);
}

#endif
