/* present: cases as text for people. See present.h; twins side by side are in present_twins.c. */
#include "present.h"

#include <stdio.h>
#include <string.h>

#include "command.h"
#include "make.h"
#include "present_lines.h"
#include "trail.h"
#include "walk.h"

enum { FIELD_COLUMN = 10 };

/* the head */

/* What is in the buffer, which is emptied, and a text. */
static void
print_field(const char *name, struct buf *text, const char *more)
{
	buf_puts(text, more);
	printf("%-9s ", name);
	command_print_filled(text, FIELD_COLUMN, FIELD_COLUMN);
	buf_clear(text);
}

void
present_places(struct buf *out, const struct source *source, unsigned half)
{
	for (unsigned i = 0; i < source->places; i++) {
		const struct source_place *place = &source->place[i];

		if (!place->file[half])
			continue;
		buf_printf(out, "%s%s%s%s", out->len ? "; " : "", place->level ? place->level : "",
		           place->level ? ": " : "", place->file[half]);
		if (place->helpers[half])
			buf_printf(out, ", %s", place->helpers[half]);
	}
}

static void
print_where(const struct source *source, struct buf *text)
{
	const struct suite_case *twin = &source->twins[!source->half];

	if (source->places) {
		present_places(text, source, source->half);
		print_field("file", text, "");
	}
	if (!source->has_twin)
		return;
	present_places(text, source, !source->half);
	if (text->len) {
		struct buf line = {0};

		buf_printf(&line, "%s (%s: %s), %s", twin->id, source->half ? "correct" : "violating", twin->edit,
		           text->data);
		buf_clear(text);
		print_field("twin", &line, "");
		buf_free(&line);
	}
}

void
present_head(const struct source *source)
{
	const struct suite_case *of = &source->twins[source->half];
	struct buf text = {0};

	printf("case      %s\n", of->id);
	print_where(source, &text);
	printf("rule      %s (%s), role %s\n", of->rule->name, of->rule->model, of->rule->role[of->role].name);
	print_field("sequence", &text, of->sequence);
	for (unsigned d = 0; d < SHAPE_COUNT; d++)
		buf_printf(&text, "%s%s=%s", d ? " " : "", shape_dimension_name((enum shape_dimension)d),
		           shape_row((enum shape_id)of->shapes.choice[d])->name);
	print_field("shapes", &text, "");
	printf("ladder    %s\n", ladder_name(of->ladder));
	for (unsigned i = 0; i < of->rule->readings; i++) {
		const struct verdict *verdict = &of->verdict[i];

		buf_printf(&text, "%s%s%s", outcome_name(verdict->outcome),
		           i == of->rule->headline ? " (headline)" : "",
		           verdict->incomplete && verdict->count ? ", perhaps not all findings" : "");
		for (unsigned j = 0; j < verdict->count; j++)
			buf_printf(&text, "%s %s at statement %u, lock %c", j ? ";" : ":",
			           kind_name((enum kind)verdict->finding[j].kind), verdict->finding[j].statement,
			           lock_letter(verdict->finding[j].lock));
		print_field(of->rule->reading[i].name, &text, "");
	}
	if (of->deadlock)
		printf("deadlock  a real spin lock would wait for itself\n");
	buf_free(&text);
}

/* the text */

/* A caret under the first character of the line, and the finding behind it. */
static void
print_carets(const char *line, const struct verdict *verdict, uint32_t number)
{
	for (unsigned i = 0; i < verdict->count; i++) {
		if (verdict->finding[i].line != number)
			continue;
		printf("     | ");
		for (const char *c = line; *c == '\t' || *c == ' '; c++)
			putchar(*c);
		printf("^ %s, lock %c\n", kind_name((enum kind)verdict->finding[i].kind),
		       lock_letter(verdict->finding[i].lock));
	}
}

/* One part of a body; `above` is the line above its first: 0, or LINE_SECOND. */
static void
print_part(const char *text, const struct verdict *verdict, uint32_t above, const struct text_span *span)
{
	uint32_t number = above + 1;

	for (const char *end; *text; text = *end ? end + 1 : end, number++) {
		end = text + strcspn(text, "\n");
		printf("%4u | %.*s\n", text_span_line(span, number), (int)(end - text), text);
		print_carets(text, verdict, number);
	}
}

/* The body and its second part. */
static void
print_parts(const struct present_lines *lines, const struct verdict *verdict)
{
	printf("\n");
	print_part(lines->body.data, verdict, 0, &lines->span);
	if (lines->helpers.len)
		printf("\nsecond file:\n\n");
	print_part(buf_string(&lines->helpers), verdict, LINE_SECOND, &lines->span);
}

static void
print_path(const struct finding *finding, const struct walk_path *path, const struct text_span *span)
{
	struct buf text = {0};

	trail_words(&text, finding, path, span);
	putchar('\n');
	command_print_filled(&text, 0, 2);
	buf_free(&text);
}

bool
present_lines(struct present_lines *lines, struct source *source, unsigned half, const struct world *world,
              struct diag *diag)
{
	const struct suite_case *of = &source->twins[half];
	const struct text_span *known = source->places ? &source->place[0].span[half] : NULL;
	struct buf text = {0}, helpers = {0};
	bool ok;

	*lines = (struct present_lines){0};
	prog_make(&lines->prog, &source->arena, of->rule, of->role, &of->seq, &of->shapes);
	ok = text_body(&lines->body, &lines->helpers, &lines->prog, -1, diag) &&
	     case_file(&text, &helpers, world, &of, 1, false, RULE_READINGS, &lines->span, diag);
	if (ok && known && known->lines)
		lines->span = *known;
	buf_free(&text);
	buf_free(&helpers);
	return ok;
}

void
present_lines_free(struct present_lines *lines)
{
	buf_free(&lines->body);
	buf_free(&lines->helpers);
}

bool
present_text(struct source *source, const struct world *world, struct diag *diag)
{
	const struct suite_case *of = &source->twins[source->half];
	const struct verdict *verdict = &of->verdict[of->rule->headline];
	struct present_lines lines;
	struct walk_result result;
	struct walk walk = {0};
	bool ok = present_lines(&lines, source, source->half, world, diag);

	if (ok) {
		walk_judge(&walk, &lines.prog, of->rule->headline, seq_cap(&of->seq, of->rule, of->role), true,
		           &source->arena, &result);
		print_parts(&lines, verdict);
		for (unsigned i = 0; i < result.verdict.count; i++)
			print_path(&result.verdict.finding[i], &result.path[i], &lines.span);
		if (lines.prog.unfit)
			printf("\nNo level holds it: %s.\n", lines.prog.unfit);
		walk_free(&walk);
	}
	present_lines_free(&lines);
	return ok;
}

bool
present_code(struct source *source, const struct world *world, bool with_findings, struct diag *diag)
{
	const struct suite_case *of = &source->twins[source->half];
	const struct verdict none = {.count = 0};
	struct present_lines lines;
	bool ok = present_lines(&lines, source, source->half, world, diag);

	if (ok)
		print_parts(&lines, with_findings ? &of->verdict[of->rule->headline] : &none);
	present_lines_free(&lines);
	return ok;
}

bool
present_file(const struct source *source, const struct world *world, struct diag *diag)
{
	const struct suite_case *one = &source->twins[source->half];
	struct buf text = {0}, helpers = {0};
	struct text_span span;
	bool ok = case_file(&text, &helpers, world, &one, 1, false, RULE_READINGS, &span, diag);

	if (ok)
		printf("\nworld %s:\n\n%s", world->name, text.data);
	if (ok && helpers.len)
		printf("\nworld %s, second file:\n\n%s", world->name, helpers.data);
	buf_free(&text);
	buf_free(&helpers);
	return ok;
}
