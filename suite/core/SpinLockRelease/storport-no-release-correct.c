/* storport-no-release, correct: rule SpinLockRelease, role hw-start-io.
 * A miniport that keeps its lock stops every other request on the adapter.
 * Sequence: acq a; work; rel a
 */
#include <storport.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	PULONG StatusRegister;
	PULONG QueueRegister;
	PSCSI_REQUEST_BLOCK CurrentSrb;
	ULONG Transfers;
	ULONG Rounds;
	NTSTATUS LastStatus;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

HW_STARTIO HwStorStartIo;

_Function_class_(HW_STARTIO)
_Use_decl_annotations_
BOOLEAN
HwStorStartIo(PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceExtension;
	KIRQL QueueIrql = DISPATCH_LEVEL;

	Extension->CurrentSrb = Srb;
	KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	Extension->Transfers += 1;
	KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
	return TRUE;
}
