/* Locks of the pthread world: the Windows names on pthread mutexes, and what the harness needs: LK_INIT before,
 * LK_DESTROY behind the routine, so that a lock still held is seen. Licence: 0BSD. */
#ifndef LOCKDRILL_LOCKS_H
#define LOCKDRILL_LOCKS_H

#include <pthread.h>

#include "unknown.h"

#include "quiet_calls.h"

typedef pthread_mutex_t KSPIN_LOCK, *PKSPIN_LOCK;
typedef struct _KLOCK_QUEUE_HANDLE {
	PKSPIN_LOCK Lock;       /* that it took last, or Unused */
	pthread_mutex_t Unused; /* free for ever, so that a release through an unused handle is seen */
} KLOCK_QUEUE_HANDLE, *PKLOCK_QUEUE_HANDLE;
struct WDFSPINLOCK__ {
	pthread_mutex_t Mutex;
};
typedef struct WDFSPINLOCK__ *WDFSPINLOCK;
__attribute__((weak)) KSPIN_LOCK LockdrillCancelLock; /* one for both files of a case */

#define KeAcquireSpinLock(lock, irql) (*(irql) = 0, (void)pthread_mutex_lock(lock))
#define KeAcquireSpinLockRaiseToDpc(lock) (KIRQL)(pthread_mutex_lock(lock), 0)
#define KeReleaseSpinLock(lock, irql) ((void)(irql), (void)pthread_mutex_unlock(lock))
#define KeAcquireSpinLockAtDpcLevel(lock) ((void)pthread_mutex_lock(lock))
#define KeReleaseSpinLockFromDpcLevel(lock) ((void)pthread_mutex_unlock(lock))
#define KeTryToAcquireSpinLockAtDpcLevel(lock) (pthread_mutex_trylock(lock) == 0)
#define KeAcquireInStackQueuedSpinLock(lock, handle) \
	((handle)->Lock = (lock), (void)pthread_mutex_lock(lock))
#define KeReleaseInStackQueuedSpinLock(handle) \
	((void)pthread_mutex_unlock((handle)->Lock), (void)((handle)->Lock = &(handle)->Unused))
#define IoAcquireCancelSpinLock(irql) (*(irql) = 0, (void)pthread_mutex_lock(&LockdrillCancelLock))
#define IoReleaseCancelSpinLock(irql) \
	((void)(irql), (void)pthread_mutex_unlock(&LockdrillCancelLock))
#define WdfSpinLockAcquire(lock) ((void)pthread_mutex_lock(&(lock)->Mutex))
#define WdfSpinLockRelease(lock) ((void)pthread_mutex_unlock(&(lock)->Mutex))
#define WdfSpinLockCreate(attributes, lock)                    \
	(*(lock) = (attributes)->ParentObject->NewLocks++, \
	 (void)pthread_mutex_init(&(*(lock))->Mutex, 0), STATUS_SUCCESS)

#define RtlZeroMemory(handle, length) \
	((void)pthread_mutex_init(&(handle)->Unused, 0), (void)((handle)->Lock = &(handle)->Unused))

#define KeInitializeSpinLock(lock) ((void)pthread_mutex_init((lock), 0))

#define LK_UNKNOWN() (LockdrillUnknown() != 0)
#define LK_CANCEL_LOCK (&LockdrillCancelLock)
#define LK_OBJECT(lock) (&(lock)->Mutex)
#define LK_UNJUDGED 0
#define LK_INIT(lock, index) ((void)pthread_mutex_init((lock), 0))
#define LK_KNOWN(lock, index) ((void)0)
#define LK_HELD(lock, index) ((void)pthread_mutex_lock(lock))
#define LK_DESTROY(lock, index) ((void)pthread_mutex_destroy(lock))
#define LK_LOCAL(number, index) ((void)0) /* a local of the routine that nobody destroys */
#define LK_GONE(number) ((void)0)
#define LK_END() ((void)0)

#endif
