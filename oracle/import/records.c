/* Records: answers as JSON lines or as CSV. See records.h.
 *
 * How to read it: both forms are read into a struct record, and put_record, which both share, gives it to its
 * case. `fields` says what a record has, and how a field is read from either form; a reader of JSON walks
 * over the properties of an object, a reader of CSV over the cells of a row, which a splitter finds as RFC
 * 4180 has them.
 */
#include "records.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "whole.h"

struct record_finding {
	uint8_t kind;
	uint32_t line; /* of the file; 0 where there is none */
	bool in_helpers;
};

struct record {
	const char *file, *id, *message; /* NULL where it has none */
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

	if (record->state == ANSWER_COUNT)
		return refuse(r, "it has no verdict");
	if (record->findings && record->state != ANSWER_VIOLATION)
		return refuse(r, "%s with a finding: only a violation has findings", answer_name(record->state));
	if (!find_case(r, record, &of) ||
	    !import_record(r->import, of, record->state, again, r->name, r->line, r->diag))
		return false;
	to = &r->import->of[of];
	to->seconds = record->seconds > to->seconds ? record->seconds : to->seconds;
	to->memory = record->memory > to->memory ? record->memory : to->memory;
	if (record->message)
		import_message(r->import, of, record->message);
	for (size_t i = 0; i < record->findings; i++)
		if (!put_finding(r, of, &record->finding[i]))
			return false;
	return true;
}

/* fields, in both forms */

/* A field of a record, or of a finding. Its value goes to the member at `offset`. `text` reads a string of
 * JSON or a cell of CSV, `value` what JSON has beside strings; either may be NULL. `where` is the field's
 * place, for a message. */
struct field {
	const char *name;
	size_t offset;
	bool of_finding;
	bool (*text)(const struct reader *r, const char *where, const char *text, void *to);
	bool (*value)(struct reader *r, const char *where, const json_t *value, void *to);
};

static bool
text_string(const struct reader *r, const char *where, const char *text, void *to)
{
	(void)r, (void)where;
	*(const char **)to = text;
	return true;
}

static bool
text_verdict(const struct reader *r, const char *where, const char *text, void *to)
{
	enum answer_state *state = to;
	struct buf known = {0};

	*state = answer_find(text);
	if (*state != ANSWER_COUNT)
		return true;
	for (unsigned i = 0; i < ANSWER_COUNT; i++)
		buf_printf(&known, " %s", answer_name((enum answer_state)i));
	refuse(r, "%s '%.80s' is none of:%s", where, text, known.data);
	buf_free(&known);
	return false;
}

static bool
text_kind(const struct reader *r, const char *where, const char *text, void *to)
{
	uint8_t *kind = to;

	*kind = (uint8_t)kind_find(text);
	return *kind != KIND_COUNT || refuse(r, "there is no %s '%.80s'", where, text);
}

/* Decimal digits only, within the limit. */
static bool
read_digits(const struct reader *r, const char *where, const char *text, uint64_t most, uint64_t *number)
{
	size_t digits = strspn(text, "0123456789");

	*number = digits < 19 ? strtoull(text, NULL, 10) : most + 1;
	return (digits && !text[digits] && *number <= most) ||
	       refuse(r, "%s '%.40s' is no number that can be", where, text);
}

static bool
text_line(const struct reader *r, const char *where, const char *text, void *to)
{
	uint64_t line;

	if (!read_digits(r, where, text, IMPORT_LINES, &line))
		return false;
	*(uint32_t *)to = (uint32_t)line;
	return line || refuse(r, "%s 0: lines count from 1", where);
}

static bool
text_memory(const struct reader *r, const char *where, const char *text, void *to)
{
	return read_digits(r, where, text, IMPORT_MEMORY, to);
}

static bool
text_seconds(const struct reader *r, const char *where, const char *text, void *to)
{
	double *seconds = to;
	char *end;

	*seconds = strtod(text, &end);
	return (!*end && strspn(text, "0123456789.eE+-") == strlen(text) && isfinite(*seconds) &&
	        *seconds >= 0) ||
	       refuse(r, "%s '%.40s' is no time", where, text);
}

static bool
text_truth(const struct reader *r, const char *where, const char *text, void *to)
{
	bool *truth = to;

	*truth = !strcmp(text, "true");
	return *truth || !strcmp(text, "false") || refuse(r, "%s '%.40s' is neither true nor false", where, text);
}

static bool
refuse_type(const struct reader *r, const char *where)
{
	return refuse(r, "%s: a value of another type is expected", where);
}

static bool
value_line(struct reader *r, const char *where, const json_t *value, void *to)
{
	int64_t line;

	if (!whole_number(value, &line))
		return refuse_type(r, where);
	*(uint32_t *)to = (uint32_t)line;
	return (line >= 1 && line <= IMPORT_LINES) || refuse(r, "%s: lines count from 1", where);
}

static bool
value_memory(struct reader *r, const char *where, const json_t *value, void *to)
{
	int64_t memory;

	if (!whole_number(value, &memory))
		return refuse_type(r, where);
	*(uint64_t *)to = (uint64_t)memory;
	return (memory >= 0 && memory <= IMPORT_MEMORY) ||
	       refuse(r, "%s: %s", where, memory < 0 ? "less than nothing" : "more than can be");
}

static bool
value_seconds(struct reader *r, const char *where, const json_t *value, void *to)
{
	if (!json_is_number(value))
		return refuse_type(r, where);
	*(double *)to = json_number_value(value);
	return json_number_value(value) >= 0 || refuse(r, "%s: less than nothing", where);
}

static bool
value_truth(struct reader *r, const char *where, const json_t *value, void *to)
{
	*(bool *)to = json_is_true(value);
	return json_is_boolean(value) || refuse_type(r, where);
}

static bool value_findings(struct reader *r, const char *where, const json_t *value, void *to);

#define OF_RECORD(member) offsetof(struct record, member), false
#define OF_FINDING(member) offsetof(struct record_finding, member), true

static const struct field fields[] = {
	{"file", OF_RECORD(file), text_string, NULL},
	{"id", OF_RECORD(id), text_string, NULL},
	{"verdict", OF_RECORD(state), text_verdict, NULL},
	{"message", OF_RECORD(message), text_string, NULL},
	{"kind", OF_FINDING(kind), text_kind, NULL},
	{"line", OF_FINDING(line), text_line, value_line},
	{"in_helpers", OF_FINDING(in_helpers), text_truth, value_truth},
	{"seconds", OF_RECORD(seconds), text_seconds, value_seconds},
	{"memory", OF_RECORD(memory), text_memory, value_memory},
	{"findings", 0, false, NULL, value_findings}, /* a cell holds none: a row has the fields of one */
};

enum { FIELDS = sizeof fields / sizeof *fields, COLUMNS = FIELDS - 1 }; /* all but findings can be a column */

/* NULL where there is none of that name. */
static const struct field *
find_field(const char *name)
{
	for (unsigned i = 0; i < FIELDS; i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	return NULL;
}

/* JSON lines */

static bool
read_property(struct reader *r, const char *where, const struct field *field, const json_t *value, char *to)
{
	assert(field->text || field->value);
	if (json_is_null(value))
		return true;
	if (json_is_string(value) ? !field->text || field->value : !field->value)
		return refuse_type(r, where);
	/* a place's last part is the name, which messages about texts begin with */
	return field->value ? field->value(r, where, value, to + field->offset)
	                    : field->text(r, field->name, json_string_value(value), to + field->offset);
}

/* All properties of a record or of a finding. One that is not listed is refused, for it may be misspelt. */
static bool
read_properties(struct reader *r, const char *where, const json_t *object, bool of_finding, void *to)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return refuse(r, "%s%sexpected an object", where, *where ? ": " : "");
	json_object_foreach ((json_t *)(uintptr_t)object, key, value) {
		const struct field *field = find_field(key);
		char place[96];

		snprintf(place, sizeof place, "%s/%.40s", where, key);
		if (!field || field->of_finding != of_finding)
			return refuse(r, "%s: there is no such property", place);
		if (!read_property(r, place, field, value, to))
			return false;
	}
	return true;
}

static bool
value_findings(struct reader *r, const char *where, const json_t *value, void *to)
{
	struct record_finding *finding = arena_alloc(&r->arena, (json_array_size(value) + 1) * sizeof *finding);
	struct record *record = to;

	if (!json_is_array(value))
		return refuse_type(r, where);
	record->finding = finding;
	record->findings = json_array_size(value);
	for (size_t i = 0; i < record->findings; i++) {
		char place[48];

		snprintf(place, sizeof place, "%s/%zu", where, i);
		finding[i].kind = KIND_COUNT;
		if (!read_properties(r, place, json_array_get(value, i), true, &finding[i]))
			return false;
	}
	return true;
}

static bool
read_json_line(struct reader *r, const char *text, size_t length)
{
	struct record record = {.state = ANSWER_COUNT};
	json_error_t error;
	json_t *line = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	bool ok;

	if (!line) {
		diag_set(r->diag, r->name, r->line, error.column > 0 ? (unsigned)error.column : 0, "%s", error.text);
		return false;
	}
	ok = read_properties(r, "", line, false, &record) && put_record(r, &record, false);
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

struct csv {
	struct reader r;
	const char *end, *at;
	unsigned next_line; /* that `at` stands on; r.line is the row's first */
	struct buf cells;   /* of the row at hand, each with a NUL behind it */
	size_t cell[COLUMNS];
	unsigned count;
	unsigned columns;
	const struct field *column[COLUMNS]; /* what the columns hold */
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
	if (csv->count == COLUMNS)
		return refuse(&csv->r, "more than %d columns", COLUMNS);
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
	bool file = false, verdict = false;

	for (unsigned i = 0; i < csv->count; i++) {
		const char *name = csv->cells.data + csv->cell[i];
		const struct field *field = find_field(name);

		if (!field || !field->text)
			return refuse(&csv->r, "there is no column '%.80s'", name);
		for (unsigned j = 0; j < i; j++)
			if (csv->column[j] == field)
				return refuse(&csv->r, "column '%s' is there twice", name);
		file = file || !strcmp(name, "file") || !strcmp(name, "id");
		verdict = verdict || !strcmp(name, "verdict");
		csv->column[i] = field;
	}
	csv->columns = csv->count;
	return (file && verdict) ||
	       refuse(&csv->r, "the first row names the columns: file or id, and verdict, are needed");
}

static bool
read_row(struct csv *csv)
{
	struct record_finding finding = {.kind = KIND_COUNT};
	struct record record = {.state = ANSWER_COUNT, .finding = &finding};

	assert(csv->columns && csv->columns <= COLUMNS);
	if (csv->count != csv->columns)
		return refuse(&csv->r, "%u fields, where the first row has %u", csv->count, csv->columns);
	for (unsigned i = 0; i < csv->count; i++) {
		const struct field *field = csv->column[i];
		const char *text = csv->cells.data + csv->cell[i];
		char *to = field->of_finding ? (char *)&finding : (char *)&record;

		if (!*text)
			continue;
		if (!field->text(&csv->r, field->name, text, to + field->offset))
			return false;
		record.findings |= finding.line || finding.kind != KIND_COUNT;
	}
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
