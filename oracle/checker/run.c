/* run: gives cases to a checker, pack by pack. See run.h.
 *
 * How to read it: packs wait on a stack. A lane runs one pack after the other: step by step, each step a
 * process, or, where the checker keeps running, by asking its worker. run_loop fills the lanes, waits for the
 * first that has written something or is over, and goes on with it; the pack that comes next is written while
 * the checkers work.
 *
 *   cutter -> [waiting] -> write_next -> [ready] -> start_step ... -> run_end_pack
 *                                                  -> ask -> read_worker ... -> run_end_case
 *
 * An answer is given only behind the completion mark, so a checker that dies, hangs or is silenced by one bad
 * case costs that case its answer and no other.
 */
#include "run.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "lane.h"
#include "run_state.h"
#include "said.h"
#include "tree.h"

enum { WAIT = 200, WRITE_TRIES = 10 };
enum { PARTED_LEAST = 100 }; /* cases a pack from which on the first and last ones are smaller */

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
enum { SIGNALS = sizeof signals / sizeof *signals };

static volatile sig_atomic_t interrupted;

static void
on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

/* What is hashed for the checker. */
static const char *
program_of(const struct run_options *options)
{
	return options->adapter->plugin ? options->adapter->plugin : options->exe;
}

/* The program is looked at before each start, and read again only where it does not look the same. */
static void
check_program(struct running *r)
{
	const char *path = program_of(r->options);
	char hash[HASH_TEXT];
	struct stat now;

	if (!r->options->exe_hash || stat(path, &now))
		return;
	if (now.st_ino == r->exe.st_ino && now.st_size == r->exe.st_size &&
	    now.st_mtim.tv_sec == r->exe.st_mtim.tv_sec && now.st_mtim.tv_nsec == r->exe.st_mtim.tv_nsec)
		return;
	r->exe = now;
	if (!hash_file(path, hash) || strcmp(hash, r->options->exe_hash))
		run_void(r, "the checker's program changed while it was running");
}

/* starting */

/* A finding must not fall from the case into a canary, or back, so that a case that stands alone has none
 * beside it: unless that is what tells that the process came to its end. */
static bool
has_canary(const struct running *r, const struct pack *pack)
{
	return !run_talks(r) && (pack->count > 1 || r->options->adapter->complete == COMPLETE_CANARY);
}

static bool
write_pack(struct running *r, struct pack *pack)
{
	const struct run_options *options = r->options;
	const struct rule *rule = pack->cases[0]->rule;
	const struct pack_form form = {
		.world = options->adapter->world,
		.reading = adapter_reading(options->adapter, rule),
		.alone = run_talks(r),
		.number = ++r->written,
		.canary = has_canary(r, pack) ? options->canary(options->context, rule, OUTCOME_VIOLATION) : NULL,
		.tamper = options->tamper,
		.context = options->context,
	};
	const struct timespec pause = {0, 20000000};
	struct buf path = {0};
	bool ok = false;

	buf_printf(&path, "%s/%u", r->root, pack->place);
	for (unsigned tries = 0; !ok && tries < WRITE_TRIES; tries++) {
		mkdir(r->root, 0700); /* a checker may have removed it, or be about to */
		ok = pack_write(pack, path.data, &form, r->diag);
		if (!ok)
			nanosleep(&pause, NULL);
	}
	buf_free(&path);
	return ok;
}

/* Takes the next pack that waits and writes its files. */
static bool
write_next(struct running *r)
{
	struct pack *pack = r->waiting;

	assert(!r->ready && pack);
	r->waiting = pack->next;
	pack->next = NULL;
	pack->place = r->unused ? r->unused_directory[--r->unused] : r->directories++;
	assert(r->directories <= sizeof r->unused_directory / sizeof *r->unused_directory);
	r->ready = pack;
	return write_pack(r, pack);
}

/* Its directory serves the next. */
static void
free_written(struct running *r, struct pack *pack)
{
	assert(r->unused < r->directories);
	r->unused_directory[r->unused++] = pack->place;
	pack_free(pack);
}

/* False with errno, and argv[0] in *program. */
static bool
try_step(struct running *r, struct run_lane *lane, const char **program)
{
	struct pack *pack = lane->pack;
	const struct adapter *adapter = r->options->adapter;
	const struct run_places places = run_places(r, pack);
	const double seconds = adapter->seconds + adapter->seconds_case * pack->count;
	const char *argv[2 * ADAPTER_ARGUMENTS + 1] = {NULL};
	const struct process_command command = {
		.argv = argv,
		.directory = pack->work,
		.limits = {seconds, seconds * adapter->cpu, adapter->output, adapter->memory},
	};

	run_arguments(r, &pack->arena, pack->step, &places, argv);
	*program = argv[0];
	return process_start(&lane->process, lane->supervisor, &command);
}

static bool
start_step(struct running *r, struct run_lane *lane)
{
	struct pack *pack = lane->pack;
	const char *program;
	bool ok;

	assert(pack && !lane->process.runs && pack->step < r->options->adapter->steps);
	check_program(r);
	if (r->stopped)
		return false;
	ok = try_step(r, lane, &program);
	if (!ok && !pack->step && !tree_is_ours(pack->work)) { /* gone since it was looked at: another's doing */
		r->one_by_one = true;
		ok = write_pack(r, pack) && try_step(r, lane, &program);
	}
	/* That an earlier step did not make what this one runs is the checker's fault; all else is not. */
	pack->blocked = !ok && pack->step ? strerror(errno) : NULL;
	if (!ok && !pack->blocked)
		diag_set(r->diag, program, 0, 0, "cannot start the checker: %s", strerror(errno));
	return ok;
}

/* all of it */

static void
show_progress(struct running *r, bool last)
{
	double now = clock_now(), spent = now - r->started;
	double rate = spent > 0 ? r->done / spent : 0;
	unsigned answered = r->state[ANSWER_PASS] + r->state[ANSWER_VIOLATION];

	if (!r->options->progress || !isatty(STDERR_FILENO) || (!last && now - r->shown < 0.5))
		return;
	r->shown = now;
	fputs("\r\033[K", stderr);
	if (!last)
		fprintf(stderr, "%s: %u of %u, %.0f/s, %.0f s left; %u pass, %u violation, %u without an answer",
		        r->options->adapter->name, r->done, r->total, rate,
		        rate > 0 && r->done < r->total ? (r->total - r->done) / rate : 0.0, r->state[ANSWER_PASS],
		        r->state[ANSWER_VIOLATION], r->done - answered);
}

/* workers */

/* What a worker says of itself must be what the checker said when it was met, and what all workers say. */
static void
check_hello(struct running *r, const struct protocol_checker *said)
{
	const struct protocol_message message = {.type = PROTOCOL_CHECKER, .of.checker = *said};
	struct buf hello = {0};

	protocol_print(&hello, &message);
	if (strcmp(said->version, r->options->version))
		run_void(r, "the checker called itself %s %s, and later %s", said->name, r->options->version,
		         said->version);
	else if (r->hello.len && strcmp(buf_string(&hello), r->hello.data))
		run_void(r, "the checker's hello is another than before");
	if (!r->hello.len)
		buf_puts(&r->hello, buf_string(&hello));
	buf_free(&hello);
}

/* Starts the lane's worker where it does not run, else asks it about the lane's case. */
static bool
ask(struct running *r, struct run_lane *lane)
{
	struct buf directory = {0};
	bool ok = true;

	assert(lane->pack && lane->pack->count == 1);
	check_program(r);
	if (r->stopped)
		return false;
	if (lane->pack->retried &&
	    lane->worker.answers) { /* by one that does nothing else yet, and remembers nothing */
		process_kill(&lane->process);
		lane->worker.running = false;
	}
	if (!lane->worker.running) {
		mkdir(r->root, 0700);
		buf_printf(&directory, "%s/worker-%u", r->root, (unsigned)(lane - r->lane));
		process_free(&lane->process);
		ok = worker_start(&lane->worker, &lane->process, lane->supervisor, &r->asking, directory.data,
		                  r->diag);
		buf_free(&directory);
	} else if (lane->worker.greeted) {
		worker_ask(&lane->worker, &lane->process, &r->asking, lane->pack);
	}
	return ok;
}

/* The lane's pack has its answer. */
static bool
end_case(struct running *r, struct run_lane *lane, struct answer *answer)
{
	struct pack *pack = lane->pack;
	bool ok;

	lane->pack = NULL;
	ok = run_end_case(r, lane, pack, answer);
	free_written(r, pack);
	return ok;
}

/* What is kept of a try that broke; the next is another pack. */
static bool
keep_first_try(struct running *r, struct run_lane *lane)
{
	struct pack *pack = lane->pack;
	struct buf what = {0};
	bool ok;

	buf_printf(&what, "%s: %s; asked once more, by a new process", answer_name(lane->worker.why),
	           buf_string(&lane->worker.reason));
	run_tell_question(r, lane, pack, clock_now() - lane->worker.asked, what.data);
	ok = run_keep_question(r, lane, pack, clock_now() - lane->worker.asked, what.data);
	pack->from = pack->kept;
	pack->kept = 0;
	buf_free(&what);
	return ok;
}

/* The end of what a worker that broke wrote on standard error, or else on standard output. */
static const char *
last_words(const struct worker *worker, struct pack *pack)
{
	const struct buf *streams[] = {&worker->errors, &worker->output};
	struct message_path path[MESSAGE_PATHS];
	const char *words = NULL;

	said_paths(pack, 0, path);
	for (unsigned i = 0; i < 2 && !words; i++)
		words = message_end(&pack->arena, buf_string(streams[i]), streams[i]->len, path);
	return words;
}

/* Goes on with a lane whose worker may have written something. */
static bool
read_worker(struct running *r, struct run_lane *lane)
{
	struct answer answer;

	switch (worker_read(&lane->worker, &lane->process)) {
	case WORKER_WAITING:
		return true;
	case WORKER_GREETED:
		check_hello(r, &lane->worker.talk.checker);
		return ask(r, lane);
	case WORKER_ANSWERED:
		answer = worker_answer(&lane->worker, lane->pack);
		return end_case(r, lane, &answer);
	case WORKER_BROKEN:
		break;
	}
	if (!lane->pack->retried && !r->canaries_fail) { /* once more */
		lane->pack->retried = true;
		return keep_first_try(r, lane) && (pack_is_whole(lane->pack) || write_pack(r, lane->pack)) &&
		       ask(r, lane);
	}
	answer = (struct answer){.state = lane->worker.why, .seconds = clock_now() - lane->worker.asked};
	answer.why = lane->worker.reason.len ? lane->worker.reason.data : NULL;
	answer.message = last_words(&lane->worker, lane->pack);
	return end_case(r, lane, &answer);
}

/* lanes */

static bool
open_lanes(struct running *r)
{
	const struct lane_options options = {
		.self = r->options->self, .root = r->root, .containment = r->options->containment};

	for (; r->lanes < r->options->jobs && r->lanes < RUN_JOBS; r->lanes++) {
		struct run_lane *lane = &r->lane[r->lanes];

		lane->supervisor = lane_start(&options, r->diag);
		if (!lane->supervisor)
			return false;
	}
	return true;
}

static bool
is_busy(const struct running *r)
{
	for (unsigned i = 0; i < r->lanes; i++)
		if (r->lane[i].pack)
			return true;
	return false;
}

/* Anew, once nothing runs that could still be changing them. */
static bool
write_headers(struct running *r)
{
	struct buf path = {0};
	bool ok;

	mkdir(r->root, 0700);
	buf_puts(&path, r->headers.directory);
	headers_free(&r->headers);
	ok = headers_write(&r->headers, r->options->adapter, path.data, r->diag);
	r->asking.include = r->headers.directory;
	r->headers_changed = !ok;
	buf_free(&path);
	return ok;
}

/* How many cases make a pack now. The first ones are small, so that no lane waits long for a text, and the
 * last ones, so that none works long when the others have nothing left. It does not depend on how many lanes
 * there are: whatever their number, the packs are the same. */
static unsigned
size_now(const struct running *r)
{
	unsigned most = r->cutter.most, left = r->total > r->taken ? r->total - r->taken : 0;
	bool is_small = r->taken < most || left < 2 * most;

	return most >= PARTED_LEAST && is_small ? most / 4 : most;
}

/* Takes cases until a pack waits, or there are no more of them. Those of rules that the checker has not are
 * answered. */
static bool
take_cases(struct running *r)
{
	static const struct answer unsupported = {.state = ANSWER_UNSUPPORTED};
	const struct run_options *options = r->options;
	const struct suite_case *of;
	bool ok, gave = false;

	while (!r->exhausted && !r->waiting) {
		if (!r->source->next(r->source->context, &of, r->diag))
			return false;
		if (!of) {
			r->exhausted = true;
			run_push(r, pack_cutter_end(&r->cutter));
		} else if (adapter_has_rule(options->adapter, of->rule)) {
			struct pack *full;

			r->cutter.size = size_now(r);
			r->taken++;
			full = pack_cutter_add(&r->cutter, of);

			if (full)
				run_push(r, full);
		} else {
			gave = true;
			if (!run_give(r, of, &unsupported, NULL))
				return false;
		}
	}
	ok = !gave || !options->delivered || options->delivered(options->context);
	if (!ok)
		r->diag->message[0] = 0;
	return ok;
}

/* Gives each idle lane a pack; then writes one that is ready when the next lane is. */
static bool
fill_lanes(struct running *r)
{
	for (unsigned i = 0; i < r->lanes; i++) {
		struct run_lane *lane = &r->lane[i];

		if (lane->pack || (r->one_by_one && is_busy(r)))
			continue;
		if (!take_cases(r) || (!r->ready && r->waiting && !write_next(r)))
			return false;
		if (!r->ready)
			return true;
		if (r->headers_changed && !write_headers(r))
			return false;
		if (!(pack_is_whole(r->ready) && tree_is_ours(r->ready->work)) &&
		    !write_pack(r, r->ready)) /* others ran since it was written */
			return false;
		lane->pack = r->ready;
		r->ready = NULL;
		if (!(run_talks(r) ? ask(r, lane) : start_step(r, lane)))
			return false;
	}
	return r->ready || (take_cases(r) && (!r->waiting || write_next(r)));
}

/* The process of a lane is over: the next step, or what the pack's answers are, while the lane goes on. */
static bool
end_step(struct running *r, struct run_lane *lane)
{
	struct process process = lane->process;
	struct pack *pack = lane->pack;
	bool ok, more = said_end(&process, NULL) == ANSWER_PASS && !process.status &&
	                pack->step + 1 < r->options->adapter->steps;

	assert(pack && !process.runs);
	pack->seconds += process.seconds;
	pack->cpu += process.cpu;
	pack->memory = process.memory > pack->memory ? process.memory : pack->memory;
	lane->process = (struct process){0};
	if (more) {
		run_tell_step(r, pack, &process);
		ok = run_keep_step(r, pack, &process);
		pack->step++;
		ok = ok && start_step(r, lane);
		if (ok || !pack->blocked) {
			process_free(&process);
			return ok;
		}
	}
	lane->pack = NULL;
	ok = (r->one_by_one || fill_lanes(r)) && run_end_pack(r, pack, &process);
	process_free(&process);
	free_written(r, pack);
	return ok;
}

/* A worker is read each time, for its deadline; a process only when it is over. */
static bool
take_event(struct running *r, const struct run_lane *ended)
{
	if (!run_talks(r))
		return !ended || end_step(r, &r->lane[ended - r->lane]);
	for (unsigned i = 0; i < r->lanes; i++)
		if (r->lane[i].pack && !read_worker(r, &r->lane[i]))
			return false;
	return true;
}

static bool
refuse_interrupted(const struct run_options *options, struct diag *diag)
{
	diag_set(diag, options->adapter->name, 0, 0, "interrupted");
	return false;
}

/* Until nothing waits and no lane is busy. */
static bool
run_loop(struct running *r)
{
	struct process *processes[RUN_JOBS];

	for (unsigned i = 0; i < r->lanes; i++)
		processes[i] = &r->lane[i].process;
	for (;;) {
		unsigned which;
		bool ended;

		if (!fill_lanes(r))
			return false;
		if (!is_busy(r)) {
			assert(!r->ready && !r->waiting);
			return true;
		}
		ended = process_wait(processes, r->lanes, WAIT, &which);
		if (!take_event(r, ended ? &r->lane[which] : NULL))
			return false;
		show_progress(r, false);
		if (interrupted)
			return refuse_interrupted(r->options, r->diag);
	}
}

static unsigned
pack_size(const struct running *r)
{
	return run_talks(r) ? 1 : r->options->pack ? r->options->pack : r->options->adapter->pack;
}

/* Both canaries of each rule that the checker has. */
static void
push_canaries(struct running *r)
{
	const struct run_options *options = r->options;
	const struct suite_case **canary = malloc((2 * options->rules + 1U) * sizeof *canary);
	struct pack *packs;
	unsigned canaries = 0;

	if (!canary)
		die("out of memory");
	for (unsigned i = 0; i < options->rules; i++) {
		if (!adapter_has_rule(options->adapter, options->rule[i]))
			continue;
		canary[canaries++] = options->canary(options->context, options->rule[i], OUTCOME_PASS);
		canary[canaries++] = options->canary(options->context, options->rule[i], OUTCOME_VIOLATION);
	}
	packs = pack_cut(options->adapter->world, canary, canaries, pack_size(r));
	for (struct pack *pack = packs; pack; pack = pack->next)
		pack->are_canaries = true;
	run_push(r, packs);
	free(canary);
}

/* The run is void before the first case: none is asked. */
static bool
leave_cases(struct running *r)
{
	const struct answer not_run = {.state = ANSWER_NOT_RUN, .why = r->report->why_void};
	const struct suite_case *of;

	for (;;) {
		if (!r->source->next(r->source->context, &of, r->diag))
			return false;
		if (!of)
			return !r->options->delivered || r->options->delivered(r->options->context);
		if (!run_give(r, of, &not_run, NULL))
			return false;
	}
}

static bool
run_phases(struct running *r)
{
	bool canaries = !r->options->adapter->degenerate;

	r->exhausted = true;
	if (canaries)
		push_canaries(r);
	if (!run_loop(r))
		return false;
	r->asks_cases = true;
	if (r->report->why_void[0])
		return leave_cases(r);
	r->exhausted = false;
	if (!run_loop(r))
		return false;
	if (canaries)
		push_canaries(r);
	return run_loop(r);
}

/* The directory goes while the supervisors are there: should we be killed, they go on with it. */
static void
clean_up(struct running *r)
{
	for (unsigned i = 0; i < r->lanes; i++) {
		struct run_lane *lane = &r->lane[i];

		if (run_talks(r))
			worker_end(&lane->worker, &lane->process);
		else
			process_free(&lane->process);
		pack_free(lane->pack);
	}
	if (r->root)
		tree_remove(r->root);
	for (unsigned i = 0; i < r->lanes; i++)
		lane_end(r->lane[i].supervisor);
	pack_free(r->ready);
	run_push(r, pack_cutter_end(&r->cutter));
	run_drop(r);
	headers_free(&r->headers);
	free(r->root);
	buf_free(&r->hello);
	arena_free(&r->arena);
}

static bool
begin(struct running *r)
{
	const struct run_options *options = r->options;
	struct buf include = {0};
	bool ok;

	r->root = tree_temporary(r->diag);
	if (!r->root)
		return false;
	buf_printf(&include, "%s/include", r->root);
	/* Supervisors first: should we be killed, they remove the directory. */
	ok = open_lanes(r) && headers_write(&r->headers, options->adapter, include.data, r->diag) &&
	     run_keep_headers(r);
	buf_free(&include);
	worker_host(&r->host, &r->arena);
	r->asking = (struct worker_options){.adapter = options->adapter,
	                                    .exe = options->exe,
	                                    .self = options->self,
	                                    .include = r->headers.directory,
	                                    .host = &r->host};
	return ok;
}

/* Signals that end a run: the first one cleanly. What a checker's pipe does to us is no signal. */
static void
catch_signals(struct sigaction before[SIGNALS])
{
	struct sigaction catch = {.sa_handler = on_interrupt, .sa_flags = SA_RESETHAND},
					 ignore = {.sa_handler = SIG_IGN};

	for (unsigned i = 0; i < SIGNALS; i++)
		sigaction(signals[i], signals[i] == SIGPIPE ? &ignore : &catch, &before[i]);
}

bool
run_stream(const struct run_options *options, const struct run_source *source, struct run_report *report,
           struct diag *diag)
{
	struct running *r = calloc(1, sizeof *r);
	struct sigaction before[SIGNALS];
	bool ok;

	if (!r)
		die("out of memory");
	assert(options->jobs);
	*report = (struct run_report){0};
	*r = (struct running){.options = options,
	                      .source = source,
	                      .report = report,
	                      .total = source->count,
	                      .diag = diag,
	                      .started = clock_now()};
	r->cutter.world = options->adapter->world;
	r->cutter.most = pack_size(r);
	r->cutter.copies = !source->stay;
	interrupted = 0;
	catch_signals(before);
	ok = begin(r) && run_phases(r);
	show_progress(r, true);
	clean_up(r);
	for (unsigned i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &before[i], NULL);
	free(r);
	/* It may also come when all is answered; the caller is not to go on with the next checker then. */
	return ok && interrupted ? refuse_interrupted(options, diag) : ok;
}

/* Cases that are all there. */
struct row {
	const struct suite_case *const *cases;
	unsigned count, next;
};

static bool
next_of_row(void *context, const struct suite_case **of, struct diag *diag)
{
	struct row *row = context;

	(void)diag;
	*of = row->next < row->count ? row->cases[row->next++] : NULL;
	return true;
}

bool
run_cases(const struct run_options *options, const struct suite_case *const *cases, unsigned count,
          struct run_report *report, struct diag *diag)
{
	struct row row = {cases, count, 0};
	const struct run_source source = {count, true, next_of_row, &row};

	return run_stream(options, &source, report, diag);
}
