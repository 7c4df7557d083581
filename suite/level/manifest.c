/* The manifest: one JSON object a case. See manifest.h.
 *
 * Written by hand and not with jansson, since keys and order are fixed and a level is printed as it streams;
 * all strings but the user's sequence are ours, and a sequence has no character that JSON escapes. It is read
 * back with jansson, and only what tells where a case stands.
 */
#include "manifest.h"

#include <assert.h>
#include <jansson.h>
#include <stdarg.h>

static void
put_pair(struct buf *out, const char *key, const char *value)
{
	buf_putc(out, '"');
	buf_puts(out, key);
	buf_puts(out, "\":\"");
	buf_puts(out, value);
	buf_putc(out, '"');
}

static void
put_string(struct buf *out, const char *key, const char *value)
{
	put_pair(out, key, value);
	buf_putc(out, ',');
}

static void
put_string_or_null(struct buf *out, const char *key, const char *value)
{
	if (value)
		put_string(out, key, value);
	else
		buf_printf(out, "\"%s\":null,", key);
}

/* Where a body stands. */
struct place {
	const struct text_span *span;
	bool two_files;
};

/* Where a part of a body stands: {"first":12,"lines":30}. */
static void
put_span(struct buf *out, const char *key, uint32_t first, uint32_t lines)
{
	if (lines)
		buf_printf(out, "\"%s\":{\"first\":%u,\"lines\":%u},", key, first, lines);
	else
		buf_printf(out, "\"%s\":null,", key);
}

static void
put_finding(struct buf *out, const struct finding *finding, const struct case_lines *lines,
            const struct place *place)
{
	buf_printf(out, "{\"kind\":\"%s\",\"statement\":%u,\"lock\":\"%c\",\"line\":%u,\"lines\":[",
	           kind_name((enum kind)finding->kind), finding->statement, lock_letter(finding->lock),
	           text_span_line(place->span, finding->line));
	for (unsigned i = 0; i < lines->count; i++) {
		assert(lines->line[i] < LINE_SECOND); /* calls and returns of the routine */
		buf_printf(out, "%s%u", i ? "," : "", text_span_line(place->span, lines->line[i]));
	}
	buf_printf(out, "],\"function\":\"%s\",\"in_helpers\":%s}", lines->name,
	           place->two_files && finding->line > LINE_SECOND ? "true" : "false");
}

static void
put_verdict(struct buf *out, const struct suite_case *of, unsigned reading, const struct place *place)
{
	const struct verdict *verdict = &of->verdict[reading];

	buf_printf(out, "\"verdict\":\"%s\",\"findings\":[", outcome_name(verdict->outcome));
	for (unsigned i = 0; i < verdict->count; i++) {
		if (i)
			buf_putc(out, ',');
		put_finding(out, &verdict->finding[i], &of->lines[reading][i], place);
	}
	buf_puts(out, verdict->incomplete ? "],\"incomplete\":true" : "]");
}

void
manifest_print(struct buf *out, const struct suite_case *of, const struct manifest_files *files,
               const struct text_span *span, const struct suite_case *twin)
{
	const struct place place = {span, files->helpers_file != NULL};
	const struct rule *rule = of->rule;

	buf_putc(out, '{');
	put_string(out, "id", of->id);
	put_string(out, "file", files->file);
	put_string_or_null(out, "helpers_file", files->helpers_file);
	if (files->unsupported)
		put_string(out, "unsupported", files->unsupported);
	put_string(out, "rule", rule->name);
	put_string(out, "model", rule->model);
	put_string(out, "role", rule->role[of->role].name);
	put_string(out, "sequence", of->sequence);
	buf_puts(out, "\"shapes\":{");
	for (unsigned d = 0; d < SHAPE_COUNT; d++) {
		if (d)
			buf_putc(out, ',');
		put_pair(out, shape_dimension_name((enum shape_dimension)d),
		         shape_row((enum shape_id)of->shapes.choice[d])->name);
	}
	buf_puts(out, "},");
	put_string(out, "ladder", ladder_name(of->ladder));
	buf_printf(out, "\"family\":\"%016llx\",", (unsigned long long)of->family);
	put_verdict(out, of, rule->headline, &place);
	buf_puts(out, ",\"readings\":{");
	for (unsigned i = 0; i < rule->readings; i++) {
		buf_printf(out, "%s\"%s\":{", i ? "," : "", rule->reading[i].name);
		put_verdict(out, of, i, &place);
		buf_putc(out, '}');
	}
	buf_printf(out, "},\"contested\":%s,\"deadlock\":%s,", of->contested ? "true" : "false",
	           of->deadlock ? "true" : "false");
	put_string_or_null(out, "twin", twin ? twin->id : NULL);
	put_string(out, "edit", of->edit ? of->edit : "");
	put_string(out, "text_hash", of->text_hash);
	put_span(out, "span", span->first, span->lines);
	put_span(out, "helpers_span", span->helpers_first, span->helpers_lines);
	out->len--; /* the last comma */
	buf_puts(out, "}\n");
}

/* reading */

enum { LINES_MOST = 1 << 30 }; /* no line of a file has a higher number */

struct manifest_reader {
	const char *name;
	unsigned number;
	struct arena *arena;
	struct diag *diag;
};

static bool FAIL_PRINTF(2, 3) refuse(const struct manifest_reader *r, const char *format, ...)
{
	char message[sizeof r->diag->message];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	diag_set(r->diag, r->name, r->number, 0, "%s", message);
	return false;
}

static bool
read_string(const struct manifest_reader *r, const json_t *line, const char *key, bool wanted,
            const char **string)
{
	const json_t *value = json_object_get(line, key);

	*string = NULL;
	if (!wanted && json_is_null(value))
		return true;
	if (!json_is_string(value) || !json_string_length(value))
		return refuse(r, "no manifest of lockdrill gen: '%s' is no string", key);
	*string = arena_string(r->arena, json_string_value(value));
	return true;
}

static bool
read_span(const struct manifest_reader *r, const json_t *line, const char *key, uint32_t *first,
          uint32_t *lines)
{
	const json_t *span = json_object_get(line, key), *value[2];

	if (json_is_null(span))
		return true;
	if (!span)
		return refuse(r, "no '%s': this manifest was made by an older lockdrill gen", key);
	value[0] = json_object_get(span, "first");
	value[1] = json_object_get(span, "lines");
	if (!json_is_integer(value[0]) || !json_is_integer(value[1]) || json_integer_value(value[0]) < 1 ||
	    json_integer_value(value[0]) > LINES_MOST || json_integer_value(value[1]) < 1 ||
	    json_integer_value(value[1]) >= LINE_SECOND)
		return refuse(r, "'%s' is no place in a file", key);
	*first = (uint32_t)json_integer_value(value[0]);
	*lines = (uint32_t)json_integer_value(value[1]);
	return true;
}

static bool
read_place(const struct manifest_reader *r, const json_t *line, struct manifest_place *place)
{
	struct text_span *span = &place->span;

	if (!json_is_object(line))
		return refuse(r, "no manifest of lockdrill gen: expected an object a line");
	if (!read_string(r, line, "id", true, &place->id) ||
	    !read_string(r, line, "text_hash", true, &place->text_hash) ||
	    !read_string(r, line, "file", true, &place->file) ||
	    !read_string(r, line, "helpers_file", false, &place->helpers_file) ||
	    (json_object_get(line, "unsupported") &&
	     !read_string(r, line, "unsupported", true, &place->unsupported)) ||
	    !read_span(r, line, "span", &span->first, &span->lines) ||
	    !read_span(r, line, "helpers_span", &span->helpers_first, &span->helpers_lines))
		return false;
	if (!span->lines || (place->helpers_file && !span->helpers_lines))
		return refuse(r, "the case has no lines in its file");
	if (!place->helpers_file && span->helpers_lines &&
	    (span->helpers_first < span->first ||
	     span->helpers_first + span->helpers_lines > span->first + span->lines))
		return refuse(r, "'helpers_span' is not in 'span', and there is no second file");
	if (place->helpers_file && !strcmp(place->file, place->helpers_file))
		return refuse(r, "the second file is the first");
	return true;
}

bool
manifest_read(struct manifest_place *place, struct arena *arena, const char *name, unsigned number,
              const char *text, size_t length, struct diag *diag)
{
	struct manifest_reader r = {name, number, arena, diag};
	json_error_t error;
	json_t *line = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	bool ok;

	*place = (struct manifest_place){0};
	if (!line) {
		diag_set(diag, name, number, error.column > 0 ? (unsigned)error.column : 0, "%s", error.text);
		return false;
	}
	ok = read_place(&r, line, place);
	json_decref(line);
	return ok;
}
