/* try-ignored, correct: rule SpinlockRelease, role dpc.
 * A try may fail: who releases without asking for its result releases what another holds.
 * Sequence: try a { work; rel a }
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
		KeReleaseSpinLockFromDpcLevel(&Extension->QueueLock);
	}
}
