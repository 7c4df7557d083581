/* run_answer: from what a process or a worker said of a pack to one answer a case. See run_state.h.
 *
 * How to read it: run_end_pack and run_end_case are the two ways in. Both ask first whether the files were
 * left alone, then give answers, which run_give delivers; an answer to a canary is looked at instead.
 */
#include "run_state.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "recording.h"
#include "said.h"

enum { OUTPUT_KEPT = 65536 };

/* void runs */

/* The first reason counts. */
void
run_void(struct running *r, const char *format, ...)
{
	va_list arguments;

	if (r->report->why_void[0])
		return;
	va_start(arguments, format);
	vsnprintf(r->report->why_void, sizeof r->report->why_void, format, arguments);
	va_end(arguments);
	if (r->options->voided && !r->options->voided(r->options->context, r->report->why_void)) {
		r->stopped = true;
		r->diag->message[0] = 0;
	}
	if (r->options->progress && r->asks_cases)
		fprintf(stderr, "%s%s: the score will be void: %s\n", isatty(STDERR_FILENO) ? "\r\033[K" : "",
		        r->options->adapter->name, r->report->why_void);
}

/* Where one of the first is not answered rightly, the others need not be asked. */
static void
check_canary(struct running *r, const struct suite_case *of, const struct answer *answer)
{
	enum answer_state state = answer->state;
	bool violates = of->verdict[of->rule->headline].outcome == OUTCOME_VIOLATION;
	struct buf why = {0};

	if (state == (violates ? ANSWER_VIOLATION : ANSWER_PASS) || state == ANSWER_UNSUPPORTED)
		return;
	r->canaries_fail = r->canaries_fail || (state > ANSWER_UNKNOWN && !r->done);
	buf_printf(&why, "the %s canary of %s was answered %s", violates ? "violating" : "correct",
	           of->rule->name, answer_name(state));
	if (answer->why)
		buf_printf(&why, ": %s", answer->why);
	else if (answer->message)
		buf_printf(&why, ": it said '%.*s'", (int)strcspn(answer->message, "\n"), answer->message);
	run_void(r, "%s", why.data);
	buf_free(&why);
	if (!r->asks_cases)
		run_drop(r);
}

void
run_push(struct running *r, struct pack *packs)
{
	struct pack **end = &packs;

	while (*end)
		end = &(*end)->next;
	*end = r->waiting;
	r->waiting = packs;
}

void
run_drop(struct running *r)
{
	while (r->waiting) {
		struct pack *next = r->waiting->next;

		pack_free(r->waiting);
		r->waiting = next;
	}
}

/* answers */

bool
run_give(struct running *r, const struct suite_case *of, const struct answer *answer, const struct pack *pack)
{
	assert(answer->state < ANSWER_COUNT && (answer->state == ANSWER_VIOLATION || !answer->count));
	if (!run_keep_answer(r, of, answer, pack))
		return false;
	if (pack && pack->are_canaries) {
		check_canary(r, of, answer);
		return !r->stopped;
	}
	r->done++;
	r->state[answer->state]++;
	r->report->retried += answer->retried;
	if (r->options->answer(r->options->context, of, answer))
		return true;
	r->diag->message[0] = 0;
	return false;
}

static bool
deliver(struct running *r, const struct pack *pack)
{
	if (pack->are_canaries || !r->options->delivered || r->options->delivered(r->options->context))
		return true;
	r->diag->message[0] = 0;
	return false;
}

/* What was printed, with the number of bytes that there were. */
static void
keep_output(struct pack *pack, const struct buf *printed, uint64_t bytes, struct answer_output *output)
{
	output->bytes = bytes;
	output->length = printed->len < OUTPUT_KEPT ? printed->len : OUTPUT_KEPT;
	output->kept = arena_copy(&pack->arena, buf_string(printed), output->length);
	hash_bytes(buf_string(printed), printed->len, output->hash);
}

/* Both streams, one behind the other. */
static void
keep_streams(struct pack *pack, const struct process *process, struct answer_output *output)
{
	struct buf all = {0};

	buf_add(&all, buf_string(&process->stdout_text), process->stdout_text.len);
	buf_add(&all, buf_string(&process->stderr_text), process->stderr_text.len);
	keep_output(pack, &all, process->output_bytes, output);
	buf_free(&all);
}

static struct answer
answer_of(const struct pack *pack, enum answer_state state, const struct answer_output *output)
{
	return (struct answer){.state = state,
	                       .seconds = pack->seconds / pack->count,
	                       .cpu = pack->cpu / pack->count,
	                       .memory = pack->memory,
	                       .output = output};
}

static bool
answer_all(struct running *r, struct pack *pack, const struct said *said, const struct answer_output *output)
{
	for (unsigned i = 0; i < pack->count; i++) {
		struct answer answer = answer_of(pack, said_state(&said[i]), output);

		answer.count = said[i].count;
		answer.finding = said[i].finding;
		answer.message = message_text(&said[i].message, &pack->arena);
		if (!run_give(r, pack->cases[i], &answer, pack))
			return false;
	}
	return deliver(r, pack);
}

static bool
may_halve(const struct running *r, const struct pack *pack)
{
	return pack->count > 1 && !r->canaries_fail;
}

/* The end of what was printed on standard error, or else on standard output, where one case was asked. */
static const char *
last_words(struct pack *pack, const struct process *process)
{
	const struct buf *streams[] = {&process->stderr_text, &process->stdout_text};
	struct message_path path[MESSAGE_PATHS];
	const char *words = NULL;

	if (pack->count > 1)
		return NULL;
	said_paths(pack, 0, path);
	for (unsigned i = 0; i < 2 && !words; i++)
		words = message_end(&pack->arena, buf_string(streams[i]), streams[i]->len, path);
	return words;
}

/* Nothing in the pack is answered: its halves are tried, or each case gets the reason. `like` has why, what
 * was printed, and the last words. */
static bool
give_up_or_halve(struct running *r, struct pack *pack, enum answer_state reason, const struct answer *like)
{
	struct answer answer = answer_of(pack, reason, like->output);
	unsigned half = pack->count / 2;

	assert(reason != ANSWER_PASS && reason != ANSWER_VIOLATION);
	answer.why = like->why;
	answer.message = like->message;
	if (may_halve(r, pack)) {
		struct pack *one = pack_part(pack, 0, half);
		struct pack *two = pack_part(pack, half, pack->count - half);

		one->are_canaries = two->are_canaries = pack->are_canaries;
		one->from = two->from = pack->kept;
		run_push(r, two);
		run_push(r, one);
		return true;
	}
	for (unsigned i = 0; i < pack->count; i++)
		if (!run_give(r, pack->cases[i], &answer, pack))
			return false;
	return deliver(r, pack);
}

/* Which pack's process changed files that others read. */
enum changer { CHANGED_BY_NONE, CHANGED_BY_THIS, CHANGED_BY_UNKNOWN };

/* Looks whether checkers leave alone what they are given to read. Where something was changed while several
 * ran, nobody knows by whom, so all of these are to be read again, and from then on one by one. */
static enum changer
find_changer(struct running *r, const struct pack *pack)
{
	bool headers = headers_are_whole(&r->headers), several = pack->tainted;

	if (headers && pack_is_whole(pack))
		return several ? CHANGED_BY_UNKNOWN : CHANGED_BY_NONE;
	for (unsigned i = 0; i < r->lanes; i++)
		if (r->lane[i].pack)
			several = r->lane[i].pack->tainted = true;
	r->one_by_one = true;
	r->headers_changed = !headers;
	return several ? CHANGED_BY_UNKNOWN : CHANGED_BY_THIS;
}

/* Throws away what was said of a pack, which waits again. */
static void
read_again(struct running *r, const struct pack *pack, bool retried)
{
	struct pack *again = pack_part(pack, 0, pack->count);

	again->are_canaries = pack->are_canaries;
	again->retried = retried;
	again->from = pack->kept;
	run_push(r, again);
}

/* Notes a finding of no case. */
static void
count_stray(void *context, const struct said_line *line)
{
	struct pack *pack = context;

	if (!said_is_stray(line))
		return;
	if (!pack->strays++) {
		struct message_path path[MESSAGE_PATHS];
		struct message message = {0};

		said_paths(pack, 0, path);
		path[0].name = "pack.c";
		path[1].name = "helpers.c";
		message_add(&message, &pack->arena, line->text, line->length, path);
		pack->stray = message_text(&message, &pack->arena);
	}
}

/* Of a pack that is not asked again. */
static void
report_strays(struct running *r, const struct pack *pack)
{
	if (!r->report->strays && pack->stray)
		snprintf(r->report->stray, sizeof r->report->stray, "%s", pack->stray);
	r->report->strays += pack->strays;
}

/* Why the pack has no answers, or ANSWER_PASS and what was said of each case. */
static enum answer_state
read_end(const struct adapter *adapter, struct pack *pack, const struct process *process, struct said **said,
         struct buf *why)
{
	const struct said_listener listener = {count_stray, pack};
	enum answer_state reason;

	if (pack->step + 1 == adapter->steps && !pack->blocked)
		return said_read(adapter, pack, process, &listener, said, why);
	reason = said_end(process, why);
	if (reason != ANSWER_PASS)
		return reason;
	if (pack->blocked) {
		buf_printf(why, "step %u cannot be started: %s", pack->step + 1, pack->blocked);
	} else {
		buf_printf(why, "step %u ended with exit status %d", pack->step + 1, process->status);
		said_quote(why, process);
	}
	return ANSWER_GARBLED;
}

static const char changed_files[] = "it changed files that it is given to read";
static const char thrown_away[] =
	"thrown away: files that others read were changed while several ran; asked again";

/* What is made of a pack, as one line. */
static void
print_what(struct buf *out, const struct running *r, const struct pack *pack, enum answer_state reason,
           const char *why)
{
	buf_puts(out, reason == ANSWER_PASS ? "each case has its answer" : answer_name(reason));
	if (reason != ANSWER_PASS && why[0])
		buf_printf(out, ": %s", why);
	if (reason != ANSWER_PASS && may_halve(r, pack))
		buf_puts(out, "; asked again in halves");
}

static bool
keep_pack(struct running *r, struct pack *pack, const struct process *process, enum answer_state reason,
          const char *why)
{
	struct buf what = {0};
	bool ok;

	print_what(&what, r, pack, reason, why);
	run_tell_pack(r, pack, process, reason == ANSWER_PASS, what.data);
	ok = run_keep_pack(r, pack, process, what.data);
	buf_free(&what);
	return ok;
}

/* The last step is over, or one that ended badly: the answers, or the reason why there are none. */
bool
run_end_pack(struct running *r, struct pack *pack, const struct process *process)
{
	const struct adapter *adapter = r->options->adapter;
	struct answer_output output;
	struct answer like;
	struct said *said = NULL;
	struct buf why = {0};
	enum answer_state reason;
	enum changer changer = find_changer(r, pack);
	bool ok;

	assert(!process->runs && pack->step < adapter->steps);
	if (changer == CHANGED_BY_UNKNOWN) {
		if (!run_keep_pack(r, pack, process, thrown_away))
			return false;
		read_again(r, pack, false);
		return true;
	}
	keep_streams(pack, process, &output);
	reason = read_end(adapter, pack, process, &said, &why);
	if (changer == CHANGED_BY_THIS) {
		reason = ANSWER_GARBLED;
		buf_clear(&why);
		buf_puts(&why, changed_files);
	}
	/* Canaries together are as plain as one by one: what takes too long with them will with anything. */
	r->canaries_fail = r->canaries_fail || (pack->are_canaries && !r->done && reason == ANSWER_TIMEOUT);
	if (reason == ANSWER_PASS || !may_halve(r, pack))
		report_strays(r, pack);
	like = (struct answer){.output = &output,
	                       .why = why.len ? why.data : NULL,
	                       .message = reason == ANSWER_PASS ? NULL : last_words(pack, process)};
	if (r->options->record && reason == ANSWER_PASS && !pack->are_canaries)
		recording_add(r->options->record, adapter, pack, process, r->root);
	ok = keep_pack(r, pack, process, reason, buf_string(&why)) &&
	     (reason == ANSWER_PASS ? answer_all(r, pack, said, &output)
	                            : give_up_or_halve(r, pack, reason, &like));
	buf_free(&why);
	return ok;
}

/* What a worker wrote, and what is made of it. */
static bool
keep_question(struct running *r, const struct run_lane *lane, struct pack *pack, const struct answer *answer)
{
	struct buf what = {0};
	bool ok;

	buf_puts(&what, answer_name(answer->state));
	if (answer->why)
		buf_printf(&what, ": %s", answer->why);
	run_tell_question(r, lane, pack, answer->seconds, what.data);
	ok = run_keep_question(r, lane, pack, answer->seconds, what.data);
	buf_free(&what);
	return ok;
}

/* Of a question: both streams, one behind the other. */
static void
keep_said(struct pack *pack, const struct worker *worker, struct answer_output *output)
{
	struct buf all = {0};

	buf_add(&all, buf_string(&worker->output), worker->output.len);
	buf_add(&all, buf_string(&worker->errors), worker->errors.len);
	keep_output(pack, &all, all.len, output);
	buf_free(&all);
}

bool
run_end_case(struct running *r, const struct run_lane *lane, struct pack *pack, struct answer *answer)
{
	struct answer_output output;
	enum changer changer = find_changer(r, pack);

	assert(pack->count == 1);
	/* A worker may do late what belongs to the case before. */
	if (changer == CHANGED_BY_UNKNOWN || (changer == CHANGED_BY_THIS && !pack->retried)) {
		run_tell_question(r, lane, pack, answer->seconds, thrown_away);
		if (!run_keep_question(r, lane, pack, answer->seconds, thrown_away))
			return false;
		read_again(r, pack, pack->retried || changer == CHANGED_BY_THIS);
		return true;
	}
	if (changer == CHANGED_BY_THIS)
		*answer = (struct answer){.state = ANSWER_GARBLED, .seconds = answer->seconds, .why = changed_files};
	if (!keep_question(r, lane, pack, answer))
		return false;
	report_strays(r, pack);
	keep_said(pack, &lane->worker, &output);
	answer->output = &output;
	answer->retried = pack->retried;
	return run_give(r, pack->cases[0], answer, pack) && deliver(r, pack);
}
