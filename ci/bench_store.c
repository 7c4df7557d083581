/* Steps of the store's benchmark, one a process, for ci/bench_store.sh: each prints its processor seconds,
 * those of the clock, and its peak memory in KiB.
 *
 *   make N DB        stores the manifest of the first N cases of level full; their making is not counted
 *   pack DB          stores an answer to each, a thousand a transaction with one output, as packs give them
 *   alone DB         stores an answer to each, each with an output and in a transaction of its own
 *   wants DB         asks for each whether it is answered
 *   score DB         scores them
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "level.h"
#include "report.h"
#include "score.h"
#include "store.h"

enum { PACK = 1000 };

static struct diag diag;
static struct arena arena;

struct spent {
	double processor, clock; /* seconds */
};

static double
seconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Begins to count, or adds what passed since. */
static void
begin(struct spent *spent)
{
	spent->processor -= seconds(CLOCK_PROCESS_CPUTIME_ID);
	spent->clock -= seconds(CLOCK_MONOTONIC);
}

static void
end(struct spent *spent)
{
	spent->processor += seconds(CLOCK_PROCESS_CPUTIME_ID);
	spent->clock += seconds(CLOCK_MONOTONIC);
}

static void
must(bool ok)
{
	if (!ok)
		die("%s: %s", diag.file, diag.message);
}

static struct store *
must_open(const char *path, bool only_read)
{
	struct store *store = store_open(path, only_read, &diag);

	must(store != NULL);
	return store;
}

static struct spent
make(const char *path, unsigned cases)
{
	struct buf dispute = {0};
	struct level level;
	struct spent spent = {0};
	const struct shard all = {0, 1};
	struct store *store;
	bool more;

	begin(&spent);
	store = must_open(path, false);
	must(store_level_begin(store, "full", all, NULL, &diag));
	end(&spent);
	must(level_open(&level, "full", NULL, all, &diag));
	for (unsigned n = 0; n < cases; n += level.count) {
		must(level_next(&level, &more, &dispute, &diag));
		if (!more)
			die("level full has fewer than %u cases", cases);
		begin(&spent);
		must(store_level_add(store, level.cases, level.count, &diag));
		end(&spent);
	}
	begin(&spent);
	must(store_level_end(store, &diag));
	store_close(store);
	end(&spent);
	level_free(&level);
	return spent;
}

static uint32_t *
read_numbers(const char *path, unsigned *count)
{
	uint32_t *number = arena_alloc(&arena, 2000000 * sizeof *number);
	sqlite3_stmt *statement;
	sqlite3 *db;

	*count = 0;
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "SELECT number FROM cases ORDER BY number", -1, &statement, NULL) != SQLITE_OK)
		die("%s: %s", path, sqlite3_errmsg(db));
	while (sqlite3_step(statement) == SQLITE_ROW)
		number[(*count)++] = (uint32_t)sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return number;
}

static int64_t
begin_run(struct store *store)
{
	const struct store_run of = {.checker = "bench",
	                             .version = "1.0",
	                             .exe_hash = "",
	                             .adapter = "",
	                             .arguments = "",
	                             .limits = "",
	                             .world_hash = "",
	                             .containment = "none",
	                             .repeats = 1};
	uint64_t reused;
	int64_t run;

	must(store_begin_run(store, &of, STORE_REUSE, &run, &reused, &diag));
	return run;
}

/* `together`: answers that share an output and a transaction. */
static struct spent
answer(const char *path, unsigned together)
{
	static const struct answer_finding finding = {KIND_DOUBLE_ACQUIRE, 17};
	static const char line[] = "case.c:17:2: warning: context imbalance in 'routine' - wrong count at exit\n";
	unsigned count;
	const uint32_t *number = read_numbers(path, &count);
	struct spent spent = {0};
	struct store *store;
	int64_t run;

	begin(&spent);
	store = must_open(path, false);
	run = begin_run(store);
	for (unsigned i = 0; i < count; i++) {
		struct answer_output output = {.bytes = sizeof line, .length = sizeof line, .kept = line};
		const struct suite_case of = {.number = number[i]};
		struct answer given = {.state = i % 2 ? ANSWER_VIOLATION : ANSWER_PASS,
		                       .count = i % 2,
		                       .finding = &finding,
		                       .seconds = 0.01,
		                       .cpu = 0.01,
		                       .memory = 1 << 20,
		                       .output = &output,
		                       .message = i % 2 ? line : NULL};

		/* as random as a hash */
		snprintf(output.hash, sizeof output.hash, "%016llx%016x", (i / together + 1) * 0x9e3779b97f4a7c15ULL,
		         i / together);
		must(store_answer(store, run, &of, 0, &given, &diag));
		if (i % together == together - 1)
			must(store_commit(store, &diag));
	}
	must(store_end_run(store, run, NULL, 1, &diag));
	store_close(store);
	end(&spent);
	return spent;
}

static struct spent
ask(const char *path)
{
	struct store_wanted wanted = {0};
	struct store *store = must_open(path, false);
	int64_t run = begin_run(store);
	struct spent spent = {0};

	must(store_commit(store, &diag));
	begin(&spent);
	must(store_find_wanted(store, run, 0, &wanted, &diag));
	end(&spent);
	if (wanted.count)
		die("%u answers are missing", wanted.count);
	store_wanted_free(&wanted);
	store_close(store);
	return spent;
}

static struct spent
score(const char *path)
{
	struct spent spent = {0};
	struct store *store;
	const struct stored_pair *pair;
	const struct score_options options = {.view = VIEW_HEADLINE};
	struct report report = {.options = &options};
	struct buf out = {0};
	struct scorer *scorer;
	struct stored stored;

	begin(&spent);
	store = must_open(path, true);
	must(store_read(store, &stored, NULL, &arena, &diag));
	scorer = score_begin(&stored, &options, &arena);
	do {
		must(store_next_pair(store, &stored, &pair, &diag));
		if (pair)
			score_add(scorer, pair);
	} while (pair);
	report.stored = &stored;
	report.score = score_end(scorer);
	report_table(&out, &report, &arena);
	store_close(store);
	buf_free(&out);
	end(&spent);
	return spent;
}

int
main(int argc, char **argv)
{
	const char *step = argc > 1 ? argv[1] : "", *path = argv[argc - 1];
	struct rusage usage;
	struct spent spent;

	if (!strcmp(step, "make") && argc == 4)
		spent = make(path, (unsigned)strtoul(argv[2], NULL, 10));
	else if (!strcmp(step, "pack") && argc == 3)
		spent = answer(path, PACK);
	else if (!strcmp(step, "alone") && argc == 3)
		spent = answer(path, 1);
	else if (!strcmp(step, "wants") && argc == 3)
		spent = ask(path);
	else if (!strcmp(step, "score") && argc == 3)
		spent = score(path);
	else
		die("bench_store: make N DB, or pack, alone, wants or score DB");
	getrusage(RUSAGE_SELF, &usage);
	printf("%.3f %.3f %ld\n", spent.processor, spent.clock, usage.ru_maxrss);
	arena_free(&arena);
	return 0;
}
