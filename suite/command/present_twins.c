/* present: twins side by side. See present.h.
 *
 * Which lines belong together is the longest common subsequence of both texts (Hirschberg 1975 has the
 * table), which is small: a routine has a hundred lines. Behind it lines that stand on one side alone are put
 * beside each other as long as both sides have some.
 *
 *    12  	KeAcquireSpinLock(...);        12  	KeAcquireSpinLock(...);
 *    13  	KeReleaseSpinLock(...);     <
 *
 * As a diff the lines that differ stand below each other, with some that do not around them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "page.h"
#include "present_lines.h"

enum { TAB = 2, NUMBER_WIDTH = 5, GAP = 3, NARROWEST = 20, INDENT = 7 };

/* A line of a text. */
struct side_line {
	const char *text;
	int length;
	uint32_t number; /* of its file */
	bool second;     /* stands in the second file */
};

struct side {
	struct present_lines lines;
	struct side_line *line; /* in the source's arena */
	unsigned count;
};

static unsigned
count_lines(const struct buf *text)
{
	unsigned count = 0;

	for (const char *at = buf_string(text); *at; at++)
		count += *at == '\n';
	return count;
}

static void
add_lines(struct side *side, const struct buf *text, uint32_t above)
{
	uint32_t number = above;

	for (const char *at = buf_string(text), *end; *at; at = *end ? end + 1 : end) {
		end = at + strcspn(at, "\n");
		side->line[side->count++] =
			(struct side_line){at, (int)(end - at), text_span_line(&side->lines.span, ++number), above > 0};
	}
}

static bool
make_side(struct side *side, struct source *source, unsigned half, const struct world *world,
          struct diag *diag)
{
	*side = (struct side){0};
	if (!present_lines(&side->lines, source, half, world, diag))
		return false;
	side->line = arena_alloc(&source->arena,
	                         (count_lines(&side->lines.body) + count_lines(&side->lines.helpers) + 2U) *
	                             sizeof *side->line);
	add_lines(side, &side->lines.body, 0);
	add_lines(side, &side->lines.helpers, LINE_SECOND);
	return true;
}

static bool
is_same(const struct side_line *one, const struct side_line *two)
{
	return one->length == two->length && one->second == two->second &&
	       !memcmp(one->text, two->text, (size_t)one->length);
}

/* common[i * (two->count + 1) + j]: the length of the longest common subsequence behind lines i and j. */
static unsigned *
make_table(const struct side *one, const struct side *two)
{
	size_t width = two->count + 1U;
	unsigned *common = calloc((one->count + 1U) * width, sizeof *common);

	if (!common)
		die("out of memory");
	for (unsigned i = one->count; i-- > 0;)
		for (unsigned j = two->count; j-- > 0;) {
			unsigned down = common[(i + 1) * width + j], right = common[i * width + j + 1];

			common[i * width + j] = is_same(&one->line[i], &two->line[j])
			                            ? common[(i + 1) * width + j + 1] + 1
			                        : down > right ? down
			                                       : right;
		}
	return common;
}

/* With tabs as blanks; how many columns it takes. */
static unsigned
spread(struct buf *out, const struct side_line *line)
{
	for (int i = 0; i < line->length; i++)
		if (line->text[i] == '\t')
			buf_printf(out, "%*s", TAB, "");
		else
			buf_putc(out, line->text[i]);
	return (unsigned)out->len;
}

static unsigned
widest(const struct side *side)
{
	unsigned most = NARROWEST;
	struct buf text = {0};

	for (unsigned i = 0; i < side->count; i++) {
		unsigned width;

		buf_clear(&text);
		width = spread(&text, &side->line[i]);
		most = width > most ? width : most;
	}
	buf_free(&text);
	return most;
}

static void
put_cell(struct buf *out, const struct side_line *line, unsigned width)
{
	struct buf text = {0};

	if (line) {
		spread(&text, line);
		if (text.len > width) {
			text.len = width - 3;
			text.data[text.len] = 0;
			buf_puts(&text, "...");
		}
		buf_printf(out, "%4u ", line->number);
	} else {
		buf_printf(out, "%*s", NUMBER_WIDTH, "");
	}
	buf_printf(out, "%-*s", (int)width, buf_string(&text));
	buf_free(&text);
}

static void
print_row(const struct side_line *one, const struct side_line *two, char mark, unsigned width)
{
	struct buf row = {0};

	put_cell(&row, one, width);
	buf_printf(&row, " %c ", mark);
	put_cell(&row, two, width);
	while (row.len && row.data[row.len - 1] == ' ')
		row.data[--row.len] = 0;
	puts(buf_string(&row));
	buf_free(&row);
}

static void
print_rows(const struct side *one, const struct side *two, const unsigned *common, unsigned width)
{
	size_t row = two->count + 1U;
	unsigned i = 0, j = 0;

	while (i < one->count || j < two->count) {
		bool left = i < one->count && (j == two->count || common[(i + 1) * row + j] == common[i * row + j]);
		bool right = j < two->count && (i == one->count || common[i * row + j + 1] == common[i * row + j]);

		if (i < one->count && j < two->count && is_same(&one->line[i], &two->line[j])) {
			print_row(&one->line[i++], &two->line[j++], ' ', width);
		} else if (left && right && common[(i + 1) * row + j + 1] == common[i * row + j]) {
			print_row(&one->line[i++], &two->line[j++], '|', width);
		} else if (left) {
			print_row(&one->line[i++], NULL, '<', width);
		} else {
			print_row(NULL, &two->line[j++], '>', width);
		}
	}
}

/* as a diff */

enum { CONTEXT = 3 };

/* What is printed of a line: both sides have it, the left one alone, the right one alone. */
struct diff_row {
	char mark; /* ' ', '-', '+' */
	const struct side_line *line;
};

/* The rows of a diff, which the caller frees; their number. */
static unsigned
make_rows(struct diff_row **rows, const struct side *one, const struct side *two, const unsigned *common)
{
	size_t width = two->count + 1U;
	unsigned i = 0, j = 0, count = 0;

	*rows = calloc(one->count + two->count + 1U, sizeof **rows);
	if (!*rows)
		die("out of memory");
	while (i < one->count || j < two->count) {
		if (i < one->count && j < two->count && is_same(&one->line[i], &two->line[j])) {
			(*rows)[count++] = (struct diff_row){' ', &one->line[i++]};
			j++;
		} else if (i < one->count &&
		           (j == two->count || common[(i + 1) * width + j] >= common[i * width + j + 1])) {
			(*rows)[count++] = (struct diff_row){'-', &one->line[i++]};
		} else {
			(*rows)[count++] = (struct diff_row){'+', &two->line[j++]};
		}
	}
	return count;
}

static bool
is_near_change(const struct diff_row *rows, unsigned count, unsigned at)
{
	for (unsigned i = at > CONTEXT ? at - CONTEXT : 0; i < count && i <= at + CONTEXT; i++)
		if (rows[i].mark != ' ')
			return true;
	return false;
}

static void
print_diff(const struct diff_row *rows, unsigned count)
{
	bool was_near = true;

	for (unsigned i = 0; i < count; i++) {
		bool near = is_near_change(rows, count, i);

		if (near)
			printf("%4u %c %.*s\n", rows[i].line->number, rows[i].mark, rows[i].line->length,
			       rows[i].line->text);
		else if (was_near)
			printf("   ...\n");
		was_near = near;
	}
}

bool
present_diff(struct source *source, const struct world *world, struct diag *diag)
{
	struct side side[2] = {{.count = 0}};
	bool ok = make_side(&side[0], source, 0, world, diag) && make_side(&side[1], source, 1, world, diag);

	if (ok) {
		unsigned *common = make_table(&side[0], &side[1]);
		struct diff_row *rows;
		unsigned count = make_rows(&rows, &side[0], &side[1], common);

		print_diff(rows, count);
		free(rows);
		free(common);
	}
	present_lines_free(&side[0].lines);
	present_lines_free(&side[1].lines);
	return ok;
}

/* all of it */

static void
print_findings(const struct source *source, const struct side *wrong)
{
	const struct suite_case *of = &source->twins[1];
	const struct verdict *verdict = &of->verdict[of->rule->headline];

	for (unsigned i = 0; i < verdict->count; i++)
		printf("%s%u: %s, lock %c\n", verdict->finding[i].line > LINE_SECOND ? "second:" : "",
		       text_span_line(&wrong->lines.span, verdict->finding[i].line),
		       kind_name((enum kind)verdict->finding[i].kind), lock_letter(verdict->finding[i].lock));
}

static void
print_names(const struct source *source)
{
	for (unsigned half = 0; half < 2; half++) {
		struct buf place = {0};

		printf("%s %s\n", half ? "right: violating" : "left:  correct  ", source->twins[half].id);
		present_places(&place, source, half);
		if (place.len) {
			printf("%*s", INDENT, "");
			command_print_filled(&place, INDENT, INDENT);
		}
		buf_free(&place);
	}
	printf("edit:  %s\n\n", source->twins[1].edit);
}

bool
present_twins(struct source *source, const struct world *world, bool wide, struct diag *diag)
{
	struct side side[2] = {{.count = 0}};
	bool ok = make_side(&side[0], source, 0, world, diag) && make_side(&side[1], source, 1, world, diag);

	if (ok) {
		unsigned width = (PAGE_WIDTH - GAP) / 2 - NUMBER_WIDTH;
		unsigned *common = make_table(&side[0], &side[1]);

		if (wide)
			width = widest(&side[0]) > widest(&side[1]) ? widest(&side[0]) : widest(&side[1]);
		print_names(source);
		print_rows(&side[0], &side[1], common, width);
		putchar('\n');
		print_findings(source, &side[1]);
		free(common);
	}
	present_lines_free(&side[0].lines);
	present_lines_free(&side[1].lines);
	return ok;
}
