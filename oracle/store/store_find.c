/* The store: single cases, found by the beginning of their id or by their number, with what they are made
 * of. See store.h. */
#include <assert.h>
#include <string.h>

#include "store_state.h"

/* The digit behind the largest id that begins so: ids are hexadecimal, in small letters. */
static const char behind_digits[] = "g";

static bool
read_source(struct store *store, sqlite3_stmt *row, struct stored_source *source, struct arena *arena,
            struct diag *diag)
{
	int64_t number = sqlite3_column_int64(row, 0), twin = sqlite3_column_int64(row, 1);
	const char **const text[] = {&source->id,     &source->rule,     &source->role,
	                             &source->shapes, &source->sequence, &source->edit};

	if (number < 0 || number > UINT32_MAX || twin < 0 || twin > UINT32_MAX)
		return store_refuse_damaged(store, diag, "a case or its twin has no number, at", number);
	source->number = (uint32_t)number;
	source->twin = (uint32_t)twin;
	for (unsigned i = 0; i < sizeof text / sizeof *text; i++)
		*text[i] = arena_string(arena, store_text(row, 2 + (int)i));
	return true;
}

static bool
read_sources(struct store *store, sqlite3_stmt *rows, struct stored_source *found, unsigned *count,
             unsigned most, struct arena *arena, struct diag *diag)
{
	bool ok = true;

	*count = 0;
	while (*count < most && store_next_row(store, rows, &ok, diag)) {
		if (!read_source(store, rows, &found[*count], arena, diag)) {
			ok = false;
			break;
		}
		++*count;
	}
	sqlite3_finalize(rows);
	return ok;
}

bool
store_find_id(struct store *store, const char *beginning, struct stored_source *found, unsigned *count,
              unsigned most, struct arena *arena, struct diag *diag)
{
	struct buf behind = {0};
	bool ok;

	assert(most);
	buf_printf(&behind, "%s%s", beginning, behind_digits);
	ok = read_sources(
		store,
		store_ask(store, "SELECT " STORE_SOURCE_COLUMNS " FROM cases WHERE id >= ? AND id < ? ORDER BY id",
	              diag, value_text(beginning), value_text(behind.data)),
		found, count, most, arena, diag);
	buf_free(&behind);
	return ok;
}

bool
store_find_number(struct store *store, uint32_t number, struct stored_source *found, unsigned *count,
                  struct arena *arena, struct diag *diag)
{
	return read_sources(store,
	                    store_ask(store, "SELECT " STORE_SOURCE_COLUMNS " FROM cases WHERE number = ?", diag,
	                              value_integer(number)),
	                    found, count, 1, arena, diag);
}

enum { IDS_SHOWN = 3 };

/* The beginning of an id stands for one pair. */
static bool
check_id(struct store *store, const char *word, struct diag *diag)
{
	struct stored_source found[2 * IDS_SHOWN];
	struct arena arena = {0};
	struct buf ids = {0};
	unsigned count, pairs = 0;
	bool ok = store_find_id(store, word, found, &count, 2 * IDS_SHOWN, &arena, diag);

	for (unsigned i = 0; ok && i < count; i++) {
		unsigned j = 0;

		while (j < i && found[j].number != found[i].twin)
			j++;
		if (j == i && pairs++ < IDS_SHOWN)
			buf_printf(&ids, "%s%s", ids.len ? ", " : "", found[i].id);
	}
	if (ok && pairs != 1) {
		if (!pairs)
			diag_set(diag, "--case", 0, 0, "no case in %s has an id that begins with '%s'", store->path,
			         word);
		else
			diag_set(diag, "--case", 0, 0, "'%s' begins the ids of several pairs in %s: %s, ...", word,
			         store->path, ids.data);
		ok = false;
	}
	buf_free(&ids);
	arena_free(&arena);
	return ok;
}

bool
store_check_ids(struct store *store, const struct filter *filter, struct diag *diag)
{
	for (unsigned i = 0; i < filter->cases.count; i++)
		if (!check_id(store, filter->cases.word[i], diag))
			return false;
	return true;
}

const char *
store_level_name(struct store *store, struct arena *arena, const char **suite, struct diag *diag)
{
	sqlite3_stmt *row = store_prepare(store, "SELECT name, suite FROM level", diag);
	const char *name = NULL;
	bool ok = true;

	if (store_next_row(store, row, &ok, diag)) {
		name = arena_string(arena, store_text(row, 0));
		*suite = arena_string(arena, store_text(row, 1));
	} else if (ok) {
		diag_set(diag, store->path, 0, 0, "holds no level: nothing was run");
	}
	sqlite3_finalize(row);
	return name;
}

bool
store_adapter(struct store *store, int64_t run, struct buf *adapter, struct diag *diag)
{
	sqlite3_stmt *row = store_ask(store, "SELECT text FROM runs JOIN adapters USING (adapter) WHERE run = ?",
	                              diag, value_integer(run));
	bool ok = true;

	if (store_next_row(store, row, &ok, diag))
		buf_add(adapter, store_text(row, 0), (size_t)sqlite3_column_bytes(row, 0));
	else if (ok)
		ok = store_refuse_damaged(store, diag, "no adapter of run", run);
	sqlite3_finalize(row);
	return ok;
}
