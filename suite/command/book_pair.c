/* book_pair: the text of a case, and twins side by side, in HTML. See book.h.
 *
 * Both texts have the same number of rows, so that what belongs together stands side by side; a row that
 * only one of them has is a gap in the other one. On a narrow screen, where one stands below the other,
 * the style hides the gaps.
 *
 *     22    KeAcquireSpinLock(...);        22  > KeAcquireSpinLock(...);
 *     24 -  KeReleaseSpinLock(...);
 *     25    return STATUS_PENDING;         24  > return STATUS_PENDING;
 */
#include <string.h>

#include "align.h"
#include "book.h"
#include "lesson.h"
#include "line.h"
#include "present_lines.h"
#include "trail.h"
#include "walk.h"

enum { GUTTER = 8 }; /* what stands before each line: a multiple of where tabs stop */

/* One text in the making. */
struct side {
	struct present_lines lines;
	struct align_side text;
	struct walk walk;
	struct walk_result result; /* of the violating twin; else without findings */
	struct buf out;
	bool second; /* the second file has begun */
};

/* reading */

static bool
make_side(struct side *side, struct source *source, unsigned half, struct diag *diag)
{
	const struct suite_case *of = &source->twins[half];
	const struct world *world = world_find(of->rule->dialect, "plain", diag);

	if (!world || !present_lines(&side->lines, source, half, world, diag))
		return false;
	align_read(&side->text, &source->arena, &side->lines.body, &side->lines.helpers, &side->lines.span);
	return true;
}

static void
free_side(struct side *side)
{
	present_lines_free(&side->lines);
	walk_free(&side->walk);
	buf_free(&side->out);
}

/* lines */

static bool
has_finding(const struct side *side, const struct align_line *line)
{
	for (unsigned i = 0; i < side->result.verdict.count; i++)
		if (side->result.verdict.finding[i].line == line->line)
			return true;
	return false;
}

static void
put_file_name(struct side *side, const struct align_line *line)
{
	if (line->second && !side->second)
		buf_puts(&side->out, "<i>second file:</i>\n");
	side->second = line->second;
}

/* `mark`: '-' or '+' of a line that the other twin does not have. */
static void
put_line(struct side *side, const struct align_line *line, char mark)
{
	bool on_path = side->result.verdict.count && trail_has_line(&side->result.path[0], line->line);
	const char *around = has_finding(side, line) ? "mark" : on_path ? "b" : NULL;
	const char *diff = mark == '+' ? "ins" : mark == '-' ? "del" : NULL;
	struct buf text = {0};

	put_file_name(side, line);
	if (diff)
		buf_all(&side->out, "<", diff, ">");
	if (around)
		buf_all(&side->out, "<", around, ">");
	buf_printf(&side->out, "%4u %c%c ", line->number, mark, on_path ? '>' : ' ');
	buf_add(&text, line->text, (size_t)line->length);
	html_text(&side->out, buf_string(&text));
	if (around)
		buf_all(&side->out, "</", around, ">");
	if (diff)
		buf_all(&side->out, "</", diff, ">");
	buf_putc(&side->out, '\n');
	buf_free(&text);
}

static void
put_gap(struct side *side)
{
	buf_puts(&side->out, "<s class=\"gap\">\n</s>");
}

/* A caret below each line with a finding; the number of rows. */
static unsigned
put_findings(struct side *side, const struct align_line *line)
{
	const struct verdict *verdict = &side->result.verdict;
	unsigned rows = 0;

	for (unsigned i = 0; i < verdict->count; i++) {
		if (verdict->finding[i].line != line->line)
			continue;
		buf_printf(&side->out, "<em>%*s", GUTTER, "");
		for (int j = 0; j < line->length && strchr("\t ", line->text[j]); j++)
			buf_putc(&side->out, line->text[j]);
		buf_printf(&side->out, "^ %s, lock %c</em>\n", kind_name((enum kind)verdict->finding[i].kind),
		           lock_letter(verdict->finding[i].lock));
		rows++;
	}
	return rows;
}

/* Both sides begin their second file in the same row. */
static void
meet_second(struct side side[2], const struct align_line *one, const struct align_line *two)
{
	bool begins[2] = {one && one->second && !side[0].second, two && two->second && !side[1].second};

	if (begins[0] != begins[1])
		put_gap(&side[begins[0]]);
}

/* `context`: both sides. */
static void
put_row(void *context, const struct align_line *one, const struct align_line *two)
{
	struct side *side = context;
	bool same = one && two && align_is_same(one, two);
	unsigned rows;

	meet_second(side, one, two);
	if (one)
		put_line(&side[0], one, same ? ' ' : '-');
	else
		put_gap(&side[0]);
	if (two)
		put_line(&side[1], two, same ? ' ' : '+');
	else
		put_gap(&side[1]);
	for (rows = two ? put_findings(&side[1], two) : 0; rows; rows--)
		put_gap(&side[0]);
}

/* findings */

static void
put_lines_of(struct buf *out, const struct suite_case *of, unsigned which, const struct text_span *span)
{
	const struct finding *finding = &of->verdict[of->rule->headline].finding[which];
	const struct case_lines *lines = &of->lines[of->rule->headline][which];

	buf_printf(out, "%s, lock %c, line %u%s", kind_name((enum kind)finding->kind), lock_letter(finding->lock),
	           text_span_line(span, finding->line), finding->line > LINE_SECOND ? " of the second file" : "");
	for (unsigned i = 0; i < lines->count; i++)
		buf_printf(out, "%s%u", i ? ", " : " (or ", text_span_line(span, lines->line[i]));
	buf_puts(out, lines->count ? ")" : "");
}

static void
put_clause(struct buf *out, const struct rule *rule, enum kind kind)
{
	unsigned number = lesson_clause(&rule->reading[rule->headline], kind);

	for (unsigned i = 0; i < rule->clauses; i++)
		if (rule->clause[i].number == number)
			html_mixed(out, ". The sentence that it breaks: ", rule->clause[i].text, "", NULL);
}

static void
put_trails(struct buf *out, const struct suite_case *of, const struct side *side)
{
	const struct verdict *found = &side->result.verdict;
	struct buf words = {0};

	for (unsigned i = 0; i < of->verdict[of->rule->headline].count; i++) {
		buf_puts(out, "<p><strong>");
		put_lines_of(out, of, i, &side->lines.span);
		buf_puts(out, "</strong>");
		put_clause(out, of->rule, (enum kind)of->verdict[of->rule->headline].finding[i].kind);
		buf_puts(out, "</p>\n");
	}
	for (unsigned i = 0; i < found->count; i++) {
		buf_clear(&words);
		trail_words(&words, &found->finding[i], &side->result.path[i], &side->lines.span);
		html_mixed(out, "<p class=\"trail\">", buf_string(&words), ".</p>\n", NULL);
	}
	buf_free(&words);
}

/* all of it */

static void
put_figure(struct buf *out, const char *caption, const struct side *side)
{
	html_mixed(out, "<figure><figcaption>", caption, "</figcaption>\n<pre tabindex=\"0\">", NULL);
	buf_all(out, buf_string(&side->out), "</pre></figure>\n");
}

bool
book_put_twins(struct buf *out, struct source *source, const char *const caption[2], struct diag *diag)
{
	const struct suite_case *wrong = &source->twins[1];
	struct side side[2] = {{.second = false}, {.second = false}};
	bool ok = make_side(&side[0], source, 0, diag) && make_side(&side[1], source, 1, diag);

	if (ok) {
		walk_judge(&side[1].walk, &side[1].lines.prog, wrong->rule->headline,
		           seq_cap(&wrong->seq, wrong->rule, wrong->role), true, &source->arena, &side[1].result);
		align_each(&side[0].text, &side[1].text, put_row, side);
		buf_puts(out, "<div class=\"twins\">\n");
		put_figure(out, caption[0], &side[0]);
		put_figure(out, caption[1], &side[1]);
		buf_puts(out, "</div>\n");
		put_trails(out, wrong, &side[1]);
	}
	free_side(&side[0]);
	free_side(&side[1]);
	return ok;
}

bool
book_put_code(struct buf *out, struct source *source, struct diag *diag)
{
	struct side side = {.second = false};
	bool ok = make_side(&side, source, source->half, diag);

	for (unsigned i = 0; ok && i < side.text.count; i++)
		put_line(&side, &side.text.line[i], ' ');
	if (ok)
		buf_all(out, "<pre tabindex=\"0\">", buf_string(&side.out), "</pre>\n");
	free_side(&side);
	return ok;
}

bool
book_put_verdict(struct buf *out, struct source *source, struct diag *diag)
{
	const struct suite_case *of = &source->twins[source->half];
	const struct verdict *verdict = &of->verdict[of->rule->headline];
	struct side side = {.second = false};
	bool ok = make_side(&side, source, source->half, diag);

	buf_puts(out, ok ? outcome_name(verdict->outcome) : "");
	for (unsigned i = 0; ok && i < verdict->count; i++) {
		buf_puts(out, i ? "; " : ": ");
		put_lines_of(out, of, i, &side.lines.span);
	}
	free_side(&side);
	return ok;
}
