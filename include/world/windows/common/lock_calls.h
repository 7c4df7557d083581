/* The lock calls as functions, annotated by macros that a world defines first: LOCK_TAKES(lock),
 * LOCK_GIVES(lock), and for the cancel lock LOCK_CANCEL. A try is the world's own. Licence: 0BSD. */
#ifndef LOCKDRILL_LOCK_CALLS_H
#define LOCKDRILL_LOCK_CALLS_H

VOID KeAcquireSpinLock(PKSPIN_LOCK SpinLock, PKIRQL OldIrql) LOCK_TAKES(SpinLock);
KIRQL KeAcquireSpinLockRaiseToDpc(PKSPIN_LOCK SpinLock) LOCK_TAKES(SpinLock);
VOID KeReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql) LOCK_GIVES(SpinLock);
VOID KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock) LOCK_TAKES(SpinLock);
VOID KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock) LOCK_GIVES(SpinLock);
VOID KeAcquireInStackQueuedSpinLock(PKSPIN_LOCK SpinLock, PKLOCK_QUEUE_HANDLE LockHandle)
	LOCK_TAKES(LockHandle);
VOID KeReleaseInStackQueuedSpinLock(PKLOCK_QUEUE_HANDLE LockHandle) LOCK_GIVES(LockHandle);
VOID IoAcquireCancelSpinLock(PKIRQL Irql) LOCK_TAKES(LOCK_CANCEL);
VOID IoReleaseCancelSpinLock(KIRQL Irql) LOCK_GIVES(LOCK_CANCEL);
VOID WdfSpinLockAcquire(WDFSPINLOCK SpinLock) LOCK_TAKES(SpinLock);
VOID WdfSpinLockRelease(WDFSPINLOCK SpinLock) LOCK_GIVES(SpinLock);

#endif
