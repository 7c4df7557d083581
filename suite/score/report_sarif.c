/* report: wrong and missing answers as SARIF 2.1.0, for viewers of code and for services that show findings
 * beside it. See report.h.
 *
 * A run is a checker, a result one of its mistakes, in the case's file as `lockdrill gen` writes it: where
 * the finding is that was missed, or where a correct line was reported. That a run is worth nothing is a
 * notification of it. Written by hand as it streams; section numbers are those of the standard.
 */
#include "column.h"
#include "line.h"
#include "quote.h"
#include "report_cases.h"
#include "version.h"

enum { FLUSH = 1 << 16 };

struct sarif {
	FILE *file;
	struct buf out, text, message;
	bool has_results;
};

static const char *
level_of(enum mistake mistake)
{
	return mistake_spares_verdict(mistake) ? "note" : mistake == MISTAKE_SILENCE ? "warning" : "error";
}

/* `"key": "value"` */
static void
put_pair(struct buf *out, const char *key, const char *value)
{
	quote_json(out, key);
	buf_puts(out, ": ");
	quote_json(out, value);
}

/* A message's text: braces would be placeholders (3.11.5). */
static void
put_message(struct sarif *sarif, const char *text)
{
	buf_clear(&sarif->message);
	for (; *text; text++) {
		if (*text == '{' || *text == '}')
			buf_putc(&sarif->message, *text);
		buf_putc(&sarif->message, *text);
	}
	put_pair(&sarif->out, "text", buf_string(&sarif->message));
}

static void
put_rules(struct buf *out)
{
	for (unsigned i = 0; i < MISTAKE_COUNT; i++) {
		buf_puts(out, i ? ",\n" : "\n");
		buf_puts(out, "            {");
		put_pair(out, "id", mistake_word((enum mistake)i));
		buf_puts(out, ", \"shortDescription\": {");
		put_pair(out, "text", mistake_meaning((enum mistake)i));
		buf_puts(out, "}, \"defaultConfiguration\": {");
		put_pair(out, "level", level_of((enum mistake)i));
		buf_puts(out, "}}");
	}
}

/* Why a run is worth nothing, or not all of it there (3.20.14, 3.20.21). */
static void
put_invocation(struct sarif *sarif, const struct stored_checker *checker)
{
	struct buf *out = &sarif->out;
	const char *why = checker->why_not ? checker->why_not : "the run was broken off: lockdrill run --resume";
	bool is_fine = checker->finished && !checker->why_not;

	buf_printf(out, "      \"invocations\": [{\"executionSuccessful\": %s", is_fine ? "true" : "false");
	if (!is_fine) {
		buf_puts(out, ", \"toolExecutionNotifications\": [{\"level\": \"error\", \"message\": {");
		put_message(sarif, why);
		buf_puts(out, "}}]");
	}
	buf_puts(out, "}],\n");
}

static void
put_properties(struct buf *out, const struct column_row *row)
{
	bool first = true;

	buf_puts(out, "      \"properties\": {");
	for (unsigned id = 0; id < COLUMN_COUNT; id++) {
		struct column_value value = column_value((enum column_id)id, row);

		if (column_of((enum column_id)id)->part != PART_KEY || value.type != VALUE_WORD || id == COLUMN_BY ||
		    id == COLUMN_GROUP)
			continue;
		if (!first)
			buf_puts(out, ", ");
		first = false;
		put_pair(out, column_of((enum column_id)id)->name, value.word);
	}
	buf_puts(out, "},\n");
}

/* A line of the body; 0 where no line is to be shown. */
static uint32_t
line_of(const struct report_case *at)
{
	const struct stored_answer *answer = at->answer;

	if (at->expected->findings)
		return at->expected->finding[0].line;
	return at->mistake == MISTAKE_ALARM && answer->findings ? answer->finding[0].line : 0;
}

static void
put_location(struct buf *out, const struct report_case *at)
{
	uint32_t line = line_of(at), in_file = place_line(&at->place, line);

	buf_puts(out, "\"locations\": [{\"physicalLocation\": {\"artifactLocation\": {");
	put_pair(out, "uri", place_file(&at->place, line));
	buf_puts(out, ", \"uriBaseId\": \"DIR\"}");
	if (in_file)
		buf_printf(out, ", \"region\": {\"startLine\": %u}", in_file);
	buf_puts(out, "}}]");
}

static void
put_case(void *context, const struct report_case *at)
{
	struct sarif *sarif = context;
	struct buf *out = &sarif->out, *text = &sarif->text;

	if (at->mistake == MISTAKE_COUNT)
		return;
	buf_puts(out, sarif->has_results ? ",\n        {" : "\n        {");
	sarif->has_results = true;
	put_pair(out, "ruleId", mistake_word(at->mistake));
	buf_printf(out, ", \"ruleIndex\": %u, ", at->mistake);
	put_pair(out, "level", level_of(at->mistake));
	buf_clear(text);
	buf_printf(text, "%s: expected ", at->checker->name);
	report_expected(text, at);
	buf_puts(text, "; answered ");
	report_said(text, at);
	buf_printf(text, ". Case: lockdrill show %s", at->of->id);
	report_message(text, at, ". The checker said: ");
	buf_puts(out, ", \"message\": {");
	put_message(sarif, buf_string(text));
	buf_puts(out, "}, ");
	put_location(out, at);
	buf_puts(out, ", \"partialFingerprints\": {");
	put_pair(out, "lockdrillCase/v1", at->of->id);
	buf_puts(out, "}, \"properties\": {");
	put_pair(out, "rule", at->of->rule);
	buf_puts(out, ", ");
	put_pair(out, "role", at->of->role);
	buf_puts(out, ", ");
	put_pair(out, "sequence", at->of->sequence);
	buf_puts(out, "}}");
	report_flush(sarif->file, out, FLUSH);
}

static bool
put_run(struct sarif *sarif, struct store *store, const struct report *report, unsigned checker,
        struct diag *diag)
{
	const struct score *score = &report->score[checker];
	struct buf *out = &sarif->out, filters = {0}, text = {0};
	struct column_row row;
	bool ok;

	report_filters(&filters, report->stored);
	row = column_total(report, score, buf_string(&filters));
	buf_puts(out, "    {\n      \"tool\": {\"driver\": {\"name\": \"lockdrill\", ");
	put_pair(out, "version", LOCKDRILL_VERSION);
	buf_puts(out, ", \"rules\": [");
	put_rules(out);
	buf_puts(out, "\n          ]}},\n      \"automationDetails\": {");
	buf_printf(&text, "lockdrill/%s/%s/", report->stored->level, score->checker->name);
	put_pair(out, "id", buf_string(&text));
	buf_clear(&text);
	buf_printf(&text, "what `lockdrill gen --level %s --out DIR` writes", report->stored->level);
	buf_puts(out, "},\n      \"originalUriBaseIds\": {\"DIR\": {\"description\": {");
	put_pair(out, "text", buf_string(&text));
	buf_puts(out, "}}},\n      \"columnKind\": \"utf16CodeUnits\",\n");
	put_invocation(sarif, score->checker);
	put_properties(out, &row);
	buf_puts(out, "      \"results\": [");
	sarif->has_results = false;
	ok = report_each_case(store, report, checker, put_case, sarif, diag);
	buf_puts(out, sarif->has_results ? "\n      ]\n    }" : "]\n    }");
	buf_free(&filters);
	buf_free(&text);
	return ok;
}

bool
report_sarif(FILE *file, struct store *store, const struct report *report, struct diag *diag)
{
	struct sarif sarif = {.file = file};
	bool ok = true;

	buf_puts(
		&sarif.out,
		"{\n  \"$schema\": "
		"\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json\",\n"
		"  \"version\": \"2.1.0\",\n  \"runs\": [\n");
	for (unsigned i = 0; ok && i < report->stored->checkers; i++) {
		buf_puts(&sarif.out, i ? ",\n" : "");
		ok = put_run(&sarif, store, report, i, diag);
	}
	buf_puts(&sarif.out, "\n  ]\n}\n");
	report_flush(file, &sarif.out, 0);
	buf_free(&sarif.out);
	buf_free(&sarif.text);
	buf_free(&sarif.message);
	return ok;
}
