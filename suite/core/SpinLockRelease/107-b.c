/* Pair 107, b: rule SpinLockRelease, role hw-timer. */
#include <ntddk.h>
#include <storport.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK LockTable[3];
	LONG volatile Transfers;
	PULONG StatusRegister;
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
	PKSPIN_LOCK Locks = Extension->LockTable;

	InterlockedIncrement(&Extension->Ticks);
	KeAcquireSpinLock(&Locks[0], &QueueIrql);
	if (StorPortReadRegisterUlong(Extension, Extension->StatusRegister) != 0) {
		return;
	}
	InterlockedIncrement(&Extension->Transfers);
	KeReleaseSpinLock(&Extension->LockTable[0], QueueIrql);
}
