/* Pair 091, b: rule SpinLockRelease, role hw-timer. */
#include <ntddk.h>
#include <storport.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	LONG volatile Ticks;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

HW_TIMER HwTimer;

#define AcquireLock(Lock, OldIrql) \
	(KeAcquireSpinLock((Lock), (OldIrql)))

#define ReleaseLock(Lock, OldIrql) \
	(KeReleaseSpinLock((Lock), (OldIrql)))

_Function_class_(HW_TIMER)
_Use_decl_annotations_
VOID
HwTimer(PVOID DeviceExtension)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceExtension;
	KIRQL QueueIrql = DISPATCH_LEVEL;

	InterlockedIncrement(&Extension->Ticks);
	AcquireLock(&Extension->QueueLock, &QueueIrql);
	InterlockedIncrement(&Extension->Transfers);
	ReleaseLock(&Extension->QueueLock, QueueIrql);
}
