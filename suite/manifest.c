/* The manifest: one JSON object a case. See manifest.h.
 *
 * Written by hand and not with jansson, since keys and order are fixed and a level is printed as it streams; all strings but
 * the user's sequence are ours, and a sequence has no character that JSON escapes. A test reads it back with jansson.
 */
#include "manifest.h"

static void
put_string(struct buf *out, const char *key, const char *value)
{
	buf_printf(out, "\"%s\":\"%s\",", key, value);
}

static void
put_finding(struct buf *out, const struct suite_case *of, const struct finding *finding,
            const struct case_lines *lines, uint32_t offset)
{
	buf_printf(out, "{\"kind\":\"%s\",\"statement\":%u,\"lock\":\"%c\",\"line\":%u,\"lines\":[",
	           kind_name((enum kind)finding->kind), finding->statement, lock_letter(finding->lock),
	           finding->line + offset);
	for (unsigned i = 0; i < lines->count; i++)
		buf_printf(out, "%s%u", i ? "," : "", lines->line[i] + offset);
	buf_printf(out, "],\"function\":\"%s\"}", of->function);
}

static void
put_verdict(struct buf *out, const struct suite_case *of, unsigned reading, uint32_t offset)
{
	const struct verdict *verdict = &of->verdict[reading];

	buf_printf(out, "\"verdict\":\"%s\",\"findings\":[", outcome_name(verdict->outcome));
	for (unsigned i = 0; i < verdict->count; i++) {
		if (i)
			buf_putc(out, ',');
		put_finding(out, of, &verdict->finding[i], &of->lines[reading][i], offset);
	}
	buf_putc(out, ']');
}

void
manifest_print(struct buf *out, const struct suite_case *of, const char *file, uint32_t offset,
               const struct suite_case *twin)
{
	const struct rule *rule = of->rule;

	buf_putc(out, '{');
	put_string(out, "id", of->id);
	put_string(out, "file", file);
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
	put_verdict(out, of, rule->headline, offset);
	buf_puts(out, ",\"readings\":{");
	for (unsigned i = 0; i < rule->readings; i++) {
		buf_printf(out, "%s\"%s\":{", i ? "," : "", rule->reading[i].name);
		put_verdict(out, of, i, offset);
		buf_putc(out, '}');
	}
	buf_printf(out, "},\"contested\":%s,\"deadlock\":%s,", of->contested ? "true" : "false",
	           of->deadlock ? "true" : "false");
	if (twin)
		put_string(out, "twin", twin->id);
	else
		buf_puts(out, "\"twin\":null,");
	put_string(out, "edit", of->edit ? of->edit : "");
	put_string(out, "text_hash", of->text_hash);
	out->len--; /* the last comma */
	buf_puts(out, "}\n");
}
