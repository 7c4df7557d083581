/* filters: from options to a filter. See filters.h. */
#include "filters.h"

#include <string.h>

#include "shapes.h"

static bool
check_ladder(const char *word, struct diag *diag)
{
	struct buf steps = {0};

	for (unsigned i = 0; i < LADDER_COUNT; i++) {
		if (!strcmp(ladder_name((enum ladder)i), word))
			return buf_free(&steps), true;
		buf_printf(&steps, "%s%s", i ? ", " : "", ladder_name((enum ladder)i));
	}
	diag_set(diag, "--ladder", 0, 0, "there is no step '%s'; there are: %s", word, buf_string(&steps));
	buf_free(&steps);
	return false;
}

static bool
check_shape(const char *word, struct diag *diag)
{
	struct shapes shapes = shapes_default();

	return shapes_set(&shapes, word, diag);
}

static bool
check_id(const char *word, struct diag *diag)
{
	size_t length = strlen(word);

	if (length && length < HASH_TEXT && strspn(word, "0123456789abcdef") == length)
		return true;
	diag_set(diag, "--case", 0, 0,
	         "'%s' is no id, nor the beginning of one: those have up to %d digits of 0-9 a-f", word,
	         HASH_TEXT - 1);
	return false;
}

static bool
take_words(struct filter_words *words, const struct option_list *list,
           bool (*check)(const char *word, struct diag *diag), struct diag *diag)
{
	_Static_assert((unsigned)OPTION_LIST_MOST <= (unsigned)FILTER_WORDS, "each word has its place");
	words->count = list->count;
	for (unsigned i = 0; i < list->count; i++) {
		if (check && !check(list->item[i], diag))
			return false;
		words->word[i] = list->item[i];
	}
	return true;
}

bool
filters_make(const struct filters *filters, struct filter *filter, struct diag *diag)
{
	*filter = (struct filter){.sample = (unsigned)filters->sample, .seed = filters->seed};
	return take_words(&filter->rules, &filters->rule, NULL, diag) &&
	       take_words(&filter->roles, &filters->role, NULL, diag) &&
	       take_words(&filter->ladder, &filters->ladder, check_ladder, diag) &&
	       take_words(&filter->shapes, &filters->shape, check_shape, diag) &&
	       take_words(&filter->cases, &filters->id, check_id, diag);
}

void
filters_tell(FILE *out, const struct level *level)
{
	struct buf text = {0};

	if (!filter_is_set(&level->filter))
		return;
	buf_printf(&text, "level %s, filters: ", level->name);
	filter_print(&text, &level->filter);
	fprintf(out, "%s\n", text.data);
	buf_free(&text);
}

/* names in a database */

/* Whether each of the words is among the names of the database. */
static bool
are_known(struct store *store, const char *const *word, unsigned count, enum store_names what,
          const char *option, struct diag *diag)
{
	struct buf names = {0};
	bool ok = !count || store_names(store, what, &names, diag);

	for (unsigned i = 0; ok && i < count; i++) {
		size_t length = strlen(word[i]);
		bool found = false;

		for (const char *at = buf_string(&names); length && !found && (at = strstr(at, word[i]));
		     at += length)
			found = (at == names.data || at[-1] == ' ') && (!at[length] || at[length] == ',');
		if (!found) {
			diag_set(diag, option, 0, 0, "no case here has '%s'; there are: %s", word[i], buf_string(&names));
			ok = false;
		}
	}
	buf_free(&names);
	return ok;
}

bool
filters_are_known(struct store *store, const struct filter *filter, const char *reading, struct diag *diag)
{
	return are_known(store, filter->rules.word, filter->rules.count, STORE_RULES, "--rule", diag) &&
	       are_known(store, filter->roles.word, filter->roles.count, STORE_ROLES, "--role", diag) &&
	       are_known(store, filter->ladder.word, filter->ladder.count, STORE_LADDER, "--ladder", diag) &&
	       are_known(store, &reading, reading != NULL, STORE_READINGS, "--reading", diag);
}
