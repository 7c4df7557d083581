/* Pair 098, b: rule SpinLockRelease, role hw-timer. */
#include <ntddk.h>
#include <storport.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
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

	InterlockedIncrement(&Extension->Ticks);
	KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	if (StorPortReadRegisterUlong(Extension, Extension->StatusRegister) == 0) {
		goto Otherwise;
	}
	InterlockedIncrement(&Extension->Transfers);
	KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
Otherwise:;
}
