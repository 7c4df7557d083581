/* handle-released-twice, violating: rule QueuedSpinLockRelease, role dispatch.
 * The inner handle is released twice and the outer one never.
 * Sequence: acq a; acq b; work; rel b; rel b
 * Shapes: saved=extension
 */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	KSPIN_LOCK StateLock;
	LONG volatile Transfers;
	KLOCK_QUEUE_HANDLE QueueHandle;
	KLOCK_QUEUE_HANDLE StateHandle;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_DISPATCH DispatchDeviceControl;

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	KeAcquireInStackQueuedSpinLock(&Extension->QueueLock, &Extension->QueueHandle);
	KeAcquireInStackQueuedSpinLock(&Extension->StateLock, &Extension->StateHandle);
	InterlockedIncrement(&Extension->Transfers);
	KeReleaseInStackQueuedSpinLock(&Extension->StateHandle);
	KeReleaseInStackQueuedSpinLock(&Extension->StateHandle);
	return STATUS_PENDING;
}
