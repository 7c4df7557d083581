/* Pair 062, b: rule CancelSpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	LONG volatile Transfers;
	LONG volatile LastStatus;
	PULONG StatusRegister;
	KIRQL OldIrql;
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
	NTSTATUS Status = STATUS_SUCCESS;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	IoAcquireCancelSpinLock(&Extension->OldIrql);
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		IoReleaseCancelSpinLock(Extension->OldIrql);
		Status = STATUS_DEVICE_BUSY;
	}
	if (NT_SUCCESS(Status)) {
		InterlockedIncrement(&Extension->Transfers);
		IoReleaseCancelSpinLock(Extension->OldIrql);
	}
	InterlockedExchange(&Extension->LastStatus, Status);
	return STATUS_PENDING;
}
