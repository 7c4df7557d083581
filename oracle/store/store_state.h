/* What the files of the store share, and nobody else includes: the open database, its statements, and helpers
 * that prepare, bind and step, and turn SQLite's errors into a message with the path. */
#ifndef STORE_STATE_H
#define STORE_STATE_H

#include <sqlite3.h>

#include "store.h"

/* STATEMENT(identifier, SQL): what is asked once a case or an answer, prepared when it is first asked. */
#define STORE_STATEMENTS(STATEMENT)                                                                    \
	STATEMENT(STORE_BEGIN, "BEGIN IMMEDIATE")                                                          \
	STATEMENT(STORE_COMMIT, "COMMIT")                                                                  \
	STATEMENT(STORE_ADD_CASE, "INSERT INTO cases VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)")                \
	STATEMENT(STORE_ADD_EXPECTATION, "INSERT INTO expectations VALUES (?,?,?,?)")                      \
	STATEMENT(STORE_ADD_FINDING, "INSERT INTO findings VALUES (?,?,?,?,?,?,?,?)")                      \
	STATEMENT(STORE_FIND_CASE, "SELECT id, text_hash FROM cases WHERE number = ?")                     \
	STATEMENT(STORE_FIND_ID, "SELECT number FROM cases WHERE id = ?")                                  \
	STATEMENT(STORE_WANTS, "SELECT EXISTS (SELECT 1 FROM cases WHERE number = ?2) AND NOT EXISTS"      \
	                       " (SELECT 1 FROM answers WHERE run = ?1 AND number = ?2 AND repeat = ?3)")  \
	STATEMENT(STORE_ADD_ANSWER, "INSERT INTO answers VALUES (?,?,?,?,?,?,?,?,0,?,?)")                  \
	STATEMENT(STORE_FIND_OUTPUT, "SELECT hash FROM outputs WHERE output = ?")                          \
	STATEMENT(STORE_ADD_OUTPUT, "INSERT INTO outputs VALUES (?,?,?,?)")                                \
	STATEMENT(STORE_NEXT_CASE, "SELECT number, twin, id, rule, ladder, shapes, contested FROM cases"   \
	                           " WHERE number <= twin AND (?1 IS NULL OR rule = ?1) ORDER BY number")  \
	STATEMENT(STORE_TWIN,                                                                              \
	          "SELECT number, twin, id, rule, ladder, shapes, contested FROM cases WHERE number = ?")  \
	STATEMENT(STORE_EXPECTATIONS,                                                                      \
	          "SELECT reading, headline, verdict FROM expectations WHERE number = ? ORDER BY reading") \
	STATEMENT(STORE_KINDS, "SELECT kind FROM findings WHERE number = ? AND reading = ?")               \
	STATEMENT(STORE_ANSWERS,                                                                           \
	          "SELECT repeat, state, reused, retried FROM answers WHERE run = ? AND number = ?")

enum store_statement {
#define STATEMENT(id, sql) id,
	STORE_STATEMENTS(STATEMENT)
#undef STATEMENT
		STORE_STATEMENT_COUNT
};

struct store {
	sqlite3 *db;
	char *path;
	int lock; /* the file, locked while it is open for writing; else -1 */
	sqlite3_stmt *statement[STORE_STATEMENT_COUNT];
	struct buf text; /* findings or shapes at hand */
	/* the output that was stored last; a pack's answers share one */
	char output_hash[HASH_TEXT]; /* "" for none */
	int64_t output;
	/* the level that is being stored or checked */
	const char *level;
	bool checks;    /* it is stored already */
	unsigned cases; /* of it so far */
	/* reading pairs */
	struct arena *arena; /* the reader's */
	const char **name;   /* of rules, readings and ladder steps, one copy each */
	unsigned names;
	unsigned read; /* cases so far */
	bool reading;  /* a pair was read */
	struct stored_pair pair;
};

/* Each fills the diagnostic and returns false. */
bool store_refuse(const struct store *store, struct diag *diag, const char *what); /* what SQLite says */
bool store_refuse_damaged(const struct store *store, struct diag *diag, const char *what, int64_t number);

bool store_execute(struct store *store, const char *sql, const char *what, struct diag *diag);
/* NULL with the message; the caller finalizes it. */
sqlite3_stmt *store_prepare(struct store *store, const char *sql, struct diag *diag);
/* NULL with the message; ready to be bound and stepped. */
sqlite3_stmt *store_statement(struct store *store, enum store_statement statement, struct diag *diag);
/* The text must live until the statement is stepped; NULL is null. */
void store_bind(sqlite3_stmt *statement, int index, const char *text);
/* Steps a statement that gives no rows, and makes it ready for the next. NULL, which preparing gives, is
 * false. */
bool store_step(struct store *store, sqlite3_stmt *statement, struct diag *diag);
/* The same, and finalizes. */
bool store_step_once(struct store *store, sqlite3_stmt *statement, struct diag *diag);
/* Takes the next row; at the end of the rows false. *ok is cleared where the rows break off, which must not
 * pass for their end. */
bool store_next_row(struct store *store, sqlite3_stmt *statement, bool *ok, struct diag *diag);
/* A text of the row; "" where a damaged database has none. */
const char *store_text(sqlite3_stmt *statement, int index);
/* The first column of the first row, with ?1 bound to `number`; -1 where there is none or it cannot be read.
 */
int64_t store_number(struct store *store, const char *sql, int64_t number);
/* Opens a transaction where none is open. */
bool store_begin(struct store *store, struct diag *diag);
void store_rollback(struct store *store);
/* Removes a database with what SQLite puts beside it. */
void store_unlink(const char *path);

/* Makes cases findable by id; where ids occur twice the later pairs are left out before. */
bool store_index_cases(struct store *store, struct diag *diag);

#endif
