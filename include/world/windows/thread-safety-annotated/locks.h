/* Locks of the world in which helpers say what they do to locks, as the analysis of clang would have it: their annotations
 * stand behind the parameters, which they name, and become its attributes here. What depends on an argument has no
 * attribute and is left out: a helper for both directions says nothing. Licence: 0BSD. */
#ifndef LOCKDRILL_LOCKS_H
#define LOCKDRILL_LOCKS_H

#include "lock_capabilities.h"

#define _Global_cancel_spin_lock_ LOCK_CANCEL
#undef _Acquires_lock_
#define _Acquires_lock_(lock) LOCK_TAKES(lock)
#undef _Releases_lock_
#define _Releases_lock_(lock) LOCK_GIVES(lock)
#ifdef __clang__
#undef _Requires_lock_held_
#define _Requires_lock_held_(lock) __attribute__((requires_capability(lock)))
#undef _Requires_lock_not_held_
#define _Requires_lock_not_held_(lock) __attribute__((locks_excluded(lock)))
#endif

/* _When_(return != 0, _Acquires_lock_(L)) is a try that tells of success by 1, with return == STATUS_SUCCESS by 0. The first
 * word of the condition and the last are pasted to names that are macros where they tell: LK_IF_return begins a second
 * argument, STATUS_SUCCESS_LK a third. With one argument the condition is on a parameter. */
#undef _When_
#define _When_(when, annotation) LK_APPLY(LK_WHEN_##annotation, when##_LK)
#define LK_APPLY(annotation, ...) LK_APPLY_(annotation, __VA_ARGS__)
#define LK_APPLY_(macro, lock, ...) macro(lock, __VA_ARGS__)
#define LK_WHEN__Acquires_lock_(lock) LK_TRIES, (lock)
#define LK_WHEN__Releases_lock_(lock) LK_DROPS, (lock)
#define LK_WHEN__At_(where, what) LK_DROPS, ()
#define LK_WHEN__IRQL_raises_(irql) LK_DROPS, ()
#define LK_WHEN__IRQL_saves_global_(kind, where) LK_DROPS, ()
#define LK_WHEN__IRQL_restores_global_(kind, where) LK_DROPS, ()
#define LK_WHEN__IRQL_requires_(irql) LK_DROPS, ()
#define LK_WHEN__IRQL_requires_max_(irql) LK_DROPS, ()
#define LK_WHEN__Post_same_lock_(one, other) LK_DROPS, ()
#define LK_DROPS(lock, ...)
#define LK_TRIES(lock, ...) LK_FOURTH(LK_IF_##__VA_ARGS__, LK_IF_STATUS, LK_IF_TRUTH, LK_DROPS, ~)(1, lock)
#define LK_FOURTH(...) LK_FOURTH_(__VA_ARGS__)
#define LK_FOURTH_(one, two, three, four, ...) four
#define LK_IF_return ~,
#define STATUS_SUCCESS_LK ,
#define LK_IF_TRUTH(one, lock) LK_TRY_ATTRIBUTE(1, lock)
#define LK_IF_STATUS(one, lock) LK_TRY_ATTRIBUTE(0, lock)
#ifdef __clang__
#define LK_TRY_ATTRIBUTE(success, lock) __attribute__((try_acquire_capability(success, lock)))
#else
#define LK_TRY_ATTRIBUTE(success, lock)
#endif

#endif
