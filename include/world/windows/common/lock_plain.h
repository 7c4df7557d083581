/* Locks of worlds that say nothing of them: opaque objects and plain functions. Licence: 0BSD. */
#ifndef LOCKDRILL_LOCK_PLAIN_H
#define LOCKDRILL_LOCK_PLAIN_H

typedef ULONG_PTR KSPIN_LOCK, *PKSPIN_LOCK;
typedef struct _KLOCK_QUEUE_HANDLE {
	PVOID Queue[2];
	KIRQL OldIrql;
} KLOCK_QUEUE_HANDLE, *PKLOCK_QUEUE_HANDLE;
typedef struct WDFSPINLOCK__ *WDFSPINLOCK;

#define LOCK_TAKES(lock)
#define LOCK_GIVES(lock)
#include "lock_calls.h"

BOOLEAN KeTryToAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock);

#endif
