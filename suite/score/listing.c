/* listing: twins as one text. See listing.h.
 *
 * Each twin is made anew from its words, printed, and walked in the reading, so that lines, findings and
 * paths are those of lockdrill show. The rows of both texts side by side (align.h) come out one below the
 * other:
 *
 *      12   12 > KeAcquireSpinLock(...);
 *      13     -  KeReleaseSpinLock(...);
 *      14   13 > return;
 *                ^ missing-release, lock a
 */
#include "listing.h"

#include <string.h>

#include "align.h"
#include "html.h"
#include "line.h"
#include "make.h"
#include "prog.h"
#include "trail.h"
#include "walk.h"

/* What stands before each line: a multiple of where tabs stop, so that they look as they should. */
enum { GUTTER = 12 };

struct half {
	struct suite_case made;
	struct prog prog;
	struct buf body, helpers;
	struct text_span span;
	struct align_side side;
	struct walk walk;
	struct walk_result result;
	bool tells_path;
};

/* Rows in the making. */
struct rows {
	struct buf *out;
	const struct half *half[2]; /* the first is NULL where there is none */
	bool second;                /* the second file has begun */
};

/* reading */

unsigned
listing_violating(const struct stored_pair *pair, const char *reading)
{
	bool violates[2] = {false, false};

	for (unsigned half = 0; half < pair->cases; half++)
		for (unsigned i = 0; i < pair->of[half].readings; i++)
			if (!strcmp(pair->of[half].reading[i].name, reading))
				violates[half] = pair->of[half].reading[i].outcome == OUTCOME_VIOLATION;
	return pair->cases < 2 || (violates[0] && !violates[1]) ? 0 : 1;
}

static unsigned
find_reading(const struct rule *rule, const char *name)
{
	for (unsigned i = 0; i < rule->readings; i++)
		if (!strcmp(rule->reading[i].name, name))
			return i;
	return rule->headline;
}

static bool
make_half(struct half *half, const struct stored_case *of, const char *reading, struct places *places,
          struct arena *arena, struct diag *diag)
{
	const struct suite_case *const cases[] = {&half->made};
	struct buf text = {0}, helpers = {0};
	const struct world *world;
	bool ok = places_make(places, of, arena, &half->made, &world);

	if (!ok) {
		diag_set(diag, of->id, 0, 0,
		         "the case is another here: it was made by another lockdrill, or other rules");
		return false;
	}
	prog_make(&half->prog, arena, half->made.rule, half->made.role, &half->made.seq, &half->made.shapes);
	ok = text_body(&half->body, &half->helpers, &half->prog, -1, diag) &&
	     case_file(&text, &helpers, world, cases, 1, false, RULE_READINGS, &half->span, diag);
	buf_free(&text);
	buf_free(&helpers);
	if (!ok)
		return false;
	align_read(&half->side, arena, &half->body, &half->helpers, &half->span);
	walk_judge(&half->walk, &half->prog, find_reading(half->made.rule, reading),
	           seq_cap(&half->made.seq, half->made.rule, half->made.role), true, arena, &half->result);
	return true;
}

static void
free_half(struct half *half)
{
	buf_free(&half->body);
	buf_free(&half->helpers);
	walk_free(&half->walk);
}

/* writing */

static bool
has_finding(const struct half *half, const struct align_line *line)
{
	for (unsigned i = 0; line && i < half->result.verdict.count; i++)
		if (half->result.verdict.finding[i].line == line->line)
			return true;
	return false;
}

static void
put_findings(struct buf *out, const struct half *half, const struct align_line *line)
{
	const struct verdict *verdict = &half->result.verdict;

	for (unsigned i = 0; i < verdict->count; i++) {
		if (verdict->finding[i].line != line->line)
			continue;
		buf_printf(out, "<em>%*s", GUTTER, "");
		for (int j = 0; j < line->length && strchr("\t ", line->text[j]); j++)
			buf_putc(out, line->text[j]);
		buf_printf(out, "^ %s, lock %c</em>\n", kind_name((enum kind)verdict->finding[i].kind),
		           lock_letter(verdict->finding[i].lock));
	}
}

static void
put_number(struct buf *out, const struct align_line *line, int width)
{
	if (line)
		buf_printf(out, "%*u", width, line->number);
	else
		buf_printf(out, "%*s", width, "");
}

/* One line: of the first text alone, of the second, or of both. */
static void
put_line(struct rows *rows, const struct align_line *one, const struct align_line *two)
{
	const struct align_line *line = two ? two : one;
	const struct half *half = two ? rows->half[1] : rows->half[0];
	char mark = !rows->half[0] || (one && two) ? ' ' : two ? '+' : '-';
	const char *diff = mark == '+' ? "ins" : mark == '-' ? "del" : NULL;
	bool on_path = half->tells_path && trail_has_line(&half->result.path[0], line->line);
	bool marked = has_finding(half, line) || (one && two && has_finding(rows->half[0], one));
	struct buf *out = rows->out;
	struct buf text = {0};

	if (line->second && !rows->second)
		buf_puts(out, "<i>second file:</i>\n");
	rows->second = line->second;
	if (diff)
		buf_all(out, "<", diff, ">");
	buf_puts(out, marked ? "<mark>" : on_path ? "<b>" : "");
	put_number(out, one, 4);
	put_number(out, two, 5);
	buf_printf(out, "%c%c ", mark, on_path ? '>' : ' ');
	buf_add(&text, line->text, (size_t)line->length);
	html_text(out, buf_string(&text));
	buf_puts(out, marked ? "</mark>" : on_path ? "</b>" : "");
	if (diff)
		buf_all(out, "</", diff, ">");
	buf_putc(out, '\n');
	put_findings(out, half, line);
	if (one && two)
		put_findings(out, rows->half[0], one);
	buf_free(&text);
}

static void
put_row(void *context, const struct align_line *one, const struct align_line *two)
{
	struct rows *rows = context;

	if (one && two && !align_is_same(one, two)) {
		put_line(rows, one, NULL);
		put_line(rows, NULL, two);
	} else {
		put_line(rows, one, two);
	}
}

static void
put_trails(struct buf *trails, const struct half *half)
{
	struct buf words = {0};

	for (unsigned i = 0; i < half->result.verdict.count; i++) {
		buf_clear(&words);
		trail_words(&words, &half->result.verdict.finding[i], &half->result.path[i], &half->span);
		html_mixed(trails, "<p>", buf_string(&words), ".</p>\n", NULL);
	}
	buf_free(&words);
}

bool
listing_print(struct buf *out, struct buf *trails, const struct listing *listing, struct places *places,
              struct arena *arena, struct diag *diag)
{
	struct half half[2] = {{.side.count = 0}, {.side.count = 0}};
	const struct align_side none = {NULL, 0};
	bool has_first = listing->of[0] != NULL;
	bool ok = (!has_first || make_half(&half[0], listing->of[0], listing->reading, places, arena, diag)) &&
	          make_half(&half[1], listing->of[1], listing->reading, places, arena, diag);

	if (ok) {
		struct rows rows = {.out = out, .half = {has_first ? &half[0] : NULL, &half[1]}};

		half[1].tells_path = half[1].result.verdict.count > 0;
		align_each(has_first ? &half[0].side : &none, &half[1].side, put_row, &rows);
		put_trails(trails, &half[1]);
	}
	free_half(&half[0]);
	free_half(&half[1]);
	return ok;
}
