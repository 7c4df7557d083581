/* element-by-pointer, violating: rule SpinLockRelease, role hw-timer.
 * The pointer to the array and the array name one element; on the way out neither gives it back.
 * Sequence: acq a; if ? { return }; work; rel a
 * Shapes: place=array alias=element-pointer
 */
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
