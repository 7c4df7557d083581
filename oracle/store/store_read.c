/* The store: reading back what a score is taken from. See store.h.
 *
 * The head (level, checkers) is read at once; cases come pair by pair: the one with the smaller number as the
 * rows of `cases` go by, its twin, verdicts, findings and answers looked up by their keys. So memory holds
 * one pair, whatever the level, and what is counted are cases that were asked for, never answers. All of it
 * is one read transaction.
 *
 * What a database should hold and does not is refused: everything that is skipped would be a better or worse
 * score.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter.h"
#include "array.h"
#include "store_state.h"

static const char *
column(sqlite3_stmt *statement, int index, struct arena *arena)
{
	return arena_string(arena, store_text(statement, index));
}

/* The one copy of a name; there are few. */
static const char *
name_of(struct store *store, const char *name)
{
	for (unsigned i = 0; i < store->names; i++)
		if (!strcmp(store->name[i], name))
			return store->name[i];
	name = arena_string(store->arena, name);
	*array_add(store->arena, store->name, store->names, store->name_room) = name;
	return name;
}

/* the head */

static bool
read_declared(struct store *store, struct stored_checker *checker, struct arena *arena, struct diag *diag)
{
	sqlite3_stmt *declared =
		store_ask(store, "SELECT rule, reading FROM declared WHERE run = ? ORDER BY rule", diag,
	              value_integer(checker->run));
	unsigned room = 0;
	bool ok = true;

	while (store_next_row(store, declared, &ok, diag)) {
		const char **pair = *array_add(arena, checker->declared, checker->declareds, room);

		pair[0] = column(declared, 0, arena);
		pair[1] = column(declared, 1, arena);
	}
	sqlite3_finalize(declared);
	return ok;
}

/* Answers to no case would be left out of the score without a word. */
static bool
check_answers(struct store *store, const struct stored_checker *checker, struct diag *diag)
{
	int64_t number = store_number(store,
	                              "SELECT ifnull((SELECT number FROM answers WHERE run = ? AND NOT EXISTS"
	                              " (SELECT 1 FROM cases WHERE cases.number = answers.number) LIMIT 1), -2)",
	                              checker->run);

	if (number == -1)
		return store_refuse(store, diag, "cannot read");
	return number == -2 || store_refuse_damaged(store, diag, "an answer to case", number);
}

static bool
read_checker(struct store *store, sqlite3_stmt *row, struct stored_checker *checker, struct arena *arena,
             struct diag *diag)
{
	int64_t repeats = sqlite3_column_int64(row, 5);

	checker->run = sqlite3_column_int64(row, 0);
	checker->name = column(row, 1, arena);
	checker->version = column(row, 2, arena);
	if (sqlite3_column_type(row, 3) != SQLITE_NULL)
		checker->why_not = column(row, 3, arena);
	checker->containment = column(row, 4, arena);
	checker->repeats = (unsigned)repeats;
	checker->finished = sqlite3_column_int(row, 6);
	checker->kinds = adapter_kinds(store_text(row, 7), (size_t)sqlite3_column_bytes(row, 7));
	if (repeats < 1 || repeats > STORE_REPEATS)
		return store_refuse_damaged(store, diag, "a run's number of repeats is", repeats);
	return read_declared(store, checker, arena, diag) && check_answers(store, checker, diag);
}

static bool
read_checkers(struct store *store, struct stored *stored, struct arena *arena, struct diag *diag)
{
	sqlite3_stmt *statement =
		store_prepare(store,
	                  "SELECT run, checker, version, why_not, containment, repeats, finished, text FROM runs"
	                  " JOIN tools USING (tool) JOIN adapters USING (adapter) ORDER BY checker",
	                  diag);
	int64_t count = store_number(store, "SELECT count(*) FROM runs", 0);
	unsigned room = 0;
	bool ok = true;

	while (ok && store_next_row(store, statement, &ok, diag))
		ok = read_checker(store, statement, array_add(arena, stored->checker, stored->checkers, room), arena,
		                  diag);
	sqlite3_finalize(statement);
	if (ok && count < 0)
		return store_refuse(store, diag, "cannot read");
	if (ok && stored->checkers != count) /* runs whose tool is gone */
		return store_refuse_damaged(store, diag, "a run is missing, of", count);
	return ok;
}

/* the filter */

static const char *
argument(sqlite3_value *value)
{
	const unsigned char *text = sqlite3_value_text(value);

	return text ? (const char *)text : "";
}

/* wanted(rule, role, ladder, shapes, id, the twin's ladder, the twin's id) in SQL: whether a pair is read. */
static void
wanted(sqlite3_context *context, int count, sqlite3_value **value)
{
	const struct store *store = sqlite3_user_data(context);
	struct filter_case of = {.rule = argument(value[0]),
	                         .role = argument(value[1]),
	                         .ladder = argument(value[2]),
	                         .shapes = argument(value[3]),
	                         .id = argument(value[4])};
	struct filter_case twin = of;

	assert(count == 7);
	twin.ladder = argument(value[5]);
	twin.id = argument(value[6]);
	sqlite3_result_int(context, (filter_fits(store->filter, &of) || filter_fits(store->filter, &twin)) &&
	                                filter_rank(store->filter->seed, of.id, twin.id) <= store->last_rank);
}

/* rank(id, the twin's id) in SQL: see filter_rank. */
static void
rank(sqlite3_context *context, int count, sqlite3_value **value)
{
	const struct store *store = sqlite3_user_data(context);

	assert(count == 2);
	sqlite3_result_int64(context,
	                     (int64_t)filter_rank(store->filter->seed, argument(value[0]), argument(value[1])));
}

/* The rank of the last pair of the sample. */
static bool
find_last_rank(struct store *store, const struct filter *filter, struct diag *diag)
{
	sqlite3_stmt *statement =
		store_ask(store,
	              "SELECT rank(id, (SELECT id FROM cases t WHERE t.number = cases.twin))" STORE_WANTED_PAIRS
	              " ORDER BY 1 LIMIT 1 OFFSET ?2",
	              diag, value_integer(0), value_integer((filter->sample - 1) / 2));
	bool ok = true;

	if (store_next_row(store, statement, &ok, diag)) /* else there are fewer than are wanted */
		store->last_rank = (uint64_t)sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return ok;
}

static bool
set_filter(struct store *store, const struct filter *filter, struct diag *diag)
{
	store->filter = filter && filter_is_set(filter) ? filter : NULL;
	store->last_rank = UINT64_MAX;
	if (sqlite3_create_function(store->db, "wanted", 7, SQLITE_UTF8, store, wanted, NULL, NULL) !=
	        SQLITE_OK ||
	    sqlite3_create_function(store->db, "rank", 2, SQLITE_UTF8, store, rank, NULL, NULL) != SQLITE_OK)
		return store_refuse(store, diag, "cannot read");
	return !store->filter ||
	       (store_check_ids(store, filter, diag) && (!filter->sample || find_last_rank(store, filter, diag)));
}

static bool
count_cases(struct store *store, struct stored *stored, int64_t all, struct diag *diag)
{
	sqlite3_stmt *statement =
		store_ask(store,
	              "SELECT sum(1 + (number < twin)), count(DISTINCT family),"
	              " (SELECT count(*) FROM cases),"
	              " (SELECT sum(1 + (number < twin)) FROM cases WHERE number <= twin)" STORE_WANTED_PAIRS,
	              diag, value_integer(!store->filter));
	bool ok = true;

	if (store_next_row(store, statement, &ok, diag)) {
		stored->cases = (unsigned)sqlite3_column_int64(statement, 0);
		stored->families = (unsigned)sqlite3_column_int64(statement, 1);
		stored->all = (unsigned)sqlite3_column_int64(statement, 2);
		if (sqlite3_column_int64(statement, 2) != all || sqlite3_column_int64(statement, 3) != all)
			ok = store_refuse_damaged(store, diag, "cases are missing, or too many, of", all);
	}
	sqlite3_finalize(statement);
	return ok;
}

static bool
read_level(struct store *store, struct stored *stored, struct arena *arena, struct diag *diag)
{
	sqlite3_stmt *statement = store_prepare(store, "SELECT name, suite, cases, filters FROM level", diag);
	int64_t cases = 0;
	bool ok = true;

	if (store_next_row(store, statement, &ok, diag)) {
		stored->level = column(statement, 0, arena);
		stored->suite = column(statement, 1, arena);
		cases = sqlite3_column_int64(statement, 2);
		stored->holds = column(statement, 3, arena);
		if (store_next_row(store, statement, &ok, diag)) {
			diag_set(diag, store->path, 0, 0, "damaged: holds several levels");
			ok = false;
		}
	}
	sqlite3_finalize(statement);
	if (ok && !stored->level) {
		diag_set(diag, store->path, 0, 0, "holds no level: nothing was run");
		return false;
	}
	return ok && count_cases(store, stored, cases, diag);
}

bool
store_read(struct store *store, struct stored *stored, const struct filter *filter, struct arena *arena,
           struct diag *diag)
{
	*stored = (struct stored){.filter = filter};
	store->arena = arena;
	store->name = NULL;
	store->names = store->name_room = store->read = 0;
	store->reading = false;
	store->pair = (struct stored_pair){0};
	if (sqlite3_get_autocommit(store->db) && !store_execute(store, "BEGIN", "cannot read", diag))
		return false;
	return set_filter(store, filter, diag) && read_level(store, stored, arena, diag) &&
	       read_checkers(store, stored, arena, diag);
}

/* pairs */

/* False for a word that is none. */
static bool
find_outcome(const char *name, enum outcome *outcome)
{
	for (unsigned i = OUTCOME_PASS; i <= OUTCOME_UNDECIDED; i++)
		if (!strcmp(outcome_name((enum outcome)i), name)) {
			*outcome = (enum outcome)i;
			return true;
		}
	return false;
}

/* Sixteen hexadecimal digits. */
static bool
read_family(const char *text, uint64_t *family)
{
	char *end;

	*family = strtoull(text, &end, 16);
	return strlen(text) == 16 && !*end;
}

static bool
read_case(struct store *store, struct stored_case *of, sqlite3_stmt *statement, struct diag *diag)
{
	int64_t number = sqlite3_column_int64(statement, 0), twin = sqlite3_column_int64(statement, 1);

	if (number < 0 || number > UINT32_MAX || twin < 0 || twin > UINT32_MAX)
		return store_refuse_damaged(store, diag, "a case or its twin has no number, at", number);
	*of = (struct stored_case){.number = (uint32_t)number,
	                           .twin = (uint32_t)twin,
	                           .id = store_text(statement, 2),
	                           .rule = name_of(store, store_text(statement, 3)),
	                           .ladder = name_of(store, store_text(statement, 4)),
	                           .shapes = store_text(statement, 5),
	                           .contested = sqlite3_column_int(statement, 6),
	                           .role = name_of(store, store_text(statement, 8)),
	                           .sequence = store_text(statement, 9)};
	return read_family(store_text(statement, 7), &of->family) ||
	       store_refuse_damaged(store, diag, "the family is none of case", number);
}

static bool
read_verdicts(struct store *store, struct stored_case *of, struct diag *diag)
{
	sqlite3_stmt *verdicts = store_ask_kept(store, STORE_EXPECTATIONS, diag, value_integer(of->number));
	unsigned headlines = 0;
	bool ok = true;

	while (store_next_row(store, verdicts, &ok, diag)) {
		if (of->readings == RULE_READINGS)
			return store_refuse_damaged(store, diag, "there are too many verdicts of case", of->number);
		if (sqlite3_column_int(verdicts, 1)) {
			of->headline = of->readings;
			headlines++;
		}
		of->reading[of->readings].name = name_of(store, store_text(verdicts, 0));
		if (!find_outcome(store_text(verdicts, 2), &of->reading[of->readings++].outcome))
			return store_refuse_damaged(store, diag, "a verdict is none of case", of->number);
	}
	if (ok && headlines != 1)
		return store_refuse_damaged(store, diag, "there is no headline verdict, or more than one, of case",
		                            of->number);
	assert(!ok || of->headline < of->readings);
	return ok;
}

static bool
is_violating(const struct stored_case *of)
{
	for (unsigned i = 0; i < of->readings; i++)
		if (of->reading[i].outcome == OUTCOME_VIOLATION)
			return true;
	return false;
}

/* Puts a finding behind those of its reading: rows come reading by reading, in the order of of->reading. */
static bool
add_finding(struct store *store, struct stored_case *of, sqlite3_stmt *row, unsigned *reading,
            struct diag *diag)
{
	enum kind kind = kind_find(store_text(row, 1));
	struct stored_reading *in;

	while (*reading < of->readings && strcmp(of->reading[*reading].name, store_text(row, 0)))
		++*reading;
	if (kind == KIND_COUNT || *reading == of->readings)
		return store_refuse_damaged(store, diag, "a finding of case", of->number);
	in = &of->reading[*reading];
	*array_add(&store->pair_text, in->finding, in->findings, in->room) =
		(struct stored_finding){.kind = kind,
	                            .line = (uint32_t)sqlite3_column_int64(row, 2),
	                            .lines = arena_string(&store->pair_text, store_text(row, 3))};
	return true;
}

static bool
read_findings(struct store *store, struct stored_case *of, struct diag *diag)
{
	unsigned reading = 0;
	sqlite3_stmt *rows;
	bool ok = true;

	assert(of->headline < of->readings);
	if (!is_violating(of))
		return true;
	rows = store_ask_kept(store, STORE_FINDINGS, diag, value_integer(of->number));
	while (store_next_row(store, rows, &ok, diag))
		ok = add_finding(store, of, rows, &reading, diag);
	return ok;
}

/* One finding of the JSON that store_answer writes, and no other; NULL where it is none. */
static const char *
read_answer_finding(const char *at, struct answer_finding *finding)
{
	static const char kind[] = "{\"kind\":", line[] = ",\"line\":";
	char name[32];
	char *end;

	if (strncmp(at, kind, sizeof kind - 1))
		return NULL;
	at += sizeof kind - 1;
	finding->kind = KIND_COUNT;
	if (*at == '"') {
		size_t length = strcspn(++at, "\"");

		snprintf(name, sizeof name, "%.*s", (int)length, at);
		finding->kind = (uint8_t)kind_find(name);
		at += length + 1;
		if (finding->kind == KIND_COUNT)
			return NULL;
	} else if (!strncmp(at, "null", 4)) {
		at += 4;
	}
	if (strncmp(at, line, sizeof line - 1))
		return NULL;
	at += sizeof line - 1;
	finding->line = (uint32_t)strtoul(at, &end, 10);
	if (!strncmp(at, "null", 4))
		end += 4;
	return end > at && *end == '}' ? end + 1 : NULL;
}

static bool
read_answer_findings(struct store *store, struct stored_answer *answer, const char *at)
{
	struct answer_finding *finding;
	unsigned most = 0;

	for (const char *brace = at; (brace = strchr(brace, '{')); brace++)
		most++;
	finding = arena_alloc(&store->pair_text, (most + 1U) * sizeof *finding);
	answer->finding = finding;
	answer->findings = 0;
	if (*at++ != '[')
		return false;
	while (*at == '{') {
		at = read_answer_finding(at, &finding[answer->findings++]);
		if (!at)
			return false;
		at += *at == ',';
	}
	return !strcmp(at, "]");
}

static bool
read_answer(struct store *store, const struct stored_case *of, const struct stored_checker *checker,
            struct stored_answer *answer, struct diag *diag)
{
	sqlite3_stmt *rows =
		store_ask_kept(store, STORE_ANSWERS, diag, value_integer(checker->run), value_integer(of->number));
	bool ok = true;

	assert(checker->repeats >= 1 && checker->repeats <= STORE_REPEATS);
	*answer = (struct stored_answer){.state = answer->state};
	memset(answer->state, ANSWER_NOT_RUN, checker->repeats);
	while (store_next_row(store, rows, &ok, diag)) {
		int64_t repeat = sqlite3_column_int64(rows, 0);
		enum answer_state state = answer_find(store_text(rows, 1));

		if (repeat < 0 || repeat >= checker->repeats || state == ANSWER_COUNT ||
		    (!repeat && !read_answer_findings(store, answer, store_text(rows, 6))))
			return store_refuse_damaged(store, diag, "an answer to case", of->number);
		if (!checker->why_not || (state != ANSWER_PASS && state != ANSWER_VIOLATION))
			answer->state[repeat] = (uint8_t)state;
		answer->reused += sqlite3_column_int(rows, 2) != 0;
		answer->retried += sqlite3_column_int(rows, 3) != 0;
		if (!repeat) {
			answer->seconds = sqlite3_column_double(rows, 4);
			if (!(answer->seconds >= 0 && answer->seconds < 1e9))
				return store_refuse_damaged(store, diag, "the time is none of case", of->number);
			answer->memory = (uint64_t)sqlite3_column_int64(rows, 5);
		}
	}
	return ok;
}

/* A violation has findings, and nothing else has; the readings disagree where the case is said to be
 * contested. */
static bool
check_case(struct store *store, const struct stored_case *of, struct diag *diag)
{
	bool contested = false;

	for (unsigned i = 0; i < of->readings; i++) {
		if ((of->reading[i].outcome == OUTCOME_VIOLATION) != (of->reading[i].findings > 0))
			return store_refuse_damaged(store, diag, "verdict and findings disagree on case", of->number);
		contested = contested || of->reading[i].outcome != of->reading[0].outcome;
	}
	return contested == of->contested ||
	       store_refuse_damaged(store, diag, "its readings do not say so, but contested, or not, is case",
	                            of->number);
}

/* The readings that checkers declare are readings of the rule. */
static bool
check_declared(struct store *store, const struct stored_case *of, const struct stored_checker *checker,
               struct diag *diag)
{
	for (unsigned i = 0; i < checker->declareds; i++) {
		unsigned reading = 0;

		if (strcmp(checker->declared[i][0], of->rule))
			continue;
		while (reading < of->readings && strcmp(of->reading[reading].name, checker->declared[i][1]))
			reading++;
		if (reading == of->readings)
			return store_refuse_damaged(store, diag, "a checker declares a reading that is none of case",
			                            of->number);
	}
	return true;
}

static bool
read_half(struct store *store, const struct stored *stored, unsigned half, struct diag *diag)
{
	struct stored_case *of = &store->pair.of[half];

	assert(half < store->pair.cases);
	if (!read_verdicts(store, of, diag) || !read_findings(store, of, diag) || !check_case(store, of, diag))
		return false;
	for (unsigned i = 0; i < stored->checkers; i++)
		if (!check_declared(store, of, &stored->checker[i], diag) ||
		    !read_answer(store, of, &stored->checker[i], &store->pair.answer[half][i], diag))
			return false;
	return true;
}

static bool
read_twin(struct store *store, struct diag *diag)
{
	struct stored_case *of = store->pair.of;
	sqlite3_stmt *twin = store_ask_kept(store, STORE_TWIN, diag, value_integer(of->twin));
	bool ok = true;

	store->pair.cases = 2;
	if (!store_next_row(store, twin, &ok, diag))
		return ok && store_refuse_damaged(store, diag, "a case is missing, the twin of number", of->number);
	if (!read_case(store, &of[1], twin, diag))
		return false;
	return (of[1].twin == of[0].number && !strcmp(of[1].rule, of[0].rule) &&
	        !strcmp(of[1].shapes, of[0].shapes)) ||
	       store_refuse_damaged(store, diag, "no pair with its twin is case", of->number);
}

static void
make_room(struct store *store, const struct stored *stored)
{
	assert(!store->reading && !store->read);
	store->reading = true;
	for (unsigned half = 0; half < 2; half++) {
		struct stored_answer *answer = arena_alloc(store->arena, (stored->checkers + 1U) * sizeof *answer);

		for (unsigned i = 0; i < stored->checkers; i++)
			answer[i].state = arena_alloc(store->arena, stored->checker[i].repeats);
		store->pair.answer[half] = answer;
	}
}

/* A row that is stood upon keeps tables from being changed. */
static void
end_reading(struct store *store)
{
	for (unsigned i = STORE_NEXT_CASE; i < STORE_STATEMENT_COUNT; i++)
		sqlite3_reset(store->statement[i]);
}

static bool
read_halves(struct store *store, const struct stored *stored, struct diag *diag)
{
	for (unsigned half = 0; half < store->pair.cases; half++)
		if (!read_half(store, stored, half, diag))
			return false;
	return true;
}

bool
store_next_pair(struct store *store, const struct stored *stored, const struct stored_pair **pair,
                struct diag *diag)
{
	struct stored_pair *at = &store->pair;
	bool ok = true;

	assert(store->arena); /* behind store_read */
	*pair = NULL;
	if (!store->reading) {
		make_room(store, stored);
		ok = store_ask_kept(store, STORE_NEXT_CASE, diag, value_integer(!store->filter)) != NULL;
	}
	if (!store_next_row(store, store->statement[STORE_NEXT_CASE], &ok, diag)) {
		end_reading(store);
		return ok && (store->read == stored->cases ||
		              store_refuse_damaged(store, diag, "cases are not in pairs, behind", store->read));
	}
	arena_reset(&store->pair_text);
	at->cases = 1;
	if (!read_case(store, &at->of[0], store->statement[STORE_NEXT_CASE], diag) ||
	    (at->of[0].twin != at->of[0].number && !read_twin(store, diag)))
		return false;
	if (!read_halves(store, stored, diag))
		return false;
	store->read += at->cases;
	*pair = at;
	return true;
}

bool
store_pair_of(struct store *store, const struct stored *stored, uint32_t number,
              const struct stored_pair **pair, struct diag *diag)
{
	sqlite3_stmt *row = store_ask_kept(store, STORE_TWIN, diag, value_integer(number));
	struct stored_case *of = store->pair.of;
	bool ok = true;

	assert(store->reading);
	arena_reset(&store->pair_text);
	store->pair.cases = 1;
	if (!store_next_row(store, row, &ok, diag))
		return ok && store_refuse_damaged(store, diag, "there is no case", number);
	if (!read_case(store, of, row, diag))
		return false;
	of->id = arena_string(&store->pair_text, of->id); /* the row makes way for the twin's */
	of->shapes = arena_string(&store->pair_text, of->shapes);
	of->sequence = arena_string(&store->pair_text, of->sequence);
	if ((of->twin != of->number && !read_twin(store, diag)) || !read_halves(store, stored, diag))
		return false;
	*pair = &store->pair;
	return true;
}

/* names */

static bool
read_names(struct store *store, sqlite3_stmt *statement, struct buf *names, struct diag *diag)
{
	bool ok = true;

	while (store_next_row(store, statement, &ok, diag))
		buf_printf(names, "%s%s", names->len ? ", " : "", store_text(statement, 0));
	sqlite3_finalize(statement);
	return ok;
}

bool
store_names(struct store *store, enum store_names what, struct buf *names, struct diag *diag)
{
	static const char *const sql[] = {
		[STORE_RULES] = "SELECT rule FROM cases GROUP BY rule ORDER BY min(number)",
		[STORE_ROLES] = "SELECT role FROM cases GROUP BY role ORDER BY min(number)",
		[STORE_LADDER] = "SELECT ladder FROM cases GROUP BY ladder ORDER BY min(number)",
		[STORE_READINGS] = "SELECT reading FROM expectations GROUP BY reading ORDER BY min(number), reading",
	};

	return read_names(store, store_prepare(store, sql[what], diag), names, diag);
}
