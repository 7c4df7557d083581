/* diag: the excerpt shows the place under a caret, whatever the line's length, and never wider than a
 * terminal. */
#include <criterion/criterion.h>

#include <string.h>

#include "buf.h"
#include "diag.h"

TestSuite(diag);

/* The character over the caret of what is printed; 0 for the line's end. */
static char
shown(const struct diag *diag)
{
	cr_assert_leq(strlen(diag->excerpt), DIAG_WIDTH);
	cr_assert_leq(diag->caret, strlen(diag->excerpt));
	return diag->excerpt[diag->caret];
}

Test(diag, a_short_line_is_shown_whole)
{
	const char text[] = "one\n\tacq x; rel a\r\nthree";
	struct diag diag;

	diag_at(&diag, "f", text, sizeof text - 1, 9, "no");
	cr_assert_str_eq(diag.excerpt, " acq x; rel a");
	cr_assert(diag.line == 2 && diag.column == 6 && shown(&diag) == 'x');
}

Test(diag, each_place_of_a_long_line_stands_over_the_caret)
{
	enum { LENGTH = 700 };
	char text[LENGTH + 1];

	for (unsigned i = 0; i < LENGTH; i++)
		text[i] = (char)('!' + i % 90);
	text[LENGTH] = 0;
	for (unsigned length = 95; length <= LENGTH; length += 11)
		for (unsigned i = 0; i <= length; i++) {
			struct diag diag;

			diag_at(&diag, "f", text, length, i, "no");
			cr_assert_eq(diag.column, i + 1);
			cr_assert_eq(shown(&diag), i < length ? text[i] : 0, "%u of %u", i, length);
			cr_assert_eq(strlen(diag.excerpt) == length, length <= DIAG_WIDTH);
		}
}

Test(diag, a_long_line_of_utf8_is_cut_between_characters)
{
	struct buf text = {0};

	for (unsigned i = 0; i < 200; i++)
		buf_puts(&text, "\xE2\x82\xAC");
	for (unsigned i = 0; i < 200; i++) {
		struct diag diag;
		const char *at = diag.excerpt;

		diag_at(&diag, "f", text.data, text.len, 3UL * i, "no");
		cr_assert_eq((unsigned char)shown(&diag), 0xE2);
		at += !strncmp(at, "...", 3) ? 3 : 0;
		for (; (unsigned char)*at == 0xE2; at += 3)
			cr_assert((unsigned char)at[1] == 0x82 && (unsigned char)at[2] == 0xAC);
		cr_assert(!*at || !strcmp(at, "..."), "'%s'", diag.excerpt);
	}
	buf_free(&text);
}

Test(diag, a_place_behind_the_text_is_its_end)
{
	struct diag diag;

	diag_at(&diag, "f", "ab   ", 5, 99, "no");
	cr_assert_str_eq(diag.excerpt, "ab");
	cr_assert(diag.column == 6 && diag.caret == 2);
}

Test(diag, what_else_is_wrong_is_kept_and_what_does_not_fit_is_told)
{
	struct diag diag, further;
	size_t length;

	diag_set(&diag, "a.yaml", 1, 2, "one");
	cr_assert_str_eq(diag.more, "");
	diag_set(&further, "a.yaml", 3, 4, "two");
	diag_add(&diag, &further);
	cr_assert_str_eq(diag.more, "a.yaml:3:4: error: two\n");
	for (unsigned i = 0; i < 1000; i++)
		diag_add(&diag, &further);
	length = strlen(diag.more);
	cr_assert_lt(length, sizeof diag.more);
	cr_assert_str_eq(diag.more + length - strlen("two\nand more\n"), "two\nand more\n");
	diag_set(&diag, "a.yaml", 1, 2, "one");
	cr_assert_str_eq(diag.more, "");
}
