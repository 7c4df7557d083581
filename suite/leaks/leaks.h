/* What the files of the leak audit share. The way of the data: leaks_level.c reads documents,
 * leaks_features.c counts what is in them, leaks_guess.c and leaks_forest.c guess their verdicts from the
 * counts, leaks_shuffle.c says what chance would have given, leaks.c prints how well that went. */
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
	LEAKS_SHUFFLES = 1000,   /* of the verdicts */
	LEAKS_SEED = 1,          /* of shuffles and forests; the first there is, not chosen */
};

struct entry {
	uint32_t feature, count;
};

struct document {
	const char *name; /* of the file, without its directory */
	const char *text;
	size_t length;
	const char *id, *twin_id;
	uint32_t place, bin; /* in the manifest; the bin of it */
	uint32_t twin;       /* its number; the verdicts of twins are opposite, their halves the same */
	bool violation;
	bool half;           /* by family */
	struct entry *entry; /* of the set at hand, in its arena */
	uint32_t entries;
};

/* Every document is in one pair; documents[half] of them in each half. */
struct level {
	struct document *document; /* owned */
	uint32_t count, documents[2];
	struct arena arena;
};

struct slot {
	uint64_t hash; /* 0: not used */
	uint32_t feature;
};

struct feature {
	const char *name; /* in the arena */
	bool measure;     /* a value, not a count of something: judged alone only */
};

/* Features by number, and the counts of the document at hand. All but the arena's are owned. */
struct features {
	struct slot *slot;
	struct feature *feature;
	uint32_t used;              /* features */
	uint32_t *tally;            /* by feature, of the document at hand */
	uint32_t *touched, touches; /* features with a tally */
	struct buf scratch;
	struct arena arena;
};

/* A statistic, J or what is on its scale; the value that one shuffle in twenty exceeds; and p, the share of
 * shuffles, itself counted as one, in which the statistic is at least as large. */
struct score {
	double j, chance, p;
};

/* One feature as a guess. */
struct single {
	const char *set, *name;
	uint32_t threshold;
	double j; /* below zero: more often in correct cases */
};

/* ---- leaks_level.c ---- */

/* Zeroed memory, one element more than asked for; the program ends where there is none. */
void *leaks_allocate(size_t count, size_t size);

/* Reads DIRECTORY/manifest.jsonl and the texts that it names; the program ends where they are none. Each half
 * of the families has pairs. */
void leaks_read_level(struct level *level, const char *directory);

/* Adds what tells the verdict: a word behind the text, a digit before the name of the violating ones. */
void leaks_plant(struct level *level);

/* ---- leaks_features.c ---- */

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

/* ---- learners: guess each document of one half by what was learnt on the other ---- */

typedef void learner(const struct level *level, const struct features *features, bool *guilty);

/* leaks_guess.c: multinomial naive Bayes; leaks_forest.c: a random forest. */
learner guess_bayes, guess_forest;

/* ---- leaks_shuffle.c ---- */

/* Of a level with the verdicts as they stand. */
typedef double statistic(const struct level *level, const void *context);

/* The statistic, and what it is where the twins of each pair swap verdicts at random, LEAKS_SHUFFLES times.
 * The level is as before at the end. */
struct score shuffle_score(struct level *level, statistic *of, const void *context);

/* ---- statistics of leaks_guess.c ---- */

/* Context: bool *guilty, by document. The larger J of the two halves; that of all documents. */
statistic guess_larger_j, guess_overall_j;

/* Context: struct features. The J further from zero of the two halves, of naive Bayes that learns anew from
 * the verdicts as they stand. */
statistic guess_bayes_anew;

/* Without context. The share of pairs whose violating twin stands first less that of the others; twice the
 * area under the curve of the place in the file less one (Somers' D); the share of neighbours, places 2k and
 * 2k + 1, whose verdicts differ less that of the others. All without their signs. */
statistic order_in_pairs, order_along, order_of_neighbours;

/* Every feature by itself, the largest J without its sign, and what is largest in shuffles; the names of the
 * worst are copied to `names`. */
struct score guess_alone(struct level *level, const struct features *features, const char *set,
                         struct single worst[LEAKS_WORST], struct arena *names);

#endif
