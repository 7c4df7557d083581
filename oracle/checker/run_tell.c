/* run_tell: what a run did, told for people: for `lockdrill checkers --try`. See run_state.h.
 *
 * How to read it: run_tell_step and run_tell_pack tell of a process, run_tell_question of a question to a
 * checker that keeps running. What patterns made of the output of a last step is told by reading it once more
 * (said_read, with struct reading as its listener), so that what is told is what counts.
 *
 * Paths of the run are gone when it is over, so they are told from the run's directory on. Of long lists and
 * lines the beginning is told, and how much there was.
 */
#include "run_state.h"

#include <string.h>

#include "said.h"

enum { LINES_MOST = 10, READ_MOST = 20, ID_LENGTH = 8 };

static bool
tells(const struct running *r)
{
	return r->options->tell != NULL;
}

/* text from outside */

/* As text that can be shown, without the paths of the run. */
static const char *
plain(const struct running *r, struct pack *pack, const char *text, size_t length)
{
	struct message_path path[MESSAGE_PATHS] = {{"", ""}};
	const char *roots[2] = {pack->directory, r->root};
	struct message message = {0};
	const char *shown;

	for (unsigned i = 0; i < 2; i++) {
		struct buf root = {0};

		buf_all(&root, roots[i], "/");
		path[i] = (struct message_path){arena_string(&pack->arena, root.data), ""};
		buf_free(&root);
	}
	message_add(&message, &pack->arena, text, length, path);
	shown = message_text(&message, &pack->arena);
	return shown ? shown : "";
}

static unsigned
count_lines(const struct buf *text)
{
	unsigned lines = 0;

	for (size_t i = 0; i < text->len; i++)
		lines += text->data[i] == '\n' || i + 1 == text->len;
	return lines;
}

static void
tell_more(struct buf *out, unsigned count, unsigned most)
{
	if (count > most)
		buf_printf(out, "  ... and %u more\n", count - most);
}

/* The first lines of what was printed or written. */
static void
tell_lines(struct running *r, struct pack *pack, const char *name, const struct buf *text)
{
	struct buf *out = r->options->tell;
	const char *line = buf_string(text), *end = line + text->len;
	unsigned lines = count_lines(text);

	buf_printf(run_key(out, name), "%u line%s\n", lines, lines == 1 ? "" : "s");
	for (unsigned i = 0; i < LINES_MOST && line < end; i++) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((newline ? newline : end) - line);

		buf_printf(out, "  %s\n", plain(r, pack, line, length));
		line += length + 1;
	}
	tell_more(out, lines, LINES_MOST);
}

/* what was given */

/* "helpers.c, 12 lines" */
static void
tell_file(struct buf *out, const struct pack *pack, enum pack_file file, const char *before)
{
	const char *name = strrchr(pack->path[file], '/') + 1;

	buf_printf(out, "%s%s, %u lines", before, name, count_lines(&pack->bytes[file]));
}

static void
tell_given(struct running *r, const struct pack *pack)
{
	struct buf *out = r->options->tell;

	buf_printf(out, "\n%u case%s in one %s\n", pack->count, pack->count == 1 ? "" : "s",
	           run_talks(r) ? "question" : "process");
	tell_file(run_key(out, "given"), pack, PACK_TEXT, "");
	if (pack->two_files)
		tell_file(out, pack, PACK_HELPERS, "; ");
	buf_putc(out, '\n');
	run_add_cases(out, pack);
}

/* what was run */

/* Where files are, seen from the run's directory. */
static void
tell_command(struct running *r, struct pack *pack)
{
	const struct run_places places = {.file = "pack.c",
	                                  .helpers = pack->two_files ? "helpers.c" : NULL,
	                                  .spans = "spans",
	                                  .directory = "work",
	                                  .include = "include"};
	struct buf *out = r->options->tell;
	char name[24];

	snprintf(name, sizeof name, "step %u", pack->step + 1);
	run_add_command(r, run_key(out, name), pack, pack->step, &places);
	buf_putc(out, '\n');
}

static void
tell_process(struct running *r, struct pack *pack, const struct process *process)
{
	struct buf *out = r->options->tell;

	run_add_end(out, process);
	if (!process->runs)
		buf_printf(run_key(out, "took"), "%.3f s, %.3f s of processor time\n", process->seconds,
		           process->cpu);
	tell_lines(r, pack, "stdout", &process->stdout_text);
	tell_lines(r, pack, "stderr", &process->stderr_text);
}

/* what patterns made of it */

/* The three lists that lines of output fall into; each has its own text. */
enum list { READ, UNREAD, STRAY, LISTS };

struct reading {
	struct running *r;
	struct pack *pack;
	struct buf list[LISTS];
	unsigned count[LISTS];
};

/* "case 01234567, line 12 of its body: missing-release" */
static void
tell_meaning(struct buf *out, const struct pack *pack, const struct said_line *line)
{
	const struct adapter_pattern *pattern = line->pattern;
	bool second = line->line > LINE_SECOND;

	if (pattern->ignores) {
		buf_puts(out, "dropped");
		return;
	}
	if (!line->has_case)
		buf_puts(out, pattern->says_unknown ? "all cases" : "no case has this place");
	else if (line->of < pack->count)
		buf_printf(out, "case %.*s", ID_LENGTH, pack->cases[line->of]->id);
	else
		buf_puts(out, "the canary");
	if (line->has_case && line->line)
		buf_printf(out, ", line %u of its %s", line->line - (second ? LINE_SECOND : 0),
		           second ? "helpers" : "body");
	if (pattern->says_unknown)
		buf_puts(out, ": the checker gave up");
	else
		buf_printf(out, ": %s",
		           pattern->kind < KIND_COUNT ? kind_name(pattern->kind) : "a finding of no kind");
}

static const char *
list_name(const struct adapter_pattern *pattern)
{
	return pattern->ignores ? "ignore" : pattern->says_unknown ? "unknown" : "findings";
}

static void
take_line(void *context, const struct said_line *line)
{
	struct reading *reading = context;
	enum list list = said_is_stray(line) ? STRAY : line->pattern || line->completes ? READ : UNREAD;
	struct buf *out = &reading->list[list];

	if (!line->length && list == UNREAD) /* blank */
		return;
	if (reading->count[list]++ >= (list == READ ? READ_MOST : LINES_MOST))
		return;
	buf_printf(out, "  %s\n", plain(reading->r, reading->pack, line->text, line->length));
	if (line->completes)
		buf_puts(out, "    complete  its pattern matches\n");
	if (!line->pattern)
		return;
	buf_printf(out, "    %-9s '%s'\n    %-9s ", list_name(line->pattern), line->pattern->text, "means");
	tell_meaning(out, reading->pack, line);
	buf_putc(out, '\n');
}

/* Reads the output of the last step as said_read does for the answers. */
static void
tell_reading(struct running *r, struct pack *pack, const struct process *process)
{
	static const char *const titles[LISTS] = {"lines that a pattern matches", "lines that no pattern matches",
	                                          "findings that are of no case"};
	struct reading reading = {.r = r, .pack = pack};
	const struct said_listener listener = {take_line, &reading};
	struct buf *out = r->options->tell, why = {0};
	struct said *said;

	said_read(r->options->adapter, pack, process, &listener, &said, &why);
	for (unsigned i = 0; i < LISTS; i++) {
		buf_printf(out, "%s: %u\n%s", titles[i], reading.count[i], buf_string(&reading.list[i]));
		tell_more(out, reading.count[i], i == READ ? READ_MOST : LINES_MOST);
		buf_free(&reading.list[i]);
	}
	buf_free(&why);
}

/* Where the adapter takes it for a verdict. */
static void
tell_status(struct running *r, const struct process *process)
{
	const struct adapter *adapter = r->options->adapter;

	for (unsigned i = 0; i < adapter->exits && process->exited; i++)
		if (adapter->exit[i].status == process->status && adapter->exit[i].says != SAYS_RAN)
			buf_printf(r->options->tell, "exit status %d: %s\n", process->status,
			           adapter_says(adapter->exit[i].says));
}

/* packs and questions */

void
run_tell_step(struct running *r, struct pack *pack, const struct process *process)
{
	if (!tells(r))
		return;
	if (!pack->step)
		tell_given(r, pack);
	tell_command(r, pack);
	tell_process(r, pack, process);
}

void
run_tell_pack(struct running *r, struct pack *pack, const struct process *process, bool is_complete,
              const char *what)
{
	if (!tells(r))
		return;
	if (!pack->blocked)
		run_tell_step(r, pack, process);
	else
		tell_command(r, pack);
	if (!pack->blocked && pack->step + 1 == r->options->adapter->steps) {
		tell_reading(r, pack, process);
		tell_status(r, process);
	}
	buf_printf(run_key(r->options->tell, "complete"), "%s: %s\n", is_complete ? "yes" : "no",
	           plain(r, pack, what, strlen(what)));
}

void
run_tell_question(struct running *r, const struct run_lane *lane, struct pack *pack, double seconds,
                  const char *what)
{
	const struct worker *worker = &lane->worker;
	struct buf *out = r->options->tell;

	if (!tells(r))
		return;
	tell_given(r, pack);
	tell_command(r, pack);
	run_add_end(out, &lane->process);
	buf_printf(run_key(out, "took"), "%.3f s\n", seconds);
	if (r->hello.len && !r->hello_told)
		tell_lines(r, pack, "hello", &r->hello);
	r->hello_told = r->hello.len;
	tell_lines(r, pack, "asked", &worker->question);
	tell_lines(r, pack, "said", &worker->output);
	tell_lines(r, pack, "stderr", &worker->errors);
	if (pack->strays)
		buf_printf(out, "findings that are of no case: %u\n", pack->strays);
	buf_printf(run_key(out, "answer"), "%s\n", plain(r, pack, what, strlen(what)));
}
