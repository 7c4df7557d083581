/* place: lines, columns and functions of a text. Private to oracle/witness. */
#ifndef PLACE_H
#define PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

/* A text by its lines. */
struct lines {
	const char *text;
	uint32_t count;
	const uint32_t *offset; /* count + 1: of each line from the first, which is index 0, and of the end */
};

void lines_make(struct lines *lines, struct arena *arena, const char *text);
/* The text from a line (from 1) and column (from 1) on; NULL where the text has no such place. */
const char *lines_at(const struct lines *lines, uint32_t line, uint32_t column);
/* The column of the line's first byte that is no blank. */
uint32_t lines_indent(const struct lines *lines, uint32_t line);
/* The place of a byte of the text. */
void lines_place(const struct lines *lines, const char *at, uint32_t *line, uint32_t *column);
/* The name of the function whose definition holds the line, in the arena; NULL where none does. */
const char *lines_function(const struct lines *lines, uint32_t line, struct arena *arena);
/* The line of the definition's closing brace; 0 where there is no such function. */
uint32_t lines_function_end(const struct lines *lines, const char *name);
/* Behind the bracket that closes the first one at or behind `at`; NULL where none does. */
const char *behind_bracket(const char *at, char open, char close);
/* Whether the word stands there, and not the beginning of a longer one. */
bool starts_word(const char *at, const char *word);

#endif
