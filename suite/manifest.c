/* The manifest: one JSON object a case. See manifest.h.
 *
 * Written by hand and not with jansson, since keys and order are fixed and a level is printed as it streams; all strings but
 * the user's sequence are ours, and a sequence has no character that JSON escapes. A test reads it back with jansson.
 */
#include "manifest.h"

#include <assert.h>

static void
put_string(struct buf *out, const char *key, const char *value)
{
	buf_printf(out, "\"%s\":\"%s\",", key, value);
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

/* A line of the body as one of its file. */
static uint32_t
line_of_file(const struct text_span *span, uint32_t line)
{
	return line > LINE_SECOND ? line - LINE_SECOND + span->helpers_first - 1 : line + span->first - 1;
}

static void
put_finding(struct buf *out, const struct finding *finding, const struct case_lines *lines,
            const struct place *place)
{
	buf_printf(out, "{\"kind\":\"%s\",\"statement\":%u,\"lock\":\"%c\",\"line\":%u,\"lines\":[",
	           kind_name((enum kind)finding->kind), finding->statement, lock_letter(finding->lock),
	           line_of_file(place->span, finding->line));
	for (unsigned i = 0; i < lines->count; i++) {
		assert(lines->line[i] < LINE_SECOND); /* calls and returns of the routine */
		buf_printf(out, "%s%u", i ? "," : "", line_of_file(place->span, lines->line[i]));
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
	buf_putc(out, ']');
}

void
manifest_print(struct buf *out, const struct suite_case *of, const char *file, const char *helpers_file,
               const struct text_span *span, const struct suite_case *twin)
{
	const struct place place = {span, helpers_file != NULL};
	const struct rule *rule = of->rule;

	buf_putc(out, '{');
	put_string(out, "id", of->id);
	put_string(out, "file", file);
	put_string_or_null(out, "helpers_file", helpers_file);
	put_string(out, "rule", rule->name);
	put_string(out, "model", rule->model);
	put_string(out, "role", rule->role[of->role].name);
	put_string(out, "sequence", of->sequence);
	buf_puts(out, "\"shapes\":{");
	for (unsigned d = 0; d < SHAPE_COUNT; d++)
		buf_printf(out, "%s\"%s\":\"%s\"", d ? "," : "", shape_dimension_name((enum shape_dimension)d),
		           shape_row((enum shape_id)of->shapes.choice[d])->name);
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
	out->len--; /* the last comma */
	buf_puts(out, "}\n");
}
