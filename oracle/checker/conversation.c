/* The conversation with one checker. See conversation.h.
 *
 * How to read it: lines are cut from bytes and taken by the state:
 *
 *   greeting --hello--> idle --(we ask)--> asked --finding--> asked --done--> idle
 *
 * Anything else breaks it. Whatever a checker sends, no more is kept than one line, its greeting and
 * PROTOCOL_FINDINGS findings.
 */
#include "conversation.h"

#include <assert.h>

#include "array.h"

void
conversation_begin(struct conversation *c, const struct protocol_host *host)
{
	const struct protocol_message hello = {PROTOCOL_HOST, {.host = *host}};

	*c = (struct conversation){.host = host, .lines = {.most = PROTOCOL_LINE}};
	if (!protocol_print(&c->out, &hello))
		bug("the host's hello is not UTF-8");
}

static enum conversation_event
broken(struct conversation *c, enum answer_state why)
{
	assert(c->state != STATE_BROKEN);
	assert(why != ANSWER_PASS && why != ANSWER_VIOLATION);
	c->state = STATE_BROKEN;
	c->why = why;
	return CONVERSATION_BROKEN;
}

/* The line at hand is refused, as read or as it stands in the conversation. */
static enum conversation_event
garbled(struct conversation *c, unsigned long number)
{
	assert(c->reason.message[0]);
	c->reason.line = (unsigned)number;
	return broken(c, ANSWER_GARBLED);
}

static enum conversation_event
take_hello(struct conversation *c, const struct protocol_said *said, const struct protocol_checker *checker)
{
	if (!protocol_has(&c->host->worlds, checker->world)) {
		struct buf worlds = {0};

		for (unsigned i = 0; i < c->host->worlds.count; i++)
			buf_printf(&worlds, " %s", c->host->worlds.item[i]);
		protocol_refuse(said, "there is no such world; expected one of:%s", buf_string(&worlds));
		buf_free(&worlds);
		return garbled(c, c->lines.count);
	}
	assert(c->state == STATE_GREETING);
	c->checker = *checker;
	c->state = STATE_IDLE;
	return CONVERSATION_GREETED;
}

static enum conversation_event
take_finding(struct conversation *c, const struct protocol_said *said, const struct protocol_finding *finding)
{
	assert(c->state == STATE_ASKED);
	if (finding->request != c->request) {
		protocol_refuse(said, "a finding to request %llu, where %llu is asked",
		                (unsigned long long)finding->request, (unsigned long long)c->request);
		return garbled(c, c->lines.count);
	}
	if (c->findings == PROTOCOL_FINDINGS) {
		protocol_refuse(said, "more than %d findings", PROTOCOL_FINDINGS);
		return garbled(c, c->lines.count);
	}
	*array_add(&c->asked, c->finding, c->findings, c->room) = *finding;
	return CONVERSATION_WAITING;
}

static enum conversation_event
take_done(struct conversation *c, const struct protocol_said *said, const struct protocol_done *done)
{
	if (done->request != c->request) {
		protocol_refuse(said, "done with request %llu, where %llu is asked",
		                (unsigned long long)done->request, (unsigned long long)c->request);
		return garbled(c, c->lines.count);
	}
	if (done->state == ANSWER_PASS && c->findings) {
		protocol_refuse(said, "pass after %u findings", c->findings);
		return garbled(c, c->lines.count);
	}
	assert(c->state == STATE_ASKED && protocol_is_verdict(done->state));
	c->answer = (struct conversation_answer){done->request, done->state,
	                                         done->state == ANSWER_VIOLATION ? c->findings : 0, c->finding,
	                                         done->message};
	c->state = STATE_IDLE;
	return CONVERSATION_ANSWERED;
}

/* One line in the state of greeting or asked. */
static enum conversation_event
take_line(struct conversation *c, const char *line, size_t length)
{
	const struct protocol_said said = {SIDE_CHECKER, line, length, &c->reason};
	bool greeting = c->state == STATE_GREETING;
	struct protocol_message message;

	if (!protocol_parse(&message, SIDE_CHECKER, greeting ? &c->greeting : &c->asked, line, length,
	                    &c->reason))
		return garbled(c, c->lines.count);
	if (greeting != (message.type == PROTOCOL_CHECKER)) {
		protocol_refuse(&said, greeting ? "expected a hello first"
		                                : "expected a finding or done, not a second hello");
		return garbled(c, c->lines.count);
	}
	if (greeting)
		return take_hello(c, &said, &message.of.checker);
	return message.type == PROTOCOL_FINDING ? take_finding(c, &said, &message.of.finding)
	                                        : take_done(c, &said, &message.of.done);
}

/* What is left where nothing was asked. */
static enum conversation_event
spoke_unasked(struct conversation *c)
{
	const char *bytes_left = buf_string(&c->lines.bytes) + c->lines.begin;
	const struct protocol_said said = {SIDE_CHECKER, bytes_left, protocol_lines_left(&c->lines), &c->reason};

	assert(c->state == STATE_IDLE && said.length);
	protocol_refuse(&said, "spoke without being asked");
	return garbled(c, c->lines.count + 1);
}

enum conversation_event
conversation_ask(struct conversation *c, const struct protocol_run *run)
{
	const struct protocol_message message = {PROTOCOL_RUN, {.run = *run}};

	assert(c->state == STATE_IDLE || c->state == STATE_BROKEN);
	assert(run->request <= PROTOCOL_REQUEST_MOST);
	if (c->state == STATE_BROKEN)
		return CONVERSATION_BROKEN;
	if (protocol_lines_left(&c->lines))
		return spoke_unasked(c);
	arena_reset(&c->asked);
	c->finding = NULL;
	c->findings = c->room = 0;
	c->answer = (struct conversation_answer){0};
	c->request = run->request;
	if (!protocol_print(&c->out, &message)) {
		diag_set(&c->reason, run->file, 0, 0, "cannot be asked: a path or text is not UTF-8");
		return broken(c, ANSWER_NOT_RUN);
	}
	c->state = STATE_ASKED;
	return CONVERSATION_WAITING;
}

enum conversation_event
conversation_feed(struct conversation *c, const char *added, size_t length)
{
	enum conversation_event event = CONVERSATION_WAITING;

	if (c->state == STATE_BROKEN)
		return CONVERSATION_BROKEN;
	if (length)
		protocol_lines_add(&c->lines, added, length);
	while (event == CONVERSATION_WAITING) {
		const char *line;
		size_t own;
		enum protocol_line next;

		if (c->state == STATE_IDLE)
			return protocol_lines_left(&c->lines) ? spoke_unasked(c) : CONVERSATION_WAITING;
		next = protocol_lines_next(&c->lines, &line, &own);
		if (next == LINE_NONE)
			break;
		if (next == LINE_TOO_LONG) {
			const struct protocol_said said = {SIDE_CHECKER, line, own, &c->reason};

			protocol_refuse(&said, "a line of more than %d bytes", PROTOCOL_LINE);
			return garbled(c, c->lines.count + 1);
		}
		event = take_line(c, line, own);
	}
	return event;
}

enum conversation_event
conversation_end(struct conversation *c)
{
	const char *rest = buf_string(&c->lines.bytes) + c->lines.begin;
	const struct protocol_said said = {SIDE_CHECKER, rest, protocol_lines_left(&c->lines), &c->reason};

	if (c->state == STATE_BROKEN)
		return CONVERSATION_BROKEN;
	if (c->state == STATE_IDLE)
		return said.length ? spoke_unasked(c) : CONVERSATION_ENDED;
	if (said.length) {
		protocol_refuse(&said, "ended in the middle of a line");
		c->reason.line = (unsigned)c->lines.count + 1;
	} else if (c->state == STATE_GREETING) {
		diag_set(&c->reason, "checker", 0, 0, "ended without a hello");
	} else {
		diag_set(&c->reason, "checker", 0, 0, "ended without done to request %llu, after %u findings",
		         (unsigned long long)c->request, c->findings);
	}
	return broken(c, ANSWER_CRASH);
}

void
conversation_sent(struct conversation *c, size_t sent)
{
	assert(sent <= c->out.len);
	if (!sent)
		return;
	memmove(c->out.data, c->out.data + sent, c->out.len - sent + 1);
	c->out.len -= sent;
}

void
conversation_free(struct conversation *c)
{
	buf_free(&c->out);
	buf_free(&c->lines.bytes);
	arena_free(&c->greeting);
	arena_free(&c->asked);
}
