/* Pair 128, a: rule QueuedSpinLockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	PULONG QueueRegister;
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

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	RtlZeroMemory(&LockHandle, sizeof LockHandle);
	do {
		if (READ_REGISTER_ULONG(Extension->QueueRegister) == 0) {
			break;
		}
		KeAcquireInStackQueuedSpinLock(&Extension->QueueLock, &LockHandle);
		InterlockedIncrement(&Extension->Transfers);
		KeReleaseInStackQueuedSpinLock(&LockHandle);
	} while (TRUE);
	return STATUS_PENDING;
}
