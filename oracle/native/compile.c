/* compile: the text of a pack becomes code that can be called. See compile.h.
 *
 * How it works: libtcc compiles in memory and is told the address of each call. Any other compiler gets two
 * files, the text as it is, byte for byte, and calls.c, which leads each call through a table of pointers:
 *
 *   pack.c   ... native_acquire(&lock, 0, 12) ...        --+
 *   calls.c  native_acquire: lockdrill_calls.acquire(...) --+--> pack.so --> dlopen, fill lockdrill_calls
 *
 * So the program need not export anything, and no compiler can see through a call. The directory is removed
 * before the pack runs, for what is loaded needs no name: nothing stays behind, even when the pack crashes.
 */
#include "compile.h"

#include <dlfcn.h>
#include <errno.h>
#include <libtcc.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "lane.h"
#include "lookup.h"
#include "process.h"
#include "tree.h"

enum { WORDS_MOST = 64, COMPILE_SECONDS = 300, COMPILE_OUTPUT = 1 << 20, WAIT = 100, PATH_MOST = 4096 };

static const char table_name[] = "lockdrill_harness";
static const char calls_name[] = "lockdrill_calls";

/* libtcc */

static void
keep_message(void *opaque, const char *message)
{
	struct diag *diag = opaque;

	if (!diag->message[0])
		diag_set(diag, "<native world>", 0, 0, "%s", message);
}

static bool
add_symbols(TCCState *tcc, const struct compile_calls *calls)
{
	const struct {
		const char *name;
		const void *address;
	} symbols[] = {
#define CALL(type, give, name, parameters, arguments) {"native_" #name, (const void *)(uintptr_t)calls->name},
		COMPILE_CALLS(CALL)
#undef CALL
			{"memset", (const void *)(uintptr_t)memset},
		{"memmove", (const void *)(uintptr_t)memmove},
	};

	for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
		if (symbols[i].address && tcc_add_symbol(tcc, symbols[i].name, symbols[i].address))
			return false;
	return true;
}

static bool
compile_memory(struct compiled *compiled, const char *text, const struct compile_calls *calls,
               struct diag *diag)
{
	TCCState *tcc = tcc_new();
	void *table;

	if (!tcc)
		die("libtcc does not start");
	diag->message[0] = 0;
	compiled->memory = tcc;
	tcc_set_error_func(tcc, diag, keep_message);
	tcc_set_options(tcc, "-nostdlib -nostdinc");
	tcc_set_output_type(tcc, TCC_OUTPUT_MEMORY);
	if (tcc_compile_string(tcc, text) || !add_symbols(tcc, calls) || tcc_relocate(tcc, TCC_RELOCATE_AUTO))
		return false;
	table = tcc_get_symbol(tcc, table_name);
	if (!table)
		keep_message(diag, "there is no lockdrill_harness");
	memcpy(&compiled->harness, &table, sizeof table);
	return table != NULL;
}

/* a command line */

static const char calls_text[] = "struct lockdrill_calls {\n"
#define CALL(type, give, name, parameters, arguments) "\t" #type " (*" #name ")" #parameters ";\n"
	COMPILE_CALLS(CALL)
#undef CALL
		"};\nextern struct lockdrill_calls lockdrill_calls;\nstruct lockdrill_calls lockdrill_calls;\n"
#define CALL(type, give, name, parameters, arguments)                                                 \
	"\n" #type " native_" #name #parameters ";\n" #type "\nnative_" #name #parameters "\n{\n\t" #give \
	" lockdrill_calls." #name #arguments ";\n}\n"
	COMPILE_CALLS(CALL)
#undef CALL
	;

struct building {
	const char *command;
	struct buf words;   /* the command, cut */
	struct buf program; /* path of its first word */
	const char *argv[WORDS_MOST + 8];
	unsigned count;
	struct buf directory; /* empty while there is none */
	struct lane *lane;
	struct process process;
	struct diag *diag;
};

static volatile sig_atomic_t interrupted; /* the signal's number */

static void
on_interrupt(int number)
{
	interrupted = number;
}

static bool
fail(const struct building *b, const char *what, const char *why)
{
	char who[sizeof b->diag->file];

	snprintf(who, sizeof who, "compiler '%s'", b->command);
	diag_set(b->diag, who, 0, 0, "%s: %s", what, why);
	return false;
}

static bool
cut_words(struct building *b)
{
	static const char blanks[] = " \t\n";

	buf_puts(&b->words, b->command);
	for (char *at = b->words.data + strspn(b->words.data, blanks); *at; at += strspn(at, blanks)) {
		if (b->count == WORDS_MOST)
			return fail(b, "not a compiler", "too many words");
		b->argv[b->count++] = at;
		at += strcspn(at, blanks);
		if (*at)
			*at++ = 0;
	}
	return b->count || fail(b, "not a compiler", "no words");
}

/* The compiler runs in another directory than ours. */
static bool
put_absolute(struct building *b, struct buf *out, const char *path)
{
	char here[PATH_MOST];

	if (path[0] != '/') {
		if (!getcwd(here, sizeof here))
			return fail(b, "cannot tell the current directory", strerror(errno));
		buf_printf(out, "%s/", here);
	}
	buf_puts(out, path);
	return true;
}

static bool
find_program(struct building *b)
{
	const char *name = b->argv[0];

	if (!strchr(name, '/') && !lookup_program(name, &b->program))
		return fail(b, "there is no such compiler on PATH", name);
	if (strchr(name, '/') && !put_absolute(b, &b->program, name))
		return false;
	b->argv[0] = b->program.data;
	return true;
}

static bool
write_file(struct building *b, const char *name, const char *text)
{
	struct buf path = {0};
	bool ok;

	buf_printf(&path, "%s/%s", b->directory.data, name);
	ok = tree_write(path.data, text, strlen(text)) || fail(b, path.data, strerror(errno));
	buf_free(&path);
	return ok;
}

static bool
write_files(struct building *b, const char *text)
{
	static const char *const words[] = {"-shared", "-fPIC", "-o", "pack.so", "pack.c", "calls.c"};
	const char *base = getenv("TMPDIR");

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		b->argv[b->count++] = words[i];
	if (!put_absolute(b, &b->directory, base && *base ? base : "/tmp"))
		return false;
	buf_puts(&b->directory, "/lockdrill-XXXXXX");
	if (!mkdtemp(b->directory.data)) {
		fail(b, "cannot make a temporary directory", strerror(errno));
		buf_clear(&b->directory);
		return false;
	}
	return write_file(b, "pack.c", text) && write_file(b, "calls.c", calls_text);
}

/* What to quote of a compiler's messages: the first line with an error, else the first line. */
static const char *
first_error(struct process *process)
{
	struct buf *out = process->stderr_text.len ? &process->stderr_text : &process->stdout_text;
	char *at = strstr(buf_string(out), "error") ? strstr(out->data, "error") : out->data;

	if (!out->len)
		return "it says nothing";
	while (at > out->data && at[-1] != '\n')
		at--;
	at[strcspn(at, "\n")] = 0;
	return at;
}

static bool
judge_end_of(struct building *b)
{
	struct process *process = &b->process;
	char what[60];

	if (interrupted)
		return fail(b, "cannot compile a pack", "interrupted");
	if (process->end == END_SECONDS || process->end == END_OUTPUT)
		return fail(b, "cannot compile a pack",
		            process->end == END_OUTPUT ? "too many messages" : "it takes too long");
	if (process->exited && process->status == 0)
		return true;
	snprintf(what, sizeof what, "cannot compile a pack (%s %d)", process->exited ? "exit status" : "signal",
	         process->status);
	return fail(b, what, first_error(process));
}

/* On a signal the compiler is ended, for it has a process group of its own. */
static bool
run_compiler(struct building *b)
{
	const struct process_command command = {.argv = b->argv,
	                                        .directory = b->directory.data,
	                                        .limits = {.seconds = COMPILE_SECONDS, .output = COMPILE_OUTPUT}};
	const struct lane_options options = {.watch = true};
	struct process *const all[] = {&b->process};
	unsigned ended;

	b->lane = lane_start(&options, b->diag);
	if (!b->lane)
		return false;
	if (!process_start(&b->process, b->lane, &command))
		return fail(b, "cannot run the compiler", strerror(errno));
	while (!interrupted && b->process.runs)
		process_wait(all, 1, WAIT, &ended);
	process_kill(&b->process);
	return judge_end_of(b);
}

static bool
load(struct building *b, struct compiled *compiled, const struct compile_calls *calls)
{
	struct buf path = {0};
	void *table, *filled;

	buf_printf(&path, "%s/pack.so", b->directory.data);
	compiled->object = dlopen(path.data, RTLD_NOW | RTLD_LOCAL);
	buf_free(&path);
	if (!compiled->object)
		return fail(b, "makes no shared object that can be loaded", dlerror());
	table = dlsym(compiled->object, table_name);
	filled = table ? dlsym(compiled->object, calls_name) : NULL;
	if (!filled)
		return fail(b, "makes no shared object that can be called", dlerror());
	memcpy(&compiled->harness, &table, sizeof table);
	memcpy(filled, calls, sizeof *calls);
	return true;
}

static void
clean_up(struct building *b)
{
	process_free(&b->process);
	lane_end(b->lane);
	if (b->directory.len)
		tree_remove(b->directory.data);
	buf_free(&b->words);
	buf_free(&b->program);
	buf_free(&b->directory);
}

static const int signals[] = {SIGHUP, SIGINT, SIGTERM};

enum { SIGNALS = sizeof signals / sizeof *signals };

/* Signals that end us wait until nothing is left behind; those that we ignore stay ignored. */
static void
catch_signals(struct sigaction before[SIGNALS])
{
	const struct sigaction catch = {.sa_handler = on_interrupt};

	interrupted = 0;
	for (unsigned i = 0; i < SIGNALS; i++) {
		sigaction(signals[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &catch, NULL);
	}
}

static void
release_signals(const struct sigaction before[SIGNALS])
{
	for (unsigned i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &before[i], NULL);
	if (interrupted)
		raise(interrupted);
}

static bool
compile_command(struct compiled *compiled, const char *command, const char *text,
                const struct compile_calls *calls, struct diag *diag)
{
	struct building b = {.command = command, .diag = diag};
	struct sigaction before[SIGNALS];
	bool ok;

	catch_signals(before);
	ok = cut_words(&b) && find_program(&b) && write_files(&b, text) && run_compiler(&b) &&
	     load(&b, compiled, calls);
	clean_up(&b);
	release_signals(before);
	return ok;
}

bool
compile_pack(struct compiled *compiled, const char *command, const char *text,
             const struct compile_calls *calls, struct diag *diag)
{
	bool ok;

	*compiled = (struct compiled){0};
	ok = command ? compile_command(compiled, command, text, calls, diag)
	             : compile_memory(compiled, text, calls, diag);
	if (!ok)
		compile_free(compiled);
	return ok;
}

void
compile_free(struct compiled *compiled)
{
	if (compiled->memory)
		tcc_delete(compiled->memory);
	if (compiled->object)
		dlclose(compiled->object);
	*compiled = (struct compiled){0};
}
