/* ask: command lines that we tell, by which a checker is asked again. */
#ifndef ASK_H
#define ASK_H

#include "buf.h"

/* Adds a word as a shell reads it. */
void ask_word(struct buf *out, const char *word);
/* Adds the options of `run` that name a checker: "--checker sparse". An adapter that is not built in is in a
 * directory that a user names: in one of ours, or who knows where: "--data DIR --checker mine". */
void ask_checker(struct buf *out, const char *name);

#endif
