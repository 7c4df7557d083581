/* run_keep: what a run keeps of packs and cases, where --keep asks for it. See run_state.h, and keep.h for
 * the directory.
 *
 * How to read it: run_keep_pack and run_keep_question write packs/NUMBER, in which everything is that a
 * process or a question was about; run_keep_answer then writes the file that a user reads first,
 * cases/ID/answer, with a link to the pack. Without --keep all of them do nothing.
 *
 * Paths of the run are gone when it is over. In what is to be run again, `command` and `asked`, they are
 * replaced by those of the kept files; `result` has the command line as it was.
 */
#include "run_state.h"

#include <assert.h>
#include <string.h>

#include "keep.h"
#include "lane.h"
#include "said.h"

enum { NAME = 64, HERE = '\001' }; /* HERE: in an argument, the pack's directory */

struct buf *
run_key(struct buf *out, const char *name)
{
	buf_printf(out, "%-9s ", name);
	return out;
}

bool
run_keep_headers(struct running *r)
{
	struct headers headers = {0};
	struct buf path = {0};
	bool ok;

	if (!r->options->keep)
		return true;
	buf_printf(&path, "%s/include", r->options->keep->checker);
	ok = headers_write(&headers, r->options->adapter, path.data, r->diag);
	headers_free(&headers);
	buf_free(&path);
	return ok;
}

/* Gives the pack its number, and makes its directory. */
static bool
number_pack(struct running *r, struct pack *pack)
{
	char name[NAME];

	if (pack->kept)
		return true;
	pack->kept = ++r->options->keep->packs;
	snprintf(name, sizeof name, "packs/%06llu", pack->kept);
	return keep_directory(r->options->keep, name, r->diag);
}

/* A file of the pack, or of a step in it, from 1; 0: of the pack itself. */
static bool
write_file(struct running *r, const struct pack *pack, unsigned step, const char *name,
           const struct buf *bytes)
{
	struct buf path = {0};
	bool ok;

	buf_printf(&path, "packs/%06llu/", pack->kept);
	if (step)
		buf_printf(&path, "step-%u/", step);
	buf_puts(&path, name);
	ok = keep_file(r->options->keep, path.data, bytes, KEEP_MOST, r->diag);
	buf_free(&path);
	return ok;
}

/* command lines */

static void
add_quoted(struct buf *out, const char *text, size_t length)
{
	if (length &&
	    strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-") >= length) {
		buf_add(out, text, length);
		return;
	}
	buf_putc(out, '\'');
	for (size_t i = 0; i < length; i++)
		if (text[i] == '\'')
			buf_puts(out, "'\\''");
		else
			buf_putc(out, text[i]);
	buf_putc(out, '\'');
}

/* One argument as a word of sh. */
static void
add_word(struct buf *out, const char *text)
{
	const char *here;

	if (!*text)
		buf_puts(out, "''");
	while ((here = strchr(text, HERE))) {
		if (here > text)
			add_quoted(out, text, (size_t)(here - text));
		buf_puts(out, "\"$here\"");
		text = here + 1;
	}
	if (*text)
		add_quoted(out, text, strlen(text));
}

void
run_add_command(struct running *r, struct buf *out, struct pack *pack, unsigned step,
                const struct run_places *places)
{
	const char *argv[2 * ADAPTER_ARGUMENTS + 1] = {NULL};

	run_arguments(r, &pack->arena, step, places, argv);
	for (unsigned i = 0; argv[i]; i++) {
		if (i)
			buf_putc(out, ' ');
		add_word(out, argv[i]);
	}
}

/* Does again what was done up to the pack's step. */
static bool
write_command(struct running *r, struct pack *pack, bool is_asked)
{
	const struct run_places places = {.file = "\001/pack.c",
	                                  .helpers = pack->two_files ? "\001/helpers.c" : NULL,
	                                  .spans = "\001/spans",
	                                  .directory = "\001/work",
	                                  .include = "\001/../../include"};
	struct buf out = {0};
	bool ok;

	buf_puts(&out,
	         "#!/bin/sh\n# Does again what was done here, in a new directory work/ and without limits.\n"
	         "here=$(cd \"$(dirname \"$0\")\" && pwd -P) && mkdir -p \"$here/work\" && "
	         "cd \"$here/work\" || exit\n"
	         "export HOME=\"$here/work\" TMPDIR=\"$here/work\" LC_ALL=C TZ=UTC\n");
	for (unsigned step = 0; step <= pack->step; step++) {
		run_add_command(r, &out, pack, step, &places);
		buf_puts(&out, is_asked ? " < \"$here/asked\"\n" : step < pack->step ? " &&\n" : "\n");
	}
	ok = write_file(r, pack, 0, "command", &out);
	buf_free(&out);
	return ok;
}

/* results */

void
run_add_end(struct buf *out, const struct process *process)
{
	run_key(out, "ended");
	if (process->runs)
		buf_puts(out, "not: it keeps running");
	else if (process->end == END_ASKED)
		buf_puts(out, "by lockdrill");
	else if (said_end(process, out) == ANSWER_PASS)
		buf_printf(out, "exit status %d", process->status);
	buf_putc(out, '\n');
}

static void
add_stream(struct buf *out, const char *name, const struct buf *stream, size_t bytes)
{
	size_t kept = stream->len < KEEP_MOST ? stream->len : KEEP_MOST;

	buf_printf(run_key(out, name), "%zu bytes", bytes);
	if (bytes > kept)
		buf_printf(out, ", of which the first %zu are kept", kept);
	buf_putc(out, '\n');
}

/* What is known of one process. */
static void
add_process(struct buf *out, const struct process *process, const struct buf *printed,
            const struct buf *errors)
{
	run_add_end(out, process);
	if (!process->runs)
		buf_printf(out, "%-9s %.6f\n%-9s %.6f\n%-9s %llu\n", "seconds", process->seconds, "cpu", process->cpu,
		           "memory", (unsigned long long)process->memory);
	add_stream(out, "stdout", printed, printed->len);
	add_stream(out, "stderr", errors, errors->len);
}

/* "lines 12-40 of pack.c, 3-9 of helpers.c" */
static void
add_lines(struct buf *out, const struct pack *pack, unsigned index, const char *directory)
{
	const struct text_span *span = &pack->span[index];

	buf_printf(out, "lines %u-%u of %spack.c", span->first, span->first + span->lines - 1, directory);
	if (pack->two_files && span->helpers_lines)
		buf_printf(out, ", %u-%u of %shelpers.c", span->helpers_first,
		           span->helpers_first + span->helpers_lines - 1, directory);
}

void
run_add_cases(struct buf *out, const struct pack *pack)
{
	for (unsigned i = 0; i < pack->spans; i++) {
		if (i < pack->count)
			buf_printf(run_key(out, pack->are_canaries ? "canary" : "case"), "%s, ", pack->cases[i]->id);
		else
			run_key(out, "canary");
		add_lines(out, pack, i, "");
		buf_putc(out, '\n');
	}
}

static bool
write_result(struct running *r, struct pack *pack, const struct buf *middle, const struct run_places *places,
             const char *what)
{
	struct buf out = {0};
	bool ok;

	buf_printf(run_key(&out, "result"), "%s\n", what);
	if (pack->from)
		buf_printf(run_key(&out, "from"), "%06llu\n", pack->from);
	buf_puts(&out, buf_string(middle));
	run_add_command(r, run_key(&out, "command"), pack, pack->step, places);
	buf_putc(&out, '\n');
	run_add_cases(&out, pack);
	ok = write_file(r, pack, 0, "result", &out);
	buf_free(&out);
	return ok;
}

static bool
write_given(struct running *r, const struct pack *pack)
{
	return write_file(r, pack, 0, "pack.c", &pack->bytes[PACK_TEXT]) &&
	       write_file(r, pack, 0, "spans", &pack->bytes[PACK_SPANS]) &&
	       (!pack->two_files || write_file(r, pack, 0, "helpers.c", &pack->bytes[PACK_HELPERS]));
}

static bool
write_streams(struct running *r, const struct pack *pack, unsigned step, const struct buf *printed,
              const struct buf *errors)
{
	return write_file(r, pack, step, "stdout", printed) && write_file(r, pack, step, "stderr", errors);
}

/* packs */

bool
run_keep_step(struct running *r, struct pack *pack, const struct process *process)
{
	const struct run_places places = run_places(r, pack);
	char name[NAME];
	struct buf out = {0};
	bool ok;

	if (!r->options->keep)
		return true;
	if (!number_pack(r, pack))
		return false;
	snprintf(name, sizeof name, "packs/%06llu/step-%u", pack->kept, pack->step + 1);
	if (!keep_directory(r->options->keep, name, r->diag))
		return false;
	add_process(&out, process, &process->stdout_text, &process->stderr_text);
	run_add_command(r, run_key(&out, "command"), pack, pack->step, &places);
	buf_putc(&out, '\n');
	ok = write_streams(r, pack, pack->step + 1, &process->stdout_text, &process->stderr_text);
	ok = ok && write_file(r, pack, pack->step + 1, "result", &out);
	buf_free(&out);
	return ok;
}

bool
run_keep_pack(struct running *r, struct pack *pack, const struct process *process, const char *what)
{
	const struct run_places places = run_places(r, pack);
	struct buf middle = {0};
	bool ok;

	if (!r->options->keep)
		return true;
	if (pack->blocked) /* what is at hand is of the step before */
		buf_printf(run_key(&middle, "ended"), "cannot be started: %s\n", pack->blocked);
	else
		add_process(&middle, process, &process->stdout_text, &process->stderr_text);
	ok = number_pack(r, pack) && write_given(r, pack) && write_command(r, pack, false) &&
	     (pack->blocked || write_streams(r, pack, 0, &process->stdout_text, &process->stderr_text)) &&
	     write_result(r, pack, &middle, &places, what);
	buf_free(&middle);
	return ok;
}

/* questions */

static void
add_replaced(struct buf *out, const char *text, const char *from, const char *to)
{
	const char *at;

	while ((at = strstr(text, from))) {
		buf_add(out, text, (size_t)(at - text));
		buf_puts(out, to);
		text = at + strlen(from);
	}
	buf_puts(out, text);
}

/* Our hello and the question, whose paths are those of the kept files, seen from work/. */
static bool
write_asked(struct running *r, const struct run_lane *lane, const struct pack *pack)
{
	const struct protocol_message hello = {PROTOCOL_HOST, {.host = r->host}};
	const char *const replaced[][2] = {{pack->path[PACK_TEXT], "../pack.c"},
	                                   {pack->path[PACK_HELPERS], "../helpers.c"},
	                                   {r->headers.directory, "../../../include"}};
	struct buf text = {0};
	bool ok;

	protocol_print(&text, &hello);
	buf_puts(&text, buf_string(&lane->worker.question));
	for (unsigned i = 0; i < sizeof replaced / sizeof *replaced; i++) {
		struct buf next = {0};

		add_replaced(&next, buf_string(&text), replaced[i][0], replaced[i][1]);
		buf_free(&text);
		text = next;
	}
	ok = write_file(r, pack, 0, "asked", &text);
	buf_free(&text);
	return ok;
}

bool
run_keep_question(struct running *r, const struct run_lane *lane, struct pack *pack, double seconds,
                  const char *what)
{
	const struct worker *worker = &lane->worker;
	struct run_places places = run_places(r, pack);
	struct buf middle = {0}, directory = {0};
	bool ok;

	if (!r->options->keep)
		return true;
	buf_printf(&directory, "%s/worker-%u", r->root, (unsigned)(lane - r->lane));
	places.directory = directory.data;
	run_add_end(&middle, &lane->process);
	buf_printf(run_key(&middle, "seconds"), "%.6f\n", seconds);
	add_stream(&middle, "stdout", &worker->output, worker->output_bytes);
	add_stream(&middle, "stderr", &worker->errors, worker->errors_bytes);
	ok = number_pack(r, pack) && write_given(r, pack) && write_command(r, pack, true) &&
	     write_asked(r, lane, pack) && write_streams(r, pack, 0, &worker->output, &worker->errors) &&
	     write_result(r, pack, &middle, &places, what);
	buf_free(&middle);
	buf_free(&directory);
	return ok;
}

/* answers */

static void
add_findings(struct buf *out, const struct answer *answer, const struct text_span *span)
{
	for (unsigned i = 0; i < answer->count; i++) {
		const struct answer_finding *finding = &answer->finding[i];

		run_key(out, "finding");
		buf_puts(out, finding->kind < KIND_COUNT ? kind_name((enum kind)finding->kind) : "of no kind");
		if (finding->line)
			buf_printf(out, ", line %u of pack/%s", text_span_line(span, finding->line),
			           finding->line > LINE_SECOND ? "helpers.c" : "pack.c");
		buf_putc(out, '\n');
	}
}

/* What the checker said of the case, as `why` and `wrong` quote it. */
static void
add_message(struct buf *out, const char *message)
{
	while (message && *message) {
		size_t length = strcspn(message, "\n");

		buf_printf(run_key(out, "says"), "%.*s\n", (int)length, message);
		message += length + (message[length] != 0);
	}
}

static void
add_answer(struct buf *out, const struct running *r, const struct suite_case *of, const struct answer *answer,
           const struct pack *pack, unsigned index)
{
	buf_printf(run_key(out, "answer"), "%s\n", answer_name(answer->state));
	if (pack->are_canaries)
		buf_printf(run_key(out, "expected"), "%s\n", outcome_name(of->verdict[of->rule->headline].outcome));
	if (answer->why)
		buf_printf(run_key(out, "why"), "%s\n", answer->why);
	add_findings(out, answer, &pack->span[index]);
	add_message(out, answer->message);
	buf_printf(run_key(out, "case"), "%s\n", of->id);
	buf_printf(run_key(out, "rule"), "%s, role %s\n", of->rule->name, of->rule->role[of->role].name);
	add_lines(run_key(out, "text"), pack, index, "pack/");
	buf_putc(out, '\n');
	buf_printf(run_key(out, "pack"), "%06llu, in which it is %u of %u\n", pack->kept, index + 1, pack->count);
	buf_printf(run_key(out, "seconds"), "%.6f%s\n", answer->seconds,
	           pack->count > 1 ? ", its share of the pack's" : "");
	if (answer->retried)
		buf_printf(run_key(out, "tries"), "2\n");
	buf_printf(run_key(out, "look at"),
	           "pack/result, pack/stdout, pack/stderr; sh pack/command does it again%s\n",
	           run_talks(r) ? " (on stdin: pack/asked)" : "");
}

/* "cases/ID" is a directory that holds an answer and a link, or several of both. */
static bool
write_answer(struct running *r, const char *directory, const struct buf *text, const struct pack *pack)
{
	const struct keep *keep = r->options->keep;
	char name[2 * NAME], target[NAME], suffix[16] = "";

	for (unsigned n = 2;; n++) {
		snprintf(name, sizeof name, "%s/answer%s", directory, suffix);
		if (!keep_has(keep, name))
			break;
		snprintf(suffix, sizeof suffix, "-%u", n);
	}
	snprintf(target, sizeof target, "../../packs/%06llu", pack->kept);
	if (!keep_directory(keep, directory, r->diag) || !keep_file(keep, name, text, KEEP_MOST, r->diag))
		return false;
	snprintf(name, sizeof name, "%s/pack%s", directory, suffix);
	return keep_link(keep, name, target, r->diag);
}

bool
run_keep_answer(struct running *r, const struct suite_case *of, const struct answer *answer,
                const struct pack *pack)
{
	char directory[NAME];
	struct buf text = {0};
	unsigned index = 0;
	bool ok;

	if (!r->options->keep || !pack)
		return true;
	while (pack->cases[index] != of)
		index++;
	assert(pack->kept && index < pack->count);
	snprintf(directory, sizeof directory, "%s/%s", pack->are_canaries ? "canaries" : "cases", of->id);
	add_answer(&text, r, of, answer, pack, index);
	ok = write_answer(r, directory, &text, pack);
	buf_free(&text);
	return ok;
}
