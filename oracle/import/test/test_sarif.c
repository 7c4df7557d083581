/* sarif: the three emptinesses are told apart, a run answers for what it covers and nothing else, and what is
 * broken is refused at its place. The real logs are those of ci/test_import.sh. */
#include "import_drivers.h"

#include "sarif.h"

static struct import import;
static struct sarif_tool tool;
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

TestSuite(sarif, .init = begin, .fini = end);

static struct import_meaning meanings[] = {
	{.text = "twice", .length = 5, .kind = KIND_DOUBLE_ACQUIRE},
	{.text = "chatter", .length = 7, .option = IMPORT_MESSAGE, .kind = IMPORT_IGNORED},
	{.text = "leak", .length = 4, .option = IMPORT_MESSAGE, .kind = KIND_MISSING_RELEASE}};

/* Reads one log into the import as it is. */
static bool
read_text(const char *name, const char *text, bool alone)
{
	const struct sarif_options options = {meanings, 3, alone, false};

	diag = (struct diag){.message = ""};
	return sarif_read(&import, &tool, name, text, strlen(text), &options, &diag);
}

/* Reads one log with these runs into a fresh import. A run's `'` stand for `"`, and @ for its tool. */
static bool
read_runs(const char *name, const char *runs, bool alone)
{
	struct buf text = {0};
	bool ok;

	import_free(&import);
	place_cases(&import);
	tool = (struct sarif_tool){0};
	buf_puts(&text, "{\"version\":\"2.1.0\",\"runs\":[");
	for (; *runs; runs++)
		if (*runs == '@')
			buf_puts(&text,
			         "\"tool\":{\"driver\":{\"name\":\"t\",\"version\":\"1.2\",\"rules\":[{\"id\":\"x\"},"
			         "{\"id\":\"quiet\",\"defaultConfiguration\":{\"level\":\"note\"},"
			         "\"messageStrings\":{\"m\":{\"text\":\"a leak\"}}}]}}");
		else
			buf_putc(&text, *runs == '\'' ? '"' : *runs);
	buf_puts(&text, "]}");
	ok = read_text(name, text.data, alone);
	buf_free(&text);
	return ok;
}

static void
expect_states(const char *name, const char *runs, bool alone, const char *states)
{
	cr_expect(read_runs(name, runs, alone), "%s: %s", runs, diag.message);
	cr_expect_str_eq(states_of(&import), states, "%s: %s instead of %s", runs, states_of(&import), states);
}

#define AT(file, line) \
	"{'physicalLocation':{'artifactLocation':{'uri':'" file "'},'region':{'startLine':" line "}}}"
#define RESULT(file, line) "{'message':{'text':'m'},'locations':[" AT(file, line) "]}"

Test(sarif, the_three_emptinesses_are_three_answers)
{
	expect_states("x", "{@,'results':[]}", true, "ppppp");
	expect_states("x", "{@,'results':null}", true, ".....");
	expect_states("x", "{@}", true, ".....");
	expect_states("x", "{@,'results':[],'invocations':[{'executionSuccessful':false}]}", true, "ccccc");
	expect_states("x", "{@,'invocations':[{'executionSuccessful':false}]}", true, "ccccc");
	expect_states("x", "{@,'results':[],'invocations':[{'executionSuccessful':true}]}", true, "ppppp");
	expect_states("x", "{@,'invocations':[{'executionSuccessful':true}]}", true, ".....");
	expect_states("x", "{@,'results':[],'invocations':[]}", true, "ppppp");
	expect_states("x", "{@,'results':[],'invocations':null}", true, "ppppp");
	expect_states(
		"x", "{@,'results':[],'invocations':[{'executionSuccessful':true},{'executionSuccessful':false}]}",
		true, "ccccc");
	expect_states(
		"x",
		"{@,'results':[" RESULT("cases/000000000.c", "5") "],'invocations':[{'executionSuccessful':false}]}",
		true, "ccccc");
}

Test(sarif, findings_go_to_the_case_of_their_line)
{
	expect_states("x",
	              "{@,'results':[" RESULT("cases/000000002.c", "13") "," RESULT(
					  "file:///w%20x/cases/000000001-helpers.c", "3") "," RESULT("000000004.c", "15") "]}",
	              true, "pvpvv");
	cr_expect_str_eq(findings_of(&import, 3), "- 1");
	cr_expect_str_eq(findings_of(&import, 1), "- +2");
	cr_expect_str_eq(findings_of(&import, 4), "- +1");
	cr_expect_eq(import.strays, 0);
	expect_states("x",
	              "{@,'results':[" RESULT("cases/000000002.c", "2") "," RESULT(
					  "include/locks.h", "3") "," RESULT("file:///usr/include/stdio.h", "3") "]}",
	              true, "ppppp");
	cr_expect_eq(import.strays, 3);
}

Test(sarif, a_result_may_have_no_line_where_there_is_one_case)
{
	expect_states(
		"x",
		"{@,'results':[{'message':{'text':'m'},'locations':[{'physicalLocation':{'artifactLocation':"
		"{'uri':'000000000.c'}}}]}]}",
		true, "vpppp");
	cr_expect_str_eq(findings_of(&import, 0), "- 0");
	expect_states("000000004.sarif", "{@,'results':[{'message':{'text':'m'}}]}", false, "....v");
}

/* The one result of a run that covers all; it counts, or it does not. */
Test(sarif, a_result_counts_by_kind_level_suppression_and_baseline)
{
	static const struct {
		const char *property;
		bool counts;
	} rows[] = {
		{"'kind':'fail'", true},
		{"'kind':'pass'", false},
		{"'level':'error'", true},
		{"'level':'warning'", true},
		{"'level':'note'", false},
		{"'level':'none'", false},
		{"'kind':null,'level':null", true},
		{"'ruleId':'x'", true},
		{"'ruleId':'quiet'", false},
		{"'ruleId':'quiet/sub'", false},
		{"'ruleId':'quieter'", true},
		{"'ruleIndex':1", false},
		{"'ruleIndex':-1", true},
		{"'rule':{'index':7,'toolComponent':{'index':3}},'ruleIndex':-1,'level':'note'", false},
		{"'rule':{'index':1}", false},
		{"'rule':{'id':'quiet'}", false},
		{"'ruleId':'quiet','level':'warning'", true},
		{"'suppressions':[]", true},
		{"'suppressions':[{'kind':'inSource'}]", false},
		{"'suppressions':[{'kind':'external','status':'accepted'}]", false},
		{"'suppressions':[{'kind':'external','status':'underReview'}]", true},
		{"'suppressions':[{'kind':'external','status':'rejected'}]", true},
		{"'suppressions':[{'kind':'inSource'},{'kind':'external','status':'rejected'}]", true},
		{"'suppressions':[{'kind':'external','status':'rejected'},{'kind':'inSource'}]", true},
		{"'baselineState':'absent'", false},
		{"'baselineState':'new'", true},
		{"'baselineState':'unchanged'", true},
		{"'ruleId':'twice'", true},
		{"'message':{'text':'mere chatter'}", false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf run = {0};

		buf_printf(&run, "{@,'results':[{%s,'locations':[" AT("000000000.c", "5") "]}]}", rows[i].property);
		expect_states("x", run.data, true, rows[i].counts ? "vpppp" : "ppppp");
		buf_free(&run);
	}
}

Test(sarif, kinds_come_by_rule_and_message)
{
	expect_states("x",
	              "{@,'results':[{'ruleId':'twice','locations':[" AT(
					  "000000000.c",
					  "3") "]},{'ruleId':'x',"
	                       "'message':{'text':'a leak'},'locations':[" AT(
							   "000000000.c",
							   "4") "]},"
	                                "{'ruleIndex':1,'level':'error','message':{'id':'m'},'locations':[" AT(
										"000000000.c", "5") "]}]}",
	              true, "vpppp");
	cr_expect_str_eq(findings_of(&import, 0), "double-acquire 1, missing-release 2, missing-release 3");
}

Test(sarif, a_rule_may_be_of_an_extension)
{
	expect_states(
		"x",
		"{'tool':{'driver':{'name':'t'},'extensions':[{'name':'e','rules':[{'id':'q',"
		"'defaultConfiguration':{'level':'none'}}]}]},'results':[{'rule':{'index':0,'toolComponent':"
		"{'index':0}},'locations':[" AT("000000000.c", "5") "]}]}",
		true, "ppppp");
}

Test(sarif, a_run_covers_what_it_says)
{
	/* targets, before the file's name, before being alone */
	expect_states(
		"000000004.sarif",
		"{@,'results':[],'artifacts':[{'location':{'uri':'000000002.c'},'roles':['analysisTarget']},"
		"{'location':{'uri':'000000000.c'},'roles':['resultFile']},"
		"{'location':{'uri':'x.h'},'roles':['analysisTarget']}]}",
		true, "..pp.");
	/* the file's name */
	expect_states("out/000000004.sarif", "{@,'results':[]}", true, "....p");
	expect_states("000000000.sarif.json", "{@,'results':[]}", false, "p....");
	expect_states("000000001.c.sarif", "{@,'results':[]}", false, ".....");
	expect_states("000000001-helpers.sarif", "{@,'results':[]}", false, ".....");
	expect_states("000000001-helpers.sarif", "{@,'results':[" RESULT("000000001-helpers.c", "2") "]}", false,
	              ".v...");
	cr_expect_eq(tool.guessed, 0);
	/* the files that results name, also those that do not count */
	expect_states("x",
	              "{@,'results':[" RESULT("000000002.c",
	                                      "4") ",{'level':'note','locations':[" AT("000000000.c", "4") "]}]}",
	              false, "p.vp.");
	cr_expect_eq(tool.guessed, 1);
	expect_states("x", "{@,'results':[]}", false, ".....");
	/* a finding beyond that is one all the same */
	expect_states("000000004.sarif", "{@,'results':[" RESULT("000000000.c", "4") "]}", false, "v...p");
	expect_states(
		"000000004.sarif",
		"{@,'results':[" RESULT("000000000.c", "4") "],'invocations':[{'executionSuccessful':false}]}", false,
		"c...c");
}

Test(sarif, runs_add_up)
{
	static const char target[] =
		"'artifacts':[{'location':{'uri':'000000002.c'},'roles':['analysisTarget']}]";
	struct buf runs = {0};

	buf_printf(&runs, "{@,'results':[" RESULT("000000002.c", "4") "],%s},{@,'results':[]},{@}", target);
	expect_states("x", runs.data, true, "..vp.");
	buf_clear(&runs);
	buf_printf(&runs,
	           "{@,'results':[" RESULT(
				   "000000002.c", "4") "],%s},"
	                                   "{@,'results':[],'invocations':[{'executionSuccessful':false}],%s}",
	           target, target);
	expect_states("x", runs.data, true, "..cc.");
	buf_free(&runs);
}

Test(sarif, uris_are_decoded_and_stand_on_their_bases)
{
	static const char *const locations[] = {
		"'uri':'cases/000000000.c'",
		"'uri':'file:cases/000000000.c'",
		"'uri':'FILE:000000000.c'",
		"'uri':'file:./cases/000000000.c'",
		"'uri':'file:000000000.c','uriBaseId':'CASES'",
		"'uri':'C:/w/cases/000000000.c'",
		"'uri':'000000000.c','uriBaseId':'RELATIVE'",
		"'uri':'file:///w/cases/000000000.c'",
		"'uri':'/w/cases%2f000000000%2Ec'",
		"'uri':'000000000.c','uriBaseId':'ROOT'",
		"'uri':'000000000.c','uriBaseId':'CASES'",
		"'uri':'000000000.c','uriBaseId':'UNKNOWN'",
		"'uri':'./cases/000000000.c?x#y'",
		"'uri':'file://host/C:/w/cases/000000000.c','index':0",
		"'index':0",
		"'index':1",
	};

	for (size_t i = 0; i < sizeof locations / sizeof *locations; i++) {
		struct buf run = {0};

		buf_printf(&run,
		           "{@,'originalUriBaseIds':{'ROOT':{'uri':'file:///w/'},'RELATIVE':{'uri':'file:cases/'},"
		           "'CASES':{'uri':'ca%%73es/','uriBaseId':"
		           "'ROOT'}},'artifacts':[{'location':{'uri':'000000000.c','uriBaseId':'CASES'}},"
		           "{'location':{'uri':'cases/000000000.c','index':1}}],'results':[{'locations':"
		           "[{'physicalLocation':{'artifactLocation':{%s},'region':{'startLine':7.0}}}]}]}",
		           locations[i]);
		expect_states("x", run.data, true, "vpppp");
		cr_expect_str_eq(findings_of(&import, 0), "- 5", "%s", locations[i]);
		buf_free(&run);
	}
}

Test(sarif, what_is_undecided_is_unknown)
{
	static const char *const kinds[] = {"open", "review"};

	for (unsigned i = 0; i < 2; i++) {
		static const struct {
			const char *where, *rest, *states;
		} rows[] = {
			{"'locations':[" AT("000000002.c", "4") "]", "", "ppupp"},
			{"'locations':[" AT("000000002.c", "13") "]", "," RESULT("000000002.c", "14"), "pppvp"},
			{"'locations':[" AT("000000002.c", "4") "]", "," RESULT("000000000.c", "4"), "vpupp"},
			{"'locations':[" AT("000000002.c", "2") "]", "", "ppppp"},
			{"'locations':[{'physicalLocation':{'artifactLocation':{'uri':'000000002.c'}}}]", "", "ppuup"},
			{"'locations':[]", "", "uuuuu"},
			{"'level':'none'", "", "uuuuu"},
			{"'suppressions':[{'kind':'inSource'}]", "", "ppppp"},
			{"'baselineState':'absent'", "", "ppppp"},
			{"'message':{'text':'chatter'}", "", "ppppp"},
		};

		for (size_t j = 0; j < sizeof rows / sizeof *rows; j++) {
			struct buf run = {0};

			buf_printf(&run, "{@,'results':[{'kind':'%s',%s}%s]}", kinds[i], rows[j].where, rows[j].rest);
			expect_states("x", run.data, true, rows[j].states);
			buf_free(&run);
		}
	}
	expect_states("000000004.sarif", "{@,'results':[{'kind':'open'}]}", false, "....u");
	expect_states("000000004.sarif",
	              "{@,'results':[{'kind':'open'}],'invocations':[{'executionSuccessful':false}]}", false,
	              "....c");
}

/* Of a run that covers all, and found a violation of case d. */
Test(sarif, an_error_of_the_tool_is_a_crash_of_the_files_that_it_names)
{
	static const struct {
		const char *notification, *states;
	} rows[] = {
		{"'level':'error','locations':[" AT("cases/000000000.c", "1") "]", "cppvp"},
		{"'level':'error','locations':[" AT("000000001-helpers.c", "1") "," AT("000000004.c", "1") "]",
	     "pcpvc"},
		{"'level':'error','locations':[" AT("000000002.c", "1") "," AT("include/locks.h", "1") "]", "ppccp"},
		{"'level':'error','locations':[" AT("include/locks.h", "1") "]", "ccccc"},
		{"'level':'error'", "ccccc"},
		{"'level':'warning','locations':[" AT("000000000.c", "1") "]", "pppvp"},
		{"'level':'note','locations':[" AT("000000000.c", "1") "]", "pppvp"},
		{"'locations':[" AT("000000000.c", "1") "]", "pppvp"},
		{"'descriptor':{'id':'broken'},'locations':[" AT("000000000.c", "1") "]", "cppvp"},
		{"'descriptor':{'index':0},'locations':[" AT("000000000.c", "1") "]", "cppvp"},
		{"'descriptor':{'index':1},'locations':[" AT("000000000.c", "1") "]", "cppvp"},
		{"'descriptor':{'index':1},'level':'note','locations':[" AT("000000000.c", "1") "]", "pppvp"},
	};
	static const char *const keys[] = {"toolExecutionNotifications", "toolConfigurationNotifications"};

	for (size_t i = 0; i < sizeof rows / sizeof *rows * 2; i++) {
		struct buf run = {0};

		buf_printf(
			&run,
			"{'tool':{'driver':{'name':'t','notifications':[{'id':'broken','defaultConfiguration':{'level':"
			"'error'}},{'id':'odd'}]}},'results':[" RESULT(
				"000000002.c", "14") "],'invocations':[{"
									 "'executionSuccessful':true,"
									 "'notificationConfigurationOverrides':[{'descriptor':{'id':'odd'},"
									 "'configuration':{'level':'error'}}],'%s':[{%s}]}]}",
			keys[i % 2], rows[i / 2].notification);
		expect_states("x", run.data, true, rows[i / 2].states);
		buf_free(&run);
	}
}

/* The level of a result by rule `x`, which has none of its own, and of `quiet`, whose level is note. */
Test(sarif, an_invocation_may_override_levels)
{
	static const struct {
		const char *rule, *invocation, *descriptor;
		bool counts;
	} rows[] = {
		{"x", "0", "'id':'x'", false},     {"x", "0", "'index':0", false},  {"x", "1", "'id':'x'", true},
		{"x", "-1", "'id':'x'", true},     {"x", "0.0", "'id':'x'", false}, {"x", "0", "'id':'quiet'", true},
		{"x/1", "0", "'id':'x'", false},   {"y", "0", "'id':'y'", false},   {"y", "0", "'id':'x'", true},
		{"quiet", "0", "'id':'x'", false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf run = {0};

		buf_printf(
			&run,
			"{@,'invocations':[{'executionSuccessful':true,'ruleConfigurationOverrides':[{'configuration':"
			"{'level':'note'},'descriptor':{%s}}]},{'executionSuccessful':true}],'results':[{'ruleId':'%s',"
			"'provenance':{'invocationIndex':%s},'locations':[" AT("000000000.c", "4") "]}]}",
			rows[i].descriptor, rows[i].rule, rows[i].invocation);
		expect_states("x", run.data, true, rows[i].counts ? "vpppp" : "ppppp");
		buf_free(&run);
	}
	expect_states(
		"x",
		"{@,'invocations':[{'executionSuccessful':true,'ruleConfigurationOverrides':[{'configuration':"
		"{'level':'error'},'descriptor':{'index':1}}]}],'results':[{'ruleId':'quiet','provenance':"
		"{'invocationIndex':0},'locations':[" AT("000000000.c", "4") "]}]}",
		true, "vpppp");
}

Test(sarif, arguments_stand_in_the_text_of_messages)
{
	static const struct {
		const char *message;
		bool leak;
	} rows[] = {
		{"'text':'a {0} here','arguments':['leak']", true},
		{"'text':'a l{1}k here','arguments':['x','ea']", true},
		{"'text':'a l{0}k here','arguments':['x','ea']", false},
		{"'text':'l{{ea}}k','arguments':['x']", false},
		{"'text':'{0}{1}{2}{3}','arguments':['l','e','a','k']", true},
		{"'text':'{7}{}{{ leak','arguments':['l']", true},
		{"'text':'{0} leak'", true},
		{"'id':'m'", true},
		{"'id':'n','arguments':['leak']", true},
		{"'id':'n','arguments':['key']", false},
		{"'id':'g','arguments':['lea']", true},
		{"'id':'nowhere'", false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf run = {0};

		buf_puts(
			&run,
			"{'tool':{'driver':{'name':'t','globalMessageStrings':{'g':{'text':'{0}k'},'n':{'text':'no'}},"
			"'rules':[{'id':'z','messageStrings':{'m':{'text':'a leak'},'n':{'text':'a {0}'}}}]}},'results':"
			"[{'ruleId':'z','message':{");
		buf_puts(&run, rows[i].message);
		buf_puts(&run, "},'locations':[" AT("000000000.c", "4") "]}]}");
		expect_states("x", run.data, true, "vpppp");
		cr_expect_str_eq(findings_of(&import, 0), rows[i].leak ? "missing-release 2" : "- 2", "%s",
		                 rows[i].message);
		cr_expect_eq(strstr(message_of(&import, 0), "leak") != NULL, rows[i].leak, "%s",
		             message_of(&import, 0));
		buf_free(&run);
	}
}

/* Files of their own, so that other tools can read them. Their lines are those of the level smoke. */
Test(sarif, real_logs_are_taken_for_what_they_say)
{
	static const struct {
		const char *file, *states, *message;
	} rows[] = {
		{"file-relative-uri.sarif", "pvppp", NULL},
		{"merged-runs.sarif", ".v.vv", NULL},
		{"notification-error.sarif", "pc...", NULL},
		{"rule-index-contradicts.sarif", NULL,
	     "/runs/0/results/0: its rule is 'missing-release' by id, and 'style' by index"},
	};
	static const char *const files[] = {"cases/000000000.c", "cases/000000001.c", "cases/000000002.c",
	                                    "cases/000000003.c", "cases/000000004.c"};
	const struct text_span span = {20, 60, 0, 0};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf path = {0}, text = {0};
		bool ok;

		import_free(&import);
		import_begin(&import, 5);
		for (uint32_t j = 0; j < 5; j++)
			import_place(&import, j, files[j] + 6, files[j], NULL, &span);
		cr_assert(import_ready(&import, "m", &diag));
		tool = (struct sarif_tool){0};
		buf_printf(&path, "oracle/import/test/sarif/%s", rows[i].file);
		cr_assert(buf_read_file(&text, path.data, 1 << 16), "%s (run the tests where the Makefile is)",
		          path.data);
		ok = read_text(rows[i].file, text.data, true);
		cr_expect_eq(ok, rows[i].states != NULL, "%s: %s", rows[i].file, diag.message);
		cr_expect_str_eq(ok ? states_of(&import) : diag.message, ok ? rows[i].states : rows[i].message, "%s",
		                 rows[i].file);
		buf_free(&path);
		buf_free(&text);
	}
}

/* In the form that the documents of CodeQL and MSVC give their logs, about drivers. */
Test(sarif, logs_of_CodeQL_and_MSVC_answer_for_what_was_compiled)
{
	static const struct {
		const char *file, *states, *finding;
		uint32_t of;
	} rows[] = {
		{"codeql.sarif", "vpccs", "double-acquire 5", 0}, /* what it warns of is no answer */
		{"msvc.sarif", ".v..s", "missing-release 7", 1},  /* two runs; what is suppressed is none */
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct sarif_options options = {NULL, 0, true, false};
		struct buf path = {0}, text = {0};

		import_free(&import);
		place_drivers(&import);
		tool = (struct sarif_tool){0};
		buf_printf(&path, "oracle/import/test/sarif/%s", rows[i].file);
		cr_assert(buf_read_file(&text, path.data, 1 << 16), "%s", path.data);
		cr_assert(sarif_read(&import, &tool, rows[i].file, text.data, text.len, &options, &diag), "%s: %s",
		          rows[i].file, diag.message);
		cr_assert(import_end(&import, &diag));
		cr_expect_str_eq(states_of(&import), rows[i].states, "%s: %s", rows[i].file, states_of(&import));
		cr_expect_str_eq(findings_of(&import, rows[i].of), rows[i].finding, "%s", rows[i].file);
		cr_expect(import.strays == 0);
		for (unsigned j = 0; j < import.tallies; j++)
			if (!strcmp(import.tally[j].rule, "C6011") ||
			    !strcmp(import.tally[j].rule, "cpp/drivers/irql-not-saved"))
				cr_expect_eq(import.tally[j].taken, IMPORT_IGNORED, "%s", import.tally[j].rule);
		buf_free(&path);
		buf_free(&text);
	}
}

Test(sarif, a_log_without_places_covers_what_its_world_can_compile)
{
	static const char log[] = "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"t\"}},"
							  "\"results\":[]}]}";
	static const struct {
		const char *name, *states;
	} rows[] = {{"all.sarif", "pppps"}, {"000000001.sarif", ".p..s"}, {"000000002.sarif", "..pps"}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		import_free(&import);
		place_drivers(&import);
		tool = (struct sarif_tool){0};
		cr_assert(read_text(rows[i].name, log, true), "%s", diag.message);
		cr_expect_str_eq(states_of(&import), rows[i].states, "%s: %s", rows[i].name, states_of(&import));
	}
}

Test(sarif, the_tool_is_known)
{
	cr_assert(read_runs("x", "{@},{'tool':{'driver':{'name':'t'}}}", true));
	cr_expect_str_eq(tool.name, "t");
	cr_expect_str_eq(tool.version, "1.2");
	cr_assert(read_runs("x", "{'tool':{'driver':{'name':'\\u00fc\\n','semanticVersion':'3.4'}}}", true));
	cr_expect_str_eq(tool.name, "???");
	cr_expect_str_eq(tool.version, "3.4");
}

Test(sarif, what_is_wrong_with_a_run_is_told_with_its_pointer)
{
	static const struct {
		const char *run, *message;
	} rows[] = {
		{"1", "/runs/0: expected an object"},
		{"{}", "/runs/0/tool/driver: no name of the tool"},
		{"{@,'results':{}}", "/runs/0/results: expected an array"},
		{"{@,'results':[[]]}", "/runs/0/results/0: expected an object"},
		{"{@,'results':[" RESULT("cases/000000003.c", "3") "]}",
	     "/runs/0/results/0/locations/0/physicalLocation: the manifest has no file 'cases/000000003.c'"},
		{"{@,'results':[" RESULT("xcases/000000000.c", "3") "]}",
	     "/runs/0/results/0/locations/0/physicalLocation: the manifest has no file 'xcases/000000000.c'"},
		{"{@,'results':[" RESULT("000000000.i", "3") "]}",
	     "/runs/0/results/0/locations/0/physicalLocation: the manifest has no file '000000000.i'"},
		{"{@,'results':[" RESULT("000000000.c", "0") "]}",
	     "/runs/0/results/0/locations/0/physicalLocation/region: startLine 0 is no line"},
		{"{@,'results':[" RESULT("000000000.c", "'1'") "]}",
	     "/runs/0/results/0/locations/0/physicalLocation/region/startLine: expected a number"},
		{"{@,'results':[{'level':'fatal'}]}", "/runs/0/results/0: level 'fatal' is none of SARIF's"},
		{"{@,'results':[{'kind':'failed'}]}", "/runs/0/results/0: kind 'failed' is none of SARIF's"},
		{"{@,'results':[{'baselineState':'gone'}]}",
	     "/runs/0/results/0: baselineState 'gone' is none of SARIF's"},
		{"{@,'results':[{'ruleIndex':2}]}",
	     "/runs/0/results/0/ruleIndex: there is no object 2 in that array"},
		{"{@,'results':[{'ruleIndex':-2}]}",
	     "/runs/0/results/0/ruleIndex: there is no object -2 in that array"},
		{"{@,'results':[{'ruleId':'x','ruleIndex':1}]}",
	     "/runs/0/results/0: its rule is 'x' by id, and 'quiet' by index"},
		{"{@,'results':[{'ruleId':'x','rule':{'index':1}}]}",
	     "/runs/0/results/0: its rule is 'x' by id, and 'quiet' by index"},
		{"{@,'results':[{'ruleId':'x','rule':{'id':'quiet'}}]}",
	     "/runs/0/results/0: its rule is 'x' by one property, and 'quiet' by another"},
		{"{@,'results':[{'ruleIndex':0,'rule':{'index':1}}]}",
	     "/runs/0/results/0: its rule is 'x' by one index, and 'quiet' by another"},
		{"{@,'results':[{'message':{'text':'{0}','arguments':[1]}}]}",
	     "/runs/0/results/0: an argument of its message is no string"},
		{"{@,'results':[{'provenance':{'invocationIndex':3}}],'invocations':[]}",
	     "/runs/0/results/0/invocationIndex: there is no object 3"},
		{"{@,'invocations':[{'executionSuccessful':true,'ruleConfigurationOverrides':["
	     "{'descriptor':{'id':'x','index':1}}]}]}",
	     "/runs/0/invocations/0/ruleConfigurationOverrides/0: its rule is 'x' by id"},
		{"{@,'invocations':[{'executionSuccessful':true,'toolExecutionNotifications':[{'level':'fatal'}]}]}",
	     "/runs/0/invocations/0/toolExecutionNotifications/0: level 'fatal' is none of SARIF's"},
		{"{@,'invocations':[{'executionSuccessful':true,'toolExecutionNotifications':["
	     "{'level':'error','locations':[" AT("cases/000000003.c", "3") "]}]}]}",
	     "/runs/0/invocations/0/toolExecutionNotifications/0/locations/0/physicalLocation: the"},
		{"{@,'results':[" RESULT("000000000.c", "1.5") "]}",
	     "/runs/0/results/0/locations/0/physicalLocation/region/startLine: expected a number"},
		{"{@,'results':[{'message':{'text':'m'}}]}", "/runs/0/results/0: it has no file, and could be about"},
		{"{@,'results':[{'locations':[{'physicalLocation':{'artifactLocation':{'uri':'000000002.c'}}}]}]}",
	     "/runs/0/results/0: it has no line, and could be about"},
		{"{@,'invocations':[{}]}",
	     "/runs/0/invocations/0: it does not say whether it was executionSuccessful"},
		{"{@,'invocations':[{'executionSuccessful':'no'}]}",
	     "/runs/0/invocations/0/executionSuccessful: expected true or false"},
		{"{@,'artifacts':[{'location':{'uri':'y.c'},'roles':['analysisTarget']}]}",
	     "/runs/0/artifacts/0: the manifest has no file 'y.c'"},
		{"{@,'externalPropertyFileReferences':{'results':[{}]}}",
	     "/runs/0/externalPropertyFileReferences: its results stand in another file: inline them first"},
		{"{@},{'tool':{'driver':{'name':'t','version':'1.3'}}}",
	     "/runs/1/tool/driver: version '1.3', after '1.2' before: give --tool-version if both are meant"},
		{"{@},{'tool':{'driver':{'name':'u'}}}", "/runs/1/tool/driver: tool 'u', after 't' before"},
		{"{@,'originalUriBaseIds':{'R':{'uri':'a/','uriBaseId':'R'}},'results':[{'locations':[{"
	     "'physicalLocation':{'artifactLocation':{'uri':'x.c','uriBaseId':'R'}}}]}]}",
	     "/runs/0/results/0/locations/0/physicalLocation: uriBaseId 'R' stands on itself"},
		{"{@,'results':[" RESULT("000000000.c\\u0000.x", "3") "]}",
	     "/runs/0/results/0/locations/0/physicalLocation/uri: a string with a NUL"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_expect(!read_runs("x", rows[i].run, true), "%s", rows[i].run);
		cr_expect(!strncmp(diag.message, rows[i].message, strlen(rows[i].message)),
		          "%s: '%s' instead of '%s'", rows[i].run, diag.message, rows[i].message);
		cr_expect_str_eq(diag.file, "x");
	}
}

Test(sarif, what_is_no_log_is_refused_at_its_place)
{
	static const struct {
		const char *text;
		unsigned line, column;
		const char *message;
	} rows[] = {
		{"", 1, 1, "empty, no SARIF log"},
		{"\xef\xbb\xbf", 1, 1, "empty, no SARIF log"},
		{" \n ", 2, 1, "'[' or '{' expected near end of file"},
		{"{\n \"version\": \"2.1.0\",\n \"runs\": [", 3, 10, "']' expected near end of file"},
		{"clang: warning", 1, 5, "'[' or '{' expected near 'clang'"},
		{"{\"version\":\"2.1.0\",\"runs\":[]} 2 warnings generated.", 1, 31, "end of file expected near '2'"},
		{"{\"version\":\"2.1.0\",\"version\":\"2.1.0\"}", 1, 28, "duplicate object key near '\"version\"'"},
		{"[]", 0, 0, "/: no SARIF log: expected an object"},
		{"{}", 0, 0, "/: SARIF 2.1.0 is read, this is no SARIF log"},
		{"{\"version\":\"2.0.0\",\"runs\":[]}", 0, 0, "/: SARIF 2.1.0 is read, this is version 2.0.0"},
		{"{\"version\":\"2.1.0\"}", 0, 0, "/: there are no runs in it"},
		{"{\"version\":\"2.1.0\",\"runs\":[]}", 0, 0, "/: there are no runs in it"},
		{"{\"version\":\"2.1.0\",\"runs\":null}", 0, 0, "/: there are no runs in it"},
		{"{\"version\":\"2.1.0\",\"runs\":{}}", 0, 0, "/runs: expected an array"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_expect(!read_text("x", rows[i].text, true), "%s", rows[i].text);
		cr_expect_str_eq(diag.message, rows[i].message);
		cr_expect(diag.line == rows[i].line && diag.column == rows[i].column, "%s: %u:%u", rows[i].text,
		          diag.line, diag.column);
	}
	cr_expect(
		read_text(
			"x",
			"\xef\xbb\xbf{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"t\"}}}]}\r\n",
			true),
		"%s", diag.message);
}

/* Nested as deep as it will: refused, and no stack overflows. */
Test(sarif, depth_has_a_limit)
{
	struct buf text = {0};

	for (unsigned i = 0; i < 1000000; i++)
		buf_putc(&text, '[');
	cr_expect(!read_text("x", text.data, true));
	cr_expect_str_eq(diag.message, "maximum parsing depth reached near '['");
	buf_free(&text);
}

/* Every prefix of a log is refused, or is blank behind the log. */
Test(sarif, no_part_of_a_log_passes_for_one)
{
	static const char log[] = "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"t\"}},"
							  "\"results\":[]}]}";
	const struct sarif_options options = {meanings, 3, true, false};

	for (size_t length = 0; length + 1 < sizeof log; length++)
		cr_expect(!sarif_read(&import, &tool, "x", log, length, &options, &diag), "%zu bytes", length);
	cr_expect_str_eq(states_of(&import), ".....");
	cr_expect(sarif_read(&import, &tool, "x", log, sizeof log - 1, &options, &diag));
	cr_expect_str_eq(states_of(&import), "ppppp");
}
