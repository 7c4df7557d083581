/* chart: drawings in SVG. See chart.h.
 *
 * All sizes are in the drawing's own units, which a browser takes for pixels and scales down where it has
 * fewer. Colours and strokes are classes of the page's style, so that a drawing follows its scheme. Numbers
 * are printed with one decimal, so that the same scores give the same bytes.
 */
#include "chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"

static void
begin(struct buf *out, int width, int height, const char *class, const char *title)
{
	buf_printf(out, "<svg class=\"%s\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\"", class,
	           width, height, width, height);
	html_mixed(out, " aria-label=\"", title, "\">\n", NULL);
}

static void
put_line(struct buf *out, const char *class, double x1, double y1, double x2, double y2)
{
	buf_printf(out, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", class, x1, y1,
	           x2, y2);
}

/* `anchor`: start, middle or end. */
static void
put_text(struct buf *out, double x, double y, const char *anchor, const char *text)
{
	buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor);
	html_mixed(out, "", text, "</text>\n", NULL);
}

static void
put_box(struct buf *out, const char *class, double x, double y, double width, double height)
{
	buf_printf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n", class, x,
	           y, width < 1 ? 1 : width, height < 1 ? 1 : height);
}

static void
put_dot(struct buf *out, double x, double y, double radius)
{
	buf_printf(out, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>\n", x, y, radius);
}

/* points */

enum {
	SIDE = 420,
	LEFT = 62,
	TOP = 18,
	BELOW = 44,
	BESIDE = 16,
	NEAR = 13,
	LABEL_MOST = 40,
	NAME_MOST = 56,
	LABELS = 64,
	LINE = 14,
	LINES = 30, /* that the drawing has room for */
	DOT = 5
};

static double
along_of(double share)
{
	return LEFT + share * SIDE;
}

static double
up_of(double share)
{
	return TOP + (1 - share) * SIDE;
}

static void
put_frame(struct buf *out, const char *along, const char *up)
{
	for (unsigned i = 0; i <= 4; i++) {
		double share = i / 4.0;
		char text[8];

		snprintf(text, sizeof text, i % 4 ? "%.2f" : "%.0f", share);
		put_line(out, "grid", along_of(share), TOP, along_of(share), TOP + SIDE);
		put_line(out, "grid", LEFT, up_of(share), LEFT + SIDE, up_of(share));
		put_text(out, along_of(share), TOP + SIDE + 16, "middle", text);
		put_text(out, LEFT - 6, up_of(share) + 4, "end", text);
	}
	put_line(out, "guess", along_of(0), up_of(0), along_of(1), up_of(1));
	buf_printf(out, "<text class=\"soft\" text-anchor=\"middle\" transform=\"translate(%d %d) rotate(-45)\">",
	           LEFT + SIDE * 6 / 25 + 14, TOP + SIDE * 19 / 25 + 14);
	buf_puts(out, "who guesses is on this line</text>\n");
	put_text(out, LEFT + SIDE / 2, TOP + SIDE + 36, "middle", along);
	buf_printf(out, "<text text-anchor=\"middle\" transform=\"translate(14 %d) rotate(-90)\">",
	           TOP + SIDE / 2);
	html_mixed(out, "", up, "</text>\n", NULL);
}

static bool
is_near(const struct chart_point *one, const struct chart_point *two)
{
	return fabs(along_of(one->x.value) - along_of(two->x.value)) < NEAR &&
	       fabs(up_of(one->y.value) - up_of(two->y.value)) < NEAR;
}

static bool
is_shown(const struct chart_point *point)
{
	return point->x.defined && point->y.defined;
}

/* Labels as they are placed, so that none lies on another, nor on a dot while there is room elsewhere. */
struct labels {
	const struct chart_point *point;
	unsigned points, count;
	struct label {
		double x, y, width; /* from its left end, on its base line */
		bool is_left;       /* of its dot: written up to its right end */
	} label[LABELS];
};

static bool
is_within(const struct label *label)
{
	return label->x >= LEFT - 8 && label->x + label->width <= LEFT + SIDE + BESIDE && label->y >= TOP &&
	       label->y <= TOP + SIDE + 8;
}

static bool
lies_on_label(const struct labels *labels, const struct label *label)
{
	for (unsigned i = 0; i < labels->count; i++)
		if (fabs(labels->label[i].y - label->y) < LINE && labels->label[i].x < label->x + label->width &&
		    label->x < labels->label[i].x + labels->label[i].width)
			return true;
	return false;
}

static bool
lies_on_dot(const struct labels *labels, const struct label *label)
{
	for (unsigned i = 0; i < labels->points; i++) {
		double x = along_of(labels->point[i].x.value), y = up_of(labels->point[i].y.value);

		if (is_shown(&labels->point[i]) && x + DOT > label->x && x - DOT < label->x + label->width &&
		    y + DOT > label->y - LINE + 3 && y - DOT < label->y + 3)
			return true;
	}
	return false;
}

/* The places of a label from near to far: column by column to the right and left of its dot, or where it just
 * fits into the frame, in each column line by line down and up. */
enum { SIDE_RIGHT, SIDE_LEFT, SIDE_FITS, SIDES, COLUMNS = 4, COLUMN = 90 };

static bool
next_place(struct label *label, unsigned which, unsigned lines, double x, double y)
{
	unsigned side = which % SIDES, line = which / SIDES % lines, column = which / SIDES / lines;
	double away = 9 + column * COLUMN, fits = LEFT + SIDE + BESIDE - label->width;

	label->y = y + 4 + (line % 2 ? -1.0 : 1.0) * ((line + 1) / 2) * LINE;
	label->is_left = side == SIDE_LEFT;
	label->x = side == SIDE_RIGHT || fits > x + away ? x + away : fits;
	if (side == SIDE_LEFT)
		label->x = x - away - label->width;
	if (side == SIDE_FITS && line < 3)
		label->y = TOP - 1; /* that would be the dot's own place */
	return column < COLUMNS;
}

/* False where the drawing has no room for it: looked for nearby, then everywhere, then also upon dots. */
static bool
place_label(const struct labels *labels, struct label *label, double x, double y)
{
	for (unsigned pass = 0; pass < 3; pass++)
		for (unsigned which = 0; next_place(label, which, pass ? 2 * LINES : 9, x, y); which++)
			if (is_within(label) && !lies_on_label(labels, label) &&
			    (pass > 1 || !lies_on_dot(labels, label)))
				return labels->count < LABELS;
	return false;
}

/* A thin line from a dot to its label, where that is not beside it. */
static void
put_leader(struct buf *out, const struct label *label, double x, double y)
{
	double right = label->x + label->width, end = x < label->x ? label->x - 2 : x > right ? right + 2 : x;
	double middle = label->y - 4;

	if (fabs(middle - y) < LINE * 1.2 && fabs(end - x) < LINE)
		return;
	if (end == x)
		middle += middle < y ? 6.0 : -6.0;
	put_line(out, "leader", x, y, end, middle);
}

/* What is longer than the drawing is wide ends in dots; who has no room stands in the table alone. */
static void
put_label_at(struct buf *out, struct labels *labels, double x, double y, const char *text)
{
	struct buf words = {0};
	struct label label;

	buf_puts(&words, text);
	if (words.len > NAME_MOST) {
		words.len = NAME_MOST;
		words.data[words.len] = 0;
		buf_puts(&words, "...");
	}
	label.width = (double)words.len * 6.8;
	if (place_label(labels, &label, x, y)) {
		put_leader(out, &label, x, y);
		put_text(out, label.is_left ? label.x + label.width : label.x, label.y,
		         label.is_left ? "end" : "start", words.data);
		labels->label[labels->count++] = label;
	}
	buf_free(&words);
}

/* Those near a point that have no label yet share one with it, over several lines where it is long. */
static void
put_label(struct buf *out, struct labels *labels, unsigned which, bool *told)
{
	const struct chart_point *point = labels->point;
	double x = along_of(point[which].x.value), y = up_of(point[which].y.value);
	struct buf label = {0};

	for (unsigned i = which; i < labels->points; i++) {
		if (told[i] || !is_shown(&point[i]) || !is_near(&point[which], &point[i]))
			continue;
		told[i] = true;
		if (label.len && label.len + strlen(point[i].name) > LABEL_MOST) {
			put_label_at(out, labels, x, y, buf_string(&label));
			buf_clear(&label);
		}
		buf_printf(&label, "%s%s", label.len ? ", " : "", point[i].name);
	}
	put_label_at(out, labels, x, y, buf_string(&label));
	buf_free(&label);
}

static void
put_labels(struct buf *out, const struct chart_point *point, unsigned count)
{
	struct labels labels = {.point = point, .points = count};
	bool *told = calloc(count + 1U, sizeof *told);

	if (!told)
		die("out of memory");
	for (unsigned i = 0; i < count; i++)
		if (is_shown(&point[i]) && !told[i])
			put_label(out, &labels, i, told);
	free(told);
}

void
chart_points(struct buf *out, const char *title, const char *along, const char *up,
             const struct chart_point *point, unsigned count)
{
	begin(out, LEFT + SIDE + BESIDE, TOP + SIDE + BELOW, "points", title);
	put_frame(out, along, up);
	for (unsigned i = 0; i < count; i++)
		if (is_shown(&point[i]))
			put_box(out, "interval", along_of(point[i].x.low), up_of(point[i].y.high),
			        (point[i].x.high - point[i].x.low) * SIDE, (point[i].y.high - point[i].y.low) * SIDE);
	for (unsigned i = 0; i < count; i++)
		if (is_shown(&point[i]))
			put_dot(out, along_of(point[i].x.value), up_of(point[i].y.value), 4);
	put_labels(out, point, count);
	buf_puts(out, "</svg>\n");
}

/* courses */

enum { COURSE_WIDTH = 250, COURSE_HEIGHT = 118, COURSE_LEFT = 24, COURSE_TOP = 8, COURSE_UP = 88 };

static double
course_x(unsigned step, unsigned count)
{
	return COURSE_LEFT + (COURSE_WIDTH - COURSE_LEFT - 4) * (step + 0.5) / count;
}

static double
course_y(double share)
{
	return COURSE_TOP + (1 - share) * COURSE_UP;
}

void
chart_course(struct buf *out, const char *title, const struct chart_step *step, unsigned count)
{
	bool begun = false;

	begin(out, COURSE_WIDTH, COURSE_HEIGHT, "course", title);
	for (unsigned i = 0; i <= 2; i++)
		put_line(out, "grid", COURSE_LEFT, course_y(i / 2.0), COURSE_WIDTH - 4, course_y(i / 2.0));
	put_text(out, COURSE_LEFT - 5, course_y(1) + 5, "end", "1");
	put_text(out, COURSE_LEFT - 5, course_y(0) + 4, "end", "0");
	for (unsigned i = 0; i < count; i++)
		put_text(out, course_x(i, count), COURSE_HEIGHT - 6, "middle", step[i].label);
	for (unsigned i = 0; i < count; i++)
		if (step[i].share.defined)
			put_line(out, "range", course_x(i, count), course_y(step[i].share.low), course_x(i, count),
			         course_y(step[i].share.high));
	for (unsigned i = 0; i < count; i++) {
		if (!step[i].share.defined)
			continue;
		buf_printf(out, "%s%.1f,%.1f", begun ? " " : "<polyline class=\"run\" points=\"", course_x(i, count),
		           course_y(step[i].share.value));
		begun = true;
	}
	buf_puts(out, begun ? "\"/>\n" : "");
	for (unsigned i = 0; i < count; i++)
		if (step[i].share.defined)
			put_dot(out, course_x(i, count), course_y(step[i].share.value), 2.5);
	buf_puts(out, "</svg>\n");
}

/* rows with names: spans and balances */

/* A name stands above its bar, so that a narrow screen need not make both small. */
enum {
	ROW = 38,
	BAR_LEFT = 16,
	BAR = 340,
	ROWS_TOP = 26,
	ROWS_WIDTH = BAR_LEFT + BAR + 44,
	NAME_DOWN = 12,
	BAR_DOWN = 24
};

/* Powers of ten around all values. False where there is none. */
static bool
find_powers(const struct chart_span *span, unsigned count, int *first, int *last)
{
	double least = 0, most = 0;

	for (unsigned i = 0; i < count; i++) {
		if (span[i].middle <= 0)
			continue;
		least = least <= 0 || span[i].middle < least ? span[i].middle : least;
		most = span[i].upper > most ? span[i].upper : most;
		most = span[i].middle > most ? span[i].middle : most;
	}
	if (least <= 0)
		return false;
	*first = (int)floor(log10(least));
	*last = (int)ceil(log10(most));
	*last += *last == *first;
	return true;
}

void
chart_spans(struct buf *out, const char *title, const char *unit, const struct chart_span *span,
            unsigned count)
{
	int first = 0, last = 0, height = ROWS_TOP + (int)count * ROW + 10;
	double scale;

	if (!find_powers(span, count, &first, &last))
		return;
	scale = (double)BAR / (last - first);
	begin(out, ROWS_WIDTH, height, "spans", title);
	for (int power = first; power <= last; power++) {
		double x = BAR_LEFT + (power - first) * scale;
		char text[32];

		snprintf(text, sizeof text, "%g%s%s", pow(10, power), power == last ? " " : "",
		         power == last ? unit : "");
		put_line(out, "grid", x, ROWS_TOP - 6, x, height - 6);
		put_text(out, x, 14, power == last ? "start" : "middle", text);
	}
	for (unsigned i = 0; i < count; i++) {
		double y = ROWS_TOP + i * ROW + BAR_DOWN, x;

		put_text(out, BAR_LEFT, ROWS_TOP + i * ROW + NAME_DOWN, "start", span[i].name);
		if (span[i].middle <= 0)
			continue;
		x = BAR_LEFT + (log10(span[i].middle) - first) * scale;
		if (span[i].upper > span[i].middle)
			put_line(out, "run", x, y, BAR_LEFT + (log10(span[i].upper) - first) * scale, y);
		put_dot(out, x, y, 4.5);
	}
	buf_puts(out, "</svg>\n");
}

void
chart_balances(struct buf *out, const char *title, const char *left, const char *right,
               const struct chart_balance *balance, unsigned count)
{
	double middle = BAR_LEFT + BAR / 2.0, scale;
	int height = ROWS_TOP + (int)count * ROW + 10;
	unsigned most = 1;

	for (unsigned i = 0; i < count; i++) {
		most = balance[i].left > most ? balance[i].left : most;
		most = balance[i].right > most ? balance[i].right : most;
	}
	scale = (BAR / 2.0 - 40) / most;
	begin(out, ROWS_WIDTH, height, "spans", title);
	put_text(out, middle - 8, 14, "end", left);
	put_text(out, middle + 8, 14, "start", right);
	for (unsigned i = 0; i < count; i++) {
		double y = ROWS_TOP + i * ROW, worse = balance[i].left * scale, better = balance[i].right * scale;
		char text[16];

		put_text(out, BAR_LEFT, y + NAME_DOWN, "start", balance[i].name);
		put_box(out, "worse", middle - worse, y + 16, worse, 14);
		put_box(out, "better", middle, y + 16, better, 14);
		snprintf(text, sizeof text, "%u", balance[i].left);
		put_text(out, middle - worse - 6, y + 28, "end", text);
		snprintf(text, sizeof text, "%u", balance[i].right);
		put_text(out, middle + better + 6, y + 28, "start", text);
	}
	put_line(out, "axis", middle, ROWS_TOP - 6, middle, height - 6);
	buf_puts(out, "</svg>\n");
}
