/* Text: bodies are the same in all worlds, names in a pack are kept apart, lines are those of the file. */
#include <criterion/criterion.h>

#include "text.h"

static struct arena arena;
static struct rule rule;

static void
begin(void)
{
	struct diag diag;

	cr_assert(rule_load(&rule, &arena, "SpinlockRelease", &diag), "%s", diag.message);
}

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(text, .init = begin, .fini = end);

static struct suite_case
make(const char *text)
{
	struct suite_case of = {.rule = &rule, .shapes = shapes_default()};
	struct diag diag;

	cr_assert(seq_parse(&of.seq, &arena, &rule, 0, "test", text, strlen(text), &diag), "%s", diag.message);
	return of;
}

static char *
body_of(const struct suite_case *of, struct prog *prog)
{
	struct template template;
	struct buf out = {0};
	struct diag diag;
	char *copy;

	prog_make(prog, &arena, of->rule, of->role, &of->seq, &of->shapes);
	cr_assert(text_template(&template, &arena, of->rule, of->role, &diag), "%s", diag.message);
	cr_assert(text_body(&out, prog, &template, -1, &diag), "%s", diag.message);
	copy = arena_string(&arena, out.data);
	buf_free(&out);
	return copy;
}

static const char *
line_of(const char *text, unsigned line)
{
	while (--line)
		text = strchr(text, '\n') + 1;
	return text;
}

Test(text, each_statement_stands_on_the_line_that_its_node_says)
{
	struct suite_case of = make("acq a; if ? { rel a; return }; rel a");
	struct prog prog;
	const char *body = body_of(&of, &prog);
	const struct prog_node *node = prog.function[0].body;

	cr_assert(strstr(line_of(body, node->line), "KeAcquireSpinLock(") == line_of(body, node->line) + 1);
	cr_assert(strstr(line_of(body, node->next->line), "if (READ_REGISTER_ULONG(") ==
	          line_of(body, node->next->line) + 1);
	cr_assert_str_eq(line_of(body, prog.end_line), "}\n", "the body ends with the routine");
}

Test(text, the_body_is_the_same_in_all_worlds)
{
	struct suite_case of = make("acq a; loop { if p { rel a; return } }; rel a");
	const struct suite_case *one = &of;
	struct prog prog;
	const char *body = body_of(&of, &prog);

	for (const struct world *world = world_list(); world->name; world++) {
		struct text_span span;
		struct buf out = {0};
		struct diag diag;

		cr_assert(text_file(&out, world, &one, 1, false, RULE_READINGS, &span, &diag), "%s: %s", world->name,
		          diag.message);
		cr_assert_eq(strncmp(line_of(out.data, span.first), body, strlen(body)), 0, "%s", world->name);
		buf_free(&out);
	}
}

Test(text, spans_of_a_pack_follow_each_other_and_hold_their_bodies)
{
	struct suite_case cases[3] = {make("acq a; rel a"), make("rel a"), make("loop { work }")};
	const struct suite_case *all[3] = {&cases[0], &cases[1], &cases[2]};
	struct text_span span[3];
	struct buf out = {0};
	struct diag diag;

	cr_assert(text_file(&out, world_find("pthread"), all, 3, true, RULE_READINGS, span, &diag));
	for (unsigned i = 0; i < 3; i++) {
		char name[32];

		snprintf(name, sizeof name, "DispatchDeviceControl_%u(", i);
		const char *at = strstr(line_of(out.data, span[i].first), name);
		cr_assert_not_null(at);
		cr_assert(i == 2 || at < line_of(out.data, span[i + 1].first));
		cr_assert(!i || span[i].first == span[i - 1].first + span[i - 1].lines);
	}
	buf_free(&out);
}
