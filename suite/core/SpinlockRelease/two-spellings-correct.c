/* two-spellings, correct: rule SpinlockRelease, role dispatch.
 * One test spelled in two ways is still one test; the return between them is what leaks.
 * Sequence: if p { acq a }; if ? { work }; if p { rel a }
 * Shapes: flag=respelled
 */
#include <ntddk.h>

typedef struct _REQUEST_CONTEXT {
	ULONG UrgentCount;
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
	KIRQL QueueIrql = PASSIVE_LEVEL;

	IoMarkIrpPending(Irp);
	Extension->PendingIrp = Irp;
	if (Request->UrgentCount != 0) {
		KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	}
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		Extension->Transfers += 1;
	}
	if (Request->UrgentCount >= 1) {
		KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
	}
	return STATUS_PENDING;
}
