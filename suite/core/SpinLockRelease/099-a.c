/* Pair 099, a: rule SpinLockRelease, role hw-timer. */
#include <ntddk.h>
#include <storport.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK LockTable[3];
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
	ULONG QueueIndex = 0;
	ULONG StateIndex = 1;
	KIRQL QueueIrql = DISPATCH_LEVEL;
	KIRQL StateIrql = DISPATCH_LEVEL;

	InterlockedIncrement(&Extension->Ticks);
	while (StorPortReadRegisterUlong(Extension, Extension->QueueRegister) != 0) {
		KeAcquireSpinLock(&Extension->LockTable[QueueIndex], &QueueIrql);
		InterlockedIncrement(&Extension->Transfers);
		KeReleaseSpinLock(&Extension->LockTable[QueueIndex], QueueIrql);
	}
	KeAcquireSpinLock(&Extension->LockTable[StateIndex], &StateIrql);
}
