/* cancel-lock-again, violating: rule CancelSpinlockRelease, role cancel.
 * A loop that gives the lock back for a while has to be left as it was entered: with the lock held.
 * Sequence: loop { rel a; work }; rel a
 * Shapes: loop=goto
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
Again:
	if (READ_REGISTER_ULONG(Extension->QueueRegister) != 0) {
		IoReleaseCancelSpinLock(OldIrql);
		Extension->Transfers += 1;
		goto Again;
	}
	IoReleaseCancelSpinLock(OldIrql);
}
