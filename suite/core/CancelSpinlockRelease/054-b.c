/* Pair 054, b: rule CancelSpinlockRelease, role cancel. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	LONG volatile Transfers;
	LONG volatile BytesMoved;
	LONG volatile LockUses;
	PULONG StatusRegister;
	LIST_ENTRY CancelledIrps; /* guarded by the cancel spin lock */
	KDPC CancelDpc; /* completes them */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_CANCEL CancelRequest;

_Releases_lock_(_Global_cancel_spin_lock_)
_IRQL_requires_(DISPATCH_LEVEL)
static VOID
ReleaseCancel(PDEVICE_EXTENSION Extension, _IRQL_restores_ KIRQL OldIrql)
{
	InterlockedIncrement(&Extension->LockUses);
	IoReleaseCancelSpinLock(OldIrql);
}

_Function_class_(DRIVER_CANCEL)
_Use_decl_annotations_
VOID
CancelRequest(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KIRQL OldIrql = Irp->CancelIrql;

	RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
	InsertTailList(&Extension->CancelledIrps, &Irp->Tail.Overlay.ListEntry);
	KeInsertQueueDpc(&Extension->CancelDpc, NULL, NULL);
	ReleaseCancel(Extension, OldIrql);
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		InterlockedIncrement(&Extension->Transfers);
	}
	InterlockedExchangeAdd(&Extension->BytesMoved, 512);
}
