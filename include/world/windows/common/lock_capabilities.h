/* Locks of the thread-safety worlds: capabilities of clang's analysis. A queued lock is known by its handle, for
 * its release names nothing else. Licence: 0BSD. */
#ifndef LOCKDRILL_LOCK_CAPABILITIES_H
#define LOCKDRILL_LOCK_CAPABILITIES_H

#ifdef __clang__
#define LOCK_CAPABILITY(name) __attribute__((capability(name)))
#define LOCK_TAKES(lock) __attribute__((acquire_capability(lock)))
#define LOCK_GIVES(lock) __attribute__((release_capability(lock)))
#define LOCK_TRIES(lock) __attribute__((try_acquire_capability(1, lock)))
#else
#define LOCK_CAPABILITY(name)
#define LOCK_TAKES(lock)
#define LOCK_GIVES(lock)
#define LOCK_TRIES(lock)
#endif

typedef struct LOCK_CAPABILITY("spinlock") _KSPIN_LOCK {
	ULONG_PTR Value;
} KSPIN_LOCK, *PKSPIN_LOCK;
typedef struct LOCK_CAPABILITY("queued spinlock") _KLOCK_QUEUE_HANDLE {
	PVOID Queue[2];
	KIRQL OldIrql;
} KLOCK_QUEUE_HANDLE, *PKLOCK_QUEUE_HANDLE;
struct LOCK_CAPABILITY("spinlock") WDFSPINLOCK__ {
	ULONG_PTR Value;
};
typedef struct WDFSPINLOCK__ *WDFSPINLOCK;

#define LOCK_CANCEL LockdrillCancelLock
extern KSPIN_LOCK LockdrillCancelLock;

#include "lock_roles.h"
#include "lock_calls.h"

BOOLEAN KeTryToAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock) LOCK_TRIES(SpinLock);

#endif
