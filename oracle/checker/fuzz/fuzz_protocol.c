/* Bytes as a conversation and as messages: however they are cut they come to the same end, within the limits;
 * what is read is printed and read again; and the parser takes what the schema takes, no more and no less.
 *
 * The first byte says how the others are read. Odd: as messages, each a beginning, a number of fields, and a
 * key and a value for each field. Even: as they are, where bytes from 128 stand for these same pieces.
 */
#include <stdint.h>
#include <stdlib.h>

#include "../test/schema.h"
#include "conversation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HELLO "{\"type\":\"hello\",\"protocol\":1,\"name\":\"mine\",\"version\":\"1\""
#define DONE "{\"type\":\"done\",\"request\":"
static const char *const beginnings[] = {
	HELLO,
	HELLO,
	"{\"type\":\"finding\",\"request\":1",
	"{\"type\":\"finding\",\"request\":2",
	DONE "1,\"verdict\":\"violation\"",
	DONE "1,\"verdict\":\"pass\"",
	DONE "2,\"verdict\":\"unknown\"",
	DONE "1",
	"{\"type\":\"hello\",\"protocol\":[1],\"host\":\"h\",\"worlds\":[\"plain\"],\"rules\":[],\"capabilities\":[]",
	"{\"type\":\"hello\",\"protocol\":[1],\"worlds\":[]",
	"{\"type\":\"run\",\"request\":1,\"rule\":\"R\",\"model\":\"m\",\"role\":\"r\",\"file\":\"/f\",\"include\":\"/i\",\"seconds\":1",
	"{\"type\":\"run\",\"request\":1,\"rule\":\"R\",\"model\":\"m\",\"file\":\"/f\",\"seconds\":1",
	"{\"type\":\"hello\",\"name\":\"mine\"",
	"{\"type\":\"finding\"",
	"{\"seconds\":1",
};
static const char *const keys[] = {
	"type",    "world",   "rules", "readings", "capabilities", "kind",    "line",    "in",
	"verdict", "memory",  "text",  "helpers",  "helpers_text", "seconds", "request", "protocol",
	"name",    "version", "host",  "worlds",   "role",         "include", "other",
};
static const char *const values[] = {
	"\"plain\"",
	"\"text\"",
	"\"double-acquire\"",
	"\"missing-release\"",
	"\"file\"",
	"\"helpers\"",
	"\"pass\"",
	"\"violation\"",
	"\"out-of-memory\"",
	"\"garbled\"",
	"\"hello\"",
	"\"\"",
	"null",
	"true",
	"false",
	"0",
	"1",
	"2",
	"1.0",
	"0.5",
	"-1",
	"-0.0",
	"2147483647",
	"2147483648",
	"9007199254740991",
	"9007199254740992",
	"99999999999999999999",
	"1e3",
	"1e999",
	"[]",
	"{}",
	"[1]",
	"[1.0,2]",
	"[\"R\",\"\"]",
	"[\"R\"]",
	"{\"R\":\"global\"}",
	"{\"R\":1}",
	"{\"\":\"global\"}",
	"[[[[[]]]]]",
	"\"\xff\"",
	"\"\xc3\xa4\"",
	"\"\\u0000\"",
	"\"\\u0007\"",
	"\"\x7f\"",
	"\"a\\nb\"",
	"\"/a b\"",
	"\"1.2\"",
	"{\"a\":1,\"a\":1}",
};

enum {
	BEGINNINGS = sizeof beginnings / sizeof *beginnings,
	KEYS = sizeof keys / sizeof *keys,
	VALUES = sizeof values / sizeof *values,
	FIELDS = 4,
	BYTES_MOST = 1000,
};

static struct schema schema;

static void
put_messages(struct buf *out, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i + 1 < size && out->len < BYTES_MOST; buf_puts(out, "}\n")) {
		unsigned fields = data[i + 1] % FIELDS;

		buf_puts(out, beginnings[data[i] % BEGINNINGS]);
		for (i += 2; i + 1 < size && fields; fields--, i += 2)
			buf_printf(out, ",\"%s\":%s", keys[data[i] % KEYS], values[data[i + 1] % VALUES]);
	}
}

static void
put_pieces(struct buf *out, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size && out->len < BYTES_MOST; i++) {
		unsigned piece = (data[i] - 128u) % (BEGINNINGS + VALUES);

		if (data[i] < 128)
			buf_putc(out, (char)data[i]);
		else
			buf_puts(out, piece < BEGINNINGS ? beginnings[piece] : values[piece - BEGINNINGS]);
	}
}

/* Adds what came of a conversation; questions are asked as soon as they may be, up to two. */
static enum conversation_event
put_event(struct buf *out, struct conversation *c, enum conversation_event event, uint64_t *asked)
{
	static const struct protocol_run run = {
		.rule = "R", .model = "m", .role = "r", .file = "/f", .include = "/i", .seconds = 1};

	if (event == CONVERSATION_GREETED)
		buf_printf(out, "%s %s %u %u\n", c->checker.name, c->checker.world, c->checker.rules.count,
		           c->checker.readings.count);
	if (event == CONVERSATION_ANSWERED) {
		if (!protocol_is_verdict(c->answer.state) || c->answer.count > PROTOCOL_FINDINGS ||
		    (c->answer.count && c->answer.state != ANSWER_VIOLATION))
			bug("an answer that is none");
		for (unsigned i = 0; i < c->answer.count; i++)
			buf_printf(out, "%u %u %u, ", c->answer.finding[i].kind, c->answer.finding[i].line,
			           c->answer.finding[i].in_helpers);
		buf_printf(out, "%s\n", answer_name(c->answer.state));
	}
	if ((event == CONVERSATION_GREETED || event == CONVERSATION_ANSWERED) && *asked < 2) {
		struct protocol_run next = run;

		next.request = ++*asked;
		event = conversation_ask(c, &next);
	}
	if (event == CONVERSATION_BROKEN) {
		if (!c->reason.message[0] || strlen(c->reason.message) > sizeof c->reason.message - 2)
			bug("broken without a reason that fits");
		for (const char *at = c->reason.message; *at; at++)
			if (*at < ' ' || *at > '~')
				bug("a reason with byte %d", *at);
		buf_printf(out, "%s %u %s\n", answer_name(c->why), c->reason.line, c->reason.message);
	}
	if (event == CONVERSATION_ENDED)
		buf_puts(out, "ended\n");
	return event;
}

/* Line by line, as of a checker that waits for its question, and each line in pieces. */
static void
converse(struct buf *out, const char *bytes, size_t length, size_t piece)
{
	static const char *const worlds[] = {"plain"};
	static const struct protocol_host host = {PROTOCOL_VERSION, "h", {1, worlds}, {1, worlds}, {0, worlds}};
	enum conversation_event event = CONVERSATION_WAITING;
	struct conversation c;
	uint64_t asked = 0;

	conversation_begin(&c, &host);
	for (size_t at = 0, own; at < length && event != CONVERSATION_BROKEN; at += own) {
		const char *newline = memchr(bytes + at, '\n', length - at);

		own = newline ? (size_t)(newline - bytes) + 1 - at : length - at;
		own = own < piece ? own : piece;
		event = put_event(out, &c, conversation_feed(&c, bytes + at, own), &asked);
	}
	if (event != CONVERSATION_BROKEN)
		event = put_event(out, &c, conversation_end(&c), &asked);
	if (event != CONVERSATION_BROKEN && event != CONVERSATION_ENDED)
		bug("no end");
	conversation_free(&c);
}

/* Where a reason quotes what was unasked, it quotes what was there by then. */
static size_t
without_quote(const struct buf *record)
{
	const char *unasked = strstr(record->data, "spoke without being asked");

	return unasked ? (size_t)(unasked - record->data) : record->len;
}

static void
fuzz_conversation(const struct buf *bytes)
{
	static const size_t sizes[] = {1, 7};
	struct buf whole = {0}, cut = {0};

	converse(&whole, bytes->data, bytes->len, bytes->len);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		buf_clear(&cut);
		converse(&cut, bytes->data, bytes->len, sizes[i]);
		if (without_quote(&cut) != without_quote(&whole) ||
		    memcmp(cut.data, whole.data, without_quote(&whole)))
			bug("in pieces of %zu: %s, else %s", sizes[i], cut.data, whole.data);
	}
	buf_free(&whole);
	buf_free(&cut);
}

static void
fuzz_again(const struct protocol_message *message, enum protocol_side from, struct arena *arena)
{
	struct buf first = {0}, second = {0};
	struct protocol_message back;
	struct diag diag;

	if (!protocol_print(&first, message))
		bug("what was read is not printed");
	if (!protocol_parse(&back, from, arena, first.data, first.len - 1, &diag))
		bug("%s is printed and refused: %s", first.data, diag.message);
	if (!protocol_print(&second, &back) || strcmp(first.data, second.data))
		bug("%s comes back as %s", first.data, buf_string(&second));
	buf_free(&first);
	buf_free(&second);
}

static void
fuzz_line(const char *line, size_t length, enum protocol_side from)
{
	json_t *value = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
	const char *where = from == SIDE_HOST ? "#/$defs/from-host" : "#/$defs/from-checker";
	struct protocol_message message;
	struct arena arena = {0};
	struct diag diag = {.message = ""};
	bool read = protocol_parse(&message, from, &arena, line, length, &diag);

	if (read != (value && schema_valid(&schema, where, value, NULL)))
		bug("parser and schema disagree on %.*s: %s", (int)length, line, diag.message);
	if (!read && !diag.message[0])
		bug("refused without a message");
	if (read)
		fuzz_again(&message, from, &arena);
	json_decref(value);
	arena_free(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf bytes = {0};
	struct diag diag;

	if (!schema.root && !schema_load(&schema, "include/lockdrill/protocol.schema.json", &diag))
		die("%s: %s", diag.file, diag.message);
	buf_puts(&bytes, "");
	if (size)
		(data[0] & 1 ? put_messages : put_pieces)(&bytes, data + 1, size - 1);
	fuzz_conversation(&bytes);
	for (size_t at = 0, own; at < bytes.len; at += own + 1) {
		const char *newline = memchr(bytes.data + at, '\n', bytes.len - at);

		own = newline ? (size_t)(newline - bytes.data) - at : bytes.len - at;
		fuzz_line(bytes.data + at, own, SIDE_HOST);
		fuzz_line(bytes.data + at, own, SIDE_CHECKER);
	}
	buf_free(&bytes);
	return 0;
}
