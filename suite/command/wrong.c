/* lockdrill wrong: each wrong or missing answer of a checker, smallest first, under what it most likely comes
 * from, with what the checker said and how to ask again.
 *
 * How to read it: the database is gone through once, and what is wrong is counted and kept (cause.h); then
 * those that are told are read again, one by one (wrong_read.c), and printed (wrong_print.c, wrong_json.c). A
 * list of accepted failures is made of all of them.
 */
#include "wrong.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "known.h"
#include "tree.h"
#include "version.h"

enum { LIMIT = 10, KNOWN_MOST = 64 << 20 };

struct wish {
	struct judged_wish judged;
	const char *checker, *accept; /* NULL where not given */
	bool json;
	unsigned long long limit; /* 0: not given */
};

/* The list that is written: what it was, and which of its rows are about cases that were read. */
struct accepting {
	struct known before;
	bool *read; /* of the rows */
	struct arena arena;
};

static bool
refuse_checkers(const struct wrong *wrong, struct diag *diag)
{
	const struct stored *stored = &wrong->judged.stored;
	struct buf names = {0};

	for (unsigned i = 0; i < stored->checkers; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", stored->checker[i].name);
	if (stored->checkers)
		diag_set(diag, "--checker", 0, 0, "say which checker: %s has %s", wrong->path, names.data);
	else
		diag_set(diag, wrong->path, 0, 0, "holds no run");
	buf_free(&names);
	return false;
}

/* Ids, sequences and lines are those of our own suite, or nothing here can be asked again. */
static bool
check_suite(const struct wrong *wrong, struct diag *diag)
{
	const char *suite = wrong->judged.stored.suite;

	if (!strcmp(suite, SUITE_VERSION))
		return true;
	diag_set(diag, wrong->path, 0, 0,
	         "is of suite %s, and this lockdrill has suite " SUITE_VERSION
	         ": its cases cannot be asked again",
	         suite);
	return false;
}

static bool
open_all(struct wrong *wrong, const struct wish *wish, struct diag *diag)
{
	wrong->path = wish->judged.path;
	if (!judged_open(&wrong->judged, &wish->judged, diag) || !check_suite(wrong, diag))
		return false;
	if (wrong->judged.stored.checkers != 1)
		return refuse_checkers(wrong, diag);
	return judged_check_run(&wrong->judged.stored.checker[0], wrong->path, diag) &&
	       wrong_find_ask(wrong, diag);
}

/* accepted failures */

static bool
read_known(struct accepting *accepting, const char *path, struct diag *diag)
{
	struct buf text = {0};
	struct stat status;
	bool ok = true;

	accepting->before = (struct known){.suite = SUITE_VERSION};
	if (stat(path, &status)) {
		if (errno == ENOENT)
			return true;
		diag_set(diag, path, 0, 0, "cannot read: %s", strerror(errno));
		return false;
	}
	if (!S_ISREG(status.st_mode) || !buf_read_file(&text, path, KNOWN_MOST)) {
		diag_set(diag, path, 0, 0, "is there, and no file that can be read");
		ok = false;
	}
	ok = ok && known_parse(&accepting->before, &accepting->arena, path, buf_string(&text), text.len, diag);
	buf_free(&text);
	if (ok && strcmp(accepting->before.suite, SUITE_VERSION)) {
		diag_set(diag, path, 1, 0, "is of suite %s, and this lockdrill has suite " SUITE_VERSION,
		         accepting->before.suite);
		ok = false;
	}
	if (ok)
		accepting->read = arena_alloc(&accepting->arena, accepting->before.count + 1U);
	return ok;
}

/* Marks the rows of the cases of a pair that count. */
static void
mark_pair(struct accepting *accepting, const struct wrong *wrong, const struct stored_pair *pair)
{
	const struct judged *judged = &wrong->judged;
	const struct stored_checker *checker = &judged->stored.checker[0];

	for (unsigned half = 0; accepting->read && half < pair->cases; half++) {
		const struct known_row *row = known_find(&accepting->before, pair->of[half].id, checker->name);

		if (row && score_expected(&judged->options, checker, &pair->of[half], judged->options.view))
			accepting->read[row - accepting->before.row] = true;
	}
}

static bool
write_known(const struct known *known, const char *path, struct diag *diag)
{
	struct buf text = {0}, partial = {0};
	bool ok;

	known_print(&text, known);
	buf_printf(&partial, "%s.partial", path);
	ok = tree_write(partial.data, text.data, text.len) && !rename(partial.data, path);
	if (!ok) {
		diag_set(diag, path, 0, 0, "cannot write: %s", strerror(errno));
		unlink(partial.data);
	}
	buf_free(&text);
	buf_free(&partial);
	return ok;
}

/* Rows of what was not read stay; of what was read those that are wrong now. */
static bool
accept_all(struct accepting *accepting, const struct wrong *wrong, const char *path, struct diag *diag)
{
	const struct cause_checker *all = &wrong->causes.checker[0];
	const char *name = wrong->judged.stored.checker[0].name;
	struct known known = {.suite = SUITE_VERSION};
	unsigned gone = 0;

	for (unsigned i = 0; i < accepting->before.count; i++) {
		const struct known_row *row = &accepting->before.row[i];

		gone += accepting->read[i];
		if (!accepting->read[i])
			known_add(&known, &accepting->arena, row->id, row->checker, row->answer);
	}
	for (unsigned i = 0; i < all->wrong; i++)
		known_add(&known, &accepting->arena, all->of[i].id, name, all->of[i].state);
	known_sort(&known);
	if (!write_known(&known, path, diag))
		return false;
	if (!command_quiet())
		fprintf(stderr, "%s: %u wrong answers of %s accepted, in place of %u\n", path, all->wrong, name,
		        gone);
	return true;
}

/* all of it */

static bool
read_pairs(struct wrong *wrong, struct accepting *accepting, struct diag *diag)
{
	struct judged *judged = &wrong->judged;
	const struct stored_pair *pair;

	places_begin(&wrong->places, judged->stored.suite);
	causes_begin(&wrong->causes, &judged->stored, &judged->options, &judged->arena);
	do {
		if (!store_next_pair(judged->store, &judged->stored, &pair, diag))
			return false;
		if (pair) {
			causes_add(&wrong->causes, pair);
			mark_pair(accepting, wrong, pair);
		}
	} while (pair);
	causes_end(&wrong->causes);
	return true;
}

static bool
tell_all(struct wrong *wrong, const struct wish *wish, struct diag *diag)
{
	struct accepting accepting = {.read = NULL};
	unsigned most = wish->limit ? (unsigned)wish->limit : wish->json ? UINT_MAX : LIMIT;
	bool ok = open_all(wrong, wish, diag) && (!wish->accept || read_known(&accepting, wish->accept, diag)) &&
	          read_pairs(wrong, &accepting, diag) &&
	          (!wish->accept || accept_all(&accepting, wrong, wish->accept, diag)) &&
	          (wish->json ? wrong_print_json : wrong_print)(wrong, most, diag);

	arena_free(&accepting.arena);
	return ok;
}

static const struct option options[] = {
	{"checker", OPTION_STRING_AT(wish, checker), .value = "NAME", .words = WORDS_CHECKER,
     .help = "whose answers (default: the one that is there)"},
	{"limit", OPTION_NUMBER_AT(wish, limit), .least = 1, .most = 100000000, .value = "N",
     .help = "the N smallest (default: 10; with --json all)"},
	{"json", OPTION_FLAG_AT(wish, json), .help = "a JSON object a line"},
	{"accept", OPTION_STRING_AT(wish, accept), .value = "FILE", .words = WORDS_FILE,
     .help = "write all of them into a list for compare --known"},
	JUDGED_OPTIONS(wish, judged),
	{0},
};

static int
run(int argc, char **argv)
{
	struct wish wish = {.judged = JUDGED_WISH};
	struct wrong wrong = {.path = NULL};
	struct diag diag;
	unsigned operands;
	int status;

	if (!command_options(&command_wrong, &wish, argc, argv, &wish.judged.path, &operands, &status))
		return status;
	if (wish.checker)
		wish.judged.checkers = (struct option_list){1, {wish.checker}};
	status = tell_all(&wrong, &wish, &diag) ? STATUS_FINE : command_refuse(&diag);
	places_end(&wrong.places);
	judged_close(&wrong.judged);
	return status;
}

const struct command command_wrong = {.name = "wrong",
                                      .operands = "DB",
                                      .summary = "each wrong answer of a checker, smallest first",
                                      .options = options,
                                      .operands_most = 1,
                                      .words = WORDS_FILE,
                                      .run = run};
