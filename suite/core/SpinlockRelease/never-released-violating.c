/* never-released, violating: rule SpinlockRelease, role dispatch.
 * Nothing releases the lock when the routine returns: whoever wants it next spins for ever, at a raised IRQL.
 * Sequence: acq a; work
 */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	PULONG StatusRegister;
	PULONG QueueRegister;
	PIRP PendingIrp;
	ULONG Transfers;
	ULONG Rounds;
	NTSTATUS LastStatus;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_DISPATCH DispatchDeviceControl;

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KIRQL QueueIrql = PASSIVE_LEVEL;

	IoMarkIrpPending(Irp);
	Extension->PendingIrp = Irp;
	KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	Extension->Transfers += 1;
	return STATUS_PENDING;
}
