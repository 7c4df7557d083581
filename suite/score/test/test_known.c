/* known: a list of accepted failures comes back, is found in, and is refused with its place. */
#include <criterion/criterion.h>
#include <string.h>

#include "known.h"

#define ID_0 "00000000000000000000000000000000"
#define ID_1 "0123456789abcdef0123456789abcdef"
#define ID_2 "fedcba98765432100123456789abcdef"
#define HEAD "known-wrong\t3\n"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(known, .fini = end);

static bool
parse(struct known *known, const char *text, struct diag *diag)
{
	return known_parse(known, &arena, "list", text, strlen(text), diag);
}

Test(known, a_list_comes_back_sorted_and_each_row_once)
{
	static const char wanted[] =
		HEAD ID_0 "\tsparse\tpass\n" ID_1 "\tcoin\tcrash\n" ID_1 "\tsparse\tviolation\n";
	struct known known = {.suite = "3"}, again;
	struct buf out = {0};
	struct diag diag;

	known_add(&known, &arena, ID_1, "sparse", ANSWER_VIOLATION);
	known_add(&known, &arena, ID_1, "coin", ANSWER_TIMEOUT);
	known_add(&known, &arena, ID_0, "sparse", ANSWER_PASS);
	known_add(&known, &arena, ID_1, "coin", ANSWER_CRASH); /* the later one counts */
	known_sort(&known);
	known_print(&out, &known);
	cr_assert_str_eq(buf_string(&out), wanted);
	cr_assert(parse(&again, out.data, &diag), "%s", diag.message);
	buf_clear(&out);
	known_print(&out, &again);
	cr_expect_str_eq(buf_string(&out), wanted);
	cr_expect_eq(known_find(&again, ID_1, "coin")->answer, ANSWER_CRASH);
	cr_expect_eq(known_find(&again, ID_1, "coin")->line, 3U);
	cr_expect_null(known_find(&again, ID_1, "smatch"));
	cr_expect_null(known_find(&again, ID_2, "coin"));
	buf_free(&out);
}

Test(known, comments_empty_lines_marks_and_carriage_returns_are_read)
{
	static const char *const texts[] = {
		"# why\n\n" HEAD "\n# soon\n" ID_1 "\tcoin\tunknown\n",
		"\xef\xbb\xbfknown-wrong\t3\r\n" ID_1 "\tcoin\tunknown\r\n# end",
		HEAD ID_1 "\tcoin\tunknown",
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct known known;
		struct diag diag;

		cr_assert(parse(&known, texts[i], &diag), "%s", diag.message);
		cr_expect_str_eq(known.suite, "3");
		cr_expect_eq(known.count, 1U);
		cr_expect(known.count && known_find(&known, ID_1, "coin"));
	}
}

static const struct {
	const char *text;
	unsigned line, column;
	const char *message;
} refused[] = {
	{"", 1, 1, "begins with 'known-wrong'"},
	{"# nothing\n", 2, 1, "begins with 'known-wrong'"},
	{"known\t3\n", 1, 1, "expected 'known-wrong'"},
	{"known-wrong\n", 1, 12, "expected 'known-wrong'"},
	{"known-wrong\t\n", 1, 13, "expected 'known-wrong'"},
	{"known-wrongs\t3\n", 1, 1, "expected 'known-wrong'"},
	{"known-wrong\t3\t4\n", 1, 14, "expected 'known-wrong'"},
	{HEAD "0123\tcoin\tpass\n", 2, 1, "32 digits"},
	{HEAD "0123456789abcdef0123456789abcdeX\tcoin\tpass\n", 2, 32, "32 digits"},
	{HEAD ID_1 "\tcoin\n", 2, 38, "expected id, checker and answer"},
	{HEAD ID_1 "\t\tpass\n", 2, 34, "expected id, checker and answer"},
	{HEAD ID_1 "\tcoin\tpass\tand more\n", 2, 43, "expected id, checker and answer"},
	{HEAD ID_1 "\tcoin\tpassed\n", 2, 39, "there are: pass violation unknown"},
	{HEAD ID_1 "\tcoin\tpa\x01ss\n", 2, 41, "control character"},
	{HEAD "#\n" ID_1 "\tcoin\tpass\n" ID_0 "\tcoin\tpass\n", 4, 1, "sorted"},
	{HEAD ID_1 "\tcoin\tpass\n" ID_1 "\tbooth\tpass\n", 3, 1, "sorted"},
	{HEAD ID_1 "\tcoin\tpass\n" ID_1 "\tcoin\tcrash\n", 3, 1, "the same id and checker"},
};

Test(known, what_is_no_list_is_refused_with_its_place)
{
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct known known;
		struct diag diag;

		cr_expect_not(parse(&known, refused[i].text, &diag), "%s", refused[i].text);
		cr_expect_eq(diag.line, refused[i].line, "%s: line %u", refused[i].text, diag.line);
		cr_expect_eq(diag.column, refused[i].column, "%s: column %u", refused[i].text, diag.column);
		cr_expect(strstr(diag.message, refused[i].message), "%s: %s", refused[i].text, diag.message);
	}
}
