/* What the tests of import share: five cases with their places, and what is known of them as a word of five
 * letters. */
#ifndef IMPORT_CASES_H
#define IMPORT_CASES_H

#include <criterion/criterion.h>

#include "import.h"

enum { CASES = 5 };

/* a and b in files of their own, b with a second file; c and d in one file; e with its second part behind the
 * first. */
static inline void
place_cases(struct import *import)
{
	static const struct {
		const char *id, *file, *helpers_file;
		struct text_span span;
	} places[CASES] = {
		{"a", "cases/000000000.c", NULL, {3, 10, 0, 0}},
		{"b", "cases/000000001.c", "cases/000000001-helpers.c", {3, 10, 2, 5}},
		{"c", "cases/000000002.c", NULL, {3, 10, 0, 0}},
		{"d", "cases/000000002.c", NULL, {13, 10, 0, 0}},
		{"e", "cases/000000004.c", NULL, {3, 20, 15, 4}},
	};
	struct diag diag;

	import_begin(import, CASES);
	for (uint32_t i = 0; i < CASES; i++)
		import_place(import, i, places[i].id, places[i].file, places[i].helpers_file, &places[i].span);
	cr_assert(import_ready(import, "manifest.jsonl", &diag), "%s", diag.message);
}

/* A letter for each state, in the order of enum answer_state: pass, violation, unknown, unsupported, timeout,
 * out-of-memory, crash, garbled; a point is not-run. */
static inline const char *
states_of(const struct import *import)
{
	static char states[CASES + 1];

	for (uint32_t i = 0; i < CASES; i++) {
		struct answer answer;

		import_answer(import, i, &answer);
		states[i] = "pvustmcg."[answer.state];
		cr_expect(answer.state == ANSWER_VIOLATION || !answer.count);
	}
	return states;
}

/* The findings of a case: kind and line of each. */
static inline const char *
findings_of(const struct import *import, uint32_t of)
{
	static struct buf text;
	struct answer answer;

	buf_clear(&text);
	import_answer(import, of, &answer);
	for (unsigned i = 0; i < answer.count; i++) {
		uint8_t kind = answer.finding[i].kind;
		uint32_t line = answer.finding[i].line;

		buf_printf(&text, "%s%s %s%u", i ? ", " : "", kind < KIND_COUNT ? kind_name((enum kind)kind) : "-",
		           line > LINE_SECOND ? "+" : "", line > LINE_SECOND ? line - LINE_SECOND : line);
	}
	return buf_string(&text);
}

/* What the checker says of a case; "" for nothing. */
static inline const char *
message_of(struct import *import, uint32_t of)
{
	struct answer answer;
	struct diag diag;

	cr_expect(import_end(import, &diag));
	import_answer(import, of, &answer);
	return answer.message ? answer.message : "";
}

#endif
