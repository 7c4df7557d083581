/* A configuration file: YAML as a tree of mappings, lists and strings, each with its place, and readers that
 * refuse with that place. Rules and adapters are read through it.
 */
#ifndef CONF_H
#define CONF_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "data.h"
#include "diag.h"

enum conf_kind { CONF_TEXT, CONF_LIST, CONF_MAP };

struct conf_node {
	enum conf_kind kind;
	size_t offset;    /* in the text */
	const char *text; /* TEXT: the scalar, without NUL inside */
	const char *key;  /* of a map's member, else NULL */
	size_t key_offset;
	bool used;               /* a reader asked for this member */
	struct conf_node *first; /* LIST, MAP: the members, in order */
	struct conf_node *next;  /* in the same list or map */
	unsigned count;          /* members */
	struct conf_keys *keys;  /* MAP: those that its readers know */
};

struct conf_keys {
	const char *const *key;
	unsigned count;
	struct conf_keys *next;
};

/* Something that is wrong, by its place in the text. */
struct conf_refusal {
	size_t offset;
	const char *message;
	struct conf_refusal *next;
};

struct conf {
	struct arena *arena;
	const char *name; /* of the input, for messages */
	const char *text;
	size_t length;
	struct diag *diag;
	struct conf_node *root;
	void *reader; /* whatever the `read` functions of a table need */
	/* NULL, and a reader stops at what it refuses first; or takes all that is refused, by place, for
	 * conf_tell: then readers go on behind a field that they refuse. */
	struct conf_refusal **refusals;
	size_t steps; /* characters that were passed to find places: no more than a few for each of the text */
};

/* Reads one document whose root is a map (libyaml, YAML 1.1). Refuses aliases, anchors and tags, repeated
 * keys, keys that are no scalars, more than `limit` bytes, nesting deeper than `depth`, a second document. */
bool conf_parse(struct conf *conf, struct arena *arena, const char *name, const char *text, size_t length,
                size_t limit, unsigned depth, struct diag *diag);
/* The same of a document whose root is a list. */
bool conf_parse_list(struct conf *conf, struct arena *arena, const char *name, const char *text,
                     size_t length, size_t limit, unsigned depth, struct diag *diag);

/* From here on, all is told that is refused, and not the first alone. */
void conf_tell_all(struct conf *conf);
/* Puts what was refused into the diag, the first place first. Returns whether nothing was. */
bool conf_tell(const struct conf *conf);
/* Refuses at a byte of the text; returns false. */
bool conf_refuse_at(const struct conf *conf, size_t offset, const char *format, ...) FAIL_PRINTF(3, 4);
/* Refuses at a node; returns false. */
bool conf_refuse(const struct conf *conf, const struct conf_node *node, const char *format, ...)
	FAIL_PRINTF(3, 4);
/* The member of a map, or NULL; marks it as used. */
struct conf_node *conf_find(struct conf_node *map, const char *key);
/* Whether a node is of that kind; refuses where it is not. */
bool conf_is(const struct conf *conf, const struct conf_node *node, enum conf_kind kind);

/* What is made of the node of a field. */
enum conf_form {
	CONF_STRING, /* const char *: the scalar */
	CONF_NUMBER, /* a number of 1, 4 or 8 bytes, from low to high */
	CONF_WORD,   /* the same: the index of the word among `high` words */
	CONF_OWN,    /* `own` reads the node, which is of that kind */
	CONF_ANY,    /* `own` reads the node, whatever its kind */
	CONF_EACH,   /* `own` reads each member, of that kind, of a list with low to high of them */
};

/* One member of a map and of the struct that it is read into: a table of these is the reader of a map, and
 * says its errors. */
struct conf_field {
	const char *key;
	bool needed;
	enum conf_form form;
	enum conf_kind kind;
	size_t offset, size; /* of the struct's member; 0 where `own` reads */
	long low, high;
	const char *const *words;
	bool (*own)(const struct conf *conf, struct conf_node *node, void *to); /* `to`: the struct */
};

extern const char *const conf_truth[2]; /* false, true */

/* The rows of a table. `key` goes to the member of `type`; `words` is an array. */
#define CONF_PLACE(type, member) offsetof(type, member), sizeof(((type *)NULL)->member)
#define CONF_STRING_ROW(key, needed, type, member)                                      \
	{                                                                                   \
		key, needed, CONF_STRING, CONF_TEXT, CONF_PLACE(type, member), 0, 0, NULL, NULL \
	}
#define CONF_NUMBER_ROW(key, needed, type, member, low, high)                                \
	{                                                                                        \
		key, needed, CONF_NUMBER, CONF_TEXT, CONF_PLACE(type, member), low, high, NULL, NULL \
	}
#define CONF_WORDS_ROW(key, needed, type, member, count, words)                            \
	{                                                                                      \
		key, needed, CONF_WORD, CONF_TEXT, CONF_PLACE(type, member), 0, count, words, NULL \
	}
#define CONF_WORD_ROW(key, needed, type, member, words) \
	CONF_WORDS_ROW(key, needed, type, member, sizeof(words) / sizeof *(words), words)
#define CONF_FLAG_ROW(key, needed, type, member) CONF_WORD_ROW(key, needed, type, member, conf_truth)
#define CONF_OWN_ROW(key, needed, kind, own)               \
	{                                                      \
		key, needed, CONF_OWN, kind, 0, 0, 0, 0, NULL, own \
	}
#define CONF_ANY_ROW(key, needed, own)                          \
	{                                                           \
		key, needed, CONF_ANY, CONF_TEXT, 0, 0, 0, 0, NULL, own \
	}
#define CONF_EACH_ROW(key, needed, kind, own, low, high)         \
	{                                                            \
		key, needed, CONF_EACH, kind, 0, 0, low, high, NULL, own \
	}
/* A table and the number of its rows, as arguments. */
#define CONF_ROWS(table) table, (unsigned)(sizeof(table) / sizeof *(table))

/* Reads a map by a table, row after row; several rows may read one key. Refuses keys that are needed and
 * missing, all at once. */
bool conf_read(const struct conf *conf, struct conf_node *map, const struct conf_field *fields,
               unsigned count, void *to);
/* The index of a node's text among `count` words; refuses with all of them. */
bool conf_word(const struct conf *conf, const struct conf_node *node, const char *const *words,
               unsigned count, unsigned *index);
/* Refuses a member of a map that no reader asked for, with the key that may have been meant. */
bool conf_all_used(const struct conf *conf, const struct conf_node *map);

/* Names of the data files below `prefix` that end in .yaml, without both, sorted; returns their number. */
size_t conf_list(struct arena *arena, const char *prefix, const char ***names);
/* Finds the data file of that name below `prefix`; where there is none, refuses with the names that exist:
 * `what` is what one is called ("rule"), `option` the option that names one. */
bool conf_open(struct arena *arena, const char *prefix, const char *what, const char *option,
               const char *name, struct data_file *file, struct diag *diag);

#endif
