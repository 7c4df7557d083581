/* filter: which cases of a level are wanted. See filter.h.
 *
 * Each kind of word is a row of a table: its name in print, where the words stand in a filter, and how one of
 * them fits a case. Shapes are the exception: words of one dimension are alternatives, words of different
 * dimensions all have to fit.
 */
#include "filter.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

static bool
is_same(const char *word, const char *of)
{
	return !strcmp(word, of);
}

static bool
is_beginning(const char *word, const char *of)
{
	return !strncmp(word, of, strlen(word));
}

static const struct {
	const char *name;
	size_t words, of; /* offsets in struct filter and struct filter_case */
	bool (*fits)(const char *word, const char *of);
} rows[] = {
	{"rule", offsetof(struct filter, rules), offsetof(struct filter_case, rule), is_same},
	{"role", offsetof(struct filter, roles), offsetof(struct filter_case, role), is_same},
	{"ladder", offsetof(struct filter, ladder), offsetof(struct filter_case, ladder), is_same},
	{"case", offsetof(struct filter, cases), offsetof(struct filter_case, id), is_beginning},
};

enum { ROWS = sizeof rows / sizeof *rows };

static const struct filter_words *
words_of(const struct filter *filter, unsigned row)
{
	return (const struct filter_words *)(const void *)((const char *)filter + rows[row].words);
}

static const char *
part_of(const struct filter_case *of, unsigned row)
{
	const char *const *part = (const char *const *)(const void *)((const char *)of + rows[row].of);

	return *part;
}

bool
filter_is_set(const struct filter *filter)
{
	bool set = filter->sample || filter->shapes.count;

	for (unsigned i = 0; i < ROWS; i++)
		set = set || words_of(filter, i)->count;
	return set;
}

/* Whether the JSON has the dimension and choice of "place=heap". */
static bool
has_shape(const char *shapes, const char *word)
{
	size_t length = strcspn(word, "=");
	const char *choice = word + length + (word[length] == '=');

	for (const char *at = shapes; (at = strchr(at, '"')); at++) {
		if (strncmp(at + 1, word, length) || strncmp(at + 1 + length, "\":\"", 3))
			continue;
		at += length + 4;
		return !strncmp(at, choice, strlen(choice)) && at[strlen(choice)] == '"';
	}
	return false;
}

static bool
same_dimension(const char *one, const char *two)
{
	size_t length = strcspn(one, "=");

	return length == strcspn(two, "=") && !strncmp(one, two, length);
}

static bool
fits_shapes(const struct filter_words *words, const char *shapes)
{
	for (unsigned i = 0; i < words->count; i++) {
		bool fits = false;

		for (unsigned j = 0; j < words->count; j++)
			fits =
				fits || (same_dimension(words->word[i], words->word[j]) && has_shape(shapes, words->word[j]));
		if (!fits)
			return false;
	}
	return true;
}

bool
filter_fits(const struct filter *filter, const struct filter_case *of)
{
	for (unsigned i = 0; i < ROWS; i++) {
		const struct filter_words *words = words_of(filter, i);
		bool fits = !words->count;

		assert(words->count <= FILTER_WORDS);
		for (unsigned j = 0; j < words->count && !fits; j++)
			fits = rows[i].fits(words->word[j], part_of(of, i));
		if (!fits)
			return false;
	}
	return fits_shapes(&filter->shapes, of->shapes);
}

bool
filter_fits_case(const struct filter *filter, const struct suite_case *of)
{
	const struct filter_case part = {.rule = of->rule->name,
	                                 .role = of->rule->role[of->role].name,
	                                 .ladder = ladder_name(of->ladder),
	                                 .id = of->id};
	struct filter_case whole = part;
	struct buf shapes = {0};
	bool fits;

	shapes_json(&shapes, &of->shapes);
	whole.shapes = buf_string(&shapes);
	fits = filter_fits(filter, &whole);
	buf_free(&shapes);
	return fits;
}

uint64_t
filter_rank(uint64_t seed, const char *id, const char *twin_id)
{
	char hash[HASH_TEXT];
	struct buf text = {0};
	uint64_t rank = 0;

	buf_printf(&text, "%llu %s", (unsigned long long)seed, strcmp(id, twin_id) < 0 ? id : twin_id);
	hash_bytes(text.data, text.len, hash);
	buf_free(&text);
	for (unsigned i = 0; i < 16; i++)
		rank = rank << 4 | (unsigned)(hash[i] <= '9' ? hash[i] - '0' : hash[i] - 'a' + 10);
	return rank >> 1;
}

static void
print_words(struct buf *out, const char *name, const struct filter_words *words)
{
	if (words->count)
		buf_printf(out, "%s%s ", out->len ? "; " : "", name);
	for (unsigned i = 0; i < words->count; i++)
		buf_printf(out, "%s%s", i ? ", " : "", words->word[i]);
}

void
filter_print(struct buf *out, const struct filter *filter)
{
	struct buf text = {0};

	for (unsigned i = 0; i < ROWS; i++)
		print_words(&text, rows[i].name, words_of(filter, i));
	print_words(&text, "shape", &filter->shapes);
	if (filter->sample)
		buf_printf(&text, "%s%u cases drawn by seed %llu", text.len ? "; " : "", filter->sample,
		           (unsigned long long)filter->seed);
	buf_puts(out, text.len ? buf_string(&text) : "none");
	buf_free(&text);
}
