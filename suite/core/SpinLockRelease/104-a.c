/* Pair 104, a: rule SpinLockRelease, role hw-start-io. */
#include <ntddk.h>
#include <storport.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK LockTable[3];
	LONG volatile Transfers;
	LONG volatile BytesMoved;
	PULONG QueueRegister;
	LONG volatile Requests;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

HW_STARTIO HwStorStartIo;

_Function_class_(HW_STARTIO)
_Use_decl_annotations_
BOOLEAN
HwStorStartIo(PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceExtension;
	KIRQL QueueIrql = DISPATCH_LEVEL;
	KIRQL StateIrql = DISPATCH_LEVEL;
	ULONG LockIndex;

	InterlockedIncrement(&Extension->Requests);
	Srb->SrbStatus = SRB_STATUS_SUCCESS;
	StorPortNotification(RequestComplete, Extension, Srb);
	while (StorPortReadRegisterUlong(Extension, Extension->QueueRegister) != 0) {
		LockIndex = 0;
		KeAcquireSpinLock(&Extension->LockTable[LockIndex], &QueueIrql);
		InterlockedIncrement(&Extension->Transfers);
		LockIndex = 1;
		KeReleaseSpinLock(&Extension->LockTable[LockIndex], StateIrql);
	}
	LockIndex = 1;
	KeAcquireSpinLock(&Extension->LockTable[LockIndex], &StateIrql);
	InterlockedExchangeAdd(&Extension->BytesMoved, 512);
	LockIndex = 1;
	KeReleaseSpinLock(&Extension->LockTable[LockIndex], StateIrql);
	return TRUE;
}
