/* report: scores as JUnit XML, as services of continuous integration read it. See report.h.
 *
 * A suite is a checker, a test a case. A wrong verdict is a failure, and no answer an error: neither may
 * pass, and a test that is skipped would.
 */
#include "column.h"
#include "quote.h"
#include "report_cases.h"

enum { FLUSH = 1 << 16 };

struct junit {
	FILE *file;
	struct buf out, text;
};

/* ` name="value"` */
static void
put_attribute(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, " %s=\"", name);
	quote_xml_attribute(out, value);
	buf_putc(out, '"');
}

static void
put_properties(struct buf *out, const struct column_row *row)
{
	buf_puts(out, "    <properties>\n");
	for (unsigned id = 0; id < COLUMN_COUNT; id++) {
		struct column_value value = column_value((enum column_id)id, row);

		if (column_of((enum column_id)id)->part != PART_KEY || value.type != VALUE_WORD || id == COLUMN_BY ||
		    id == COLUMN_GROUP)
			continue;
		buf_puts(out, "      <property");
		put_attribute(out, "name", column_of((enum column_id)id)->name);
		put_attribute(out, "value", value.word);
		buf_puts(out, "/>\n");
	}
	buf_puts(out, "    </properties>\n");
}

/* <failure> or <error>, with all that is needed to look into it. */
static void
put_wrong(struct junit *junit, const struct report_case *at)
{
	const char *element = at->mistake == MISTAKE_SILENCE ? "error" : "failure";
	struct buf *out = &junit->out, *text = &junit->text;

	buf_printf(out, "      <%s", element);
	put_attribute(out, "type",
	              at->mistake == MISTAKE_SILENCE ? answer_name((enum answer_state)at->answer->state[0])
	                                             : mistake_word(at->mistake));
	buf_clear(text);
	buf_puts(text, "expected ");
	report_expected(text, at);
	buf_puts(text, "; answered ");
	report_said(text, at);
	put_attribute(out, "message", buf_string(text));
	buf_putc(out, '>');
	buf_clear(text);
	buf_printf(text, "rule %s, role %s: %s\n%s\nlockdrill show %s", at->of->rule, at->of->role,
	           at->of->sequence, at->place.file, at->of->id);
	report_message(text, at, "\nthe checker said: ");
	buf_putc(text, '\n');
	quote_xml(out, buf_string(text));
	buf_printf(out, "</%s>\n", element);
}

static void
put_case(void *context, const struct report_case *at)
{
	struct junit *junit = context;
	struct buf *out = &junit->out, *text = &junit->text;

	buf_puts(out, "    <testcase");
	buf_clear(text);
	buf_printf(text, "%s.%s.%s", at->checker->name, at->of->rule, at->of->role);
	put_attribute(out, "classname", buf_string(text));
	buf_clear(text);
	buf_printf(text, "%s %s", at->of->id, at->of->ladder);
	put_attribute(out, "name", buf_string(text));
	if (at->answer->seconds > 0)
		buf_printf(out, " time=\"%.6f\"", at->answer->seconds);
	if (mistake_spares_verdict(at->mistake)) {
		buf_puts(out, "/>\n");
	} else {
		buf_puts(out, ">\n");
		put_wrong(junit, at);
		buf_puts(out, "    </testcase>\n");
	}
	report_flush(junit->file, out, FLUSH);
}

static void
put_totals(struct buf *out, unsigned tests, unsigned failures, unsigned errors)
{
	buf_printf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\"", tests, failures, errors);
}

static bool
put_suite(struct junit *junit, struct store *store, const struct report *report, unsigned checker,
          struct diag *diag)
{
	const struct score *score = &report->score[checker];
	const struct cells *cells = &score->total[report->options->view];
	struct buf *out = &junit->out, filters = {0};
	struct column_row row;
	bool ok;

	report_filters(&filters, report->stored);
	row = column_total(report, score, buf_string(&filters));
	buf_puts(out, "  <testsuite");
	put_attribute(out, "name", score->checker->name);
	put_totals(out, cells_cases(cells), cells->fn + cells->fp, cells_no_answer(cells));
	buf_puts(out, " skipped=\"0\">\n");
	put_properties(out, &row);
	ok = report_each_case(store, report, checker, put_case, junit, diag);
	buf_puts(out, "  </testsuite>\n");
	buf_free(&filters);
	return ok;
}

bool
report_junit(FILE *file, struct store *store, const struct report *report, struct diag *diag)
{
	struct junit junit = {.file = file};
	unsigned tests = 0, failures = 0, errors = 0;
	bool ok = true;

	for (unsigned i = 0; i < report->stored->checkers; i++) {
		const struct cells *cells = &report->score[i].total[report->options->view];

		tests += cells_cases(cells);
		failures += cells->fn + cells->fp;
		errors += cells_no_answer(cells);
	}
	buf_puts(&junit.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"lockdrill\"");
	put_totals(&junit.out, tests, failures, errors);
	buf_puts(&junit.out, ">\n");
	for (unsigned i = 0; ok && i < report->stored->checkers; i++)
		ok = put_suite(&junit, store, report, i, diag);
	buf_puts(&junit.out, "</testsuites>\n");
	report_flush(file, &junit.out, 0);
	buf_free(&junit.out);
	buf_free(&junit.text);
	return ok;
}
