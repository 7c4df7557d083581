/* Pair 113, b: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
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
	BOOLEAN Urgent;
	KIRQL QueueIrql = PASSIVE_LEVEL;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	Urgent = FALSE;
	while (READ_REGISTER_ULONG(Extension->QueueRegister) != 0) {
		if (Urgent) {
			KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
			Urgent = FALSE;
		} else {
			KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
			Urgent = TRUE;
		}
	}
	if (Urgent) {
		KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
	}
	return STATUS_PENDING;
}
