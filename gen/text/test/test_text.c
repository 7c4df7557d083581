/* Text: bodies are the same in all worlds, names in a pack are kept apart, lines are those of the file. */
#include <ctype.h>

#include <criterion/criterion.h>

#include "case.h"
#include "make.h"
#include "read.h"
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

static const struct world *
world(const char *name)
{
	const struct world *found;
	struct diag diag;

	cr_assert(found = world_find(WORLD_DIALECT, name, &diag), "%s", diag.message);
	return found;
}

static struct suite_case
make(const char *text)
{
	struct suite_case of = {.rule = &rule, .shapes = shapes_default()};
	struct diag diag;

	cr_assert(seq_read(&of.seq, &arena, &rule, 0, "test", text, strlen(text), &diag), "%s", diag.message);
	return of;
}

static char *
body_of(const struct suite_case *of, struct prog *prog)
{
	struct buf out = {0};
	struct diag diag;
	char *copy;

	prog_make(prog, &arena, of->rule, of->role, &of->seq, &of->shapes);
	cr_assert(text_body(&out, NULL, prog, -1, &diag), "%s", diag.message);
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

Test(text, the_body_is_the_same_in_all_worlds_that_are_c)
{
	struct suite_case of = make("acq a; loop { if p { rel a; return } }; rel a");
	const struct suite_case *one = &of;
	struct prog prog;
	const char *body = body_of(&of, &prog);
	struct diag diag;
	const struct world *worlds = world_list(WORLD_DIALECT, &diag);

	cr_assert(worlds, "%s", diag.message);
	for (const struct world *world = worlds; world->name; world++) {
		struct text_span span;
		struct buf out = {0};

		if (world->sequences)
			continue;
		cr_assert(case_file(&out, NULL, world, &one, 1, false, RULE_READINGS, &span, &diag), "%s: %s",
		          world->name, diag.message);
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

	cr_assert(case_file(&out, NULL, world("pthread"), all, 3, true, RULE_READINGS, span, &diag));
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

/* Takes all copies of a string out of another. */
static void
take_out(char *text, const char *what)
{
	for (char *at = text; (at = strstr(at, what));)
		memmove(at, at + strlen(what), strlen(at + strlen(what)) + 1);
}

Test(text, a_body_in_a_pack_breaks_its_lines_where_it_does_alone)
{
	struct suite_case of = make("if p { acq a; acq b; acq c; rel c; rel b; rel a }");
	struct buf alone = {0}, packed = {0};
	struct diag diag;
	struct prog prog;

	of.shapes.choice[SHAPE_PLACE] = PLACE_PARAMETER;
	of.shapes.choice[SHAPE_ALIAS] = ALIAS_CHOSEN;
	prog_make(&prog, &arena, of.rule, of.role, &of.seq, &of.shapes);
	cr_assert(text_body(&alone, NULL, &prog, -1, &diag));
	for (int suffix = 1; suffix < 100000000; suffix *= 10) {
		char name[16];

		buf_clear(&packed);
		cr_assert(text_body(&packed, NULL, &prog, suffix, &diag));
		snprintf(name, sizeof name, "_%d", suffix);
		take_out(packed.data, name);
		cr_assert_str_eq(packed.data, alone.data, "suffix %s", name);
	}
	cr_assert(strstr(alone.data, ",\n"), "none is wide");
	buf_free(&alone);
	buf_free(&packed);
}

static struct suite_case
make_second(const char *text, enum shape_id helper)
{
	struct suite_case of = make(text);

	of.shapes.choice[SHAPE_HELPER] = (unsigned char)helper;
	of.shapes.choice[SHAPE_CALL] = CALL_FILE;
	return of;
}

#define ACQUIRES                                                                            \
	"_Acquires_lock_(*Lock)\n_At_(*OldIrql, _IRQL_saves_)\n_IRQL_raises_(DISPATCH_LEVEL)\n" \
	"_IRQL_requires_max_(DISPATCH_LEVEL)\nVOID\nAcquireLock_0(PKSPIN_LOCK Lock, PKIRQL OldIrql)"
#define RELEASES(n)                                             \
	"_Releases_lock_(*Lock)\n_IRQL_requires_(DISPATCH_LEVEL)\n" \
	"VOID\nReleaseLock_" #n "(PKSPIN_LOCK Lock, _IRQL_restores_ KIRQL OldIrql)"
#define RELEASE_BODY "\n{\n\tKeReleaseSpinLock(Lock, OldIrql);\n}\n"

Test(text, a_second_file_defines_what_the_first_declares)
{
	struct suite_case cases[3] = {make_second("acq a; rel a", HELPER_BOTH), make("rel a"),
	                              make_second("rel a", HELPER_RELEASE)};
	const struct suite_case *all[3] = {&cases[0], &cases[1], &cases[2]};
	struct buf out = {0}, helpers = {0};
	struct text_span span[3];
	struct diag diag;

	cr_assert(case_file(&out, &helpers, world("sparse"), all, 3, true, RULE_READINGS, span, &diag));
	cr_assert_str_eq(helpers.data,
	                 "#include <ntddk.h>\n\n" ACQUIRES
	                 ";\n\n" RELEASES(0) ";\n\n" ACQUIRES
	                                     "\n{\n\tKeAcquireSpinLock(Lock, OldIrql);\n}\n\n" RELEASES(0)
	                                         RELEASE_BODY "\n" RELEASES(2) ";\n\n" RELEASES(2) RELEASE_BODY);
	cr_assert(span[0].helpers_first == 3 && span[0].helpers_lines == 29);
	cr_assert_eq(span[1].helpers_lines, 0);
	cr_assert(span[2].helpers_first == 33 && span[2].helpers_lines == 12);
	cr_assert(strstr(out.data, "\n" RELEASES(2) ";\n"));
	buf_free(&out);
	buf_free(&helpers);
}

Test(text, nodes_of_the_second_part_have_its_lines_and_in_one_file_it_follows_the_routine)
{
	struct suite_case of = make_second("acq a; rel a", HELPER_RELEASE);
	const struct suite_case *one = &of;
	struct prog prog;
	const char *body = body_of(&of, &prog), *line;
	struct buf out = {0}, helpers = {0};
	struct text_span span;
	struct diag diag;

	cr_assert_eq(prog.function[1].body->line, LINE_SECOND + 11);
	cr_assert(case_file(&out, &helpers, world("native"), &one, 1, false, RULE_READINGS, &span, &diag));
	cr_assert_eq(helpers.len, 0);
	cr_assert_eq(strncmp(line_of(out.data, span.first), body, strlen(body)), 0);
	line = line_of(out.data, span.helpers_first + 10);
	cr_assert_eq(strncmp(line, "\tKeReleaseSpinLock(Lock", 23), 0);
	cr_assert_eq(strncmp(line_of(out.data, span.first + prog.end_line - 1), "}\n\n_Releases_lock_(", 19), 0);
	buf_free(&out);
	buf_free(&helpers);
}

Test(text, a_second_file_that_does_not_fit_changes_nothing)
{
	static const struct {
		enum shape_id helper, argument;
	} rows[] = {
		{HELPER_NONE, ARGUMENT_BY_LOCK},         {HELPER_CONDITIONAL, ARGUMENT_BY_LOCK},
		{HELPER_FALLIBLE, ARGUMENT_BY_LOCK},     {HELPER_GUARD, ARGUMENT_BY_LOCK},
		{HELPER_RELEASE, ARGUMENT_BY_EXTENSION}, {HELPER_BOTH, ARGUMENT_BY_INDEX},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct suite_case of = make_second("if ? { acq a; work; rel a }", rows[i].helper), plain;
		struct prog prog;
		const char *body;

		of.shapes.choice[SHAPE_ARGUMENT] = (unsigned char)rows[i].argument;
		if (rows[i].argument == ARGUMENT_BY_INDEX)
			of.shapes.choice[SHAPE_PLACE] = PLACE_ARRAY;
		plain = of;
		plain.shapes.choice[SHAPE_CALL] = CALL_STATIC;
		body = body_of(&of, &prog);
		cr_assert_not(prog.effects >> SHAPE_CALL & 1, "row %u", (unsigned)i);
		cr_assert_str_eq(body, body_of(&plain, &prog));
		cr_assert_eq(prog.effects, SHAPE_ALL, "row %u", (unsigned)i);
	}
}

/* How often a word stands in a text. */
static unsigned
count_word(const char *text, const char *word)
{
	size_t length = strlen(word);
	unsigned count = 0;

	for (const char *at = text; (at = strstr(at, word)); at += length)
		count += !isalnum((unsigned char)at[length]) && at > text && !isalnum((unsigned char)at[-1]);
	return count;
}

/* Each field of the device extension, up to that of the template, is used. */
static void
check_fields(const char *body)
{
	const char *at = strstr(body, "typedef struct _DEVICE_EXTENSION {\n");
	const char *last = strstr(body, "\tIO_CSQ PendingQueue;");

	cr_assert(at && last);
	for (at = strchr(at, '\n') + 1; at < last; at = strchr(at, '\n') + 1) {
		const char *end = strpbrk(at, ";["), *name = end;
		char field[64];

		while (isalnum((unsigned char)name[-1]))
			name--;
		snprintf(field, sizeof field, "%.*s", (int)(end - name), name);
		cr_expect(count_word(body, field) > 1, "%s is not used in\n%s", field, body);
	}
}

Test(text, the_device_extension_has_no_field_that_is_not_used)
{
	static const char *const sequences[] = {
		"acq a; rel a", "acq a; if ? { work; rel a; return } else { work }; work; rel a",
		"loop { if ? { acq a; work; work; rel a } else { break } }; if p { if ? { acq a } }"};

	for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++)
		for (unsigned id = 0; id < SHAPE_ID_COUNT; id++) {
			struct suite_case of = make(sequences[i]);
			struct prog prog;

			of.shapes.choice[shape_row((enum shape_id)id)->dimension] = (unsigned char)id;
			if (shape_row((enum shape_id)id)->dimension == SHAPE_CALL)
				of.shapes.choice[SHAPE_HELPER] = HELPER_BOTH;
			check_fields(body_of(&of, &prog));
		}
}

Test(text, one_blank_line_at_most_stands_between_types_macros_and_functions)
{
	static const enum shape_id places[] = {PLACE_EXTENSION, PLACE_NESTED, PLACE_HEAP,
	                                       PLACE_COMPUTED,  PLACE_GLOBAL, PLACE_LOCAL};
	static const enum shape_id helpers[] = {HELPER_NONE, HELPER_GUARD, HELPER_DIRECTION_ENUM};
	enum { PLACES = sizeof places / sizeof *places, HELPERS = sizeof helpers / sizeof *helpers };

	for (unsigned i = 0; i < PLACES * HELPERS; i++)
		for (unsigned id = 0; id < SHAPE_ID_COUNT; id++)
			for (unsigned flag = FLAG_REQUEST; shape_row((enum shape_id)flag)->dimension == SHAPE_FLAG;
			     flag++) {
				struct suite_case of = make("acq a; if p { work }; rel a; if !p { return }; if ? { work }");
				struct prog prog;
				const char *body;

				of.shapes.choice[shape_row((enum shape_id)id)->dimension] = (unsigned char)id;
				of.shapes.choice[SHAPE_PLACE] = (unsigned char)places[i % PLACES];
				of.shapes.choice[SHAPE_HELPER] = (unsigned char)helpers[i / PLACES];
				of.shapes.choice[SHAPE_FLAG] = (unsigned char)flag;
				body = body_of(&of, &prog);
				cr_assert(!strstr(body, "\n\n\n") && !strstr(body, "\n\n}"), "%s, place %u, flag %u:\n%s",
				          shape_row((enum shape_id)id)->name, i % PLACES, flag, body);
			}
}

/* Compilers disagree on which line __LINE__ is in a macro's argument. */
Test(text, a_call_of_a_macro_stands_on_one_line_however_long)
{
	static const char text[] =
		"loop { loop { loop { try a { try a { break }; rel a } else { try a { stop } } } } }";
	static const char call[] = "DRIVER_REQUIRE((ULONG)KeTryToAcquireSpinLockAtDpcLevel(";
	struct suite_case of = {.rule = &rule, .shapes = shapes_default()};
	struct prog prog;
	const char *begin, *end;
	struct diag diag;

	cr_assert(rule_find_role(&rule, "dpc", &of.role));
	cr_assert(seq_read(&of.seq, &arena, &rule, of.role, "test", text, strlen(text), &diag), "%s",
	          diag.message);
	of.shapes.choice[SHAPE_PLACE] = PLACE_COMPUTED;
	of.shapes.choice[SHAPE_RESULT] = RESULT_CAST;
	of.shapes.choice[SHAPE_STOP] = STOP_ASSERT;
	cr_assert(begin = strstr(body_of(&of, &prog), call));
	end = strchr(begin, '\n');
	cr_expect(!memcmp(end - 2, ");", 2) && end - begin > 95, "%.*s", (int)(end - begin), begin);
}
