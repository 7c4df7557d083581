/* line: how one number says file and line of a body. */
#ifndef LINE_H
#define LINE_H

/* Lines of the part of a body that a second file holds count from here, so that one number says file and
 * line: LINE_SECOND + 1 is that part's first. Statements, findings and answers all have such numbers; only a
 * manifest has those of files. */
enum { LINE_SECOND = 1 << 20 };

#endif
