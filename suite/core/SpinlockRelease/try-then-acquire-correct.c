/* try-then-acquire, correct: rule SpinlockRelease, role dpc.
 * After a try that succeeded the lock is held; the acquire belongs to the branch in which it failed.
 * Sequence: try a { work } else { acq a; work }; rel a
 */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	PULONG StatusRegister;
	PULONG QueueRegister;
	ULONG Interrupts;
	ULONG Transfers;
	ULONG Rounds;
	NTSTATUS LastStatus;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

KDEFERRED_ROUTINE TransferDpc;

_Function_class_(KDEFERRED_ROUTINE)
_Use_decl_annotations_
VOID
TransferDpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeferredContext;

	UNREFERENCED_PARAMETER(Dpc);
	UNREFERENCED_PARAMETER(SystemArgument1);
	UNREFERENCED_PARAMETER(SystemArgument2);
	Extension->Interrupts += 1;
	if (KeTryToAcquireSpinLockAtDpcLevel(&Extension->QueueLock)) {
		Extension->Transfers += 1;
	} else {
		KeAcquireSpinLockAtDpcLevel(&Extension->QueueLock);
		Extension->Transfers += 1;
	}
	KeReleaseSpinLockFromDpcLevel(&Extension->QueueLock);
}
