/* buf: what is not tried by all that is printed. */
#include <criterion/criterion.h>

#include "buf.h"

Test(buf, newlines_are_counted_also_where_there_is_nothing)
{
	static const char text[] = "one\n\ntwo\nrest";

	cr_assert_eq(buf_newlines(NULL, 0), 0);
	cr_assert_eq(buf_newlines(text, sizeof text - 1), 3);
	cr_assert_eq(buf_newlines(text, 4), 1);
	cr_assert_eq(buf_newlines(text, 3), 0);
}

/* Every length about those where another way to copy begins, at every place in a growing buffer. */
Test(buf, words_of_any_length_are_copied_whole)
{
	char bytes[80];
	struct buf word = {0}, plain = {0};

	for (unsigned i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)('!' + i);
	for (size_t length = 0; length <= 40; length++)
		for (size_t from = 0; from <= 40; from++) {
			buf_add_word(&word, bytes + from, length);
			buf_add(&plain, bytes + from, length);
			cr_assert_eq(word.len, plain.len);
			cr_assert_eq(word.data[word.len], 0);
		}
	cr_assert_not(memcmp(word.data, plain.data, plain.len));
	buf_free(&word);
	buf_free(&plain);
}
