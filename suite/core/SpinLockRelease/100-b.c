/* Pair 100, b: rule SpinLockRelease, role hw-timer. */
#include <ntddk.h>
#include <storport.h>

typedef struct _LOCK_BLOCK {
	KSPIN_LOCK QueueLock;
} LOCK_BLOCK, *PLOCK_BLOCK;

typedef struct _DEVICE_EXTENSION {
	LOCK_BLOCK Locks;
	LONG volatile Transfers;
	PULONG QueueRegister;
	LONG volatile Ticks;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

HW_TIMER HwTimer;

_Function_class_(HW_TIMER)
_Use_decl_annotations_
VOID
HwTimer(PVOID DeviceExtension)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceExtension;
	KIRQL QueueIrql = DISPATCH_LEVEL;

	InterlockedIncrement(&Extension->Ticks);
	KeAcquireSpinLock(&Extension->Locks.QueueLock, &QueueIrql);
	while (StorPortReadRegisterUlong(Extension, Extension->QueueRegister) != 0) {
		KeReleaseSpinLock(&Extension->Locks.QueueLock, QueueIrql);
		InterlockedIncrement(&Extension->Transfers);
	}
	KeReleaseSpinLock(&Extension->Locks.QueueLock, QueueIrql);
}
