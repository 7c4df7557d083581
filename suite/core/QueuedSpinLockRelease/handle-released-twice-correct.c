/* handle-released-twice, correct: rule QueuedSpinLockRelease, role dispatch.
 * The inner handle is released twice and the outer one never.
 * Sequence: acq a; acq b; work; rel b; rel a
 * Shapes: saved=extension
 */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	KSPIN_LOCK StateLock;
	KLOCK_QUEUE_HANDLE QueueHandle;
	KLOCK_QUEUE_HANDLE StateHandle;
	PULONG StatusRegister;
	PULONG QueueRegister;
	PIRP PendingIrp;
	ULONG Transfers;
	ULONG Rounds;
	NTSTATUS LastStatus;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_DISPATCH DispatchDeviceControl;

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;

	IoMarkIrpPending(Irp);
	Extension->PendingIrp = Irp;
	KeAcquireInStackQueuedSpinLock(&Extension->QueueLock, &Extension->QueueHandle);
	KeAcquireInStackQueuedSpinLock(&Extension->StateLock, &Extension->StateHandle);
	Extension->Transfers += 1;
	KeReleaseInStackQueuedSpinLock(&Extension->StateHandle);
	KeReleaseInStackQueuedSpinLock(&Extension->QueueHandle);
	return STATUS_PENDING;
}
