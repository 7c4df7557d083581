/* column: the table of columns, and where each finds its value. See column.h. */
#include "column.h"

#include <assert.h>

const struct column *
column_of(enum column_id id)
{
	static const struct column columns[] = {
#define COLUMN(id, name, part, unit, value, meaning) [id] = {name, meaning, part, unit},
		COLUMNS(COLUMN)
#undef COLUMN
	};

	assert(id < COLUMN_COUNT);
	return &columns[id];
}

const char *
column_unit_word(enum column_unit unit)
{
	static const char *const words[] = {
#define UNIT(id, word) [id] = (word),
		COLUMN_UNITS(UNIT)
#undef UNIT
	};

	return words[unit];
}

static struct column_value
word(const char *word)
{
	if (!word || !*word)
		return (struct column_value){.type = VALUE_NONE};
	return (struct column_value){.type = VALUE_WORD, .word = word};
}

static struct column_value
truth(bool is)
{
	return word(is ? "true" : "false");
}

static struct column_value
count(uint64_t count)
{
	return (struct column_value){.type = VALUE_WHOLE, .whole = (int64_t)count};
}

static struct column_value
measure(struct measure measure)
{
	return (struct column_value){.type = measure.defined ? VALUE_MEASURE : VALUE_NONE, .measure = measure};
}

/* Where nothing is known there is no time and no memory. */
static struct column_value
spent(double value)
{
	return (struct column_value){.type = value > 0 ? VALUE_REAL : VALUE_NONE, .real = value};
}

static struct column_value
detection(const struct column_row *row)
{
	struct column_value value = {.type = VALUE_REAL};

	if (!report_detection(row->score, &value.real))
		value.type = VALUE_NONE;
	return value;
}

static struct column_value
own_recall(const struct score *score)
{
	const struct measure *recall = &score->own_rates.recall;

	if (!recall->defined)
		return (struct column_value){.type = VALUE_NONE};
	return (struct column_value){.type = VALUE_REAL, .real = recall->value};
}

#define reason(state) count(cells_reason(row->cells, (state)))
/* Of a run that is worth nothing there are none. */
#define points(points)                                                                            \
	(row->rates->answered.defined ? (struct column_value){.type = VALUE_WHOLE, .whole = (points)} \
	                              : (struct column_value){.type = VALUE_NONE})

struct column_value
column_value(enum column_id id, const struct column_row *row)
{
	if (column_of(id)->part == PART_RUN && !row->is_total)
		return (struct column_value){.type = VALUE_NONE};
	switch (id) {
#define COLUMN(id, name, part, unit, value, meaning) \
	case id:                                         \
		return value;
		COLUMNS(COLUMN)
#undef COLUMN
	case COLUMN_COUNT:
		break;
	}
	bug("column %d", (int)id);
}

struct column_row
column_total(const struct report *report, const struct score *score, const char *filters)
{
	enum score_view view = report->options->view;

	return (struct column_row){.report = report,
	                           .score = score,
	                           .filters = filters,
	                           .by = "total",
	                           .group = "all",
	                           .is_total = true,
	                           .cells = &score->total[view],
	                           .rates = &score->rates[view]};
}
