/* message: what is kept can be shown, is no longer than it may be, says where it was cut, and names no
 * path of the run. */
#include <criterion/criterion.h>

#include "buf.h"
#include "message.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(message, .fini = end, .timeout = 10);

static const char *
of(const char *text, size_t length, const struct message_path *path)
{
	struct message message = {0};

	message_add(&message, &arena, text, length, path);
	return message_text(&message, &arena);
}

Test(message, what_cannot_be_shown_becomes_a_question_mark)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{"one line\n", "one line"},
		{"two\r\nlines\r\n\n", "two\nlines"},
		{"\ta tab \x1b[1m \x7f", "\ta tab ?[1m ?"},
		{"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x94\x92", "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x94\x92"},
		{"\xc0\x80 \xed\xa0\x80 \xf4\x90\x80\x80 \xff", "?? ??? ???? ?"}, /* too long, surrogate, too high */
		{"\xe2\x82", "??"},
		{"a\rb", "a?b"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_str_eq(of(rows[i].text, strlen(rows[i].text), NULL), rows[i].message, "row %zu", i);
	cr_expect_str_eq(of("a\0b", 3, NULL), "a?b");
	cr_expect_null(of(" \n\t\r\n", 5, NULL));
	cr_expect_null(of("", 0, NULL));
}

Test(message, no_text_is_no_message)
{
	cr_expect_null(of(NULL, 0, NULL));
	cr_expect_null(of(" \n", 2, NULL));
	cr_expect_null(message_end(&arena, NULL, 0, NULL));
	cr_expect_null(message_end(&arena, "\n\n", 2, NULL));
	cr_expect_null(of("/run/", 5, (const struct message_path[MESSAGE_PATHS]){{"/run/", ""}}));
}

Test(message, several_texts_are_lines)
{
	struct message message = {0};

	message_add(&message, &arena, "one\n", 4, NULL);
	message_add(&message, &arena, "\n", 1, NULL);
	message_add(&message, &arena, "two", 3, NULL);
	cr_expect_str_eq(message_text(&message, &arena), "one\ntwo");
}

Test(message, a_long_one_is_cut_between_characters_and_says_so)
{
	struct buf text = {0};

	for (unsigned shift = 0; shift < 4; shift++) {
		const char *message;

		buf_clear(&text);
		for (unsigned i = 0; i < shift; i++)
			buf_putc(&text, 'x');
		while (text.len < 4 * MESSAGE_MOST)
			buf_puts(&text, "\xf0\x9f\x94\x92");
		message = of(text.data, text.len, NULL);
		cr_expect_leq(strlen(message), MESSAGE_MOST);
		cr_expect_gt(strlen(message), MESSAGE_MOST - 12);
		cr_expect_eq((strlen(message) - strlen(" " MESSAGE_CUT) - shift) % 4, 0);
		cr_expect_str_eq(strrchr(message, ' '), " " MESSAGE_CUT);
		message = message_end(&arena, text.data, text.len, NULL);
		cr_expect_leq(strlen(message), MESSAGE_MOST);
		cr_expect_eq((strlen(message) - strlen(MESSAGE_CUT " ")) % 4, 0);
		cr_expect_eq(strncmp(message, MESSAGE_CUT " \xf0", strlen(MESSAGE_CUT " \xf0")), 0);
	}
	buf_free(&text);
}

Test(message, one_that_fits_is_not_cut)
{
	struct buf text = {0};

	while (text.len < MESSAGE_MOST - strlen(" " MESSAGE_CUT))
		buf_putc(&text, 'x');
	cr_expect_str_eq(of(text.data, text.len, NULL), text.data);
	cr_expect_str_eq(message_end(&arena, text.data, text.len, NULL), text.data);
	buf_putc(&text, 'x');
	cr_expect(strstr(of(text.data, text.len, NULL), MESSAGE_CUT));
	cr_expect(strstr(message_end(&arena, text.data, text.len, NULL), MESSAGE_CUT));
	buf_free(&text);
}

Test(message, the_end_begins_at_a_line)
{
	struct buf text = {0};

	for (unsigned i = 0; i < 100; i++)
		buf_printf(&text, "line %u of a trace\n", i);
	cr_expect_eq(strncmp(message_end(&arena, text.data, text.len, NULL), MESSAGE_CUT "\nline ", 11), 0);
	cr_expect(strstr(message_end(&arena, text.data, text.len, NULL), "\nline 99 of a trace"));
	cr_expect_null(message_end(&arena, "  \n", 3, NULL));
	buf_free(&text);
}

Test(message, paths_of_the_run_are_replaced_wherever_they_stand)
{
	static const struct message_path path[MESSAGE_PATHS] = {
		{"/tmp/run/3/pack.c", "000000007.c"}, {NULL, NULL}, {"/tmp/run/3/", ""}, {"/tmp/run/", ""}};
	static const char text[] =
		"in /tmp/run/3/pack.c:4, from /tmp/run/3/work/a and /tmp/run/include/x.h: /tmp/r";

	cr_expect_str_eq(of(text, sizeof text - 1, path),
	                 "in 000000007.c:4, from work/a and include/x.h: /tmp/r");
}
