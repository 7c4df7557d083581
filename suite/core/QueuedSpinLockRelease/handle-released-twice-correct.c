/* handle-released-twice, correct: rule QueuedSpinLockRelease, role dispatch.
 * The inner handle is released twice and the outer one never.
 * Sequence: acq a; acq b; work; rel b; rel a
 */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	KSPIN_LOCK StateLock;
	LONG volatile Transfers;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_DISPATCH DispatchDeviceControl;

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KLOCK_QUEUE_HANDLE QueueHandle;
	KLOCK_QUEUE_HANDLE StateHandle;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	RtlZeroMemory(&QueueHandle, sizeof QueueHandle);
	RtlZeroMemory(&StateHandle, sizeof StateHandle);
	KeAcquireInStackQueuedSpinLock(&Extension->QueueLock, &QueueHandle);
	KeAcquireInStackQueuedSpinLock(&Extension->StateLock, &StateHandle);
	InterlockedIncrement(&Extension->Transfers);
	KeReleaseInStackQueuedSpinLock(&StateHandle);
	KeReleaseInStackQueuedSpinLock(&QueueHandle);
	return STATUS_PENDING;
}
