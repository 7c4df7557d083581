/* quote: any text within a CSV field, a Markdown table, XML or JSON. Bytes that are no UTF-8 become U+FFFD,
 * so that what is written can be read, whatever a checker or a path is called. */
#ifndef QUOTE_H
#define QUOTE_H

#include "buf.h"

/* A field as RFC 4180 has it: in quotes where it holds a comma, a quote or a line's end, or begins or ends
 * with a blank. */
void quote_csv(struct buf *out, const char *text);
/* Words in a line or a table of GitHub-flavoured Markdown: what would be layout is escaped, a line's end is a
 * blank. */
void quote_markdown(struct buf *out, const char *text);
/* Text or an attribute's value in XML 1.0; characters that XML cannot hold become U+FFFD. In an attribute a
 * line's end is kept as a reference. */
void quote_xml(struct buf *out, const char *text);
void quote_xml_attribute(struct buf *out, const char *text);
/* A JSON string, with its quotes. */
void quote_json(struct buf *out, const char *text);

#endif
