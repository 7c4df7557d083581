/* html: pages: any text within HTML, and templates of ours filled in.
 *
 * What is written is XML too, so that any reader of XML can check it.
 */
#ifndef HTML_H
#define HTML_H

#include <stdbool.h>

#include "arena.h"
#include "buf.h"
#include "diag.h"
#include "template.h"

/* Text, or an attribute's value between double quotes. Whatever it holds, it is no markup, and does not
 * change the direction in which what follows is read: control characters, those that embed or override a
 * direction, and bytes that are no UTF-8 become U+FFFD. */
void html_text(struct buf *out, const char *text);
/* Adds strings as they stand but for every second one, which is html_text's: markup, text, markup ... and
 * NULL behind the last. */
void html_mixed(struct buf *out, ...);

/* A slot of a buffer, or of a string. */
struct template_slot html_slot(const char *name, const struct buf *text);
struct template_slot html_slot_text(const char *name, const char *text);
/* Finds "templates/NAME" and splits it; it lives in the arena. False with the message. */
bool html_load(struct template *template, struct arena *arena, const char *name, struct diag *diag);
/* Adds the bytes of "templates/NAME" as they stand. */
bool html_add_file(struct buf *out, struct arena *arena, const char *name, struct diag *diag);
/* Fills in a section. False with its place for a slot that is none. */
bool html_fill(struct buf *out, const struct template *template, const char *section,
               const struct template_slot *slots, size_t count, struct diag *diag);

/* What differs from page to page; all of it is markup. Not owned. */
struct html_page {
	const char *title, *heading;
	const char *skip, *skip_words; /* what the first link leads to: the id, and what it is called */
	const char *foot;
	const struct buf *subject, *links, *parts;
	/* Both, and the page stands in one file; or neither, and style.css and book.js stand beside it. */
	const struct buf *style, *script;
};

/* A whole page, by templates/report/frame.html. */
bool html_page(struct buf *out, const struct html_page *page, struct arena *arena, struct diag *diag);

#endif
