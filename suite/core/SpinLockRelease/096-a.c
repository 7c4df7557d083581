/* Pair 096, a: rule SpinLockRelease, role hw-start-io. */
#include <ntddk.h>
#include <storport.h>

typedef struct _REQUEST_CONTEXT {
	ULONG UrgentCount;
} REQUEST_CONTEXT, *PREQUEST_CONTEXT;

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	LONG volatile Requests;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

HW_STARTIO HwStorStartIo;

_Function_class_(HW_STARTIO)
_Use_decl_annotations_
BOOLEAN
HwStorStartIo(PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceExtension;
	REQUEST_CONTEXT Request = *(PREQUEST_CONTEXT)Srb->SrbExtension;
	KIRQL QueueIrql = DISPATCH_LEVEL;

	InterlockedIncrement(&Extension->Requests);
	Srb->SrbStatus = SRB_STATUS_SUCCESS;
	StorPortNotification(RequestComplete, Extension, Srb);
	if ((Request.UrgentCount & 1) != 0) {
		KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	}
	InterlockedIncrement(&Extension->Transfers);
	if ((Request.UrgentCount * Request.UrgentCount) % 2 != 0) {
		KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
	}
	return TRUE;
}
