/* manifest: every line of smoke is JSON with all its keys, twins belong together, and findings name the right
 * lines. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>

#include "level.h"
#include "manifest.h"
#include "text.h"
#include "truth.h"

static struct arena arena;
static struct level level;

static void
begin(void)
{
	struct buf dispute = {0};
	struct diag diag;

	cr_assert(level_make(&level, "smoke", NULL, 0, (struct shard){0, 1}, &dispute, &diag), "%s",
	          diag.message);
	buf_free(&dispute);
}

static void
end(void)
{
	level_free(&level);
	arena_free(&arena);
}

TestSuite(manifest, .init = begin, .fini = end);

static json_t *
line_of(const struct suite_case *of, const char *second, const struct text_span *span,
        const struct suite_case *twin)
{
	struct buf out = {0};
	json_error_t error;
	json_t *line;
	char file[32];

	snprintf(file, sizeof file, "cases/%09u.c", (unsigned)of->number);
	manifest_print(&out, of, file, second, span, twin);
	cr_assert_eq(strcspn(out.data, "\n"), out.len - 1, "not one line");
	line = json_loads(out.data, JSON_REJECT_DUPLICATES, &error);
	cr_assert_not_null(line, "case %u: %s: %s", (unsigned)of->number, error.text, out.data);
	buf_free(&out);
	return line;
}

static const char *
string_in(const json_t *object, const char *key)
{
	const char *string = json_string_value(json_object_get(object, key));

	cr_assert_not_null(string, "%s", key);
	return string;
}

static void
check_findings(const json_t *verdict)
{
	const json_t *findings = json_object_get(verdict, "findings"), *finding, *lines;
	size_t i, j;

	cr_assert(json_is_array(findings));
	cr_assert_eq(json_array_size(findings) > 0, !strcmp(string_in(verdict, "verdict"), "violation"));
	json_array_foreach(findings, i, finding)
	{
		json_int_t before = 0;
		const json_t *line;

		cr_assert_eq(json_object_size(finding), 7);
		cr_assert(json_is_boolean(json_object_get(finding, "in_helpers")));
		cr_assert_neq(kind_find(string_in(finding, "kind")), KIND_COUNT);
		cr_assert(json_is_integer(json_object_get(finding, "statement")));
		cr_assert(strlen(string_in(finding, "lock")) == 1 && strchr("abc*", string_in(finding, "lock")[0]));
		cr_assert_gt(json_integer_value(json_object_get(finding, "line")), 0);
		cr_assert(string_in(finding, "function")[0]);
		lines = json_object_get(finding, "lines");
		cr_assert(json_is_array(lines));
		json_array_foreach(lines, j, line)
		{
			cr_assert_gt(json_integer_value(line), before, "lines ascend");
			before = json_integer_value(line);
		}
	}
}

Test(manifest, each_line_parses_and_has_all_keys)
{
	static const char *const keys[] = {"id",      "file",     "helpers_file", "rule",      "model",
	                                   "role",    "sequence", "shapes",       "ladder",    "family",
	                                   "verdict", "findings", "readings",     "contested", "deadlock",
	                                   "twin",    "edit",     "text_hash"};
	const struct text_span span = {.first = 13};
	const size_t count = sizeof keys / sizeof *keys;

	for (unsigned i = 0; i < level.count; i++) {
		const struct suite_case *of = &level.cases[i];
		json_t *line = line_of(of, NULL, &span, &level.cases[of->twin]), *reading;
		const char *name;

		for (size_t k = 0; k < count; k++)
			cr_assert_not_null(json_object_get(line, keys[k]), "%s", keys[k]);
		cr_assert_eq(json_object_size(line), count);
		cr_assert(json_is_null(json_object_get(line, "helpers_file")));
		cr_assert_str_eq(string_in(line, "id"), of->id);
		cr_assert_eq(strlen(string_in(line, "id")), 32);
		cr_assert_str_eq(string_in(line, "rule"), of->rule->name);
		cr_assert_str_eq(string_in(line, "model"), of->rule->model);
		cr_assert_str_eq(string_in(line, "sequence"), of->sequence);
		cr_assert_str_eq(string_in(line, "text_hash"), of->text_hash);
		cr_assert_eq(json_object_size(json_object_get(line, "shapes")), SHAPE_COUNT);
		check_findings(line);
		cr_assert_eq(json_object_size(json_object_get(line, "readings")), of->rule->readings);
		json_object_foreach (json_object_get(line, "readings"), name, reading) {
			unsigned index;

			cr_assert(rule_find_reading(of->rule, name, &index));
			cr_assert_str_eq(string_in(reading, "verdict"), outcome_name(of->verdict[index].outcome));
			check_findings(reading);
		}
		cr_assert(json_equal(json_object_get(line, "findings"),
		                     json_object_get(json_object_get(json_object_get(line, "readings"),
		                                                     of->rule->reading[of->rule->headline].name),
		                                     "findings")));
		cr_assert_eq(json_is_true(json_object_get(line, "contested")), of->contested);
		cr_assert(json_is_false(json_object_get(line, "deadlock")));
		json_decref(line);
	}
}

Test(manifest, twins_point_to_each_other_and_differ_in_verdict)
{
	for (unsigned i = 0; i < level.count; i++) {
		const struct suite_case *of = &level.cases[i], *other = &level.cases[of->twin];
		const struct text_span span = {.first = 1};
		json_t *line = line_of(of, NULL, &span, other), *twin = line_of(other, NULL, &span, of);

		cr_assert_str_eq(string_in(line, "twin"), string_in(twin, "id"));
		cr_assert_str_eq(string_in(twin, "twin"), string_in(line, "id"));
		cr_assert_str_neq(string_in(line, "id"), string_in(twin, "id"));
		cr_assert_str_neq(string_in(line, "verdict"), string_in(twin, "verdict"));
		cr_assert_str_eq(string_in(line, "edit"), string_in(twin, "edit"));
		cr_assert(string_in(line, "edit")[0]);
		cr_assert(json_equal(json_object_get(line, "shapes"), json_object_get(twin, "shapes")));
		cr_assert_str_neq(string_in(line, "text_hash"), string_in(twin, "text_hash"));
		json_decref(line);
		json_decref(twin);
	}
}

Test(manifest, a_case_without_a_twin_has_null)
{
	json_t *line = line_of(&level.canary[0], NULL, &(struct text_span){.first = 1}, NULL);

	cr_assert(json_is_null(json_object_get(line, "twin")));
	cr_assert_str_empty(string_in(line, "edit"));
	json_decref(line);
}

/* The line of that number, from 1, in the arena. */
static const char *
text_line(const char *text, json_int_t number)
{
	for (json_int_t i = 1; i < number; i++) {
		text += strcspn(text, "\n");
		cr_assert(*text, "there is no line %d", (int)number);
		text++;
	}
	return arena_copy(&arena, text, strcspn(text, "\n"));
}

/* A macro may stand for the call; its name then says what it does. */
static bool
names_a_call(const struct rule *rule, const char *line)
{
	static const char *const macros[] = {"Acquire", "Release"};

	for (unsigned i = 0; i < 2; i++)
		if (strstr(line, macros[i]))
			return true;
	for (unsigned i = 0; i < rule->calls; i++) {
		const char *at = strstr(line, rule->call[i].name);

		if (at && at[strlen(rule->call[i].name)] == '(')
			return true;
	}
	return false;
}

static void
check_lines(const struct suite_case *of, const json_t *verdict, const char *text)
{
	const json_t *finding;
	size_t i;

	json_array_foreach(json_object_get(verdict, "findings"), i, finding)
	{
		const char *line = text_line(text, json_integer_value(json_object_get(finding, "line")));

		if (!strcmp(string_in(finding, "kind"), "missing-release"))
			cr_expect_str_eq(line, "}", "case %u (%s): '%s'", (unsigned)of->number, of->sequence, line);
		else
			cr_expect(names_a_call(of->rule, line), "case %u (%s): '%s'", (unsigned)of->number, of->sequence,
			          line);
		cr_expect_not_null(strstr(text, string_in(finding, "function")));
	}
}

Test(manifest, the_line_of_each_finding_holds_the_call_or_the_closing_brace)
{
	const struct world *plain = world_find("plain");

	for (unsigned i = 0; i < level.count; i++) {
		const struct suite_case *of = &level.cases[i];
		struct text_span span;
		struct buf text = {0};
		struct diag diag;
		const char *name;
		json_t *line, *reading;

		cr_assert(text_file(&text, NULL, plain, &of, 1, false, RULE_READINGS, &span, &diag), "%s",
		          diag.message);
		line = line_of(of, NULL, &span, &level.cases[of->twin]);
		check_lines(of, line, text.data);
		json_object_foreach (json_object_get(line, "readings"), name, reading)
			check_lines(of, reading, text.data);
		json_decref(line);
		buf_free(&text);
	}
}

/* The same sequence in two files, and in a world of one. */
Test(manifest, a_finding_in_the_second_file_has_its_line_there)
{
	static const char *const worlds[] = {"plain", "pthread", "native", "model"};
	struct suite_case of = {.rule = level.cases[0].rule, .shapes = shapes_default()}, *made = &of;
	const struct suite_case *both[2] = {made, made};
	struct truth truth = {0};
	struct buf dispute = {0};
	struct diag diag;

	of.shapes.choice[SHAPE_HELPER] = HELPER_RELEASE;
	of.shapes.choice[SHAPE_CALL] = CALL_FILE;
	cr_assert(seq_parse(&of.seq, &arena, of.rule, 0, "test", "acq a; rel a; rel a", 19, &diag));
	cr_assert(truth_judge(&truth, &of, 1, NULL, &arena, &dispute, &diag), "%s", diag.message);
	for (unsigned w = 0; w < 4; w++) {
		const struct world *world = world_find(worlds[w]);
		struct buf text = {0}, helpers = {0};
		struct text_span span[2];
		const char *second = world->self_contained ? NULL : "cases/x-helpers.c";
		const json_t *finding, *lines;
		json_t *line;

		cr_assert(text_file(&text, &helpers, world, both, 2, true, RULE_READINGS, span, &diag), "%s",
		          diag.message);
		line = line_of(made, second, &span[1], NULL);
		finding = json_array_get(json_object_get(line, "findings"), 0);
		lines = json_object_get(finding, "lines");
		cr_assert_eq(json_is_true(json_object_get(finding, "in_helpers")), !world->self_contained);
		cr_assert_eq(json_is_null(json_object_get(line, "helpers_file")), world->self_contained);
		cr_assert(names_a_call(of.rule, text_line(world->self_contained ? text.data : helpers.data,
		                                          json_integer_value(json_object_get(finding, "line")))));
		cr_assert(strstr(text_line(text.data, json_integer_value(json_array_get(lines, 0))), "_1("));
		json_decref(line);
		buf_free(&text);
		buf_free(&helpers);
	}
	truth_free(&truth);
}
