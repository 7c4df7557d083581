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

/* A result that counts, at one of its locations. */
struct sarif_finding {
	uint32_t file; /* of the manifest; IMPORT_NONE where it has no location */
	uint32_t line; /* of the file; 0 where it has none */
	uint8_t kind;
	size_t result; /* its index, for a message */
};

struct sarif {
	struct import *import;
	struct sarif_tool *tool;
	const struct sarif_options *options;
	const char *name;
	struct diag *diag;
	struct buf pointer;
	/* of the run at hand */
	const json_t *run;
	struct sarif_finding *finding; /* owned */
	size_t findings, room;
	bool *covered, *named; /* by file; owned */
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
/* An index into an array, of which -1 stands for none: the object there, or NULL. Where there is no array,
 * none is meant. */
bool sarif_take_index(struct sarif *s, const json_t *object, const char *key, const json_t *array,
                      const json_t **item);

/* The file of an artifactLocation: of the manifest; SARIF_NOBODY for a header; IMPORT_NONE where the location
 * names none. A file that is unknown is an error if `wanted`, else SARIF_NOBODY. */
bool sarif_find_file(struct sarif *s, const json_t *location, bool wanted, uint32_t *file);
/* The results of the run: the findings, and in `named` the files that any of them names. */
bool sarif_read_results(struct sarif *s, const json_t *results);

#endif
