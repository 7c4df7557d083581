/* lesson_run: one run of a text that anyone may have written. See lesson.h.
 *
 * How it works: `lockdrill recite` (recite.c) runs in a directory of its own, below a supervisor that watches
 * its limits, and in bubblewrap where that works. What it prints is read line by line, in the one order that
 * there can be; each line begins with a word that is new in each run, so that what the text prints by itself,
 * if it finds a way to, is none of them.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "containment.h"
#include "lane.h"
#include "lesson.h"
#include "lookup.h"
#include "process.h"
#include "tree.h"

enum { RUN_SECONDS = 60, RUN_CPU = 5, RUN_OUTPUT = 64 << 20, RUN_MEMORY = 512 << 20, WAIT = 1000 };
enum { WORD_BYTES = 8 };

/* A word that a text cannot know. */
static void
make_word(struct buf *word)
{
	unsigned char bytes[WORD_BYTES];
	FILE *file = fopen("/dev/urandom", "r");

	if (!file || fread(bytes, 1, sizeof bytes, file) != sizeof bytes)
		die("read /dev/urandom:");
	fclose(file);
	for (size_t i = 0; i < sizeof bytes; i++)
		buf_printf(word, "%02x", bytes[i]);
}

static bool
write_file(const char *directory, const char *name, const char *bytes, struct buf *path, struct diag *diag)
{
	buf_printf(path, "%s/%s", directory, name);
	if (tree_write(path->data, bytes, strlen(bytes)))
		return true;
	diag_set(diag, path->data, 0, 0, "cannot write: %s", strerror(errno));
	return false;
}

static bool
start(struct process *process, struct lane *lane, const char *directory, const char *const *argv,
      struct diag *diag)
{
	const struct process_command command = {
		.argv = argv,
		.directory = directory,
		.limits = {.seconds = RUN_SECONDS, .cpu = RUN_CPU, .output = RUN_OUTPUT, .memory = RUN_MEMORY},
	};
	unsigned which;

	if (!process_start(process, lane, &command)) {
		diag_set(diag, argv[0], 0, 0, "cannot run it: %s", strerror(errno));
		return false;
	}
	while (process->runs)
		process_wait(&process, 1, WAIT, &which);
	return true;
}

/* The line at *at, ended in place, which begins with the word; NULL where there is none such. */
static const char *
next_line(char **at, const char *word)
{
	size_t length = strlen(word);
	char *line = *at, *end = strchr(line, '\n');

	if (!end || strncmp(line, word, length) || line[length] != ' ')
		return NULL;
	*end = 0;
	*at = end + 1;
	return line + length + 1;
}

/* Reads what was recited. False where something stands there that is not ours. */
static bool
read_recital(struct lesson_run *run, char *at, const char *word, unsigned count, struct arena *arena)
{
	const char *line;
	char expected[32];

	while ((line = next_line(&at, word))) {
		snprintf(expected, sizeof expected, "begin %u", run->paths);
		if (!strncmp(line, "refused ", 8) && !run->paths && !run->begun) {
			run->end = LESSON_REFUSED;
			buf_puts(&run->message, line + 8);
		} else if (!strcmp(line, "done") && run->paths == count && !run->begun) {
			run->end = LESSON_RAN;
		} else if (!run->begun && run->paths < count && !strcmp(line, expected)) {
			run->begun = true;
		} else if (run->begun && !strncmp(line, "path ", 5) &&
		           trace_parse(&run->trace[run->paths], arena, line + 5)) {
			run->begun = false;
			run->paths++;
		} else {
			return false;
		}
	}
	return !*at;
}

/* Why it was over before all was run. */
static void
tell_end(struct lesson_run *run, const struct process *process)
{
	static const char *const limits[] = {
		[END_OWN] = "",
		[END_SECONDS] = "it does not end",
		[END_CPU] = "it does not end",
		[END_OUTPUT] = "it prints without end",
		[END_MEMORY] = "it takes more memory than it is given",
		[END_ASKED] = "it was ended",
		[END_SUPERVISOR] = "it ended what watches it",
	};

	run->end = process->end == END_OWN ? LESSON_BROKE : LESSON_ENDLESS;
	if (process->end != END_OWN)
		buf_puts(&run->message, limits[process->end]);
	else if (process->exited)
		buf_printf(&run->message, "it ended the program with status %d", process->status);
	else
		buf_printf(&run->message, "it crashed: signal %d, %s", process->status, strsignal(process->status));
}

static void
judge_end(struct lesson_run *run, struct process *process, const char *word, unsigned count,
          struct arena *arena)
{
	char none[1] = "";
	bool ours;

	run->trace = arena_alloc(arena, (count + 1U) * sizeof *run->trace);
	run->end = LESSON_GARBAGE;
	ours = read_recital(run, process->stdout_text.len ? process->stdout_text.data : none, word, count, arena);
	/* Of what was ended the last line may be a part. */
	if (run->end == LESSON_REFUSED || (run->end == LESSON_RAN && ours))
		return;
	if (process->end != END_OWN || !process->exited || (ours && run->end == LESSON_GARBAGE))
		tell_end(run, process);
	else
		run->end = LESSON_GARBAGE;
}

bool
lesson_run(struct lesson_run *run, const char *text, const char *const *lists, unsigned count,
           struct arena *arena, struct diag *diag)
{
	struct buf word = {0}, all = {0}, paths[2] = {{0}};
	struct process process = {0};
	struct diag ignored;
	char *directory = tree_temporary(diag);
	struct lane_options options = {.watch = true, .root = directory};
	const char *argv[] = {lookup_self(arena), "recite", NULL, NULL, NULL};
	struct lane *lane = NULL;
	bool ok = directory != NULL;

	*run = (struct lesson_run){.contained = containment_works(NULL, &ignored)};
	options.containment = run->contained ? CONTAIN_BUBBLEWRAP : CONTAIN_NOT;
	make_word(&word);
	buf_all(&all, word.data, "\n");
	for (unsigned i = 0; i < count; i++)
		buf_all(&all, lists[i], "\n");
	ok = ok && write_file(directory, "exercise.c", text, &paths[0], diag) &&
	     write_file(directory, "lists", all.data, &paths[1], diag);
	argv[2] = paths[0].data;
	argv[3] = paths[1].data;
	ok = ok && (lane = lane_start(&options, diag)) && start(&process, lane, directory, argv, diag);
	if (ok)
		judge_end(run, &process, word.data, count, arena);
	process_free(&process);
	lane_end(lane);
	if (directory)
		tree_remove(directory);
	free(directory);
	buf_free(&word);
	buf_free(&all);
	buf_free(&paths[0]);
	buf_free(&paths[1]);
	return ok;
}
