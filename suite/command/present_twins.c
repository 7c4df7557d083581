/* present: twins side by side. See present.h.
 *
 *    12  	KeAcquireSpinLock(...);        12  	KeAcquireSpinLock(...);
 *    13  	KeReleaseSpinLock(...);     <
 *
 * As a diff the lines that differ stand below each other, with some that do not around them.
 */
#include <stdio.h>
#include <string.h>

#include "align.h"
#include "array.h"
#include "command.h"
#include "page.h"
#include "present_lines.h"

enum { TAB = 2, NUMBER_WIDTH = 5, GAP = 3, NARROWEST = 20, INDENT = 7 };

struct side {
	struct present_lines lines;
	struct align_side text; /* in the source's arena */
};

static bool
make_side(struct side *side, struct source *source, unsigned half, const struct world *world,
          struct diag *diag)
{
	*side = (struct side){0};
	if (!present_lines(&side->lines, source, half, world, diag))
		return false;
	align_read(&side->text, &source->arena, &side->lines.body, &side->lines.helpers, &side->lines.span);
	return true;
}

/* With tabs as blanks; how many columns it takes. */
static unsigned
spread(struct buf *out, const struct align_line *line)
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

	for (unsigned i = 0; i < side->text.count; i++) {
		unsigned width;

		buf_clear(&text);
		width = spread(&text, &side->text.line[i]);
		most = width > most ? width : most;
	}
	buf_free(&text);
	return most;
}

static void
put_cell(struct buf *out, const struct align_line *line, unsigned width)
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

/* `context` points to the width of a side. */
static void
print_row(void *context, const struct align_line *one, const struct align_line *two)
{
	unsigned width = *(const unsigned *)context;
	char mark = !two ? '<' : !one ? '>' : align_is_same(one, two) ? ' ' : '|';
	struct buf row = {0};

	put_cell(&row, one, width);
	buf_printf(&row, " %c ", mark);
	put_cell(&row, two, width);
	while (row.len && row.data[row.len - 1] == ' ')
		row.data[--row.len] = 0;
	puts(buf_string(&row));
	buf_free(&row);
}

/* as a diff */

enum { CONTEXT = 3 };

/* What is printed of a line: both sides have it, the left one alone, the right one alone. */
struct diff_row {
	char mark; /* ' ', '-', '+' */
	const struct align_line *line;
};

/* The rows of a diff; of lines that differ, those of the right side wait until the left side's stand there.
 */
struct diff {
	struct arena *arena;
	struct diff_row *row;
	const struct align_line **waiting;
	unsigned rows, row_room, waits, wait_room;
};

static void
add_row(struct diff *diff, char mark, const struct align_line *line)
{
	*array_add(diff->arena, diff->row, diff->rows, diff->row_room) = (struct diff_row){mark, line};
}

static void
end_change(struct diff *diff)
{
	for (unsigned i = 0; i < diff->waits; i++)
		add_row(diff, '+', diff->waiting[i]);
	diff->waits = 0;
}

/* `context` is a struct diff. */
static void
collect_row(void *context, const struct align_line *one, const struct align_line *two)
{
	struct diff *diff = context;

	if (one && two && align_is_same(one, two)) {
		end_change(diff);
		add_row(diff, ' ', one);
		return;
	}
	if (one)
		add_row(diff, '-', one);
	if (two)
		*array_add(diff->arena, diff->waiting, diff->waits, diff->wait_room) = two;
}

static bool
is_near_change(const struct diff *diff, unsigned at)
{
	for (unsigned i = at > CONTEXT ? at - CONTEXT : 0; i < diff->rows && i <= at + CONTEXT; i++)
		if (diff->row[i].mark != ' ')
			return true;
	return false;
}

static void
print_diff(const struct diff *diff)
{
	bool was_near = true;

	for (unsigned i = 0; i < diff->rows; i++) {
		const struct diff_row *row = &diff->row[i];
		bool near = is_near_change(diff, i);

		if (near)
			printf("%4u %c %.*s\n", row->line->number, row->mark, row->line->length, row->line->text);
		else if (was_near)
			printf("   ...\n");
		was_near = near;
	}
}

bool
present_diff(struct source *source, const struct world *world, struct diag *diag)
{
	struct side side[2] = {0};
	bool ok = make_side(&side[0], source, 0, world, diag) && make_side(&side[1], source, 1, world, diag);

	if (ok) {
		struct diff diff = {.arena = &source->arena};

		align_each(&side[0].text, &side[1].text, collect_row, &diff);
		end_change(&diff);
		print_diff(&diff);
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
	struct side side[2] = {0};
	bool ok = make_side(&side[0], source, 0, world, diag) && make_side(&side[1], source, 1, world, diag);

	if (ok) {
		unsigned width = (PAGE_WIDTH - GAP) / 2 - NUMBER_WIDTH;

		if (wide)
			width = widest(&side[0]) > widest(&side[1]) ? widest(&side[0]) : widest(&side[1]);
		print_names(source);
		align_each(&side[0].text, &side[1].text, print_row, &width);
		putchar('\n');
		print_findings(source, &side[1]);
	}
	present_lines_free(&side[0].lines);
	present_lines_free(&side[1].lines);
	return ok;
}
