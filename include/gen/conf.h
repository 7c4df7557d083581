/* A configuration file: YAML as a tree of mappings, lists and strings, each with its place, and readers that refuse with
 * that place. Rules and adapters are read through it.
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
};

struct conf {
	struct arena *arena;
	const char *name; /* of the input, for messages */
	const char *text;
	size_t length;
	struct diag *diag;
	struct conf_node *root;
};

/* Reads one document whose root is a map (libyaml, YAML 1.1). Refuses aliases, anchors and tags, repeated keys, keys that are no
 * scalars, more than `limit` bytes, nesting deeper than `depth`, a second document. */
bool conf_parse(struct conf *conf, struct arena *arena, const char *name, const char *text, size_t length,
                size_t limit, unsigned depth, struct diag *diag);

/* Refuses at a node; returns false. */
bool conf_refuse(const struct conf *conf, const struct conf_node *node, const char *format, ...)
	FAIL_PRINTF(3, 4);
/* The member of a map, or NULL; marks it as used. */
struct conf_node *conf_find(struct conf_node *map, const char *key);
/* As conf_find, and refuses where it is missing or of another kind. */
bool conf_need(const struct conf *conf, struct conf_node *map, const char *key, enum conf_kind kind,
               struct conf_node **node);
/* The text of a member that must be there. */
bool conf_text(const struct conf *conf, struct conf_node *map, const char *key, const char **text);
/* A whole number from low to high; leaves *number as it is where the member is missing and not needed. */
bool conf_number(const struct conf *conf, struct conf_node *map, const char *key, bool needed, long low,
                 long high, long *number);
/* true or false. */
bool conf_flag(const struct conf *conf, struct conf_node *map, const char *key, bool needed, bool *flag);
/* The index of a node's text among `count` words; refuses with all of them. */
bool conf_word(const struct conf *conf, const struct conf_node *node, const char *const *words,
               unsigned count, unsigned *index);
/* Refuses the first member of a map that no reader asked for. */
bool conf_all_used(const struct conf *conf, const struct conf_node *map);

/* Names of the data files below `prefix` that end in .yaml, without both, sorted; returns their number. */
size_t conf_list(struct arena *arena, const char *prefix, const char ***names);
/* Finds the data file of that name below `prefix`; where there is none, refuses with the names that exist: `what` is what one
 * is called ("rule"), `option` the option that names one. */
bool conf_open(struct arena *arena, const char *prefix, const char *what, const char *option,
               const char *name, struct data_file *file, struct diag *diag);

#endif
