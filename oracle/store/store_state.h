/* What the files of the store share, and nobody else includes: the open database, its statements, and helpers
 * that prepare, bind and step, and turn SQLite's errors into a message with the path. */
#ifndef STORE_STATE_H
#define STORE_STATE_H

#include <sqlite3.h>
#include <string.h>

#include "store.h"

#define STORE_CASE_COLUMNS "number, twin, id, rule, ladder, shapes, contested, family, role, sequence"
#define STORE_SOURCE_COLUMNS \
	"number, twin, id, rule, role, shapes, sequence, edit" /* as store_find.c reads them */
/* The first halves of the pairs that are read. store_read defines wanted() for its filter; ?1 says that there
 * is none. */
#define STORE_WANTED_PAIRS                                                               \
	" FROM cases WHERE number <= twin AND (?1 OR wanted(rule, role, ladder, shapes, id," \
	" (SELECT ladder FROM cases t WHERE t.number = cases.twin),"                         \
	" (SELECT id FROM cases t WHERE t.number = cases.twin)))"

#define STORE_FIRST_ANSWER " FROM answers WHERE run = ? AND number = ? AND repeat = 0"

enum { STORE_WITH_MESSAGES = 6 }; /* version of the schema from which on answers have messages */

/* STATEMENT(identifier, SQL): what is asked once a case or an answer, prepared when it is first asked. */
#define STORE_STATEMENTS(STATEMENT)                                                                      \
	STATEMENT(STORE_BEGIN, "BEGIN IMMEDIATE")                                                            \
	STATEMENT(STORE_COMMIT, "COMMIT")                                                                    \
	STATEMENT(STORE_ADD_CASE, "INSERT INTO cases VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)")                  \
	STATEMENT(STORE_ADD_EXPECTATION, "INSERT INTO expectations VALUES (?,?,?,?)")                        \
	STATEMENT(STORE_ADD_FINDING, "INSERT INTO findings VALUES (?,?,?,?,?,?,?,?)")                        \
	STATEMENT(STORE_FIND_CASE, "SELECT id, text_hash FROM cases WHERE number = ?")                       \
	STATEMENT(STORE_FIND_ID, "SELECT number FROM cases WHERE id = ?")                                    \
	STATEMENT(STORE_ADD_ANSWER, "INSERT INTO answers VALUES (?,?,?,?,?,?,?,?,0,?,?,?,?)")                \
	STATEMENT(STORE_FIND_OUTPUT, "SELECT hash FROM outputs WHERE output = ?")                            \
	STATEMENT(STORE_ADD_OUTPUT, "INSERT INTO outputs VALUES (?,?,?,?)")                                  \
	STATEMENT(STORE_NEXT_CASE, "SELECT " STORE_CASE_COLUMNS STORE_WANTED_PAIRS " ORDER BY number")       \
	STATEMENT(STORE_TWIN, "SELECT " STORE_CASE_COLUMNS " FROM cases WHERE number = ?")                   \
	STATEMENT(STORE_EXPECTATIONS,                                                                        \
	          "SELECT reading, headline, verdict FROM expectations WHERE number = ? ORDER BY reading")   \
	STATEMENT(STORE_FINDINGS,                                                                            \
	          "SELECT reading, kind, line, lines FROM findings WHERE number = ? ORDER BY reading, item") \
	STATEMENT(STORE_ANSWERS, "SELECT repeat, state, reused, retried, seconds, memory, findings"          \
	                         " FROM answers WHERE run = ? AND number = ?")                               \
	STATEMENT(STORE_SAID, "SELECT why, message" STORE_FIRST_ANSWER)                                      \
	STATEMENT(STORE_SAID_BEFORE, "SELECT why, NULL" STORE_FIRST_ANSWER)

enum store_statement {
#define STATEMENT(id, sql) id,
	STORE_STATEMENTS(STATEMENT)
#undef STATEMENT
		STORE_STATEMENT_COUNT
};

struct store {
	sqlite3 *db;
	char *path;
	int lock;    /* the file, locked while it is open for writing; else -1 */
	bool made;   /* by us */
	int version; /* of the schema: STORE_VERSION, or an earlier one that is only read */
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
	unsigned names, name_room;
	unsigned read; /* cases so far */
	bool reading;  /* a pair was read */
	const struct filter *filter;
	uint64_t last_rank;     /* of the sample: pairs up to this rank are in it */
	struct arena pair_text; /* findings of the pair at hand */
	struct stored_pair pair;
};

/* What a ? of a statement stands for. Texts and bytes must live until the statement is stepped. */
struct store_value {
	enum { VALUE_INTEGER, VALUE_REAL, VALUE_TEXT, VALUE_BYTES } type;
	int64_t integer;
	double real;
	const char *text; /* NULL is null */
	size_t length;
};

static inline struct store_value
value_integer(int64_t integer)
{
	return (struct store_value){.type = VALUE_INTEGER, .integer = integer};
}

static inline struct store_value
value_real(double real)
{
	return (struct store_value){.type = VALUE_REAL, .real = real};
}

static inline struct store_value
value_text(const char *text)
{
	return (struct store_value){.type = VALUE_TEXT, .text = text, .length = text ? strlen(text) : 0};
}

/* A text that may hold any bytes. */
static inline struct store_value
value_string(const char *text, size_t length)
{
	return (struct store_value){.type = VALUE_TEXT, .text = length ? text : "", .length = length};
}

static inline struct store_value
value_bytes(const char *bytes, size_t length)
{
	return (struct store_value){.type = VALUE_BYTES, .text = length ? bytes : "", .length = length};
}

/* Each fills the diagnostic and returns false. */
bool store_refuse(const struct store *store, struct diag *diag, const char *what); /* what SQLite says */
bool store_refuse_damaged(const struct store *store, struct diag *diag, const char *what, int64_t number);

bool store_execute(struct store *store, const char *sql, const char *what, struct diag *diag);
/* Values of a statement, in the order of its question marks; their number must be that of the marks. */
#define STORE_VALUES(...)                        \
	((const struct store_value[]){__VA_ARGS__}), \
		(unsigned)(sizeof((const struct store_value[]){__VA_ARGS__}) / sizeof(struct store_value))

/* Executes a statement that gives no rows: one that is kept, or one for this time. */
#define store_put(store, statement, diag, ...) \
	store_put_values((store), (statement), (diag), STORE_VALUES(__VA_ARGS__))
#define store_do(store, sql, diag, ...) store_do_values((store), (sql), (diag), STORE_VALUES(__VA_ARGS__))
bool store_put_values(struct store *store, enum store_statement statement, struct diag *diag,
                      const struct store_value *value, unsigned count);
bool store_do_values(struct store *store, const char *sql, struct diag *diag, const struct store_value *value,
                     unsigned count);

/* A statement that is ready to give its rows, or NULL with the message. One that is kept is reset when it is
 * asked again, or by the caller; the other the caller finalizes. */
#define store_ask_kept(store, statement, diag, ...) \
	store_ask_kept_values((store), (statement), (diag), STORE_VALUES(__VA_ARGS__))
#define store_ask(store, sql, diag, ...) store_ask_values((store), (sql), (diag), STORE_VALUES(__VA_ARGS__))
sqlite3_stmt *store_ask_kept_values(struct store *store, enum store_statement statement, struct diag *diag,
                                    const struct store_value *value, unsigned count);
sqlite3_stmt *store_ask_values(struct store *store, const char *sql, struct diag *diag,
                               const struct store_value *value, unsigned count);
/* The same where it has no question marks. */
sqlite3_stmt *store_prepare(struct store *store, const char *sql, struct diag *diag);

/* Takes the next row; at the end of the rows false. *ok is cleared where the rows break off, which must not
 * pass for their end, and where there is no statement. */
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

/* Whether each word of the filter's cases begins the ids of one pair. */
bool store_check_ids(struct store *store, const struct filter *filter, struct diag *diag);

/* Moves a run to the earlier ones, as the last of them. */
bool store_keep_run(struct store *store, int64_t run, struct diag *diag);
/* Moves the checker's earlier run of this key back among the runs, where there is one: *run is its number
 * there, else 0. There is no run of the checker then. */
bool store_restore_run(struct store *store, const char *checker, const char *key, int64_t *run,
                       struct diag *diag);
/* Deletes the checker's earlier run of this key. */
bool store_forget_run(struct store *store, const char *checker, const char *key, struct diag *diag);

#endif
