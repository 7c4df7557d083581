/* The leak audit: can a level's verdicts be guessed from what its texts look like, without understanding locks?
 *
 *   DIR/manifest.jsonl, DIR/cases/ ──> documents ──> counted features of a set ──> guesses ──> Youden's J, limit
 *
 * The features of a set (the table `sets`) are judged together, by multinomial naive Bayes with Laplace's one (Manning,
 * Raghavan, Schuetze: Introduction to Information Retrieval, 13.2), trained on one half of the families and tried on the
 * other, and the other way round, where the larger J counts; and alone, over all documents: guilty, or innocent, where
 * the count is at least t, for the best t from 1. What the sets hold:
 *
 * - surface: all of the text. Every token, none left out: names, numbers, punctuation, lock calls, control words, marks
 *   and words of comments; every blank space between two tokens, so indentation too; of each line its width in tens;
 *   of the text its bytes, lines, tokens, widest and deepest line, in bins (together) or as they are (alone).
 * - pairs: two tokens in a row after the names of lock calls and helpers and the control words are taken out (their
 *   parentheses and arguments stay).
 * - position: the place in the manifest, in bins and modulo powers of two, and the characters of the file's name.
 * - n-grams: one, two and three tokens in a row, nothing taken out. Published without a limit, as is counting of calls.
 *
 * The column "chance" is two standard errors of J for a guess that knows nothing. `--plant` adds a word to the texts and a
 * digit to the file names of all violating cases: the audit must then fail.
 */
#include <assert.h>
#include <ctype.h>
#include <fnmatch.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "arena.h"
#include "buf.h"

enum {
	SLOTS = 1 << 18,            /* of the table of features */
	SLOTS_MOST = SLOTS / 4 * 3, /* used; from there on features share slots */
	MANIFEST_MOST = 1 << 30,    /* bytes */
	TEXT_MOST = 1 << 24,        /* bytes */
	NGRAM = 3,
	WORST = 5,
	NO_LIMIT = 2, /* more than any J */
	PLACES = 32,  /* bins of the order of files */
};

struct entry {
	uint32_t feature, count;
};

struct document {
	const char *name; /* of the file, without its directory */
	const char *text;
	size_t length;
	uint32_t place, bin; /* in the manifest; the bin of it */
	bool violation;
	bool half;           /* by family */
	struct entry *entry; /* of the set at hand, in its arena */
	uint32_t entries;
};

struct level {
	struct document *document; /* owned */
	uint32_t count;
	struct arena arena;
};

struct slot {
	uint64_t hash;    /* 0: not used */
	const char *name; /* in the arena */
	bool measure;     /* a value, not a count of something: judged alone only */
};

/* Features by number, and the counts of the document at hand. All but the arena's are owned. */
struct features {
	struct slot *slot;
	uint32_t used;
	uint32_t *tally;            /* by feature, of the document at hand */
	uint32_t *touched, touches; /* features with a tally */
	struct buf scratch;
	struct arena arena;
};

/* Right and wrong guesses: [is a violation][guessed one]. */
struct guesses {
	uint32_t of[2][2];
};

/* One feature as a guess. */
struct single {
	const char *set, *name;
	uint32_t threshold;
	double j; /* below zero: more often in correct cases */
};

static void *
allocate(size_t count, size_t size)
{
	void *memory = calloc(count + 1, size);

	if (!memory)
		die("out of memory");
	return memory;
}

/* ---- reading a level ---- */

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static const char *
string_of(const json_t *object, const char *key, const char *path, unsigned line)
{
	const char *value = json_string_value(json_object_get(object, key));

	if (!value)
		die("%s:%u: no string \"%s\"", path, line, key);
	return value;
}

static void
add_text(struct buf *text, const char *directory, const char *file)
{
	struct buf path = {0}, more = {0};

	buf_printf(&path, "%s/%s", directory, file);
	if (!buf_read_file(&more, path.data, TEXT_MOST))
		die("cannot read %s:", path.data);
	buf_add(text, buf_string(&more), more.len);
	buf_free(&path);
	buf_free(&more);
}

/* `helpers` is NULL for a case of one file. */
static void
read_text(struct level *level, struct document *document, const char *directory, const char *file,
          const char *helpers)
{
	struct buf text = {0};

	add_text(&text, directory, file);
	if (helpers)
		add_text(&text, directory, helpers);
	document->text = arena_copy(&level->arena, buf_string(&text), text.len);
	document->length = text.len;
	document->name = arena_string(&level->arena, base_name(file));
	buf_free(&text);
}

static void
read_case(struct level *level, const char *directory, const json_t *object, const char *path, unsigned line)
{
	const char *verdict = string_of(object, "verdict", path, line);
	const char *family = string_of(object, "family", path, line);
	const char *file = string_of(object, "file", path, line);
	struct document *document = &level->document[level->count];

	if (strcmp(verdict, "pass") && strcmp(verdict, "violation"))
		die("%s:%u: verdict \"%s\" is neither pass nor violation", path, line, verdict);
	if (level->count && !strcmp(level->document[level->count - 1].name, base_name(file)))
		die("%s:%u: a second case in %s: make the level without --pack", path, line, file);
	document->place = level->count++;
	document->violation = !strcmp(verdict, "violation");
	document->half = XXH64(family, strlen(family), 0) & 1;
	read_text(level, document, directory, file, json_string_value(json_object_get(object, "helpers_file")));
}

/* What is known when all are read: bins, and that each half can be learnt from. */
static void
finish_level(struct level *level, const char *path)
{
	uint32_t count[2][2] = {{0}};

	for (uint32_t i = 0; i < level->count; i++) {
		struct document *document = &level->document[i];

		document->bin = (uint32_t)((uint64_t)document->place * PLACES / level->count);
		count[document->half][document->violation]++;
	}
	if (!count[0][0] || !count[0][1] || !count[1][0] || !count[1][1])
		die("%s: too few cases: each half of the families needs both verdicts", path);
}

static size_t
count_lines(const struct buf *text)
{
	size_t lines = 1;

	for (size_t i = 0; i < text->len; i++)
		lines += text->data[i] == '\n';
	return lines;
}

static void
read_level(struct level *level, const char *directory)
{
	struct buf path = {0}, manifest = {0};
	unsigned line = 1;

	buf_printf(&path, "%s/manifest.jsonl", directory);
	if (!buf_read_file(&manifest, path.data, MANIFEST_MOST))
		die("cannot read %s:", path.data);
	level->document = allocate(count_lines(&manifest), sizeof *level->document);
	for (const char *at = buf_string(&manifest), *end = at + manifest.len; at < end; line++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((newline ? newline : end) - at);
		json_error_t error;
		json_t *object = json_loadb(at, length, 0, &error);

		if (!json_is_object(object))
			die("%s:%u: %s", path.data, line, object ? "not an object" : error.text);
		read_case(level, directory, object, path.data, line);
		json_decref(object);
		at += length + 1;
	}
	finish_level(level, path.data);
	buf_free(&path);
	buf_free(&manifest);
}

/* A word behind the text, a digit before the name. */
static void
plant(struct level *level)
{
	for (uint32_t i = 0; i < level->count; i++) {
		struct document *document = &level->document[i];
		struct buf text = {0}, name = {0};

		if (!document->violation)
			continue;
		buf_add(&text, document->text, document->length);
		buf_puts(&text, "LEAK\n");
		buf_printf(&name, "1%s", document->name);
		document->length = text.len;
		document->text = arena_copy(&level->arena, text.data, text.len);
		document->name = arena_string(&level->arena, name.data);
		buf_free(&text);
		buf_free(&name);
	}
}

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

static void
features_free(struct features *features)
{
	free(features->slot);
	free(features->tally);
	free(features->touched);
	buf_free(&features->scratch);
	arena_free(&features->arena);
}

/* The number of a feature, a new one for a new name while there is room, then the next used one behind its place. */
static uint32_t
intern(struct features *features, const char *name, size_t length)
{
	uint64_t hash = XXH3_64bits(name, length) | 1;
	uint32_t home = (uint32_t)(hash >> 32) % SLOTS, at = home;

	while (features->slot[at].hash && features->slot[at].hash != hash)
		at = (at + 1) % SLOTS;
	if (features->slot[at].hash)
		return at;
	if (features->used < SLOTS_MOST) {
		features->slot[at] = (struct slot){hash, arena_copy(&features->arena, name, length), false};
		features->used++;
		return at;
	}
	for (at = home; !features->slot[at].hash;)
		at = (at + 1) % SLOTS;
	return at;
}

static uint32_t
count_name(struct features *features, const char *name, size_t length, uint32_t times)
{
	uint32_t feature = intern(features, name, length);

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

	features->slot[feature].measure = true;
	count_one(features, "%s / %u: %u", what, bin, value / bin);
}

/* The tally becomes the document's entries. */
static void
store_entries(struct features *features, struct document *document)
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

static void
put_surface(struct features *features, const struct document *document)
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

static void
put_pairs(struct features *features, const struct document *document)
{
	put_runs(features, document, 2, 2, false);
}

static void
put_ngrams(struct features *features, const struct document *document)
{
	put_runs(features, document, 1, NGRAM, true);
}

static void
put_position(struct features *features, const struct document *document)
{
	size_t length = strlen(document->name);

	count_one(features, "place in bin %u", document->bin);
	for (uint32_t modulus = 2; modulus <= 128; modulus *= 2)
		count_one(features, "place modulo %u: %u", modulus, document->place % modulus);
	for (size_t i = 0; i < length; i++)
		count_one(features, "%c at %zu of the name's end", document->name[i], length - i);
}

/* ---- guesses ---- */

/* Two standard errors of J for a guess by a fair coin. */
static double
chance_of(double correct, double violations)
{
	return 2 * sqrt(0.25 / correct + 0.25 / violations);
}

struct score {
	double j, chance;
};

static struct score
score_of(const struct guesses *guesses)
{
	double correct = (double)guesses->of[0][0] + guesses->of[0][1];
	double violations = (double)guesses->of[1][0] + guesses->of[1][1];

	return (struct score){guesses->of[1][1] / violations - guesses->of[0][1] / correct,
	                      chance_of(correct, violations)};
}

/* weight[feature] = log of how much likelier it makes a violation; returns that of the verdicts themselves. */
static double
train(const struct level *level, const struct features *features, bool half, double *weight)
{
	double *seen[2] = {allocate(SLOTS, sizeof **seen), allocate(SLOTS, sizeof **seen)};
	double sum[2] = {0}, documents[2] = {0};

	for (uint32_t i = 0; i < level->count; i++) {
		const struct document *document = &level->document[i];

		if (document->half != half)
			continue;
		documents[document->violation]++;
		for (uint32_t e = 0; e < document->entries; e++) {
			const struct entry *entry = &document->entry[e];

			if (features->slot[entry->feature].measure)
				continue;
			seen[document->violation][entry->feature] += entry->count;
			sum[document->violation] += entry->count;
		}
	}
	for (uint32_t f = 0; f < SLOTS; f++)
		weight[f] = features->slot[f].measure ? 0
		                                      : log((seen[1][f] + 1) / (sum[1] + features->used)) -
		                                            log((seen[0][f] + 1) / (sum[0] + features->used));
	free(seen[0]);
	free(seen[1]);
	return log(documents[1] / documents[0]);
}

static void
try_half(const struct level *level, bool half, const double *weight, double prior, struct guesses *guesses)
{
	memset(guesses, 0, sizeof *guesses);
	for (uint32_t i = 0; i < level->count; i++) {
		const struct document *document = &level->document[i];
		double score = prior;

		if (document->half != half)
			continue;
		for (uint32_t e = 0; e < document->entries; e++)
			score += weight[document->entry[e].feature] * document->entry[e].count;
		guesses->of[document->violation][score > 0]++;
	}
}

/* Naive Bayes, both ways: the larger J, with either_sign the one further from zero, without its sign. */
static struct score
judge_together(const struct level *level, const struct features *features, bool either_sign)
{
	double *weight = allocate(SLOTS, sizeof *weight);
	struct score score[2];

	for (unsigned half = 0; half < 2; half++) {
		struct guesses guesses;
		double prior = train(level, features, half, weight);

		try_half(level, !half, weight, prior, &guesses);
		score[half] = score_of(&guesses);
		if (either_sign)
			score[half].j = fabs(score[half].j);
	}
	free(weight);
	return score[score[1].j > score[0].j];
}

struct occurrence {
	uint32_t feature, count;
	bool violation;
};

/* By feature, the highest count first. */
static int
compare_occurrences(const void *one, const void *two)
{
	const struct occurrence *a = one, *b = two;

	if (a->feature != b->feature)
		return a->feature < b->feature ? -1 : 1;
	return a->count > b->count ? -1 : a->count < b->count;
}

static void
keep_worst(struct single worst[WORST], const struct single *single)
{
	unsigned at = WORST;

	while (at && fabs(single->j) > fabs(worst[at - 1].j))
		at--;
	if (at == WORST)
		return;
	memmove(&worst[at + 1], &worst[at], (WORST - at - 1) * sizeof *worst);
	worst[at] = *single;
}

/* The best threshold of the feature whose occurrences begin at `at`; returns where the next one's begin. */
static size_t
best_threshold(const struct occurrence *occurrences, size_t count, size_t at, const uint32_t documents[2],
               struct single *best)
{
	uint32_t feature = occurrences[at].feature, reached[2] = {0};

	best->j = 0;
	for (; at < count && occurrences[at].feature == feature; at++) {
		double j;

		reached[occurrences[at].violation]++;
		if (at + 1 < count && occurrences[at + 1].feature == feature &&
		    occurrences[at + 1].count == occurrences[at].count)
			continue;
		j = (double)reached[1] / documents[1] - (double)reached[0] / documents[0];
		if (fabs(j) >= fabs(best->j)) {
			best->j = j;
			best->threshold = occurrences[at].count;
		}
	}
	return at;
}

static struct occurrence *
list_occurrences(const struct level *level, size_t *count)
{
	size_t all = 0;
	struct occurrence *occurrences;

	for (uint32_t i = 0; i < level->count; i++)
		all += level->document[i].entries;
	occurrences = allocate(all, sizeof *occurrences);
	all = 0;
	for (uint32_t i = 0; i < level->count; i++)
		for (uint32_t e = 0; e < level->document[i].entries; e++)
			occurrences[all++] =
				(struct occurrence){level->document[i].entry[e].feature, level->document[i].entry[e].count,
			                        level->document[i].violation};
	qsort(occurrences, all, sizeof *occurrences, compare_occurrences);
	*count = all;
	return occurrences;
}

/* Every feature by itself, the largest J without its sign; the names of the worst are copied to `names`. */
static struct score
judge_alone(const struct level *level, const struct features *features, const char *set,
            struct single worst[WORST], struct arena *names)
{
	uint32_t documents[2] = {0};
	size_t count;
	struct occurrence *occurrences = list_occurrences(level, &count);
	struct score score = {0};

	for (uint32_t i = 0; i < level->count; i++)
		documents[level->document[i].violation]++;
	score.chance = chance_of(documents[0], documents[1]);
	for (size_t at = 0; at < count;) {
		const char *name = features->slot[occurrences[at].feature].name;
		struct single single = {.set = set};

		at = best_threshold(occurrences, count, at, documents, &single);
		score.j = fmax(score.j, fabs(single.j));
		if (fabs(single.j) <= fabs(worst[WORST - 1].j))
			continue;
		single.name = arena_string(names, name);
		keep_worst(worst, &single);
	}
	free(occurrences);
	return score;
}

/* ---- the table ---- */

typedef void put_features(struct features *features, const struct document *document);

static const struct {
	const char *name, *title;
	put_features *put;
	bool either_sign;       /* of J counts when judged together */
	double together, alone; /* limits of J; NO_LIMIT: published only; alone 0: not judged alone */
} sets[] = {
	{"surface", "surface: tokens, lengths, layout", put_surface, false, 0.15, 0.10},
	{"pairs", "pairs of tokens, no lock calls, no control", put_pairs, false, 0.15, 0.10},
	{"position", "position: place and name of the file", put_position, true, 0.02, 0},
	{"n-grams", "n-grams: runs of 1 to 3 tokens", put_ngrams, false, NO_LIMIT, 0},
};

/* Prints a row; false where the limit is broken. */
static bool
print_row(const char *title, const char *how, struct score score, double limit)
{
	printf("%-44s %-12s %7.3f %7.3f  ", title, how, score.j, score.chance);
	if (limit > 1)
		printf("%5s  published\n", "-");
	else
		printf("%5.2f  %s\n", limit, score.j < limit ? "ok" : "TOO HIGH");
	return score.j < limit;
}

static bool
judge_set(struct level *level, size_t set, struct single worst[WORST], struct arena *names)
{
	struct features features = {
		.slot = allocate(SLOTS, sizeof *features.slot),
		.tally = allocate(SLOTS, sizeof *features.tally),
		.touched = allocate(SLOTS, sizeof *features.touched),
	};
	bool good;

	for (uint32_t i = 0; i < level->count; i++) {
		sets[set].put(&features, &level->document[i]);
		store_entries(&features, &level->document[i]);
	}
	good = print_row(sets[set].title, "naive Bayes", judge_together(level, &features, sets[set].either_sign),
	                 sets[set].together);
	if (sets[set].alone > 0)
		good &= print_row(sets[set].title, "worst alone",
		                  judge_alone(level, &features, sets[set].name, worst, names), sets[set].alone);
	features_free(&features);
	return good;
}

/* Guilty where acquires and releases differ in number. */
static void
judge_counting(const struct level *level)
{
	struct guesses guesses = {0};

	for (uint32_t i = 0; i < level->count; i++) {
		const struct document *document = &level->document[i];
		const char *at = document->text, *end = at + document->length;
		uint32_t acquires = 0, releases = 0;
		struct token token;

		while (next_token(&at, end, &token)) {
			acquires += token_matches(&token, acquiring);
			releases += token_matches(&token, releasing);
		}
		guesses.of[document->violation][acquires != releases]++;
	}
	print_row("acquires and releases differ in number", "alone", score_of(&guesses), NO_LIMIT);
}

static void
print_worst(const struct single worst[WORST])
{
	printf("\nworst single features\n%7s  %-8s %-40s %s\n", "J", "set", "feature", "at least");
	for (unsigned i = 0; i < WORST && worst[i].name; i++)
		printf("%+7.3f  %-8s %-40s %u\n", worst[i].j, worst[i].set, worst[i].name, worst[i].threshold);
}

int
main(int argc, char **argv)
{
	bool planted = argc == 3 && !strcmp(argv[1], "--plant"), good = true;
	struct single worst[WORST] = {{0}};
	struct level level = {0};
	struct arena names = {0};

	if (argc != (planted ? 3 : 2) || argv[argc - 1][0] == '-')
		die("usage: leaks [--plant] DIR");
	read_level(&level, argv[argc - 1]);
	if (planted)
		plant(&level);
	printf("%-44s %-12s %7s %7s  %5s\n", "guessed by", "how", "J", "chance", "limit");
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
		good &= judge_set(&level, i, worst, &names);
	judge_counting(&level);
	print_worst(worst);
	arena_free(&names);
	free(level.document);
	arena_free(&level.arena);
	return !good;
}
