/* Pair 005, b: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
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
	PVOID Scratch;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	Scratch = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 0x6B636F6C);
	if (Scratch != NULL) {
		ExFreePoolWithTag(Scratch, 0x6B636F6C);
	}
	KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		return STATUS_PENDING;
	}
	Scratch = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 0x6B636F6C);
	if (Scratch != NULL) {
		ExFreePoolWithTag(Scratch, 0x6B636F6C);
	}
	KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
	return STATUS_PENDING;
}
