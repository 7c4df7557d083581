/* storport-shared-irql, correct: rule SpinLockRelease, role hw-timer.
 * One KIRQL serves both locks in turn, so nothing but the name tells that the wrong one is released.
 * Sequence: acq a; work; rel a; acq b; work; rel b
 * Shapes: saved=shared
 */
#include <storport.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	KSPIN_LOCK StateLock;
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
	KIRQL OldIrql = DISPATCH_LEVEL;

	Extension->Ticks += 1;
	KeAcquireSpinLock(&Extension->QueueLock, &OldIrql);
	Extension->Transfers += 1;
	KeReleaseSpinLock(&Extension->QueueLock, OldIrql);
	KeAcquireSpinLock(&Extension->StateLock, &OldIrql);
	Extension->Transfers += 1;
	KeReleaseSpinLock(&Extension->StateLock, OldIrql);
}
