/* Locks of the world with scripts of checkers beside its headers. Licence: 0BSD. */
#ifndef LOCKDRILL_LOCKS_H
#define LOCKDRILL_LOCKS_H

#include "lock_plain.h"

#endif
