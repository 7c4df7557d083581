@# A Storport timer routine: the adapter's extension is all it gets.
@set header storport.h
@set routine HwTimer
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
	PVOID CurrentRequest;
	ULONG Ticks;
	ULONG Transfers;
	ULONG Rounds;
	NTSTATUS LastStatus;
} DEVICE_EXTENSION@{n}, *PDEVICE_EXTENSION@{n};
@{globals}

HW_TIMER HwTimer@{n};
@end
@begin routine
_Function_class_(HW_TIMER)
_Use_decl_annotations_
VOID
HwTimer@{n}(PVOID DeviceExtension)
{
	PDEVICE_EXTENSION@{n} Extension = (PDEVICE_EXTENSION@{n})DeviceExtension;
@if request
	PREQUEST_CONTEXT@{n} Request = (PREQUEST_CONTEXT@{n})Extension->CurrentRequest;
@endif
@{locals}

	Extension->Ticks += 1;
@{setup}
@end
@begin harness

void LockdrillHarness@{n}(void);
void
LockdrillHarness@{n}(void)
{
	DEVICE_EXTENSION@{n} Extension = {0};
@if request_fields
	REQUEST_CONTEXT@{n} Request = {0};
@endif
@{lock_objects}
@{lock_init}
@{request_init}
@if request_fields
	Extension.CurrentRequest = &Request;
@endif
	HwTimer@{n}(&Extension);
@{lock_exit}
	LK_END();
}
@end
