/* records: JSON lines and CSV say the same in two ways; what is missing is not-run, what is unknown, twice or
 * contrary is refused at its line; the schema knows the words that are read. */
#include "import_cases.h"

#include <jansson.h>

#include "../../checker/test/schema.h"
#include "records.h"

static struct import import;
static struct diag diag;

static void
begin(void)
{
	place_cases(&import);
}

static void
end(void)
{
	import_free(&import);
}

TestSuite(records, .init = begin, .fini = end);

/* Reads one file into a fresh import; in JSON lines ' stands for ". */
static bool
read_text(bool csv, const char *text)
{
	char *copy = strdup(text);
	bool ok;

	import_free(&import);
	place_cases(&import);
	for (char *at = copy; !csv && *at; at++)
		if (*at == '\'')
			*at = '"';
	diag = (struct diag){.message = ""};
	ok = (csv ? records_read_csv : records_read_json)(&import, csv ? "x.csv" : "x.jsonl", copy, strlen(copy),
	                                                  &diag);
	free(copy);
	return ok;
}

static void
expect_states(bool csv, const char *text, const char *states)
{
	cr_expect(read_text(csv, text), "%s: %u: %s", text, diag.line, diag.message);
	cr_expect_str_eq(states_of(&import), states, "%s: %s", text, states_of(&import));
}

struct refusal {
	const char *text;
	unsigned line;
	const char *message; /* its beginning */
};

static void
expect_refusals(bool csv, const struct refusal *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		cr_expect(!read_text(csv, rows[i].text), "%s", rows[i].text);
		cr_expect_eq(diag.line, rows[i].line, "%s: line %u", rows[i].text, diag.line);
		cr_expect(!strncmp(diag.message, rows[i].message, strlen(rows[i].message)), "%s: %s", rows[i].text,
		          diag.message);
	}
}

Test(records, both_forms_say_the_same)
{
	static const char *const texts[] = {
		"{'file':'cases/000000000.c','verdict':'pass','seconds':0.5,'memory':4096}\n"
		"{'id':'d','verdict':'violation','message':'held\\nand, again',"
		"'findings':[{'kind':'double-acquire','line':14},{'line':13}]}\n"
		"{'file':'000000001.c','verdict':'violation','findings':[{'kind':null,'line':3,'in_helpers':true}],"
		"'seconds':2}\n"
		"{'id':'e','file':'/w/cases/000000004.c','verdict':'timeout','seconds':1e1,'message':'at step 3'}\n",
		"memory,file,id,seconds,verdict,in_helpers,line,kind,message\n"
		"4096,cases/000000000.c,,0.5,pass,,,,\n"
		",,d,,violation,,14,double-acquire,held\n"
		",,d,,violation,false,13,,\"and, again\"\n"
		",000000001.c,,2,violation,true,3,,\n"
		",/w/cases/000000004.c,e,1e1,timeout,,,,at step 3\n",
	};

	for (unsigned csv = 0; csv < 2; csv++) {
		expect_states(csv, texts[csv], "pv.vt");
		cr_expect_str_eq(findings_of(&import, 3), "double-acquire 2, - 1");
		cr_expect_str_eq(findings_of(&import, 1), "- +2");
		cr_expect_eq(import.of[0].seconds, 0.5);
		cr_expect_eq(import.of[0].memory, 4096);
		cr_expect_eq(import.of[4].seconds, 10);
		cr_expect_eq(import.of[3].seconds, 0);
		cr_expect_str_eq(message_of(&import, 3), "held\nand, again");
		cr_expect_str_eq(message_of(&import, 4), "at step 3");
		cr_expect_str_eq(message_of(&import, 1), "");
	}
}

Test(records, every_state_can_be_said)
{
	for (unsigned state = 0; state < ANSWER_COUNT; state++)
		for (unsigned csv = 0; csv < 2; csv++) {
			struct buf text = {0};

			buf_printf(&text, csv ? "id,verdict\nb,%s\n" : "{'id':'b','verdict':'%s'}",
			           answer_name((enum answer_state)state));
			cr_expect(read_text(csv, text.data), "%s", diag.message);
			cr_expect_eq(import.of[1].state, state);
			buf_free(&text);
		}
}

Test(records, findings_may_lack_line_and_kind)
{
	expect_states(false, "{'id':'a','verdict':'violation'}", "v....");
	cr_expect_str_eq(findings_of(&import, 0), "");
	expect_states(false, "{'id':'a','verdict':'violation','findings':[{}]}", "v....");
	cr_expect_str_eq(findings_of(&import, 0), "- 0");
	expect_states(true, "id,verdict,kind,line\na,violation,,\n", "v....");
	cr_expect_str_eq(findings_of(&import, 0), "");
	expect_states(true, "id,verdict,kind,line\na,violation,missing-release,\n", "v....");
	cr_expect_str_eq(findings_of(&import, 0), "missing-release 0");
	/* a line of no body */
	expect_states(false, "{'id':'a','verdict':'violation','findings':[{'kind':'double-acquire','line':99}]}",
	              "v....");
	cr_expect_str_eq(findings_of(&import, 0), "double-acquire 0");
	/* a second part in the same file */
	expect_states(false, "{'id':'e','verdict':'violation','findings':[{'line':16}]}", "....v");
	cr_expect_str_eq(findings_of(&import, 4), "- +2");
}

Test(records, lines_end_as_they_will)
{
	expect_states(false, "\xef\xbb\xbf{'id':'a','verdict':'pass'}\r\n\r\n \n{'id':'b','verdict':'pass'}",
	              "pp...");
	expect_states(true, "\xef\xbb\xbfid,verdict\r\n\r\na,pass\r\nb,pass", "pp...");
	expect_states(true, "\n\"id\",\"verdict\"\n\"a\",\"pass\"\n\nb,\"pass\"\n", "pp...");
}

Test(records, quoted_fields_hold_anything)
{
	static const struct refusal rows[] = {
		{"file,verdict\n\"a,\"\"b\"\"\r\n\nc\",pass\nx,pass\n", 2, "the manifest has no file 'a,\"b\"   c'"},
		{"file,verdict\n000000000.c,\"pass\n\"\n", 2, "verdict 'pass ' is none of: pass violation unknown"},
		{"file,verdict\n\"000000000.c\n\n\",pass\n", 2, "the manifest has no file"},
		{"id,\"verdict\"\n\na,pass\n\"b\",\"pass\"x\n", 4, "text behind a quoted field"},
		{"id,verdict\na,pass\nb,\"pass\n\n\n", 3, "a quoted field does not end"},
		{"id,verdict\na,pa\"ss\n", 2, "a quote inside a field that is not quoted"},
		{"file,\"verdict\"\n\"000000000.c\",\"\"\"\"\n", 2, "verdict '\"' is none of: pass"},
		{"id,verdict\na,pass\rb,pass\n", 2, "a carriage return that ends no line"},
	};

	expect_refusals(true, rows, sizeof rows / sizeof *rows);
}

Test(records, what_is_wrong_in_json_lines_is_told_with_its_line)
{
	static const struct refusal rows[] = {
		{"", 0, "empty: no records"},
		{"\n \r\n", 2, "empty: no records"},
		{"{'id':'a','verdict':'pass'}\n{'id':'b','verd", 2, "premature end of input near '\"verd'"},
		{"\n[]", 2, "expected an object"},
		{"{'id':'a'}", 1, "it has no verdict"},
		{"{'verdict':'pass'}", 1, "neither a file nor an id says which case it is"},
		{"{'id':'a','verdict':'ok'}", 1, "verdict 'ok' is none of: pass violation"},
		{"{'id':'a','verdict':1}", 1, "/verdict: a value of another type is expected"},
		{"{'id':'a','verdict':'pass','lines':[]}", 1, "/lines: there is no such property"},
		{"{'id':'a','id':'a','verdict':'pass'}", 1, "duplicate object key near"},
		{"{'id':'f','verdict':'pass'}", 1, "the manifest has no case with id 'f'"},
		{"{'file':'f.c','verdict':'pass'}", 1, "the manifest has no file 'f.c'"},
		{"{'file':'000000002.c','verdict':'pass'}", 1, "'000000002.c' holds 2 cases: give the id"},
		{"{'file':'000000001-helpers.c','verdict':'pass'}", 1, "'000000001-helpers.c' is a second file"},
		{"{'file':'000000000.c','id':'b','verdict':'pass'}", 1,
	     "case b stands in cases/000000001.c, not in '000000000.c'"},
		{"{'id':'a','verdict':'pass'}\n{'id':'a','verdict':'pass'}", 2,
	     "case a has an answer already at line 1 of x.jsonl"},
		{"{'id':'a','verdict':'pass'}\n{'file':'000000000.c','verdict':'crash'}", 2,
	     "case a has another answer at line 1 of x.jsonl"},
		{"{'id':'a','verdict':'pass','findings':[{'line':3}]}", 1, "pass with a finding"},
		{"{'id':'a','verdict':'unknown','findings':[{}]}", 1, "unknown with a finding"},
		{"{'id':'a','verdict':'violation','findings':[{},{'line':0}]}", 1,
	     "/findings/1/line: lines count from 1"},
		{"{'id':'a','verdict':'violation','findings':[{'line':1.5}]}", 1,
	     "/findings/0/line: a value of another type"},
		{"{'id':'a','verdict':'violation','findings':[{'line':99999999999}]}", 1,
	     "/findings/0/line: lines count from 1"},
		{"{'id':'a','verdict':'violation','findings':[{'kind':'leak'}]}", 1, "there is no kind 'leak'"},
		{"{'id':'a','verdict':'violation','findings':[{'column':1}]}", 1,
	     "/findings/0/column: there is no such property"},
		{"{'id':'a','verdict':'violation','findings':[3]}", 1, "/findings/0: expected an object"},
		{"{'id':'a','verdict':'violation','findings':[{'in_helpers':true}]}", 1, "case a has no second file"},
		{"{'id':'c','verdict':'violation','findings':[{'line':13}]}", 1,
	     "line 13 belongs to case d, not to c"},
		{"{'id':'a','verdict':'pass','seconds':-1}", 1, "/seconds: less than nothing"},
		{"{'id':'a','verdict':'pass','memory':-1}", 1, "/memory: less than nothing"},
		{"{'id':'a','verdict':'pass','memory':1.5}", 1, "/memory: a value of another type"},
		{"{'id':'a','verdict':'pass','memory':9007199254740993}", 1, "/memory: more than can be"},
	};

	expect_refusals(false, rows, sizeof rows / sizeof *rows);
	expect_states(false, "{'id':'a','verdict':'pass','findings':[],'seconds':null,'memory':null,'file':null}",
	              "p....");
}

Test(records, what_is_wrong_in_csv_is_told_with_its_line)
{
	static const struct refusal rows[] = {
		{"", 1, "empty: no records"},
		{"id,verdict\n", 2, "empty: no records"},
		{"a,pass\n", 1, "there is no column 'a'"},
		{"id\na\n", 1, "the first row names the columns"},
		{"verdict\npass\n", 1, "the first row names the columns"},
		{"id,verdict,colour\na,pass,red\n", 1, "there is no column 'colour'"},
		{"id,verdict,id\na,pass,a\n", 1, "column 'id' is there twice"},
		{"id,verdict,kind,line,in_helpers,seconds,memory,file,message,\n", 1, "more than 9 columns"},
		{"id,verdict\na\n", 2, "1 fields, where the first row has 2"},
		{"id,verdict\na,pass,\n", 2, "3 fields, where the first row has 2"},
		{"id,verdict\na,\n", 2, "it has no verdict"},
		{"id,verdict\n,pass\n", 2, "neither a file nor an id"},
		{"id,verdict\na,pass\n\na,crash\n", 4, "case a has another answer at line 2 of x.csv"},
		{"id,verdict,line\na,pass,3\n", 2, "pass with a finding"},
		{"id,verdict,line\na,violation,0\n", 2, "line 0: lines count from 1"},
		{"id,verdict,line\na,violation,-3\n", 2, "line '-3' is no number that can be"},
		{"id,verdict,line\na,violation,3x\n", 2, "line '3x' is no number that can be"},
		{"id,verdict,line\na,violation,4294967297\n", 2, "line '4294967297' is no number that can be"},
		{"id,verdict,line\na,violation,99999999999999999999999\n", 2, "line '9999"},
		{"id,verdict,kind\na,violation,leak\n", 2, "there is no kind 'leak'"},
		{"id,verdict,in_helpers\na,violation,yes\n", 2, "in_helpers 'yes' is neither true nor false"},
		{"id,verdict,seconds\na,pass,inf\n", 2, "seconds 'inf' is no time"},
		{"id,verdict,seconds\na,pass,1e999\n", 2, "seconds '1e999' is no time"},
		{"id,verdict,seconds\na,pass,-1\n", 2, "seconds '-1' is no time"},
		{"id,verdict,seconds\na,pass,0x1\n", 2, "seconds '0x1' is no time"},
		{"id,verdict,memory\na,pass,1.5\n", 2, "memory '1.5' is no number that can be"},
	};

	expect_refusals(true, rows, sizeof rows / sizeof *rows);
	import_free(&import);
	place_cases(&import);
	cr_expect(!records_read_csv(&import, "x", "id,verdict\na,pa\0s\n", 18, &diag));
	cr_expect_str_eq(diag.message, "a NUL byte");
}

/* In two files as in one. */
Test(records, a_case_is_answered_by_one_file)
{
	static const char one[] = "id,verdict,line\na,violation,3\na,violation,4\n",
					  two[] = "id,verdict\na,violation\n";

	cr_assert(records_read_csv(&import, "1.csv", one, sizeof one - 1, &diag), "%s", diag.message);
	cr_expect_str_eq(findings_of(&import, 0), "- 1, - 2");
	cr_assert(!records_read_csv(&import, "2.csv", two, sizeof two - 1, &diag));
	cr_expect_str_eq(diag.message, "case a has an answer already at line 2 of 1.csv");
}

/* The schema */

static void
expect_words(const json_t *list, const char *(*name)(unsigned), unsigned count, bool null)
{
	cr_assert_eq(json_array_size(list), count + null);
	for (unsigned i = 0; i < count; i++)
		cr_expect_str_eq(json_string_value(json_array_get(list, i)), name(i));
	cr_expect_eq(json_is_null(json_array_get(list, count)), null);
}

static const char *
state_name(unsigned state)
{
	return answer_name((enum answer_state)state);
}

static const char *
kind_of(unsigned kind)
{
	return kind_name((enum kind)kind);
}

/* What the schema allows is read, and what it does not is refused: nothing here names an unknown case. */
Test(records, the_schema_allows_what_is_read_and_nothing_else)
{
	static const char *const properties[] = {
		"",
		",\"memory\":10.0",
		",\"memory\":1e3",
		",\"memory\":10.5",
		",\"memory\":-0.0",
		",\"memory\":-1.0",
		",\"memory\":9007199254740992",
		",\"memory\":9007199254740994",
		",\"memory\":1e300",
		",\"memory\":\"10\"",
		",\"memory\":null",
		",\"seconds\":1",
		",\"seconds\":-1e-9",
		",\"seconds\":true",
		",\"findings\":null",
		",\"findings\":{}",
		",\"findings\":[null]",
		",\"findings\":[{}]",
		",\"findings\":[{\"line\":10.0}]",
		",\"findings\":[{\"line\":10.5}]",
		",\"findings\":[{\"line\":0.0}]",
		",\"findings\":[{\"line\":-1}]",
		",\"findings\":[{\"line\":1073741824.0}]",
		",\"findings\":[{\"line\":1073741825.0}]",
		",\"findings\":[{\"line\":\"3\"}]",
		",\"findings\":[{\"line\":null,\"kind\":null,\"in_helpers\":null}]",
		",\"findings\":[{\"in_helpers\":false}]",
		",\"findings\":[{\"in_helpers\":0}]",
		",\"findings\":[{\"kind\":\"leak\"}]",
		",\"findings\":[{\"kind\":\"double-acquire\"}]",
		",\"colour\":1",
	};
	static const char *const verdicts[] = {"violation", "pass", "ok"};
	struct schema schema;

	cr_assert(schema_load(&schema, "include/lockdrill/answers.schema.json", &diag), "%s", diag.message);
	for (size_t i = 0; i < sizeof properties / sizeof *properties * 3; i++) {
		struct buf line = {0};
		json_t *value;

		buf_printf(&line, "{\"file\":\"000000000.c\",\"verdict\":\"%s\"%s}", verdicts[i % 3],
		           properties[i / 3]);
		value = json_loadb(line.data, line.len, 0, NULL);
		cr_assert_not_null(value, "%s", line.data);
		cr_expect_eq(read_text(false, line.data), schema_valid(&schema, "#", value, NULL), "%s: %s",
		             line.data, diag.message);
		json_decref(value);
		buf_free(&line);
	}
	schema_free(&schema);
}

Test(records, the_schema_knows_what_is_read)
{
	static const char *const keys[] = {"file", "id", "verdict", "message", "findings", "seconds", "memory"};
	json_error_t error;
	json_t *schema = json_load_file("include/lockdrill/answers.schema.json", JSON_REJECT_DUPLICATES, &error);
	const json_t *properties, *finding;

	cr_assert_not_null(schema, "%s (run the tests where the Makefile is)", error.text);
	properties = json_object_get(schema, "properties");
	cr_expect_eq(json_object_size(properties), sizeof keys / sizeof *keys);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		cr_expect_not_null(json_object_get(properties, keys[i]), "%s", keys[i]);
	expect_words(json_object_get(json_object_get(properties, "verdict"), "enum"), state_name, ANSWER_COUNT,
	             false);
	finding =
		json_object_get(json_object_get(json_object_get(properties, "findings"), "items"), "properties");
	cr_expect_eq(json_object_size(finding), 3);
	expect_words(json_object_get(json_object_get(finding, "kind"), "enum"), kind_of, KIND_COUNT, true);
	json_decref(schema);
}
