/* What the fuzz targets of import share: the cases that outputs are about, what every answer must be, and a
 * mutator that knows how JSON nests, since names of properties are not found by chance.
 */
#ifndef FUZZ_IMPORT_H
#define FUZZ_IMPORT_H

#include <stdint.h>
#include <string.h>

#include "import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed);

enum { FUZZ_CASES = 5 };

/* A file of one case, one with a second file; a file of two cases; one whose second part follows in it. */
static inline void
fuzz_place(struct import *import)
{
	static const struct {
		const char *id, *file, *helpers_file;
		struct text_span span;
	} places[FUZZ_CASES] = {
		{"0", "cases/0.c", NULL, {3, 10, 0, 0}},  {"1", "cases/1.c", "cases/1-helpers.c", {3, 10, 2, 5}},
		{"2", "cases/2.c", NULL, {3, 10, 0, 0}},  {"3", "cases/2.c", NULL, {13, 10, 0, 0}},
		{"4", "cases/4.c", NULL, {3, 20, 15, 4}},
	};
	struct diag diag;

	import_begin(import, FUZZ_CASES);
	for (uint32_t i = 0; i < FUZZ_CASES; i++)
		import_place(import, i, places[i].id, places[i].file, places[i].helpers_file, &places[i].span);
	if (!import_ready(import, "fuzz", &diag))
		bug("the manifest is refused: %s", diag.message);
}

/* An answer that can be: only a violation has findings, in lines of its body. */
static inline void
fuzz_check(const struct import_case *of, const struct answer *answer)
{
	if (answer->state >= ANSWER_COUNT || !(answer->seconds >= 0 && answer->seconds < 1e308))
		bug("state %d, %g s", (int)answer->state, answer->seconds);
	if (answer->state != ANSWER_VIOLATION && answer->count)
		bug("%s with a finding", answer_name(answer->state));
	for (unsigned i = 0; i < answer->count; i++) {
		uint32_t line = answer->finding[i].line;

		if (answer->finding[i].kind > KIND_COUNT)
			bug("kind %u", answer->finding[i].kind);
		if (line > LINE_SECOND ? line - LINE_SECOND > of->span.helpers_lines : line > of->span.lines)
			bug("line %u is not of the body", line);
	}
}

static inline unsigned
fuzz_random(unsigned *state, unsigned below)
{
	*state = *state * 1664525U + 1013904223U;
	return (*state >> 8) % below;
}

/* Puts `word` at `at` in place of `old` bytes; the size. What has no room is not put. */
static inline size_t
fuzz_put(uint8_t *data, size_t size, size_t room, size_t at, size_t old, const char *word)
{
	size_t length = strlen(word);

	if (size - old + length > room)
		return size;
	memmove(data + at + length, data + at + old, size - at - old);
	memcpy(data + at, word, length);
	return size - old + length;
}

/* Puts a word anywhere behind the first byte, half of the time; words as fuzz_mutate has them. */
static inline size_t
fuzz_insert(uint8_t *data, size_t size, size_t room, unsigned seed, const char *const *words)
{
	unsigned state = seed, count = 0;

	while (words[count])
		count++;
	if (size < 3)
		return fuzz_put(data, size, room, size, 0, words[0]);
	if (fuzz_random(&state, 2))
		return LLVMFuzzerMutate(data, size, room);
	return fuzz_put(data, size, room, 1 + fuzz_random(&state, (unsigned)size - 1), 0,
	                words[fuzz_random(&state, count)]);
}

/* Puts a word behind a bracket or a comma that is drawn, with a comma behind it, or in place of a value.
 * Words ended by NULL; the first is a whole input, which very short ones become. */
static inline size_t
fuzz_mutate(uint8_t *data, size_t size, size_t room, unsigned seed, const char *const *words)
{
	unsigned state = seed, count = 0;
	size_t at, end;

	while (words[count])
		count++;
	if (size < 3)
		return fuzz_put(data, size, room, size, 0, words[0]);
	if (!fuzz_random(&state, 4))
		return LLVMFuzzerMutate(data, size, room);
	at = 1 + fuzz_random(&state, (unsigned)size - 1);
	while (at < size && !strchr("[{,:\n", data[at]))
		at++;
	if (at == size)
		return LLVMFuzzerMutate(data, size, room);
	if (data[at++] == ':') {
		for (end = at; end < size && !strchr(",]}\n", data[end]);)
			end++;
		return fuzz_put(data, size, room, at, end - at, words[1 + fuzz_random(&state, count - 1)]);
	}
	if (at < size && !strchr("]}\n", data[at]))
		size = fuzz_put(data, size, room, at, 0, ",");
	return fuzz_put(data, size, room, at, 0, words[1 + fuzz_random(&state, count - 1)]);
}

#endif
