/* Pair 016, a: rule SpinlockRelease, role dpc. */
#include <ntddk.h>

typedef enum _REQUEST_OPTION {
	OptionOff,
	OptionOn
} REQUEST_OPTION;

typedef struct _REQUEST_CONTEXT {
	REQUEST_OPTION Urgent;
} REQUEST_CONTEXT, *PREQUEST_CONTEXT;

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
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
	if (Request.Urgent == OptionOn) {
		KeAcquireSpinLockAtDpcLevel(&Extension->QueueLock);
	}
	InterlockedIncrement(&Extension->Transfers);
	if (Request.Urgent == OptionOn) {
		KeReleaseSpinLockFromDpcLevel(&Extension->QueueLock);
	}
}
