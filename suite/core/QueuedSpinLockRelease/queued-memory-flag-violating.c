/* queued-memory-flag, violating: rule QueuedSpinLockRelease, role dispatch.
 * The condition is remembered in memory over the work, and what it is remembered for was left out.
 * Sequence: if p { acq a }; work; if p { work }
 * Shapes: flag=memory
 */
#include <ntddk.h>

typedef struct _REQUEST_CONTEXT {
	BOOLEAN Urgent;
	BOOLEAN UrgentCopy;
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
	KLOCK_QUEUE_HANDLE QueueHandle;

	IoMarkIrpPending(Irp);
	Extension->PendingIrp = Irp;
	Request->UrgentCopy = Request->Urgent;
	RtlZeroMemory(&QueueHandle, sizeof QueueHandle);
	if (Request->UrgentCopy) {
		KeAcquireInStackQueuedSpinLock(&Extension->QueueLock, &QueueHandle);
	}
	Extension->Transfers += 1;
	if (Request->UrgentCopy) {
		Extension->Transfers += 1;
	}
	return STATUS_PENDING;
}
