/* Pair 069, b: rule QueuedSpinLockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	KSPIN_LOCK StateLock;
	LONG volatile Transfers;
	PULONG StatusRegister;
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
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		goto Release;
	}
	KeAcquireInStackQueuedSpinLock(&Extension->StateLock, &SecondHandle);
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		goto Release2;
	}
	InterlockedIncrement(&Extension->Transfers);
Release2:
	KeReleaseInStackQueuedSpinLock(&SecondHandle);
Release:
	KeReleaseInStackQueuedSpinLock(&LockHandle);
	return STATUS_PENDING;
}
