/* negated-flag, violating: rule SpinlockRelease, role dispatch.
 * One exclamation mark too many, and the routine releases just when it did not acquire.
 * Sequence: if p { acq a }; work; if !p { rel a }
 * Shapes: flag=local
 */
#include <ntddk.h>

typedef struct _REQUEST_CONTEXT {
	BOOLEAN Urgent;
} REQUEST_CONTEXT, *PREQUEST_CONTEXT;

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
	PREQUEST_CONTEXT Request = (PREQUEST_CONTEXT)Irp->AssociatedIrp.SystemBuffer;
	BOOLEAN Urgent = Request->Urgent;
	KIRQL QueueIrql = PASSIVE_LEVEL;

	IoMarkIrpPending(Irp);
	Extension->PendingIrp = Irp;
	if (Urgent) {
		KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	}
	Extension->Transfers += 1;
	if (!Urgent) {
		KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
	}
	return STATUS_PENDING;
}
