/* wrong: wrong answers as JSON lines. See wrong.h and include/lockdrill/wrong.schema.json.
 *
 * What a checker or a user has named need not be UTF-8: bytes that are none become '?'.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "prog.h"
#include "wrong.h"

/* null for what is not there. */
static json_t *
json_text(const char *text)
{
	json_t *string = text && *text ? json_string(text) : json_null();
	struct buf clean = {0};

	if (string)
		return string;
	for (; *text; text++)
		buf_putc(&clean, *text < ' ' || *text > '~' ? '?' : *text);
	string = json_string(buf_string(&clean));
	buf_free(&clean);
	return string;
}

static json_t *
json_line(const struct wrong_answer *answer, uint32_t line)
{
	return line ? json_integer(place_line(&answer->place, line)) : json_null();
}

/* Lines that are as right: of the body, with blanks between them. */
static json_t *
json_lines(const struct wrong_answer *answer, const char *lines)
{
	json_t *array = json_array();
	char *end;

	for (unsigned long line; (line = strtoul(lines, &end, 10)), end != lines; lines = end)
		json_array_append_new(array, json_line(answer, (uint32_t)line));
	return array;
}

static json_t *
json_expected(const struct wrong_answer *answer)
{
	json_t *findings = json_array();

	for (unsigned i = 0; i < answer->expected->findings; i++) {
		const struct stored_finding *finding = &answer->expected->finding[i];

		json_array_append_new(findings, json_pack("{s:s, s:o, s:o, s:b}", "kind", kind_name(finding->kind),
		                                          "line", json_line(answer, finding->line), "lines",
		                                          json_lines(answer, finding->lines), "in_helpers",
		                                          finding->line > LINE_SECOND));
	}
	return json_pack("{s:s, s:s, s:o}", "reading", answer->expected->name, "verdict",
	                 outcome_name(answer->expected->outcome), "findings", findings);
}

static json_t *
json_answered(const struct wrong_answer *answer)
{
	json_t *findings = json_array();

	for (unsigned i = 0; i < answer->answer->findings; i++) {
		const struct answer_finding *finding = &answer->answer->finding[i];

		json_array_append_new(
			findings,
			json_pack("{s:o, s:o, s:b}", "kind",
		              json_text(finding->kind < KIND_COUNT ? kind_name((enum kind)finding->kind) : NULL),
		              "line", json_line(answer, finding->line), "in_helpers", finding->line > LINE_SECOND));
	}
	return json_pack("{s:s, s:o, s:o, s:o}", "verdict", answer_name(answer->of->state), "findings", findings,
	                 "why", json_text(buf_string(&answer->why)), "message",
	                 json_text(buf_string(&answer->message)));
}

static json_t *
json_cause(const struct wrong *wrong, uint16_t cause)
{
	const struct cause_count *count = cause == CAUSE_NONE ? NULL : wrong->causes.factor[cause].of;

	if (!count)
		return json_null();
	return json_pack("{s:s, s:i, s:i, s:f}", "factor", wrong->causes.factor[cause].name, "wrong",
	                 (int)count->wrong, "asked", (int)count->asked, "lift",
	                 cause_lift(&wrong->causes, 0, cause));
}

static json_t *
json_shapes(const struct wrong_answer *answer)
{
	json_t *all = json_loads(answer->stored->shapes, 0, NULL), *choice;
	json_t *object = json_object();
	const char *dimension;

	json_object_foreach (all, dimension, choice) {
		struct buf word = {0}, shapes = {0};

		buf_printf(&word, " %s=%s ", dimension, json_is_string(choice) ? json_string_value(choice) : "");
		buf_printf(&shapes, " %s ", buf_string(&answer->shapes));
		if (strstr(shapes.data, word.data))
			json_object_set(object, dimension, choice);
		buf_free(&word);
		buf_free(&shapes);
	}
	json_decref(all);
	return object;
}

static json_t *
json_answer(const struct wrong *wrong, const struct wrong_answer *answer)
{
	const struct stored *stored = &wrong->judged.stored;
	const struct stored_case *of = answer->stored;

	return json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:s, s:i, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o,"
		" s:o}",
		"suite", stored->suite, "level", stored->level, "checker", stored->checker[0].name, "version",
		stored->checker[0].version, "id", of->id, "file", json_text(answer->place.file), "rule", of->rule,
		"role", of->role, "sequence", of->sequence, "size", (int)answer->of->size, "ladder", of->ladder,
		"shapes", json_shapes(answer), "mistake", mistake_word(answer->of->mistake), "expected",
		json_expected(answer), "answered", json_answered(answer), "cause",
		json_cause(wrong, answer->of->cause), "twin", json_text(answer->twin ? answer->twin->id : NULL),
		"show", json_text(buf_string(&answer->show)), "again", json_text(buf_string(&answer->again)));
}

bool
wrong_print_json(struct wrong *wrong, unsigned most, struct diag *diag)
{
	const struct cause_checker *all = &wrong->causes.checker[0];
	struct wrong_answer answer = {.of = NULL};
	bool ok = true;

	for (unsigned i = 0; ok && i < all->wrong && i < most; i++) {
		json_t *object;

		ok = wrong_read(wrong, &all->of[i], &answer, diag);
		object = ok ? json_answer(wrong, &answer) : NULL;
		if (ok && !object) {
			diag_set(diag, wrong->path, 0, 0, "case %s cannot be written as JSON: a name is not UTF-8",
			         all->of[i].id);
			ok = false;
		}
		if (ok) {
			json_dumpf(object, stdout, JSON_COMPACT);
			putchar('\n');
		}
		json_decref(object);
	}
	wrong_answer_free(&answer);
	return ok;
}
