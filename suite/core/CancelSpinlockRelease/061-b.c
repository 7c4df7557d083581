/* Pair 061, b: rule CancelSpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	LONG volatile Transfers;
	PULONG StatusRegister;
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
	KIRQL OldIrql = PASSIVE_LEVEL;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	if (READ_REGISTER_ULONG(Extension->QueueRegister) != 0) {
		do {
			IoAcquireCancelSpinLock(&OldIrql);
			if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
				continue;
			}
			InterlockedIncrement(&Extension->Transfers);
			IoReleaseCancelSpinLock(OldIrql);
		} while (READ_REGISTER_ULONG(Extension->QueueRegister) != 0);
	}
	return STATUS_PENDING;
}
