/* queued-joined, correct: rule QueuedSpinLockRelease, role dispatch.
 * What was taken where two conditions hold has to be released there too.
 * Sequence: if ? { if ? { acq a; work; rel a } }; work
 * Shapes: branch=and
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
	KLOCK_QUEUE_HANDLE QueueHandle;

	IoMarkIrpPending(Irp);
	Extension->PendingIrp = Irp;
	RtlZeroMemory(&QueueHandle, sizeof QueueHandle);
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0 &&
	    READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		KeAcquireInStackQueuedSpinLock(&Extension->QueueLock, &QueueHandle);
		Extension->Transfers += 1;
		KeReleaseInStackQueuedSpinLock(&QueueHandle);
	}
	Extension->Transfers += 1;
	return STATUS_PENDING;
}
