/* Locks of the sparse world: functions with context attributes; a successful try is a context statement.
 * Licence: 0BSD. */
#ifndef LOCKDRILL_LOCKS_H
#define LOCKDRILL_LOCKS_H

typedef ULONG_PTR KSPIN_LOCK, *PKSPIN_LOCK;
typedef struct _KLOCK_QUEUE_HANDLE {
	PVOID Queue[2];
	KIRQL OldIrql;
} KLOCK_QUEUE_HANDLE, *PKLOCK_QUEUE_HANDLE;
typedef struct WDFSPINLOCK__ *WDFSPINLOCK;

#ifdef __CHECKER__
#define LOCK_TAKES(lock) __attribute__((context(lock, 0, 1)))
#define LOCK_GIVES(lock) __attribute__((context(lock, 1, 0)))
#define LOCK_SUCCEEDS(lock, try) ((try) ? ({ __context__(lock, 1); 1; }) : 0)
#else
#define LOCK_TAKES(lock)
#define LOCK_GIVES(lock)
#define LOCK_SUCCEEDS(lock, try) (try)
#endif
#define LOCK_CANCEL LockdrillCancelLock
extern KSPIN_LOCK LockdrillCancelLock;

#include "lock_roles.h"
#include "lock_calls.h"

BOOLEAN LockdrillTry(PKSPIN_LOCK SpinLock);
#define KeTryToAcquireSpinLockAtDpcLevel(lock) LOCK_SUCCEEDS(lock, LockdrillTry(lock))

#endif
