/* page: a page of the manual becomes text that fits a terminal, and a man page that roff takes. */
#include <criterion/criterion.h>

#include <string.h>

#include "page.h"

TestSuite(page);

static void
becomes(const char *page, const char *text)
{
	struct buf out = {0};

	page_print_text(&out, page, strlen(page));
	cr_expect_str_eq(buf_string(&out), text);
	buf_free(&out);
}

static void
becomes_man(const char *page, const char *text)
{
	struct buf out = {0};

	page_print_man(&out, page, strlen(page));
	cr_expect_str_eq(buf_string(&out), text);
	buf_free(&out);
}

Test(page, marks_within_a_line_are_taken_away_and_links_keep_their_text)
{
	becomes("# One\n\nA **pair** is\n`a**b`, see [there](x.md).\n",
	        "# One\n\nA pair is `a**b`, see there.\n");
	becomes("a [1] and `[a](b)`\n", "a [1] and `[a](b)`\n");
	becomes("![a line](x.svg) and `![a](b)`, no! [a](b)!\n", "a line and `![a](b)`, no! a!\n");
}

Test(page, code_stands_as_it_is)
{
	becomes("```c\nint  a;\n\n  # no heading\n```\nx\n", "    int  a;\n\n      # no heading\n\nx\n");
	becomes("```\nnever ended", "    never ended\n");
	becomes("```c a/b.c\nint a;\n```\n", "a/b.c:\n    int a;\n");
}

Test(page, items_are_indented_and_follow_without_a_gap)
{
	becomes("- one\n  more\n- two\n\n12. three\n", "- one more\n- two\n12. three\n");
}

Test(page, tables_stand_in_columns_and_lose_their_rule)
{
	becomes("| a | b |\n|---|---|\n| `x|y` | 2 |\n", "a      b\n`x|y`  2\n");
}

Test(page, everything_but_code_is_filled_to_the_width)
{
	struct buf page = {0}, out = {0};

	for (unsigned i = 0; i < 300; i++)
		buf_printf(&page, "%.*s\n", (int)(1 + i % 13), "abcdefghijklm");
	buf_puts(&page, "\n| first | ");
	for (unsigned i = 0; i < 300; i++)
		buf_printf(&page, "%.*s ", (int)(1 + i % 13), "abcdefghijklm");
	buf_puts(&page, "|\n");
	page_print_text(&out, page.data, page.len);
	for (const char *at = out.data; *at; at += strcspn(at, "\n") + 1)
		cr_assert_leq(strcspn(at, "\n"), PAGE_WIDTH);
	buf_free(&page);
	buf_free(&out);
}

Test(page, roff_takes_nothing_of_a_page_for_its_own)
{
	becomes_man("## Two\n\n.dot `a-b` \\ x\n", ".SH Two\n.PP\n\\&.dot \\fBa\\-b\\fR \\e x\n");
	becomes_man("```c a-b.c\nx\n```\n", ".PP\n\\fBa\\-b.c\\fR:\n.PP\n.nf\n.RS 4\nx\n.RE\n.fi\n");
	becomes_man("```\n.x\n'y\n```\n", ".PP\n.nf\n.RS 4\n\\&.x\n\\&\\(aqy\n.RE\n.fi\n");
	becomes_man("- a\n1. b\n", ".IP \\(bu 4\na\n.IP \\(en 4\nb\n");
}

Test(page, a_table_that_is_too_wide_shares_the_width_among_its_columns)
{
	static const char cell[] =
		"words that go on and on, of which there are more than a column of any table holds";
	struct buf page = {0}, out = {0};
	unsigned lines = 0;

	buf_printf(&page, "| a | long | longer |\n|---|---|---|\n| x | %s | %s %s |\n", cell, cell, cell);
	page_print_text(&out, page.data, page.len);
	for (char *line = strtok(out.data, "\n"); line; line = strtok(NULL, "\n")) {
		cr_assert_leq(strlen(line), 100, "%s", line);
		cr_assert_neq(line[strlen(line) - 1], ' ', "'%s'", line);
		lines++;
	}
	cr_assert_leq(lines, 6, "no column is a word wide");
	buf_free(&page);
	buf_free(&out);
}
