/* A plug-in's worker: the line protocol on one side, the C ABI on the other. See plugin.h.
 *
 * How to read it: plugin_serve reads lines; the first is the host's hello and is answered from the plug-in's
 * description, each other is a question, which becomes a struct lockdrill_case and one call of check. The
 * worker judges nothing that the host judges too: it passes on what the plug-in says, and where that has no
 * word in the protocol, the answer is one that the host refuses as garbled; the log says why.
 *
 * The shared object is never unloaded: what it registered with the process would outlive it.
 */
#include "plugin.h"

#include <assert.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "message.h"
#include "protocol.h"
#include "version.h"

enum {
	READ_SIZE = 64 * 1024,
	OUTPUT_KEPT = 64 * 1024, /* bytes of findings that wait for their done */
	HOST_LINE = 64 << 20,    /* a question holds the texts of the case */
};

/* Up to its last field, whatever is added. */
#define CHECKER_LEAST (offsetof(struct lockdrill_checker, destroy) + sizeof(void (*)(void *)))

struct worker {
	struct lockdrill_host host; /* what the plug-in is given: first, so that it leads back here */
	const struct lockdrill_checker *checker;
	const char *path; /* of the plug-in, for messages */
	int in, out;
	struct protocol_lines lines;
	struct buf output;
	struct arena arena;     /* of the message at hand */
	uint64_t request;       /* the question at hand */
	bool checking;          /* within check */
	bool garbled;           /* the plug-in said what has no word */
	struct message message; /* on the case at hand */
	bool closed;            /* `out` takes no more */
	void *state;
	struct diag *diag;
};

static bool
fail(const struct worker *w, const char *message)
{
	diag_set(w->diag, w->path, 0, 0, "%s", message);
	return false;
}

/* what the plug-in calls */

static struct worker *
worker_of(const struct lockdrill_host *host)
{
	return (struct worker *)(uintptr_t)host;
}

/* A line of the log: standard error. */
static void
log_line(const struct lockdrill_host *host, const char *message)
{
	fprintf(stderr, "%s: %s\n", worker_of(host)->path, message ? message : "(null)");
}

static bool
flush(struct worker *w)
{
	for (size_t at = 0; at < w->output.len && !w->closed;) {
		ssize_t wrote = write(w->out, w->output.data + at, w->output.len - at);

		if (wrote > 0)
			at += (size_t)wrote;
		else if (errno != EINTR)
			w->closed = true;
	}
	buf_clear(&w->output);
	return !w->closed || fail(w, "cannot answer: nobody reads what is written");
}

static void
take_finding(const struct lockdrill_host *host, int kind, uint32_t line, int place)
{
	static const enum kind kinds[] = {
		[LOCKDRILL_NO_KIND] = KIND_COUNT,
		[LOCKDRILL_DOUBLE_ACQUIRE] = KIND_DOUBLE_ACQUIRE,
		[LOCKDRILL_MISSING_RELEASE] = KIND_MISSING_RELEASE,
		[LOCKDRILL_RELEASE_WITHOUT_ACQUIRE] = KIND_RELEASE_WITHOUT_ACQUIRE,
	};
	struct worker *w = worker_of(host);
	bool known = kind >= 0 && (size_t)kind < sizeof kinds / sizeof *kinds && line <= INT32_MAX &&
	             (place == LOCKDRILL_IN_FILE || place == LOCKDRILL_IN_HELPERS);

	if (!w->checking) {
		log_line(host, "a finding outside check is dropped");
		return;
	}
	if (!known) {
		fprintf(stderr, "%s: there is no finding of kind %d at line %lu of file %d\n", w->path, kind,
		        (unsigned long)line, place);
		w->garbled = true;
		return;
	}
	const struct protocol_message finding = {
		PROTOCOL_FINDING,
		{.finding = {w->request, (uint8_t)kinds[kind], place == LOCKDRILL_IN_HELPERS, line, NULL}}};

	protocol_print(&w->output, &finding);
	if (w->output.len > OUTPUT_KEPT)
		flush(w);
}

static void
take_message(const struct lockdrill_host *host, const char *text)
{
	struct worker *w = worker_of(host);

	if (!w->checking)
		log_line(host, "a message outside check is dropped");
	else if (text)
		message_add(&w->message, &w->arena, text, strlen(text), NULL);
}

/* hello */

static unsigned
count_strings(const char *const *strings)
{
	unsigned count = 0;

	while (strings && strings[count])
		count++;
	return count;
}

/* Rule and reading. The description's arrays are constant; the message's are its own. */
static struct protocol_pairs
take_pairs(struct arena *arena, const char *const (*readings)[2])
{
	struct protocol_pairs pairs = {0};

	while (readings && readings[pairs.count][0])
		pairs.count++;
	pairs.pair = arena_alloc(arena, (pairs.count + 1U) * sizeof *pairs.pair);
	for (unsigned i = 0; i < pairs.count; i++) {
		pairs.pair[i][0] = readings[i][0];
		pairs.pair[i][1] = readings[i][1] ? readings[i][1] : "";
	}
	return pairs;
}

/* The plug-in's hello; false where a string in it is not UTF-8. */
static bool
print_hello(struct buf *out, const struct lockdrill_checker *checker, struct arena *arena)
{
	static const char *const wanted[] = {"text"};
	const struct protocol_message hello = {
		PROTOCOL_CHECKER,
		{.checker = {.protocol = PROTOCOL_VERSION,
	                 .name = checker->name,
	                 .version = checker->version,
	                 .world = checker->world,
	                 .rules = {count_strings(checker->rules), checker->rules},
	                 .readings = take_pairs(arena, checker->readings),
	                 .capabilities = {1, wanted}}}};

	return protocol_print(out, &hello);
}

/* What the host will read must be what it understands, so it is read here first. */
static bool
hello_reads(const struct lockdrill_checker *checker, const char *path, struct diag *diag)
{
	struct protocol_message hello;
	struct arena arena = {0};
	struct buf line = {0};
	bool ok = print_hello(&line, checker, &arena);

	if (!ok)
		diag_set(diag, path, 0, 0, "the plug-in's description has a string that is not UTF-8");
	else
		ok = protocol_parse(&hello, SIDE_CHECKER, &arena, line.data, line.len - 1, diag);
	if (!ok)
		snprintf(diag->file, sizeof diag->file, "%s", path);
	buf_free(&line);
	arena_free(&arena);
	return ok;
}

bool
plugin_complete(const struct lockdrill_checker *checker, const char *path, struct diag *diag)
{
	if (!checker)
		diag_set(diag, path, 0, 0,
		         "lockdrill_checker(%u) returned NULL: the plug-in cannot work with this ABI", LOCKDRILL_ABI);
	else if (checker->size < CHECKER_LEAST)
		diag_set(diag, path, 0, 0, "struct lockdrill_checker has size %zu, expected at least %zu",
		         checker->size, CHECKER_LEAST);
	else if (!checker->name || !checker->version || !checker->check)
		diag_set(diag, path, 0, 0, "the plug-in's %s is NULL",
		         !checker->name      ? "name"
		         : !checker->version ? "version"
		                             : "check");
	else
		return hello_reads(checker, path, diag);
	return false;
}

static bool
greet(struct worker *w, const char *line, size_t length)
{
	struct protocol_message message;

	if (!protocol_parse(&message, SIDE_HOST, &w->arena, line, length, w->diag))
		return false;
	if (message.type != PROTOCOL_HOST)
		return fail(w, "expected the host's hello first");
	print_hello(&w->output, w->checker, &w->arena);
	return flush(w);
}

/* questions */

static struct lockdrill_case
case_of(const struct protocol_run *run)
{
	return (struct lockdrill_case){
		.size = sizeof(struct lockdrill_case),
		.rule = run->rule,
		.model = run->model,
		.role = run->role,
		.file = run->file,
		.helpers = run->helpers,
		.include = run->include,
		.text = run->text,
		.text_length = strlen(run->text),
		.helpers_text = run->helpers_text,
		.helpers_length = run->helpers_text ? strlen(run->helpers_text) : 0,
		.seconds = run->seconds,
		.memory = run->memory,
	};
}

/* A state that no checker may give where the plug-in's number is no verdict. */
static enum answer_state
check(struct worker *w, const struct protocol_run *run)
{
	static const enum answer_state states[] = {
		[LOCKDRILL_PASS] = ANSWER_PASS,       [LOCKDRILL_VIOLATION] = ANSWER_VIOLATION,
		[LOCKDRILL_UNKNOWN] = ANSWER_UNKNOWN, [LOCKDRILL_UNSUPPORTED] = ANSWER_UNSUPPORTED,
		[LOCKDRILL_TIMEOUT] = ANSWER_TIMEOUT, [LOCKDRILL_OUT_OF_MEMORY] = ANSWER_MEMORY,
	};
	const struct lockdrill_case of = case_of(run);
	int verdict;

	w->request = run->request;
	w->garbled = false;
	w->message = (struct message){0};
	w->checking = true;
	verdict = w->checker->check(w->state, &w->host, &of);
	w->checking = false;
	if (verdict > 0 && (size_t)verdict < sizeof states / sizeof *states)
		return w->garbled ? ANSWER_GARBLED : states[verdict];
	fprintf(stderr, "%s: check returned %d, expected a number of enum lockdrill_verdict\n", w->path, verdict);
	return ANSWER_GARBLED;
}

static bool
answer(struct worker *w, const char *line, size_t length)
{
	struct protocol_message message, done = {.type = PROTOCOL_DONE};

	if (!protocol_parse(&message, SIDE_HOST, &w->arena, line, length, w->diag))
		return false;
	if (message.type != PROTOCOL_RUN || !message.of.run.text)
		return fail(w, message.type == PROTOCOL_RUN ? "expected the host to send texts, which were asked for"
		                                            : "expected a run, not a second hello");
	done.of.done.request = message.of.run.request;
	done.of.done.state = check(w, &message.of.run);
	done.of.done.message = message_text(&w->message, &w->arena);
	protocol_print(&w->output, &done);
	return flush(w);
}

/* the worker */

/* Gives the next line; false at the end of what is asked, with a message where that is no end. */
static bool
next_line(struct worker *w, const char **line, size_t *length)
{
	for (;;) {
		char bytes[READ_SIZE];
		enum protocol_line next = protocol_lines_next(&w->lines, line, length);
		ssize_t got;

		if (next == LINE_WHOLE)
			return true;
		if (next == LINE_TOO_LONG)
			return fail(w, "the host sent a line that is too long");
		got = read(w->in, bytes, sizeof bytes);
		if (got > 0) {
			protocol_lines_add(&w->lines, bytes, (size_t)got);
		} else if (!got || errno != EINTR) {
			if (got)
				diag_set(w->diag, w->path, 0, 0, "cannot read what is asked: %s", strerror(errno));
			else if (protocol_lines_left(&w->lines))
				fail(w, "the host ended in the middle of a line");
			return false;
		}
	}
}

static bool
serve(struct worker *w)
{
	const char *line;
	size_t length;
	bool ok;

	if (w->checker->create && !(w->state = w->checker->create(&w->host)))
		return fail(w, "the plug-in's create failed");
	ok = next_line(w, &line, &length) && greet(w, line, length);
	while (ok && next_line(w, &line, &length)) {
		ok = answer(w, line, length);
		arena_reset(&w->arena);
	}
	if (w->checker->destroy)
		w->checker->destroy(w->state);
	return !w->diag->message[0];
}

bool
plugin_serve(const struct lockdrill_checker *checker, const char *path, int in, int out, struct diag *diag)
{
	struct worker w = {
		.host = {sizeof(struct lockdrill_host), "lockdrill " LOCKDRILL_VERSION, take_finding, log_line,
	             take_message},
		.checker = checker,
		.path = path,
		.in = in,
		.out = out,
		.lines = {.most = HOST_LINE},
		.diag = diag,
	};
	bool ok;

	assert(checker->check);
	diag->message[0] = 0;
	ok = serve(&w);
	buf_free(&w.lines.bytes);
	buf_free(&w.output);
	arena_free(&w.arena);
	return ok;
}

/* the process */

bool
plugin_take_streams(int *in, int *out)
{
	int empty = open("/dev/null", O_RDONLY);

	if (empty < 0)
		return false;
	*in = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	*out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (*in < 0 || *out < 0 || dup2(empty, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		return false;
	if (empty > STDERR_FILENO)
		close(empty);
	return true;
}

const struct lockdrill_checker *
plugin_load(const char *path, struct diag *diag)
{
	const struct lockdrill_checker *(*entry)(uint32_t abi) = NULL;
	const struct lockdrill_checker *checker;
	struct buf file = {0};
	void *library, *symbol;

	buf_printf(&file, "%s%s", strchr(path, '/') ? "" : "./", path);
	library = dlopen(file.data, RTLD_NOW | RTLD_LOCAL);
	buf_free(&file);
	if (!library) {
		diag_set(diag, path, 0, 0, "cannot load: %s", dlerror());
		return NULL;
	}
	symbol = dlsym(library, "lockdrill_checker");
	if (!symbol) {
		diag_set(diag, path, 0, 0, "this is no plug-in: it has no symbol lockdrill_checker");
		return NULL;
	}
	memcpy(&entry, &symbol, sizeof entry); /* ISO C has no conversion from an object's pointer */
	checker = entry(LOCKDRILL_ABI);
	return plugin_complete(checker, path, diag) ? checker : NULL;
}
