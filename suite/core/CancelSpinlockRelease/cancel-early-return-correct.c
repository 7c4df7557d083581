/* cancel-early-return, correct: rule CancelSpinlockRelease, role cancel.
 * Nothing to cancel is no reason to keep the lock: each way out of a cancel routine releases it.
 * Sequence: if ? { rel a; return }; work; rel a
 * Shapes: exit=goto-cleanup
 */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	PULONG StatusRegister;
	PULONG QueueRegister;
	PIRP CancelledIrp;
	ULONG Transfers;
	ULONG Rounds;
	NTSTATUS LastStatus;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_CANCEL CancelRequest;

_Function_class_(DRIVER_CANCEL)
_Use_decl_annotations_
VOID
CancelRequest(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KIRQL OldIrql = Irp->CancelIrql;

	Extension->CancelledIrp = Irp;
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		goto Exit;
	}
	Extension->Transfers += 1;
	IoReleaseCancelSpinLock(OldIrql);
	return;
Exit:
	IoReleaseCancelSpinLock(OldIrql);
	return;
}
