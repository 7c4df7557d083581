/* A plug-in: a checker in a shared object, of which this process is the worker. include/lockdrill/checker.h
 * is its side.
 *
 * The worker speaks the line protocol with the process that started it; a plug-in that crashes takes only the
 * worker along.
 */
#ifndef PLUGIN_H
#define PLUGIN_H

#include <stdbool.h>

#include "diag.h"
#include "../lockdrill/checker.h"

/* Loads a shared object, for as long as the process lives. `path` is looked up nowhere: without a slash it is
 * a file of the working directory. NULL with the message: it cannot be loaded, lacks the symbol, or is not
 * described as it must be. */
const struct lockdrill_checker *plugin_load(const char *path, struct diag *diag);
/* Whether a description is complete: its size, the strings that the protocol wants, and check. `path` is for
 * messages. */
bool plugin_complete(const struct lockdrill_checker *checker, const char *path, struct diag *diag);
/* Answers what is asked on `in` (the host's hello first) on `out`, file descriptors that stay open, until
 * `in` is at its end. False with the message: the host's messages are not understood, the plug-in cannot be
 * created, `out` is closed. */
bool plugin_serve(const struct lockdrill_checker *checker, const char *path, int in, int out,
                  struct diag *diag);
/* Moves standard input and output out of the plug-in's reach: gives two descriptors for plugin_serve, and
 * leaves an empty standard input and a standard output that is standard error. False with errno. */
bool plugin_take_streams(int *in, int *out);

#endif
