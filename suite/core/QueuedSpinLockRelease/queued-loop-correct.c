/* queued-loop, correct: rule QueuedSpinLockRelease, role cancel.
 * What is looked for was found, and the routine returns from the middle of the search with the lock held.
 * Sequence: loop { acq a; if ? { work; rel a; return }; rel a }
 * Shapes: branch=switch
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
	while (READ_REGISTER_ULONG(Extension->QueueRegister) != 0) {
		KeAcquireInStackQueuedSpinLock(&Extension->QueueLock, &QueueHandle);
		switch (READ_REGISTER_ULONG(Extension->StatusRegister)) {
		case 0:
			break;
		default:
			Extension->Transfers += 1;
			KeReleaseInStackQueuedSpinLock(&QueueHandle);
			return;
		}
		KeReleaseInStackQueuedSpinLock(&QueueHandle);
	}
}
