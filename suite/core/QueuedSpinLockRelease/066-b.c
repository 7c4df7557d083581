/* Pair 066, b: rule QueuedSpinLockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	KSPIN_LOCK StateLock;
	LONG volatile Transfers;
	LONG volatile BytesMoved;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH DispatchDeviceControl;

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KLOCK_QUEUE_HANDLE LockHandle;
	KLOCK_QUEUE_HANDLE SecondHandle;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	RtlZeroMemory(&LockHandle, sizeof LockHandle);
	RtlZeroMemory(&SecondHandle, sizeof SecondHandle);
	KeAcquireInStackQueuedSpinLock(&Extension->QueueLock, &LockHandle);
	InterlockedIncrement(&Extension->Transfers);
	KeReleaseInStackQueuedSpinLock(&SecondHandle);
	KeAcquireInStackQueuedSpinLock(&Extension->StateLock, &SecondHandle);
	InterlockedExchangeAdd(&Extension->BytesMoved, 512);
	KeReleaseInStackQueuedSpinLock(&LockHandle);
	return STATUS_PENDING;
}
