/* storport-bug-check, correct: rule SpinLockRelease, role hw-timer.
 * A path on which the system stops needs no release; every other path does.
 * Sequence: acq a; work; rel a
 * Shapes: noise=bug-check
 */
#include <storport.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	PULONG StatusRegister;
	PULONG QueueRegister;
	PVOID CurrentRequest;
	ULONG Ticks;
	ULONG Transfers;
	ULONG Rounds;
	NTSTATUS LastStatus;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

HW_TIMER HwTimer;

_Function_class_(HW_TIMER)
_Use_decl_annotations_
VOID
HwTimer(PVOID DeviceExtension)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceExtension;
	KIRQL QueueIrql = DISPATCH_LEVEL;

	Extension->Ticks += 1;
	KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		KeBugCheckEx(0xE2, 0, 0, 0, 0);
	}
	Extension->Transfers += 1;
	KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
}
