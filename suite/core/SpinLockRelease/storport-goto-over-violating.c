/* storport-goto-over, violating: rule SpinLockRelease, role hw-timer.
 * A goto over the block passes by the release in it.
 * Sequence: acq a; if ? { work; rel a }
 * Shapes: branch=goto
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
	if (READ_REGISTER_ULONG(Extension->StatusRegister) == 0) {
		goto Otherwise;
	}
	Extension->Transfers += 1;
	KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
Otherwise:;
}
