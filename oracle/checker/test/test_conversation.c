/* conversation: it comes to the same end however its bytes are cut, and what breaks it is said with its
 * reason. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conversation.h"

TestSuite(conversation, .timeout = 30);

#define HELLO "{\"type\":\"hello\",\"protocol\":1,\"name\":\"mine\",\"version\":\"1.2\""
#define RUN                                                                                                   \
	"{\"type\":\"run\",\"request\":7,\"rule\":\"R\",\"model\":\"wdm\",\"role\":\"dpc\",\"file\":\"/case.c\"," \
	"\"helpers\":null,\"include\":\"/include\""
#define FINDING "{\"type\":\"finding\",\"request\":7"
#define DONE "{\"type\":\"done\",\"request\":7"

static const char *const worlds[] = {"plain", "model"}, *const rules[] = {"R", "S"},
						 *const offers[] = {"file", "text"};
static const struct protocol_host host = {
	PROTOCOL_VERSION, "lockdrill 0.1.0", {2, worlds}, {2, rules}, {2, offers}};

static struct protocol_run
question(uint64_t request)
{
	return (struct protocol_run){.request = request,
	                             .rule = "R",
	                             .model = "wdm",
	                             .role = "dpc",
	                             .file = "/case.c",
	                             .include = "/include",
	                             .seconds = 1};
}

/* What came of a conversation, as text: an event a line. Questions are 7, 8, ... as soon as they may be
 * asked, `most` of them. */
struct record {
	struct buf text;
	uint64_t asked;
	unsigned most;
};

static void
record_answer(struct record *record, const struct conversation_answer *answer)
{
	buf_printf(&record->text, "%u %s", (unsigned)answer->request, answer_name(answer->state));
	for (unsigned i = 0; i < answer->count; i++)
		buf_printf(&record->text, " %u:%s%u", answer->finding[i].kind,
		           answer->finding[i].in_helpers ? "h" : "", answer->finding[i].line);
	buf_putc(&record->text, '\n');
}

static enum conversation_event
record_event(struct record *record, struct conversation *c, enum conversation_event event)
{
	if (event == CONVERSATION_GREETED)
		buf_printf(&record->text, "%s %s %s\n", c->checker.name, c->checker.version, c->checker.world);
	if (event == CONVERSATION_ANSWERED)
		record_answer(record, &c->answer);
	if ((event == CONVERSATION_GREETED || event == CONVERSATION_ANSWERED) && record->asked < record->most) {
		const struct protocol_run run = question(7 + record->asked++);

		event = conversation_ask(c, &run);
	}
	if (event == CONVERSATION_BROKEN)
		buf_printf(&record->text, "%s %u: %s\n", answer_name(c->why), c->reason.line, c->reason.message);
	if (event == CONVERSATION_ENDED)
		buf_puts(&record->text, "ended\n");
	return event;
}

/* Feeds it all in pieces of `piece` bytes, and then the end. What follows a line that ends in '|' comes in a
 * piece of its own, as of a checker that waits for its question. */
static char *
converse(const char *bytes, size_t length, size_t piece, unsigned most)
{
	struct record record = {.most = most};
	struct conversation c;
	bool over = false;

	conversation_begin(&c, &host);
	for (size_t at = 0, own; at < length && !over; at += own) {
		const char *bar = memchr(bytes + at, '|', length - at);

		if (bytes[at] == '|') {
			own = 1;
			continue;
		}
		own = bar ? (size_t)(bar - bytes) - at : length - at;
		own = own < piece ? own : piece;
		over = record_event(&record, &c, conversation_feed(&c, bytes + at, own)) == CONVERSATION_BROKEN;
	}
	if (!over)
		record_event(&record, &c, conversation_end(&c));
	cr_expect_eq(conversation_feed(&c, "x", 1),
	             c.state == STATE_BROKEN ? CONVERSATION_BROKEN : conversation_feed(&c, "", 0));
	conversation_free(&c);
	if (!record.text.data)
		buf_puts(&record.text, "");
	return record.text.data;
}

static const struct {
	const char *bytes; /* | is no byte of it, but stands where the checker waits for a question */
	unsigned questions;
	const char *begins; /* the record */
} talks[] = {
	{HELLO "}\n", 0, "mine 1.2 plain\nended\n"},
	{HELLO "}\n|" DONE ",\"verdict\":\"pass\"}\n", 1, "mine 1.2 plain\n7 pass\nended\n"},
	{HELLO "}\r\n|" FINDING "}\r\n" DONE ",\"verdict\":\"violation\"}\r\n", 1,
     "mine 1.2 plain\n7 violation 13:0\nended\n"},
	{HELLO "}\r\n|" DONE ",\"verdict\":\"correct\"}\r\n", 1,
     "mine 1.2 plain\ngarbled 2: expected one of: pass violation unknown unsupported out-of-memory timeout for"
     " 'verdict': {\"type\":\"done\",\"request\":7,\"verdict\":\"correct\"}\n"},
	{HELLO "}\n|" DONE ",\"verdict\":\"violation\"}\n", 1, "mine 1.2 plain\n7 violation\nended\n"},
	{HELLO "}\n|" FINDING ",\"kind\":\"double-acquire\",\"line\":12}\n" FINDING
           ",\"line\":3,\"in\":\"helpers\"}\n" FINDING "}\n" DONE ",\"verdict\":\"violation\"}\n",
     1, "mine 1.2 plain\n7 violation 0:12 13:h3 13:0\nended\n"},
	{HELLO "}\n|" FINDING "}\n" DONE ",\"verdict\":\"out-of-memory\"}\n", 1,
     "mine 1.2 plain\n7 out-of-memory\nended\n"},
	{HELLO "}\n|" FINDING "}\n" DONE
           ",\"verdict\":\"violation\"}\n|{\"type\":\"done\",\"request\":8,\"verdict\":\"unknown\"}\n",
     2, "mine 1.2 plain\n7 violation 13:0\n8 unknown\nended\n"},
	/* its twins */
	{HELLO "}\n|" FINDING "}\n" DONE ",\"verdict\":\"pass\"}\n", 1,
     "mine 1.2 plain\ngarbled 3: pass after 1 findings: {\"type\""},
	{HELLO "}\n|{\"type\":\"finding\",\"request\":8}\n", 1,
     "mine 1.2 plain\ngarbled 2: a finding to request 8, where 7 is asked"},
	{HELLO "}\n|{\"type\":\"done\",\"request\":6,\"verdict\":\"pass\"}\n", 1,
     "mine 1.2 plain\ngarbled 2: done with request 6, where 7 is asked"},
	{HELLO "}\n|" HELLO "}\n", 1,
     "mine 1.2 plain\ngarbled 2: expected a finding or done, not a second hello"},
	{FINDING "}\n", 0, "garbled 1: expected a hello first"},
	{HELLO ",\"world\":\"mars\"}\n", 0, "garbled 1: there is no such world; expected one of: plain model: {"},
	{HELLO "}\n|" FINDING "}\n|" DONE ",\"verdict\":\"violation\"}\n|" DONE ",\"verdict\":\"violation\"}\n",
     1, "mine 1.2 plain\n7 violation 13:0\ngarbled 4: spoke without being asked: {"},
	{HELLO "}\n|x", 0, "mine 1.2 plain\ngarbled 2: spoke without being asked: x"},
	{HELLO "}\n|\n", 1, "mine 1.2 plain\ngarbled 2: expected a JSON object"},
	{"", 0, "crash 0: ended without a hello\n"},
	{HELLO, 0, "crash 1: ended in the middle of a line: {\"type\""},
	{HELLO "}\n|", 1, "mine 1.2 plain\ncrash 0: ended without done to request 7, after 0 findings\n"},
	{HELLO "}\n|" FINDING "}\n", 1,
     "mine 1.2 plain\ncrash 0: ended without done to request 7, after 1 findings\n"},
	{HELLO "}\n|" FINDING "}\n" DONE ",\"verdict\":\"violation\"}", 1,
     "mine 1.2 plain\ncrash 3: ended in the middle of a line: {\"type\":\"done\""},
	{"Segmentation fault\n", 0,
     "garbled 1: expected a JSON object: '[' or '{' expected: Segmentation fault\n"},
};

Test(conversation, a_conversation_comes_to_its_end_however_its_bytes_are_cut)
{
	for (size_t i = 0; i < sizeof talks / sizeof *talks; i++)
		for (size_t piece = 1; piece < 400; piece = piece < 8 ? piece + 1 : piece * 2) {
			char *record = converse(talks[i].bytes, strlen(talks[i].bytes), piece, talks[i].questions);

			cr_expect(!strncmp(record, talks[i].begins, strlen(talks[i].begins)),
			          "in pieces of %zu: %s\ngave %s", piece, talks[i].bytes, record);
			free(record);
		}
}

Test(conversation, answers_in_one_piece_with_the_hello_are_unasked)
{
	static const char bytes[] = HELLO "}\n" DONE ",\"verdict\":\"pass\"}\n";
	char *record = converse(bytes, strlen(bytes), sizeof bytes, 1);

	cr_expect(!strncmp(record, "mine 1.2 plain\ngarbled 2: spoke without being asked", 50), "%s", record);
	free(record);
}

Test(conversation, what_comes_unasked_breaks_it_at_once)
{
	static const char bytes[] = HELLO "}\nx";
	struct conversation c;
	char *record = converse(bytes, strlen(bytes), sizeof bytes, 0);

	cr_expect(!strncmp(record, "mine 1.2 plain\ngarbled 2: spoke without being asked: x", 54), "%s", record);
	free(record);
	conversation_begin(&c, &host);
	cr_assert_eq(conversation_feed(&c, HELLO "}\n", strlen(HELLO "}\n")), CONVERSATION_GREETED);
	cr_expect_eq(conversation_feed(&c, "", 0), CONVERSATION_WAITING);
	cr_expect_eq(conversation_feed(&c, "x", 1), CONVERSATION_BROKEN);
	cr_expect_eq(c.why, ANSWER_GARBLED);
	conversation_free(&c);
}

/* A hello of `length` bytes, its newline aside. */
static void
put_long_hello(struct buf *out, size_t length)
{
	size_t begin = out->len;

	buf_puts(out, HELLO ",\"more\":\"");
	while (out->len - begin < length - 2)
		buf_putc(out, 'x');
	buf_puts(out, "\"}\n");
}

Test(conversation, a_line_has_its_limit)
{
	for (unsigned more = 0; more < 2; more++)
		for (size_t piece = 4096; piece <= 1 << 22; piece <<= 5) {
			struct buf bytes = {0};
			char *record;

			put_long_hello(&bytes, PROTOCOL_LINE + more);
			record = converse(bytes.data, bytes.len, piece, 0);
			cr_expect(
				!strncmp(record,
			             more ? "garbled 1: a line of more than 1048576 bytes: {" : "mine 1.2 plain\nended\n",
			             more ? 47 : 21),
				"%s", record);
			free(record);
			buf_free(&bytes);
		}
}

Test(conversation, a_line_without_end_is_not_kept)
{
	static const char bytes[4096];
	enum conversation_event event = CONVERSATION_WAITING;
	struct conversation c;
	size_t fed = 0;

	conversation_begin(&c, &host);
	for (; event == CONVERSATION_WAITING; fed += sizeof bytes)
		event = conversation_feed(&c, bytes, sizeof bytes);
	cr_expect(event == CONVERSATION_BROKEN && c.why == ANSWER_GARBLED);
	cr_expect_leq(fed, PROTOCOL_LINE + sizeof bytes);
	conversation_free(&c);
}

Test(conversation, findings_have_their_limit)
{
	for (unsigned more = 0; more < 2; more++) {
		const struct protocol_run run = question(7);
		enum conversation_event event;
		struct conversation c;

		conversation_begin(&c, &host);
		cr_assert_eq(conversation_feed(&c, HELLO "}\n", strlen(HELLO "}\n")), CONVERSATION_GREETED);
		cr_assert_eq(conversation_ask(&c, &run), CONVERSATION_WAITING);
		for (unsigned i = 0; i < PROTOCOL_FINDINGS; i++)
			cr_assert_eq(conversation_feed(&c, FINDING ",\"line\":3}\n", strlen(FINDING ",\"line\":3}\n")),
			             CONVERSATION_WAITING);
		if (more)
			cr_expect_eq(conversation_feed(&c, FINDING "}\n", strlen(FINDING "}\n")), CONVERSATION_BROKEN);
		event = conversation_feed(&c, DONE ",\"verdict\":\"violation\"}\n",
		                          strlen(DONE ",\"verdict\":\"violation\"}\n"));
		cr_expect_eq(event, more ? CONVERSATION_BROKEN : CONVERSATION_ANSWERED);
		cr_expect(more ? c.why == ANSWER_GARBLED : c.answer.count == PROTOCOL_FINDINGS);
		cr_expect(more || c.answer.finding[PROTOCOL_FINDINGS - 1].line == 3);
		conversation_free(&c);
	}
}

Test(conversation, questions_wait_in_the_output_until_they_are_sent)
{
	struct protocol_run run = question(7);
	struct conversation c;

	conversation_begin(&c, &host);
	cr_expect_str_eq(
		c.out.data,
		"{\"type\":\"hello\",\"protocol\":[1],\"host\":\"lockdrill 0.1.0\",\"worlds\":[\"plain\",\"model\"],"
		"\"rules\":[\"R\",\"S\"],\"capabilities\":[\"file\",\"text\"]}\n");
	conversation_sent(&c, 4);
	cr_expect(!strncmp(c.out.data, "pe\":\"hello\"", 11));
	conversation_sent(&c, c.out.len);
	cr_assert_eq(conversation_feed(&c, HELLO "}\n", strlen(HELLO "}\n")), CONVERSATION_GREETED);
	cr_assert_eq(conversation_ask(&c, &run), CONVERSATION_WAITING);
	cr_expect_str_eq(c.out.data, RUN ",\"seconds\":1.0,\"memory\":null}\n");
	conversation_free(&c);
}

Test(conversation, a_path_that_is_not_utf8_cannot_be_asked)
{
	struct protocol_run run = question(7);
	struct conversation c;

	run.file = "/tmp/\xff.c";
	conversation_begin(&c, &host);
	cr_assert_eq(conversation_feed(&c, HELLO "}\n", strlen(HELLO "}\n")), CONVERSATION_GREETED);
	cr_expect_eq(conversation_ask(&c, &run), CONVERSATION_BROKEN);
	cr_expect_eq(c.why, ANSWER_NOT_RUN);
	cr_expect(strstr(c.reason.message, "not UTF-8"));
	conversation_free(&c);
}

/* the example in oracle/examples/, as a process */

struct example {
	pid_t pid;
	int in, out;
	struct conversation conversation;
};

static void
example_start(struct example *example, const char *script)
{
	int in[2], out[2];

	cr_assert(!pipe(in) && !pipe(out));
	example->pid = fork();
	cr_assert_geq(example->pid, 0);
	if (!example->pid) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		close(in[1]);
		close(out[0]);
		execl("/bin/sh", "sh", script, (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	example->in = in[1];
	example->out = out[0];
	conversation_begin(&example->conversation, &host);
}

/* Sends what is to be sent, and reads until something comes of it. */
static enum conversation_event
example_wait(struct example *example)
{
	enum conversation_event event = CONVERSATION_WAITING;
	struct conversation *c = &example->conversation;
	char bytes[16];

	cr_assert_eq(write(example->in, c->out.data, c->out.len), (ssize_t)c->out.len);
	conversation_sent(c, c->out.len);
	while (event == CONVERSATION_WAITING) {
		ssize_t got = read(example->out, bytes, sizeof bytes);

		event = got > 0 ? conversation_feed(c, bytes, (size_t)got) : conversation_end(c);
	}
	cr_expect_neq(event, CONVERSATION_BROKEN, "%s", c->reason.message);
	return event;
}

Test(conversation, the_example_answers_cases_of_the_core)
{
	static const struct {
		const char *rule, *role, *name, *helpers;
		enum answer_state state;
		enum kind kind;
		uint32_t line;
		bool in_helpers;
	} rows[] = {
		{"SpinlockRelease", "dispatch", "SpinlockRelease/001-b.c", NULL, ANSWER_VIOLATION,
	     KIND_MISSING_RELEASE, 22, false},
		{"SpinlockRelease", "dispatch", "SpinlockRelease/001-a.c", NULL, ANSWER_PASS, KIND_COUNT, 0, false},
		{"SpinlockRelease", "dispatch", "SpinlockRelease/110-a.c", "SpinlockRelease/110-a-helpers.c",
	     ANSWER_PASS, KIND_COUNT, 0, false},
		{"SpinlockRelease", "dispatch", "SpinlockRelease/002-a.c", "SpinlockRelease/110-b-helpers.c",
	     ANSWER_VIOLATION, KIND_RELEASE_WITHOUT_ACQUIRE, 13, true},
		{"CancelSpinlockRelease", "cancel", "CancelSpinlockRelease/052-b.c", NULL, ANSWER_VIOLATION,
	     KIND_MISSING_RELEASE, 0, false},
		{"CancelSpinlockRelease", "cancel", "CancelSpinlockRelease/052-a.c", NULL, ANSWER_PASS, KIND_COUNT, 0,
	     false},
	};
	struct example example;

	example_start(&example, "oracle/examples/line_checker.sh");
	cr_assert_eq(example_wait(&example), CONVERSATION_GREETED);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct conversation_answer *answer = &example.conversation.answer;
		struct protocol_run run = question(i);
		char file[256], helpers[256];

		snprintf(file, sizeof file, "suite/core/%s", rows[i].name);
		snprintf(helpers, sizeof helpers, "suite/core/%s", rows[i].helpers ? rows[i].helpers : "");
		run.rule = rows[i].rule;
		run.role = rows[i].role;
		run.file = file;
		run.helpers = rows[i].helpers ? helpers : NULL;
		cr_assert_eq(conversation_ask(&example.conversation, &run), CONVERSATION_WAITING);
		cr_assert_eq(example_wait(&example), CONVERSATION_ANSWERED);
		cr_expect_eq(answer->state, rows[i].state, "%s: %s", rows[i].name, answer_name(answer->state));
		cr_expect_eq(answer->count, rows[i].state == ANSWER_VIOLATION);
		if (answer->count)
			cr_expect(answer->finding->kind == rows[i].kind && answer->finding->line == rows[i].line &&
			              answer->finding->in_helpers == rows[i].in_helpers,
			          "%s: %s at %u", rows[i].name, kind_name((enum kind)answer->finding->kind),
			          answer->finding->line);
	}
	close(example.in);
	cr_expect_eq(read(example.out, &(char){0}, 1), 0);
	cr_expect_eq(conversation_end(&example.conversation), CONVERSATION_ENDED);
	close(example.out);
	cr_expect_eq(waitpid(example.pid, NULL, 0), example.pid);
	conversation_free(&example.conversation);
}
