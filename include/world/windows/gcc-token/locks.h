/* Locks of the world in which to hold a lock is to own a token, as one owns memory: an acquire puts a new one into the
 * lock, a release gives it back. Then an acquire of a held lock, and a lock held at the end, leak a token; a second
 * release gives one back twice, and one before the first acquire what is no token. Licence: 0BSD. */
#ifndef LOCKDRILL_LOCKS_H
#define LOCKDRILL_LOCKS_H

#include "unknown.h"

#include "quiet_calls.h"

/* Given back by free, which changes nothing else, as the compiler knows; of another function it would think that it may
 * change every lock. Free at first is what free must not be given. */
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 11
#define LOCK_TOKEN __attribute__((malloc, malloc(free, 1), returns_nonnull))
#else
#define LOCK_TOKEN
#endif
void free(void *Token);
LOCK_TOKEN void *LockdrillTake(void);
__attribute__((weak)) int LockdrillNoToken;

typedef struct _KSPIN_LOCK {
	void *Token;
} KSPIN_LOCK, *PKSPIN_LOCK;
typedef struct _KLOCK_QUEUE_HANDLE {
	PKSPIN_LOCK Lock;  /* that it took last, or Unused */
	KSPIN_LOCK Unused; /* free for ever, so that a release through an unused handle is seen */
} KLOCK_QUEUE_HANDLE, *PKLOCK_QUEUE_HANDLE;
struct WDFSPINLOCK__ {
	KSPIN_LOCK Lock;
};
typedef struct WDFSPINLOCK__ *WDFSPINLOCK;
__attribute__((weak)) KSPIN_LOCK LockdrillCancelLock; /* one for both files of a case */

#define LOCK_TAKE(lock) ((void)((lock)->Token = LockdrillTake()))
#define LOCK_GIVE(lock) free((lock)->Token)
#define KeAcquireSpinLock(lock, irql) (*(irql) = 0, LOCK_TAKE(lock))
#define KeAcquireSpinLockRaiseToDpc(lock) (KIRQL)(LOCK_TAKE(lock), 0)
#define KeReleaseSpinLock(lock, irql) ((void)(irql), LOCK_GIVE(lock))
#define KeAcquireSpinLockAtDpcLevel(lock) LOCK_TAKE(lock)
#define KeReleaseSpinLockFromDpcLevel(lock) LOCK_GIVE(lock)
#define KeTryToAcquireSpinLockAtDpcLevel(lock) (LK_UNKNOWN() ? (LOCK_TAKE(lock), 1) : 0)
#define KeAcquireInStackQueuedSpinLock(lock, handle) ((handle)->Lock = (lock), LOCK_TAKE((handle)->Lock))
#define KeReleaseInStackQueuedSpinLock(handle) \
	(LOCK_GIVE((handle)->Lock), (void)((handle)->Lock = &(handle)->Unused))
#define IoAcquireCancelSpinLock(irql) (*(irql) = 0, LOCK_TAKE(&LockdrillCancelLock))
#define IoReleaseCancelSpinLock(irql) ((void)(irql), LOCK_GIVE(&LockdrillCancelLock))
#define WdfSpinLockAcquire(lock) LOCK_TAKE(&(lock)->Lock)
#define WdfSpinLockRelease(lock) LOCK_GIVE(&(lock)->Lock)
#define WdfSpinLockCreate(attributes, lock)            \
	(*(lock) = (attributes)->ParentObject->NewLocks++, \
	 (void)((*(lock))->Lock.Token = &LockdrillNoToken), STATUS_SUCCESS)

#define RtlZeroMemory(handle, length) \
	((void)((handle)->Unused.Token = &LockdrillNoToken), (void)((handle)->Lock = &(handle)->Unused))

#define KeInitializeSpinLock(lock) ((void)((lock)->Token = &LockdrillNoToken))

#define LK_UNKNOWN() (LockdrillUnknown() != 0)
#define LK_CANCEL_LOCK (&LockdrillCancelLock)
#define LK_OBJECT(lock) (&(lock)->Lock)
#define LK_UNJUDGED 0
#define LK_INIT(lock, index) ((void)((lock)->Token = &LockdrillNoToken))
#define LK_KNOWN(lock, index) ((void)0)
#define LK_HELD(lock, index) LOCK_TAKE(lock)
#define LK_DESTROY(lock, index) ((void)((lock)->Token = &LockdrillNoToken))
#define LK_LOCAL(number, index) ((void)0) /* a local of the routine that nobody destroys */
#define LK_GONE(number) ((void)0)
#define LK_END() ((void)0)

#endif
