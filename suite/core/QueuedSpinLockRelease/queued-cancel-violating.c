/* queued-cancel, violating: rule QueuedSpinLockRelease, role cancel.
 * A cancel routine that gave the cancel spin lock back still has the driver's own lock to release.
 * Sequence: acq a; if ? { return }; work; rel a
 */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	PULONG StatusRegister;
	PULONG QueueRegister;
	PIRP CancelledIrp;
	ULONG Transfers;
	ULONG Rounds;
	NTSTATUS LastStatus;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_CANCEL CancelRequest;

_Function_class_(DRIVER_CANCEL)
_Use_decl_annotations_
VOID
CancelRequest(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KLOCK_QUEUE_HANDLE QueueHandle;

	Extension->CancelledIrp = Irp;
	IoReleaseCancelSpinLock(Irp->CancelIrql);
	RtlZeroMemory(&QueueHandle, sizeof QueueHandle);
	KeAcquireInStackQueuedSpinLock(&Extension->QueueLock, &QueueHandle);
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		return;
	}
	Extension->Transfers += 1;
	KeReleaseInStackQueuedSpinLock(&QueueHandle);
}
