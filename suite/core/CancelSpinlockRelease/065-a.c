/* Pair 065, a: rule CancelSpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	LONG volatile Transfers;
	PULONG QueueRegister;
	KIRQL OldIrql;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH DispatchDeviceControl;

static VOID
ServeNext(PDEVICE_EXTENSION Extension)
{
	if (READ_REGISTER_ULONG(Extension->QueueRegister) != 0) {
		IoAcquireCancelSpinLock(&Extension->OldIrql);
		InterlockedIncrement(&Extension->Transfers);
		IoReleaseCancelSpinLock(Extension->OldIrql);
		ServeNext(Extension);
	}
}

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	ServeNext(Extension);
	return STATUS_PENDING;
}
