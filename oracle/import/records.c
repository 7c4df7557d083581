/* Records: answers as JSON lines or as CSV. See records.h.
 *
 * How to read it: both forms are read into a struct record, field by field, and put_record, which both share,
 * gives it to its case. Then the reader of a line of JSON, and the reader of CSV: a splitter of rows, as RFC
 * 4180 has them, and a table of columns.
 */
#include "records.h"

#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct record_finding {
	uint8_t kind;
	uint32_t line; /* of the file; 0 where there is none */
	bool in_helpers;
};

struct record {
	const char *file, *id; /* NULL where it has none */
	enum answer_state state;
	const struct record_finding *finding;
	size_t findings;
	double seconds;
	uint64_t memory;
};

/* A file of records, and the line of it that is read. */
struct reader {
	struct import *import;
	const char *name;
	unsigned line;
	struct diag *diag;
	struct arena arena; /* of one record */
};

static bool FAIL_PRINTF(2, 3) refuse(const struct reader *r, const char *format, ...)
{
	char message[400];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	diag_set(r->diag, r->name, r->line, 0, "%s", message);
	return false;
}

static const char *
without_mark(const char *text, size_t *length)
{
	if (*length < 3 || memcmp(text, "\xef\xbb\xbf", 3) != 0)
		return text;
	*length -= 3;
	return text + 3;
}

/* a record to its case */

static bool
find_by_file(const struct reader *r, const char *path, uint32_t *of)
{
	uint32_t index = import_find_file(r->import, path);
	const struct import_file *file;

	if (index == IMPORT_NONE)
		return refuse(r, "the manifest has no file '%.200s'", path);
	file = &r->import->file[index];
	if (file->part->second)
		return refuse(r, "'%.200s' is a second file: name the first, and in_helpers with the finding", path);
	if (file->parts > 1)
		return refuse(r, "'%.200s' holds %u cases: give the id", path, file->parts);
	*of = file->part->of;
	return true;
}

static bool
find_case(const struct reader *r, const struct record *record, uint32_t *of)
{
	const struct import_case *found;

	if (!record->id)
		return record->file ? find_by_file(r, record->file, of)
		                    : refuse(r, "neither a file nor an id says which case it is");
	*of = import_find_id(r->import, record->id);
	if (*of == IMPORT_NONE)
		return refuse(r, "the manifest has no case with id '%.40s'", record->id);
	if (!record->file)
		return true;
	uint32_t file = import_find_file(r->import, record->file);
	found = &r->import->of[*of];
	if (file == IMPORT_NONE || strcmp(r->import->file[file].path, found->file) != 0)
		return refuse(r, "case %s stands in %s, not in '%.200s'", found->id, found->file, record->file);
	return true;
}

/* A finding beside the body keeps its kind, for the record says whose it is; one in another body is a
 * mistake. */
static bool
put_finding(const struct reader *r, uint32_t of, const struct record_finding *finding)
{
	const struct import_case *to = &r->import->of[of];
	uint32_t line = import_line(to, finding->line, finding->in_helpers), of_body, owner;

	if (finding->in_helpers && !to->helpers_file)
		return refuse(r, "case %s has no second file", to->id);
	if (finding->line && !line) {
		uint32_t file = import_find_file(r->import, finding->in_helpers ? to->helpers_file : to->file);

		owner = import_find_line(r->import, file, finding->line, &of_body);
		if (owner != IMPORT_NONE)
			return refuse(r, "line %u belongs to case %s, not to %s", finding->line, r->import->of[owner].id,
			              to->id);
	}
	import_say(r->import, of, finding->kind, line);
	return true;
}

static bool
put_record(const struct reader *r, const struct record *record, bool again)
{
	struct import_case *to;
	uint32_t of = IMPORT_NONE;

	if (record->findings && record->state != ANSWER_VIOLATION)
		return refuse(r, "%s with a finding: only a violation has findings", answer_name(record->state));
	if (!find_case(r, record, &of) ||
	    !import_record(r->import, of, record->state, again, r->name, r->line, r->diag))
		return false;
	to = &r->import->of[of];
	to->seconds = record->seconds > to->seconds ? record->seconds : to->seconds;
	to->memory = record->memory > to->memory ? record->memory : to->memory;
	for (size_t i = 0; i < record->findings; i++)
		if (!put_finding(r, of, &record->finding[i]))
			return false;
	return true;
}

static bool
read_verdict(const struct reader *r, const char *text, enum answer_state *state)
{
	struct buf known = {0};

	*state = answer_find(text);
	if (*state != ANSWER_COUNT)
		return true;
	for (unsigned i = 0; i < ANSWER_COUNT; i++)
		buf_printf(&known, " %s", answer_name((enum answer_state)i));
	refuse(r, "verdict '%.80s' is none of:%s", text, known.data);
	buf_free(&known);
	return false;
}

static bool
read_kind(const struct reader *r, const char *text, uint8_t *kind)
{
	*kind = (uint8_t)kind_find(text);
	return *kind != KIND_COUNT || refuse(r, "there is no kind '%.80s'", text);
}

/* JSON lines */

/* Refuses keys that are not listed, which may be misspelt. */
static bool
check_keys(const struct reader *r, const json_t *object, const char *where, const char *const *known)
{
	for (void *at = json_object_iter((json_t *)(uintptr_t)object); at;
	     at = json_object_iter_next((json_t *)(uintptr_t)object, at)) {
		const char *key = json_object_iter_key(at);
		unsigned i = 0;

		while (known[i] && strcmp(known[i], key))
			i++;
		if (!known[i])
			return refuse(r, "%s/%.40s: there is no such property", where, key);
	}
	return true;
}

/* The value, or NULL where it is absent or null; of type JSON_REAL also an integer, of JSON_TRUE either truth
 * value. */
static bool
take(const struct reader *r, const json_t *object, const char *where, const char *key, json_type type,
     const json_t **value)
{
	const json_t *found = json_object_get(object, key);

	*value = NULL;
	if (!found || json_is_null(found))
		return true;
	if (json_typeof(found) != type && !(type == JSON_REAL && json_is_integer(found)) &&
	    !(type == JSON_TRUE && json_is_false(found)))
		return refuse(r, "%s/%s: a value of another type is expected", where, key);
	*value = found;
	return true;
}

static bool
read_finding(const struct reader *r, const json_t *from, size_t index, struct record_finding *finding)
{
	static const char *const known[] = {"kind", "line", "in_helpers", NULL};
	const json_t *kind, *line, *in_helpers;
	char where[48];

	snprintf(where, sizeof where, "/findings/%zu", index);
	if (!json_is_object(from))
		return refuse(r, "%s: expected an object", where);
	if (!check_keys(r, from, where, known) || !take(r, from, where, "kind", JSON_STRING, &kind) ||
	    !take(r, from, where, "line", JSON_INTEGER, &line) ||
	    !take(r, from, where, "in_helpers", JSON_TRUE, &in_helpers))
		return false;
	*finding = (struct record_finding){.kind = KIND_COUNT, .in_helpers = json_is_true(in_helpers)};
	if (kind && !read_kind(r, json_string_value(kind), &finding->kind))
		return false;
	if (line && (json_integer_value(line) < 1 || json_integer_value(line) > IMPORT_LINES))
		return refuse(r, "%s/line: lines count from 1", where);
	finding->line = line ? (uint32_t)json_integer_value(line) : 0;
	return true;
}

static bool
read_findings(struct reader *r, const json_t *list, struct record *record)
{
	struct record_finding *finding = arena_alloc(&r->arena, (json_array_size(list) + 1) * sizeof *finding);

	record->finding = finding;
	record->findings = json_array_size(list);
	for (size_t i = 0; i < record->findings; i++)
		if (!read_finding(r, json_array_get(list, i), i, &finding[i]))
			return false;
	return true;
}

static bool
read_object(struct reader *r, const json_t *line)
{
	static const char *const known[] = {"file", "id", "verdict", "findings", "seconds", "memory", NULL};
	const json_t *file, *id, *verdict, *findings, *seconds, *memory;
	struct record record;

	if (!json_is_object(line))
		return refuse(r, "expected an object");
	if (!check_keys(r, line, "", known) || !take(r, line, "", "file", JSON_STRING, &file) ||
	    !take(r, line, "", "id", JSON_STRING, &id) || !take(r, line, "", "verdict", JSON_STRING, &verdict) ||
	    !take(r, line, "", "findings", JSON_ARRAY, &findings) ||
	    !take(r, line, "", "seconds", JSON_REAL, &seconds) ||
	    !take(r, line, "", "memory", JSON_INTEGER, &memory))
		return false;
	if (!verdict)
		return refuse(r, "it has no verdict");
	if (json_number_value(seconds) < 0 || json_integer_value(memory) < 0)
		return refuse(r, "/%s: less than nothing", json_number_value(seconds) < 0 ? "seconds" : "memory");
	record = (struct record){.file = json_string_value(file),
	                         .id = json_string_value(id),
	                         .seconds = json_number_value(seconds),
	                         .memory = (uint64_t)json_integer_value(memory)};
	return read_verdict(r, json_string_value(verdict), &record.state) &&
	       read_findings(r, findings, &record) && put_record(r, &record, false);
}

static bool
read_json_line(struct reader *r, const char *text, size_t length)
{
	json_error_t error;
	json_t *line = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	bool ok;

	if (!line) {
		diag_set(r->diag, r->name, r->line, error.column > 0 ? (unsigned)error.column : 0, "%s", error.text);
		return false;
	}
	ok = read_object(r, line);
	json_decref(line);
	arena_reset(&r->arena);
	return ok;
}

static bool
is_blank(const char *text, size_t length)
{
	while (length && strchr(" \t\r", text[length - 1]) && text[length - 1])
		length--;
	return !length;
}

bool
records_read_json(struct import *import, const char *name, const char *text, size_t length, struct diag *diag)
{
	struct reader r = {.import = import, .name = name, .diag = diag};
	bool ok = true, any = false;

	text = without_mark(text, &length);
	for (const char *end = text + length, *next; ok && text < end; text = next) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		next = newline ? newline + 1 : end;
		r.line++;
		if (is_blank(text, (size_t)((newline ? newline : end) - text)))
			continue;
		ok = read_json_line(&r, text, (size_t)((newline ? newline : end) - text));
		any = true;
	}
	arena_free(&r.arena);
	return ok && (any || refuse(&r, "empty: no records"));
}

/* CSV */

enum column {
	COLUMN_FILE,
	COLUMN_ID,
	COLUMN_VERDICT,
	COLUMN_KIND,
	COLUMN_LINE,
	COLUMN_HELPERS,
	COLUMN_SECONDS,
	COLUMN_MEMORY,
	COLUMN_COUNT
};

static const char *const column_name[COLUMN_COUNT] = {"file", "id",         "verdict", "kind",
                                                      "line", "in_helpers", "seconds", "memory"};

struct csv {
	struct reader r;
	const char *end, *at;
	unsigned next_line; /* that `at` stands on; r.line is the row's first */
	struct buf cells;   /* of the row at hand, each with a NUL behind it */
	size_t cell[COLUMN_COUNT + 1];
	unsigned count;
	unsigned columns;
	enum column column[COLUMN_COUNT]; /* what the columns hold */
};

static bool
is_newline(const struct csv *csv)
{
	return csv->at[0] == '\n' || (csv->at[0] == '\r' && csv->at + 1 < csv->end && csv->at[1] == '\n');
}

static bool
put_cell_byte(struct csv *csv)
{
	if (!*csv->at)
		return refuse(&csv->r, "a NUL byte");
	csv->next_line += *csv->at == '\n';
	buf_putc(&csv->cells, *csv->at++);
	return true;
}

/* Behind the opening quote. */
static bool
split_quoted(struct csv *csv)
{
	for (;;) {
		if (csv->at == csv->end)
			return refuse(&csv->r, "a quoted field does not end");
		if (*csv->at != '"') {
			if (!put_cell_byte(csv))
				return false;
			continue;
		}
		csv->at++;
		if (csv->at == csv->end || *csv->at != '"')
			break;
		buf_putc(&csv->cells, *csv->at++);
	}
	return csv->at == csv->end || *csv->at == ',' || is_newline(csv) ||
	       refuse(&csv->r, "text behind a quoted field");
}

static bool
split_cell(struct csv *csv)
{
	if (csv->count == COLUMN_COUNT)
		return refuse(&csv->r, "more than %d columns", COLUMN_COUNT);
	csv->cell[csv->count++] = csv->cells.len;
	if (csv->at < csv->end && *csv->at == '"') {
		csv->at++;
		if (!split_quoted(csv))
			return false;
	}
	while (csv->at < csv->end && *csv->at != ',' && !is_newline(csv)) {
		if (*csv->at == '"')
			return refuse(&csv->r, "a quote inside a field that is not quoted");
		if (*csv->at == '\r')
			return refuse(&csv->r, "a carriage return that ends no line");
		if (!put_cell_byte(csv))
			return false;
	}
	buf_putc(&csv->cells, 0);
	return true;
}

/* The next row that is not empty; *more is false where there is none. */
static bool
split_row(struct csv *csv, bool *more)
{
	for (; csv->at < csv->end && is_newline(csv); csv->next_line++)
		csv->at += *csv->at == '\r' ? 2 : 1;
	csv->r.line = csv->next_line;
	buf_clear(&csv->cells);
	csv->count = 0;
	*more = csv->at < csv->end;
	if (!*more)
		return true;
	for (;;) {
		if (!split_cell(csv))
			return false;
		if (csv->at == csv->end || *csv->at != ',')
			return true;
		csv->at++;
	}
}

static bool
read_header(struct csv *csv)
{
	unsigned have = 0;

	for (unsigned i = 0; i < csv->count; i++) {
		const char *name = csv->cells.data + csv->cell[i];
		unsigned column = 0;

		while (column < COLUMN_COUNT && strcmp(column_name[column], name))
			column++;
		if (column == COLUMN_COUNT)
			return refuse(&csv->r, "there is no column '%.80s'", name);
		if (have & 1U << column)
			return refuse(&csv->r, "column '%s' is there twice", name);
		have |= 1U << column;
		csv->column[i] = (enum column)column;
	}
	csv->columns = csv->count;
	if (!(have & (1U << COLUMN_FILE | 1U << COLUMN_ID)) || !(have & 1U << COLUMN_VERDICT))
		return refuse(&csv->r, "the first row names the columns: file or id, and verdict, are needed");
	return true;
}

/* Decimal digits only, within the limit. */
static bool
read_whole(const struct reader *r, const char *column, const char *text, uint64_t most, uint64_t *number)
{
	size_t digits = strspn(text, "0123456789");

	*number = digits < 19 ? strtoull(text, NULL, 10) : most + 1;
	return (digits && !text[digits] && *number <= most) ||
	       refuse(r, "%s '%.40s' is no number that can be", column, text);
}

static bool
read_seconds(const struct reader *r, const char *text, double *seconds)
{
	char *end;

	*seconds = strtod(text, &end);
	return (!*end && strspn(text, "0123456789.eE+-") == strlen(text) && isfinite(*seconds) &&
	        *seconds >= 0) ||
	       refuse(r, "seconds '%.40s' is no time", text);
}

static bool
read_truth(const struct reader *r, const char *text, bool *truth)
{
	*truth = !strcmp(text, "true");
	return *truth || !strcmp(text, "false") ||
	       refuse(r, "in_helpers '%.40s' is neither true nor false", text);
}

/* One cell that is not empty. */
static bool
read_cell(const struct reader *r, enum column column, const char *text, struct record *record,
          struct record_finding *finding)
{
	uint64_t line;

	switch (column) {
	case COLUMN_FILE:
		record->file = text;
		return true;
	case COLUMN_ID:
		record->id = text;
		return true;
	case COLUMN_VERDICT:
		return read_verdict(r, text, &record->state);
	case COLUMN_KIND:
		record->findings = 1;
		return read_kind(r, text, &finding->kind);
	case COLUMN_LINE:
		record->findings = 1;
		if (!read_whole(r, "line", text, IMPORT_LINES, &line))
			return false;
		finding->line = (uint32_t)line;
		return line || refuse(r, "line 0: lines count from 1");
	case COLUMN_HELPERS:
		return read_truth(r, text, &finding->in_helpers);
	case COLUMN_SECONDS:
		return read_seconds(r, text, &record->seconds);
	case COLUMN_MEMORY:
		return read_whole(r, "memory", text, INT64_MAX, &record->memory);
	case COLUMN_COUNT:
		break;
	}
	bug("column %u", column);
}

static bool
read_row(struct csv *csv)
{
	struct record_finding finding = {.kind = KIND_COUNT};
	struct record record = {.state = ANSWER_COUNT, .finding = &finding};

	if (csv->count != csv->columns)
		return refuse(&csv->r, "%u fields, where the first row has %u", csv->count, csv->columns);
	for (unsigned i = 0; i < csv->count; i++) {
		const char *text = csv->cells.data + csv->cell[i];

		if (*text && !read_cell(&csv->r, csv->column[i], text, &record, &finding))
			return false;
	}
	if (record.state == ANSWER_COUNT)
		return refuse(&csv->r, "it has no verdict");
	return put_record(&csv->r, &record, true);
}

bool
records_read_csv(struct import *import, const char *name, const char *text, size_t length, struct diag *diag)
{
	struct csv csv = {.r = {.import = import, .name = name, .diag = diag}, .next_line = 1};
	bool ok, more, any = false;

	csv.at = without_mark(text, &length);
	csv.end = csv.at + length;
	ok = split_row(&csv, &more) && (!more || read_header(&csv));
	while (ok && more) {
		ok = split_row(&csv, &more) && (!more || read_row(&csv));
		any = any || more;
	}
	buf_free(&csv.cells);
	return ok && (any || refuse(&csv.r, "empty: no records"));
}
