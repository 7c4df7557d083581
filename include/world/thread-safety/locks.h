/* Locks of the thread-safety world: capabilities of clang's analysis. A queued lock is known by its handle, for
 * its release names nothing else. Licence: 0BSD. */
#ifndef LOCKDRILL_LOCKS_H
#define LOCKDRILL_LOCKS_H

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

/* The I/O manager enters a cancel routine with the cancel lock held. */
#undef _Function_class_
#define _Function_class_(type) LOCK_ROLE_##type
#define LOCK_ROLE_DRIVER_CANCEL LOCK_GIVES(LOCK_CANCEL)
#define LOCK_ROLE_DRIVER_DISPATCH
#define LOCK_ROLE_KDEFERRED_ROUTINE
#define LOCK_ROLE_EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL
#define LOCK_ROLE_EVT_WDF_TIMER
#define LOCK_ROLE_HW_STARTIO
#define LOCK_ROLE_HW_TIMER

#include "lock_calls.h"

BOOLEAN KeTryToAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock) LOCK_TRIES(SpinLock);

#endif
