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

BOOLEAN LockdrillTry(PKSPIN_LOCK SpinLock);
#define KeTryToAcquireSpinLockAtDpcLevel(lock) LOCK_SUCCEEDS(lock, LockdrillTry(lock))

#endif
