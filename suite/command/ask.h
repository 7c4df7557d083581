/* ask: command lines that we tell, by which a checker is asked again. */
#ifndef ASK_H
#define ASK_H

#include <stdbool.h>

#include "arena.h"
#include "buf.h"
#include "diag.h"
#include "store.h"

/* Adds a word as a shell reads it. */
void ask_word(struct buf *out, const char *word);
/* Adds the options of `run` that name a checker: "--checker sparse". An adapter that is not built in is in a
 * directory that a user names: in one of ours, or who knows where: "--data DIR --checker mine". */
void ask_checker(struct buf *out, const char *name);

/* The same for whom a run asked, from the adapter that is stored: also "--program FILE". In the arena; NULL
 * where its answers were imported. False where the store cannot be read. */
bool ask_run(const char **ask, struct store *store, const struct stored_checker *checker, struct arena *arena,
             struct diag *diag);

#endif
