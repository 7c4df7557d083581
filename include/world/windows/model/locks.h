/* Locks of the model world: an executable model of one reading, in the conventions of software verification: unknowns
 * come from __VERIFIER_nondet_int, a violation calls reach_error. The file begins with what is generated from the
 * reading's table: LOCKDRILL_SCOPE (0 a lock, 1 a handle, 2 all), LOCKDRILL_FREE, LOCKDRILL_HELD, LOCKDRILL_COUNTS
 * and lockdrill_next. Licence: 0BSD. */
#ifndef LOCKDRILL_LOCKS_H
#define LOCKDRILL_LOCKS_H

#include "quiet_calls.h"

/* Headers are pasted into the file, which need not use all of their functions. */
#undef LOCKDRILL_INLINE
#define LOCKDRILL_INLINE static inline __attribute__((unused))

extern void abort(void); /* ends a path without a verdict */

typedef struct _KSPIN_LOCK {
	int State;
	int Held;
	int Judged; /* 0: not; 1: it is; more: it is a local of the routine, and its number + 2 */
} KSPIN_LOCK, *PKSPIN_LOCK;
typedef struct _KLOCK_QUEUE_HANDLE {
	PKSPIN_LOCK Lock;
	int State;
} KLOCK_QUEUE_HANDLE, *PKLOCK_QUEUE_HANDLE;
struct WDFSPINLOCK__ {
	KSPIN_LOCK Lock;
};
typedef struct WDFSPINLOCK__ *WDFSPINLOCK;
static KSPIN_LOCK LockdrillCancelLock __attribute__((unused));
static int LockdrillAll __attribute__((unused)); /* the one automaton of a reading without lock identity */

/* Locals of the routine: how many it is to initialise, and has; the states of those, which are gone at the end. */
enum { LOCKDRILL_LOCALS = 6 };
static int LockdrillLocals __attribute__((unused)), LockdrillReady __attribute__((unused));
static int LockdrillLast[LOCKDRILL_LOCALS] __attribute__((unused));

LOCKDRILL_INLINE void
lockdrill_keep(PKSPIN_LOCK lock)
{
	if (lock->Judged > 1)
		LockdrillLast[lock->Judged - 2] = lock->State;
}

LOCKDRILL_INLINE void
lockdrill_acquire(PKSPIN_LOCK lock, PKLOCK_QUEUE_HANDLE handle)
{
	int *state;

	if (!lock->Judged)
		return; /* it may have no handle where others have one */
	state = LOCKDRILL_SCOPE == 2 ? &LockdrillAll : LOCKDRILL_SCOPE == 1 ? &handle->State : &lock->State;
	*state = lockdrill_next(*state, 0);
	lock->Held = 1;
	if (LOCKDRILL_SCOPE == 1)
		lock->State++;
	if (handle)
		handle->Lock = lock;
	lockdrill_keep(lock);
}

LOCKDRILL_INLINE void
lockdrill_release(PKSPIN_LOCK lock, PKLOCK_QUEUE_HANDLE handle)
{
	int unused = LOCKDRILL_FREE;
	int *state = &unused;

	if (handle)
		lock = handle->Lock;
	if (lock && !lock->Judged)
		return;
	if (LOCKDRILL_SCOPE == 2)
		state = &LockdrillAll;
	else if (LOCKDRILL_SCOPE == 1)
		state = &handle->State;
	else if (lock)
		state = &lock->State;
	*state = lockdrill_next(*state, 1);
	if (!lock)
		return;
	if (LOCKDRILL_SCOPE == 1)
		lock->State--;
	lock->Held = LOCKDRILL_COUNTS && LOCKDRILL_SCOPE == 0 && *state > 0;
	if (handle)
		handle->Lock = 0;
	lockdrill_keep(lock);
}

LOCKDRILL_INLINE BOOLEAN
lockdrill_try(PKSPIN_LOCK lock)
{
	if (lock->Held || __VERIFIER_nondet_int() == 0)
		return 0;
	lockdrill_acquire(lock, 0);
	return 1;
}

LOCKDRILL_INLINE void
lockdrill_init(PKSPIN_LOCK lock, int judged)
{
	lock->State = LOCKDRILL_SCOPE == 1 ? 0 : LOCKDRILL_FREE;
	lock->Held = 0;
	lock->Judged = judged;
	LockdrillAll = LOCKDRILL_FREE;
}

LOCKDRILL_INLINE void
lockdrill_local(int number)
{
	LockdrillLocals = number + 1;
	LockdrillReady = 0;
	LockdrillAll = LOCKDRILL_FREE;
}

/* A lock that is not expected is none of the rule's. */
LOCKDRILL_INLINE void
lockdrill_initialise(PKSPIN_LOCK lock)
{
	int all = LockdrillAll;

	lockdrill_init(lock, LockdrillReady < LockdrillLocals ? 2 + LockdrillReady++ : 0);
	LockdrillAll = all;
	lockdrill_keep(lock);
}

LOCKDRILL_INLINE void
lockdrill_held(PKSPIN_LOCK lock)
{
	lock->State = LOCKDRILL_SCOPE == 1 ? 1 : LOCKDRILL_HELD;
	lock->Held = 1;
	if (lock->Judged)
		LockdrillAll = LOCKDRILL_COUNTS ? LockdrillAll + 1 : LOCKDRILL_HELD;
}

/* A lock's handles that are still in use, under a reading of handles. */
LOCKDRILL_INLINE void
lockdrill_end(int state, int judged)
{
	if (LOCKDRILL_SCOPE == 0 && judged)
		(void)lockdrill_next(state, 2);
	if (LOCKDRILL_SCOPE == 1 && state > 0)
		(void)lockdrill_next(LOCKDRILL_HELD, 2);
}

#define KeAcquireSpinLock(lock, irql) (*(irql) = 0, lockdrill_acquire((lock), 0))
#define KeAcquireSpinLockRaiseToDpc(lock) (KIRQL)(lockdrill_acquire((lock), 0), 0)
#define KeReleaseSpinLock(lock, irql) ((void)(irql), lockdrill_release((lock), 0))
#define KeAcquireSpinLockAtDpcLevel(lock) lockdrill_acquire((lock), 0)
#define KeReleaseSpinLockFromDpcLevel(lock) lockdrill_release((lock), 0)
#define KeTryToAcquireSpinLockAtDpcLevel(lock) lockdrill_try(lock)
#define KeAcquireInStackQueuedSpinLock(lock, handle) lockdrill_acquire((lock), (handle))
#define KeReleaseInStackQueuedSpinLock(handle) lockdrill_release(0, (handle))
#define IoAcquireCancelSpinLock(irql) (*(irql) = 0, lockdrill_acquire(&LockdrillCancelLock, 0))
#define IoReleaseCancelSpinLock(irql) ((void)(irql), lockdrill_release(&LockdrillCancelLock, 0))
#undef KeInitializeSpinLock
#define KeInitializeSpinLock(lock) lockdrill_initialise(lock)
#define WdfSpinLockAcquire(lock) lockdrill_acquire(&(lock)->Lock, 0)
#define WdfSpinLockRelease(lock) lockdrill_release(&(lock)->Lock, 0)
#define WdfSpinLockCreate(attributes, lock) (*(lock) = (attributes)->ParentObject->NewLocks++, STATUS_SUCCESS)
#define READ_REGISTER_ULONG(address) ((void)(address), __VERIFIER_nondet_int())
#define StorPortReadRegisterUlong(extension, address) ((void)(extension), READ_REGISTER_ULONG(address))
#define LK_STOP() abort()
#define RtlZeroMemory(memory, length) ((memory)->Lock = 0, (memory)->State = LOCKDRILL_FREE)

#define LK_UNKNOWN() (__VERIFIER_nondet_int() != 0)
#define LK_CANCEL_LOCK (&LockdrillCancelLock)
#define LK_OBJECT(lock) (&(lock)->Lock)
#define LK_UNJUDGED -1
#define LK_INIT(lock, index) lockdrill_init((lock), (index) >= 0)
#define LK_KNOWN(lock, index) LK_INIT(lock, index)
#define LK_HELD(lock, index) lockdrill_held(lock)
#define LK_DESTROY(lock, index) lockdrill_end((lock)->State, (lock)->Judged)
#define LK_LOCAL(number, index) lockdrill_local(number)
#define LK_GONE(number) lockdrill_end(LockdrillLast[number], 1)
#define LK_END() ((void)(LOCKDRILL_SCOPE == 2 ? lockdrill_next(LockdrillAll, 2) : 0))

#endif
