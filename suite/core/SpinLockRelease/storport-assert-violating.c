/* storport-assert, violating: rule SpinLockRelease, role hw-start-io.
 * An assertion says what should hold and releases nothing; the release belongs to the branch that acquired.
 * Sequence: if ? { acq a; work }; rel a
 * Shapes: noise=assert
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
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		NT_ASSERT(Extension->StatusRegister != 0);
		KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
		Extension->Transfers += 1;
	}
	NT_ASSERT(Extension->StatusRegister != 0);
	KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
	return TRUE;
}
