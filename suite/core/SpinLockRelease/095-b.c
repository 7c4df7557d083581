/* Pair 095, b: rule SpinLockRelease, role hw-timer. */
#include <ntddk.h>
#include <storport.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	KSPIN_LOCK StateLock;
	LONG volatile Transfers;
	LONG volatile BytesMoved;
	LONG volatile Ticks;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

HW_TIMER HwTimer;

_Function_class_(HW_TIMER)
_Use_decl_annotations_
VOID
HwTimer(PVOID DeviceExtension)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceExtension;
	KIRQL OldIrql = DISPATCH_LEVEL;

	InterlockedIncrement(&Extension->Ticks);
	KeAcquireSpinLock(&Extension->QueueLock, &OldIrql);
	InterlockedIncrement(&Extension->Transfers);
	KeReleaseSpinLock(&Extension->QueueLock, OldIrql);
	KeAcquireSpinLock(&Extension->StateLock, &OldIrql);
	InterlockedExchangeAdd(&Extension->BytesMoved, 512);
	KeReleaseSpinLock(&Extension->QueueLock, OldIrql);
}
