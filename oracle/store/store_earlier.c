/* The store: earlier runs. See store.h.
 *
 * Of a checker `runs` has one row. When it is run in another way, as another version, its finished run
 * moves with its answers to earlier_runs, earlier_answers and earlier_declared; when it is run again as it
 * was then, the run moves back. So whoever reads `runs` meets each checker once, and a merge takes that run
 * alone.
 *
 * To read the earlier ones, temporary views take the names of the three tables: SQLite finds those first.
 */
#include <assert.h>
#include <string.h>

#include "store_state.h"

#define ANSWER_TEXTS \
	"number, repeat, state, seconds, cpu, memory, retried, reused, output, findings, why, message"
#define RUNS                                                                                     \
	"tool, adapter, checker, key, arguments, limits, world_hash, containment, repeats, why_not," \
	" finished, seconds"

/* Moves run ?1 from one set of tables to the other, where it is the last: ?2 is its number there. */
static bool
move(struct store *store, const char *const sql[4], int64_t from, int64_t to, struct diag *diag)
{
	store->output_hash[0] = 0;
	for (unsigned i = 0; i < 3; i++)
		if (!store_do(store, sql[i], diag, value_integer(from), value_integer(to)))
			return false;
	return store_do(store, sql[3], diag, value_integer(from));
}

bool
store_forget_run(struct store *store, const char *checker, const char *key, struct diag *diag)
{
	return store_do(store, "DELETE FROM earlier_runs WHERE checker = ? AND key = ?", diag,
	                value_text(checker), value_text(key));
}

bool
store_keep_run(struct store *store, int64_t run, struct diag *diag)
{
	static const char *const sql[] = {
		"INSERT INTO earlier_runs SELECT ?2, " RUNS " FROM runs WHERE run = ?1",
		"INSERT INTO earlier_declared SELECT ?2, rule, reading FROM declared WHERE run = ?1",
		"INSERT INTO earlier_answers SELECT ?2, " ANSWER_TEXTS " FROM answers WHERE run = ?1",
		"DELETE FROM runs WHERE run = ?",
	};
	int64_t last = store_number(store, "SELECT ifnull(max(run), 0) FROM earlier_runs", 0);

	if (last < 0)
		return store_refuse(store, diag, "cannot read");
	return store_do(store,
	                "DELETE FROM earlier_runs WHERE (checker, key) IN"
	                " (SELECT checker, key FROM runs WHERE run = ?)",
	                diag, value_integer(run)) &&
	       move(store, sql, run, last + 1, diag);
}

bool
store_restore_run(struct store *store, const char *checker, const char *key, int64_t *run, struct diag *diag)
{
	static const char *const sql[] = {
		"INSERT INTO runs SELECT ?2, " RUNS " FROM earlier_runs WHERE run = ?1",
		"INSERT INTO declared SELECT ?2, rule, reading FROM earlier_declared WHERE run = ?1",
		"INSERT INTO answers SELECT ?2, " ANSWER_TEXTS " FROM earlier_answers WHERE run = ?1",
		"DELETE FROM earlier_runs WHERE run = ?",
	};
	sqlite3_stmt *row = store_ask(store, "SELECT run FROM earlier_runs WHERE checker = ? AND key = ?", diag,
	                              value_text(checker), value_text(key));
	int64_t from = 0;
	bool ok = true;

	*run = 0;
	if (store_next_row(store, row, &ok, diag))
		from = sqlite3_column_int64(row, 0);
	sqlite3_finalize(row);
	if (!ok || !from)
		return ok;
	*run = store_number(store, "SELECT 1 + ifnull(max(run), 0) FROM runs", 0);
	if (*run < 0)
		return store_refuse(store, diag, "cannot read");
	return move(store, sql, from, *run, diag);
}

/* reading */

/* A text in SQL quotes: a view cannot have a question mark. */
static void
put_quoted(struct buf *out, const char *text)
{
	buf_putc(out, '\'');
	for (; *text; text++) {
		buf_putc(out, *text);
		if (*text == '\'')
			buf_putc(out, '\'');
	}
	buf_putc(out, '\'');
}

bool
store_use_earlier(struct store *store, const char *version, struct diag *diag)
{
	struct buf sql = {0};
	bool ok;

	assert(!store->reading);
	buf_puts(&sql, "CREATE TEMP VIEW answers AS SELECT * FROM main.earlier_answers;"
	               "CREATE TEMP VIEW declared AS SELECT * FROM main.earlier_declared;"
	               "CREATE TEMP VIEW runs AS SELECT * FROM main.earlier_runs WHERE run IN"
	               " (SELECT max(run) FROM main.earlier_runs JOIN main.tools USING (tool)");
	if (version) {
		buf_puts(&sql, " WHERE version = ");
		put_quoted(&sql, version);
	}
	buf_puts(&sql, " GROUP BY checker);");
	ok = store_execute(store, sql.data, "cannot read the earlier runs", diag);
	buf_free(&sql);
	return ok;
}

bool
store_said(struct store *store, int64_t run, uint32_t number, struct buf *why, struct buf *message,
           struct diag *diag)
{
	sqlite3_stmt *row =
		store_ask_kept(store, store->version < STORE_WITH_MESSAGES ? STORE_SAID_BEFORE : STORE_SAID, diag,
	                   value_integer(run), value_integer(number));
	bool ok = true;

	if (store_next_row(store, row, &ok, diag)) {
		buf_puts(why, store_text(row, 0));
		buf_puts(message, store_text(row, 1));
	}
	sqlite3_reset(row);
	return ok;
}
