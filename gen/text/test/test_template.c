/* Templates: slots, conditions and sections; errors at their place. */
#include <criterion/criterion.h>

#include "template.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(template, .fini = end);

static const char *
fill(const char *text, const char *value)
{
	struct template_slot slots[] = {{"name", value, strlen(value)}, {"empty", "", 0}};
	struct template template;
	uint32_t lines = 0;
	struct buf out = {0};
	struct diag diag;
	const char *copy;

	cr_assert(template_parse(&template, &arena, "t", text, strlen(text), &diag), "%s", diag.message);
	cr_assert(template_print(&out, template_section(&template, "s"), slots, 2, &lines, &diag), "%s",
	          diag.message);
	copy = arena_string(&arena, buf_string(&out));
	buf_free(&out);
	return copy;
}

Test(template, slots_and_conditions_are_filled_in)
{
	cr_expect_str_eq(fill("@begin s\na @{name} b\n@end\n", "X"), "a X b\n");
	cr_expect_str_eq(fill("@begin s\n@{name}\n@{empty}\n@end\n", "X\nY"), "X\nY\n");
	cr_expect_str_eq(fill("@begin s\n@if name\nyes\n@endif\n@if empty\nno\n@endif\nz\n@end\n", "X"),
	                 "yes\nz\n");
	cr_expect_str_eq(fill("@# comment\n@begin s\nx@@y\n@end\n", ""), "x@y\n");
	cr_expect_str_eq(fill("@begin s\n@if name\nyes\n@else\nno\n@endif\nz\n@end\n", "X"), "yes\nz\n");
	cr_expect_str_eq(fill("@begin s\n@if empty\nno\n@else\n@{name}\n@endif\n@end\n", "X"), "X\n");
	cr_expect_str_eq(fill("@begin s\n@if empty\n@if name\nno\n@endif\n@endif\n@end\n", "X"), "");
}

Test(template, files_with_crlf_or_a_byte_order_mark_print_the_same_text)
{
	cr_expect_str_eq(fill("@begin s\r\na @{name} b\r\n@{empty}\r\n@{name}\r\n@end\r\n", "X"), "a X b\nX\n");
	cr_expect_str_eq(fill("\xef\xbb\xbf@begin s\nx\n@end\n", ""), "x\n");
	cr_expect_str_eq(fill("@begin s\na\rb\n@end\n", ""), "a\rb\n");
}

Test(template, values_are_found_by_their_key)
{
	static const char text[] = "@set color dark blue\n@begin s\n@end\n";
	struct template template;
	struct diag diag;

	cr_assert(template_parse(&template, &arena, "t", text, sizeof text - 1, &diag));
	cr_assert_str_eq(template_value(&template, "color"), "dark blue");
	cr_assert_null(template_value(&template, "colour"));
	cr_assert_null(template_section(&template, "t"));
}

Test(template, broken_templates_are_refused_at_their_line_and_column)
{
	static const struct {
		const char *text, *message;
		unsigned line, column;
	} rows[] = {
		{"@begin s\n", "not closed", 1, 1},
		{"@end\n", "without @begin", 1, 1},
		{"@begin s\n@begin t\n@end\n", "open already", 2, 1},
		{"@begin s\n@endif\n@end\n", "without @if", 2, 1},
		{"@begin s\n@if x\n@end\n", "before @endif", 3, 1},
		{"@begin s\n@else\n@end\n", "without @if", 2, 1},
		{"@begin s\n@if x\n@else\n@else\n@endif\n@end\n", "a second @else", 4, 1},
		{"@begin s\nab @{ x}\n@end\n", "expected @{slot}", 2, 4},
		{"@begin s\nab @x\n@end\n", "expected @{slot}", 2, 4},
		{"hello\n", "outside a section", 1, 1},
		{"@begin s\n@frob\n@end\n", "unknown directive @frob", 2, 1},
		{"@begin s\n@end\n@set a b\n", "before the first section", 3, 1},
		{"@set a\n", "expected @set KEY VALUE", 1, 1},
		{"@set a b\n@set a c\n", "a value is there already: a", 2, 1},
		{"@begin s\n@end\n@begin s\n@end\n", "a section is there already: s", 3, 1},
		{"\xef\xbb\xbfhello\n", "outside a section", 1, 1},
		{"@begin s\r\nab @{ x}\r\n@end\r\n", "expected @{slot}", 2, 4},
	};

	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct template template;
		struct diag diag;

		cr_assert_not(template_parse(&template, &arena, "t", rows[i].text, strlen(rows[i].text), &diag), "%s",
		              rows[i].text);
		cr_expect(strstr(diag.message, rows[i].message), "%s: %s", rows[i].text, diag.message);
		cr_expect(diag.line == rows[i].line && diag.column == rows[i].column, "%s: %u:%u", rows[i].text,
		          diag.line, diag.column);
	}
}

Test(template, an_unknown_slot_is_refused_at_its_place)
{
	static const char text[] = "@begin s\nab\ncd @{who} e\n@end\n";
	struct template template;
	uint32_t lines = 0;
	struct buf out = {0};
	struct diag diag;

	cr_assert(template_parse(&template, &arena, "t", text, sizeof text - 1, &diag));
	cr_assert_not(template_print(&out, template_section(&template, "s"), NULL, 0, &lines, &diag));
	cr_assert_eq(diag.line, 3);
	cr_assert(strstr(diag.message, "'who'"));
	buf_free(&out);
}
