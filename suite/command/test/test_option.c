/* option: every way to write an option is taken, and what is wrong is refused with a message that helps. */
#include <criterion/criterion.h>

#include "buf.h"
#include "option.h"

TestSuite(option);

enum { WORDS = 300, OPERANDS = 3 };

/* What a made-up command takes. */
static struct taken {
	bool quiet;
	const char *format;
	struct option_list rules;
	unsigned long long size, jobs;
	const char *operand[OPERANDS];
	unsigned operands;
	struct diag diag;
} taken;

/* Parses the words of a line, split at blanks; "''" is an empty word. */
static bool
parse(const char *line)
{
	static char words[4096];
	char *argv[WORDS];
	int argc = 1;
	static const struct option options[] = {
		{"format", OPTION_STRING_AT(taken, format), .value = "NAME", .help = "table or json"},
		{"rule", OPTION_LIST_AT(taken, rules), .value = "NAME", .help = "only this rule"},
		{"size", OPTION_NUMBER_AT(taken, size), .most = 1000, .value = "N", .help = "statements"},
		{"j", OPTION_NUMBER_AT(taken, jobs), .least = 1, .most = 64, .value = "N", .help = "jobs at once"},
		{0},
	};
	static const struct option common[] = {
		{"quiet", OPTION_FLAG_AT(taken, quiet), .letter = 'q', .help = "no progress"},
		{0},
	};
	struct option_set sets[2] = {{options, &taken, 0}, {common, &taken, 0}};

	cr_assert_lt(strlen(line), sizeof words);
	strcpy(words, line);
	argv[0] = (char[]){"command"};
	for (char *word = strtok(words, " "); word && argc < WORDS; word = strtok(NULL, " ")) {
		if (!strcmp(word, "''"))
			word[0] = 0;
		argv[argc++] = word;
	}
	taken = (struct taken){.size = 99, .jobs = 1};
	return option_parse(sets, argc, argv, taken.operand, OPERANDS, &taken.operands, &taken.diag);
}

static void
accepts(const char *line)
{
	cr_assert(parse(line), "'%s': %s", line, taken.diag.message);
}

static void
refuses(const char *line, const char *message)
{
	cr_assert_not(parse(line), "'%s' was taken", line);
	cr_assert(strstr(taken.diag.message, message), "'%s': %s", line, taken.diag.message);
	cr_assert_str_eq(taken.diag.file, "command");
}

Test(option, nothing_at_all_leaves_the_defaults)
{
	accepts("");
	cr_assert(!taken.quiet && !taken.format && !taken.rules.count && taken.size == 99 && taken.jobs == 1);
	cr_assert_eq(taken.operands, 0);
}

Test(option, all_ways_to_give_a_value)
{
	accepts("--format json --size=7 -j 3");
	cr_assert_str_eq(taken.format, "json");
	cr_assert(taken.size == 7 && taken.jobs == 3);
	accepts("--format=json -j12");
	cr_assert_str_eq(taken.format, "json");
	cr_assert_eq(taken.jobs, 12);
	accepts("--format --quiet");
	cr_assert_str_eq(taken.format, "--quiet", "a value may begin with a dash");
	cr_assert_not(taken.quiet);
	accepts("--format=a=b");
	cr_assert_str_eq(taken.format, "a=b");
}

Test(option, a_list_keeps_its_order)
{
	accepts("--rule One x --rule=Two --quiet");
	cr_assert_eq(taken.rules.count, 2);
	cr_assert_str_eq(taken.rules.item[0], "One");
	cr_assert_str_eq(taken.rules.item[1], "Two");
	cr_assert(taken.quiet);
	cr_assert_eq(taken.operands, 1);
}

Test(option, operands_stand_anywhere)
{
	accepts("one --quiet - two");
	cr_assert_eq(taken.operands, 3);
	cr_assert_str_eq(taken.operand[0], "one");
	cr_assert_str_eq(taken.operand[1], "-");
	cr_assert_str_eq(taken.operand[2], "two");
	accepts("--quiet -- --quiet -- -j");
	cr_assert_eq(taken.operands, 3);
	cr_assert_str_eq(taken.operand[0], "--quiet");
	cr_assert_str_eq(taken.operand[1], "--");
	cr_assert_str_eq(taken.operand[2], "-j");
	accepts("''");
	cr_assert_eq(taken.operands, 1);
	refuses("a b c d", "'d'");
	refuses("-- a b c d", "'d'");
}

Test(option, numbers_are_decimal_and_within_their_limit)
{
	accepts("--size 0");
	cr_assert_eq(taken.size, 0);
	accepts("--size=1000");
	cr_assert_eq(taken.size, 1000);
	accepts("--size 007");
	cr_assert_eq(taken.size, 7);
	refuses("--size 1001", "1000");
	refuses("--size=-1", "'-1'");
	refuses("--size -1", "'-1'");
	refuses("--size +1", "'+1'");
	refuses("--size 0x10", "'0x10'");
	refuses("--size 1e2", "'1e2'");
	refuses("--size 5k", "'5k'");
	refuses("--size=", "''");
	refuses("--size ''", "''");
	refuses("--size 18446744073709551617", "not a number");
	refuses("-j65", "64");
	refuses("-jx", "'x'");
	refuses("-j0", "from 1 to 64");
}

Test(option, unknown_options_get_the_nearest_known_one)
{
	refuses("--quite", "'--quite'");
	refuses("--quite", "--quiet");
	refuses("--formt json", "--format");
	refuses("--rules One", "--rule");
	refuses("--sizes", "--size");
	refuses("--nope", "unknown option '--nope' (--help");
	refuses("--xyzzy", "'--xyzzy' (--help");
	refuses("-x", "'-x'");
	refuses("-x3", "'-x'");
	refuses("--j 3", "unknown");
	refuses("-quiet", "unknown");
	refuses("--=3", "unknown");
}

Test(option, values_that_are_missing_or_not_wanted)
{
	refuses("--format", "needs a value");
	refuses("-j", "needs a value");
	refuses("a --rule", "NAME");
	refuses("--quiet=yes", "takes no value");
	refuses("--quiet=", "takes no value");
}

Test(option, an_empty_value_is_refused)
{
	refuses("--format=", "--format: the NAME is empty");
	refuses("--format ''", "--format: the NAME is empty");
	refuses("--rule=", "--rule: the NAME is empty");
}

Test(option, a_value_that_is_given_twice_is_one_value)
{
	accepts("--format a --format=a --size 7 --size=007 --quiet --quiet");
	cr_assert(taken.size == 7 && taken.quiet);
	refuses("--format a --format b", "--format is given twice");
	refuses("--size 7 --quiet --size 8", "--size is given twice");
	refuses("-j 1 -j2", "-j is given twice");
}

Test(option, a_list_is_full_at_256)
{
	struct buf line = {0};

	for (unsigned i = 0; i < OPTION_LIST_MOST; i++)
		buf_printf(&line, "--rule=r%u ", i);
	accepts(line.data);
	cr_assert_eq(taken.rules.count, 256);
	cr_assert_str_eq(taken.rules.item[255], "r255");
	buf_puts(&line, "--rule=more");
	refuses(line.data, "too often");
	buf_free(&line);
}

Test(option, messages_write_an_option_as_it_is_written)
{
	refuses("-j", "-j needs a value");
	refuses("-j x", "-j: 'x'");
	cr_assert_null(strstr(taken.diag.message, "--j"));
	refuses("--size x", "--size: 'x'");
}

Test(option, a_letter_is_a_second_spelling_of_an_option)
{
	accepts("-q");
	cr_assert(taken.quiet);
	refuses("-qq", "unknown");
	refuses("--q", "unknown");
}

Test(option, a_needed_option_that_is_left_out_is_named_with_what_it_is)
{
	static const struct option options[] = {
		{"format", OPTION_STRING_AT(taken, format), .needed = true, .value = "NAME", .help = "table or json"},
		{0},
	};
	struct option_set set = {options, &taken, 0};

	taken = (struct taken){0};
	cr_assert_not(option_all_given(&set, "command", &taken.diag));
	cr_assert_str_eq(taken.diag.message, "--format NAME is missing: table or json");
	set.given = 1;
	cr_assert(option_all_given(&set, "command", &taken.diag));
}

Test(option, what_does_nothing_beside_or_without_another_is_refused)
{
	static const struct option options[] = {
		{"format", OPTION_STRING_AT(taken, format), .with = "size", .value = "NAME", .help = "table or json"},
		{"size", OPTION_NUMBER_AT(taken, size), .most = 9, .value = "N", .help = "statements"},
		{"j", OPTION_NUMBER_AT(taken, jobs), .most = 9, .without = "size", .value = "N", .help = "jobs"},
		{0},
	};
	struct option_set set = {options, &taken, 1};

	cr_assert_not(option_all_given(&set, "command", &taken.diag));
	cr_assert_str_eq(taken.diag.message, "--format does nothing without --size");
	set.given = 3;
	cr_assert(option_all_given(&set, "command", &taken.diag));
	set.given = 6;
	cr_assert_not(option_all_given(&set, "command", &taken.diag));
	cr_assert_str_eq(taken.diag.message, "-j does nothing beside --size");
	set.given = 4;
	cr_assert(option_all_given(&set, "command", &taken.diag));
}

Test(option, messages_do_nothing_to_a_terminal)
{
	refuses("--\x1b[31mred", "unknown option '--\\x1b[31mred'");
	refuses("--size \x07\x7f", "'\\x07\\x7f' is not a number");
}

Test(option, help_stands_in_one_column)
{
	static const struct option options[] = {
		{"format", OPTION_STRING_AT(taken, format), .letter = 'f', .needed = true, .value = "NAME",
	     .help = "table"},
		{"a-rather-long-name", OPTION_STRING_AT(taken, format), .value = "NAME", .help = "x"},
		{0},
	};
	struct buf out = {0};

	option_print_help(&out, options);
	cr_assert_str_eq(out.data, "  -f, --format NAME     table (needed)\n"
	                           "  --a-rather-long-name NAME\n"
	                           "                        x\n");
	buf_free(&out);
}
