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
struct WDFSPINLOCK__ {
	ULONG_PTR Value;
};
typedef struct WDFSPINLOCK__ *WDFSPINLOCK;
static KSPIN_LOCK LockdrillCancelLock __attribute__((unused));

int native_choose(int line);
void native_acquire(void *lock, void *handle, int line);
void native_release(void *lock, void *handle, int line);
int native_try(void *lock, int line);
void native_lock(void *lock, int index, int held);
void native_handle(void *handle, const char *name);
void native_stop(void);
void native_round(int line);

#define KeAcquireSpinLock(lock, irql) (*(irql) = 0, native_acquire((lock), 0, __LINE__))
#define KeAcquireSpinLockRaiseToDpc(lock) (KIRQL)(native_acquire((lock), 0, __LINE__), 0)
#define KeReleaseSpinLock(lock, irql) ((void)(irql), native_release((lock), 0, __LINE__))
#define KeAcquireSpinLockAtDpcLevel(lock) native_acquire((lock), 0, __LINE__)
#define KeReleaseSpinLockFromDpcLevel(lock) native_release((lock), 0, __LINE__)
#define KeTryToAcquireSpinLockAtDpcLevel(lock) native_try((lock), __LINE__)
#define KeAcquireInStackQueuedSpinLock(lock, handle) native_acquire((lock), (handle), __LINE__)
#define KeReleaseInStackQueuedSpinLock(handle) native_release(0, (handle), __LINE__)
#define IoAcquireCancelSpinLock(irql) \
	(*(irql) = 0, native_acquire(&LockdrillCancelLock, 0, __LINE__))
#define IoReleaseCancelSpinLock(irql) \
	((void)(irql), native_release(&LockdrillCancelLock, 0, __LINE__))
#define WdfSpinLockAcquire(lock) native_acquire((lock), 0, __LINE__)
#define WdfSpinLockRelease(lock) native_release((lock), 0, __LINE__)
#define WdfSpinLockCreate(attributes, lock) (*(lock) = (attributes)->ParentObject->NewLocks++, STATUS_SUCCESS)
#define READ_REGISTER_ULONG(address) ((void)(address), (ULONG)native_choose(__LINE__))
#define StorPortReadRegisterUlong(extension, address) ((void)(extension), READ_REGISTER_ULONG(address))
#define LK_STOP() native_stop()
#undef YieldProcessor
#define YieldProcessor() native_round(__LINE__)
#define RtlZeroMemory(memory, length) native_handle((memory), #memory)

#define LK_UNKNOWN() (native_choose(0) != 0)
#define LK_CANCEL_LOCK (&LockdrillCancelLock)
#define LK_OBJECT(lock) (lock)
#define LK_UNJUDGED -1
#define LK_INIT(lock, index) native_lock((lock), (index), 0)
#define LK_KNOWN(lock, index) LK_INIT(lock, index)
#define LK_HELD(lock, index) native_lock((lock), (index), 1)
#define LK_DESTROY(lock, index) ((void)0)
#define LK_END() ((void)0)

#endif
