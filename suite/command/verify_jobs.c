/* verify_jobs: one piece of judging, shared between processes of ours. See verify_jobs.h.
 *
 * How it works: each process further writes a report into a file of its own that has no name, and ends with
 * status 0 where all went well. One whose report is not whole has failed, whatever came of it.
 */
#include "verify_jobs.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Behind it stand the counts of each further compiler, and the dispute. */
struct report {
	struct truth truth;
	uint64_t asked;
	struct diag diag;
	size_t dispute; /* bytes */
};

static bool
begin_one(struct verify_jobs *jobs, unsigned job, struct diag *diag)
{
	struct verify_job *other = &jobs->other[job];

	other->report = tmpfile();
	other->process = other->report ? fork() : -1;
	if (other->process < 0) {
		diag_set(diag, "-j", 0, 0, "cannot begin process %u: %s", job + 1, strerror(errno));
		other->process = 0;
		return false;
	}
	if (!other->process)
		jobs->job = job;
	return true;
}

static void
stop_all(struct verify_jobs *jobs)
{
	for (unsigned i = 1; i < jobs->jobs; i++) {
		struct verify_job *other = &jobs->other[i];

		if (other->process) {
			kill(other->process, SIGTERM);
			waitpid(other->process, &other->status, 0);
		}
		other->process = 0;
	}
}

static void
close_all(struct verify_jobs *jobs)
{
	for (unsigned i = 1; i < jobs->jobs; i++)
		if (jobs->other[i].report)
			fclose(jobs->other[i].report);
}

bool
verify_jobs_begin(struct verify_jobs *jobs, unsigned count, struct diag *diag)
{
	*jobs = (struct verify_jobs){.jobs = count, .parent = getpid()};
	fflush(NULL); /* what waits would be written by each */
	for (unsigned i = 1; i < count && !jobs->job; i++)
		if (!begin_one(jobs, i, diag)) {
			stop_all(jobs);
			close_all(jobs);
			return false;
		}
	return true;
}

/* Waits for one of them, or looks whether it has ended; false where it has, and all is not well. */
static bool
is_well(struct verify_job *other, int options)
{
	if (other->process && waitpid(other->process, &other->status, options) == other->process)
		other->process = 0;
	return other->process || !other->status;
}

bool
verify_jobs_go_on(struct verify_jobs *jobs)
{
	if (jobs->job)
		return getppid() == jobs->parent;
	for (unsigned i = 1; i < jobs->jobs; i++)
		if (!is_well(&jobs->other[i], WNOHANG))
			return false;
	return true;
}

static bool
write_report(FILE *to, const struct verify_done *done, const struct buf *dispute, const struct diag *diag)
{
	const struct truth *truth = done->truth;
	const struct report report = {*truth, done->asked, *diag, dispute->len};

	return fwrite(&report, sizeof report, 1, to) == 1 &&
	       fwrite(truth->compiler, sizeof *truth->compiler, truth->compilers, to) == truth->compilers &&
	       fwrite(dispute->data, 1, dispute->len, to) == dispute->len && !fflush(to);
}

static void
add_counts(struct truth *to, const struct truth *from)
{
	to->cases += from->cases;
	to->undecided += from->undecided;
	to->unclean += from->unclean;
	to->paths += from->paths;
	to->beyond += from->beyond;
	to->guilty += from->guilty;
	to->bytes += from->bytes;
	for (unsigned kind = 0; kind < HYGIENE_KINDS; kind++) {
		struct truth_hygiene *sum = &to->hygiene[kind];
		const struct truth_hygiene *more = &from->hygiene[kind];

		if (!sum->pass && !sum->violation)
			memcpy(sum->first, more->first, sizeof sum->first);
		sum->pass += more->pass;
		sum->violation += more->violation;
	}
}

/* False where the report is not whole. */
static bool
add_report(FILE *from, struct verify_done *done, struct buf *dispute, struct diag *diag)
{
	struct truth *truth = done->truth;
	struct report report;

	rewind(from);
	if (fread(&report, sizeof report, 1, from) != 1)
		return false;
	add_counts(truth, &report.truth);
	done->asked += report.asked;
	for (unsigned i = 0; i < truth->compilers; i++) {
		struct truth_compiler compiler;

		if (fread(&compiler, sizeof compiler, 1, from) != 1)
			return false;
		truth->compiler[i].cases += compiler.cases;
		truth->compiler[i].paths += compiler.paths;
	}
	*diag = report.diag;
	buf_clear(dispute);
	for (int byte; report.dispute && (byte = getc(from)) != EOF; report.dispute--)
		buf_putc(dispute, (char)byte);
	return !report.dispute;
}

static void
say_how(const struct verify_job *other, unsigned job, struct diag *diag)
{
	if (WIFSIGNALED(other->status))
		diag_set(diag, "-j", 0, 0, "process %u was ended by signal %d", job + 1, WTERMSIG(other->status));
	else
		diag_set(diag, "-j", 0, 0, "process %u ended with status %d and has told nothing", job + 1,
		         WEXITSTATUS(other->status));
}

/* Adds up what one has told; where it failed, its message and dispute stay. */
static bool
gather(struct verify_jobs *jobs, unsigned job, struct verify_done *done, struct buf *dispute,
       struct diag *diag)
{
	bool well = is_well(&jobs->other[job], 0), told;

	told = add_report(jobs->other[job].report, done, dispute, diag);
	if (!told)
		say_how(&jobs->other[job], job, diag);
	return well && told;
}

static bool
gather_all(struct verify_jobs *jobs, struct verify_done *done, struct buf *dispute, struct diag *diag)
{
	for (unsigned i = 1; i < jobs->jobs; i++) /* who has failed already is not waited for behind others */
		if (!is_well(&jobs->other[i], WNOHANG))
			return gather(jobs, i, done, dispute, diag);
	for (unsigned i = 1; i < jobs->jobs; i++)
		if (!gather(jobs, i, done, dispute, diag))
			return false;
	return true;
}

bool
verify_jobs_end(struct verify_jobs *jobs, bool ok, struct verify_done *done, struct buf *dispute,
                struct diag *diag)
{
	if (jobs->job)
		_exit(write_report(jobs->other[jobs->job].report, done, dispute, diag) && ok ? 0 : 1);
	ok = ok && gather_all(jobs, done, dispute, diag);
	stop_all(jobs);
	close_all(jobs);
	return ok;
}
