/* Pair 013, b: rule SpinlockRelease, role dpc. */
#include <ntddk.h>

typedef struct _REQUEST_CONTEXT {
	BOOLEAN Urgent;
} REQUEST_CONTEXT, *PREQUEST_CONTEXT;

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	KSPIN_LOCK StateLock;
	LONG volatile Transfers;
	LONG volatile Interrupts;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

KDEFERRED_ROUTINE TransferDpc;

_Function_class_(KDEFERRED_ROUTINE)
_Use_decl_annotations_
VOID
TransferDpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeferredContext;
	REQUEST_CONTEXT Request = *(PREQUEST_CONTEXT)SystemArgument1;

	UNREFERENCED_PARAMETER(Dpc);
	UNREFERENCED_PARAMETER(SystemArgument2);
	InterlockedIncrement(&Extension->Interrupts);
	(Request.Urgent)
		? (VOID)(KeAcquireSpinLockAtDpcLevel(&Extension->QueueLock))
		: (VOID)(KeAcquireSpinLockAtDpcLevel(&Extension->StateLock));
	InterlockedIncrement(&Extension->Transfers);
	(Request.Urgent)
		? (VOID)(KeReleaseSpinLockFromDpcLevel(&Extension->StateLock))
		: (VOID)(KeReleaseSpinLockFromDpcLevel(&Extension->QueueLock));
}
