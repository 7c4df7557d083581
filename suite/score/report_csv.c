/* report: scores as CSV, for spreadsheets, R and the like. See report.h.
 *
 * One row for each checker and set of cases: all of them, then each group. The columns are those of column.h,
 * always all of them, and a field is empty where there is no value.
 */
#include "column.h"
#include "quote.h"
#include "report_parts.h"

static bool
has_interval(const struct column *column)
{
	return column->part == PART_RATE;
}

static void
put_names(struct buf *out)
{
	for (unsigned id = 0; id < COLUMN_COUNT; id++) {
		const struct column *column = column_of((enum column_id)id);

		buf_printf(out, "%s%s", id ? "," : "", column->name);
		if (has_interval(column))
			buf_printf(out, ",%s_low,%s_high", column->name, column->name);
	}
	buf_putc(out, '\n');
}

/* Nine digits, and no minus before a zero. */
static void
put_real(struct buf *out, double value)
{
	buf_printf(out, "%.9g", value == 0 ? 0. : value);
}

static void
put_value(struct buf *out, const struct column_value *value, bool interval)
{
	switch (value->type) {
	case VALUE_NONE:
		buf_puts(out, interval ? ",," : "");
		break;
	case VALUE_WORD:
		quote_csv(out, value->word);
		break;
	case VALUE_WHOLE:
		buf_printf(out, "%lld", (long long)value->whole);
		break;
	case VALUE_REAL:
		put_real(out, value->real);
		break;
	case VALUE_MEASURE:
		put_real(out, value->measure.value);
		if (interval) {
			buf_putc(out, ',');
			put_real(out, value->measure.low);
			buf_putc(out, ',');
			put_real(out, value->measure.high);
		}
		break;
	}
}

static void
put_row(struct buf *out, const struct column_row *row)
{
	for (unsigned id = 0; id < COLUMN_COUNT; id++) {
		struct column_value value = column_value((enum column_id)id, row);

		if (id)
			buf_putc(out, ',');
		put_value(out, &value, has_interval(column_of((enum column_id)id)));
	}
	buf_putc(out, '\n');
}

void
report_csv(struct buf *out, const struct report *report)
{
	struct buf filters = {0};

	report_filters(&filters, report->stored);
	put_names(out);
	for (unsigned i = 0; i < report->stored->checkers; i++) {
		const struct score *score = &report->score[i];
		struct column_row row = column_total(report, score, buf_string(&filters));

		put_row(out, &row);
		row.is_total = false;
		for (unsigned by = 0; by < BY_COUNT; by++)
			for (unsigned g = 0; g < score->groups[by]; g++) {
				row.by = score_by_name((enum score_by)by);
				row.group = score->group[by][g].name;
				row.cells = &score->group[by][g].cells;
				row.rates = &score->group[by][g].rates;
				put_row(out, &row);
			}
	}
	buf_free(&filters);
}
