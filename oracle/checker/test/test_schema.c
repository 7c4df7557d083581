/* schema: each keyword says yes and no where it should, and what is not understood is refused. */
#include <criterion/criterion.h>

#include "schema.h"

struct row {
	const char *schema, *value;
	bool valid;
};

static const struct row rows[] = {
	{"{}", "[1, null]", true},
	{"true", "1", true},
	{"false", "1", false},
	{"{\"type\": \"object\"}", "{}", true},
	{"{\"type\": \"object\"}", "[]", false},
	{"{\"type\": \"integer\"}", "12", true},
	{"{\"type\": \"integer\"}", "12.0", true},
	{"{\"type\": \"integer\"}", "12.5", false},
	{"{\"type\": \"number\"}", "12", true},
	{"{\"type\": \"number\"}", "\"12\"", false},
	{"{\"type\": [\"string\", \"null\"]}", "null", true},
	{"{\"type\": [\"string\", \"null\"]}", "false", false},
	{"{\"const\": 1}", "1.0", true},
	{"{\"const\": 1}", "true", false},
	{"{\"const\": {\"a\": [1]}}", "{\"a\": [1]}", true},
	{"{\"enum\": [\"a\", null]}", "null", true},
	{"{\"enum\": [\"a\", null]}", "\"b\"", false},
	{"{\"minimum\": 1}", "1", true},
	{"{\"minimum\": 1}", "0.5", false},
	{"{\"minimum\": 1}", "\"x\"", true},
	{"{\"maximum\": 1}", "1", true},
	{"{\"maximum\": 1}", "2", false},
	{"{\"exclusiveMinimum\": 0}", "0.1", true},
	{"{\"exclusiveMinimum\": 0}", "0", false},
	{"{\"exclusiveMaximum\": 1}", "0", true},
	{"{\"exclusiveMaximum\": 1}", "1", false},
	{"{\"minLength\": 2}", "\"ab\"", true},
	{"{\"minLength\": 2}", "\"\xc3\xa4\"", false},
	{"{\"maxLength\": 1}", "\"\xc3\xa4\"", true},
	{"{\"maxLength\": 1}", "\"ab\"", false},
	{"{\"pattern\": \"^[a-z]+$\"}", "\"abc\"", true},
	{"{\"pattern\": \"^[a-z]+$\"}", "\"abc\\n\"", false},
	{"{\"pattern\": \"b\"}", "\"abc\"", true},
	{"{\"pattern\": \"^[^\\\\x00-\\\\x1f]*$\"}", "\"a\\tb\"", false},
	{"{\"minItems\": 1}", "[1]", true},
	{"{\"minItems\": 1}", "[]", false},
	{"{\"maxItems\": 1}", "[1]", true},
	{"{\"maxItems\": 1}", "[1, 2]", false},
	{"{\"items\": {\"type\": \"string\"}}", "[\"a\"]", true},
	{"{\"items\": {\"type\": \"string\"}}", "[\"a\", 1]", false},
	{"{\"items\": false}", "[]", true},
	{"{\"contains\": {\"const\": 1}}", "[2, 1]", true},
	{"{\"contains\": {\"const\": 1}}", "[]", false},
	{"{\"contains\": {\"const\": 1}}", "{}", true},
	{"{\"required\": [\"a\"]}", "{\"a\": null}", true},
	{"{\"required\": [\"a\"]}", "{\"b\": 1}", false},
	{"{\"required\": [\"a\"]}", "[]", true},
	{"{\"properties\": {\"a\": {\"type\": \"null\"}}}", "{\"b\": 1}", true},
	{"{\"properties\": {\"a\": {\"type\": \"null\"}}}", "{\"a\": 1}", false},
	{"{\"properties\": {\"a\": true}, \"additionalProperties\": false}", "{\"a\": 1}", true},
	{"{\"properties\": {\"a\": true}, \"additionalProperties\": false}", "{\"a\": 1, \"b\": 1}", false},
	{"{\"propertyNames\": {\"maxLength\": 1}}", "{\"a\": 1}", true},
	{"{\"propertyNames\": {\"maxLength\": 1}}", "{\"ab\": 1}", false},
	{"{\"allOf\": [{\"minimum\": 1}, {\"maximum\": 2}]}", "2", true},
	{"{\"allOf\": [{\"minimum\": 1}, {\"maximum\": 2}]}", "3", false},
	{"{\"anyOf\": [{\"type\": \"null\"}, {\"minimum\": 2}]}", "2", true},
	{"{\"anyOf\": [{\"type\": \"null\"}, {\"minimum\": 2}]}", "1", false},
	{"{\"oneOf\": [{\"minimum\": 1}, {\"minimum\": 2}]}", "1", true},
	{"{\"oneOf\": [{\"minimum\": 1}, {\"minimum\": 2}]}", "2", false},
	{"{\"not\": {\"const\": 1}}", "2", true},
	{"{\"not\": {\"const\": 1}}", "1", false},
	{"{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {\"const\": 1}}}", "1", true},
	{"{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {\"const\": 1}}}", "2", false},
	{"{\"$defs\": {\"a\": false}}", "1", true},
};

Test(schema, every_keyword_says_yes_and_no)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *value = json_loads(rows[i].value, JSON_DECODE_ANY, NULL);
		struct buf why = {0};
		struct schema schema;
		struct diag diag;

		cr_assert_not_null(value, "%s", rows[i].value);
		cr_assert(schema_parse(&schema, "row", rows[i].schema, strlen(rows[i].schema), &diag), "%s: %s",
		          rows[i].schema, diag.message);
		cr_expect_eq(schema_valid(&schema, "#", value, &why), rows[i].valid, "%s: %s: %s", rows[i].schema,
		             rows[i].value, buf_string(&why));
		cr_expect_eq(why.len > 0, !rows[i].valid, "%s: %s: %s", rows[i].schema, rows[i].value,
		             buf_string(&why));
		schema_free(&schema);
		json_decref(value);
		buf_free(&why);
	}
}

Test(schema, what_is_not_understood_is_refused_at_its_place)
{
	static const char *const refused[][2] = {
		{"{\"properties\": {\"a\": {\"format\": \"uri\"}}}", "#/properties/a/format: this keyword"},
		{"{\"allOf\": [{}, {\"if\": {}}]}", "#/allOf/1/if: this keyword"},
		{"{\"items\": []}", "#/items: this value"},
		{"{\"type\": \"text\"}", "#/type: this value"},
		{"{\"type\": [\"null\", \"text\"]}", "#/type: this value"},
		{"{\"pattern\": \"(\"}", "#/pattern: this value"},
		{"{\"$ref\": \"#/$defs/b\", \"$defs\": {\"a\": true}}", "#/$ref: this value"},
		{"{\"$ref\": \"other.json\"}", "#/$ref: this value"},
		{"{\"required\": [1]}", "#/required: this value"},
		{"{\"$defs\": {\"a\": 1}}", "#/$defs/a: expected a schema"},
		{"[]", "#: expected a schema"},
		{"{\"type\": ", "end of file"},
	};

	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct schema schema;
		struct diag diag;

		cr_assert(!schema_parse(&schema, "row", refused[i][0], strlen(refused[i][0]), &diag), "%s",
		          refused[i][0]);
		cr_expect(strstr(diag.message, refused[i][1]), "%s: %s", refused[i][0], diag.message);
	}
}

Test(schema, a_broken_part_is_named)
{
	static const char text[] = "{\"properties\": {\"a\": {\"items\": {\"type\": \"string\"}}}}";
	json_t *value = json_loads("{\"a\": [\"x\", 1]}", 0, NULL);
	struct buf why = {0};
	struct schema schema;
	struct diag diag;

	cr_assert(schema_parse(&schema, "row", text, strlen(text), &diag));
	cr_assert(!schema_valid(&schema, "#", value, &why));
	cr_assert_str_eq(why.data, "/a/1: type\n");
	schema_free(&schema);
	json_decref(value);
	buf_free(&why);
}
