/* The list of accepted failures: reader and printer. See known.h.
 *
 * A line is cut at its tabs, and each field has its own check. What is refused is refused at its byte, with
 * the line under the message. Rows are kept sorted, so that a list is compared and merged line by line, and
 * one is found by bisection.
 */
#include "known.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "hash.h"

enum { FIELDS = 3 };

static const char first_word[] = "known-wrong";
#define ANSWER(id, text) " " text
static const char no_answer[] = "there is no such answer; there are:" ANSWERS(ANSWER);
#undef ANSWER

struct known_reader {
	struct known *known;
	struct arena *arena;
	const char *name, *text;
	size_t length;
	unsigned line;
	struct diag *diag;
};

/* A piece of the text. */
struct piece {
	const char *at;
	size_t length;
};

static bool
refuse(const struct known_reader *reader, const char *at, const char *what)
{
	diag_at(reader->diag, reader->name, reader->text, reader->length, (size_t)(at - reader->text), "%s",
	        what);
	return false;
}

static const char *
copy(const struct known_reader *reader, struct piece piece)
{
	return arena_copy(reader->arena, piece.at, piece.length);
}

/* order */

static int
compare_keys(const char *id, const char *checker, const struct known_row *row)
{
	int order = strcmp(id, row->id);

	return order ? order : strcmp(checker, row->checker);
}

static int
compare_rows(const void *one, const void *two)
{
	const struct known_row *a = one, *b = two;
	int order = compare_keys(a->id, a->checker, b);

	return order ? order : (a->line > b->line) - (a->line < b->line);
}

void
known_add(struct known *known, struct arena *arena, const char *id, const char *checker,
          enum answer_state answer)
{
	assert(answer < ANSWER_COUNT && strlen(id) == HASH_TEXT - 1);
	*array_add(arena, known->row, known->count, known->room) =
		(struct known_row){.id = id, .checker = checker, .answer = answer};
}

void
known_sort(struct known *known)
{
	unsigned kept = 0;

	if (!known->count)
		return;
	for (unsigned i = 0; i < known->count; i++) /* what was added later stands behind its like */
		known->row[i].line = i;
	qsort(known->row, known->count, sizeof *known->row, compare_rows);
	for (unsigned i = 0; i < known->count; i++) {
		if (kept && !compare_keys(known->row[kept - 1].id, known->row[kept - 1].checker, &known->row[i]))
			kept--;
		known->row[kept] = known->row[i];
		known->row[kept++].line = 0;
	}
	known->count = kept;
}

const struct known_row *
known_find(const struct known *known, const char *id, const char *checker)
{
	unsigned low = 0, high = known->count;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		int order = compare_keys(id, checker, &known->row[middle]);

		if (!order)
			return &known->row[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* reading */

/* Cuts at tabs; false, with the place refused, where there are not `wanted` fields, each with something in
 * it. */
static bool
cut(const struct known_reader *reader, struct piece line, struct piece field[FIELDS], unsigned wanted,
    const char *what)
{
	const char *at = line.at, *end = line.at + line.length;

	for (unsigned i = 0; i < wanted; i++) {
		const char *tab = memchr(at, '\t', (size_t)(end - at));

		field[i] = (struct piece){at, (size_t)((tab ? tab : end) - at)};
		if (!field[i].length || !tab != (i + 1 == wanted))
			return refuse(reader, field[i].length ? at + field[i].length : at, what);
		at = tab ? tab + 1 : end;
	}
	return true;
}

static bool
read_head(const struct known_reader *reader, struct piece line)
{
	static const char what[] = "expected 'known-wrong', a tab and the suite's version";
	struct piece field[FIELDS];

	if (line.length < sizeof first_word - 1 || memcmp(line.at, first_word, sizeof first_word - 1) != 0)
		return refuse(reader, line.at, what);
	if (!cut(reader, line, field, 2, what))
		return false;
	if (field[0].length != sizeof first_word - 1)
		return refuse(reader, line.at, what);
	reader->known->suite = copy(reader, field[1]);
	return true;
}

static bool
check_id(const struct known_reader *reader, struct piece id)
{
	size_t digits = 0;

	while (digits < id.length && strchr("0123456789abcdef", id.at[digits]))
		digits++;
	return (digits == id.length && digits == HASH_TEXT - 1) ||
	       refuse(reader, id.at + (digits < id.length ? digits : 0), "expected an id: 32 digits of 0-9 a-f");
}

static bool
read_row(const struct known_reader *reader, struct piece line)
{
	struct known *known = reader->known;
	struct piece field[FIELDS];
	struct known_row row = {.line = reader->line};
	const struct known_row *last = known->count ? &known->row[known->count - 1] : NULL;

	if (!cut(reader, line, field, FIELDS, "expected id, checker and answer with tabs between them") ||
	    !check_id(reader, field[0]))
		return false;
	row.id = copy(reader, field[0]);
	row.checker = copy(reader, field[1]);
	row.answer = answer_find(copy(reader, field[2]));
	if (row.answer == ANSWER_COUNT)
		return refuse(reader, field[2].at, no_answer);
	if (last && compare_keys(row.id, row.checker, last) <= 0)
		return refuse(reader, line.at,
		              compare_keys(row.id, row.checker, last) ? "lines are sorted by id, then by checker: "
		                                                        "this one stands behind a later one"
		                                                      : "the same id and checker as before");
	*array_add(reader->arena, known->row, known->count, known->room) = row;
	return true;
}

static bool
read_line(const struct known_reader *reader, struct piece line)
{
	if (line.length && line.at[line.length - 1] == '\r')
		line.length--;
	if (!line.length || line.at[0] == '#')
		return true;
	for (const char *at = line.at; at < line.at + line.length; at++)
		if (((unsigned char)*at < ' ' && *at != '\t') || *at == 127)
			return refuse(reader, at, "a control character");
	return reader->known->suite ? read_row(reader, line) : read_head(reader, line);
}

bool
known_parse(struct known *known, struct arena *arena, const char *name, const char *text, size_t length,
            struct diag *diag)
{
	struct known_reader reader = {known, arena, name, text, length, 0, diag};
	const char *end = text + length;

	*known = (struct known){0};
	if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		text += 3;
	for (const char *next; text < end; text = next) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		next = newline ? newline + 1 : end;
		reader.line++;
		if (!read_line(&reader, (struct piece){text, (size_t)((newline ? newline : end) - text)}))
			return false;
	}
	return known->suite || refuse(&reader, end,
	                              "no list of accepted failures: it begins with 'known-wrong', a tab and the "
	                              "suite's version");
}

/* printing */

void
known_print(struct buf *out, const struct known *known)
{
	buf_all(out, first_word, "\t", known->suite, "\n");
	for (unsigned i = 0; i < known->count; i++) {
		const struct known_row *row = &known->row[i];

		assert(!i || compare_keys(row->id, row->checker, &row[-1]) > 0);
		buf_all(out, row->id, "\t", row->checker, "\t", answer_name(row->answer), "\n");
	}
}
