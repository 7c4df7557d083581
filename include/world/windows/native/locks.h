/* Locks of the native world: every call is recorded with its line by the native road, which judges it by itself.
 * A lock or handle is known by its address. Licence: 0BSD. */
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
	ULONG_PTR Value;
} KLOCK_QUEUE_HANDLE, *PKLOCK_QUEUE_HANDLE;
/* For rules of users, as are its calls below. */
typedef struct _EX_SPIN_LOCK {
	ULONG_PTR Value;
} EX_SPIN_LOCK, *PEX_SPIN_LOCK;
struct WDFSPINLOCK__ {
	ULONG_PTR Value;
};
typedef struct WDFSPINLOCK__ *WDFSPINLOCK;
static KSPIN_LOCK LockdrillCancelLock __attribute__((unused));

int native_choose(int line);
/* A call of the rule happens: LK_ACQUIRE, LK_RELEASE, LK_TRY, or LK_OWN for an event of the rule's own, with 0 for
 * the lock where it names none; a try returns whether it took the lock. The other
 * three are for calls that have no name of their own: they stand for those of the role. */
int native_event(const char *call, int event, void *lock, void *handle, int line);
void native_acquire(void *lock, void *handle, int line);
void native_release(void *lock, void *handle, int line);
int native_try(void *lock, int line);
void native_lock(void *lock, int index, int held);
/* The next lock that the routine will initialise; it does so. */
void native_local(int index);
void native_initialise(void *lock);
void native_handle(void *handle, const char *name);
__attribute__((noreturn)) void native_stop(void);
void native_round(int line);

enum { LK_ACQUIRE, LK_RELEASE, LK_TRY, LK_OWN };
#define LK_EVENT(call, event, lock, handle) ((void)native_event((call), (event), (lock), (handle), __LINE__))

/* The calls of the rules here, with the line of the call: as functions, for texts are full of them, and a compiler
 * reads a call faster than what a macro makes of it; so are those of quiet_calls.h that texts are full of. Irqls mean
 * nothing here. */
#undef NULL
#define NULL 0
#undef InterlockedIncrement
#undef InsertTailList
#undef RemoveEntryList
#undef KeInsertQueueDpc
#undef IoCompleteRequest
#undef IoCsqInsertIrp

LOCKDRILL_INLINE LONG
InterlockedIncrement(LONG volatile *addend)
{
	return *addend = (LONG)((ULONG)*addend + 1U);
}

LOCKDRILL_INLINE void
InsertTailList(void *head, void *entry)
{
	(void)head, (void)entry;
}

LOCKDRILL_INLINE void
RemoveEntryList(void *entry)
{
	(void)entry;
}

LOCKDRILL_INLINE void
KeInsertQueueDpc(void *dpc, void *one, void *two)
{
	(void)dpc, (void)one, (void)two;
}

LOCKDRILL_INLINE void
IoCompleteRequest(void *irp, int boost)
{
	(void)irp, (void)boost;
}

LOCKDRILL_INLINE void
IoCsqInsertIrp(void *queue, void *irp, void *context)
{
	(void)queue, (void)irp, (void)context;
}

LOCKDRILL_INLINE ULONG
LkReadRegister(ULONG volatile *address, int line)
{
	(void)address;
	return (ULONG)native_choose(line);
}

LOCKDRILL_INLINE void
LkAcquireSpinLock(void *lock, PKIRQL irql, int line)
{
	*irql = 0;
	native_event("KeAcquireSpinLock", LK_ACQUIRE, lock, 0, line);
}

LOCKDRILL_INLINE KIRQL
LkAcquireSpinLockRaiseToDpc(void *lock, int line)
{
	native_event("KeAcquireSpinLockRaiseToDpc", LK_ACQUIRE, lock, 0, line);
	return 0;
}

LOCKDRILL_INLINE void
LkReleaseSpinLock(void *lock, KIRQL irql, int line)
{
	(void)irql;
	native_event("KeReleaseSpinLock", LK_RELEASE, lock, 0, line);
}

LOCKDRILL_INLINE void
LkAcquireSpinLockAtDpcLevel(void *lock, int line)
{
	native_event("KeAcquireSpinLockAtDpcLevel", LK_ACQUIRE, lock, 0, line);
}

LOCKDRILL_INLINE void
LkReleaseSpinLockFromDpcLevel(void *lock, int line)
{
	native_event("KeReleaseSpinLockFromDpcLevel", LK_RELEASE, lock, 0, line);
}

LOCKDRILL_INLINE BOOLEAN
LkTryToAcquireSpinLockAtDpcLevel(void *lock, int line)
{
	return (BOOLEAN)native_event("KeTryToAcquireSpinLockAtDpcLevel", LK_TRY, lock, 0, line);
}

LOCKDRILL_INLINE void
LkAcquireInStackQueuedSpinLock(void *lock, void *handle, int line)
{
	native_event("KeAcquireInStackQueuedSpinLock", LK_ACQUIRE, lock, handle, line);
}

LOCKDRILL_INLINE void
LkReleaseInStackQueuedSpinLock(void *handle, int line)
{
	native_event("KeReleaseInStackQueuedSpinLock", LK_RELEASE, 0, handle, line);
}

LOCKDRILL_INLINE void
LkAcquireCancelSpinLock(PKIRQL irql, int line)
{
	*irql = 0;
	native_event("IoAcquireCancelSpinLock", LK_ACQUIRE, &LockdrillCancelLock, 0, line);
}

LOCKDRILL_INLINE void
LkReleaseCancelSpinLock(KIRQL irql, int line)
{
	(void)irql;
	native_event("IoReleaseCancelSpinLock", LK_RELEASE, &LockdrillCancelLock, 0, line);
}

LOCKDRILL_INLINE void
LkWdfAcquire(void *lock, int line)
{
	native_event("WdfSpinLockAcquire", LK_ACQUIRE, lock, 0, line);
}

LOCKDRILL_INLINE void
LkWdfRelease(void *lock, int line)
{
	native_event("WdfSpinLockRelease", LK_RELEASE, lock, 0, line);
}

#define KeAcquireSpinLock(lock, irql) LkAcquireSpinLock(lock, irql, __LINE__)
#define KeAcquireSpinLockRaiseToDpc(lock) LkAcquireSpinLockRaiseToDpc(lock, __LINE__)
#define KeReleaseSpinLock(lock, irql) LkReleaseSpinLock(lock, irql, __LINE__)
#define KeAcquireSpinLockAtDpcLevel(lock) LkAcquireSpinLockAtDpcLevel(lock, __LINE__)
#define KeReleaseSpinLockFromDpcLevel(lock) LkReleaseSpinLockFromDpcLevel(lock, __LINE__)
#define KeTryToAcquireSpinLockAtDpcLevel(lock) LkTryToAcquireSpinLockAtDpcLevel(lock, __LINE__)
#define KeAcquireInStackQueuedSpinLock(lock, handle) LkAcquireInStackQueuedSpinLock(lock, handle, __LINE__)
#define KeReleaseInStackQueuedSpinLock(handle) LkReleaseInStackQueuedSpinLock(handle, __LINE__)
#define IoAcquireCancelSpinLock(irql) LkAcquireCancelSpinLock(irql, __LINE__)
#define IoReleaseCancelSpinLock(irql) LkReleaseCancelSpinLock(irql, __LINE__)
#define WdfSpinLockAcquire(lock) LkWdfAcquire(lock, __LINE__)
#define WdfSpinLockRelease(lock) LkWdfRelease(lock, __LINE__)
/* For rules of users, whose file says what these do. */
#undef KeInitializeSpinLock
#define KeInitializeSpinLock(lock) (native_initialise(lock), LK_EVENT("KeInitializeSpinLock", LK_OWN, (lock), 0))
#define ExDeleteResourceLite(lock) LK_EVENT("ExDeleteResourceLite", LK_OWN, (lock), 0)
#define ExAcquireSpinLockExclusive(lock) (KIRQL)(LK_EVENT("ExAcquireSpinLockExclusive", LK_ACQUIRE, (lock), 0), 0)
#define ExReleaseSpinLockExclusive(lock, irql) ((void)(irql), LK_EVENT("ExReleaseSpinLockExclusive", LK_RELEASE, (lock), 0))
#define ExAcquireSpinLockExclusiveAtDpcLevel(lock) LK_EVENT("ExAcquireSpinLockExclusiveAtDpcLevel", LK_ACQUIRE, (lock), 0)
#define ExReleaseSpinLockExclusiveFromDpcLevel(lock) \
	LK_EVENT("ExReleaseSpinLockExclusiveFromDpcLevel", LK_RELEASE, (lock), 0)
#define ExTryAcquireSpinLockExclusiveAtDpcLevel(lock) \
	(BOOLEAN) native_event("ExTryAcquireSpinLockExclusiveAtDpcLevel", LK_TRY, (lock), 0, __LINE__)
#define ExAcquireSpinLockSharedAtDpcLevel(lock) LK_EVENT("ExAcquireSpinLockSharedAtDpcLevel", LK_OWN, (lock), 0)
#define ExAcquireSpinLockShared(lock) (KIRQL)(LK_EVENT("ExAcquireSpinLockShared", LK_OWN, (lock), 0), 0)
#define ExReleaseSpinLockShared(lock, irql) ((void)(irql), LK_EVENT("ExReleaseSpinLockShared", LK_OWN, (lock), 0))
#define ExTryAcquireSpinLockSharedAtDpcLevel(lock) \
	(BOOLEAN) native_event("ExTryAcquireSpinLockSharedAtDpcLevel", LK_TRY, (lock), 0, __LINE__)
#define ExReleaseSpinLockSharedFromDpcLevel(lock) LK_EVENT("ExReleaseSpinLockSharedFromDpcLevel", LK_OWN, (lock), 0)
#define KeTestSpinLock(lock) LK_EVENT("KeTestSpinLock", LK_OWN, (lock), 0)
#define KeFlushQueuedDpcs() LK_EVENT("KeFlushQueuedDpcs", LK_OWN, 0, 0)
#define WdfSpinLockCreate(attributes, lock) (*(lock) = (attributes)->ParentObject->NewLocks++, STATUS_SUCCESS)
#define READ_REGISTER_ULONG(address) LkReadRegister(address, __LINE__)
#define StorPortReadRegisterUlong(extension, address) ((void)(extension), READ_REGISTER_ULONG(address))
#define LK_STOP() native_stop()
#undef YieldProcessor
#define YieldProcessor() native_round(__LINE__)
#define RtlZeroMemory(memory, length) native_handle((memory), #memory)

LOCKDRILL_INLINE int
LK_UNKNOWN(void)
{
	return native_choose(0);
}

LOCKDRILL_INLINE void
LK_INIT(void *lock, int index)
{
	native_lock(lock, index, 0);
}

LOCKDRILL_INLINE void
LK_HELD(void *lock, int index)
{
	native_lock(lock, index, 1);
}

#define LK_CANCEL_LOCK (&LockdrillCancelLock)
#define LK_OBJECT(lock) (lock)
#define LK_UNJUDGED -1
#define LK_KNOWN(lock, index) LK_INIT(lock, index)
#define LK_DESTROY(lock, index)
#define LK_LOCAL(number, index) native_local(index)
#define LK_GONE(number)
#define LK_END()

#endif
