/* The leak audit's features: what is counted of a text, without understanding it. A text is read as tokens;
 * each set of features puts what it counts of one document into the tally, and features_store makes that the
 * document's entries. A feature is known by the hash of its name in one table; when the table is as full as
 * it may be, further names share the places of others.
 */
#include <assert.h>
#include <ctype.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "fail.h"
#include "leaks.h"

enum {
	SLOTS_MOST = FEATURE_SLOTS / 4 * 3, /* used; from there on features share slots */
	NGRAM = 3,
};

/* ---- tokens ---- */

struct token {
	const char *at;
	size_t length;
};

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Of a string or a character constant; it ends with its line at the latest. */
static size_t
quoted_length(const char *at, const char *end)
{
	size_t length = 1;

	while (at + length < end && at[length] != *at && at[length] != '\n')
		length += at[length] == '\\' && at + length + 1 < end && at[length + 1] != '\n' ? 2 : 1;
	return length + (at + length < end && at[length] == *at);
}

static size_t
punctuation_length(const char *at, const char *end)
{
	static const char *const long_ones[] = {
		"...", "<<=", ">>=", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&",
		"||",  "+=",  "-=",  "*=", "/=", "%=", "&=", "|=", "^=", "##", "/*", "*/", "//"};

	for (size_t i = 0; i < sizeof long_ones / sizeof *long_ones; i++) {
		size_t length = strlen(long_ones[i]);

		if ((size_t)(end - at) >= length && !memcmp(at, long_ones[i], length))
			return length;
	}
	return 1;
}

/* The next token at or behind *at, which moves behind it. */
static bool
next_token(const char **at, const char *end, struct token *token)
{
	while (*at < end && isspace((unsigned char)**at))
		++*at;
	if (*at == end)
		return false;
	token->at = *at;
	token->length = 0;
	if (is_word(**at)) {
		while (*at + token->length < end && is_word((*at)[token->length]))
			token->length++;
	} else {
		token->length = **at == '"' || **at == '\'' ? quoted_length(*at, end) : punctuation_length(*at, end);
	}
	*at += token->length;
	return true;
}

static bool
token_matches(const struct token *token, const char *const *patterns)
{
	char word[128];

	if (!is_word(*token->at) || token->length >= sizeof word)
		return false;
	memcpy(word, token->at, token->length);
	word[token->length] = 0;
	for (; *patterns; patterns++)
		if (!fnmatch(*patterns, word, 0))
			return true;
	return false;
}

/* Patterns of fnmatch. */
static const char *const acquiring[] = {"Ke*Acquire*SpinLock*", "Io*Acquire*", "Wdf*Acquire", NULL};
static const char *const releasing[] = {"KeRelease*SpinLock*", "Io*Release*", "Wdf*Release", NULL};
static const char *const lock_calls[] = {
	"Ke*SpinLock*", "Io*CancelSpinLock*", "WdfSpinLock*", "Acquire*", "Release*", "Try*", NULL};
static const char *const control[] = {"if",      "else",  "while",    "for",    "do",   "switch", "case",
                                      "default", "break", "continue", "return", "goto", NULL};
/* ---- features ---- */

void
features_init(struct features *features)
{
	*features = (struct features){
		.slot = leaks_allocate(FEATURE_SLOTS, sizeof *features->slot),
		.feature = leaks_allocate(SLOTS_MOST, sizeof *features->feature),
		.tally = leaks_allocate(SLOTS_MOST, sizeof *features->tally),
		.touched = leaks_allocate(SLOTS_MOST, sizeof *features->touched),
	};
}

void
features_free(struct features *features)
{
	free(features->slot);
	free(features->feature);
	free(features->tally);
	free(features->touched);
	buf_free(&features->scratch);
	arena_free(&features->arena);
}

/* The number of a feature, a new one for a new name while there is room, then the next used one behind its
 * place. */
static uint32_t
intern(struct features *features, const char *name, size_t length)
{
	uint64_t hash = XXH3_64bits(name, length) | 1;
	uint32_t home = (uint32_t)(hash >> 32) % FEATURE_SLOTS, at = home;

	while (features->slot[at].hash && features->slot[at].hash != hash)
		at = (at + 1) % FEATURE_SLOTS;
	if (features->slot[at].hash)
		return features->slot[at].feature;
	if (features->used < SLOTS_MOST) {
		features->slot[at] = (struct slot){hash, features->used};
		features->feature[features->used].name = arena_copy(&features->arena, name, length);
		return features->used++;
	}
	assert(features->used == SLOTS_MOST);
	for (at = home; !features->slot[at].hash;)
		at = (at + 1) % FEATURE_SLOTS;
	return features->slot[at].feature;
}

static uint32_t
count_name(struct features *features, const char *name, size_t length, uint32_t times)
{
	uint32_t feature = intern(features, name, length);

	assert(feature < features->used);
	if (!features->tally[feature] && times)
		features->touched[features->touches++] = feature;
	features->tally[feature] += times;
	return feature;
}

/* Once, a feature by a name made here; none is one token. */
FAIL_PRINTF(2, 3) static void count_one(struct features *features, const char *format, ...)
{
	char name[64];
	va_list args;

	va_start(args, format);
	vsnprintf(name, sizeof name, format, args);
	va_end(args);
	assert(strchr(name, ' '));
	count_name(features, name, strlen(name), 1);
}

/* A property of the whole text: its bin, and for judging it alone the value itself. */
static void
count_measure(struct features *features, const char *what, uint32_t value, uint32_t bin)
{
	uint32_t feature = count_name(features, what, strlen(what), value);

	features->feature[feature].measure = true;
	count_one(features, "%s / %u: %u", what, bin, value / bin);
}

/* The tally becomes the document's entries. */
void
features_store(struct features *features, struct document *document)
{
	document->entries = features->touches;
	document->entry = arena_alloc(&features->arena, (features->touches + 1U) * sizeof *document->entry);
	for (uint32_t i = 0; i < features->touches; i++) {
		uint32_t feature = features->touched[i];

		document->entry[i] = (struct entry){feature, features->tally[feature]};
		features->tally[feature] = 0;
	}
	features->touches = 0;
}

/* ---- the sets ---- */

/* The widths of lines; indentation is in the blanks between tokens. */
static void
measure_lines(struct features *features, const struct document *document)
{
	const char *at = document->text, *end = at + document->length;
	uint32_t lines = 0, widest = 0, deepest = 0;

	for (; at < end; lines++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		uint32_t width = (uint32_t)((newline ? newline : end) - at), depth = 0;

		while (depth < width && at[depth] == '\t')
			depth++;
		count_one(features, "line width / 10: %u", width / 10);
		widest = width > widest ? width : widest;
		deepest = depth > deepest ? depth : deepest;
		at += width + 1U;
	}
	count_measure(features, "lines of the text", lines, 4);
	count_measure(features, "bytes of the widest line", widest, 10);
	count_measure(features, "tabs of the deepest line", deepest, 1);
}

/* The space between two tokens, also where it is none. */
static void
count_gap(struct features *features, const char *from, const char *to)
{
	buf_clear(&features->scratch);
	buf_puts(&features->scratch, "gap ");
	for (; from < to; from++)
		buf_puts(&features->scratch, *from == ' '    ? "_"
		                             : *from == '\n' ? "\\n"
		                             : *from == '\t' ? "\\t"
		                                             : "\\?");
	count_name(features, features->scratch.data, features->scratch.len, 1);
}

void
features_put_surface(struct features *features, const struct document *document)
{
	const char *at = document->text, *end = at + document->length, *behind = at;
	struct token token;
	uint32_t tokens = 0;

	for (; next_token(&at, end, &token); tokens++, behind = at) {
		count_gap(features, behind, token.at);
		count_name(features, token.at, token.length, 1);
	}
	count_gap(features, behind, end);
	measure_lines(features, document);
	count_measure(features, "tokens of the text", tokens, 16);
	count_measure(features, "bytes of the text", (uint32_t)document->length, 128);
}

/* Counts the runs of `from` to `to` tokens that end with the last of `window`. */
static void
count_runs(struct features *features, const struct token *window, unsigned have, unsigned from, unsigned to)
{
	for (unsigned n = from; n <= to && n <= have; n++) {
		buf_clear(&features->scratch);
		for (unsigned i = have - n; i < have; i++) {
			if (i > have - n)
				buf_putc(&features->scratch, ' ');
			buf_add(&features->scratch, window[i].at, window[i].length);
		}
		count_name(features, features->scratch.data, features->scratch.len, 1);
	}
}

static void
put_runs(struct features *features, const struct document *document, unsigned from, unsigned to, bool all)
{
	const char *at = document->text, *end = at + document->length;
	struct token window[NGRAM], token;
	unsigned have = 0;

	while (next_token(&at, end, &token)) {
		if (!all && (token_matches(&token, lock_calls) || token_matches(&token, control)))
			continue;
		if (have == NGRAM) {
			memmove(window, window + 1, (NGRAM - 1) * sizeof *window);
			have--;
		}
		window[have++] = token;
		count_runs(features, window, have, from, to);
	}
}

void
features_put_pairs(struct features *features, const struct document *document)
{
	put_runs(features, document, 2, 2, false);
}

void
features_put_ngrams(struct features *features, const struct document *document)
{
	put_runs(features, document, 1, NGRAM, true);
}

void
features_put_position(struct features *features, const struct document *document)
{
	size_t length = strlen(document->name);

	count_one(features, "place in bin %u", document->bin);
	for (uint32_t modulus = 2; modulus <= 128; modulus *= 2)
		count_one(features, "place modulo %u: %u", modulus, document->place % modulus);
	for (size_t i = 0; i < length; i++)
		count_one(features, "%c at %zu of the name's end", document->name[i], length - i);
}

bool
features_calls_differ(const struct document *document)
{
	const char *at = document->text, *end = at + document->length;
	uint32_t acquires = 0, releases = 0;
	struct token token;

	while (next_token(&at, end, &token)) {
		acquires += token_matches(&token, acquiring);
		releases += token_matches(&token, releasing);
	}
	return acquires != releases;
}
