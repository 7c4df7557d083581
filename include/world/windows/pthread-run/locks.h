/* Locks of the world that runs under a checker of running programs: the Windows names on pthread mutexes, each call with
 * its line. drive.c gives unknowns their values, path by path, and asks the checker after each call whether it has said
 * anything. Licence: 0BSD. */
#ifndef LOCKDRILL_LOCKS_H
#define LOCKDRILL_LOCKS_H

#include <pthread.h>

#undef LOCKDRILL_INLINE
#define LOCKDRILL_INLINE static inline __attribute__((unused))

#define YieldProcessor() lockdrill_round()

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
static KSPIN_LOCK LockdrillCancelLock __attribute__((unused));

void lockdrill_init(pthread_mutex_t *mutex);
void lockdrill_take(pthread_mutex_t *mutex, int line);
void lockdrill_give(pthread_mutex_t *mutex, int line);
int lockdrill_try(pthread_mutex_t *mutex, int line);
void lockdrill_gone(pthread_mutex_t *mutex, int line);
/* The next lock that the routine makes is local number so and so; and it is gone. */
void lockdrill_local(int number);
void lockdrill_local_gone(int number, int line);
int lockdrill_choose(int line);
void lockdrill_round(void);
__attribute__((noreturn)) void lockdrill_stop(void);

#define KeAcquireSpinLock(lock, irql) (*(irql) = 0, lockdrill_take((lock), __LINE__))
#define KeAcquireSpinLockRaiseToDpc(lock) (KIRQL)(lockdrill_take((lock), __LINE__), 0)
#define KeReleaseSpinLock(lock, irql) ((void)(irql), lockdrill_give((lock), __LINE__))
#define KeAcquireSpinLockAtDpcLevel(lock) lockdrill_take((lock), __LINE__)
#define KeReleaseSpinLockFromDpcLevel(lock) lockdrill_give((lock), __LINE__)
#define KeTryToAcquireSpinLockAtDpcLevel(lock) (BOOLEAN) lockdrill_try((lock), __LINE__)
#define KeAcquireInStackQueuedSpinLock(lock, handle) \
	((handle)->Lock = (lock), lockdrill_take((handle)->Lock, __LINE__))
#define KeReleaseInStackQueuedSpinLock(handle) \
	(lockdrill_give((handle)->Lock, __LINE__), (void)((handle)->Lock = &(handle)->Unused))
#define IoAcquireCancelSpinLock(irql) (*(irql) = 0, lockdrill_take(&LockdrillCancelLock, __LINE__))
#define IoReleaseCancelSpinLock(irql) ((void)(irql), lockdrill_give(&LockdrillCancelLock, __LINE__))
#define WdfSpinLockAcquire(lock) lockdrill_take(&(lock)->Mutex, __LINE__)
#define WdfSpinLockRelease(lock) lockdrill_give(&(lock)->Mutex, __LINE__)
#define WdfSpinLockCreate(attributes, lock)            \
	(*(lock) = (attributes)->ParentObject->NewLocks++, \
	 lockdrill_init(&(*(lock))->Mutex), STATUS_SUCCESS)

#define RtlZeroMemory(handle, length) \
	(lockdrill_init(&(handle)->Unused), (void)((handle)->Lock = &(handle)->Unused))

#undef KeInitializeSpinLock
#define KeInitializeSpinLock(lock) lockdrill_init(lock)
#define READ_REGISTER_ULONG(address) ((void)(address), (ULONG)lockdrill_choose(__LINE__))
#define StorPortReadRegisterUlong(extension, address) ((void)(extension), READ_REGISTER_ULONG(address))
#define LK_STOP() lockdrill_stop()

#define LK_UNKNOWN() lockdrill_choose(__LINE__)
#define LK_CANCEL_LOCK (&LockdrillCancelLock)
#define LK_OBJECT(lock) (&(lock)->Mutex)
#define LK_UNJUDGED 0
#define LK_INIT(lock, index) lockdrill_init(lock)
#define LK_KNOWN(lock, index) ((void)0)
#define LK_HELD(lock, index) lockdrill_take((lock), __LINE__)
#define LK_DESTROY(lock, index) lockdrill_gone((lock), __LINE__)
#define LK_LOCAL(number, index) lockdrill_local(number)
#define LK_GONE(number) lockdrill_local_gone((number), __LINE__)
#define LK_END() ((void)0)

#endif
