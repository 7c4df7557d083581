/* The store: one SQLite database an experiment. See store.h; the level is in store_level.c, runs and answers
 * in store_run.c, reading back in store_read.c, merging in store_merge.c.
 *
 * How to read it: the schema; errors and statements; opening and closing.
 *
 * One transaction is open from the first write to store_commit, so an error leaves the database as it was at
 * the last commit. With a write-ahead log and synchronous=NORMAL the log is synced when it is copied back,
 * before the database is touched, so a power cut leaves the database whole at one of the last commits; a
 * killed process loses nothing that was committed.
 *
 * One writer: SQLite would let two take turns, and the answers of two runs would mix. So the file is locked
 * with flock, by a descriptor that is opened before SQLite's own and closed after them, since closing any
 * descriptor of a file gives up all of the process's POSIX locks on it, which are SQLite's. The kernel
 * unlocks when the process ends, however it does.
 */
#include "store.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "store_state.h"

enum { APPLICATION = 0x6c6b6472 }; /* "lkdr" */

/* The id of a case is unique: its index is built when the level is complete. Rows are numbered by us
 * throughout, so that equal contents are equal rows in an equal order. `item` is the finding's place in its
 * verdict. `key` is the hash of all that answers depend on beside the text. An output's number is the first
 * half of its hash: an index over hashes would be one more page to write with each answer. `why` is
 * why there is no answer, where that is known, `message` the checker's own words. It stands last, so that it
 * is added to a database of version 5, which lacks it. A checker's run as it was in another way, as another
 * version of it, moves to the tables earlier_*, which have the same columns: store_earlier.c. */
#define RUN_COLUMNS                                                                                  \
	"key TEXT NOT NULL, arguments TEXT NOT NULL, limits TEXT NOT NULL, world_hash TEXT NOT NULL,"    \
	" containment TEXT NOT NULL, repeats INTEGER NOT NULL, why_not TEXT, finished INTEGER NOT NULL," \
	" seconds REAL NOT NULL"
#define ANSWER_COLUMNS                                                                              \
	" number INTEGER NOT NULL REFERENCES cases, repeat INTEGER NOT NULL, state TEXT NOT NULL,"      \
	" seconds REAL NOT NULL, cpu REAL NOT NULL, memory INTEGER NOT NULL, retried INTEGER NOT NULL," \
	" reused INTEGER NOT NULL, output INTEGER REFERENCES outputs, findings TEXT NOT NULL,"          \
	" why TEXT, message TEXT,"                                                                      \
	" PRIMARY KEY (run, number, repeat)) WITHOUT ROWID;"

static const char schema[] =
	"CREATE TABLE cases (number INTEGER PRIMARY KEY, id TEXT NOT NULL, twin INTEGER NOT NULL,"
	" rule TEXT NOT NULL, model TEXT NOT NULL, role TEXT NOT NULL, sequence TEXT NOT NULL,"
	" shapes TEXT NOT NULL, ladder TEXT NOT NULL, family TEXT NOT NULL, contested INTEGER NOT NULL,"
	" deadlock INTEGER NOT NULL, edit TEXT NOT NULL, text_hash TEXT NOT NULL);"
	"CREATE TABLE expectations (number INTEGER NOT NULL REFERENCES cases, reading TEXT NOT NULL,"
	" headline INTEGER NOT NULL, verdict TEXT NOT NULL, PRIMARY KEY (number, reading)) WITHOUT ROWID;"
	"CREATE TABLE level (name TEXT NOT NULL, suite TEXT NOT NULL, shard INTEGER NOT NULL,"
	" shards INTEGER NOT NULL, cases INTEGER NOT NULL, filters TEXT NOT NULL);"
	"CREATE TABLE findings (number INTEGER NOT NULL REFERENCES cases, reading TEXT NOT NULL,"
	" item INTEGER NOT NULL, kind TEXT NOT NULL, statement INTEGER NOT NULL, lock TEXT NOT NULL,"
	" line INTEGER NOT NULL, lines TEXT NOT NULL, PRIMARY KEY (number, reading, item)) WITHOUT ROWID;"
	"CREATE TABLE tools (tool INTEGER PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL,"
	" exe_hash TEXT NOT NULL, UNIQUE (name, version, exe_hash));"
	"CREATE TABLE adapters (adapter INTEGER PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL,"
	" text TEXT NOT NULL, UNIQUE (name, hash));"
	"CREATE TABLE runs (run INTEGER PRIMARY KEY, tool INTEGER NOT NULL REFERENCES tools,"
	" adapter INTEGER NOT NULL REFERENCES adapters, checker TEXT NOT NULL UNIQUE, " RUN_COLUMNS ");"
	"CREATE TABLE earlier_runs (run INTEGER PRIMARY KEY, tool INTEGER NOT NULL REFERENCES tools,"
	" adapter INTEGER NOT NULL REFERENCES adapters, checker TEXT NOT NULL, " RUN_COLUMNS ","
	" UNIQUE (checker, key));"
	"CREATE TABLE declared (run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, rule TEXT NOT NULL,"
	" reading TEXT NOT NULL, PRIMARY KEY (run, rule)) WITHOUT ROWID;"
	"CREATE TABLE earlier_declared (run INTEGER NOT NULL REFERENCES earlier_runs ON DELETE CASCADE,"
	" rule TEXT NOT NULL, reading TEXT NOT NULL, PRIMARY KEY (run, rule)) WITHOUT ROWID;"
	"CREATE TABLE outputs (output INTEGER PRIMARY KEY, hash TEXT NOT NULL, bytes INTEGER NOT NULL,"
	" kept BLOB NOT NULL);"
	"CREATE TABLE answers (run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE," ANSWER_COLUMNS
	"CREATE TABLE earlier_answers (run INTEGER NOT NULL"
	" REFERENCES earlier_runs ON DELETE CASCADE," ANSWER_COLUMNS;

/* errors and statements */

bool
store_refuse(const struct store *store, struct diag *diag, const char *what)
{
	int code = sqlite3_extended_errcode(store->db);
	const char *why = sqlite3_errmsg(store->db);

	if (code == SQLITE_FULL)
		why = "the disk is full";
	else if (code == SQLITE_NOTADB)
		why = "this is no database";
	else if ((code & 0xff) == SQLITE_IOERR && code != SQLITE_IOERR_READ && code != SQLITE_IOERR_SHORT_READ)
		why = "a write failed (is the disk full, or a limit on file sizes reached?)";
	diag_set(diag, store->path, 0, 0, "%s: %s", what, why);
	return false;
}

bool
store_refuse_damaged(const struct store *store, struct diag *diag, const char *what, int64_t number)
{
	diag_set(diag, store->path, 0, 0, "damaged: %s %" PRId64, what, number);
	return false;
}

bool
store_execute(struct store *store, const char *sql, const char *what, struct diag *diag)
{
	return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK || store_refuse(store, diag, what);
}

sqlite3_stmt *
store_prepare(struct store *store, const char *sql, struct diag *diag)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK)
		return statement;
	store_refuse(store, diag, "cannot ask the database");
	return NULL;
}

/* Of the kept statements; NULL with the message. */
static sqlite3_stmt *
kept_statement(struct store *store, enum store_statement statement, struct diag *diag)
{
	static const char *const sql[] = {
#define STATEMENT(id, text) (text),
		STORE_STATEMENTS(STATEMENT)
#undef STATEMENT
	};
	sqlite3_stmt **kept = &store->statement[statement];

	assert(statement < STORE_STATEMENT_COUNT);
	if (*kept)
		sqlite3_reset(*kept);
	else if (sqlite3_prepare_v3(store->db, sql[statement], -1, SQLITE_PREPARE_PERSISTENT, kept, NULL) !=
	         SQLITE_OK)
		store_refuse(store, diag, "cannot ask the database");
	return *kept;
}

static void
bind_values(sqlite3_stmt *statement, const struct store_value *value, unsigned count)
{
	assert(!statement || sqlite3_bind_parameter_count(statement) == (int)count);
	for (int i = 1; statement && i <= (int)count; i++, value++)
		switch (value->type) {
		case VALUE_INTEGER:
			sqlite3_bind_int64(statement, i, value->integer);
			break;
		case VALUE_REAL:
			sqlite3_bind_double(statement, i, value->real);
			break;
		case VALUE_TEXT: /* NULL binds null */
			sqlite3_bind_text64(statement, i, value->text, value->length, SQLITE_STATIC, SQLITE_UTF8);
			break;
		case VALUE_BYTES:
			sqlite3_bind_blob64(statement, i, value->text, value->length, SQLITE_STATIC);
			break;
		}
}

sqlite3_stmt *
store_ask_kept_values(struct store *store, enum store_statement statement, struct diag *diag,
                      const struct store_value *value, unsigned count)
{
	sqlite3_stmt *kept = kept_statement(store, statement, diag);

	bind_values(kept, value, count);
	return kept;
}

sqlite3_stmt *
store_ask_values(struct store *store, const char *sql, struct diag *diag, const struct store_value *value,
                 unsigned count)
{
	sqlite3_stmt *statement = store_prepare(store, sql, diag);

	bind_values(statement, value, count);
	return statement;
}

/* Steps a statement that gives no rows, and makes it ready for the next time. NULL has been refused. */
static bool
step(struct store *store, sqlite3_stmt *statement, struct diag *diag)
{
	int code = statement ? sqlite3_step(statement) : SQLITE_DONE;

	if (!statement)
		return false;
	if (code != SQLITE_DONE && code != SQLITE_ROW) {
		store_refuse(store, diag, "cannot write");
		store->output_hash[0] = 0; /* SQLite may have rolled it back */
		sqlite3_reset(statement);
		return false;
	}
	sqlite3_reset(statement);
	return true;
}

bool
store_put_values(struct store *store, enum store_statement statement, struct diag *diag,
                 const struct store_value *value, unsigned count)
{
	assert(store->lock >= 0 && !sqlite3_get_autocommit(store->db)); /* in the writer's transaction */
	return step(store, store_ask_kept_values(store, statement, diag, value, count), diag);
}

bool
store_do_values(struct store *store, const char *sql, struct diag *diag, const struct store_value *value,
                unsigned count)
{
	sqlite3_stmt *statement = store_ask_values(store, sql, diag, value, count);
	bool ok = step(store, statement, diag);

	sqlite3_finalize(statement);
	return ok;
}

bool
store_next_row(struct store *store, sqlite3_stmt *statement, bool *ok, struct diag *diag)
{
	int code;

	*ok = *ok && statement;
	code = *ok ? sqlite3_step(statement) : SQLITE_DONE;

	if (code != SQLITE_ROW && code != SQLITE_DONE)
		*ok = store_refuse(store, diag, "cannot read");
	return code == SQLITE_ROW;
}

const char *
store_text(sqlite3_stmt *statement, int index)
{
	const unsigned char *text = sqlite3_column_text(statement, index);

	return text ? (const char *)text : "";
}

int64_t
store_number(struct store *store, const char *sql, int64_t number)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
		return -1;
	if (sqlite3_bind_parameter_count(statement))
		sqlite3_bind_int64(statement, 1, number);
	number = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
	sqlite3_finalize(statement);
	return number;
}

bool
store_begin(struct store *store, struct diag *diag)
{
	return !sqlite3_get_autocommit(store->db) || step(store, kept_statement(store, STORE_BEGIN, diag), diag);
}

void
store_rollback(struct store *store)
{
	store->output_hash[0] = 0;
	if (!sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

bool
store_commit(struct store *store, struct diag *diag)
{
	if (sqlite3_get_autocommit(store->db) || step(store, kept_statement(store, STORE_COMMIT, diag), diag))
		return true;
	store_rollback(store);
	return false;
}

/* opening */

static bool
set_version(struct store *store, struct diag *diag)
{
	char settings[128];

	snprintf(settings, sizeof settings, "PRAGMA application_id = %d; PRAGMA user_version = %d;", APPLICATION,
	         STORE_VERSION);
	store->version = STORE_VERSION;
	return store_execute(store, settings, "cannot make the tables", diag);
}

static bool
make_tables(struct store *store, struct diag *diag)
{
	return store_begin(store, diag) && store_execute(store, schema, "cannot make the tables", diag) &&
	       set_version(store, diag) && store_commit(store, diag);
}

/* From version 5 on: the last column of answers is new. */
static bool
renew_tables(struct store *store, struct diag *diag)
{
	static const char sql[] = "ALTER TABLE answers ADD COLUMN message TEXT;"
							  "ALTER TABLE earlier_answers ADD COLUMN message TEXT;";

	assert(store->version == STORE_VERSION_READ);
	return store_begin(store, diag) && store_execute(store, sql, "cannot renew the tables", diag) &&
	       set_version(store, diag) && store_commit(store, diag);
}

static bool
check_version(struct store *store, bool only_read, struct diag *diag)
{
	int64_t version = store_number(store, "PRAGMA user_version", 0);
	int64_t tables = store_number(store, "SELECT count(*) FROM sqlite_master", 0);
	bool ours = store_number(store, "PRAGMA application_id", 0) == APPLICATION;

	if (version < 0 || tables < 0)
		return store_refuse(store, diag, "cannot read");
	if (ours && version >= STORE_VERSION_READ && version <= STORE_VERSION) {
		store->version = (int)version;
		return only_read || version == STORE_VERSION || renew_tables(store, diag);
	}
	if (!version && !tables && !only_read)
		return make_tables(store, diag);
	diag_set(diag, store->path, 0, 0,
	         !ours                     ? "no database of lockdrill (schema version %d, expected %d)"
	         : version > STORE_VERSION ? "made by a newer lockdrill: schema version %d, this one knows %d"
	                                   : "made by an older lockdrill: schema version %d, this one knows %d: "
	                                     "run the checkers again, into another file",
	         (int)version, STORE_VERSION);
	return false;
}

/* Makes the file where there is none, and locks it. */
static bool
lock_file(struct store *store, bool *made, struct diag *diag)
{
	store->lock = open(store->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	*made = store->lock >= 0;
	if (!*made && errno == EEXIST)
		store->lock = open(store->path, O_RDWR | O_CLOEXEC);
	if (store->lock < 0) {
		diag_set(diag, store->path, 0, 0, "cannot open: %s", strerror(errno));
		return false;
	}
	if (!flock(store->lock, LOCK_EX | LOCK_NB))
		return true;
	*made = false; /* another was faster, and it is his */
	if (errno == EWOULDBLOCK)
		diag_set(diag, store->path, 0, 0, "another lockdrill is writing to it");
	else
		diag_set(diag, store->path, 0, 0, "cannot lock: %s", strerror(errno));
	return false;
}

static bool
open_as(struct store *store, int flags, bool only_read, struct diag *diag)
{
	if (sqlite3_open_v2(store->path, &store->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		diag_set(diag, store->path, 0, 0,
		         "cannot open: %s (is there such a directory, and may it be written?)",
		         sqlite3_errmsg(store->db));
		return false;
	}
	sqlite3_busy_timeout(store->db, 5000);
	return check_version(store, only_read, diag);
}

/* What a killed writer left half done is undone by who opens next; that takes a connection that may write,
 * even to read. */
static bool
open_database(struct store *store, bool only_read, struct diag *diag)
{
	if (!only_read)
		return open_as(store, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, false, diag) &&
		       store_execute(store,
		                     "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL;"
		                     "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 8192;",
		                     "cannot set up", diag);
	if (open_as(store, SQLITE_OPEN_READONLY, true, diag))
		return true;
	if (sqlite3_errcode(store->db) != SQLITE_READONLY)
		return false;
	sqlite3_close(store->db);
	return open_as(store, SQLITE_OPEN_READWRITE, true, diag) &&
	       store_execute(store, "PRAGMA query_only = ON", "cannot set up", diag);
}

void
store_unlink(const char *path)
{
	static const char *const suffixes[] = {"", "-journal", "-wal", "-shm"};

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		struct buf name = {0};

		buf_printf(&name, "%s%s", path, suffixes[i]);
		unlink(name.data);
		buf_free(&name);
	}
}

struct store *
store_open(const char *path, bool only_read, struct diag *diag)
{
	struct store *store = calloc(1, sizeof *store);
	bool ok = true;

	if (!store || !(store->path = strdup(path)))
		die("out of memory");
	store->lock = -1;
	if (!only_read)
		ok = lock_file(store, &store->made, diag);
	else if (access(path, F_OK)) {
		diag_set(diag, path, 0, 0, "cannot open: %s", strerror(errno));
		ok = false;
	}
	if (ok && open_database(store, only_read, diag))
		return store;
	store_abandon(store);
	return NULL;
}

void
store_close(struct store *store)
{
	if (!store)
		return;
	for (unsigned i = 0; i < STORE_STATEMENT_COUNT; i++)
		sqlite3_finalize(store->statement[i]);
	if (store->db && store->lock >= 0) {
		store_rollback(store);
		/* Back to one file, which can be read where nothing may be written; not while others have it open. */
		sqlite3_busy_timeout(store->db, 0);
		sqlite3_exec(store->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
	}
	arena_free(&store->pair_text);
	sqlite3_close(store->db);
	if (store->lock >= 0)
		close(store->lock);
	buf_free(&store->text);
	free(store->path);
	free(store);
}

void
store_abandon(struct store *store)
{
	if (store && store->made) {
		if (store->db)
			store_rollback(store);
		if (!store->db || store_number(store, "SELECT count(*) FROM level", 0) <= 0)
			store_unlink(store->path);
	}
	store_close(store);
}
