/* try-leaks, violating: rule SpinlockRelease, role dpc.
 * A try is an acquire where it succeeds, with all ways out that an acquire has.
 * Sequence: try a { if ? { return }; work; rel a } else { work }
 * Shapes: helper=conditional
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

static BOOLEAN
TakeLock(PKSPIN_LOCK Lock)
{
	if (KeTryToAcquireSpinLockAtDpcLevel(Lock)) {
		return TRUE;
	}
	return FALSE;
}

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
	if (TakeLock(&Extension->QueueLock)) {
		if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
			return;
		}
		Extension->Transfers += 1;
		KeReleaseSpinLockFromDpcLevel(&Extension->QueueLock);
	} else {
		Extension->Transfers += 1;
	}
}
