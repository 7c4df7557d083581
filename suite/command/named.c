/* named: from what a user calls cases to their ids and places. See named.h.
 *
 * A case stands in the level asked for, else in the last that holds it, which is standard where smoke holds
 * it too.
 */
#include "named.h"

#include <string.h>

#include "source.h"

static bool
find_one(struct named *named, const char *name, const char *wanted, struct buf *dispute, struct diag *diag)
{
	const struct source_wish wish = {.name = name, .level = wanted};
	struct source source;
	const char *level;
	bool ok = source_find(&source, &wish, dispute, diag);

	if (ok) {
		level = source.place[source.places - 1].level;
		if (named->level && strcmp(level, named->level)) {
			diag_set(diag, "--case", 0, 0, "%s is of level %s, and those before it of %s: one level a call",
			         name, level, named->level);
			ok = false;
		}
		named->level = arena_string(&named->arena, level);
		memcpy(named->id[named->count], source.twins[source.half].id, HASH_TEXT);
		named->number[named->count++] = source.twins[source.half].number;
	}
	source_free(&source);
	return ok;
}

bool
named_filter(struct named *named, const struct filters *filters, const char *level, struct filter *filter,
             struct buf *dispute, struct diag *diag)
{
	struct filters others = *filters;

	others.id.count = 0;
	if (!filters_make(&others, filter, diag))
		return false;
	for (unsigned i = 0; i < filters->id.count; i++) {
		if (!find_one(named, filters->id.item[i], level, dispute, diag))
			return false;
		filter->cases.word[i] = named->id[i];
	}
	filter->cases.count = filters->id.count;
	return true;
}

void
named_only(const struct named *named, struct level *level)
{
	if (level->plan.deal && named->count)
		level_only(level, named->number, named->count);
}

void
named_free(struct named *named)
{
	arena_free(&named->arena);
}
