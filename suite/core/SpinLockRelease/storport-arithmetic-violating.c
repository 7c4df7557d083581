/* storport-arithmetic, violating: rule SpinLockRelease, role hw-start-io.
 * A number is odd just when its square is; the release asks for even.
 * Sequence: if p { acq a }; work; if !p { rel a }
 * Shapes: flag=arithmetic
 */
#include <storport.h>

typedef struct _REQUEST_CONTEXT {
	ULONG UrgentCount;
} REQUEST_CONTEXT, *PREQUEST_CONTEXT;

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
	PREQUEST_CONTEXT Request = (PREQUEST_CONTEXT)Srb->SrbExtension;
	KIRQL QueueIrql = DISPATCH_LEVEL;

	Extension->CurrentSrb = Srb;
	if ((Request->UrgentCount & 1) != 0) {
		KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	}
	Extension->Transfers += 1;
	if ((Request->UrgentCount * Request->UrgentCount) % 2 == 0) {
		KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
	}
	return TRUE;
}
