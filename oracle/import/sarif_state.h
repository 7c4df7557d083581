/* What the readers of SARIF share: a log on its way, the readers of its properties, and what its results come
 * to.
 *
 * The JSON pointer of what is looked at is kept while walking down: sarif_enter and sarif_leave. What returns
 * false has refused; the pointer then is where it was refused, and the log is over.
 */
#ifndef SARIF_STATE_H
#define SARIF_STATE_H

#include <jansson.h>

#include "buf.h"
#include "sarif.h"

#define SARIF_NOBODY (IMPORT_NONE - 1) /* a file that is no case's: a header */

/* A result that counts or that is undecided, at one of its locations. */
struct sarif_finding {
	uint32_t file;       /* of the manifest; IMPORT_NONE where it has no location */
	uint32_t line;       /* of the file; 0 where it has none */
	uint8_t taken;       /* enum kind, IMPORT_KINDLESS or IMPORT_UNDECIDED */
	size_t result;       /* its index, for a message */
	const char *message; /* in the import's arena; "" where it has none */
};

struct sarif {
	struct import *import;
	struct sarif_tool *tool;
	const struct sarif_options *options;
	const char *name;
	struct diag *diag;
	struct buf pointer;
	struct buf text; /* of the message at hand */
	bool alone;      /* the only run of the only log */
	/* of the run at hand */
	const json_t *run;
	struct sarif_finding *finding; /* owned */
	unsigned findings, room;
	bool extracts;                   /* it says which files it extracted */
	bool failed;                     /* what it says of its files is worth nothing */
	bool *covered, *named, *crashed; /* by file; one block, owned */
};

/* Each returns the pointer's length before, for sarif_leave. */
size_t sarif_enter(struct sarif *s, const char *key);
size_t sarif_enter_item(struct sarif *s, size_t index);
void sarif_leave(struct sarif *s, size_t before);
/* Refuses what the pointer stands at; always false. */
bool sarif_refuse(struct sarif *s, const char *format, ...) FAIL_PRINTF(2, 3);

/* The property, or NULL where it is absent or null. JSON_TRUE asks for either truth value. False where it is
 * of another type. */
bool sarif_take(struct sarif *s, const json_t *object, const char *key, json_type type, const json_t **value);
/* A string, or `otherwise` where it is absent. */
bool sarif_take_string(struct sarif *s, const json_t *object, const char *key, const char *otherwise,
                       const char **string);
/* A whole number, or `otherwise` where it is absent. */
bool sarif_take_number(struct sarif *s, const json_t *object, const char *key, int64_t otherwise,
                       int64_t *number);
/* An index into an array, of which -1 stands for none: the object there, or NULL. Where there is no array,
 * none is meant. */
bool sarif_take_index(struct sarif *s, const json_t *object, const char *key, const json_t *array,
                      const json_t **item);
/* Calls `read` for each item of an array, which may be absent, with the pointer at the item. */
bool sarif_each(struct sarif *s, const json_t *object, const char *key,
                bool (*read)(struct sarif *s, const json_t *item, size_t index, void *context),
                void *context);

/* sarif_place.c */

/* The file of an artifactLocation: of the manifest; SARIF_NOBODY for a header; IMPORT_NONE where the location
 * names none. A file that is unknown is an error if `wanted`, else SARIF_NOBODY. */
bool sarif_find_file(struct sarif *s, const json_t *location, bool wanted, uint32_t *file);
/* File and line of a location. */
bool sarif_find_place(struct sarif *s, const json_t *location, bool wanted, uint32_t *file, uint32_t *line);

/* sarif_rule.c */

/* What a result or a notification is an instance of. */
struct sarif_rule {
	const char *id;           /* "" where it has none */
	const json_t *descriptor; /* NULL where no log describes it */
	const json_t *component;  /* of the tool, in which it would be described */
};

/* A reportingDescriptorReference, which may be absent, to one of the component's `list`: "rules" or
 * "notifications". */
bool sarif_find_rule(struct sarif *s, const json_t *reference, const char *list, struct sarif_rule *rule);
/* The rule of a result, by all that the result says of it. */
bool sarif_find_result_rule(struct sarif *s, const json_t *result, struct sarif_rule *rule);
/* The level of a result or notification: its own, else as the invocation (NULL for none) overrides it in its
 * property `overrides`, else the rule's default, else "warning" (SARIF 3.27.10). */
bool sarif_find_level(struct sarif *s, const json_t *of, const struct sarif_rule *rule,
                      const json_t *invocation, const char *overrides, const char **level);
/* Refuses overrides that cannot be read, where they stand. */
bool sarif_check_overrides(struct sarif *s, const json_t *invocation);
/* The message's text with its arguments put in; valid until the next is asked for. */
bool sarif_find_message(struct sarif *s, const json_t *of, const struct sarif_rule *rule, const char **text);
/* Tells the options of all rules that the tool has. */
void sarif_know_rules(struct sarif *s);

/* sarif_result.c */

/* The results of the run: the findings, and in `named` the files that any of them names. */
bool sarif_read_results(struct sarif *s);

#endif
