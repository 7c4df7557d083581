/* What an earlier gen made in a directory: how it is known, and how a new result takes its place. */
#ifndef EARLIER_H
#define EARLIER_H

#include <stdbool.h>

#include "buf.h"

/* Whether a directory is empty or holds what gen writes there and nothing else. Otherwise `foreign` says what
 * else is there, or what is missing; errno is set, and `foreign` left empty, where it cannot be read. */
bool earlier_is_ours(const char *directory, struct buf *foreign);
/* Moves a complete result from `made`, a directory on the same file system, into a directory that
 * earlier_is_ours, and removes the earlier one and `made`. Where that fails the directory holds what it held;
 * false with errno. */
bool earlier_replace(const char *directory, const char *made);

#endif
