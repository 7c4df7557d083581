/* Pair 070, a: rule QueuedSpinLockRelease, role cancel. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	PULONG StatusRegister;
	LIST_ENTRY CancelledIrps; /* guarded by the cancel spin lock */
	KDPC CancelDpc; /* completes them */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_CANCEL CancelRequest;

_Function_class_(DRIVER_CANCEL)
_Use_decl_annotations_
VOID
CancelRequest(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KLOCK_QUEUE_HANDLE LockHandle;

	RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
	InsertTailList(&Extension->CancelledIrps, &Irp->Tail.Overlay.ListEntry);
	KeInsertQueueDpc(&Extension->CancelDpc, NULL, NULL);
	IoReleaseCancelSpinLock(Irp->CancelIrql);
	RtlZeroMemory(&LockHandle, sizeof LockHandle);
	KeAcquireInStackQueuedSpinLock(&Extension->QueueLock, &LockHandle);
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		return;
	}
	InterlockedIncrement(&Extension->Transfers);
	KeReleaseInStackQueuedSpinLock(&LockHandle);
}
