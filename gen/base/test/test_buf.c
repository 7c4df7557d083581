
Test(buf, newlines_are_counted_also_where_there_is_nothing)
{
	static const char text[] = "one\n\ntwo\nrest";

	cr_assert_eq(buf_newlines(NULL, 0), 0);
	cr_assert_eq(buf_newlines(text, sizeof text - 1), 3);
	cr_assert_eq(buf_newlines(text, 4), 1);
	cr_assert_eq(buf_newlines(text, 3), 0);
}
