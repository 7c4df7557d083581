/* Pair 076, a: rule QueuedSpinLockRelease, role cancel. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	PULONG StatusRegister;
	LIST_ENTRY CancelledIrps; /* guarded by the cancel spin lock */
	KDPC CancelDpc; /* completes them */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_CANCEL CancelRequest;

static VOID
ProcessRequest(PDEVICE_EXTENSION Extension, PKSPIN_LOCK QueueLock)
{
	KLOCK_QUEUE_HANDLE LockHandle;
	KLOCK_QUEUE_HANDLE SecondHandle;

	RtlZeroMemory(&LockHandle, sizeof LockHandle);
	RtlZeroMemory(&SecondHandle, sizeof SecondHandle);
	InterlockedIncrement(&Extension->Transfers);
	KeAcquireInStackQueuedSpinLock(QueueLock, &LockHandle);
	KeReleaseInStackQueuedSpinLock(&LockHandle);
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		KeAcquireInStackQueuedSpinLock(QueueLock, &SecondHandle);
	}
}

_Function_class_(DRIVER_CANCEL)
_Use_decl_annotations_
VOID
CancelRequest(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;

	RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
	InsertTailList(&Extension->CancelledIrps, &Irp->Tail.Overlay.ListEntry);
	KeInsertQueueDpc(&Extension->CancelDpc, NULL, NULL);
	IoReleaseCancelSpinLock(Irp->CancelIrql);
	ProcessRequest(Extension, &Extension->QueueLock);
}
