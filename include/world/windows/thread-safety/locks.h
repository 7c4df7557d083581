/* Locks of the thread-safety world: capabilities of clang's analysis; helpers say nothing of them. Licence: 0BSD. */
#ifndef LOCKDRILL_LOCKS_H
#define LOCKDRILL_LOCKS_H

#include "lock_capabilities.h"

#endif
