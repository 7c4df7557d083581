/* The store: one SQLite database an experiment. See store.h.
 *
 * How to read it: the schema; a few helpers that prepare, bind and step, and turn SQLite's errors into a message with the
 * path; then writing (level, run, answers) and reading back. One transaction is open from the first write to
 * store_commit, so an error leaves the database as it was at the last commit.
 */
#include "store.h"

#include <errno.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

enum { APPLICATION = 0x6c6b6472 }; /* "lkdr" */

static const char schema[] =
	"CREATE TABLE level (name TEXT NOT NULL, suite TEXT NOT NULL);"
	"CREATE TABLE cases (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, twin INTEGER NOT NULL,"
	" rule TEXT NOT NULL, model TEXT NOT NULL, role TEXT NOT NULL, sequence TEXT NOT NULL,"
	" shapes TEXT NOT NULL, ladder TEXT NOT NULL, family TEXT NOT NULL, contested INTEGER NOT NULL,"
	" deadlock INTEGER NOT NULL, edit TEXT NOT NULL, text_hash TEXT NOT NULL);"
	"CREATE TABLE expectations (number INTEGER NOT NULL REFERENCES cases, reading TEXT NOT NULL,"
	" headline INTEGER NOT NULL, verdict TEXT NOT NULL, PRIMARY KEY (number, reading)) WITHOUT ROWID;"
	"CREATE TABLE findings (number INTEGER NOT NULL REFERENCES cases, reading TEXT NOT NULL,"
	" kind TEXT NOT NULL, statement INTEGER NOT NULL, lock TEXT NOT NULL, line INTEGER NOT NULL,"
	" lines TEXT NOT NULL);"
	"CREATE INDEX findings_by_case ON findings (number);"
	"CREATE TABLE tools (tool INTEGER PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL,"
	" exe_hash TEXT NOT NULL, adapter_hash TEXT NOT NULL,"
	" UNIQUE (name, version, exe_hash, adapter_hash));"
	"CREATE TABLE runs (run INTEGER PRIMARY KEY, tool INTEGER NOT NULL REFERENCES tools,"
	" checker TEXT NOT NULL UNIQUE, why_not TEXT, finished INTEGER NOT NULL DEFAULT 0);"
	"CREATE TABLE declared (run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,"
	" rule TEXT NOT NULL, reading TEXT NOT NULL);"
	"CREATE TABLE answers (run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,"
	" number INTEGER NOT NULL REFERENCES cases, state TEXT NOT NULL, seconds REAL NOT NULL,"
	" findings TEXT NOT NULL, PRIMARY KEY (run, number)) WITHOUT ROWID;";

struct store {
	sqlite3 *db;
	char *path;
	sqlite3_stmt *answer; /* the statement of store_answer, prepared once */
	bool in_transaction;
};

/* errors and statements */

static bool
refuse(const struct store *store, struct diag *diag, const char *what)
{
	int code = sqlite3_errcode(store->db);
	const char *why = sqlite3_errmsg(store->db);

	if (code == SQLITE_FULL)
		why = "the disk is full";
	else if (code == SQLITE_NOTADB)
		why = "this is no database";
	else if (sqlite3_extended_errcode(store->db) == SQLITE_IOERR_WRITE)
		why = "a write failed (is the disk full, or a limit on file sizes reached?)";
	diag_set(diag, store->path, 0, 0, "%s: %s", what, why);
	return false;
}

static bool
refuse_damaged(const struct store *store, struct diag *diag, const char *what, int64_t number)
{
	diag_set(diag, store->path, 0, 0, "damaged: %s %" PRId64, what, number);
	return false;
}

static bool
execute(struct store *store, const char *sql, const char *what, struct diag *diag)
{
	return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK || refuse(store, diag, what);
}

static sqlite3_stmt *
prepare(struct store *store, const char *sql, struct diag *diag)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK)
		return statement;
	refuse(store, diag, "cannot ask the database");
	return NULL;
}

static void
bind_text(sqlite3_stmt *statement, int index, const char *text)
{
	if (text)
		sqlite3_bind_text(statement, index, text, -1, SQLITE_TRANSIENT);
	else
		sqlite3_bind_null(statement, index);
}

/* Steps a statement that gives no rows, and makes it ready for the next. */
static bool
step(struct store *store, sqlite3_stmt *statement, struct diag *diag)
{
	int code = sqlite3_step(statement);

	if (code != SQLITE_DONE && code != SQLITE_ROW) {
		refuse(store, diag, "cannot write");
		sqlite3_reset(statement);
		return false;
	}
	sqlite3_reset(statement);
	return true;
}

/* Takes the next row; at the end of the rows false. *ok is cleared where the rows break off, which must not pass for their end. */
static bool
next_row(struct store *store, sqlite3_stmt *statement, bool *ok, struct diag *diag)
{
	int code = *ok ? sqlite3_step(statement) : SQLITE_DONE;

	if (code != SQLITE_ROW && code != SQLITE_DONE)
		*ok = refuse(store, diag, "cannot read");
	return code == SQLITE_ROW;
}

static bool
begin(struct store *store, struct diag *diag)
{
	if (!store->in_transaction)
		store->in_transaction = execute(store, "BEGIN IMMEDIATE", "cannot begin to write", diag);
	return store->in_transaction;
}

bool
store_commit(struct store *store, struct diag *diag)
{
	if (!store->in_transaction)
		return true;
	store->in_transaction = false;
	if (execute(store, "COMMIT", "cannot write", diag))
		return true;
	sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

/* opening */

static int
pragma_number(struct store *store, const char *sql)
{
	sqlite3_stmt *statement;
	int number = -1;

	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
		return -1;
	if (sqlite3_step(statement) == SQLITE_ROW)
		number = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return number;
}

static bool
check_version(struct store *store, bool only_read, struct diag *diag)
{
	int version = pragma_number(store, "PRAGMA user_version");
	int tables = pragma_number(store, "SELECT count(*) FROM sqlite_master");
	char settings[128];

	if (version < 0 || tables < 0)
		return refuse(store, diag, "cannot read");
	if (version == STORE_VERSION && pragma_number(store, "PRAGMA application_id") == APPLICATION)
		return true;
	if (version || tables || only_read) {
		diag_set(diag, store->path, 0, 0,
		         version > STORE_VERSION ? "made by a newer lockdrill: schema version %d, this one knows %d"
		                                 : "no database of lockdrill (schema version %d, expected %d)",
		         version, STORE_VERSION);
		return false;
	}
	snprintf(settings, sizeof settings, "PRAGMA application_id = %d; PRAGMA user_version = %d;", APPLICATION,
	         STORE_VERSION);
	return begin(store, diag) && execute(store, schema, "cannot make the tables", diag) &&
	       execute(store, settings, "cannot make the tables", diag) && store_commit(store, diag);
}

struct store *
store_open(const char *path, bool only_read, struct diag *diag)
{
	struct store *store = calloc(1, sizeof *store);
	int flags = only_read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	bool is_new = access(path, F_OK) != 0;

	if (!store || !(store->path = strdup(path)))
		die("out of memory");
	if (only_read && is_new) {
		diag_set(diag, path, 0, 0, "cannot open: %s", strerror(errno));
		store_close(store);
		return NULL;
	}
	if (sqlite3_open_v2(path, &store->db, flags, NULL) != SQLITE_OK) {
		diag_set(diag, path, 0, 0, "cannot open: %s (is there such a directory, and may it be written?)",
		         sqlite3_errmsg(store->db));
		store_close(store);
		return NULL;
	}
	sqlite3_busy_timeout(store->db, 5000);
	if (!check_version(store, only_read, diag) ||
	    !execute(store, "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL;", "cannot set up", diag) ||
	    (!only_read && !execute(store, "PRAGMA journal_mode = WAL;", "cannot set up", diag))) {
		store_close(store);
		if (is_new && !only_read)
			unlink(path);
		return NULL;
	}
	return store;
}

void
store_close(struct store *store)
{
	if (!store)
		return;
	sqlite3_finalize(store->answer);
	if (store->in_transaction)
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	if (store->db && !sqlite3_db_readonly(store->db, "main")) {
		/* Back to one file, which can be read where nothing may be written; not while others have it open. */
		sqlite3_busy_timeout(store->db, 0);
		sqlite3_exec(store->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
	}
	sqlite3_close(store->db);
	free(store->path);
	free(store);
}

/* writing: the level */

static char *
shapes_json(const struct suite_case *of, struct arena *arena)
{
	struct buf out = {0};
	char *copy;

	for (unsigned d = 0; d < SHAPE_COUNT; d++)
		buf_printf(&out, "%c\"%s\":\"%s\"", d ? ',' : '{', shape_dimension_name((enum shape_dimension)d),
		           shape_row((enum shape_id)of->shapes.choice[d])->name);
	buf_putc(&out, '}');
	copy = arena_string(arena, out.data);
	buf_free(&out);
	return copy;
}

static bool
put_findings(struct store *store, sqlite3_stmt *statement, const struct suite_case *of, unsigned reading,
             struct diag *diag)
{
	const struct verdict *verdict = &of->verdict[reading];

	for (unsigned i = 0; i < verdict->count; i++) {
		const struct finding *finding = &verdict->finding[i];
		const char lock[2] = {lock_letter(finding->lock), 0};
		struct buf lines = {0};

		for (unsigned j = 0; j < of->lines[reading][i].count; j++)
			buf_printf(&lines, "%s%u", j ? " " : "", of->lines[reading][i].line[j]);
		sqlite3_bind_int64(statement, 1, of->number);
		bind_text(statement, 2, of->rule->reading[reading].name);
		bind_text(statement, 3, kind_name((enum kind)finding->kind));
		sqlite3_bind_int(statement, 4, finding->statement);
		bind_text(statement, 5, lock);
		sqlite3_bind_int64(statement, 6, finding->line);
		bind_text(statement, 7, buf_string(&lines));
		buf_free(&lines);
		if (!step(store, statement, diag))
			return false;
	}
	return true;
}

static bool
put_case(struct store *store, sqlite3_stmt *const statement[3], const struct suite_case *of,
         struct arena *arena, struct diag *diag)
{
	const struct rule *rule = of->rule;
	char family[24];
	bool ok;

	snprintf(family, sizeof family, "%016" PRIx64, of->family);
	sqlite3_bind_int64(statement[0], 1, of->number);
	bind_text(statement[0], 2, of->id);
	sqlite3_bind_int64(statement[0], 3, of->twin);
	bind_text(statement[0], 4, rule->name);
	bind_text(statement[0], 5, rule->model);
	bind_text(statement[0], 6, rule->role[of->role].name);
	bind_text(statement[0], 7, of->sequence);
	bind_text(statement[0], 8, shapes_json(of, arena));
	bind_text(statement[0], 9, ladder_name(of->ladder));
	bind_text(statement[0], 10, family);
	sqlite3_bind_int(statement[0], 11, of->contested);
	sqlite3_bind_int(statement[0], 12, of->deadlock);
	bind_text(statement[0], 13, of->edit);
	bind_text(statement[0], 14, of->text_hash);
	ok = step(store, statement[0], diag);
	for (unsigned i = 0; ok && i < rule->readings; i++) {
		sqlite3_bind_int64(statement[1], 1, of->number);
		bind_text(statement[1], 2, rule->reading[i].name);
		sqlite3_bind_int(statement[1], 3, i == rule->headline);
		bind_text(statement[1], 4, outcome_name(of->verdict[i].outcome));
		ok = step(store, statement[1], diag) && put_findings(store, statement[2], of, i, diag);
	}
	arena_reset(arena);
	return ok;
}

static bool
put_level(struct store *store, const struct level *level, struct diag *diag)
{
	static const char *const sql[] = {
		"INSERT INTO cases VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
		"INSERT INTO expectations VALUES (?,?,?,?)",
		"INSERT INTO findings VALUES (?,?,?,?,?,?,?)",
	};
	sqlite3_stmt *statement[3] = {NULL}, *head = NULL;
	struct arena arena = {0};
	bool ok = begin(store, diag);

	for (unsigned i = 0; ok && i < 3; i++)
		ok = (statement[i] = prepare(store, sql[i], diag)) != NULL;
	for (unsigned i = 0; ok && i < level->count; i++)
		ok = put_case(store, statement, &level->cases[i], &arena, diag);
	ok = ok && (head = prepare(store, "INSERT INTO level VALUES (?,?)", diag)) != NULL;
	if (ok) {
		bind_text(head, 1, level->name);
		bind_text(head, 2, SUITE_VERSION);
		ok = step(store, head, diag);
	}
	for (unsigned i = 0; i < 3; i++)
		sqlite3_finalize(statement[i]);
	sqlite3_finalize(head);
	arena_free(&arena);
	return ok && store_commit(store, diag);
}

/* A text of the row; "" where a damaged database has none. */
static const char *
text_of(sqlite3_stmt *statement, int index)
{
	const unsigned char *text = sqlite3_column_text(statement, index);

	return text ? (const char *)text : "";
}

/* The level stored must be this one: the same cases with the same text, in the same order. */
static bool
same_level(struct store *store, const struct level *level, struct diag *diag)
{
	sqlite3_stmt *statement = prepare(store, "SELECT id, text_hash FROM cases ORDER BY number", diag);
	unsigned n = 0;
	bool ok = statement != NULL, same = true;

	for (; next_row(store, statement, &ok, diag); n++)
		same = same && n < level->count && !strcmp(text_of(statement, 0), level->cases[n].id) &&
		       !strcmp(text_of(statement, 1), level->cases[n].text_hash);
	sqlite3_finalize(statement);
	if (!ok || (same && n == level->count))
		return ok;
	diag_set(diag, store->path, 0, 0, "holds other cases than level %s of this suite: give another file",
	         level->name);
	return false;
}

bool
store_level(struct store *store, const struct level *level, struct diag *diag)
{
	int levels = pragma_number(store, "SELECT count(*) FROM level");

	if (levels < 0)
		return refuse(store, diag, "cannot read");
	return levels ? same_level(store, level, diag) : put_level(store, level, diag);
}

/* writing: runs and answers */

static void
hash_adapter(const struct adapter *adapter, char text[HASH_TEXT])
{
	XXH128_hash_t hash = XXH3_128bits(adapter->bytes, adapter->length);

	snprintf(text, HASH_TEXT, "%016" PRIx64 "%016" PRIx64, (uint64_t)hash.high64, (uint64_t)hash.low64);
}

static bool
put_tool(struct store *store, const struct adapter *adapter, const char *version, const char *exe_hash,
         const char *adapter_hash, struct diag *diag)
{
	sqlite3_stmt *statement = prepare(store, "INSERT OR IGNORE INTO tools VALUES (NULL,?,?,?,?)", diag);
	bool ok;

	if (!statement)
		return false;
	bind_text(statement, 1, adapter->name);
	bind_text(statement, 2, version);
	bind_text(statement, 3, exe_hash);
	bind_text(statement, 4, adapter_hash);
	ok = step(store, statement, diag);
	sqlite3_finalize(statement);
	return ok;
}

static bool
put_declared(struct store *store, int64_t run, const struct adapter *adapter, struct diag *diag)
{
	sqlite3_stmt *statement = prepare(store, "INSERT INTO declared VALUES (?,?,?)", diag);
	bool ok = statement != NULL;

	for (unsigned i = 0; ok && i < adapter->readings; i++) {
		sqlite3_bind_int64(statement, 1, run);
		bind_text(statement, 2, adapter->reading[i].rule);
		bind_text(statement, 3, adapter->reading[i].reading);
		ok = step(store, statement, diag);
	}
	sqlite3_finalize(statement);
	return ok;
}

bool
store_begin_run(struct store *store, const struct adapter *adapter, const char *version, const char *exe_hash,
                const char *why_not, int64_t *run, struct diag *diag)
{
	sqlite3_stmt *drop = NULL, *add = NULL;
	char adapter_hash[HASH_TEXT];
	bool ok;

	hash_adapter(adapter, adapter_hash);
	ok = begin(store, diag) && put_tool(store, adapter, version, exe_hash, adapter_hash, diag) &&
	     (drop = prepare(store, "DELETE FROM runs WHERE checker = ?", diag)) &&
	     (add = prepare(store,
	                    "INSERT INTO runs (tool, checker, why_not) SELECT tool, ?1, ?2 FROM tools WHERE"
	                    " name = ?1 AND version = ?3 AND exe_hash = ?4 AND adapter_hash = ?5",
	                    diag));

	if (ok) {
		bind_text(drop, 1, adapter->name);
		bind_text(add, 1, adapter->name);
		bind_text(add, 2, why_not);
		bind_text(add, 3, version);
		bind_text(add, 4, exe_hash);
		bind_text(add, 5, adapter_hash);
		ok = step(store, drop, diag) && step(store, add, diag);
		*run = sqlite3_last_insert_rowid(store->db);
	}
	sqlite3_finalize(drop);
	sqlite3_finalize(add);
	return ok && put_declared(store, *run, adapter, diag);
}

/* Findings as JSON: [{"kind":"double-acquire","line":12},...]; null for what the checker does not say. */
static void
put_answer_findings(struct buf *out, const struct answer *answer)
{
	buf_putc(out, '[');
	for (unsigned i = 0; i < answer->count; i++) {
		const struct answer_finding *finding = &answer->finding[i];

		buf_puts(out, i ? ",{\"kind\":" : "{\"kind\":");
		if (finding->kind < KIND_COUNT)
			buf_printf(out, "\"%s\"", kind_name((enum kind)finding->kind));
		else
			buf_puts(out, "null");
		if (finding->line)
			buf_printf(out, ",\"line\":%u}", finding->line);
		else
			buf_puts(out, ",\"line\":null}");
	}
	buf_putc(out, ']');
}

bool
store_answer(struct store *store, int64_t run, const struct suite_case *of, const struct answer *answer,
             struct diag *diag)
{
	struct buf findings = {0};

	if (!begin(store, diag))
		return false;
	if (!store->answer)
		store->answer = prepare(store, "INSERT INTO answers VALUES (?,?,?,?,?)", diag);
	if (!store->answer)
		return false;
	put_answer_findings(&findings, answer);
	sqlite3_bind_int64(store->answer, 1, run);
	sqlite3_bind_int64(store->answer, 2, of->number);
	bind_text(store->answer, 3, answer_name(answer->state));
	sqlite3_bind_double(store->answer, 4, answer->seconds);
	bind_text(store->answer, 5, findings.data);
	buf_free(&findings);
	return step(store, store->answer, diag);
}

bool
store_end_run(struct store *store, int64_t run, struct diag *diag)
{
	char sql[80];

	snprintf(sql, sizeof sql, "UPDATE runs SET finished = 1 WHERE run = %" PRId64, run);
	return begin(store, diag) && execute(store, sql, "cannot write", diag) && store_commit(store, diag);
}

/* reading back */

static const char *
column(sqlite3_stmt *statement, int index, struct arena *arena)
{
	return arena_string(arena, text_of(statement, index));
}

static bool
read_case(struct store *store, struct stored *stored, sqlite3_stmt *statement, unsigned count,
          struct arena *arena, struct diag *diag)
{
	struct stored_case *of = &stored->stored_case[stored->cases];
	sqlite3_int64 number = sqlite3_column_int64(statement, 0), twin = sqlite3_column_int64(statement, 4);

	if (number != stored->cases || number >= count || twin < 0 || twin >= count)
		return refuse_damaged(store, diag, "a case or its twin is missing, at number", stored->cases);
	stored->cases++;
	of->number = (uint32_t)number;
	of->id = column(statement, 1, arena);
	of->rule = column(statement, 2, arena);
	of->ladder = column(statement, 3, arena);
	of->twin = (uint32_t)twin;
	of->shapes = column(statement, 5, arena);
	of->family = strtoull(text_of(statement, 6), NULL, 16);
	of->contested = sqlite3_column_int(statement, 7);
	return true;
}

static bool
read_cases(struct store *store, struct stored *stored, struct arena *arena, struct diag *diag)
{
	sqlite3_stmt *statement = prepare(store,
	                                  "SELECT number, id, rule, ladder, twin, shapes, family,"
	                                  " contested FROM cases ORDER BY number",
	                                  diag);
	int count = pragma_number(store, "SELECT count(*) FROM cases");
	bool ok = statement != NULL;

	if (ok && count < 0)
		ok = refuse(store, diag, "cannot read");
	stored->stored_case = arena_alloc(arena, ((size_t)(ok ? count : 0) + 1) * sizeof *stored->stored_case);
	while (next_row(store, statement, &ok, diag))
		ok = read_case(store, stored, statement, (unsigned)count, arena, diag);
	sqlite3_finalize(statement);
	if (ok && stored->cases != (unsigned)count)
		return refuse_damaged(store, diag, "cases are missing from number", stored->cases);
	return ok;
}

static enum outcome
outcome_find(const char *name)
{
	return !strcmp(name, "pass")        ? OUTCOME_PASS
	       : !strcmp(name, "violation") ? OUTCOME_VIOLATION
	                                    : OUTCOME_UNDECIDED;
}

/* The case whose number stands in the first column; NULL in a damaged database. */
static struct stored_case *
numbered(const struct stored *stored, sqlite3_stmt *statement)
{
	sqlite3_int64 number = sqlite3_column_int64(statement, 0);

	return number >= 0 && number < stored->cases ? &stored->stored_case[number] : NULL;
}

static bool
read_expectation(struct store *store, const struct stored *stored, sqlite3_stmt *statement,
                 unsigned *headlines, struct arena *arena, struct diag *diag)
{
	struct stored_case *of = numbered(stored, statement);

	if (!of || of->readings == RULE_READINGS)
		return refuse_damaged(store, diag, "a verdict of no case, at number",
		                      sqlite3_column_int64(statement, 0));
	if (sqlite3_column_int(statement, 2)) {
		of->headline = of->readings;
		++*headlines;
	}
	of->reading[of->readings].name = column(statement, 1, arena);
	of->reading[of->readings++].outcome = outcome_find(text_of(statement, 3));
	return true;
}

static bool
read_expectations(struct store *store, struct stored *stored, struct arena *arena, struct diag *diag)
{
	sqlite3_stmt *verdicts = prepare(store,
	                                 "SELECT number, reading, headline, verdict FROM expectations"
	                                 " ORDER BY number, reading",
	                                 diag);
	bool ok = verdicts != NULL;
	unsigned headlines = 0;

	while (next_row(store, verdicts, &ok, diag))
		ok = read_expectation(store, stored, verdicts, &headlines, arena, diag);
	sqlite3_finalize(verdicts);
	for (unsigned i = 0; ok && i < stored->cases; i++)
		if (!stored->stored_case[i].readings)
			ok = refuse_damaged(store, diag, "there is no verdict of case", i);
	if (ok && headlines != stored->cases)
		ok = refuse_damaged(store, diag, "headline verdicts:", headlines);
	return ok;
}

static bool
read_kinds(struct store *store, struct stored *stored, struct diag *diag)
{
	sqlite3_stmt *kinds = prepare(store,
	                              "SELECT DISTINCT f.number, f.kind FROM findings f JOIN expectations e"
	                              " ON e.number = f.number AND e.reading = f.reading"
	                              " WHERE e.headline",
	                              diag);
	bool ok = kinds != NULL;

	while (next_row(store, kinds, &ok, diag)) {
		enum kind kind = kind_find(text_of(kinds, 1));
		struct stored_case *of = numbered(stored, kinds);

		if (of && kind < KIND_COUNT)
			of->kinds |= 1U << kind;
		else
			ok = refuse_damaged(store, diag, "a finding of case", sqlite3_column_int64(kinds, 0));
	}
	sqlite3_finalize(kinds);
	return ok;
}

static bool
read_answers(struct store *store, struct stored *stored, struct stored_checker *checker, int64_t run,
             struct arena *arena, struct diag *diag)
{
	sqlite3_stmt *answers = prepare(store, "SELECT number, state FROM answers WHERE run = ?", diag);
	sqlite3_stmt *declared = prepare(store, "SELECT rule, reading FROM declared WHERE run = ?", diag);
	bool ok = answers && declared;

	checker->answer = arena_alloc(arena, (stored->cases + 1U) * sizeof *checker->answer);
	for (unsigned i = 0; i < stored->cases; i++)
		checker->answer[i] = ANSWER_NOT_RUN;
	checker->declared = arena_alloc(arena, ADAPTER_READINGS * sizeof *checker->declared);
	if (ok) {
		sqlite3_bind_int64(answers, 1, run);
		sqlite3_bind_int64(declared, 1, run);
	}
	while (next_row(store, answers, &ok, diag)) {
		enum answer_state state = answer_find(text_of(answers, 1));
		const struct stored_case *of = numbered(stored, answers);

		if (of && state < ANSWER_COUNT)
			checker->answer[of->number] = state;
		else
			ok = refuse_damaged(store, diag, "an answer to case", sqlite3_column_int64(answers, 0));
	}
	while (next_row(store, declared, &ok, diag) && checker->declareds < ADAPTER_READINGS) {
		checker->declared[checker->declareds][0] = column(declared, 0, arena);
		checker->declared[checker->declareds++][1] = column(declared, 1, arena);
	}
	sqlite3_finalize(answers);
	sqlite3_finalize(declared);
	return ok;
}

static bool
read_checkers(struct store *store, struct stored *stored, struct arena *arena, struct diag *diag)
{
	sqlite3_stmt *statement = prepare(store,
	                                  "SELECT run, checker, version, why_not FROM runs"
	                                  " JOIN tools USING (tool) ORDER BY checker",
	                                  diag);
	int count = pragma_number(store, "SELECT count(*) FROM runs");
	bool ok = statement != NULL;

	if (ok && count < 0)
		ok = refuse(store, diag, "cannot read");
	stored->checker = arena_alloc(arena, ((size_t)(ok ? count : 0) + 1) * sizeof *stored->checker);
	while (next_row(store, statement, &ok, diag)) {
		struct stored_checker *checker = &stored->checker[stored->checkers];

		if (stored->checkers == (unsigned)count) {
			ok = refuse_damaged(store, diag, "there are more runs than", count);
			break;
		}
		stored->checkers++;
		checker->name = column(statement, 1, arena);
		checker->version = column(statement, 2, arena);
		if (sqlite3_column_type(statement, 3) != SQLITE_NULL)
			checker->why_not = column(statement, 3, arena);
		ok = read_answers(store, stored, checker, sqlite3_column_int64(statement, 0), arena, diag);
	}
	sqlite3_finalize(statement);
	if (ok && stored->checkers != (unsigned)count)
		return refuse_damaged(store, diag, "a run is missing, of", count);
	return ok;
}

bool
store_read(struct store *store, struct stored *stored, struct arena *arena, struct diag *diag)
{
	sqlite3_stmt *statement = prepare(store, "SELECT name, suite FROM level", diag);
	bool ok = statement != NULL;

	*stored = (struct stored){0};
	if (next_row(store, statement, &ok, diag)) {
		stored->level = column(statement, 0, arena);
		stored->suite = column(statement, 1, arena);
	}
	sqlite3_finalize(statement);
	if (!ok)
		return false;
	if (!stored->level) {
		diag_set(diag, store->path, 0, 0, "holds no level: nothing was run");
		return false;
	}
	return read_cases(store, stored, arena, diag) && read_expectations(store, stored, arena, diag) &&
	       read_kinds(store, stored, diag) && read_checkers(store, stored, arena, diag);
}
