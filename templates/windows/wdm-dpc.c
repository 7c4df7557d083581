@# A WDM deferred procedure call: runs at DISPATCH_LEVEL; the device is its context, and who queued it gave it
@# the request.
@set header ntddk.h
@set routine TransferDpc
@set entry_irql DISPATCH_LEVEL
@set extension Extension
@set extension_type DEVICE_EXTENSION
@set request Request
@set request_type REQUEST_CONTEXT
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
	LONG volatile Interrupts;
} DEVICE_EXTENSION@{n}, *PDEVICE_EXTENSION@{n};
@if globals

@{globals}
@endif

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
	REQUEST_CONTEXT@{n} Request = *(PREQUEST_CONTEXT@{n})SystemArgument1;
@endif
@{locals}

	UNREFERENCED_PARAMETER(Dpc);
@if request
@else
	UNREFERENCED_PARAMETER(SystemArgument1);
@endif
	UNREFERENCED_PARAMETER(SystemArgument2);
	InterlockedIncrement(&Extension->Interrupts);
@{setup}
@end
@begin harness

void LockdrillHarness@{n}(void);
void
LockdrillHarness@{n}(void)
{
	DEVICE_EXTENSION@{n} Extension = {0};
	KDPC Dpc = {0};
	PVOID Argument = NULL;
@if request_fields
	REQUEST_CONTEXT@{n} Request = {0};
@endif
@{lock_objects}
@{lock_init}
@{request_init}
@if request_fields
	Argument = &Request;
@endif
	TransferDpc@{n}(&Dpc, &Extension, Argument, NULL);
@{lock_exit}
	LK_END();
}
@end
