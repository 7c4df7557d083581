/* Templates: text with slots, which a role, world or report fills in.
 *
 *   @# a comment line            @set KEY VALUE      a value, before the first section
 *   @begin NAME ... @end         a section           @if SLOT ... @endif   lines for a slot that is not empty
 *   @else, between these: lines for one that is empty
 *   @{slot}                      what the slot holds @@                    one @
 *
 * A slot alone on its line and empty leaves no line.
 */
#ifndef TEMPLATE_H
#define TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "diag.h"

enum template_op {
	TEMPLATE_TEXT,
	TEMPLATE_SLOT,
	TEMPLATE_SLOT_LINE,
	TEMPLATE_IF,
	TEMPLATE_ELSE,
	TEMPLATE_ENDIF
};

struct template_piece {
	enum template_op op;
	const char *bytes; /* the text, or the slot's name; not owned */
	size_t length;
	size_t skip;    /* IF: index of its ELSE or ENDIF in the section; ELSE: of its ENDIF */
	uint32_t lines; /* TEXT: newlines in it */
	size_t offset;  /* in the template's text, for messages */
};

struct template_section {
	const struct template *template;
	const char *name;
	struct template_piece *piece; /* `count`, in the arena */
	unsigned count, room;
};

struct template_set {
	const char *key, *value;
};

enum { TEMPLATE_SETS = 16, TEMPLATE_SECTIONS = 8 };

struct template
{
	const char *name; /* what messages call it */
	const char *text; /* outlives the template */
	size_t length;
	unsigned sets, sections;
	struct template_set set[TEMPLATE_SETS];
	struct template_section section[TEMPLATE_SECTIONS];
};

struct template_slot {
	const char *name;
	const char *bytes; /* inserted as they stand */
	size_t length;
};

/* Splits a template; `text` must outlive it. False with the place of what is wrong: an unknown directive, a
 * section or @if that is not closed or closed twice, a name used twice, text outside sections, a slot's name
 * that is none. CRLF is read as a newline, and a byte order mark is passed over. A NUL stands behind `text`.
 */
bool template_parse(struct template *template, struct arena *arena, const char *name, const char *text,
                    size_t length, struct diag *diag);
/* NULL when there is none. */
const char *template_value(const struct template *template, const char *key);
const struct template_section *template_section(const struct template *template, const char *name);
/* Fills a section in and adds the newlines printed to *lines. False, with its place, for a slot that is not
 * among `count` slots. */
bool template_print(struct buf *out, const struct template_section *section,
                    const struct template_slot *slots, size_t count, uint32_t *lines, struct diag *diag);

#endif
