/* known: failures that are accepted: a text file that `lockdrill wrong --accept` writes and `lockdrill
 * compare` reads.
 *
 *   known-wrong <tab> SUITE VERSION
 *   ID <tab> CHECKER <tab> ANSWER
 *
 * The first line says which suite's cases these are; then comes one line a case and checker, sorted by id
 * and then by checker, both by their bytes, each once. ANSWER is the wrong answer that is accepted, and no
 * other one: the word of an answer's state. Lines that are empty or begin with # are skipped wherever they
 * stand; a byte order mark and CR LF are taken.
 */
#ifndef KNOWN_H
#define KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "answer.h"
#include "arena.h"
#include "buf.h"
#include "diag.h"

struct known_row {
	const char *id, *checker;
	enum answer_state answer;
	unsigned line; /* of the file it was read from; 0 for none */
};

struct known {
	const char *suite; /* version */
	unsigned count, room;
	struct known_row *row; /* in the arena */
};

/* Reads a whole file; strings live in the arena. False with line and column. */
bool known_parse(struct known *known, struct arena *arena, const char *name, const char *text, size_t length,
                 struct diag *diag);
/* Adds a row, anywhere; strings are not copied. */
void known_add(struct known *known, struct arena *arena, const char *id, const char *checker,
               enum answer_state answer);
/* Sorts the rows, as known_print and known_find want them; each stands once, and of two of one id and checker
 * the one that was added last. */
void known_sort(struct known *known);
/* The whole file. */
void known_print(struct buf *out, const struct known *known);
/* NULL where there is none. */
const struct known_row *known_find(const struct known *known, const char *id, const char *checker);

#endif
