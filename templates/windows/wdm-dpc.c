@# A WDM deferred procedure call: runs at DISPATCH_LEVEL; the device is its context.
@set header ntddk.h
@set routine TransferDpc
@set entry_irql DISPATCH_LEVEL
@set extension Extension
@set extension_type DEVICE_EXTENSION
@set request Request
@begin declarations
@if types
@{types}

@endif
@if request_fields
typedef struct _REQUEST_CONTEXT@{n} {
@{request_fields}
} REQUEST_CONTEXT@{n}, *PREQUEST_CONTEXT@{n};

@endif
typedef struct _DEVICE_EXTENSION@{n} {
@{lock_fields}
	PULONG StatusRegister;
	PULONG QueueRegister;
	ULONG Interrupts;
	ULONG Transfers;
	ULONG Rounds;
	NTSTATUS LastStatus;
} DEVICE_EXTENSION@{n}, *PDEVICE_EXTENSION@{n};
@{globals}

KDEFERRED_ROUTINE TransferDpc@{n};
@end
@begin routine
_Function_class_(KDEFERRED_ROUTINE)
_Use_decl_annotations_
VOID
TransferDpc@{n}(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
	PDEVICE_EXTENSION@{n} Extension = (PDEVICE_EXTENSION@{n})DeferredContext;
@if request
	PREQUEST_CONTEXT@{n} Request = (PREQUEST_CONTEXT@{n})SystemArgument1;
@endif
@{locals}

	UNREFERENCED_PARAMETER(Dpc);
	UNREFERENCED_PARAMETER(SystemArgument1);
	UNREFERENCED_PARAMETER(SystemArgument2);
	Extension->Interrupts += 1;
@{setup}
@end
@begin harness

void LockdrillHarness@{n}(void);
void
LockdrillHarness@{n}(void)
{
	DEVICE_EXTENSION@{n} Extension = {0};
	KDPC Dpc = {0};
	PVOID Argument = 0;
@if request_fields
	REQUEST_CONTEXT@{n} Request = {0};
@endif
@{lock_objects}
@{lock_init}
@{request_init}
@if request_fields
	Argument = &Request;
@endif
	TransferDpc@{n}(&Dpc, &Extension, Argument, 0);
@{lock_exit}
	LK_END();
}
@end
