/* place: where a stored case stands: the file that `lockdrill gen` writes for it in the plain world, and its
 * lines there.
 *
 * A case is printed anew from its words. That gives lines only where it is the same case here: of this
 * version of the suite, and by the same rule.
 */
#ifndef PLACE_H
#define PLACE_H

#include <stdbool.h>

#include "arena.h"
#include "case.h"
#include "store.h"
#include "text.h"

enum { PLACE_FILE = 48 };

struct place {
	char file[PLACE_FILE], helpers[PLACE_FILE]; /* the second file, which a case may have */
	bool has_lines;
	struct text_span span; /* where has_lines */
};

/* Rules that were read, kept from case to case. */
struct places {
	const char *suite;        /* of the database */
	struct placed_rule *rule; /* a list, in `arena` */
	struct arena arena, work;
};

void places_begin(struct places *places, const char *suite);
/* The files alone, then the lines in them too. */
void place_name(struct place *place, uint32_t number);
void places_find(struct places *places, const struct stored_case *of, struct place *place);
/* The case itself, made of its words: rule, role, sequence, shapes and id; with the world that its file is
 * of. It lives in `arena`, its rule as long as the places. False where it is another here. */
bool places_make(struct places *places, const struct stored_case *of, struct arena *arena,
                 struct suite_case *made, const struct world **world);
void places_end(struct places *places);

/* The file that a line of the body is in, and its number there, where the place has lines; else 0. */
const char *place_file(const struct place *place, uint32_t line);
uint32_t place_line(const struct place *place, uint32_t line);

#endif
