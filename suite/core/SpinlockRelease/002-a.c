/* Pair 002, a: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	LONG volatile Transfers;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

extern KSPIN_LOCK GlobalQueueLock;
KSPIN_LOCK GlobalQueueLock;

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH DispatchDeviceControl;

VOID InitializeLocks(VOID);

VOID
InitializeLocks(VOID)
{
	KeInitializeSpinLock(&GlobalQueueLock);
}

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KIRQL QueueIrql = PASSIVE_LEVEL;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	InterlockedIncrement(&Extension->Transfers);
	DbgPrint("%s: line %d\n", __func__, __LINE__);
	KeReleaseSpinLock(&GlobalQueueLock, QueueIrql);
	return STATUS_PENDING;
}
