/* two-handles, violating: rule QueuedSpinLockRelease, role dispatch.
 * A second queue handle makes no second lock: this is a double acquire, though no handle is used twice.
 * Sequence: acq a; work; acq a/b; work; rel a/b; rel a
 */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	LONG volatile BytesMoved;
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
	InterlockedIncrement(&Extension->Transfers);
	KeAcquireInStackQueuedSpinLock(&Extension->QueueLock, &StateHandle);
	InterlockedExchangeAdd(&Extension->BytesMoved, 512);
	KeReleaseInStackQueuedSpinLock(&StateHandle);
	KeReleaseInStackQueuedSpinLock(&QueueHandle);
	return STATUS_PENDING;
}
