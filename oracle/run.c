/* run: gives cases to a checker, pack by pack. See run.h.
 *
 * How to read it: a job is a pack on its way: waiting, then running one step after the other in a directory of its own. Jobs
 * wait on a stack; run_cases keeps up to `jobs` of them running, and the one that ends is read (read_stream), judged
 * complete or not, and answered, or cut in halves that go back on the stack.
 *
 *   cut_packs -> [waiting] -> start_job -> start_step ... -> end_job -> answer_all | halve
 *
 * A pack is pack.c and, where one of its cases has helpers in a second file, helpers.c.
 *
 * An answer is given only behind the completion mark, so a checker that dies, hangs or is silenced by one bad case costs that
 * case its answer and no other.
 */
#include "run.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "checker.h"
#include "process.h"
#include "text.h"
#include "tree.h"

enum { JOBS_MOST = 64, WAIT = 200 };

struct job {
	struct job *next;
	const struct suite_case **cases; /* `count`, in the order of the pack; the canary is not among them */
	unsigned count;
	unsigned step;
	char *directory;
	struct text_span *span; /* count + 1: the canary's last */
	bool two_files;
	struct process process;
	double seconds;     /* of the steps so far */
	bool unmade;        /* an earlier step was to make the next one's program, and did not */
	struct arena arena; /* of this try */
};

struct running {
	const struct run_options *options;
	struct buf root;    /* directory of this run */
	struct buf include; /* the world's headers */
	struct job *waiting;
	struct job *job[JOBS_MOST];
	unsigned jobs;
	unsigned made; /* directories so far */
	unsigned total, done;
	double begun, shown;
	struct diag *diag;
};

static volatile sig_atomic_t interrupted;

static void
on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

/* cutting */

static void
push_job(struct running *r, const struct suite_case *const *cases, unsigned count)
{
	struct job *job = calloc(1, sizeof *job);

	if (!job || !(job->cases = malloc(count * sizeof *job->cases)))
		die("out of memory");
	memcpy(job->cases, cases, count * sizeof *cases);
	job->count = count;
	job->next = r->waiting;
	r->waiting = job;
}

static void
free_job(struct job *job)
{
	process_free(&job->process);
	if (job->directory)
		tree_remove(job->directory);
	free(job->directory);
	free(job->span);
	free(job->cases);
	arena_free(&job->arena);
	free(job);
}

/* Cases that may share a file: one driver model, and in the model world one rule. */
static bool
may_share(const struct world *world, const struct suite_case *one, const struct suite_case *two)
{
	return strcmp(world->name, "model") ? !strcmp(one->rule->model, two->rule->model)
	                                    : one->rule == two->rule;
}

static void
cut_packs(struct running *r, const struct suite_case *const *cases, unsigned count)
{
	unsigned size = r->options->pack ? r->options->pack : r->options->adapter->pack;
	const struct suite_case **pack = malloc(size * sizeof *pack);
	bool *taken = calloc(count + 1U, sizeof *taken);

	if (!pack || !taken)
		die("out of memory");
	for (unsigned first = 0; first < count; first++) {
		unsigned n = 0;

		if (taken[first])
			continue;
		for (unsigned i = first; i < count; i++) {
			if (taken[i] || !may_share(r->options->adapter->world, cases[first], cases[i]))
				continue;
			taken[i] = true;
			pack[n++] = cases[i];
			if (n == size) {
				push_job(r, pack, n);
				n = 0;
			}
		}
		if (n)
			push_job(r, pack, n);
	}
	free(pack);
	free(taken);
}

/* starting */

static bool
fail(struct running *r, const char *what, const char *path)
{
	diag_set(r->diag, path, 0, 0, "%s: %s", what, strerror(errno));
	return false;
}

static bool
write_file(struct running *r, const struct job *job, const char *name, const struct buf *text)
{
	struct buf path = {0};
	bool ok;

	buf_printf(&path, "%s/%s", job->directory, name);
	ok = tree_write(path.data, buf_string(text), text->len) || fail(r, "cannot write a pack", path.data);
	buf_free(&path);
	return ok;
}

/* The pack's files, and `spans`: a line for each case, FIRST LINES HELPERS_FIRST HELPERS_LINES, the last two 0 0 where all of it stands
 * in pack.c. */
static bool
write_pack(struct running *r, struct job *job)
{
	const struct run_options *options = r->options;
	const struct rule *rule = job->cases[0]->rule;
	const struct suite_case **all = arena_alloc(&job->arena, (job->count + 1U) * sizeof *all);
	struct buf text = {0}, helpers = {0}, spans = {0};
	bool ok;

	memcpy(all, job->cases, job->count * sizeof *all);
	all[job->count] = options->canary(options->context, rule);
	ok = text_file(&text, &helpers, options->adapter->world, all, job->count + 1, true,
	               adapter_reading(options->adapter, rule), job->span, r->diag);
	job->two_files = helpers.len;
	for (unsigned i = 0; i <= job->count; i++) {
		const struct text_span *span = &job->span[i];

		buf_printf(&spans, "%u %u %u %u\n", span->first, span->lines,
		           job->two_files ? span->helpers_first : 0, job->two_files ? span->helpers_lines : 0);
	}
	if (ok && options->tamper)
		options->tamper(options->context, &text);
	ok = ok && write_file(r, job, "pack.c", &text) && write_file(r, job, "spans", &spans) &&
	     (!job->two_files || write_file(r, job, "helpers.c", &helpers));
	buf_free(&text);
	buf_free(&helpers);
	buf_free(&spans);
	return ok;
}

static bool
start_step(struct running *r, struct job *job)
{
	const struct adapter *adapter = r->options->adapter;
	const struct adapter_step *step = &adapter->step[job->step];
	const struct process_limits limits = {adapter->seconds + adapter->seconds_case * job->count,
	                                      adapter->output};
	struct buf file = {0}, helpers = {0}, spans = {0};
	const char *argv[2 * ADAPTER_ARGUMENTS + 1] = {NULL};
	unsigned count = 0;
	bool ok;

	buf_printf(&file, "%s/pack.c", job->directory);
	buf_printf(&helpers, "%s/helpers.c", job->directory);
	buf_printf(&spans, "%s/spans", job->directory);
	const char *const values[] = {
		"exe",      r->options->exe, "self",         r->options->self, "file",          file.data, "spans",
		spans.data, "dir",           job->directory, "include",        r->include.data, NULL};
	for (unsigned i = 0; i < step->arguments; i++) {
		bool files = !strcmp(step->argument[i], "{files}");

		argv[count++] = files ? file.data : checker_argument(&job->arena, step->argument[i], values);
		if (files && job->two_files)
			argv[count++] = helpers.data;
	}
	process_free(&job->process);
	ok = process_start(&job->process, argv, job->directory, &limits);
	job->unmade = !ok && job->step && (errno == ENOENT || errno == EACCES || errno == ENOEXEC);
	if (!ok && !job->unmade)
		fail(r, "cannot start the checker", argv[0]);
	buf_free(&file);
	buf_free(&helpers);
	buf_free(&spans);
	return ok;
}

static bool
start_job(struct running *r, struct job *job)
{
	struct buf path = {0};

	buf_printf(&path, "%s/%u", r->root.data, r->made++);
	job->directory = path.data;
	job->step = 0;
	job->span = calloc(job->count + 1U, sizeof *job->span);
	if (!job->span)
		die("out of memory");
	if (mkdir(job->directory, 0700))
		return fail(r, "cannot make a directory", job->directory);
	return write_pack(r, job) && start_step(r, job);
}

/* reading */

/* What the output says of one case. */
struct said {
	unsigned count;
	struct answer_finding *finding;
	bool guilty, unknown;
};

static unsigned
number_in(const char *line, const PCRE2_SIZE *vector, int group)
{
	unsigned long number = 0;

	for (PCRE2_SIZE i = vector[2 * group]; i < vector[2 * group + 1] && number < 400000000UL; i++)
		if (line[i] >= '0' && line[i] <= '9')
			number = number * 10 + (unsigned long)(line[i] - '0');
	return (unsigned)number;
}

static void
say(struct job *job, struct said *said, const struct adapter_pattern *pattern, uint32_t line)
{
	struct answer_finding finding = {(uint8_t)pattern->kind, line};

	if (pattern->says_unknown) {
		said->unknown = true;
		return;
	}
	said->guilty = true;
	for (unsigned i = 0; i < said->count; i++)
		if (said->finding[i].kind == finding.kind && said->finding[i].line == line)
			return;
	if (!(said->count & (said->count - 1))) { /* full at powers of two */
		unsigned room = said->count ? said->count * 2 : 1;
		struct answer_finding *more = arena_alloc(&job->arena, room * sizeof *more);

		if (said->count)
			memcpy(more, said->finding, said->count * sizeof *more);
		said->finding = more;
	}
	said->finding[said->count++] = finding;
}

/* Number of a named group that matched; 0 where there is none. */
static int
group_of(const struct adapter_pattern *pattern, const char *name, const PCRE2_SIZE *vector)
{
	int group = pcre2_substring_number_from_name(pattern->code, (PCRE2_SPTR)name);

	return group > 0 && vector[2 * group] != PCRE2_UNSET ? group : 0;
}

/* Whether the path that a group holds ends in this file's name. */
static bool
names_file(const char *text, const PCRE2_SIZE *vector, int group, const char *name)
{
	const char *path = text + vector[2 * group];
	size_t length = vector[2 * group + 1] - vector[2 * group], own = strlen(name);

	return length >= own && !memcmp(path + length - own, name, own) &&
	       (length == own || path[length - own - 1] == '/');
}

static void
attribute_first(struct job *job, struct said *said, const struct adapter_pattern *pattern, unsigned line)
{
	unsigned low = 0, high = job->count + 1;

	while (high - low > 1) {
		unsigned middle = (low + high) / 2;

		if (job->span[middle].first <= line)
			low = middle;
		else
			high = middle;
	}
	if (line >= job->span[low].first && line < job->span[low].first + job->span[low].lines)
		say(job, &said[low], pattern, line - job->span[low].first + 1);
}

/* Not every case has lines there, so this looks at all of them. */
static void
attribute_second(struct job *job, struct said *said, const struct adapter_pattern *pattern, unsigned line)
{
	for (unsigned i = 0; i <= job->count; i++) {
		const struct text_span *span = &job->span[i];

		if (line >= span->helpers_first && line < span->helpers_first + span->helpers_lines)
			say(job, &said[i], pattern, LINE_SECOND + line - span->helpers_first + 1);
	}
}

/* Finds the case by its group `case`, or by its groups `file` and `line`: what is said of a header is nobody's. */
static void
attribute(struct job *job, struct said *said, const struct adapter_pattern *pattern, const char *text,
          const PCRE2_SIZE *vector)
{
	int by_case = group_of(pattern, "case", vector), by_line = group_of(pattern, "line", vector);
	int by_file = group_of(pattern, "file", vector);

	if (by_case) {
		unsigned index = number_in(text, vector, by_case);

		if (index <= job->count)
			say(job, &said[index], pattern, 0);
	} else if (by_line) {
		unsigned line = number_in(text, vector, by_line);

		if (!by_file || names_file(text, vector, by_file, "pack.c"))
			attribute_first(job, said, pattern, line);
		else if (job->two_files && names_file(text, vector, by_file, "helpers.c"))
			attribute_second(job, said, pattern, line);
	}
}

/* What reading needs beside the adapter, and what it finds out about the whole run. */
struct reader {
	pcre2_match_data *match;
	bool marked; /* a line matches the completion pattern */
	bool failed; /* a pattern gave up on a line: nothing can be concluded from what was not seen */
};

/* Room for the groups of the pattern that has most. */
static pcre2_match_data *
make_match(const struct adapter *adapter)
{
	pcre2_match_data *match;
	uint32_t most = 0;

	for (unsigned i = 0; i < adapter->patterns; i++) {
		uint32_t groups = 0;

		pcre2_pattern_info(adapter->pattern[i].code, PCRE2_INFO_CAPTURECOUNT, &groups);
		most = groups > most ? groups : most;
	}
	match = pcre2_match_data_create(most + 1, NULL);
	if (!match)
		die("out of memory");
	return match;
}

static bool
matches(struct reader *reader, void *code, const char *line, size_t length)
{
	int groups = pcre2_match(code, (PCRE2_SPTR)line, length, 0, 0, reader->match, NULL);

	if (groups < 0 && groups != PCRE2_ERROR_NOMATCH)
		reader->failed = true;
	return groups >= 0;
}

static void
read_stream(const struct adapter *adapter, struct job *job, const struct buf *stream, struct reader *reader,
            struct said *said)
{
	const char *line = buf_string(stream), *end = line + stream->len, *next;

	for (; line < end; line = next) { /* a checker may print any bytes, NUL too */
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((newline ? newline : end) - line);

		next = newline ? newline + 1 : end;
		if (adapter->complete_pattern && matches(reader, adapter->complete_pattern, line, length))
			reader->marked = true;
		for (unsigned i = 0; i < adapter->patterns; i++) {
			const struct adapter_pattern *pattern = &adapter->pattern[i];

			if (!matches(reader, pattern->code, line, length))
				continue;
			if (!pattern->ignores)
				attribute(job, said, pattern, line, pcre2_get_ovector_pointer(reader->match));
			break;
		}
	}
}

static bool
exit_is_listed(const struct adapter *adapter, int status)
{
	for (unsigned i = 0; i < adapter->exits; i++)
		if (adapter->exit[i] == status)
			return true;
	return false;
}

/* ANSWER_PASS when a step came to an end of its own, else the reason. A KILL that is not ours is the kernel's, for want of
 * memory; XCPU is the limit of processor time. */
static enum answer_state
how_it_ended(const struct process *process)
{
	if (process->timed_out)
		return ANSWER_TIMEOUT;
	if (process->flooded)
		return ANSWER_GARBLED;
	if (process->exited)
		return ANSWER_PASS;
	return process->status == SIGXCPU   ? ANSWER_TIMEOUT
	       : process->status == SIGKILL ? ANSWER_MEMORY
	                                    : ANSWER_CRASH;
}

/* ANSWER_PASS when the run is complete, else the reason why it is not. */
static enum answer_state
completion(const struct adapter *adapter, const struct process *process, bool canary,
           const struct reader *reader)
{
	enum answer_state reason = how_it_ended(process);

	if (reason != ANSWER_PASS)
		return reason;
	if (reader->failed || !exit_is_listed(adapter, process->status) ||
	    (adapter->complete == COMPLETE_CANARY && !canary) ||
	    (adapter->complete == COMPLETE_PATTERN && !reader->marked))
		return ANSWER_GARBLED;
	return ANSWER_PASS;
}

/* ending */

static bool
give(struct running *r, const struct suite_case *of, const struct answer *answer)
{
	r->done++;
	if (r->options->answer(r->options->context, of, answer))
		return true;
	r->diag->message[0] = 0;
	return false;
}

static bool
answer_all(struct running *r, struct job *job, const struct said *said)
{
	double each = job->seconds / job->count;

	for (unsigned i = 0; i < job->count; i++) {
		struct answer answer = {.state = said[i].guilty    ? ANSWER_VIOLATION
		                                 : said[i].unknown ? ANSWER_UNKNOWN
		                                                   : ANSWER_PASS,
		                        .count = said[i].count,
		                        .finding = said[i].finding,
		                        .seconds = each};

		if (!give(r, job->cases[i], &answer))
			return false;
	}
	return true;
}

/* Nothing in the pack is answered: its halves are tried, or the one case gets the reason. */
static bool
give_up_or_halve(struct running *r, struct job *job, enum answer_state reason)
{
	struct answer answer = {.state = reason, .seconds = job->seconds};
	unsigned half = job->count / 2;

	if (job->count == 1)
		return give(r, job->cases[0], &answer);
	push_job(r, job->cases, half);
	push_job(r, job->cases + half, job->count - half);
	return true;
}

/* What the last step printed: the answers, or the reason why there are none. */
static bool
end_job(struct running *r, struct job *job)
{
	const struct adapter *adapter = r->options->adapter;
	struct said *said = arena_alloc(&job->arena, (job->count + 1U) * sizeof *said);
	struct reader reader = {.match = make_match(adapter)};
	enum answer_state reason;

	read_stream(adapter, job, &job->process.stdout_text, &reader, said);
	read_stream(adapter, job, &job->process.stderr_text, &reader, said);
	pcre2_match_data_free(reader.match);
	reason = completion(adapter, &job->process, said[job->count].guilty, &reader);
	return reason == ANSWER_PASS ? answer_all(r, job, said) : give_up_or_halve(r, job, reason);
}

/* The step of a job that has ended: the next one, or the answers. *over is set when the job is. */
static bool
end_step(struct running *r, struct job *job, bool *over)
{
	enum answer_state reason = how_it_ended(&job->process);

	job->seconds += job->process.seconds;
	*over = true;
	if (job->step + 1 == r->options->adapter->steps)
		return end_job(r, job);
	if (reason == ANSWER_PASS && job->process.status)
		reason = ANSWER_GARBLED;
	if (reason != ANSWER_PASS)
		return give_up_or_halve(r, job, reason);
	job->step++;
	*over = false;
	if (start_step(r, job))
		return true;
	*over = true;
	return job->unmade && give_up_or_halve(r, job, ANSWER_GARBLED);
}

/* all of it */

static void
show_progress(struct running *r, bool last)
{
	double now = process_now(), spent = now - r->begun;
	double rate = spent > 0 ? r->done / spent : 0;

	if (!r->options->progress || !isatty(STDERR_FILENO) || (!last && now - r->shown < 0.5))
		return;
	r->shown = now;
	if (last)
		fprintf(stderr, "\r\033[K");
	else
		fprintf(stderr, "\r\033[K%s: %u of %u answered, %.0f/s, %.0f s left", r->options->adapter->name,
		        r->done, r->total, rate, rate > 0 ? (r->total - r->done) / rate : 0.0);
}

static bool
make_root(struct running *r)
{
	const char *base = getenv("TMPDIR");

	buf_printf(&r->root, "%s/lockdrill-XXXXXX", base && *base ? base : "/tmp");
	if (!mkdtemp(r->root.data)) {
		fail(r, "cannot make a temporary directory", r->root.data);
		buf_clear(&r->root);
		return false;
	}
	buf_printf(&r->include, "%s/include", r->root.data);
	if (mkdir(r->include.data, 0700) || !world_write_headers(r->options->adapter->world, r->include.data))
		return fail(r, "cannot write headers", r->include.data);
	return true;
}

static bool
fill_jobs(struct running *r)
{
	while (r->waiting && r->jobs < r->options->jobs && r->jobs < JOBS_MOST) {
		struct job *job = r->waiting;

		r->waiting = job->next;
		r->job[r->jobs++] = job;
		if (!start_job(r, job))
			return false;
	}
	return true;
}

static bool
run_loop(struct running *r)
{
	while (r->waiting || r->jobs) {
		struct process *processes[JOBS_MOST];
		unsigned ended;
		bool over;

		if (!fill_jobs(r))
			return false;
		for (unsigned i = 0; i < r->jobs; i++)
			processes[i] = &r->job[i]->process;
		if (process_wait(processes, r->jobs, WAIT, &ended)) {
			struct job *job = r->job[ended];

			if (!end_step(r, job, &over))
				return false;
			if (over) {
				free_job(job);
				r->job[ended] = r->job[--r->jobs];
			}
		}
		show_progress(r, false);
		if (interrupted) {
			diag_set(r->diag, r->options->adapter->name, 0, 0, "interrupted");
			return false;
		}
	}
	return true;
}

static void
clean_up(struct running *r)
{
	while (r->jobs)
		free_job(r->job[--r->jobs]);
	while (r->waiting) {
		struct job *job = r->waiting;

		r->waiting = job->next;
		free_job(job);
	}
	if (r->root.len)
		tree_remove(r->root.data);
	buf_free(&r->root);
	buf_free(&r->include);
}

bool
run_cases(const struct run_options *options, const struct suite_case *const *cases, unsigned count,
          struct diag *diag)
{
	struct running r = {.options = options, .total = count, .diag = diag, .begun = process_now()};
	struct sigaction catch = {.sa_handler = on_interrupt}, before;
	bool ok;

	interrupted = 0;
	sigaction(SIGINT, &catch, &before);
	ok = make_root(&r);
	if (ok) {
		cut_packs(&r, cases, count);
		ok = run_loop(&r);
	}
	show_progress(&r, true);
	clean_up(&r);
	sigaction(SIGINT, &before, NULL);
	return ok;
}
