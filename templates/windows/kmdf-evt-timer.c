@# A KMDF timer callback: runs at DISPATCH_LEVEL; the device is its parent object.
@set header ntddk.h wdf.h
@set routine EvtTimerFunc
@set entry_irql DISPATCH_LEVEL
@set extension Context
@set extension_type DEVICE_CONTEXT
@set request Settings
@set request_type TIMER_SETTINGS
@begin declarations
@if types
@{types}

@endif
@if request_fields
typedef struct _TIMER_SETTINGS@{n} {
@{request_fields}
} TIMER_SETTINGS@{n}, *PTIMER_SETTINGS@{n};

@endif
typedef struct _DEVICE_CONTEXT@{n} {
@{lock_fields}
@if request_fields
	TIMER_SETTINGS@{n} Settings; /* set before the timer starts */
@endif
	LONG volatile Ticks;
} DEVICE_CONTEXT@{n}, *PDEVICE_CONTEXT@{n};

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT@{n}, DeviceGetContext@{n})
@if globals

@{globals}
@endif

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
	TIMER_SETTINGS@{n} Settings = Context->Settings;
@endif
@{locals}

	InterlockedIncrement(&Context->Ticks);
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
	TIMER_SETTINGS@{n} Request = {0};
@endif
@{lock_objects}
@{lock_init}
@{request_init}
	Device.Context = &Extension;
@if request_fields
	Extension.Settings = Request;
@endif
	EvtTimerFunc@{n}(&Device);
@{lock_exit}
	LK_END();
}
@end
@begin register

static NTSTATUS
Register@{n}(WDFDEVICE Device)
{
	PDEVICE_CONTEXT@{n} Context;
	WDF_OBJECT_ATTRIBUTES Attributes;
	WDF_TIMER_CONFIG Config;
	WDFTIMER Timer;
	PVOID Allocated;
	NTSTATUS Status;
@{lock_objects}

	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&Attributes, DEVICE_CONTEXT@{n});
	Status = WdfObjectAllocateContext(Device, &Attributes, &Allocated);
	if (!NT_SUCCESS(Status)) {
		return Status;
	}
	Context = (PDEVICE_CONTEXT@{n})Allocated;
	Context->Ticks = 0;
	WDF_OBJECT_ATTRIBUTES_INIT(&Attributes);
	Attributes.ParentObject = Device;
@{lock_init}
	if (!NT_SUCCESS(Status)) {
		return Status;
	}
	WDF_TIMER_CONFIG_INIT(&Config, EvtTimerFunc@{n});
	Status = WdfTimerCreate(&Config, &Attributes, &Timer);
	if (NT_SUCCESS(Status)) {
		(void)WdfTimerStart(Timer, WDF_REL_TIMEOUT_IN_MS(1000));
	}
	return Status;
}
@end
