/* cancel-acquires, correct: rule CancelSpinlockRelease, role cancel.
 * The I/O manager took the lock already: a cancel routine that acquires it first waits for itself.
 * Sequence: rel a; work; acq a; work; rel a
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
	IoReleaseCancelSpinLock(OldIrql);
	Extension->Transfers += 1;
	IoAcquireCancelSpinLock(&OldIrql);
	Extension->Transfers += 1;
	IoReleaseCancelSpinLock(OldIrql);
}
