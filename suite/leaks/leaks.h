/* What the files of the leak audit share. The way of the data: leaks_level.c reads documents,
 * leaks_features.c counts what is in them, leaks_guess.c guesses their verdicts from the counts, leaks.c
 * prints how well that went. */
#ifndef LEAKS_H
#define LEAKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"

enum {
	FEATURE_SLOTS = 1 << 18, /* of the table of features */
	LEAKS_WORST = 5,         /* single features that are shown */
	LEAKS_PLACES = 32,       /* bins of the order of files */
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

/* Youden's J, and two standard errors of it for a guess that knows nothing. */
struct score {
	double j, chance;
};

/* One feature as a guess. */
struct single {
	const char *set, *name;
	uint32_t threshold;
	double j; /* below zero: more often in correct cases */
};

/* Zeroed memory, one element more than asked for; the program ends where there is none. */
void *leaks_allocate(size_t count, size_t size);

/* Reads DIRECTORY/manifest.jsonl and the texts that it names; the program ends where they are none. Each half
 * of the families has both verdicts. */
void leaks_read_level(struct level *level, const char *directory);

/* Adds what tells the verdict: a word behind the text, a digit before the name of the violating ones. */
void leaks_plant(struct level *level);

void features_init(struct features *features);
void features_free(struct features *features);

/* One a set: counts what the document has of it. features_store then makes the tally the document's
 * entries. */
void features_put_surface(struct features *features, const struct document *document);
void features_put_pairs(struct features *features, const struct document *document);
void features_put_ngrams(struct features *features, const struct document *document);
void features_put_position(struct features *features, const struct document *document);
void features_store(struct features *features, struct document *document);

/* Whether the names of acquiring and releasing calls differ in number. */
bool features_calls_differ(const struct document *document);

struct score guess_score(const struct guesses *guesses);

/* Naive Bayes, both ways: the larger J, with either_sign the one further from zero, without its sign. */
struct score guess_together(const struct level *level, const struct features *features, bool either_sign);

/* Every feature by itself, the largest J without its sign; the names of the worst are copied to `names`. */
struct score guess_alone(const struct level *level, const struct features *features, const char *set,
                         struct single worst[LEAKS_WORST], struct arena *names);

#endif
