/* Pair 075, b: rule QueuedSpinLockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	LONG volatile BytesMoved;
	PULONG StatusRegister;
	PULONG ErrorRegister;
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
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0 &&
	    READ_REGISTER_ULONG(Extension->ErrorRegister) != 0) {
		KeAcquireInStackQueuedSpinLock(&Extension->QueueLock, &LockHandle);
		InterlockedIncrement(&Extension->Transfers);
	}
	InterlockedExchangeAdd(&Extension->BytesMoved, 512);
	return STATUS_PENDING;
}
