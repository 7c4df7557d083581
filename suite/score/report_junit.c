/* report: scores as JUnit XML, as services of continuous integration read it. See report.h.
 *
 * A suite is a checker, a test a case. A wrong verdict is a failure, and no answer an error: neither may
 * pass, and a test that is skipped would.
 */
#include "report_junit.h"

#include "column.h"
#include "quote.h"

/* what reports as JUnit XML share */

void
junit_attribute(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, " %s=\"", name);
	quote_xml_attribute(out, value);
	buf_putc(out, '"');
}

static void
put_totals(struct buf *out, unsigned tests, unsigned failures, unsigned errors)
{
	buf_printf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\"", tests, failures, errors);
}

void
junit_begin(struct junit *junit, FILE *file, unsigned tests, unsigned failures, unsigned errors)
{
	*junit = (struct junit){.file = file};
	buf_puts(&junit->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"lockdrill\"");
	put_totals(&junit->out, tests, failures, errors);
	buf_puts(&junit->out, ">\n");
}

void
junit_end(struct junit *junit)
{
	buf_puts(&junit->out, "</testsuites>\n");
	report_flush(junit->file, &junit->out, 0);
	buf_free(&junit->out);
	buf_free(&junit->text);
}

void
junit_suite(struct buf *out, const char *name, unsigned tests, unsigned failures, unsigned errors,
            unsigned skipped)
{
	buf_puts(out, "  <testsuite");
	junit_attribute(out, "name", name);
	put_totals(out, tests, failures, errors);
	buf_printf(out, " skipped=\"%u\">\n", skipped);
}

/* With all that is needed to look into the case. */
static void
put_element(struct junit *junit, const struct report_case *at, const char *element, const char *type,
            const char *message)
{
	struct buf *out = &junit->out, *text = &junit->text;

	buf_printf(out, "      <%s", element);
	if (type)
		junit_attribute(out, "type", type);
	junit_attribute(out, "message", message);
	buf_putc(out, '>');
	buf_clear(text);
	buf_printf(text, "rule %s, role %s: %s\n%s\nlockdrill show %s", at->of->rule, at->of->role,
	           at->of->sequence, at->place.file, at->of->id);
	report_message(text, at, "\nthe checker said: ");
	buf_putc(text, '\n');
	quote_xml(out, buf_string(text));
	buf_printf(out, "</%s>\n", element);
}

void
junit_test(struct junit *junit, const struct report_case *at, const char *element, const char *type,
           const char *message)
{
	struct buf *out = &junit->out, *text = &junit->text;

	buf_puts(out, "    <testcase");
	buf_clear(text);
	buf_printf(text, "%s.%s.%s", at->checker->name, at->of->rule, at->of->role);
	junit_attribute(out, "classname", buf_string(text));
	buf_clear(text);
	buf_printf(text, "%s %s", at->of->id, at->of->ladder);
	junit_attribute(out, "name", buf_string(text));
	if (at->answer->seconds > 0)
		buf_printf(out, " time=\"%.6f\"", at->answer->seconds);
	if (element) {
		buf_puts(out, ">\n");
		put_element(junit, at, element, type, message);
		buf_puts(out, "    </testcase>\n");
	} else {
		buf_puts(out, "/>\n");
	}
	report_flush(junit->file, out, JUNIT_FLUSH);
}

/* scores */

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
		junit_attribute(out, "name", column_of((enum column_id)id)->name);
		junit_attribute(out, "value", value.word);
		buf_puts(out, "/>\n");
	}
	buf_puts(out, "    </properties>\n");
}

static void
put_case(void *context, const struct report_case *at)
{
	bool is_silent = at->mistake == MISTAKE_SILENCE;
	struct buf message = {0};

	if (mistake_spares_verdict(at->mistake)) {
		junit_test(context, at, NULL, NULL, NULL);
		return;
	}
	buf_puts(&message, "expected ");
	report_expected(&message, at);
	buf_puts(&message, "; answered ");
	report_said(&message, at);
	junit_test(context, at, is_silent ? "error" : "failure",
	           is_silent ? answer_name((enum answer_state)at->answer->state[0]) : mistake_word(at->mistake),
	           message.data);
	buf_free(&message);
}

static bool
put_suite(struct junit *junit, struct store *store, const struct report *report, unsigned checker,
          struct diag *diag)
{
	const struct score *score = &report->score[checker];
	const struct cells *cells = &score->total[report->options->view];
	struct buf filters = {0};
	struct column_row row;
	bool ok;

	report_filters(&filters, report->stored);
	row = column_total(report, score, buf_string(&filters));
	junit_suite(&junit->out, score->checker->name, cells_cases(cells), cells->fn + cells->fp,
	            cells_no_answer(cells), 0);
	put_properties(&junit->out, &row);
	ok = report_each_case(store, report, checker, put_case, junit, diag);
	buf_puts(&junit->out, "  </testsuite>\n");
	buf_free(&filters);
	return ok;
}

bool
report_junit(FILE *file, struct store *store, const struct report *report, struct diag *diag)
{
	unsigned tests = 0, failures = 0, errors = 0;
	struct junit junit;
	bool ok = true;

	for (unsigned i = 0; i < report->stored->checkers; i++) {
		const struct cells *cells = &report->score[i].total[report->options->view];

		tests += cells_cases(cells);
		failures += cells->fn + cells->fp;
		errors += cells_no_answer(cells);
	}
	junit_begin(&junit, file, tests, failures, errors);
	for (unsigned i = 0; ok && i < report->stored->checkers; i++)
		ok = put_suite(&junit, store, report, i, diag);
	junit_end(&junit);
	return ok;
}
