@# A KMDF timer callback: runs at DISPATCH_LEVEL; the device is its parent object.
@set header wdf.h
@set routine EvtTimerFunc
@set entry_irql DISPATCH_LEVEL
@set extension Context
@set extension_type DEVICE_CONTEXT
@set request Fields
@begin declarations
@if types
@{types}

@endif
@if request_fields
typedef struct _REQUEST_CONTEXT@{n} {
@{request_fields}
} REQUEST_CONTEXT@{n}, *PREQUEST_CONTEXT@{n};

@endif
typedef struct _DEVICE_CONTEXT@{n} {
@{lock_fields}
	PULONG StatusRegister;
	PULONG QueueRegister;
	PVOID CurrentRequest;
	ULONG Ticks;
	ULONG Transfers;
	ULONG Rounds;
	NTSTATUS LastStatus;
} DEVICE_CONTEXT@{n}, *PDEVICE_CONTEXT@{n};

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT@{n}, DeviceGetContext@{n})
@{globals}

EVT_WDF_TIMER EvtTimerFunc@{n};
@end
@begin routine
_Function_class_(EVT_WDF_TIMER)
_Use_decl_annotations_
VOID
EvtTimerFunc@{n}(WDFTIMER Timer)
{
	PDEVICE_CONTEXT@{n} Context = DeviceGetContext@{n}(WdfTimerGetParentObject(Timer));
@if request
	PREQUEST_CONTEXT@{n} Fields = (PREQUEST_CONTEXT@{n})Context->CurrentRequest;
@endif
@{locals}

	Context->Ticks += 1;
@{setup}
@end
@begin harness

void LockdrillHarness@{n}(void);
void
LockdrillHarness@{n}(void)
{
	DEVICE_CONTEXT@{n} Extension = {0};
	struct LOCKDRILL_OBJECT Device = {0};
@if request_fields
	REQUEST_CONTEXT@{n} Request = {0};
@endif
@{lock_objects}
@{lock_init}
@{request_init}
	Device.Context = &Extension;
@if request_fields
	Extension.CurrentRequest = &Request;
@endif
	EvtTimerFunc@{n}(&Device);
@{lock_exit}
	LK_END();
}
@end
