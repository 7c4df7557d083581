/* lesson_text: a twin's text, and what stands around it where it is compiled. See lesson.h.
 *
 * A body has the same bytes in all worlds, so the file of the native world is cut in two around it, and any
 * other text can stand in its place.
 */
#include <string.h>

#include "data.h"
#include "lesson.h"
#include "make.h"

static const char calls_name[] = "world/windows/lesson/calls.h";

static bool
put_around(struct lesson_text *text, const struct buf *file, struct diag *diag)
{
	const char *at = strstr(buf_string(file), buf_string(&text->body));
	struct data_file calls;
	struct arena arena = {0};

	if (!at)
		bug("a body differs in the native world");
	if (!data_find(&arena, calls_name, &calls)) {
		diag_set(diag, calls_name, 0, 0, "cannot read it");
		return false;
	}
	buf_add(&text->before, file->data, (size_t)(at - file->data));
	buf_add(&text->before, calls.bytes, calls.length);
	buf_puts(&text->behind, at + text->body.len);
	arena_free(&arena);
	return true;
}

/* The second part behind the first, as a self-contained world has it. */
static bool
put_body(struct lesson_text *text, struct prog *prog, struct diag *diag)
{
	struct buf helpers = {0};
	bool ok = text_body(&text->body, &helpers, prog, -1, diag);

	for (size_t i = 0; ok && i < text->body.len; i++)
		text->lines += text->body.data[i] == '\n';
	text->lines++;
	if (helpers.len)
		buf_all(&text->body, "\n", helpers.data);
	buf_free(&helpers);
	return ok;
}

bool
lesson_text_make(struct lesson_text *text, const struct suite_case *of, struct diag *diag)
{
	const struct world *native = world_find(of->rule->dialect, "native", diag);
	const struct world *plain = world_find(of->rule->dialect, "plain", diag);
	struct buf file = {0}, snippet = {0}, helpers = {0};
	struct arena arena = {0};
	struct prog prog;
	bool ok;

	*text = (struct lesson_text){.include_lines = 0};
	prog_make(&prog, &arena, of->rule, of->role, &of->seq, &of->shapes);
	ok = native && plain && put_body(text, &prog, diag) &&
	     case_file(&file, NULL, native, &of, 1, false, RULE_READINGS, &text->span, diag) &&
	     put_around(text, &file, diag) &&
	     case_file(&snippet, &helpers, plain, &of, 1, false, RULE_READINGS, &text->span, diag);
	if (ok) {
		const char *at = snippet.data;

		text->include_lines = text->span.first - 1;
		for (uint32_t line = 1; line < text->span.first; line++)
			at = strchr(at, '\n') + 1;
		buf_add(&text->include, snippet.data, (size_t)(at - snippet.data));
	}
	arena_free(&arena);
	buf_free(&file);
	buf_free(&snippet);
	buf_free(&helpers);
	return ok;
}

void
lesson_text_free(struct lesson_text *text)
{
	buf_free(&text->before);
	buf_free(&text->body);
	buf_free(&text->behind);
	buf_free(&text->include);
}

void
lesson_text_compile(struct buf *out, const struct lesson_text *text, const char *body)
{
	buf_all(out, buf_string(&text->before), "\n#line 1 \"exercise.c\"\n", body, "\n#line 1 \"harness.c\"\n",
	        buf_string(&text->behind));
}

struct lesson_line
lesson_line(const char *text, uint32_t number)
{
	for (; number > 1 && *text; number--) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return (struct lesson_line){text, number ? (int)strcspn(text, "\n") : 0};
}
