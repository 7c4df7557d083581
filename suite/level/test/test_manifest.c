/* manifest: every line of smoke is JSON with all its keys, twins belong together, findings name the right
 * lines, and what tells where a case stands is read back. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>

#include "import.h"
#include "level.h"
#include "manifest.h"
#include "read.h"
#include "records.h"
#include "text.h"
#include "truth.h"

static struct arena arena;
static struct level level;

static void
begin(void)
{
	struct buf dispute = {0};
	struct diag diag;

	cr_assert(level_make(&level, "smoke", NULL, (struct shard){0, 1}, &dispute, &diag), "%s", diag.message);
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
	manifest_print(&out, of, &(struct manifest_files){file, second, NULL}, span, twin);
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
	                                   "twin",    "edit",     "text_hash",    "span",      "helpers_span"};
	const struct text_span span = {.first = 13, .lines = 40};
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

/* A macro, or a helper that does either, may stand for the call. */
static bool
names_a_call(const struct rule *rule, const char *line)
{
	static const char *const macros[] = {"Acquire", "Release", "WITH_LOCK", "Change"};

	for (size_t i = 0; i < sizeof macros / sizeof *macros; i++)
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
	struct diag diag;
	const struct world *plain = world_find(WORLD_DIALECT, "plain", &diag);

	cr_assert(plain, "%s", diag.message);
	for (unsigned i = 0; i < level.count; i++) {
		const struct suite_case *of = &level.cases[i];
		struct text_span span;
		struct buf text = {0};
		const char *name;
		json_t *line, *reading;

		cr_assert(case_file(&text, NULL, plain, &of, 1, false, RULE_READINGS, &span, &diag), "%s",
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
	cr_assert(seq_read(&of.seq, &arena, of.rule, 0, "test", "acq a; rel a; rel a", 19, &diag));
	cr_assert(truth_judge(&truth, &of, 1, NULL, &arena, &dispute, &diag), "%s", diag.message);
	for (unsigned w = 0; w < 4; w++) {
		const struct world *world = world_find(WORLD_DIALECT, worlds[w], &diag);
		struct buf text = {0}, helpers = {0};
		struct text_span span[2];
		const char *second = world->self_contained ? NULL : "cases/x-helpers.c";
		const json_t *finding, *lines;
		json_t *line;

		cr_assert(case_file(&text, &helpers, world, both, 2, true, RULE_READINGS, span, &diag), "%s",
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

Test(manifest, where_a_case_stands_is_read_back)
{
	static const struct {
		const char *second;
		struct text_span span;
	} rows[] = {
		{NULL, {3, 40, 0, 0}},
		{NULL, {3, 40, 30, 5}},
		{"cases/x-helpers.c", {100000, 40, 3, 12}},
	};

	for (unsigned i = 0; i < level.count; i++) {
		const struct suite_case *of = &level.cases[i];
		const struct text_span *span = &rows[i % 3].span;
		struct manifest_place place;
		struct buf out = {0};
		struct diag diag;

		manifest_print(&out, of, &(struct manifest_files){"cases/x.c", rows[i % 3].second, NULL}, span, NULL);
		cr_assert(manifest_read(&place, &arena, "manifest", 1, out.data, out.len, &diag), "%s", diag.message);
		buf_free(&out);
		cr_assert_str_eq(place.id, of->id);
		cr_assert_str_eq(place.text_hash, of->text_hash);
		cr_assert_str_eq(place.file, "cases/x.c");
		cr_assert_eq(place.helpers_file != NULL, rows[i % 3].second != NULL);
		cr_assert(!memcmp(&place.span, span, sizeof *span));
	}
}

/* A line is a sound one with one of its parts in other words. */
Test(manifest, what_is_no_place_is_refused_with_its_line)
{
	static const struct {
		const char *old, *new, *message;
	} rows[] = {
		{"\"id\":\"i\",", "", "no manifest of lockdrill gen: 'id' is no string"},
		{"\"id\":\"i\",", "\"id\":3,", "no manifest of lockdrill gen: 'id' is no string"},
		{"\"text_hash\":\"t\",", "", "no manifest of lockdrill gen: 'text_hash' is no string"},
		{"\"f.c\"", "\"\"", "no manifest of lockdrill gen: 'file' is no string"},
		{"\"f-h.c\"", "\"f.c\"", "the second file is the first"},
		{"\"helpers_file\":\"f-h.c\",", "", "no manifest of lockdrill gen: 'helpers_file' is no string"},
		{"\"span\":{\"first\":3,\"lines\":9},", "",
	     "no 'span': this manifest was made by an older lockdrill gen"},
		{"{\"first\":3,\"lines\":9}", "null", "the case has no lines in its file"},
		{"{\"first\":4,\"lines\":2}", "null", "the case has no lines in its file"},
		{"\"f-h.c\"", "null", NULL},
		{"{\"first\":4,\"lines\":2}", "{\"first\":4,\"lines\":0}", "'helpers_span' is no place in a file"},
		{"{\"first\":3,\"lines\":9}", "{\"first\":0,\"lines\":9}", "'span' is no place in a file"},
		{"{\"first\":3,\"lines\":9}", "{\"first\":3,\"lines\":1048576}", "'span' is no place in a file"},
		{"{\"first\":3,\"lines\":9}", "{\"first\":1073741825,\"lines\":9}", "'span' is no place in a file"},
		{"{\"first\":3,\"lines\":9}", "[3,9]", "'span' is no place in a file"},
		{"\"f-h.c\",\"span\":{\"first\":3", "null,\"span\":{\"first\":5",
	     "'helpers_span' is not in 'span', and there is no second file"},
		{"{\"id\"", "[{\"id\"", "']' expected near end of file"},
		{"{\"id\"", "{\"id\":\"i\",\"id\"", "duplicate object key near '\"id\"'"},
	};
	static const char sound[] =
		"{\"id\":\"i\",\"file\":\"f.c\",\"helpers_file\":\"f-h.c\",\"span\":{\"first\":3,"
		"\"lines\":9},\"text_hash\":\"t\",\"helpers_span\":{\"first\":4,\"lines\":2}}";
	struct manifest_place place;
	struct diag diag;

	cr_assert(manifest_read(&place, &arena, "manifest", 7, sound, strlen(sound), &diag), "%s", diag.message);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *at = strstr(sound, rows[i].old);
		struct buf line = {0};
		bool read;

		cr_assert_not_null(at, "%s", rows[i].old);
		buf_printf(&line, "%.*s%s%s", (int)(at - sound), sound, rows[i].new, at + strlen(rows[i].old));
		read = manifest_read(&place, &arena, "manifest", 7, line.data, line.len, &diag);
		cr_expect_eq(read, !rows[i].message, "%s", line.data);
		if (!read && rows[i].message) {
			cr_expect_str_eq(diag.message, rows[i].message);
			cr_expect_eq(diag.line, 7);
		}
		buf_free(&line);
	}
}

/* What import makes of a perfect checker's records: the manifest's own findings, file by file. */
struct perfect {
	struct arena arena;
	struct buf manifest, records;
	unsigned files;
};

/* One file with these cases, by its manifest. */
static void
add_file(struct perfect *perfect, const struct world *world, const struct suite_case *const *cases,
         unsigned count, bool packed)
{
	struct text_span span[16];
	struct buf text = {0}, helpers = {0};
	char file[32], second[32];
	struct diag diag;

	cr_assert(case_file(&text, &helpers, world, cases, count, packed, RULE_READINGS, span, &diag), "%s",
	          diag.message);
	snprintf(file, sizeof file, "cases/%u.c", perfect->files);
	snprintf(second, sizeof second, "cases/%u-helpers.c", perfect->files++);
	for (unsigned i = 0; i < count; i++) {
		const struct manifest_files files = {file, helpers.len && span[i].helpers_lines ? second : NULL,
		                                     world_lacks(world, &cases[i]->shapes)};

		manifest_print(&perfect->manifest, cases[i], &files, &span[i], NULL);
	}
	buf_free(&text);
	buf_free(&helpers);
}

/* A record for each line of the manifest, and its place. */
static void
place_all(struct perfect *perfect, struct import *import)
{
	const char *text = perfect->manifest.data, *next;
	struct diag diag;

	import_begin(import, level.count);
	for (uint32_t i = 0; *text; i++, text = next) {
		json_t *line, *record, *finding;
		struct manifest_place place;
		char *dumped;
		size_t f;

		next = strchr(text, '\n') + 1;
		cr_assert(manifest_read(&place, &perfect->arena, "m", i + 1, text, (size_t)(next - text), &diag),
		          "%s", diag.message);
		import_place(import, i, place.id, place.file, place.helpers_file, &place.span);
		line = json_loadb(text, (size_t)(next - text), 0, NULL);
		record = json_pack("{s:O, s:O, s:O}", "id", json_object_get(line, "id"), "verdict",
		                   json_object_get(line, "verdict"), "findings", json_object_get(line, "findings"));
		json_array_foreach(json_object_get(record, "findings"), f, finding)
		{
			json_object_del(finding, "statement");
			json_object_del(finding, "lock");
			json_object_del(finding, "lines");
			json_object_del(finding, "function");
		}
		dumped = json_dumps(record, 0);
		buf_printf(&perfect->records, "%s\n", dumped);
		free(dumped);
		json_decref(record);
		json_decref(line);
	}
	cr_assert(import_ready(import, "m", &diag), "%s", diag.message);
}

/* The answer has the verdict's findings: each of its kinds and lines, and no others. */
static void
expect_perfect(const struct suite_case *of, const struct answer *answer)
{
	const struct verdict *verdict = &of->verdict[of->rule->headline];
	unsigned found = 0;

	cr_assert_eq(answer->state, verdict->outcome == OUTCOME_PASS ? ANSWER_PASS : ANSWER_VIOLATION);
	for (unsigned i = 0; i < answer->count; i++)
		for (unsigned j = 0; j < verdict->count; j++)
			if (answer->finding[i].kind == verdict->finding[j].kind &&
			    answer->finding[i].line == verdict->finding[j].line) {
				found++;
				break;
			}
	cr_assert_eq(found, answer->count, "case %s: a finding is none of the verdict's", of->id);
	for (unsigned j = 0; j < verdict->count; j++) {
		found = 0;
		for (unsigned i = 0; i < answer->count; i++)
			found += answer->finding[i].kind == verdict->finding[j].kind &&
			         answer->finding[i].line == verdict->finding[j].line;
		cr_assert_eq(found, 1, "case %s: a finding of the verdict is lost", of->id);
	}
}

/* In files of `pack` cases of one rule; 1: not packed. */
static void
expect_world(const struct world *world, unsigned pack)
{
	const struct suite_case **order = arena_alloc(&arena, (level.count + 1U) * sizeof *order), *cases[16];
	struct perfect perfect = {0};
	struct import import;
	struct answer answer;
	struct diag diag;
	unsigned placed = 0;

	for (unsigned r = 0; r < level.rules; r++)
		for (unsigned i = 0, count = 0; i <= level.count; i++) {
			if (count == pack || (i == level.count && count)) {
				add_file(&perfect, world, cases, count, pack > 1);
				count = 0;
			}
			if (i < level.count && level.cases[i].rule == level.rule[r])
				cases[count++] = order[placed++] = &level.cases[i];
		}
	cr_assert_eq(placed, level.count);
	place_all(&perfect, &import);
	cr_assert(records_read_json(&import, "r", perfect.records.data, perfect.records.len, &diag), "%s: %u: %s",
	          world->name, diag.line, diag.message);
	for (uint32_t i = 0; i < level.count; i++) {
		import_answer(&import, i, &answer);
		expect_perfect(order[i], &answer);
	}
	import_free(&import);
	arena_free(&perfect.arena);
	buf_free(&perfect.manifest);
	buf_free(&perfect.records);
}

Test(manifest, findings_come_back_as_lines_of_the_body_in_every_world_and_pack)
{
	static const char *const worlds[] = {"plain", "sparse", "thread-safety",  "pthread",
	                                     "model", "native", "driver-verifier"};
	struct diag diag;

	for (unsigned w = 0; w < sizeof worlds / sizeof *worlds; w++) {
		expect_world(world_find(WORLD_DIALECT, worlds[w], &diag), 1);
		expect_world(world_find(WORLD_DIALECT, worlds[w], &diag), 16);
	}
}
