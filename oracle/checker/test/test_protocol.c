/* protocol: messages are read and printed as the schema says, and what is refused is said with its reason. */
#include <criterion/criterion.h>

#include "protocol.h"
#include "schema.h"

#define SCHEMA "include/lockdrill/protocol.schema.json"

static struct arena arena;
static struct schema schema;

static void
begin(void)
{
	struct diag diag;

	cr_assert(schema_load(&schema, SCHEMA, &diag), "%s: %s", diag.file, diag.message);
}

static void
end(void)
{
	schema_free(&schema);
	arena_free(&arena);
}

TestSuite(protocol, .init = begin, .fini = end, .timeout = 30);

/* messages */

#define HELLO_HOST                                                                                                \
	"{\"type\":\"hello\",\"protocol\":[1],\"host\":\"lockdrill 0.1.0\",\"worlds\":[\"plain\"],\"rules\":[\"R\"]," \
	"\"capabilities\":[\"file\",\"text\"]}"
#define HELLO "{\"type\":\"hello\",\"protocol\":1,\"name\":\"mine\",\"version\":\"1.2\""
#define RUN                                                                                                   \
	"{\"type\":\"run\",\"request\":7,\"rule\":\"R\",\"model\":\"wdm\",\"role\":\"dpc\",\"file\":\"/case.c\"," \
	"\"helpers\":null,\"include\":\"/include\""
#define FINDING "{\"type\":\"finding\",\"request\":7"
#define DONE "{\"type\":\"done\",\"request\":7"

struct row {
	enum protocol_side from;
	const char *line;
	const char *message; /* NULL: it is read; else what the message holds */
};

/* The parser and the schema agree on each of these. */
static const struct row rows[] = {
	{SIDE_HOST, HELLO_HOST, NULL},
	{SIDE_HOST,
     "{\"protocol\":[3,1.0],\"capabilities\":[],\"rules\":[],\"worlds\":[],\"host\":\"h\",\"type\":\"hello\"}",
     NULL},
	{SIDE_HOST,
     "{\"type\":\"hello\",\"protocol\":[2],\"host\":\"h\",\"worlds\":[],\"rules\":[],\"capabilities\":[]}",
     "version 1 in it for 'protocol'"},
	{SIDE_HOST,
     "{\"type\":\"hello\",\"protocol\":1,\"host\":\"h\",\"worlds\":[],\"rules\":[],\"capabilities\":[]}",
     "version 1 in it"},
	{SIDE_HOST,
     "{\"type\":\"hello\",\"protocol\":[1],\"host\":\"h\",\"worlds\":[],\"rules\":null,\"capabilities\":[]}",
     "for 'rules'"},
	{SIDE_HOST, "{\"type\":\"hello\",\"protocol\":[1],\"host\":\"h\",\"worlds\":[],\"capabilities\":[]}",
     "hello without 'rules', a list"},
	{SIDE_HOST,
     "{\"type\":\"hello\",\"protocol\":[1],\"host\":\"\",\"worlds\":[],\"rules\":[],\"capabilities\":[]}",
     "for 'host'"},
	{SIDE_HOST,
     "{\"type\":\"hello\",\"protocol\":[1],\"host\":\"h\",\"worlds\":[1],\"rules\":[],\"capabilities\":[]}",
     "for 'worlds'"},
	{SIDE_HOST, DONE ",\"verdict\":\"pass\"}", "one of: hello run"},
	{SIDE_HOST, HELLO "}", "version 1 in it"},
	{SIDE_HOST, RUN ",\"seconds\":10.0,\"memory\":null}", NULL},
	{SIDE_HOST, RUN ",\"seconds\":1,\"memory\":1,\"text\":\"\",\"helpers_text\":null}", NULL},
	{SIDE_HOST, RUN ",\"seconds\":0.001}", NULL},
	{SIDE_HOST, RUN "}", "run without 'seconds'"},
	{SIDE_HOST, RUN ",\"seconds\":0}", "a number above 0 for 'seconds'"},
	{SIDE_HOST, RUN ",\"seconds\":\"1\"}", "for 'seconds'"},
	{SIDE_HOST, RUN ",\"seconds\":1,\"memory\":0}", "for 'memory'"},
	{SIDE_HOST, RUN ",\"seconds\":1,\"memory\":-1}", "for 'memory'"},
	{SIDE_HOST, RUN ",\"seconds\":1,\"text\":1}", "a string for 'text'"},
	{SIDE_HOST, RUN ",\"seconds\":1,\"seconds\":2}", "duplicate object key"},
	{SIDE_CHECKER, HELLO "}", NULL},
	{SIDE_CHECKER, HELLO "}\r", NULL},
	{SIDE_CHECKER, " " HELLO " , \"world\" : \"model\" } ", NULL},
	{SIDE_CHECKER,
     HELLO ",\"rules\":[],\"readings\":{},\"capabilities\":[\"text\",\"unheard-of\"],\"colour\":[[]]}", NULL},
	{SIDE_CHECKER, HELLO ",\"rules\":null,\"readings\":null,\"capabilities\":null,\"world\":null}", NULL},
	{SIDE_CHECKER, HELLO ",\"readings\":{\"R\":\"global\",\"S\":\"strict\"}}", NULL},
	{SIDE_CHECKER, HELLO ",\"readings\":{\"R\":null}}", "rules and readings for 'readings'"},
	{SIDE_CHECKER, HELLO ",\"readings\":{\"\":\"global\"}}", "for 'readings'"},
	{SIDE_CHECKER, HELLO ",\"readings\":[\"R\",\"global\"]}", "for 'readings'"},
	{SIDE_CHECKER, HELLO ",\"rules\":\"R\"}", "for 'rules'"},
	{SIDE_CHECKER, HELLO ",\"rules\":[\"a\\u0007\"]}", "for 'rules'"},
	{SIDE_CHECKER, HELLO ",\"world\":false}", "for 'world'"},
	{SIDE_CHECKER, HELLO ",\"world\":\"\"}", "for 'world'"},
	{SIDE_CHECKER, HELLO_HOST, "version 1 for 'protocol'"},
	{SIDE_CHECKER, "{\"type\":\"hello\",\"protocol\":1.0,\"name\":\"a-1\",\"version\":\"\xc3\xa4 1\"}", NULL},
	{SIDE_CHECKER, "{\"type\":\"hello\",\"protocol\":2,\"name\":\"a\",\"version\":\"1\"}",
     "version 1 for 'protocol'"},
	{SIDE_CHECKER, "{\"type\":\"hello\",\"protocol\":\"1\",\"name\":\"a\",\"version\":\"1\"}",
     "for 'protocol'"},
	{SIDE_CHECKER, "{\"type\":\"hello\",\"protocol\":1,\"name\":\"Mine\",\"version\":\"1\"}",
     "small letters, digits and - for 'name'"},
	{SIDE_CHECKER, "{\"type\":\"hello\",\"protocol\":1,\"name\":\"a\\n\",\"version\":\"1\"}", "for 'name'"},
	{SIDE_CHECKER, "{\"type\":\"hello\",\"protocol\":1,\"name\":\"\",\"version\":\"1\"}", "for 'name'"},
	{SIDE_CHECKER, "{\"type\":\"hello\",\"protocol\":1,\"name\":\"a\",\"version\":1}", "for 'version'"},
	{SIDE_CHECKER, "{\"type\":\"hello\",\"protocol\":1,\"name\":\"a\",\"version\":\"1\\u007f\"}",
     "for 'version'"},
	{SIDE_CHECKER, "{\"type\":\"hello\",\"protocol\":1,\"name\":\"a\"}", "hello without 'version'"},
	{SIDE_CHECKER, "{\"type\":\"hello\",\"name\":\"a\",\"version\":\"1\"}",
     "hello without 'protocol', version 1"},
	{SIDE_CHECKER, FINDING "}", NULL},
	{SIDE_CHECKER, FINDING ",\"kind\":\"double-acquire\",\"line\":12,\"in\":\"helpers\"}", NULL},
	{SIDE_CHECKER, FINDING ",\"kind\":null,\"line\":null,\"in\":null}", NULL},
	{SIDE_CHECKER, FINDING ",\"line\":1.2e1,\"in\":\"file\",\"column\":4}", NULL},
	{SIDE_CHECKER, FINDING ",\"line\":2147483647}", NULL},
	{SIDE_CHECKER, FINDING ",\"line\":2147483648}", "a line from 1 to 2147483647 for 'line'"},
	{SIDE_CHECKER, FINDING ",\"line\":0}", "for 'line'"},
	{SIDE_CHECKER, FINDING ",\"line\":-1}", "for 'line'"},
	{SIDE_CHECKER, FINDING ",\"line\":1.5}", "for 'line'"},
	{SIDE_CHECKER, FINDING ",\"line\":\"12\"}", "for 'line'"},
	{SIDE_CHECKER, FINDING ",\"line\":true}", "for 'line'"},
	{SIDE_CHECKER, FINDING ",\"kind\":\"twice\"}",
     "one of: double-acquire missing-release release-without-acquire destroy-while-held double-init "
     "held-at-call missing-destroy mode-mismatch not-held-at-call order use-after-destroy use-before-init "
     "wrong-call for 'kind'"},
	{SIDE_CHECKER, FINDING ",\"kind\":1}", "for 'kind'"},
	{SIDE_CHECKER, FINDING ",\"in\":\"header\"}", "one of: file helpers for 'in'"},
	{SIDE_CHECKER, FINDING ",\"message\":\"held\\nsince line 3\"}", NULL},
	{SIDE_CHECKER, FINDING ",\"message\":\"\"}", NULL},
	{SIDE_CHECKER, FINDING ",\"message\":3}", "a string for 'message'"},
	{SIDE_CHECKER, DONE ",\"verdict\":\"unknown\",\"message\":\"\xc3\xa4\"}", NULL},
	{SIDE_CHECKER, DONE ",\"verdict\":\"unknown\",\"message\":null}", NULL},
	{SIDE_CHECKER, DONE ",\"verdict\":\"unknown\",\"message\":[]}", "a string for 'message'"},
	{SIDE_CHECKER, "{\"type\":\"finding\",\"line\":1}", "finding without 'request', a whole number"},
	{SIDE_CHECKER, "{\"type\":\"finding\",\"request\":null}", "for 'request'"},
	{SIDE_CHECKER, DONE ",\"verdict\":\"pass\"}", NULL},
	{SIDE_CHECKER, DONE ",\"verdict\":\"out-of-memory\",\"steps\":1e300}", NULL},
	{SIDE_CHECKER, "{\"type\":\"done\",\"request\":0,\"verdict\":\"timeout\"}", NULL},
	{SIDE_CHECKER, "{\"type\":\"done\",\"request\":9007199254740991,\"verdict\":\"timeout\"}", NULL},
	{SIDE_CHECKER, "{\"type\":\"done\",\"request\":9007199254740992,\"verdict\":\"timeout\"}",
     "for 'request'"},
	{SIDE_CHECKER, "{\"type\":\"done\",\"request\":9007199254740992.0,\"verdict\":\"timeout\"}",
     "for 'request'"},
	{SIDE_CHECKER, "{\"type\":\"done\",\"request\":99999999999999999999,\"verdict\":\"timeout\"}",
     "expected a JSON object: too big integer"},
	{SIDE_CHECKER, "{\"type\":\"done\",\"request\":1e999,\"verdict\":\"timeout\"}", "real number overflow"},
	{SIDE_CHECKER, DONE "}", "done without 'verdict'"},
	{SIDE_CHECKER, DONE ",\"verdict\":\"crash\"}", "one of: pass violation"},
	{SIDE_CHECKER, DONE ",\"verdict\":\"garbled\"}", "for 'verdict'"},
	{SIDE_CHECKER, DONE ",\"verdict\":null}", "for 'verdict'"},
	{SIDE_CHECKER, DONE ",\"verdict\":0}", "for 'verdict'"},
	{SIDE_CHECKER, RUN ",\"seconds\":1}", "one of: hello finding done"},
	{SIDE_CHECKER, "{\"type\":\"error\"}", "one of: hello finding done"},
	{SIDE_CHECKER, "{\"type\":1}", "one of: hello finding done"},
	{SIDE_CHECKER, "{}", "one of: hello finding done"},
	{SIDE_CHECKER, "[]", "one of: hello finding done"},
	{SIDE_CHECKER, "", "expected a JSON object"},
	{SIDE_CHECKER, "hello", "expected a JSON object: '[' or '{' expected: hello"},
	{SIDE_CHECKER, DONE ",\"verdict\":\"pass\"} x", "expected a JSON object: end of file expected"},
	{SIDE_CHECKER, DONE ",\"verdict\":\"pass\"", "expected a JSON object"},
	{SIDE_CHECKER, DONE ",\"verdict\":\"pa\xffss\"}", "expected a JSON object: unable to decode byte 0xff"},
	{SIDE_CHECKER, DONE ",\"verdict\":\"pass\\u0000\"}", "expected a JSON object: \\u0000 is not allowed: {"},
	{SIDE_CHECKER, DONE ",\"verdict\":\"pass\",\"verdict\":\"pass\"}", "duplicate object key"},
};

enum { ROWS = sizeof rows / sizeof *rows };

/* As the schema has it; what is no JSON object for us is none for it. */
static bool
schema_takes(enum protocol_side from, const char *line, size_t length, struct buf *why)
{
	json_t *value = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
	bool taken =
		value &&
		schema_valid(&schema, from == SIDE_HOST ? "#/$defs/from-host" : "#/$defs/from-checker", value, why);

	cr_expect(!taken || schema_valid(&schema, "#", value, NULL), "%s", line);
	json_decref(value);
	return taken;
}

Test(protocol, parser_and_schema_agree_on_every_row)
{
	for (size_t i = 0; i < ROWS; i++) {
		size_t length = strlen(rows[i].line);
		struct protocol_message message;
		struct buf why = {0};
		struct diag diag = {.message = ""};
		bool read = protocol_parse(&message, rows[i].from, &arena, rows[i].line, length, &diag);

		cr_expect_eq(read, !rows[i].message, "%s: %s", rows[i].line, diag.message);
		cr_expect(read || strstr(diag.message, rows[i].message), "%s: %s", rows[i].line, diag.message);
		cr_expect_eq(schema_takes(rows[i].from, rows[i].line, length, &why), read, "%s: %s", rows[i].line,
		             buf_string(&why));
		buf_free(&why);
	}
}

/* Every row that is read with each of its bytes left out, doubled or changed: the two agree there too. */
Test(protocol, parser_and_schema_agree_on_rows_with_one_byte_changed)
{
	unsigned read = 0, refused = 0;

	for (size_t i = 0; i < ROWS; i++)
		for (size_t at = 0; !rows[i].message && rows[i].line[at]; at++)
			for (const char *put = "\"\"0-}a"; *put; put++) {
				struct protocol_message message;
				struct buf line = {0};
				struct diag diag;
				bool ok;

				buf_add(&line, rows[i].line, at);
				if (put[0] != put[1])
					buf_putc(&line, *put);
				buf_puts(&line, rows[i].line + at + 1);
				ok = protocol_parse(&message, rows[i].from, &arena, buf_string(&line), line.len, &diag);
				cr_expect_eq(schema_takes(rows[i].from, buf_string(&line), line.len, NULL), ok, "%s: %s",
				             line.data, diag.message);
				read += ok;
				refused += !ok;
				buf_free(&line);
				arena_reset(&arena);
			}
	cr_expect(read > 1000 && refused > 1000, "%u read, %u refused", read, refused);
}

static const char *const some[] = {"SpinlockRelease", "W\xc3\xb6rter, \"quoted\" \\ /", "c"};
static const char *some_pairs[][2] = {{"R", "global"}, {"S", "strict"}};

static const struct protocol_message messages[] = {
	{PROTOCOL_HOST, {.host = {1, "lockdrill 0.1.0", {3, some}, {0, some}, {1, some}}}},
	{PROTOCOL_RUN,
     {.run =
          {
			  .request = 7,
			  .rule = "R",
			  .model = "wdm",
			  .role = "dpc",
			  .file = "/a \"b\"\n/\\.c",
			  .include = "/i",
			  .seconds = 10,
		  }}},
	{PROTOCOL_RUN,
     {.run = {9007199254740991u, "R", "kmdf", "timer", "/case.c", "/helpers.c", "/i", "int a;\n\t\x01\x7f",
              "", 0.1, 1ull << 40}}},
	{PROTOCOL_CHECKER, {.checker = {1, "mine", "1.2", "plain", {0, NULL}, {0, NULL}, {0, NULL}}}},
	{PROTOCOL_CHECKER,
     {.checker = {1, "mine-2", "\xc3\xa4", "model", {2, some}, {2, some_pairs}, {0, some}}}},
	{PROTOCOL_FINDING, {.finding = {0, KIND_COUNT, false, 0, NULL}}},
	{PROTOCOL_FINDING, {.finding = {7, KIND_DOUBLE_ACQUIRE, true, 12, "held \"since\"\nline 3"}}},
	{PROTOCOL_FINDING, {.finding = {7, KIND_MISSING_RELEASE, false, 2147483647, NULL}}},
	{PROTOCOL_DONE, {.done = {7, ANSWER_PASS, NULL}}},
	{PROTOCOL_DONE, {.done = {7, ANSWER_UNKNOWN, "\xc3\xa4"}}},
};

static enum protocol_side
side_of(enum protocol_type type)
{
	return type == PROTOCOL_HOST || type == PROTOCOL_RUN ? SIDE_HOST : SIDE_CHECKER;
}

/* Prints, validates and reads back; the second print is the first. */
static void
round_trip(const struct protocol_message *message)
{
	struct buf first = {0}, second = {0}, why = {0};
	struct protocol_message back;
	struct diag diag;

	cr_assert(protocol_print(&first, message));
	cr_assert_eq(strcspn(first.data, "\n"), first.len - 1, "%s", first.data);
	cr_expect(!strncmp(first.data, "{\"type\":\"", 9), "%s", first.data);
	cr_expect(schema_takes(side_of(message->type), first.data, first.len - 1, &why), "%s: %s", first.data,
	          buf_string(&why));
	cr_assert(protocol_parse(&back, side_of(message->type), &arena, first.data, first.len - 1, &diag), "%s",
	          diag.message);
	cr_expect_eq(back.type, message->type);
	cr_assert(protocol_print(&second, &back));
	cr_expect_str_eq(second.data, first.data);
	buf_free(&first);
	buf_free(&second);
	buf_free(&why);
}

Test(protocol, what_is_printed_is_valid_and_read_back)
{
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
		round_trip(&messages[i]);
}

Test(protocol, every_kind_and_verdict_has_its_word)
{
	for (unsigned i = 0; i <= KIND_COUNT; i++)
		round_trip(
			&(struct protocol_message){PROTOCOL_FINDING, {.finding = {1, (uint8_t)i, false, 1, NULL}}});
	for (unsigned i = 0; i < ANSWER_COUNT; i++) {
		const struct protocol_message done = {PROTOCOL_DONE, {.done = {1, (enum answer_state)i, NULL}}};
		struct protocol_message back;
		struct buf line = {0};
		struct diag diag;

		if (protocol_is_verdict((enum answer_state)i)) {
			round_trip(&done);
			continue;
		}
		cr_assert(protocol_print(&line, &done));
		cr_expect(!protocol_parse(&back, SIDE_CHECKER, &arena, line.data, line.len - 1, &diag));
		cr_expect(!schema_takes(SIDE_CHECKER, line.data, line.len - 1, NULL), "%s", line.data);
		buf_free(&line);
	}
}

Test(protocol, a_long_message_keeps_its_beginning_up_to_a_character)
{
	struct protocol_message done = {PROTOCOL_DONE, {.done = {1, ANSWER_UNKNOWN, NULL}}}, back;
	struct buf text = {0}, line = {0};
	struct diag diag;

	while (text.len < 2 * PROTOCOL_MESSAGE)
		buf_puts(&text, "\xe2\x82\xac");
	done.of.done.message = text.data;
	cr_assert(protocol_print(&line, &done));
	cr_assert(protocol_parse(&back, SIDE_CHECKER, &arena, line.data, line.len - 1, &diag), "%s",
	          diag.message);
	cr_expect_eq(strlen(back.of.done.message), PROTOCOL_MESSAGE / 3 * 3);
	round_trip(&back);
	buf_free(&text);
	buf_free(&line);
}

Test(protocol, fields_come_back_as_they_went)
{
	struct protocol_message back;
	struct buf line = {0};
	struct diag diag;

	cr_assert(protocol_print(&line, &messages[2]));
	cr_assert(protocol_parse(&back, SIDE_HOST, &arena, line.data, line.len - 1, &diag), "%s", diag.message);
	cr_expect_eq(back.of.run.request, 9007199254740991u);
	cr_expect_str_eq(back.of.run.helpers, "/helpers.c");
	cr_expect_str_eq(back.of.run.text, "int a;\n\t\x01\x7f");
	cr_expect_str_eq(back.of.run.helpers_text, "");
	cr_expect(back.of.run.seconds == 0.1 && back.of.run.memory == 1ull << 40);
	buf_clear(&line);
	cr_assert(protocol_print(&line, &messages[4]));
	cr_assert(protocol_parse(&back, SIDE_CHECKER, &arena, line.data, line.len - 1, &diag), "%s",
	          diag.message);
	cr_expect(protocol_takes(&back.of.checker, "SpinlockRelease") && !protocol_takes(&back.of.checker, "c"));
	cr_expect_str_eq(protocol_reading(&back.of.checker, "S"), "strict");
	cr_expect_null(protocol_reading(&back.of.checker, "SpinlockRelease"));
	cr_assert(protocol_parse(&back, SIDE_CHECKER, &arena, HELLO "}", strlen(HELLO "}"), &diag));
	cr_expect(protocol_takes(&back.of.checker, "c"));
	cr_expect_str_eq(back.of.checker.world, "plain");
	buf_free(&line);
}

Test(protocol, what_is_not_utf8_is_not_printed)
{
	struct protocol_message run = messages[1];
	struct buf line = {0};

	run.of.run.file = "/\xff";
	cr_expect(!protocol_print(&line, &run));
	cr_expect_eq(line.len, 0);
	buf_free(&line);
}

Test(protocol, deep_nesting_and_nul_are_refused)
{
	struct protocol_message message;
	struct buf line = {0};
	struct diag diag;

	buf_puts(&line, "{\"type\":\"done\",\"deep\":");
	for (unsigned i = 0; i < 100000; i++)
		buf_putc(&line, '[');
	cr_expect(!protocol_parse(&message, SIDE_CHECKER, &arena, line.data, line.len, &diag));
	cr_expect(strstr(diag.message, "depth"), "%s", diag.message);
	cr_expect(!protocol_parse(&message, SIDE_CHECKER, &arena, "{\"type\"\0:\"done\"}", 16, &diag));
	cr_expect(strstr(diag.message, "{\"type\"\\x00:"), "%s", diag.message);
	buf_free(&line);
}

Test(protocol, messages_quote_the_line_briefly_and_escaped)
{
	struct protocol_message message;
	struct buf line = {0};
	struct diag diag;

	for (unsigned i = 0; i < 300; i++)
		buf_putc(&line, (char)i);
	cr_assert(!protocol_parse(&message, SIDE_CHECKER, &arena, line.data, line.len, &diag));
	cr_expect_str_eq(diag.file, "checker");
	cr_expect(strstr(diag.message, ": \\x00\\x01\\x02") && strstr(diag.message, "\\x1f !\"#$%&"), "%s",
	          diag.message);
	cr_expect(strstr(diag.message, "LMNO..."), "%s", diag.message);
	cr_expect(!strchr(diag.message, 'P'), "%s", diag.message);
	buf_clear(&line);
	for (unsigned i = 0; i < 300; i++)
		buf_putc(&line, '\xff');
	cr_assert(!protocol_parse(&message, SIDE_CHECKER, &arena, line.data, line.len, &diag));
	cr_expect(strlen(diag.message) < sizeof diag.message - 1 && strstr(diag.message, "\\xff..."), "%s",
	          diag.message);
	buf_free(&line);
}

/* Characters, not bytes, and the schema counts them too. */
Test(protocol, a_word_has_its_limit)
{
	for (unsigned count = PROTOCOL_WORD; count <= PROTOCOL_WORD + 1; count++)
		for (unsigned part = 0; part < 3; part++) {
			static const char *const keys[] = {"name", "version", "world"}, *const letters[] = {
																				"x", "\xc3\xa4", "y"};
			struct protocol_message message;
			struct buf line = {0};
			struct diag diag;

			buf_puts(&line, "{\"type\":\"hello\",\"protocol\":1");
			for (unsigned i = 0; i < 3; i++) {
				buf_printf(&line, ",\"%s\":\"", keys[i]);
				for (unsigned j = 0; j < (i == part ? count : 1); j++)
					buf_puts(&line, letters[i]);
				buf_putc(&line, '"');
			}
			buf_putc(&line, '}');
			cr_expect_eq(protocol_parse(&message, SIDE_CHECKER, &arena, line.data, line.len, &diag),
			             count == PROTOCOL_WORD);
			cr_expect_eq(schema_takes(SIDE_CHECKER, line.data, line.len, NULL), count == PROTOCOL_WORD, "%s",
			             keys[part]);
			buf_free(&line);
		}
}
