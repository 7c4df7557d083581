/* Shapes: the table, what applies, and the ladder. See shape.h; the rewritings themselves are in
 * gen/prog/rewrite*.c.
 *
 * How to read it: the table's look-ups, then shape_apply, which is the table of contents of all rewritings,
 * then applicability: a choice applies where it changes something. Nothing guesses; the program is made and
 * looked at.
 */
#include "shapes.h"

#include <string.h>

/* the table */

static const struct shape_row rows[SHAPE_ID_COUNT] = {
#define SHAPE(id, dimension, text, step, meaning) [id] = {dimension, text, step, meaning},
	SHAPES(SHAPE)
#undef SHAPE
};

static const char *const dimension_names[SHAPE_COUNT] = {
#define DIMENSION(id, text) [id] = text,
	SHAPE_DIMENSIONS(DIMENSION)
#undef DIMENSION
};

static const char *const ladder_names[LADDER_COUNT] = {
#define STEP(id, text) [id] = text,
	LADDER(STEP)
#undef STEP
};

const char *
ladder_name(enum ladder step)
{
	return ladder_names[step];
}

const struct shape_row *
shape_row(enum shape_id id)
{
	return &rows[id];
}

const char *
shape_dimension_name(enum shape_dimension dimension)
{
	return dimension_names[dimension];
}

bool
shape_is_default(enum shape_id id)
{
	return id == 0 || rows[id].dimension != rows[id - 1].dimension;
}

bool
shapes_in_array(const struct shapes *shapes)
{
	return shapes->choice[SHAPE_PLACE] >= PLACE_ARRAY && shapes->choice[SHAPE_PLACE] <= PLACE_ACCESSOR;
}

bool
shapes_move(const struct shapes *shapes)
{
	return shapes->choice[SHAPE_ALIAS] >= ALIAS_MOVING && shapes->choice[SHAPE_ALIAS] <= ALIAS_MOVING_INDEX;
}

struct shapes
shapes_default(void)
{
	struct shapes shapes;

	for (unsigned i = SHAPE_ID_COUNT; i-- > 0;)
		shapes.choice[rows[i].dimension] = (unsigned char)i;
	return shapes;
}

static void
refuse_choice(struct diag *diag, const char *assignment, int dimension)
{
	struct buf known = {0};

	for (unsigned i = 0; i < (dimension < 0 ? (unsigned)SHAPE_COUNT : (unsigned)SHAPE_ID_COUNT); i++) {
		if (dimension < 0)
			buf_printf(&known, " %s", dimension_names[i]);
		else if (rows[i].dimension == (enum shape_dimension)dimension)
			buf_printf(&known, " %s", rows[i].name);
	}
	diag_set(diag, "--shape", 0, 0, "'%s': there is no such %s; known:%s", assignment,
	         dimension < 0 ? "dimension" : "choice", buf_string(&known));
	buf_free(&known);
}

bool
shapes_set(struct shapes *shapes, const char *assignment, struct diag *diag)
{
	size_t length = strcspn(assignment, "=");

	for (unsigned d = 0; d < SHAPE_COUNT; d++) {
		if (strlen(dimension_names[d]) != length || memcmp(dimension_names[d], assignment, length))
			continue;
		for (unsigned i = 0; assignment[length] && i < SHAPE_ID_COUNT; i++)
			if (rows[i].dimension == d && !strcmp(rows[i].name, assignment + length + 1)) {
				shapes->choice[d] = (unsigned char)i;
				return true;
			}
		refuse_choice(diag, assignment, (int)d);
		return false;
	}
	refuse_choice(diag, assignment, -1);
	return false;
}

bool
shapes_set_list(struct shapes *shapes, const char *list, struct diag *diag)
{
	struct buf assignment = {0};
	bool ok = true;

	while (ok && *list) {
		size_t length = strcspn(list, ",");

		buf_clear(&assignment);
		buf_add(&assignment, list, length);
		ok = shapes_set(shapes, buf_string(&assignment), diag);
		list += length + (list[length] == ',');
	}
	buf_free(&assignment);
	return ok;
}

unsigned
shapes_print(struct buf *out, const struct shapes *shapes, char separator)
{
	unsigned count = 0;

	for (unsigned d = 0; d < SHAPE_COUNT; d++) {
		if (shape_is_default((enum shape_id)shapes->choice[d]))
			continue;
		if (count++)
			buf_putc(out, separator);
		buf_printf(out, "%s=%s", dimension_names[d], rows[shapes->choice[d]].name);
	}
	return count;
}

/* the ladder */

static bool
seq_has(const struct seq *seq, bool (*is)(unsigned op))
{
	for (uint32_t i = 0; i < seq->count; i++)
		if (is(seq->node[i].op))
			return true;
	return false;
}

enum ladder
shape_ladder(const struct seq *seq, const struct rule *rule, const struct shapes *shapes)
{
	enum ladder step = LADDER_STRAIGHT;
	unsigned locks = seq_locks_named(seq, rule);

	if (seq_has(seq, seq_branches) || seq_has(seq, seq_tries))
		step = LADDER_BRANCHES;
	if (seq_has(seq, seq_repeats))
		step = LADDER_LOOPS;
	if (locks & (locks - 1))
		step = LADDER_LOCKS;
	for (unsigned d = 0; d < SHAPE_COUNT; d++)
		if (rows[shapes->choice[d]].step > step)
			step = rows[shapes->choice[d]].step;
	if (step < LADDER_CONDITIONS && seq_correlates(seq))
		step = LADDER_CONDITIONS;
	return step;
}

void
shapes_json(struct buf *out, const struct shapes *shapes)
{
	for (unsigned d = 0; d < SHAPE_COUNT; d++) {
		buf_puts(out, d ? ",\"" : "{\"");
		buf_puts(out, shape_dimension_name((enum shape_dimension)d));
		buf_puts(out, "\":\"");
		buf_puts(out, shape_row((enum shape_id)shapes->choice[d])->name);
		buf_putc(out, '"');
	}
	buf_putc(out, '}');
}
