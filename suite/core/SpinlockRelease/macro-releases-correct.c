/* macro-releases, correct: rule SpinlockRelease, role dispatch.
 * The macro releases at the end of its block; the release that one sees behind it is one too many.
 * Sequence: acq a; work; rel a; work
 * Shapes: helper=guard
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
#define WITH_LOCK(acquire, release) \
	for (ULONG Once = ((acquire), 1); Once != 0; Once = ((release), 0))

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
	WITH_LOCK(KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql), KeReleaseSpinLock(&Extension->QueueLock, QueueIrql)) {
		Extension->Transfers += 1;
	}
	Extension->Transfers += 1;
	return STATUS_PENDING;
}
