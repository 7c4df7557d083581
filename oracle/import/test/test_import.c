/* import: paths and lines find their case and no other, states only rise, and what contradicts itself is
 * refused. */
#include "import_drivers.h"

#include "tool_rule.h"

static struct import import;
static struct diag diag;

static void
begin(void)
{
	place_cases(&import);
}

static void
end(void)
{
	import_free(&import);
}

TestSuite(import, .init = begin, .fini = end);

Test(import, a_path_finds_its_file_at_a_separator_or_by_its_base_name_alone)
{
	static const struct {
		const char *path, *file;
	} rows[] = {
		{"cases/000000001.c", "cases/000000001.c"},
		{"/tmp/x/cases/000000001.c", "cases/000000001.c"},
		{"C:\\work\\cases\\000000001.c", "cases/000000001.c"},
		{"./cases/000000001-helpers.c", "cases/000000001-helpers.c"},
		{"000000001.c", "cases/000000001.c"},
		{"/tmp/000000001.c", NULL},
		{"xcases/000000001.c", NULL},
		{"cases/000000003.c", NULL},
		{"cases/00000000", NULL},
		{"cases/000000001.c/", NULL},
		{"cases/000000001.cc", NULL},
		{"", NULL},
		{"/", NULL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t file = import_find_file(&import, rows[i].path);

		cr_expect_eq(file != IMPORT_NONE, rows[i].file != NULL, "%s", rows[i].path);
		if (file != IMPORT_NONE && rows[i].file)
			cr_expect_str_eq(import.file[file].path, rows[i].file);
	}
}

Test(import, of_files_with_one_base_name_the_longest_end_counts)
{
	static const char *const files[] = {"a.c", "x/a.c", "y/x/a.c"};
	const struct text_span span = {1, 5, 0, 0};
	struct import other;

	import_begin(&other, 3);
	for (uint32_t i = 0; i < 3; i++)
		import_place(&other, i, files[i], files[i], NULL, &span);
	cr_assert(import_ready(&other, "manifest", &diag));
	for (uint32_t i = 0; i < 3; i++)
		cr_expect_str_eq(other.file[import_find_file(&other, files[i])].path, files[i]);
	cr_expect_str_eq(other.file[import_find_file(&other, "z/a.c")].path, "a.c");
	import_free(&other);
}

Test(import, every_line_of_a_body_finds_its_case_and_no_other_line_does)
{
	static const struct {
		const char *file;
		uint32_t line, of, of_body;
	} rows[] = {
		{"000000000.c", 2, IMPORT_NONE, 0},
		{"000000000.c", 3, 0, 1},
		{"000000000.c", 12, 0, 10},
		{"000000000.c", 13, IMPORT_NONE, 0},
		{"000000001-helpers.c", 1, IMPORT_NONE, 0},
		{"000000001-helpers.c", 2, 1, LINE_SECOND + 1},
		{"000000001-helpers.c", 6, 1, LINE_SECOND + 5},
		{"000000001-helpers.c", 7, IMPORT_NONE, 0},
		{"000000001.c", 4, 1, 2},
		{"000000002.c", 12, 2, 10},
		{"000000002.c", 13, 3, 1},
		{"000000002.c", 23, IMPORT_NONE, 0},
		{"000000004.c", 14, 4, 12},
		{"000000004.c", 15, 4, LINE_SECOND + 1},
		{"000000004.c", 18, 4, LINE_SECOND + 4},
		{"000000004.c", 19, 4, 17},
		{"000000004.c", 4000000000U, IMPORT_NONE, 0},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t of_body,
			of = import_find_line(&import, import_find_file(&import, rows[i].file), rows[i].line, &of_body);

		cr_expect_eq(of, rows[i].of, "%s:%u", rows[i].file, rows[i].line);
		cr_expect_eq(of_body, rows[i].of_body, "%s:%u", rows[i].file, rows[i].line);
	}
}

Test(import, a_stem_finds_its_file)
{
	cr_expect_str_eq(import.file[import_find_stem(&import, "000000001", 9)].path, "cases/000000001.c");
	cr_expect_str_eq(import.file[import_find_stem(&import, "000000001-helpers", 17)].path,
	                 "cases/000000001-helpers.c");
	cr_expect_eq(import_find_stem(&import, "00000000", 8), IMPORT_NONE);
	cr_expect_eq(import_find_stem(&import, "000000003", 9), IMPORT_NONE);
	cr_expect_eq(import_find_stem(&import, "", 0), IMPORT_NONE);
}

Test(import, an_id_finds_its_case)
{
	cr_expect_eq(import_find_id(&import, "a"), 0);
	cr_expect_eq(import_find_id(&import, "e"), 4);
	cr_expect_eq(import_find_id(&import, "f"), IMPORT_NONE);
	cr_expect_eq(import_find_id(&import, ""), IMPORT_NONE);
}

Test(import, without_a_word_no_case_is_answered)
{
	cr_assert(import_end(&import, &diag));
	cr_expect_str_eq(states_of(&import), ".....");
}

Test(import, states_rise_in_any_order)
{
	static const char said[] = ".puvc";
	static const enum answer_state states[] = {ANSWER_NOT_RUN, ANSWER_PASS, ANSWER_UNKNOWN, ANSWER_VIOLATION,
	                                           ANSWER_CRASH};

	for (unsigned order = 0; order < 125; order++) {
		const unsigned all[] = {order % 5, order / 5 % 5, order / 25};
		unsigned most = 0;

		import_free(&import);
		place_cases(&import);
		for (unsigned i = 0; i < 3; i++) {
			if (said[all[i]] == 'v')
				import_say(&import, 0, KIND_MISSING_RELEASE, 4);
			else
				import_cover(&import, import_find_file(&import, "000000000.c"), states[all[i]], "log");
			most = all[i] > most ? all[i] : most;
		}
		cr_expect_eq(states_of(&import)[0], said[most], "order %u: %s", order, states_of(&import));
	}
}

Test(import, a_case_of_two_files_passes_when_both_are_passed)
{
	const uint32_t first = import_find_file(&import, "000000001.c"),
				   second = import_find_file(&import, "000000001-helpers.c");

	import_cover(&import, import_find_file(&import, "000000002.c"), ANSWER_PASS, "log");
	import_cover(&import, import_find_file(&import, "000000004.c"), ANSWER_PASS, "log");
	import_cover(&import, second, ANSWER_PASS, "log");
	import_cover(&import, second, ANSWER_PASS, "log");
	cr_expect_str_eq(states_of(&import), "..ppp");
	import_cover(&import, first, ANSWER_PASS, "other");
	cr_expect_str_eq(states_of(&import), ".pppp");
	import_cover(&import, second, ANSWER_CRASH, "log");
	cr_expect_str_eq(states_of(&import), ".cppp");
	import_free(&import);
	place_cases(&import);
	import_cover(&import, first, ANSWER_PASS, "log");
	cr_expect_str_eq(states_of(&import), ".....", "the log of its first file alone");
	import_cover(&import, second, ANSWER_UNKNOWN, "log");
	cr_expect_str_eq(states_of(&import), ".u...");
}

Test(import, findings_are_kept_once)
{
	for (unsigned i = 0; i < 20; i++)
		import_say(&import, 3, i % 2 ? KIND_COUNT : KIND_DOUBLE_ACQUIRE, i % 5);
	import_say(&import, 3, KIND_COUNT, LINE_SECOND + 2);
	cr_expect_eq(import.of[3].findings, 11);
	cr_expect_str_eq(states_of(&import), "...v.");
}

Test(import, a_case_has_one_record_or_is_covered)
{
	static const char one[] = "1.jsonl", two[] = "2.csv";

	cr_assert(import_record(&import, 0, ANSWER_TIMEOUT, true, two, 2, &diag));
	cr_assert(import_record(&import, 0, ANSWER_TIMEOUT, true, two, 3, &diag));
	cr_assert(!import_record(&import, 0, ANSWER_PASS, true, two, 4, &diag));
	cr_expect_str_eq(diag.message, "case a has another answer at line 2 of 2.csv");
	cr_assert(!import_record(&import, 0, ANSWER_TIMEOUT, false, two, 4, &diag));
	cr_assert(!import_record(&import, 0, ANSWER_TIMEOUT, true, one, 1, &diag));
	cr_expect_str_eq(diag.message, "case a has an answer already at line 2 of 2.csv");
	cr_assert(import_end(&import, &diag));
	import_cover_case(&import, 0, ANSWER_NOT_RUN, "log");
	cr_assert(import_end(&import, &diag), "a log that computed nothing says nothing");
	import_cover(&import, import_find_file(&import, "000000000.c"), ANSWER_PASS, "log");
	cr_assert(!import_end(&import, &diag));
	cr_expect_str_eq(diag.file, two);
	cr_expect_eq(diag.line, 2);
	cr_expect_str_eq(diag.message, "case a has an answer in log too");
}

Test(import, cases_on_one_line_or_with_one_id_are_refused)
{
	const struct text_span span[] = {{1, 5, 0, 0}, {5, 5, 0, 0}, {6, 5, 0, 0}};
	struct import other;

	import_begin(&other, 2);
	import_place(&other, 0, "a", "x.c", NULL, &span[0]);
	import_place(&other, 1, "b", "x.c", NULL, &span[1]);
	cr_expect(!import_ready(&other, "m", &diag));
	cr_expect_str_eq(diag.message, "cases a and b stand on the same line of x.c");
	import_free(&other);
	import_begin(&other, 2);
	import_place(&other, 0, "a", "x.c", NULL, &span[0]);
	import_place(&other, 1, "a", "x.c", NULL, &span[2]);
	cr_expect(!import_ready(&other, "m", &diag));
	cr_expect_str_eq(diag.message, "case a stands in it twice");
	import_free(&other);
}

Test(import, meanings_go_by_message_before_rule)
{
	static const char *const kinds[] = {"r=double-acquire", "q=none", "s/1=ignore", "s=missing-release"};
	static const char *const messages[] = {"a=b=ignore", "twice=double-acquire"};
	static const struct {
		const char *rule, *message;
		uint8_t meaning;
	} rows[] = {
		{"r", "", KIND_DOUBLE_ACQUIRE},
		{"r/2", "", KIND_DOUBLE_ACQUIRE},
		{"r2", "", KIND_COUNT},
		{"", "", KIND_COUNT},
		{"q", "", KIND_COUNT},
		{"s/1", "", IMPORT_IGNORED},
		{"s/2", "", KIND_MISSING_RELEASE},
		{"r", "here a=b is", IMPORT_IGNORED},
		{"q", "locked twice", KIND_DOUBLE_ACQUIRE},
		{"q", "locked twic", KIND_COUNT},
		{"release-without-acquire", "", KIND_RELEASE_WITHOUT_ACQUIRE},
	};
	struct import_meaning meaning[6];

	for (unsigned i = 0; i < 4; i++)
		cr_assert(import_read_meaning(&meaning[i], kinds[i], IMPORT_KIND, &diag), "%s", diag.message);
	for (unsigned i = 0; i < 2; i++)
		cr_assert(import_read_meaning(&meaning[4 + i], messages[i], IMPORT_MESSAGE, &diag), "%s",
		          diag.message);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_eq(import_meaning(meaning, 6, "", rows[i].rule, rows[i].message), rows[i].meaning, "%s: %s",
		             rows[i].rule, rows[i].message);
}

Test(import, a_list_of_rules_leaves_out_all_others)
{
	static const struct {
		const char *rule, *message;
		uint8_t meaning;
	} rows[] = {
		{"r", "", KIND_DOUBLE_ACQUIRE},
		{"r/2", "", KIND_DOUBLE_ACQUIRE},
		{"q", "", IMPORT_KINDLESS},
		{"s", "", IMPORT_IGNORED},
		{"s", "a leak", IMPORT_IGNORED},
		{"", "a leak", IMPORT_IGNORED},
		{"r", "a leak", KIND_MISSING_RELEASE},
		{"missing-release", "", IMPORT_IGNORED},
	};
	struct import_meaning meaning[3];

	cr_assert(import_read_meaning(&meaning[0], "r=double-acquire", IMPORT_ONLY, &diag));
	cr_assert(import_read_meaning(&meaning[1], "q=none", IMPORT_KIND, &diag));
	cr_assert(import_read_meaning(&meaning[2], "leak=missing-release", IMPORT_MESSAGE, &diag));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_eq(import_meaning(meaning, 3, "", rows[i].rule, rows[i].message), rows[i].meaning, "%s: %s",
		             rows[i].rule, rows[i].message);
}

Test(import, a_meaning_that_matches_nothing_is_refused)
{
	static const enum import_option options[] = {IMPORT_KIND, IMPORT_ONLY, IMPORT_MESSAGE};
	static const char *const names[] = {"--kind", "--only", "--message"};

	for (unsigned i = 0; i < 3; i++) {
		struct import_meaning meaning;

		cr_assert(import_read_meaning(&meaning, "r=none", options[i], &diag));
		import_meaning(&meaning, 1, "", "s", "S");
		import_meaning(&meaning, 1, "", "rr", "");
		import_know_rule(&meaning, 1, "s");
		cr_expect(!import_check_meanings(&import, &meaning, 1, &diag));
		cr_expect_str_eq(diag.file, names[i]);
		cr_expect_not_null(strstr(diag.message, " 'r': "), "%s", diag.message);
		import_meaning(&meaning, 1, "", "r", "r");
		cr_expect(import_check_meanings(&import, &meaning, 1, &diag), "%s", names[i]);
	}
	struct import_meaning known;

	cr_assert(import_read_meaning(&known, "r=none", IMPORT_KIND, &diag));
	import_know_rule(&known, 1, "r/1");
	cr_expect(import_check_meanings(&import, &known, 1, &diag), "the tool has it");
	cr_expect(import_check_meanings(&import, NULL, 0, &diag));
}

Test(import, results_are_counted_by_rule_and_by_what_they_were_taken_for)
{
	static const char *const rules[] = {"b", "a", "a", "", "b", "a"};
	static const uint8_t taken[] = {KIND_COUNT,     KIND_DOUBLE_ACQUIRE, KIND_DOUBLE_ACQUIRE,
	                                IMPORT_NOTHING, KIND_COUNT,          IMPORT_IGNORED};
	struct buf said = {0};

	for (unsigned i = 0; i < sizeof taken; i++)
		import_count(&import, rules[i], taken[i]);
	cr_assert(import_end(&import, &diag));
	for (unsigned i = 0; i < import.tallies; i++)
		buf_printf(&said, "%s %lu %s, ", import.tally[i].rule, import.tally[i].results,
		           import_taken_name(import.tally[i].taken));
	cr_expect_str_eq(buf_string(&said), " 1 nothing, a 2 double-acquire, a 1 ignored, b 2 violation, ");
	buf_free(&said);
}

Test(import, what_is_no_meaning_is_refused)
{
	static const char *const rows[] = {"", "=", "r", "r=", "=none", "r=double", "r=NONE", "r=none "};
	struct import_meaning meaning;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_expect(!import_read_meaning(&meaning, rows[i], IMPORT_KIND, &diag), "%s", rows[i]);
		cr_expect_str_eq(diag.file, "--kind");
		cr_expect_not_null(strstr(diag.message, "missing-release, "), "%s", diag.message);
	}
	cr_expect(!import_read_meaning(&meaning, "x", IMPORT_MESSAGE, &diag));
	cr_expect_str_eq(diag.file, "--message");
}

Test(import, of_files_with_one_base_name_no_short_end_counts_but_one_that_tells_them_apart)
{
	static const struct {
		const char *path, *file;
	} rows[] = {
		{"driver_snippet.c", NULL},
		{"000000001/driver_snippet.c", "projects/000000001/driver_snippet.c"},
		{"000000001\\driver_snippet.c", "projects/000000001/driver_snippet.c"},
		{"driver_snippet-helpers.c", "projects/000000001/driver_snippet-helpers.c"},
		{"C:/x/projects/000000002/driver_snippet.c", "projects/000000002/driver_snippet.c"},
		{"C:/x/000000002/driver_snippet.c", NULL},
		{"0/driver_snippet.c", NULL},
	};

	import_free(&import);
	place_drivers(&import);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t file = import_find_file(&import, rows[i].path);

		cr_expect_eq(file != IMPORT_NONE, rows[i].file != NULL, "%s", rows[i].path);
		if (file != IMPORT_NONE && rows[i].file)
			cr_expect_str_eq(import.file[file].path, rows[i].file);
	}
	cr_expect(import_is_named(&import.file[import_find_file(&import, "000000001/driver_snippet.c")],
	                          "000000001", 9));
	cr_expect_not(import_is_named(&import.file[import_find_file(&import, "000000004.c")], "000000004", 9));
}

Test(import, what_no_world_can_compile_is_unsupported_until_it_is_answered)
{
	import_free(&import);
	place_drivers(&import);
	cr_expect_str_eq(states_of(&import), "....s");
	import_cover(&import, import_find_file(&import, "000000004.c"), ANSWER_PASS, "log");
	cr_expect_str_eq(states_of(&import), "....p");
}

Test(import, rules_of_known_tools_mean_what_their_pages_say)
{
	struct import_meaning ours = {.text = "C26117", .length = 6, .kind = IMPORT_IGNORED};

	cr_expect_eq(tool_rule_meaning("PREfast", "C26115"), KIND_MISSING_RELEASE);
	cr_expect_eq(tool_rule_meaning("PREfast", "C26166"), IMPORT_KINDLESS);
	cr_expect_eq(tool_rule_meaning("PREfast", "C6001"), IMPORT_IGNORED);
	cr_expect_eq(tool_rule_meaning("CodeQL", "cpp/lockdrill/missing-release"), KIND_MISSING_RELEASE);
	cr_expect_eq(tool_rule_meaning("CodeQL", "cpp/drivers/irql-too-low"), IMPORT_IGNORED);
	cr_expect_eq(tool_rule_meaning("mine", "C6001"), IMPORT_KINDLESS);
	cr_expect_eq(import_meaning(&ours, 1, "PREfast", "C26167", ""), KIND_RELEASE_WITHOUT_ACQUIRE);
	cr_expect_eq(import_meaning(&ours, 1, "PREfast", "C26117", ""), IMPORT_IGNORED);
}
