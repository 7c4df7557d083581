/* lesson_cut: a text without its releases, each with a TODO in its place. See lesson.h.
 *
 * What is cut out is found by the program, and not by its text: calls that release, and calls of helpers that
 * do nothing else, whose own text stays. What stands in a branch that is never taken stays, and so does a
 * lock that the rule does not watch.
 */
#include <ctype.h>
#include <string.h>

#include "lesson.h"
#include "make.h"
#include "prog.h"

static const char todo[] = "/* TODO */";

/* A call to be cut out: on which line of the body, and how the name begins. */
struct cutting {
	struct prog *prog;
	struct buf *text;
	uint32_t lines; /* of the text */
	struct diag *diag;
	bool ok;
};

static bool
is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Behind the parenthesis that closes the one at `open`. */
static size_t
behind_call(const char *text, size_t open)
{
	unsigned depth = 0;

	do {
		depth += text[open] == '(';
		depth -= text[open] == ')';
		open++;
	} while (depth && text[open]);
	return open;
}

/* Whether what stands between is a statement of its own, which can go as a whole: no label stands before it,
 * which needs one, and no condition. */
static bool
is_statement(const char *text, size_t begin, size_t end)
{
	while (begin && isspace((unsigned char)text[begin - 1]))
		begin--;
	return text[end] == ';' && begin && strchr(";{}", text[begin - 1]);
}

static void
cut_out(struct buf *text, size_t begin, size_t end)
{
	struct buf out = {0};
	bool whole = is_statement(text->data, begin, end);

	buf_add(&out, text->data, begin);
	buf_puts(&out, whole ? "" : "(void)0 ");
	buf_puts(&out, todo);
	buf_puts(&out, text->data + end + whole);
	buf_free(text);
	*text = out;
}

/* Cuts each call on the line whose name begins so: through a pointer it is a longer one. */
static void
cut_line(struct cutting *c, uint32_t line, const char *name)
{
	size_t at = (size_t)(lesson_line(c->text->data, line).text - c->text->data);

	for (; c->text->data[at] && c->text->data[at] != '\n'; at++) {
		const char *text = c->text->data;
		size_t end = at;

		if (strncmp(text + at, name, strlen(name)) || (at && is_name(text[at - 1])))
			continue;
		while (is_name(text[end]))
			end++;
		if (text[end] == '(')
			cut_out(c->text, at, behind_call(text, end));
	}
}

static void
cut_call(struct cutting *c, const struct prog_node *node)
{
	uint32_t line = node->line > LINE_SECOND ? node->line - LINE_SECOND + c->lines + 1 : node->line;
	struct buf name = {0};

	if (node->op == PROG_HELPER)
		c->ok = c->ok && text_function_name(&name, c->prog, node->function, c->diag);
	else
		buf_puts(&name, c->prog->rule->call[node->call].name);
	if (c->ok)
		cut_line(c, line, name.data);
	buf_free(&name);
}

/* A guard releases in the macro that it is. */
static void
cut_guard(struct cutting *c, const struct prog_node *node)
{
	const char *macro = strstr(c->text->data, "#define WITH_LOCK");
	const char *name = c->prog->rule->call[node->call].name;
	size_t at = macro ? (size_t)(macro - c->text->data) : c->text->len, length = strlen(name);

	for (bool goes_on = true; goes_on && c->text->data[at]; at++) {
		goes_on = c->text->data[at] != '\n' || c->text->data[at - 1] == '\\';
		if (!strncmp(c->text->data + at, name, length) && c->text->data[at + length] == '(')
			cut_out(c->text, at, behind_call(c->text->data, at + length));
	}
}

static void
cut_block(struct cutting *c, const struct prog_node *node)
{
	for (; node; node = node->next) {
		bool never = node->condition.kind == CONDITION_NEVER;

		if ((node->op == PROG_CALL || node->op == PROG_HELPER) && prog_does(c->prog, node, EVENT_RELEASE))
			cut_call(c, node);
		if (node->op == PROG_GUARD)
			cut_guard(c, node->other);
		if (!never)
			cut_block(c, node->body);
		if (!never && !prog_ends_in_call(node))
			cut_block(c, node->other);
	}
}

/* Whether a helper's text says how a lock is given back, which who calls it may read. */
static bool
shows_how(const struct prog_function *function)
{
	return function->purpose == PURPOSE_RELEASE || function->purpose == PURPOSE_DIRECTION;
}

bool
lesson_cut(struct buf *out, const struct suite_case *of, struct diag *diag)
{
	struct arena arena = {0};
	struct buf helpers = {0};
	struct prog prog;
	struct cutting c = {&prog, out, 0, diag, true};

	prog_make(&prog, &arena, of->rule, of->role, &of->seq, &of->shapes);
	c.ok = text_body(out, &helpers, &prog, -1, diag);
	c.lines = (uint32_t)buf_newlines(out->data, out->len);
	if (helpers.len)
		buf_all(out, "\n", helpers.data);
	for (unsigned i = 0; c.ok && i < prog.functions; i++)
		if (!shows_how(&prog.function[i]))
			cut_block(&c, prog.function[i].body);
	arena_free(&arena);
	buf_free(&helpers);
	return c.ok;
}
