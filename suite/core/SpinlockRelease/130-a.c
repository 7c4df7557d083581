/* Pair 130, a: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
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
	KIRQL QueueIrql = PASSIVE_LEVEL;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	do {
		KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
		if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
			continue;
		}
		InterlockedIncrement(&Extension->Transfers);
		KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
	} while (0);
	return STATUS_PENDING;
}
