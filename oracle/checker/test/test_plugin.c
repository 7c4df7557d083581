/* plugin: what a plug-in says goes out as the protocol has it, what it must not say is garbled, and
 * descriptions that are not whole are refused. Loading from a file is tried by ci/test_plugin.sh. */
#include <criterion/criterion.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "conversation.h"
#include "plugin.h"

#define HELLO \
	"{\"type\":\"hello\",\"protocol\":[1],\"host\":\"h\",\"worlds\":[\"plain\"],\"rules\":[\"R\"],\"capabilities\":[\"text\"]}\n"
#define ASK \
	"{\"type\":\"run\",\"rule\":\"R\",\"model\":\"wdm\",\"role\":\"dpc\",\"file\":\"/case.c\",\"include\":\"/i\",\"seconds\":2.5"
#define GREETING \
	"{\"type\":\"hello\",\"protocol\":1,\"name\":\"mine\",\"version\":\"1\",\"capabilities\":[\"text\"]}\n"

static char *log_text; /* what was written to standard error while serving; owned */

/* The content of a file that is open, as a string; owned by the caller. */
static char *
slurp(FILE *file)
{
	struct buf text = {0};
	int c;

	rewind(file);
	while ((c = getc(file)) != EOF)
		buf_putc(&text, (char)c);
	buf_puts(&text, "");
	fclose(file);
	return text.data;
}

/* What a plug-in answers to these lines; owned by the caller. */
static char *
serve(const struct lockdrill_checker *checker, const char *asked, bool *ok, struct diag *diag)
{
	FILE *in = tmpfile(), *out = tmpfile(), *log = tmpfile();
	int own = dup(STDERR_FILENO);

	cr_assert(in && out && log && own >= 0);
	cr_assert(fputs(asked, in) >= 0 && !fflush(in));
	rewind(in);
	fflush(stderr);
	dup2(fileno(log), STDERR_FILENO);
	*ok = plugin_serve(checker, "mine.so", fileno(in), fileno(out), diag);
	fflush(stderr);
	dup2(own, STDERR_FILENO);
	close(own);
	fclose(in);
	free(log_text);
	log_text = slurp(log);
	return slurp(out);
}

/* plug-ins: what they do is told by the text of the case */

static unsigned created, destroyed;

static void *
create(const struct lockdrill_host *host)
{
	host->log(host, "created");
	host->finding(host, LOCKDRILL_NO_KIND, 1, LOCKDRILL_IN_FILE); /* too early: dropped */
	host->message(host, "too early");
	created++;
	return &created;
}

static void *
fail_to_create(const struct lockdrill_host *host)
{
	(void)host;
	return NULL;
}

static void
destroy(void *state)
{
	cr_expect_eq(state, &created);
	destroyed++;
}

/* "VERDICT KIND LINE PLACE ...!MESSAGE": findings in threes. */
static int
obey(void *state, const struct lockdrill_host *host, const struct lockdrill_case *of)
{
	const char *at = of->text;
	int verdict = (int)strtol(at, (char **)(uintptr_t)&at, 10);

	cr_expect(state == NULL || state == &created);
	while (*at == ' ') {
		int kind = (int)strtol(at, (char **)(uintptr_t)&at, 10);
		uint32_t line = (uint32_t)strtoul(at, (char **)(uintptr_t)&at, 10);

		host->finding(host, kind, line, (int)strtol(at, (char **)(uintptr_t)&at, 10));
	}
	if (*at == '!')
		host->message(host, at + 1);
	return verdict;
}

static const struct lockdrill_checker mine = {sizeof mine, "mine", "1", .check = obey};

Test(plugin, findings_and_verdicts_go_out_as_the_protocol_has_them)
{
	static const struct {
		const char *text, *answer, *log;
	} rows[] = {
		{"1", "{\"type\":\"done\",\"request\":7,\"verdict\":\"pass\"}\n", ""},
		{"2", "{\"type\":\"done\",\"request\":7,\"verdict\":\"violation\"}\n", ""},
		{"3", "{\"type\":\"done\",\"request\":7,\"verdict\":\"unknown\"}\n", ""},
		{"4", "{\"type\":\"done\",\"request\":7,\"verdict\":\"unsupported\"}\n", ""},
		{"5", "{\"type\":\"done\",\"request\":7,\"verdict\":\"out-of-memory\"}\n", ""},
		{"6", "{\"type\":\"done\",\"request\":7,\"verdict\":\"timeout\"}\n", ""},
		{"2 1 12 0 2 3 1 3 0 0 0 2147483647 0",
	     "{\"type\":\"finding\",\"request\":7,\"kind\":\"double-acquire\",\"line\":12}\n"
	     "{\"type\":\"finding\",\"request\":7,\"kind\":\"missing-release\",\"line\":3,\"in\":\"helpers\"}\n"
	     "{\"type\":\"finding\",\"request\":7,\"kind\":\"release-without-acquire\"}\n"
	     "{\"type\":\"finding\",\"request\":7,\"line\":2147483647}\n"
	     "{\"type\":\"done\",\"request\":7,\"verdict\":\"violation\"}\n",
	     ""},
		{"3!too deep", "{\"type\":\"done\",\"request\":7,\"verdict\":\"unknown\",\"message\":\"too deep\"}\n",
	     ""},
		{"2!", "{\"type\":\"done\",\"request\":7,\"verdict\":\"violation\"}\n", ""},
		/* what has no word: garbled, and said in the log */
		{"0", "{\"type\":\"done\",\"request\":7,\"verdict\":\"garbled\"}\n",
	     "mine.so: check returned 0, expected"},
		{"7", "{\"type\":\"done\",\"request\":7,\"verdict\":\"garbled\"}\n",
	     "mine.so: check returned 7, expected"},
		{"-1", "{\"type\":\"done\",\"request\":7,\"verdict\":\"garbled\"}\n",
	     "mine.so: check returned -1, expected"},
		{"2 4 1 0", "{\"type\":\"done\",\"request\":7,\"verdict\":\"garbled\"}\n",
	     "mine.so: there is no finding of kind 4 at line 1 of file 0"},
		{"2 -1 1 0", "{\"type\":\"done\",\"request\":7,\"verdict\":\"garbled\"}\n", "no finding of kind -1"},
		{"2 1 1 2", "{\"type\":\"done\",\"request\":7,\"verdict\":\"garbled\"}\n", "of file 2"},
		{"2 1 2147483648 0", "{\"type\":\"done\",\"request\":7,\"verdict\":\"garbled\"}\n",
	     "at line 2147483648"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf asked = {0}, expected = {0};
		struct diag diag;
		char *out;
		bool ok;

		buf_printf(&asked, HELLO ASK ",\"request\":7,\"text\":\"%s\"}\n", rows[i].text);
		buf_printf(&expected, GREETING "%s", rows[i].answer);
		out = serve(&mine, asked.data, &ok, &diag);
		cr_expect(ok, "%s: %s", rows[i].text, diag.message);
		cr_expect_str_eq(out, expected.data);
		cr_expect(rows[i].log[0] ? strstr(log_text, rows[i].log) != NULL : !log_text[0], "%s: %s",
		          rows[i].text, log_text);
		free(out);
		buf_free(&asked);
		buf_free(&expected);
	}
}

Test(plugin, what_it_answers_is_understood_by_the_host)
{
	static const char *const worlds[] = {"plain"}, *const rules[] = {"R"}, *const offers[] = {"text"};
	static const struct protocol_host host = {PROTOCOL_VERSION, "h", {1, worlds}, {1, rules}, {1, offers}};
	struct protocol_run run = {.request = 7,
	                           .rule = "R",
	                           .model = "wdm",
	                           .role = "dpc",
	                           .file = "/case.c",
	                           .include = "/i",
	                           .seconds = 1,
	                           .text = "2 1 12 1"};
	struct conversation c;
	struct diag diag;
	size_t hello;
	char *out;
	bool ok;

	conversation_begin(&c, &host);
	cr_assert_eq(conversation_feed(&c, GREETING, strlen(GREETING)), CONVERSATION_GREETED);
	cr_assert_eq(conversation_ask(&c, &run), CONVERSATION_WAITING);
	out = serve(&mine, c.out.data, &ok, &diag);
	hello = strlen(GREETING);
	cr_assert(ok && !strncmp(out, GREETING, hello), "%s", out);
	cr_assert_eq(conversation_feed(&c, out + hello, strlen(out + hello)), CONVERSATION_ANSWERED, "%s",
	             c.reason.message);
	cr_expect(c.answer.state == ANSWER_VIOLATION && c.answer.count == 1);
	cr_expect(c.answer.finding[0].in_helpers && c.answer.finding[0].line == 12 &&
	          c.answer.finding[0].kind == KIND_DOUBLE_ACQUIRE);
	free(out);
	conversation_free(&c);
}

static int
look(void *state, const struct lockdrill_host *host, const struct lockdrill_case *of)
{
	(void)state;
	cr_expect(host->size >= sizeof *host && of->size >= sizeof *of);
	cr_expect(!strncmp(host->name, "lockdrill ", 10));
	cr_expect_str_eq(of->rule, "R");
	cr_expect_str_eq(of->model, "wdm");
	cr_expect_str_eq(of->role, "dpc");
	cr_expect_str_eq(of->file, "/case.c");
	cr_expect_str_eq(of->helpers, "/helpers.c");
	cr_expect_str_eq(of->include, "/i");
	cr_expect(!strcmp(of->text, "a\n\tb") && of->text_length == 4);
	cr_expect(!strcmp(of->helpers_text, "") && of->helpers_length == 0);
	cr_expect(of->seconds == 2.5 && of->memory == 1 << 20);
	return LOCKDRILL_PASS;
}

Test(plugin, a_case_is_all_that_was_asked)
{
	static const struct lockdrill_checker looks = {sizeof looks, "mine", "1", .check = look};
	struct diag diag;
	char *out;
	bool ok;

	out = serve(
		&looks,
		HELLO ASK
		",\"request\":0,\"text\":\"a\\n\\tb\",\"helpers\":\"/helpers.c\",\"helpers_text\":\"\",\"memory\":1048576}\n",
		&ok, &diag);
	cr_expect(ok && !strcmp(out, GREETING "{\"type\":\"done\",\"request\":0,\"verdict\":\"pass\"}\n"), "%s",
	          out);
	free(out);
}

Test(plugin, state_is_made_once_and_freed_once)
{
	static const struct lockdrill_checker stateful = {sizeof stateful, "mine", "1",    NULL, NULL, NULL,
	                                                  create,          obey,   destroy};
	struct diag diag;
	char *out;
	bool ok;

	out =
		serve(&stateful, HELLO ASK ",\"request\":1,\"text\":\"1\"}\n" ASK ",\"request\":2,\"text\":\"2\"}\n",
	          &ok, &diag);
	cr_expect(ok && created == 1 && destroyed == 1);
	cr_expect_str_eq(
		out, GREETING
		"{\"type\":\"done\",\"request\":1,\"verdict\":\"pass\"}\n{\"type\":\"done\",\"request\":2,\"verdict\":\"violation\"}\n");
	cr_expect_str_eq(log_text, "mine.so: created\nmine.so: a finding outside check is dropped\n"
	                           "mine.so: a message outside check is dropped\n");
	free(out);
}

Test(plugin, the_hello_says_all_of_the_description)
{
	static const char *const rules[] = {"R", "S", NULL}, *const readings[][2] = {{"R", "global"},
	                                                                             {NULL, NULL}};
	static const char *const none[] = {NULL};
	struct lockdrill_checker checker = {sizeof checker, "m-2",    "1.2 beta",   "model",
	                                    rules,          readings, .check = obey};
	struct diag diag;
	char *out;
	bool ok;

	out = serve(&checker, HELLO, &ok, &diag);
	cr_expect(ok);
	cr_expect_str_eq(
		out,
		"{\"type\":\"hello\",\"protocol\":1,\"name\":\"m-2\",\"version\":\"1.2 beta\",\"world\":\"model\",\"rules\":[\"R\",\"S\"],"
		"\"readings\":{\"R\":\"global\"},\"capabilities\":[\"text\"]}\n");
	free(out);
	checker.rules = none;
	out = serve(&checker, HELLO, &ok, &diag);
	cr_expect(ok && strstr(out, "\"rules\":[],"), "%s", out);
	free(out);
}

Test(plugin, many_findings_are_all_passed_on)
{
	enum { MANY = 5000 };
	struct buf asked = {0};
	struct diag diag;
	unsigned lines = 0;
	char *out;
	bool ok;

	buf_puts(&asked, HELLO ASK ",\"request\":1,\"text\":\"2");
	for (unsigned i = 0; i < MANY; i++)
		buf_puts(&asked, " 1 12 0");
	buf_puts(&asked, "\"}\n");
	out = serve(&mine, asked.data, &ok, &diag);
	for (const char *at = out; (at = strchr(at, '\n')); at++)
		lines++;
	cr_expect(ok && lines == MANY + 2, "%u lines", lines);
	free(out);
	buf_free(&asked);
}

Test(plugin, what_the_host_must_not_say_ends_the_worker)
{
	static const char *const rows[][2] = {
		{"", NULL}, /* nobody asks: fine */
		{HELLO, NULL},
		{ASK ",\"request\":1,\"text\":\"1\"}\n", "expected the host's hello first"},
		{HELLO HELLO, "expected a run, not a second hello"},
		{HELLO ASK ",\"request\":1}\n", "texts, which were asked for"},
		{HELLO ASK "}\n", "run without 'request'"},
		{HELLO "nonsense\n", "expected a JSON object: "},
		{HELLO ASK, "ended in the middle of a line"},
		{"{\"type\":\"hello\",\"protocol\":[2],\"host\":\"h\",\"worlds\":[],\"rules\":[],\"capabilities\":[]}\n",
	     "version 1"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct diag diag;
		bool ok;

		free(serve(&mine, rows[i][0], &ok, &diag));
		cr_expect_eq(ok, !rows[i][1], "%s: %s", rows[i][0], diag.message);
		cr_expect(ok || strstr(diag.message, rows[i][1]), "%s: %s", rows[i][0], diag.message);
	}
}

Test(plugin, a_closed_output_and_a_failing_create_are_reported)
{
	static const struct lockdrill_checker failing = {sizeof failing, "mine", "1", .create = fail_to_create,
	                                                 .check = obey};
	FILE *in = tmpfile();
	struct diag diag;
	char *out;
	bool ok;

	out = serve(&failing, HELLO, &ok, &diag);
	cr_expect(!ok && !out[0] && strstr(diag.message, "create failed"), "%s", diag.message);
	free(out);
	cr_assert(in && fputs(HELLO, in) >= 0 && !fflush(in));
	rewind(in);
	cr_expect(!plugin_serve(&mine, "mine.so", fileno(in), -1, &diag));
	cr_expect(strstr(diag.message, "nobody reads"), "%s", diag.message);
	fclose(in);
}

Test(plugin, descriptions_that_are_not_whole_are_refused)
{
	static const char *const rules[] = {"R", "a\n", NULL}, *const readings[][2] = {{"R", NULL}, {NULL, NULL}};
	static const struct {
		struct lockdrill_checker checker;
		const char *message; /* NULL: it is whole */
	} rows[] = {
		{{sizeof mine, "mine", "1", .check = obey}, NULL},
		{{sizeof mine + 64, "mine", "1", .check = obey}, NULL},
		{{sizeof mine - 1, "mine", "1", .check = obey}, "has size"},
		{{0, "mine", "1", .check = obey}, "has size 0, expected at least"},
		{{sizeof mine, NULL, "1", .check = obey}, "name is NULL"},
		{{sizeof mine, "mine", NULL, .check = obey}, "version is NULL"},
		{{sizeof mine, "mine", "1", .check = NULL}, "check is NULL"},
		{{sizeof mine, "Mine", "1", .check = obey}, "for 'name'"},
		{{sizeof mine, "mine", "", .check = obey}, "for 'version'"},
		{{sizeof mine, "mine", "\xff", .check = obey}, "not UTF-8"},
		{{sizeof mine, "mine", "1", "", .check = obey}, "for 'world'"},
		{{sizeof mine, "mine", "1", NULL, rules, .check = obey}, "for 'rules'"},
		{{sizeof mine, "mine", "1", NULL, NULL, readings, .check = obey}, "for 'readings'"},
	};
	struct diag diag;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool whole = plugin_complete(&rows[i].checker, "mine.so", &diag);

		cr_expect_eq(whole, !rows[i].message, "row %zu: %s", i, diag.message);
		cr_expect(whole || strstr(diag.message, rows[i].message), "row %zu: %s", i, diag.message);
		cr_expect(whole || !strcmp(diag.file, "mine.so"), "row %zu: %s", i, diag.file);
	}
	cr_expect(!plugin_complete(NULL, "mine.so", &diag) && strstr(diag.message, "returned NULL"));
}

Test(plugin, files_that_are_none_are_refused)
{
	static const char *const rows[][2] = {
		{"/nonexistent/mine.so", "cannot load: "},
		{"Makefile", "cannot load: ./Makefile"},
		{"libm.so.6", "cannot load: ./libm.so.6"}, /* looked up nowhere */
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct diag diag;

		cr_expect_null(plugin_load(rows[i][0], &diag));
		cr_expect(strstr(diag.message, rows[i][1]), "%s: %s", rows[i][0], diag.message);
	}
}

/* What was compiled against version 1 goes on working: fields are added at the ends only, and constants keep
 * their numbers. */
Test(plugin, version_1_is_frozen)
{
	const size_t word = sizeof(void *);

	cr_expect_eq(offsetof(struct lockdrill_checker, name), word);
	cr_expect_eq(offsetof(struct lockdrill_checker, version), 2 * word);
	cr_expect_eq(offsetof(struct lockdrill_checker, world), 3 * word);
	cr_expect_eq(offsetof(struct lockdrill_checker, rules), 4 * word);
	cr_expect_eq(offsetof(struct lockdrill_checker, readings), 5 * word);
	cr_expect_eq(offsetof(struct lockdrill_checker, create), 6 * word);
	cr_expect_eq(offsetof(struct lockdrill_checker, check), 7 * word);
	cr_expect_eq(offsetof(struct lockdrill_checker, destroy), 8 * word);
	cr_expect_eq(offsetof(struct lockdrill_host, name), word);
	cr_expect_eq(offsetof(struct lockdrill_host, finding), 2 * word);
	cr_expect_eq(offsetof(struct lockdrill_host, log), 3 * word);
	cr_expect_eq(offsetof(struct lockdrill_case, rule), word);
	cr_expect_eq(offsetof(struct lockdrill_case, model), 2 * word);
	cr_expect_eq(offsetof(struct lockdrill_case, role), 3 * word);
	cr_expect_eq(offsetof(struct lockdrill_case, file), 4 * word);
	cr_expect_eq(offsetof(struct lockdrill_case, helpers), 5 * word);
	cr_expect_eq(offsetof(struct lockdrill_case, include), 6 * word);
	cr_expect_eq(offsetof(struct lockdrill_case, text), 7 * word);
	cr_expect_eq(offsetof(struct lockdrill_case, text_length), 8 * word);
	cr_expect_eq(offsetof(struct lockdrill_case, helpers_text), 9 * word);
	cr_expect_eq(offsetof(struct lockdrill_case, helpers_length), 10 * word);
	cr_expect_geq(offsetof(struct lockdrill_case, seconds), 11 * word);
	cr_expect_eq(offsetof(struct lockdrill_case, memory), offsetof(struct lockdrill_case, seconds) + 8);
	cr_expect(LOCKDRILL_PASS == 1 && LOCKDRILL_VIOLATION == 2 && LOCKDRILL_UNKNOWN == 3 &&
	          LOCKDRILL_UNSUPPORTED == 4 && LOCKDRILL_OUT_OF_MEMORY == 5 && LOCKDRILL_TIMEOUT == 6);
	cr_expect(LOCKDRILL_NO_KIND == 0 && LOCKDRILL_DOUBLE_ACQUIRE == 1 && LOCKDRILL_MISSING_RELEASE == 2 &&
	          LOCKDRILL_RELEASE_WITHOUT_ACQUIRE == 3);
	cr_expect(LOCKDRILL_IN_FILE == 0 && LOCKDRILL_IN_HELPERS == 1);
}
