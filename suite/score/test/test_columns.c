/* columns: CSV and Markdown of handmade scores, read back field by field; and that the manual describes every
 * column, and every key of the schemas, as the table has them. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "../column.h"
#include "../quote.h"

enum { CHECKERS = 2, FIELDS_MOST = 128, LINES_MOST = 64, MANUAL_MOST = 1 << 20 };

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(columns, .fini = end);

/* Four pairs under one rule. The first checker reports all violations and one correct case, and has no answer
 * to another; the second is not here, and its name and why need quoting. */
static const struct report *
make_report(void)
{
	static struct stored_checker checkers[CHECKERS] = {
		{.name = "one", .version = "1.0", .containment = "none", .repeats = 1, .finished = true},
		{.name = "t|wo", .version = "", .containment = "none", .repeats = 1, .why_not = "\"no\", it\nsaid"}};
	static struct stored stored = {.level = "by-hand",
	                               .suite = "0",
	                               .cases = 8,
	                               .all = 8,
	                               .families = 4,
	                               .checkers = CHECKERS,
	                               .checker = checkers};
	static const struct score_options options = {.view = VIEW_HEADLINE};
	static struct report report = {.stored = &stored, .options = &options};
	static const char answers[] = "vpvpvvvt";
	struct scorer *scorer = score_begin(&stored, &options, &arena);

	for (unsigned i = 0; i < 8; i += 2) {
		struct stored_finding expected = {.kind = KIND_DOUBLE_ACQUIRE, .line = 3, .lines = ""};
		struct answer_finding said = {.kind = KIND_DOUBLE_ACQUIRE, .line = 4};
		uint8_t state[2][2] = {{ANSWER_NOT_RUN, ANSWER_NOT_RUN}, {ANSWER_NOT_RUN, ANSWER_NOT_RUN}};
		struct stored_answer answer[2][CHECKERS] = {{{.state = &state[0][0]}, {.state = &state[0][1]}},
		                                            {{.state = &state[1][0]}, {.state = &state[1][1]}}};
		struct stored_pair pair = {.cases = 2, .answer = {answer[0], answer[1]}};

		for (unsigned half = 0; half < 2; half++) {
			char letter = answers[i + half];

			pair.of[half] = (struct stored_case){.id = half ? "b" : "a",
			                                     .rule = "One",
			                                     .ladder = "straight",
			                                     .sequence = "",
			                                     .number = i + half,
			                                     .twin = i + !half,
			                                     .family = i,
			                                     .shapes = "{\"call\":\"inline\"}",
			                                     .readings = 1};
			pair.of[half].reading[0] =
				(struct stored_reading){.name = "alternate",
			                            .outcome = half ? OUTCOME_PASS : OUTCOME_VIOLATION,
			                            .findings = !half,
			                            .finding = &expected};
			state[half][0] = letter == 'v' ? ANSWER_VIOLATION : letter == 'p' ? ANSWER_PASS : ANSWER_TIMEOUT;
			answer[half][0].findings = letter == 'v';
			answer[half][0].finding = &said;
		}
		score_add(scorer, &pair);
	}
	report.score = score_end(scorer);
	return &report;
}

/* Reads CSV into fields; the number of lines. */
static unsigned
read_csv(const char *text, const char *field[LINES_MOST][FIELDS_MOST], unsigned fields[LINES_MOST])
{
	unsigned lines = 0;

	while (*text) {
		fields[lines] = 0;
		for (;;) {
			struct buf value = {0};
			bool quoted = *text == '"';

			for (text += quoted; *text && (quoted || !strchr(",\n", *text)); text++) {
				if (quoted && *text == '"' && *++text != '"')
					break;
				buf_putc(&value, *text);
			}
			cr_assert(*text == ',' || *text == '\n', "line %u: %s", lines + 1, text);
			field[lines][fields[lines]++] = arena_string(&arena, buf_string(&value));
			buf_free(&value);
			if (*text++ == '\n')
				break;
		}
		lines++;
	}
	return lines;
}

static const char *
field_of(const char *field[LINES_MOST][FIELDS_MOST], const unsigned *fields, unsigned line, const char *name)
{
	for (unsigned i = 0; i < fields[0]; i++)
		if (!strcmp(field[0][i], name))
			return field[line][i];
	cr_assert_fail("no column %s", name);
	return NULL;
}

Test(columns, csv_has_the_counts_and_rates_worked_out_by_hand)
{
	static const struct {
		const char *name, *one, *two;
	} expected[] = {
		{"suite", "0", "0"},
		{"level", "by-hand", "by-hand"},
		{"filters", "none", "none"},
		{"view", "headline", "headline"},
		{"checker", "one", "t|wo"},
		{"version", "1.0", ""},
		{"why_not", "", "\"no\", it\nsaid"},
		{"finished", "true", "false"},
		{"by", "total", "total"},
		{"group", "all", "all"},
		{"cases", "8", "8"},
		{"violations", "4", "4"},
		{"tp", "4", "0"},
		{"fn", "0", "0"},
		{"fp", "1", "0"},
		{"tn", "2", "0"},
		{"unanswered", "1", "8"},
		{"unanswered_violations", "0", "4"},
		{"timeout", "1", "0"},
		{"not_run", "0", "8"},
		{"pairs_right", "2", "0"},
		{"answered", "0.875", ""},
		{"answered_low", "0.529111818", ""},
		{"recall", "1", ""},
		{"false_alarm_rate", "0.25", ""},
		{"youden_j", "0.75", ""},
		{"discrimination", "0.5", ""},
		{"right_kind", "1", ""},
		{"right_line", "0", ""},
		{"precision", "0.8", ""},
		{"answered_false_alarm_rate", "0.333333333", ""},
		{"svcomp_points", "-8", ""}, /* 2 * 2 + 4 - 16 */
		{"families", "4", "4"},
		{"seconds_median", "", ""},
	};
	static const char *field[LINES_MOST][FIELDS_MOST];
	unsigned fields[LINES_MOST], lines;
	struct buf out = {0};

	report_csv(&out, make_report());
	lines = read_csv(buf_string(&out), field, fields);
	cr_assert_eq(lines, 1 + 2 * 8, "%u lines", lines); /* all, rule, kind, step, shape, extent */
	for (unsigned line = 0; line < lines; line++)
		cr_assert_eq(fields[line], fields[0], "line %u", line + 1);
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		const char *one = field_of(field, fields, 1, expected[i].name);
		const char *two = field_of(field, fields, 9, expected[i].name);

		cr_expect_str_eq(one, expected[i].one, "%s: %s", expected[i].name, one);
		cr_expect_str_eq(two, expected[i].two, "%s: %s", expected[i].name, two);
	}
	cr_expect_str_eq(field_of(field, fields, 2, "by"), "rules");
	cr_expect_str_eq(field_of(field, fields, 2, "group"), "One");
	cr_expect_str_eq(field_of(field, fields, 2, "families"), "");
	cr_expect_str_eq(field_of(field, fields, 5, "group"), "call=inline");
	cr_expect_null(strstr(out.data, ",nan"));
	buf_free(&out);
}

Test(columns, of_every_row_the_counts_add_up)
{
	static const char *const parts[] = {"tp", "fn", "fp", "tn", "unanswered"};
	static const char *field[LINES_MOST][FIELDS_MOST];
	unsigned fields[LINES_MOST], lines;
	struct buf out = {0};

	report_csv(&out, make_report());
	lines = read_csv(buf_string(&out), field, fields);
	for (unsigned line = 1; line < lines; line++) {
		int sum = 0, reasons = 0;

		for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
			sum += atoi(field_of(field, fields, line, parts[i]));
		for (unsigned id = COLUMN_UNKNOWN; id <= COLUMN_NOT_RUN; id++)
			reasons += atoi(field_of(field, fields, line, column_of((enum column_id)id)->name));
		cr_expect_eq(sum, atoi(field_of(field, fields, line, "cases")), "line %u", line + 1);
		cr_expect_eq(reasons, atoi(field_of(field, fields, line, "unanswered")), "line %u", line + 1);
	}
	buf_free(&out);
}

Test(columns, markdown_is_a_table_that_no_name_breaks)
{
	struct buf out = {0};

	report_markdown(&out, make_report(), false, &arena);
	cr_expect(strstr(buf_string(&out), "\n|---|---|---:|"), "%s", buf_string(&out));
	cr_expect(strstr(buf_string(&out), "\n| one | 1.0 | 0.875 | 1.000 | 0.250 | 0.750 | ["), "%s", out.data);
	cr_expect(strstr(buf_string(&out), "\n| t\\|wo | - | - | - | - | - | - | - | - | - |\n"), "%s", out.data);
	cr_expect(
		strstr(buf_string(&out), "\n- no answer from t\\|wo to 4 violations, 4 correct cases: not-run 8\n"),
		"%s", out.data);
	buf_clear(&out);
	report_markdown_by(&out, make_report(), BY_RULE, &arena);
	cr_expect(strstr(buf_string(&out), "\n| One | 8 | 0.750 | - |\n"), "%s", out.data);
	buf_clear(&out);
	report_markdown(&out, make_report(), true, &arena);
	cr_expect(strstr(buf_string(&out), "\n| one | 4 | 0 | 1 | 2 | 1 | 0.875 | 1.000 |"), "%s", out.data);
	buf_free(&out);
}

static void
quoted(void (*quote)(struct buf *, const char *), const char *text, const char *expected)
{
	struct buf out = {0};

	quote(&out, text);
	cr_expect_str_eq(buf_string(&out), expected, "%s: %s", text, buf_string(&out));
	buf_free(&out);
}

#define REPLACED "\xef\xbf\xbd"

Test(columns, any_text_is_quoted)
{
	static const char *const bad[] = {"\xff",         "\xc0\xaf",     "\xe0\x80\xaf",     "\xed\xa0\x80",
	                                  "\xf0\x80\x80", "\xf5\x80\x80", "\xf4\x90\x80\x80", "\xe2\x82"};

	quoted(quote_csv, "plain", "plain");
	quoted(quote_csv, "a,b", "\"a,b\"");
	quoted(quote_csv, "a \"b\"", "\"a \"\"b\"\"\"");
	quoted(quote_csv, "a\nb", "\"a\nb\"");
	quoted(quote_csv, " a", "\" a\"");
	quoted(quote_csv, "a ", "\"a \"");
	quoted(quote_markdown, "a|b `c` *d* <e>\nf", "a\\|b \\`c\\` \\*d\\* \\<e\\> f");
	quoted(quote_markdown, "\x01", REPLACED);
	quoted(quote_xml, "<a b=\"c\">&\n", "&lt;a b=&quot;c&quot;&gt;&amp;\n");
	quoted(quote_xml, "a\x01\x7f", "a" REPLACED "\x7f");
	quoted(quote_xml, "\xef\xbf\xbf\xef\xbf\xbe", REPLACED REPLACED);
	quoted(quote_xml_attribute, "a\n\t\r", "a&#10;&#9;&#13;");
	quoted(quote_json, "a\"\\\n\x01\xc3\xa4", "\"a\\\"\\\\\\n\\u0001\xc3\xa4\"");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct buf out = {0};

		quote_xml(&out, bad[i]);
		cr_expect(!strncmp(buf_string(&out), REPLACED, 3), "%zu", i);
		cr_expect(!strchr(buf_string(&out), bad[i][0]) || bad[i][0] == '\xef');
		buf_free(&out);
	}
}

/* the manual */

static void
read_manual(struct buf *manual)
{
	cr_assert(buf_read_file(manual, "suite/manual/results.md", MANUAL_MOST));
}

Test(columns, the_manual_describes_every_column_of_csv)
{
	struct buf manual = {0}, line = {0};

	read_manual(&manual);
	for (unsigned id = 0; id < COLUMN_COUNT; id++) {
		const struct column *column = column_of((enum column_id)id);

		buf_clear(&line);
		buf_printf(&line, "\n| `%s` | %s%s | %s |\n", column->name, column_unit_word(column->unit),
		           column->part == PART_RATE ? ", interval" : "", column->meaning);
		cr_expect(strstr(buf_string(&manual), line.data), "not in the manual: %s", line.data);
	}
	buf_free(&line);
	buf_free(&manual);
}

/* Each key of `properties` anywhere in a schema. */
static void
expect_keys(const char *schema, const struct buf *manual, json_t *at, unsigned *count)
{
	const char *key;
	json_t *value;

	json_object_foreach (at, key, value) {
		const char *name;
		json_t *property;

		if (!strcmp(key, "properties"))
			json_object_foreach (value, name, property) {
				struct buf quotes = {0};

				buf_printf(&quotes, "`%s`", name);
				cr_expect(strstr(buf_string(manual), quotes.data), "%s: %s is not in the manual", schema,
				          name);
				buf_free(&quotes);
				++*count;
			}
		if (json_is_object(value))
			expect_keys(schema, manual, value, count);
	}
}

Test(columns, the_manual_describes_every_key_of_json)
{
	static const char *const schemas[] = {"include/lockdrill/score.schema.json",
	                                      "include/lockdrill/compare.schema.json"};
	struct buf manual = {0};

	read_manual(&manual);
	for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++) {
		json_t *schema = json_load_file(schemas[i], 0, NULL);
		unsigned count = 0;

		cr_assert_not_null(schema, "%s", schemas[i]);
		expect_keys(schemas[i], &manual, schema, &count);
		cr_expect_gt(count, 10U);
		json_decref(schema);
	}
	buf_free(&manual);
}
