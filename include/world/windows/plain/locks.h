/* Locks of the plain world. Licence: 0BSD. */
#ifndef LOCKDRILL_LOCKS_H
#define LOCKDRILL_LOCKS_H

#include "lock_plain.h"

#endif
