/* Locks of the driver-verifier world: each call goes to a test bench, driver_verifier.c, with its line, and the IRQL is that
 * of the machine: it is raised, kept in the caller's KIRQL or in the queue handle, and given back. Licence: 0BSD. */
#ifndef LOCKDRILL_LOCKS_H
#define LOCKDRILL_LOCKS_H

#include "quiet_calls.h"

/* Headers are pasted into the file, which need not use all of their functions. */
#undef LOCKDRILL_INLINE
#define LOCKDRILL_INLINE static inline __attribute__((unused))

typedef struct _KSPIN_LOCK {
	ULONG_PTR Value;
} KSPIN_LOCK, *PKSPIN_LOCK;
typedef struct _KLOCK_QUEUE_HANDLE {
	PKSPIN_LOCK Lock; /* that it holds, or NULL */
	KIRQL OldIrql;
} KLOCK_QUEUE_HANDLE, *PKLOCK_QUEUE_HANDLE;
struct WDFSPINLOCK__ {
	KSPIN_LOCK Lock;
	KIRQL OldIrql;
};
typedef struct WDFSPINLOCK__ *WDFSPINLOCK;
static KSPIN_LOCK LockdrillCancelLock __attribute__((unused));

/* The test bench; calls are numbered as its table has them. */
enum verifier_call {
	VERIFIER_ACQUIRE,
	VERIFIER_ACQUIRE_RAISE,
	VERIFIER_ACQUIRE_AT_DPC,
	VERIFIER_TRY_AT_DPC,
	VERIFIER_RELEASE,
	VERIFIER_RELEASE_FROM_DPC,
	VERIFIER_ACQUIRE_QUEUED,
	VERIFIER_RELEASE_QUEUED,
	VERIFIER_ACQUIRE_CANCEL,
	VERIFIER_RELEASE_CANCEL,
	VERIFIER_ACQUIRE_WDF,
	VERIFIER_RELEASE_WDF
};
/* A routine of a role that is entered at this IRQL stands at the line. */
void verifier_role(unsigned line, int irql);
/* The IRQL before the call, which may raise it. */
KIRQL verifier_acquire(int call, void *lock, unsigned line);
int verifier_try(int call, void *lock, unsigned line);
/* The IRQL is `irql` then, unless the call leaves it as it is; lock: NULL where the handle holds none. */
void verifier_release(int call, void *lock, int irql, unsigned line);
void verifier_initialise(void *lock);
int verifier_irql(void);
int verifier_choose(void);
void verifier_round(void);
__attribute__((noreturn)) void verifier_stop(void);
void verifier_end(void);

/* The role of a routine is marked at its head, from where the test bench knows the IRQL that it is entered at. */
#define VERIFIER_IRQL_DRIVER_DISPATCH PASSIVE_LEVEL
#define VERIFIER_IRQL_DRIVER_CANCEL DISPATCH_LEVEL /* with the cancel spin lock held */
#define VERIFIER_IRQL_KDEFERRED_ROUTINE DISPATCH_LEVEL
#define VERIFIER_IRQL_EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL PASSIVE_LEVEL
#define VERIFIER_IRQL_EVT_WDF_TIMER DISPATCH_LEVEL
#define VERIFIER_IRQL_HW_STARTIO DISPATCH_LEVEL
#define VERIFIER_IRQL_HW_TIMER DISPATCH_LEVEL
#define VERIFIER_JOIN(one, two) one##two
#define VERIFIER_NAME(line) VERIFIER_JOIN(VerifierRole_, line)
#undef _Function_class_
#define _Function_class_(type)                                      \
	__attribute__((constructor)) static void VERIFIER_NAME(__LINE__)(void) \
	{                                                               \
		verifier_role(__LINE__, VERIFIER_IRQL_##type);              \
	}

#define KeAcquireSpinLock(lock, irql) \
	((void)(*(irql) = verifier_acquire(VERIFIER_ACQUIRE, (lock), __LINE__)))
#define KeAcquireSpinLockRaiseToDpc(lock) verifier_acquire(VERIFIER_ACQUIRE_RAISE, (lock), __LINE__)
#define KeReleaseSpinLock(lock, irql) verifier_release(VERIFIER_RELEASE, (lock), (irql), __LINE__)
#define KeAcquireSpinLockAtDpcLevel(lock) \
	((void)verifier_acquire(VERIFIER_ACQUIRE_AT_DPC, (lock), __LINE__))
#define KeReleaseSpinLockFromDpcLevel(lock) \
	verifier_release(VERIFIER_RELEASE_FROM_DPC, (lock), DISPATCH_LEVEL, __LINE__)
#define KeTryToAcquireSpinLockAtDpcLevel(lock) \
	((BOOLEAN)verifier_try(VERIFIER_TRY_AT_DPC, (lock), __LINE__))
#define KeAcquireInStackQueuedSpinLock(lock, handle) lockdrill_acquire_queued((lock), (handle), __LINE__)
#define KeReleaseInStackQueuedSpinLock(handle) lockdrill_release_queued((handle), __LINE__)
#define IoAcquireCancelSpinLock(irql) \
	((void)(*(irql) = verifier_acquire(VERIFIER_ACQUIRE_CANCEL, &LockdrillCancelLock, __LINE__)))
#define IoReleaseCancelSpinLock(irql) \
	verifier_release(VERIFIER_RELEASE_CANCEL, &LockdrillCancelLock, (irql), __LINE__)
#define WdfSpinLockAcquire(lock) lockdrill_acquire_wdf((lock), __LINE__)
#define WdfSpinLockRelease(lock) \
	verifier_release(VERIFIER_RELEASE_WDF, &(lock)->Lock, (lock)->OldIrql, __LINE__)
#define WdfSpinLockCreate(attributes, lock) (*(lock) = (attributes)->ParentObject->NewLocks++, STATUS_SUCCESS)
#undef KeInitializeSpinLock
#define KeInitializeSpinLock(lock) verifier_initialise(lock)
#undef KeGetCurrentIrql
#define KeGetCurrentIrql() ((KIRQL)verifier_irql())

LOCKDRILL_INLINE void
lockdrill_acquire_queued(PKSPIN_LOCK lock, PKLOCK_QUEUE_HANDLE handle, unsigned line)
{
	handle->OldIrql = verifier_acquire(VERIFIER_ACQUIRE_QUEUED, lock, line);
	handle->Lock = lock;
}

LOCKDRILL_INLINE void
lockdrill_release_queued(PKLOCK_QUEUE_HANDLE handle, unsigned line)
{
	verifier_release(VERIFIER_RELEASE_QUEUED, handle->Lock, handle->OldIrql, line);
	handle->Lock = 0;
}

LOCKDRILL_INLINE void
lockdrill_acquire_wdf(WDFSPINLOCK lock, unsigned line)
{
	lock->OldIrql = verifier_acquire(VERIFIER_ACQUIRE_WDF, &lock->Lock, line);
}

#define READ_REGISTER_ULONG(address) ((void)(address), (ULONG)verifier_choose())
#define StorPortReadRegisterUlong(extension, address) ((void)(extension), READ_REGISTER_ULONG(address))
#define LK_STOP() verifier_stop()
#undef YieldProcessor
#define YieldProcessor() verifier_round()

#define LK_UNKNOWN() (verifier_choose() != 0)
#define LK_CANCEL_LOCK (&LockdrillCancelLock)
#define LK_OBJECT(lock) (&(lock)->Lock)
#define LK_UNJUDGED -1
#define LK_INIT(lock, index) verifier_initialise(lock)
#define LK_KNOWN(lock, index) ((void)(lock))
#define LK_HELD(lock, index) ((void)(lock)) /* the IRQL at which a cancel routine is entered says it */
#define LK_DESTROY(lock, index) ((void)(lock))
#define LK_LOCAL(number, index) ((void)0)
#define LK_GONE(number) ((void)0)
#define LK_END() verifier_end()

#endif
