/* worker: one checker that keeps running. See worker.h, and protocol.h for what is said.
 *
 * How it works: the process's standard input and output belong to a conversation, which knows no processes.
 * worker_read moves bytes between the two.
 *
 *   worker_start --> (hello) --worker_ask--> (answer) --worker_ask--> ...
 *        '---------------'----------------------'--> broken: its process is ended, and may be started anew
 *
 * What ends a conversation is either said by it (nonsense, an end of file) or found here (a process that was
 * ended at a limit, a deadline that has passed); the reason that lies deeper is the one that counts. So does
 * one that the checker may not speak of: whatever it says after the kernel has ended a part of it for want of
 * memory is worth nothing, and the kernel is asked before anything is taken.
 */
#include "worker.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "lane.h"
#include "prog.h"
#include "said.h"
#include "tree.h"
#include "version.h"

enum { TEXT_MOST = 1 << 28, OUTPUT_MOST = 65536, WAIT = 100 };

void
worker_host(struct protocol_host *host, struct arena *arena)
{
	static const char *const capabilities[] = {"file", "text"};
	struct diag diag;
	const struct world *world =
		world_list(WORLD_DIALECT, &diag); /* an adapter has named one of them before */
	const char **names, **worlds;
	unsigned count = 0;

	while (world && world[count].name)
		count++;
	worlds = arena_alloc(arena, (count + 1U) * sizeof *worlds);
	for (unsigned i = 0; i < count; i++)
		worlds[i] = world[i].name;
	*host = (struct protocol_host){.protocol = PROTOCOL_VERSION,
	                               .host = "lockdrill " LOCKDRILL_VERSION,
	                               .worlds = {count, worlds},
	                               .capabilities = {2, capabilities}};
	host->rules.count = (unsigned)rule_list(arena, &names);
	host->rules.item = names;
}

static double
limit_of(const struct adapter *adapter)
{
	return adapter->seconds + adapter->seconds_case;
}

/* What there is no room for goes out while we wait for the process. */
static void
send_all(struct worker *worker, struct process *process)
{
	struct buf *out = &worker->talk.out;

	process_write(process, buf_string(out), out->len);
	conversation_sent(&worker->talk, out->len);
}

bool
worker_start(struct worker *worker, struct process *process, struct lane *lane,
             const struct worker_options *options, const char *directory, struct diag *diag)
{
	const struct adapter *adapter = options->adapter;
	const char *const values[] = {"exe",     options->exe, "self",           options->self, "dir",
	                              directory, "include",    options->include, NULL};
	const char *argv[ADAPTER_ARGUMENTS + 1] = {NULL};
	const struct process_command command = {.argv = argv,
	                                        .directory = directory,
	                                        .limits = {.output = adapter->output, .memory = adapter->memory},
	                                        .talks = true};
	struct arena arena = {0};

	if (!tree_fresh(directory)) {
		diag_set(diag, directory, 0, 0, "cannot make a directory: %s", strerror(errno));
		return false;
	}
	for (unsigned i = 0; i < adapter->step[0].arguments; i++)
		argv[i] = adapter_argument(&arena, adapter->step[0].argument[i], values);
	conversation_free(&worker->talk);
	worker->greeted = false;
	buf_clear(&worker->question);
	worker->answers = 0;
	worker->running = process_start(process, lane, &command);
	if (!worker->running)
		diag_set(diag, argv[0], 0, 0, "cannot start the checker: %s", strerror(errno));
	else
		conversation_begin(&worker->talk, options->host);
	worker->asked = clock_now();
	worker->deadline = worker->asked + limit_of(adapter);
	if (worker->running)
		send_all(worker, process);
	arena_free(&arena);
	return worker->running;
}

/* What another checker has changed meanwhile is found when the answer is there. */
static const char *
file_text(struct buf *text, const char *path)
{
	return buf_read_file(text, path, TEXT_MOST) ? buf_string(text) : "";
}

void
worker_ask(struct worker *worker, struct process *process, const struct worker_options *options,
           const struct pack *pack)
{
	const struct suite_case *of = pack->cases[0];
	bool wants_text = protocol_has(&worker->talk.checker.capabilities, "text");
	struct buf text = {0}, helpers = {0};
	struct protocol_run run = {
		.request = ++worker->requests,
		.rule = of->rule->name,
		.model = of->rule->model,
		.role = of->rule->role[of->role].name,
		.file = pack->path[PACK_TEXT],
		.helpers = pack->two_files ? pack->path[PACK_HELPERS] : NULL,
		.include = options->include,
		.seconds = limit_of(options->adapter),
		.memory = options->adapter->memory,
	};

	if (wants_text)
		run.text = file_text(&text, run.file);
	if (wants_text && run.helpers)
		run.helpers_text = file_text(&helpers, run.helpers);
	assert(worker->running && worker->greeted && pack->count == 1);
	buf_clear(&worker->output);
	buf_clear(&worker->errors);
	worker->output_bytes = worker->errors_bytes = 0;
	worker->asked = clock_now();
	worker->deadline = worker->asked + run.seconds;
	conversation_ask(&worker->talk, &run);
	buf_clear(&worker->question);
	buf_add(&worker->question, buf_string(&worker->talk.out), worker->talk.out.len);
	send_all(worker, process);
	buf_free(&text);
	buf_free(&helpers);
}

/* reading */

static enum conversation_event
feed(struct worker *worker, struct process *process)
{
	enum conversation_event event =
		conversation_feed(&worker->talk, buf_string(&process->stdout_text), process->stdout_text.len);

	worker->output_bytes += process->stdout_text.len;
	worker->errors_bytes += process->stderr_text.len;
	if (worker->output.len < OUTPUT_MOST)
		buf_add(&worker->output, buf_string(&process->stdout_text), process->stdout_text.len);
	if (worker->errors.len < OUTPUT_MOST)
		buf_add(&worker->errors, buf_string(&process->stderr_text), process->stderr_text.len);
	buf_clear(&process->stdout_text);
	buf_clear(&process->stderr_text);
	process->output_bytes = 0;
	return event;
}

/* `reason` is in worker->reason. */
static enum worker_event
break_off(struct worker *worker, struct process *process, enum answer_state why)
{
	assert(why != ANSWER_PASS && why != ANSWER_VIOLATION);
	if (why == ANSWER_MEMORY) /* so that its cgroup is not used again */
		process_stop(process, END_MEMORY);
	process_kill(process);
	assert(!process->runs);
	worker->running = false;
	worker->why = why;
	return WORKER_BROKEN;
}

static bool
is_starved(const struct process *process)
{
	return process->runs ? process_is_starved(process) : process->end == END_MEMORY;
}

static enum worker_event
break_off_starved(struct worker *worker, struct process *process)
{
	buf_puts(&worker->reason, "the kernel ended a process of it at its limit of memory");
	return break_off(worker, process, ANSWER_MEMORY);
}

/* As the conversation has found it. */
static enum worker_event
break_off_talk(struct worker *worker, struct process *process)
{
	const struct diag *reason = &worker->talk.reason;

	if (reason->line)
		buf_printf(&worker->reason, "line %u: ", reason->line);
	buf_puts(&worker->reason, reason->message);
	return break_off(worker, process, worker->talk.why);
}

/* A process that is over was ended at a limit, or ended itself, which is a crash whatever its exit status. */
static enum worker_event
break_off_ended(struct worker *worker, struct process *process)
{
	enum answer_state why = said_end(process, &worker->reason);

	conversation_end(&worker->talk);
	if (why != ANSWER_PASS)
		return break_off(worker, process, why);
	buf_printf(&worker->reason, "exit status %d; %s", process->status, worker->talk.reason.message);
	return break_off(worker, process, ANSWER_CRASH);
}

static enum worker_event
break_off_late(struct worker *worker, struct process *process)
{
	buf_printf(&worker->reason, "said no %s within %g s: does it flush its output behind each line?",
	           worker->greeted ? "done" : "hello", worker->deadline - worker->asked);
	return break_off(worker, process, ANSWER_TIMEOUT);
}

enum worker_event
worker_read(struct worker *worker, struct process *process)
{
	enum conversation_event event;

	assert(worker->running);
	buf_clear(&worker->reason);
	event = feed(worker, process);
	if (event == CONVERSATION_WAITING && !process->runs)
		return break_off_ended(worker, process);
	if ((event != CONVERSATION_WAITING || clock_now() >= worker->deadline) && is_starved(process))
		return break_off_starved(worker, process);
	switch (event) {
	case CONVERSATION_GREETED:
		worker->greeted = true;
		return WORKER_GREETED;
	case CONVERSATION_ANSWERED:
		worker->answers++;
		return WORKER_ANSWERED;
	case CONVERSATION_BROKEN:
	case CONVERSATION_ENDED:
		return break_off_talk(worker, process);
	case CONVERSATION_WAITING:
		break;
	}
	return clock_now() < worker->deadline ? WORKER_WAITING : break_off_late(worker, process);
}

void
worker_end(struct worker *worker, struct process *process)
{
	process_kill(process);
	process_free(process);
	conversation_free(&worker->talk);
	buf_free(&worker->output);
	buf_free(&worker->errors);
	buf_free(&worker->question);
	buf_free(&worker->reason);
	worker->running = false;
}

/* answers */

/* The line of the body; 0 outside. */
static uint32_t
line_of(const struct text_span *span, const struct protocol_finding *finding)
{
	uint32_t first = finding->in_helpers ? span->helpers_first : span->first;
	uint32_t lines = finding->in_helpers ? span->helpers_lines : span->lines;

	if (finding->line < first || finding->line - first >= lines)
		return 0;
	return finding->line - first + 1 + (finding->in_helpers ? LINE_SECOND : 0);
}

static void
add_message(struct message *message, struct pack *pack, const char *text,
            const struct message_path path[MESSAGE_PATHS])
{
	if (text)
		message_add(message, &pack->arena, text, strlen(text), path);
}

struct answer
worker_answer(const struct worker *worker, struct pack *pack)
{
	const struct conversation_answer *said = &worker->talk.answer;
	struct answer_finding *findings = arena_alloc(&pack->arena, (said->count + 1U) * sizeof *findings);
	struct answer answer = {.state = said->state, .finding = findings};
	struct message_path path[MESSAGE_PATHS];
	struct message message = {0};

	said_paths(pack, 0, path);
	add_message(&message, pack, said->message, path);
	for (unsigned i = 0; i < said->count; i++) {
		const struct protocol_finding *finding = &said->finding[i];
		uint32_t line = line_of(&pack->span[0], finding);

		if (line || !finding->line)
			findings[answer.count++] = (struct answer_finding){finding->kind, line};
		else
			pack->strays++;
		add_message(&message, pack, finding->message, path);
	}
	if (answer.state != ANSWER_PASS)
		answer.message = message_text(&message, &pack->arena);
	answer.seconds = clock_now() - worker->asked;
	return answer;
}

/* greeting */

static void
copy_checker(struct protocol_checker *to, const struct protocol_checker *from, struct arena *arena)
{
	struct protocol_message message = {.type = PROTOCOL_CHECKER, .of.checker = *from};
	struct buf line = {0};
	struct diag diag;

	/* Printed and read again, so that its strings are in the arena. */
	if (!protocol_print(&line, &message) ||
	    !protocol_parse(&message, SIDE_CHECKER, arena, line.data, line.len - 1, &diag))
		bug("a hello that was read is not read again");
	*to = message.of.checker;
	buf_free(&line);
}

/* Why there is no hello, with the first line that the checker printed, which may tell more, unless the reason
 * quotes the line that it is about. */
static void
refuse_no_hello(const struct worker *worker, const char *name, struct diag *diag)
{
	const char *why = buf_string(&worker->reason);
	const char *printed = buf_string(worker->output.len ? &worker->output : &worker->errors);
	int length = worker->talk.reason.line ? 0 : (int)strcspn(printed, "\r\n");

	diag_set(diag, name, 0, 0, length ? "%s: %.*s" : "%s", why,
	         length < PROTOCOL_QUOTE ? length : PROTOCOL_QUOTE, printed);
	for (char *at = diag->message; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
}

static bool
await_hello(struct worker *worker, struct process *process, struct protocol_checker *checker,
            struct arena *arena)
{
	struct process *const all[] = {process};
	enum worker_event event;
	unsigned which;

	while ((event = worker_read(worker, process)) == WORKER_WAITING)
		process_wait(all, 1, WAIT, &which);
	if (event == WORKER_GREETED) {
		copy_checker(checker, &worker->talk.checker, arena);
		return true;
	}
	return false;
}

bool
worker_hello(const struct worker_options *options, enum containment containment,
             struct protocol_checker *said, struct arena *arena, struct diag *diag)
{
	struct worker_options asking = *options;
	struct lane_options lane_options = {.self = options->self, .containment = containment};
	struct protocol_host host;
	struct process process = {0};
	struct worker worker = {0};
	struct lane *lane;
	char *root = tree_temporary(diag);
	bool ok;

	if (!root)
		return false;
	lane_options.root = asking.include = root;
	asking.host = &host;
	worker_host(&host, arena);
	lane = lane_start(&lane_options, diag);
	ok = lane && worker_start(&worker, &process, lane, &asking, root, diag);
	if (ok && !await_hello(&worker, &process, said, arena)) {
		refuse_no_hello(&worker, options->adapter->name, diag);
		ok = false;
	}
	worker_end(&worker, &process);
	tree_remove(root); /* while a supervisor is there to go on with it, should we be killed */
	lane_end(lane);
	free(root);
	return ok;
}
